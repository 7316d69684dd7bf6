"""Whatever a stranger, a model or a person may hand in, made up by the million: only the errors we name may come out.

    python -m torture.fuzz [--minutes 60] [--only loader] [--seed 0]

Each target is fuzzed twice, for equal times: with values that Hypothesis makes, and by coverage with atheris where it
is installed (`pip install atheris`, Linux), in a process of its own. What is thrown is written down with its input,
once for each place it comes from, and the fuzzing goes on. A unit that takes longer than
`SLOWEST` seconds counts as thrown.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

SLOWEST = 10  # seconds
LONGEST = 16_384  # bytes of an input
MEMORY = 2_048  # MB


@dataclass(frozen=True)
class Target:
    """What is fuzzed: `check` takes bytes, and throws where something is wrong; `examples` are bytes to begin with."""

    check: Callable[[bytes], object]
    examples: Callable[[], list[bytes]]


# ---- the targets


def _loader(data: bytes) -> None:
    """The first byte says which kind of file, the rest is the file."""
    from summarise.loading import formats
    from summarise.loading.files import Raw
    from summarise.loading.reading import article_of

    kinds = sorted(formats._READERS)
    kind, content = kinds[data[0] % len(kinds)] if data else ".txt", data[1:]
    _whole(article_of(Raw(f"a{kind}", content)))


def _texts(data: bytes) -> None:
    """An article in memory, with facts beside it; lone surrogates and all."""
    from summarise.loading import ArticleText, load_texts

    parts = data.decode("utf-8", "surrogateescape").split("\x00", 4)
    text, title, outlet, author, published = [*parts, "", "", "", "", ""][:5]
    (one,) = load_texts([ArticleText(text=text, title=title, outlet=outlet, author=author, published=published)])
    _whole(one)


def _whole(one: Any) -> None:
    """An article in which every sentence is a piece of its text, that can be stored as JSON and come back."""
    from summarise.article import Article

    assert one.status in ("used", "empty", "unreadable"), one.status
    assert one.status == "used" or (one.reason and one.reason.isprintable()), one.reason
    assert bool(one.sentences) == (one.status == "used")
    assert all(s.text == one.text[s.start : s.end] and s.text.strip() for s in one.sentences)
    assert Article.model_validate_json(one.model_dump_json()) == one


def _segmenter(data: bytes) -> None:
    from summarise.sentences import number

    languages = ("", "en", "de", "ar", "zh", "ja", "hi", "ru", "xx", "am")
    language, text = languages[data[0] % len(languages)] if data else "", data[1:].decode("utf-8", "surrogateescape")
    found = number(text, language)
    assert [s.number for s in found] == list(range(1, len(found) + 1))
    assert all(s.text == text[s.start : s.end] and s.text == s.text.strip() for s in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = "".join(s.text for s in found)
    assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", text), "words are lost"


def _schemas(data: bytes) -> None:
    """An answer of a model of every type, and a brief.json that somebody else wrote."""
    from summarise.contract import Brief
    from summarise.errors import InputError
    from summarise.model.exchange import checked
    from summarise.noting import _faults
    from summarise.output import _articles_before, _is_ours
    from summarise.question import Question
    from summarise.reading_back import load
    from summarise.schemas import answer_types

    text = data.decode("utf-8", "surrogateescape")
    for kind in answer_types():
        faults: Any = _faults(frozenset({1, 2})) if kind.__name__ == "Note" else lambda answer: []
        answer, told = checked(Question("note", "a.txt", None, kind, faults), text)  # type: ignore[arg-type]
        assert (answer is None) == bool(told), told
    with tempfile.TemporaryDirectory(dir=_MEMORY_DISK) as made:
        file = Path(made) / "brief.json"
        file.write_bytes(data)
        _is_ours(file)
        assert all("/" not in one for one in _articles_before(file.parent))
        try:
            load(file, Brief, remedy="make it again")
        except InputError as error:
            _one_line(error)


def _overrides(data: bytes) -> None:
    """A file of corrections, read; and where it is one, a correction added and each taken out again."""
    from summarise.errors import ConfigurationError
    from summarise.overrides import Join, parsed
    from summarise.overrides_lines import with_added, without

    path, text = Path("overrides.yaml"), data.decode("utf-8", "surrogateescape")
    try:
        said = parsed(text, path)
    except ConfigurationError as error:
        _one_line(error)
        return
    json.loads(said.canonical())
    try:
        longer = with_added(text, Join(names=("one", "other")), path)
        assert parsed(longer, path).entries[:-1] == said.entries
        for number in range(1, len(said.entries) + 1):
            without(longer, number, path)
    except ConfigurationError as error:
        _one_line(error)


def _diff(data: bytes) -> None:
    """Two briefs over a small world, drawn by the bytes: the way there and the way back, and the lives of questions."""
    from made_versions import brief_of_seed, ref

    from summarise.change import Changes
    from summarise.changes import changes, lives
    from summarise.render.changes import changes_markdown, changes_text

    one, other = (brief_of_seed(int.from_bytes(part, "big")) for part in (data[:4], data[4:8]))
    there = changes(one, other, before_ref=ref(1), after_ref=ref(2))
    back = changes(other, one, before_ref=ref(2), after_ref=ref(1))
    assert len(there.changes) == len(back.changes)
    assert changes(one, one, before_ref=ref(1), after_ref=ref(2)).changes == ()
    assert Changes.model_validate_json(there.model_dump_json(by_alias=True)) == there
    lives([(ref(1), one), (ref(2), other), (ref(3), one)])
    changes_text(there)
    changes_markdown(there)


def _dates(data: bytes) -> None:
    """A date as a model writes it, and the day of publication as an article states it."""
    from summarise import dates
    from summarise.loading import metadata

    said, _, published = data.decode("utf-8", "surrogateescape").partition("\x00")
    stated = metadata.iso_or_year(published)
    for day in (stated, published):
        found = dates.resolve(said, day)
        dates.firm(said, day)
        dates.interval(found)
        dates.best([said, found, day])
        dates.earliest([said, found, day])


def _reading(data: bytes) -> None:
    """Two articles, read by the embedded rules and made into a brief, as every door would."""
    import asyncio

    from summarise.asked import Asked
    from summarise.errors import ModelError, NoReadableArticle
    from summarise.extractive import RuleReader
    from summarise.loading import ArticleText, load_texts
    from summarise.pipeline import make
    from summarise.render.canonical import brief_json
    from summarise.render.markdown import brief_markdown

    one, _, other = data.decode("utf-8", "surrogateescape").partition("\x00")
    articles = load_texts([ArticleText(text=one, path="a.txt"), ArticleText(text=other or one, path="b.txt")])
    try:
        brief = asyncio.run(make(articles, RuleReader(), Asked(story="s")))
    except (NoReadableArticle, ModelError):
        return
    text = {a.id: a.text for a in articles}
    json.loads(brief_json(brief))
    brief_markdown(brief, None, None)
    for issue in brief.issues:
        for position in issue.positions:
            assert all(e.quote == text[e.article][e.start : e.end] for e in position.evidence)


def _one_line(error: Exception) -> None:
    assert str(error).isprintable(), repr(error)


# ---- what to begin with


def _files() -> list[bytes]:
    from summarise.loading import formats

    kinds = sorted(formats._READERS)
    seeds = [path.read_bytes()[:4000] for path in sorted((ROOT / "seeds").iterdir()) if path.suffix == ".txt"]
    page = (
        b"<html><head><title>T</title><meta charset=utf-8></head><body><h1>T</h1><p style='color:#fff'>a</p>%s</body>"
    )
    mail = b"Subject: =?utf-8?q?T?=\r\nFrom: A <a@b.example>\r\nDate: Tue, 28 Jan 2025 10:00:00 +0000\r\n\r\n%s"
    front = b"---\ntitle: T\ndate: 2025-01-28\n---\n# T\n\n![a](b) [c](d) > e\n\n%s"
    bodies = {".html": page, ".htm": page, ".xhtml": page, ".eml": mail, ".md": front, ".markdown": front}
    found = [bytes([n]) + bodies.get(kind, b"%s") % seed for n, kind in enumerate(kinds) for seed in seeds]
    if find_spec("docx"):
        import docx

        written, document = io.BytesIO(), docx.Document()
        document.add_heading("T", 0)
        document.add_paragraph("The minister said no.")
        document.save(written)
        found.append(bytes([kinds.index(".docx")]) + written.getvalue())
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length 12>>stream\n"
    pdf += b"BT (a) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    return [*found, bytes([kinds.index(".pdf")]) + pdf]


def _plain() -> list[bytes]:
    from hostile import FRAGMENTS

    seeds = [path.read_bytes()[:3000] for path in sorted((ROOT / "seeds").iterdir()) if path.suffix == ".txt"]
    return [*seeds, *(fragment.encode("utf-8", "surrogatepass") for fragment in FRAGMENTS)]


def _answers() -> list[bytes]:
    from made_briefs import seeds_brief

    from summarise.render.canonical import brief_json
    from summarise.schemas import answer_types
    from summarise.scripted.answering import empty

    answers = [empty(kind).encode() for kind in answer_types()]
    note = b'{"subject":"s","actors":[{"name":"A","entity":"","kind":"person","role":"","aliases":[],"sentences":[1]}],'
    note += b'"positions":[],"facts":[],"questions":[],"events":[],"reports":[],"doubts":[]}'
    return [*answers, note, brief_json(seeds_brief()).encode()[:LONGEST]]


def _corrections() -> list[bytes]:
    from test_overrides import ALL

    return [ALL.encode(), *(line.encode() for line in ALL.splitlines() if line.startswith("- "))]


def _moments() -> list[bytes]:
    said = (
        "2025-01-28",
        "--01-28",
        "--01+",
        "Tue",
        "Tue-1w",
        "-1m",
        "0y",
        "2025-01/2025-03",
        "../Tue",
        "2025-01-28/..",
    )
    return [f"{one}\0{day}".encode() for one in said for day in ("2025-01-30", "30 January 2025", "Jan. 30", "")]


TARGETS = {
    "loader": Target(_loader, _files),
    "texts": Target(_texts, _plain),
    "segmenter": Target(_segmenter, _plain),
    "schemas": Target(_schemas, _answers),
    "overrides": Target(_overrides, _corrections),
    "diff": Target(_diff, lambda: [bytes(8), bytes(range(8))]),
    "dates": Target(_dates, _moments),
    "reading": Target(_reading, _plain),
}
_MEMORY_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # for files that are read at once


# ---- the two ways


@dataclass
class Found:
    """What was tried, and what was thrown: the first input for each place."""

    folder: Path
    units: int = 0
    seconds: float = 0.0
    places: dict[str, str] = field(default_factory=dict)

    def guard(self, check: Callable[[bytes], object]) -> Callable[[bytes], None]:
        """`check`, with what it throws written down; it throws nothing."""

        def guarded(data: bytes) -> None:
            self.units += 1
            clock = time.monotonic()
            try:
                check(data)
                took = time.monotonic() - clock
                if took > SLOWEST:
                    self.thrown("slow", f"{took:.1f} s", data)
            except Exception as error:
                frames = [f for f in traceback.extract_tb(error.__traceback__) if "/summarise/" in f.filename]
                last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"
                self.thrown(place, "".join(traceback.format_exception(error)), data)

        return guarded

    def thrown(self, place: str, said: str, data: bytes) -> None:
        if place in self.places:
            return
        self.places[place] = said
        name = re.sub(r"\W+", "-", place)
        (self.folder / f"{name}.input").write_bytes(data)
        (self.folder / f"{name}.txt").write_text(said, encoding="utf-8", errors="backslashreplace")


def by_hypothesis(name: str, seconds: float, folder: Path, first: int) -> Found:
    """Values made by Hypothesis: fragments, bytes and cuttings of the examples, in any mixture."""
    from hostile import FRAGMENTS
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    found, target = Found(folder), TARGETS[name]
    guarded, examples = found.guard(target.check), target.examples()
    fragments = [one.encode("utf-8", "surrogatepass") for one in FRAGMENTS]
    cut = st.builds(
        lambda one, a, b: one[min(a, b) % (len(one) + 1) : max(a, b) % (len(one) + 1)],
        *(st.sampled_from(examples), st.integers(0, LONGEST), st.integers(0, LONGEST)),
    )
    any_text = st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
    piece = st.one_of(st.sampled_from(fragments), cut, any_text, st.binary(max_size=40))
    made = st.builds(
        lambda head, parts, glue: (head + glue.join(parts))[:LONGEST],
        *(
            st.binary(min_size=1, max_size=1),
            st.lists(piece, max_size=12),
            st.sampled_from([b"", b" ", b"\n\n", b"\0"]),
        ),
    )
    clock, rounds = time.monotonic(), first
    while time.monotonic() - clock < seconds:

        @seed(rounds)
        @settings(
            max_examples=300,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(made, made, st.sampled_from(examples), st.binary(max_size=200)))
        def one(data: bytes) -> None:
            if time.monotonic() - clock < seconds:
                guarded(data)

        one()
        rounds += 1
    found.seconds = time.monotonic() - clock
    return found


def by_atheris(name: str, seconds: float, folder: Path, first: int) -> Found:
    """Coverage-guided, in a process of its own: libFuzzer ends its process, and a crash of a C library is seen."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, one in enumerate(TARGETS[name].examples()):
        (corpus / str(number)).write_bytes(one[:LONGEST])
    end, found, attempt = time.monotonic() + seconds, Found(folder), 0
    while (left := int(end - time.monotonic())) > 1:
        attempt += 1
        clock = time.monotonic()
        command = [sys.executable, "-m", "torture.fuzz", "--atheris", name, "--folder", str(folder)]
        options = [
            f"-max_total_time={left}",
            f"-max_len={LONGEST}",
            f"-timeout={SLOWEST * 2}",
            f"-seed={first + attempt}",
        ]
        options += [f"-rss_limit_mb={MEMORY}", "-print_final_stats=1", f"-artifact_prefix={folder}/", str(corpus)]
        done = subprocess.run(
            [*command, *options], cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        found.seconds += time.monotonic() - clock
        units = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
        found.units += int(units[1]) if units else 0
        for said in folder.glob("*.txt"):
            found.places.setdefault(said.stem, said.read_text(encoding="utf-8"))
        if done.returncode:  # a crash, a time-out or too much memory; what was thrown is written down and ends nothing
            found.thrown(f"process {done.returncode} #{attempt}", done.stderr[-4000:], b"")
            if attempt >= 5:
                break
    return found


def _atheris_process(name: str, folder: Path, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["summarise"]):
        TARGETS[name].examples()
        TARGETS[name].check(TARGETS[name].examples()[0])
    guarded = Found(folder).guard(TARGETS[name].check)
    atheris.Setup([sys.argv[0], *options], guarded)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="in all")
    parser.add_argument("--only", choices=TARGETS, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", help="where inputs and corpora are kept")
    parser.add_argument("--atheris", choices=TARGETS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given, options = parser.parse_known_args()
    if given.atheris:
        _atheris_process(given.atheris, given.folder, options)
        return 0
    if options:
        parser.error(f"unknown: {' '.join(options)}")
    ways = {"hypothesis": by_hypothesis, **({"atheris": by_atheris} if find_spec("atheris") else {})}
    names = given.only or list(TARGETS)
    each = given.minutes * 60 / len(names) / len(ways)
    units = thrown = 0
    seconds = 0.0
    for name in names:
        for way, run in ways.items():
            folder = given.keep / name / way
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            found = run(name, each, folder, given.seed)
            units, thrown, seconds = units + found.units, thrown + len(found.places), seconds + found.seconds
            print(
                f"  {name} by {way}: {found.units:,} units in {found.seconds:.0f} s, {len(found.places)} thrown",
                flush=True,
            )
            for place, said in sorted(found.places.items()):
                print(f"    {place}: {said.strip().splitlines()[-1][:300]}", flush=True)
    without = "" if "atheris" in ways else " (without atheris, which is not installed)"
    print(
        f"fuzz: {len(names)} targets, {units:,} units in {seconds / 60:.1f} min{without}, {thrown} uncaught exceptions"
    )
    return 1 if thrown else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
