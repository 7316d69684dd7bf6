"""`summarise fix`: a correction of each kind made, told, seen in the next brief, and taken back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import made_briefs
import pytest
from readers import ScriptedReader
from stories import ALL, INJECTION, JOINING, content, made

import summarise
from summarise import fixing
from summarise.commands.fix import app
from summarise.contract import Brief
from summarise.errors import ConfigurationError, InputError
from summarise.fixing import Meant
from summarise.overrides import Pin, Wrong, load_overrides, overrides_path
from summarise.pipeline import Asked, make
from summarise.render.canonical import brief_json

SEEDS = made_briefs.seeds_brief()
STORY = made()


def again(path: Path) -> Brief:
    """The brief that the file of corrections makes of the story."""
    asked = Asked(story="s", overrides=load_overrides(path))
    return asyncio.run(make(ALL, ScriptedReader(JOINING), asked))


def id_of(words: str) -> str:
    rows = [
        *((a.id, a.name) for a in STORY.actors),
        *((p.id, p.statement) for i in STORY.issues for p in i.positions),
        *((q.id, q.question) for q in STORY.open_questions),
        *((e.id, e.what) for e in STORY.events),
        *((f.id, f.value) for f in STORY.facts),
    ]
    return next(one for one, said in rows if words in said)


EVERY: dict[str, tuple[Callable[[], Meant], str]] = {
    "join": (
        lambda: fixing.join(["Damascus", "Turkey"], STORY),
        "“Damascus” (1 position) and “Turkey” (1 position) become one actor, shown as “Damascus”",
    ),
    "join by id": (
        lambda: fixing.join([id_of("Damascus"), id_of("Turkey")], STORY),
        "“Damascus” (1 position) and “Turkey” (1 position) become one actor",
    ),
    "part": (
        lambda: fixing.part(["Russia", "Moscow"], STORY),
        "“Russia” and “Moscow” become actors of their own; now “Moscow” (2 positions) has them",
    ),
    "rename": (
        lambda: fixing.rename("russia", "the Bear", STORY),
        "“Moscow” (2 positions) will be shown as “the Bear”",
    ),
    "refile": (
        lambda: fixing.refile("opposes the russian bases", "Peace", STORY),
        "the position “Turkey opposes the bases.” of “Turkey” (1 sentence of 1 article) moves from “the bases” "
        "to a new issue, “Peace”",
    ),
    "refile there": (lambda: fixing.refile("Turkey opposes the bases.", "payment", STORY), "to “payment”"),
    "close": (
        lambda: fixing.close("Will the bases stay?", STORY, answer_quote="will keep the bases"),
        "the question “Will the bases stay?” (1 sentence of 1 article) will stand as answered by “will keep the bases”",
    ),
    "drop": (lambda: fixing.drop("who will pay", "idle", STORY), "goes to what was left out"),
    "wrong": (
        lambda: fixing.wrong(id_of("Turkey opposes"), "no", STORY),
        "the position “Turkey opposes the bases.” of “Turkey” (1 sentence of 1 article) goes to what was left out",
    ),
    "wrong actor": (lambda: fixing.wrong("Moscow", "no", STORY, kind="actor"), ", and with it 2 positions"),
    "wrong event": (lambda: fixing.wrong(id_of("the envoy is there again"), "no", STORY), "the event “the envoy is"),
    "wrong fact": (lambda: fixing.wrong(id_of("Monday"), "no", STORY), "the fact “Monday”"),
    "wrong machine": (lambda: fixing.wrong(INJECTION, "talk", STORY, kind="fact"), "the fact"),
    "pin": (
        lambda: fixing.pin("Moscow will keep", STORY, statement="It stays.", stance="demands"),
        "stays and stands first in its list, with the stance demands, as “It stays.”",
    ),
    "pin event": (lambda: fixing.pin("came to Damascus", STORY, kind="event", statement="He came."), "stays, as “He"),
}


@pytest.mark.parametrize("kind", EVERY)
def test_each_kind_is_told_written_seen_and_taken_back(kind: str, tmp_path: Path) -> None:
    path = overrides_path(tmp_path)
    make_it, effect = EVERY[kind]
    done = fixing.add(path, make_it())
    assert effect in done.lines[0]
    assert f"correction 1 in {path}; the next summarise brief shows it (take it back: undo 1)" == done.lines[1]
    assert not any(item in path.read_text() for item in (id_of("Turkey"), id_of("Turkey opposes"), id_of("Monday")))
    brief = again(path)
    assert [(e.applied, e.note) for e in brief.overrides] == [(True, "")]
    without = brief.model_copy(update={"overrides": ()})
    assert content(without) != content(STORY)
    gone = fixing.undo(path, 1)
    assert gone.lines[0].startswith("taken back: ")
    assert content(again(path)) == content(STORY)


def test_a_file_kept_by_hand_keeps_every_other_line(tmp_path: Path) -> None:
    path = overrides_path(tmp_path)
    mine = "# mine\n- join: [a, b] # so\n\n# later\n"
    path.write_text(mine)
    number = fixing.add(path, fixing.rename("Russia", "R", STORY)).number
    assert number == 2
    assert path.read_text().startswith(mine)
    fixing.undo(path, 2)
    assert path.read_text() == mine
    fixing.undo(path, 1)
    assert path.read_text() == "# mine\n\n# later\n"


def test_the_list_tells_what_applies_and_what_does_not_fit(tmp_path: Path) -> None:
    path = overrides_path(tmp_path)
    for meant in (
        fixing.rename("Russia", "R", STORY),
        fixing.join(["X", "Y"], None),
        fixing.close("Will the bases stay?", STORY, answer_quote="never said"),
    ):
        fixing.add(path, meant)
    brief = again(path)
    fixing.add(path, fixing.drop("who will pay", "idle", STORY))
    lines = fixing.listed(load_overrides(path), brief)
    assert [line[:9] for line in lines] == ["1. rename", "2. join: ", "3. close:", "4. drop: "]
    assert lines[0].endswith(f"“Russia” is shown as “R” — applies to {brief.actors[0].id}")
    assert lines[1].endswith("does NOT fit: no actor here is called “X”")
    assert lines[2].endswith("(the sentence with its answer is in no article here)")
    assert lines[3].endswith("not in the brief yet")
    assert all("—" not in line for line in fixing.listed(load_overrides(path), None))


@pytest.mark.parametrize(
    ("make_it", "words"),
    [
        (lambda: fixing.join(["Atlantis", "Turkey"], STORY), "no actor here is called “Atlantis”"),
        (lambda: fixing.rename("Atlantis", "x", STORY), "no actor here is called “Atlantis”"),
        (lambda: fixing.rename(id_of("Ignore all"), "x", STORY), "talks to a machine"),
        (lambda: fixing.wrong("no such words", "no", STORY), "no item here rests on a sentence with “no such words”"),
        (lambda: fixing.refile("Damascus", "x", STORY, actor="Atlantis"), "is of an actor called “Atlantis”"),
        (lambda: fixing.drop("Ghosts?", "no", STORY), "no question here rests on"),
        (lambda: fixing.wrong("x", "no", STORY, kind="thing"), "there is no kind 'thing' of item"),
    ],
)
def test_what_fits_nothing_is_refused_in_a_line(make_it: Callable[[], Meant], words: str) -> None:
    with pytest.raises(InputError) as caught:
        make_it()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_fits_several_is_refused_with_the_candidates_and_one_of_them_will_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        fixing.wrong("the bases", "no", STORY)
    said = str(caught.value)
    found = [p.id for i in STORY.issues for p in i.positions if "the bases" in p.evidence[0].quote]
    assert len(found) > 1
    assert all(one in said for one in found)
    assert said.endswith("give one of these ids")
    for one in found:
        meant = fixing.wrong(one, "no", STORY)
        path = tmp_path / one / "overrides.yaml"
        fixing.add(path, meant)
        assert again(path).overrides[0].items == (one,)


def test_every_item_of_a_brief_can_be_pointed_to_by_its_id() -> None:
    for brief in (SEEDS, STORY):
        ids: Sequence[str] = [
            *(p.id for i in brief.issues for p in i.positions),
            *(q.id for q in brief.open_questions),
            *(e.id for e in brief.events),
            *(f.id for f in brief.facts),
            *(d.id for d in brief.disagreements),
        ]
        for one in ids:
            assert one not in fixing.wrong(one, "no", brief).said.words
        for actor in brief.actors:
            said = fixing.wrong(actor.id, "no", brief).said
            assert isinstance(said, Wrong)
            assert said.actor == actor.name or said.quote == actor.evidence[0].quote


def test_what_is_given_by_id_means_that_item_and_no_other_in_the_next_brief(tmp_path: Path) -> None:
    ids = [
        *(a.id for a in STORY.actors),
        *(p.id for i in STORY.issues for p in i.positions),
        *(q.id for q in STORY.open_questions),
        *(e.id for e in STORY.events),
        *(f.id for f in STORY.facts),
    ]
    for one in ids:
        for said in (fixing.wrong(one, "no", STORY), *([fixing.pin(one, STORY)] if not one.startswith("f-") else [])):
            path = tmp_path / f"{one}-{said.said.kind_}" / "overrides.yaml"
            fixing.add(path, said)
            assert [(e.applied, e.items) for e in again(path).overrides] == [(True, (one,))]


def test_of_two_questions_on_one_sentence_each_can_be_pointed_to() -> None:
    evidence = SEEDS.open_questions[0].evidence
    questions = tuple(q.model_copy(update={"evidence": evidence}) for q in SEEDS.open_questions)
    brief = SEEDS.model_copy(update={"open_questions": questions})
    for question in questions:
        said = fixing.pin(question.id, brief).said
        assert isinstance(said, Pin)
        assert (said.quote, said.says) == (evidence[0].quote, question.question)
    alike = tuple(q.model_copy(update={"question": "The same?"}) for q in questions)
    with pytest.raises(InputError, match="cannot be told from others"):
        fixing.pin("q1", brief.model_copy(update={"open_questions": alike}))


def test_what_was_left_out_comes_back_by_its_quotation() -> None:
    left = SEEDS.left_out[0]
    meant = fixing.pin("was generally constructive", SEEDS.model_copy(update={"issues": ()}), kind="position")
    assert meant.effect.startswith(f"the position “{left.what}” (1 sentence of 1 article) comes back")


def test_without_a_brief_it_is_written_unchecked_and_says_so(tmp_path: Path) -> None:
    path = overrides_path(tmp_path)
    for meant in (
        fixing.join(["A", "B"], None),
        fixing.part(["A", "C"], None),
        fixing.rename("A", "B", None),
        fixing.refile("some words", "I", None),
        fixing.close("Who?", None),
        fixing.drop("Who?", "idle", None),
        fixing.wrong("some words", "no", None),
        fixing.wrong("A", "no", None, kind="actor"),
        fixing.pin("some words", None, stance="opposes"),
        fixing.pin("A", None, kind="actor"),
    ):
        lines = fixing.add(path, meant, checked=False).lines
        assert lines[1].startswith("there is no brief to check it against")
    assert len(load_overrides(path).entries) == 10


def test_what_cannot_stand_in_the_file_is_refused_before_it_is_written(tmp_path: Path) -> None:
    path = overrides_path(tmp_path)
    with pytest.raises(ConfigurationError, match="to of rename holds no word"):
        fixing.rename("Russia", "…", STORY)
    with pytest.raises(ConfigurationError, match="stance of pin must be one of"):
        fixing.pin("Moscow will keep", STORY, stance="loves")
    path.write_text("- join: [A")
    with pytest.raises(ConfigurationError, match="line"):
        fixing.add(path, fixing.rename("Russia", "R", STORY))
    assert path.read_text() == "- join: [A"


# ---- the command


def fix(*words: str) -> int:
    return int(app(list(words), prog_name="summarise fix", standalone_mode=False) or 0)


def test_the_command_makes_lists_and_takes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "brief.json").write_text(brief_json(STORY))
    given = ("--brief", str(tmp_path / "out"), str(tmp_path))
    assert fix(*given, "join", "Damascus", "Turkey") == 0
    told = capsys.readouterr()
    assert told.out.startswith("“Damascus” (1 position) and “Turkey” (1 position) become one actor")
    assert told.err == ""
    assert overrides_path(tmp_path).read_text() == '# summarise overrides/1\n- join: ["Damascus", "Turkey"]\n'
    assert fix(*given, "wrong", "the bases", "--because", "no") == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "give one of these ids" in told.err
    assert fix(*given, "list") == 0
    assert capsys.readouterr().out.startswith("1. join: “Damascus” and “Turkey” are one actor")
    assert fix(*given, "undo", "1") == 0
    assert fix(str(tmp_path), "list") == 0
    assert capsys.readouterr().out.endswith("no corrections in " + str(overrides_path(tmp_path)) + "\n")


@pytest.mark.parametrize(
    "words",
    [
        ("part", "Russia", "Moscow"),
        ("rename", "Russia", "--to", "R"),
        ("refile", "opposes the Russian", "--issue", "Peace", "--actor", "Turkey"),
        ("close", "Will the bases stay?", "--answer", "will keep"),
        ("drop", "Will the bases stay?", "--because", "idle"),
        ("wrong", "Turkey", "--because", "no", "--kind", "actor"),
        ("pin", "Moscow will keep", "--statement", "It stays.", "--stance", "demands"),
    ],
)
def test_every_correction_has_its_command(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text(brief_json(STORY))
    assert fix(str(tmp_path), *words) == 0
    (said,) = load_overrides(overrides_path(tmp_path)).entries
    assert said.kind_ == words[0]
    assert again(overrides_path(tmp_path)).overrides[0].applied


def test_a_folder_that_is_none_and_a_file_that_cannot_be_written_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fix(str(tmp_path / "none"), "list") == 2
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "file").touch()
    assert fix("--overrides", str(tmp_path / "file" / "o.yaml"), str(tmp_path), "join", "A", "B") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_from_a_folder_to_its_brief_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "bases"
    shutil.copytree(made_briefs.SEEDS, folder)
    before = summarise.brief(folder, model="extractive")
    shown = before.issues[0].positions[0]
    assert fix(str(folder), "wrong", shown.id, "--because", "said by another") == 0
    assert "there is no brief" not in capsys.readouterr().out
    after = summarise.brief(folder, model="extractive")
    assert [(e.applied, e.items) for e in after.overrides] == [(True, (shown.id,))]
    assert shown.id not in {p.id for issue in after.issues for p in issue.positions}
    assert after.left_out[0].reason == "a person: said by another"
    assert fix(str(folder), "list") == 0
    assert f"applies to {shown.id}" in capsys.readouterr().out
    assert fix(str(folder), "undo", "1") == 0
    assert content(summarise.brief(folder, model="extractive")) == content(before)
