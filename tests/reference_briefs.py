"""Briefs to be scored: the one that a reference reading itself would make, and variants of it, better and worse."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_briefs import run

from summarise.contract import Brief
from summarise.evaluation import Reference
from summarise.evaluation.articles import folded
from summarise.evaluation.reference import Span

Json = dict[str, Any]


def own_brief(reference: Reference, folder: Path) -> Brief:
    """A brief that says what the reference says, and cites its spans."""
    files = sorted(path.name for path in folder.iterdir() if path.suffix == ".txt")

    def evidence(spans: tuple[Span, ...]) -> list[Json]:
        return [
            {"article": span.article.removesuffix(".txt"), "sentence": 1, "start": 0, "end": 0, "quote": span.text}
            for span in spans
        ]

    def position(number: int) -> Json:
        one = reference.positions[number]
        return {
            "id": one.id,
            "actor": one.actor[0],
            "stance": "unclassified" if one.stance == "reports" else one.stance,
            "statement": one.gist,
            "quoted": False,
            "via": [],
            "said_on": "",
            "evidence": evidence(one.spans),
            "origins": [],
            "checks": [],
            "by": "person",
        }

    return Brief.model_validate(
        {
            "story": folder.name,
            "complete": True,
            "title": "",
            "summary": [],
            "articles": [
                {
                    **dict.fromkeys(("title", "outlet", "author", "published", "reason", "duplicate_of"), ""),
                    **{"id": name.removesuffix(".txt"), "path": name, "sha256": "0", "published_from": "unknown"},
                    **{"language": "en", "words": 1, "status": "used"},
                }
                for name in files
            ],
            "actors": [
                {
                    **{"id": one.id, "name": one.names[0], "aliases": list(one.names[1:]), "kind": one.kind},
                    **{"role": "", "joins": [], "evidence": []},
                }
                for one in reference.actors
            ],
            "issues": [{"id": "i", "title": "", "positions": [position(n) for n in range(len(reference.positions))]}],
            "open_questions": [
                {
                    **{"id": one.id, "question": one.gist, "why_open": "", "settled_by": "", "status": "open"},
                    **{"evidence": evidence(one.spans), "answered_by": []},
                }
                for one in reference.open_questions
            ],
            "disagreements": [
                {
                    **{"id": one.id, "kind": "between_actors", "summary": one.gist},
                    "sides": [{"statement": "", "positions": [], "evidence": evidence(side)} for side in one.sides],
                }
                for one in reference.disagreements
            ],
            "events": [
                {"id": one.id, "when": one.when, "what": one.gist, "actors": [], "evidence": evidence(one.spans)}
                for one in reference.dates
            ],
            "facts": [],
            "origins": [
                {
                    **{"id": one.report, "report": one.report, "kind": "outlet", "evidence": []},
                    "articles": [name.removesuffix(".txt") for name in one.articles],
                }
                for one in reference.upstream
            ],
            "flags": [],
            "left_out": [],
            "run": run().model_dump(),
        }
    )


def variant(brief: Brief, texts: dict[str, str], chance: random.Random) -> Brief:
    """The brief after one to twenty changes: things left out, said twice, joined, parted, mixed up, cited otherwise.

    `texts` are the articles by file name, folded, so that passages of exact lengths can be cited.
    """
    changed: Json = copy.deepcopy(brief.model_dump(by_alias=True, mode="json"))
    for _ in range(chance.randint(1, 20)):
        chance.choice(_CHANGES)(changed, texts, chance)
    return Brief.model_validate(changed)


# ---- the parts that can be changed

_LISTS = ("actors", "open_questions", "disagreements", "events", "origins")


def _lists(brief: Json) -> list[list[Json]]:
    found = [brief[name] for name in _LISTS]
    found += [issue["positions"] for issue in brief["issues"]]
    found += [one["sides"] for one in brief["disagreements"]]
    found += [one["evidence"] for one in _citing(brief)]
    return [one for one in found if one]


def _citing(brief: Json) -> list[Json]:
    """Everything whose evidence is scored."""
    positions = [position for issue in brief["issues"] for position in issue["positions"]]
    sides = [side for one in brief["disagreements"] for side in one["sides"]]
    return [*positions, *sides, *brief["open_questions"], *brief["events"]]


def _positions(brief: Json) -> list[Json]:
    return [position for issue in brief["issues"] for position in issue["positions"]]


def _some(rows: list[Any], chance: random.Random) -> Any:
    return chance.choice(rows) if rows else None


# ---- the changes


def _drop(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if rows := _some(_lists(brief), chance):
        del rows[chance.randrange(len(rows))]


def _drop_half(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if rows := _some(_lists(brief), chance):
        rows[:] = [row for row in rows if chance.random() < 0.5]


def _repeat(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if rows := _some(_lists(brief), chance):
        rows.insert(chance.randrange(len(rows) + 1), copy.deepcopy(chance.choice(rows)))


def _shuffle(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if rows := _some(_lists(brief), chance):
        chance.shuffle(rows)


def _join_actors(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if len(brief["actors"]) > 1:
        kept, gone = chance.sample(brief["actors"], 2)
        kept["aliases"] = [*kept["aliases"], gone["name"], *gone["aliases"]]
        brief["actors"].remove(gone)
        for position in _positions(brief):
            if position["actor"] == gone["id"]:
                position["actor"] = kept["id"]


def _part_actor(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(brief["actors"], chance):
        twin = copy.deepcopy(one) | {"id": f"{one['id']}-{chance.randrange(1000)}"}
        names = [one["name"], *one["aliases"]]
        twin["name"], twin["aliases"] = chance.choice(names), chance.sample(names, chance.randint(0, len(names)))
        brief["actors"].append(twin)
        for position in _positions(brief):
            if position["actor"] == one["id"] and chance.random() < 0.5:
                position["actor"] = twin["id"]


def _rename_actor(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(brief["actors"], chance):
        other = chance.choice(brief["actors"])
        one["name"] = chance.choice(
            [
                other["name"],
                f"the {one['name']}",
                f"{one['name']} officials",
                one["name"].split(" ")[-1],
                f"Mr. {one['name']}'s",
                "U.S.",
                "of the",
                "",
            ]
        )
        one["aliases"] = one["aliases"][: chance.randint(0, 3)]


def _other_actor(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(_positions(brief), chance):
        one["actor"] = chance.choice([actor["id"] for actor in brief["actors"]] + ["a-nobody"])


def _other_stance(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(_positions(brief), chance):
        one["stance"] = chance.choice(
            ["supports", "opposes", "denies", "demands", "offers", "assesses", "unclassified"]
        )


def _swap_evidence(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    citing = _citing(brief)
    if len(citing) > 1:
        one, other = chance.sample(citing, 2)
        one["evidence"], other["evidence"] = other["evidence"], one["evidence"]


def _join_evidence(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    citing = _citing(brief)
    if len(citing) > 1:
        for other in chance.sample(citing, min(chance.randint(1, 6), len(citing))):
            chance.choice(citing)["evidence"] += copy.deepcopy(other["evidence"])


def _join_items(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    """Two to four positions of one actor, or events of one day, said as one."""
    alike: dict[str, list[Json]] = {}
    for one in [*_positions(brief), *brief["events"]]:
        alike.setdefault(one.get("actor") or one["when"], []).append(one)
    if rows := _some([rows for rows in alike.values() if len(rows) > 1], chance):
        kept, *gone = chance.sample(rows, min(chance.randint(2, 4), len(rows)))
        for other in gone:
            kept["evidence"] = kept["evidence"][:2] + other["evidence"][:2]
            for rows in (brief["events"], *(issue["positions"] for issue in brief["issues"])):
                rows[:] = [row for row in rows if row is not other]


def _passage(brief: Json, texts: dict[str, str], chance: random.Random, length: int) -> Json:
    """A passage of so many characters of any article; or one that is nowhere."""
    entry = chance.choice(brief["articles"])
    text = texts.get(entry["path"], "")
    start = chance.randrange(max(len(text) - length, 1))
    article = chance.choice([*[entry["id"]] * 9, "a-nowhere"])
    return {"article": article, "sentence": 1, "start": 0, "end": 0, "quote": text[start : start + length]}


def _other_quote(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(_citing(brief), chance):
        length = chance.choice([0, 3, 14, 15, 16, 160, 400, 599, 600, 601, 790])
        one["evidence"].append(_passage(brief, texts, chance, length))


def _cite_much(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    """One item that cites much beside what it cites: where others do not look, or before it."""
    if one := _some(_citing(brief), chance):
        more = [_passage(brief, texts, chance, chance.choice([60, 200, 500])) for _ in range(chance.randint(1, 7))]
        one["evidence"] = chance.choice([one["evidence"] + more, more + one["evidence"]])


def _move_quote(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    """A quotation that covers a little of what it covered, or more."""
    paths = {entry["id"]: entry["path"] for entry in brief["articles"]}
    for one in chance.sample(_citing(brief), len(_citing(brief)) // 2):
        for row in one["evidence"]:
            text, quote = texts.get(paths.get(row["article"], ""), ""), folded(row["quote"])
            if quote and (at := text.find(quote)) >= 0:
                kept = chance.choice([5, 11, 12, 13, 25, 35])
                before = (max(at + kept - 60, 0), at + kept)
                after = (at + len(quote) - kept, at + len(quote) - kept + 60)
                start, end = chance.choice([before, after, (max(at - 150, 0), at + len(quote) + 150)])
                row["quote"] = text[start:end]


def _other_typography(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    quotes = [row for one in _citing(brief) for row in one["evidence"]]
    if row := _some(quotes, chance):
        change: Callable[[str], str] = chance.choice(
            [
                str.upper,
                lambda quote: quote.replace("'", "’").replace('"', "“"),
                lambda quote: quote.replace(" ", "\u00a0 "),
                lambda quote: quote.replace("-", "–"),
                lambda quote: "\u200b".join(quote),
                lambda quote: quote[len(quote) // 2 :],
                lambda quote: quote.replace(" not ", " "),
            ]
        )
        row["quote"] = change(row["quote"])


def _other_date(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(brief["events"], chance):
        when = one["when"]
        one["when"] = chance.choice([when[:4], when[:7], when + "T10:00", when + "/2030", "2025-01", when + "0", ""])


def _other_origin(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(brief["origins"], chance):
        report = one["report"]
        one["report"] = chance.choice(
            [
                *(f"the {report} report", f"{report} and others of the press", "a report", report.upper(), ""),
                chance.choice(report.split() or [""]),
            ]
        )
        ids = [entry["id"] for entry in brief["articles"]]
        one["articles"] = chance.choice([one["articles"], chance.sample(ids, chance.randint(0, len(ids))), ["a-none"]])


def _other_path(brief: Json, texts: dict[str, str], chance: random.Random) -> None:
    if one := _some(brief["articles"], chance):
        one["path"] = chance.choice([f"within/{one['path']}", "elsewhere.txt"])


_CHANGES = (
    *(_drop, _drop_half, _repeat, _repeat, _shuffle, _join_actors, _join_actors, _part_actor, _rename_actor),
    *(_other_actor, _other_stance, _swap_evidence, _join_evidence, _join_items, _join_items, _cite_much, _cite_much),
    *(
        _other_quote,
        _other_quote,
        _move_quote,
        _other_typography,
        _other_date,
        _other_origin,
        _other_origin,
        _other_path,
    ),
)
