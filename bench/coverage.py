"""What a brief carries of annotated statements and sources as its story grows.

    python bench/coverage.py FOLDER... [--story TERM:N ...] [--from DAY] [--to DAY] [--sizes 5,10,20] [--model ...]

The folders hold news articles (`<id>.txt`, `<id>.json`) in which people marked who said what: attributions of source,
cue and content, as offsets into the text read with newline=''. The story is every article of the days given that has
each TERM (the beginning of a word, in any case) at least N times; by default a campaign around its first debate. Its
first 5, 10, 20 ... articles by date, then id, are written with their title, outlet and date into a folder that is
removed again, and become a brief each, all side by side.

    statements  attributions whose content has five words or more; one is carried when the evidence of an item (a
                position, disagreement, question, event, fact, origin or sentence of the summary) overlaps its content
    positions   of these, those carried by a position
    speaker     of statements whose source is more than a pronoun, those carried by a position whose actor (any of its
                names) or `via` shares a word with the source. A pronoun is resolved by nobody in the annotation, so
                that a name can be neither right nor wrong there
    first       "statements", of the articles of the smallest size alone: what growing costs those already there
    sources     of the named sources of two attributions or more, those that one name of an actor holds whole. A
                source is its last word where that is capitalised ("Mrs. Clinton"), else all its words ("the Trump
                campaign"); what stands behind a comma is left off
    tokens      in and out of the answers that this size rests on, as kept in the store, whoever asked first
    questions   that this size asks, and the rounds they take when all that can be asked together is (the chain)

Evidence is found in the annotated text by its words, since loading cleans white space; what is not found is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading import add_options, articles, cost, opened, options_of, stem, tell

from summarise.article import Article
from summarise.contract import Actor, Brief, Evidence, Usage
from summarise.errors import SummariseError
from summarise.model import parse
from summarise.model.keys import answer_key
from summarise.model.prompts import Prompts
from summarise.model.spec import identity
from summarise.pipeline import Asked, make
from summarise.question import A, Question, Reader
from summarise.store import Store

PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "who", "you", "his", "her", "their", "that"))
_EMPTY = frozenset(("the", "a", "an", "of", "and", "in", "to", "for", "said"))
_IDLE = 200  # turns of the event loop without a new question: everybody waits for an answer


@dataclass(frozen=True)
class Span:
    """Half-open offsets into an annotated text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Statement:
    """One attribution. `source` is the text of its source, empty where none is marked."""

    source: str
    content: tuple[Span, ...]
    words: int


@dataclass(frozen=True)
class Story:
    """One article of the corpus."""

    name: str
    outlet: str
    date: str
    title: str
    text: str
    statements: tuple[Statement, ...]


@dataclass
class Rounds:
    """A reader that counts: it lets all questions that wait together through at once, and calls that a round."""

    inner: Reader
    rounds: int = 0
    questions: list[Question[A]] = field(default_factory=list)  # type: ignore[valid-type]
    _gate: asyncio.Future[None] | None = None
    _waiting: int = 0
    _answering: int = 0
    _opening: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The inner reader's."""
        return self.inner.name

    @property
    def usage(self) -> Usage:
        """The inner reader's."""
        return self.inner.usage

    def room(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def fits(self, question: Question[A]) -> bool:
        """The inner reader's."""
        return self.inner.fits(question)

    async def ask(self, question: Question[A]) -> A:
        """The inner reader's answer, when nobody is left who could ask beside it."""
        self.questions.append(question)
        if self._gate is None:
            self._gate = asyncio.get_running_loop().create_future()
            self._opening = asyncio.create_task(self._open())
        self._waiting += 1
        await self._gate
        try:
            return await self.inner.ask(question)
        finally:
            self._answering -= 1

    async def _open(self) -> None:
        idle, seen = 0, 0
        while self._answering or idle < _IDLE:
            await asyncio.sleep(0 if not self._answering else 0.001)
            idle = idle + 1 if self._waiting == seen and not self._answering else 0
            seen = self._waiting
        gate, self._gate = self._gate, None
        self._answering, self._waiting = self._waiting, 0
        self.rounds += 1
        if gate is not None:
            gate.set_result(None)


def words(text: str) -> set[str]:
    """The words that tell one speaker from another."""
    found = {w.removesuffix("'s").removesuffix("’s") for w in re.findall(r"[\w'’-]+", text.casefold())}
    return found - _EMPTY


def corpus(folders: Iterable[Path]) -> list[Story]:
    """All annotated articles of the folders, by date and id."""

    def one(path: Path) -> Story:
        given = json.loads(path.with_suffix(".json").read_text("utf-8"))
        statements = tuple(
            Statement(
                " ".join(s["text"] for s in a["source"]),
                tuple(Span(c["start"], c["end"]) for c in a["content"]),
                sum(len(c["text"].split()) for c in a["content"]),
            )
            for a in given["annotations"][0]["attributions"]
        )
        text = path.read_bytes().decode("utf-8")
        return Story(path.stem, given["publisher"], given["date"], given["title"], text, statements)

    paths = [p for folder in folders for p in folder.glob("*.txt") if p.with_suffix(".json").is_file()]
    return sorted(map(one, paths), key=lambda s: (s.date, s.name))


def chosen(stories: Sequence[Story], given: argparse.Namespace) -> list[Story]:
    """Those of the days given that have every term often enough."""

    def has(story: Story, wanted: str) -> bool:
        term, _, times = wanted.partition(":")
        return len(re.findall(rf"\b{re.escape(term)}", story.text, re.IGNORECASE)) >= int(times or 1)

    days = (s for s in stories if given.first <= s.date <= given.last)
    return [s for s in days if all(has(s, wanted) for wanted in given.story)]


def written(stories: Sequence[Story], folder: Path) -> list[Article]:
    """The articles as the program loads them, from files that name title, outlet and date; in the order given."""
    for story in stories:
        head = f"Title: {story.title}\nOutlet: {story.outlet}\nDate: {story.date}\n\n"
        (folder / f"{story.name}.txt").write_text(head + story.text, "utf-8", newline="")
    loaded = {stem(a): a for a in articles(folder)}
    return [loaded[s.name] for s in stories if s.name in loaded]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without white space, and where each of its characters stood."""
    kept = [(c, n) for n, c in enumerate(text) if not c.isspace()]
    return "".join(c for c, _ in kept), [n for _, n in kept]


def spans_of(article: Article, text: str) -> dict[int, Span]:
    """Where the article's sentences (by number) stand in the annotated text; those not found are left out."""
    folded, places = _folded(text)
    found: dict[int, Span] = {}
    last = 0
    for sentence in article.sentences:
        wanted, _ = _folded(sentence.text)
        at = folded.find(wanted, last)
        if at >= 0:
            last = at + len(wanted)
        else:
            at = folded.find(wanted)
        if wanted and at >= 0:
            found[sentence.number] = Span(places[at], places[at + len(wanted) - 1] + 1)
    return found


@dataclass(frozen=True)
class Held:
    """Where a brief's evidence of one kind lies, by article (file stem), and the words of who speaks there."""

    article: str
    span: Span
    speaker: frozenset[str]
    position: bool


def held(brief: Brief, stems: dict[str, str], spans: dict[str, dict[int, Span]]) -> list[Held]:
    """Every piece of evidence of the brief's items that can be found in the annotated texts."""
    names = {a.id: frozenset().union(*map(words, _names(a))) for a in brief.actors}
    rows: list[Held] = []

    def add(evidence: Iterable[Evidence], speaker: frozenset[str] = frozenset(), position: bool = False) -> None:
        for e in evidence:
            if span := spans[stems[e.article]].get(e.sentence):
                rows.append(Held(stems[e.article], span, speaker, position))

    for p in (p for issue in brief.issues for p in issue.positions):
        add(p.evidence, names.get(p.actor, frozenset()).union(*map(words, p.via)), True)
    for d in brief.disagreements:
        add(e for side in d.sides for e in side.evidence)
    for q in brief.open_questions:
        add((*q.evidence, *q.answered_by))
    for evidence in (
        *(e.evidence for e in brief.events),
        *(f.evidence for f in brief.facts),
        *(o.evidence for o in brief.origins),
        *(s.evidence for s in brief.summary),
    ):
        add(evidence)
    return rows


def _names(actor: Actor) -> tuple[str, ...]:
    return (actor.name, *actor.aliases)


@dataclass(frozen=True)
class Share:
    """Some of many."""

    part: int
    whole: int

    def __str__(self) -> str:
        """ ".83 of 210"."""
        return f"{self.part / self.whole if self.whole else 0:.3f} of {self.whole}"


def sources_of(stories: Sequence[Story]) -> set[frozenset[str]]:
    """The words of each named source of two attributions or more."""
    counts: Counter[frozenset[str]] = Counter()
    for text in (s.source for story in stories for s in story.statements):
        head = re.findall(r"[\w'’.-]+", text.split(",")[0])
        if any(w[0].isupper() for w in head) and not words(text) <= PRONOUNS:
            key = words(head[-1] if head[-1][0].isupper() else " ".join(head))
            counts[frozenset(key - PRONOUNS)] += 1
    return {key for key, count in counts.items() if key and count > 1}


def figures(stories: Sequence[Story], first: int, rows: Sequence[Held], actors: Sequence[Actor]) -> list[Share]:
    """The shares in the order of the table: statements, positions, speaker, first, sources."""
    by_article: dict[str, list[Held]] = {}
    for row in rows:
        by_article.setdefault(row.article, []).append(row)
    carried = position = speaker = judged = total = carried_first = total_first = 0
    for place, story in enumerate(stories):
        for statement in (s for s in story.statements if s.words >= 5):
            here = [r for r in by_article.get(story.name, ()) if any(r.span.overlaps(c) for c in statement.content)]
            source = words(statement.source)
            total += 1
            carried += bool(here)
            position += any(r.position for r in here)
            if not source <= PRONOUNS:
                judged += 1
                speaker += any(r.position and r.speaker & source for r in here)
            if place < first:
                total_first += 1
                carried_first += bool(here)
    due = sources_of(stories)
    held_by = [words(name) for a in actors for name in _names(a)]
    there = sum(any(key <= name for name in held_by) for key in due)
    pairs = ((carried, total), (position, total), (speaker, judged), (carried_first, total_first), (there, len(due)))
    return [Share(part, whole) for part, whole in pairs]


def tokens(questions: Iterable[Question[A]], given: argparse.Namespace) -> str:
    """Tokens in and out of the kept answers to these questions; a dash where nothing is kept."""
    spec = parse(given.model, base_url=given.base_url)
    if spec.kind == "extractive" or not given.store:
        return "–"
    prompts, (endpoint, model) = Prompts(), identity(spec)
    with Store.open(given.store) as store:
        kept = {}
        for q in questions:
            messages = prompts.get(q.prompt).render(q.data)
            key = answer_key(messages, q.answer, endpoint, model, options_of(given))
            kept[key] = store.get(key)
    there = [answer for answer in kept.values() if answer is not None]
    return f"{sum(a.input_tokens for a in there):,} + {sum(a.output_tokens for a in there):,}"


async def run(given: argparse.Namespace, stories: Sequence[Story], folder: Path) -> None:
    """A brief of each size, side by side; then once more, from what was kept, to count the rounds."""
    loaded = written(stories, folder)
    texts = {s.name: s.text for s in stories}
    stems = {a.id: stem(a) for a in loaded}
    spans = {stem(a): spans_of(a, texts[stem(a)]) for a in loaded}
    lost = sum(len(a.sentences) - len(spans[stem(a)]) for a in loaded)
    outlets = len({s.outlet for s in stories})
    days = f"{stories[0].date} to {stories[-1].date}"
    print(f"{len(stories)} articles of {outlets} outlets, {days}, {', '.join(given.story)}")
    print(f"{sum(len(a.sentences) for a in loaded)} sentences, {lost} not found in the annotated texts")
    sizes = sorted({min(int(size), len(stories)) for size in given.sizes.split(",")})
    asked = Asked(story="coverage", about=given.about)

    async with opened(given) as reader:

        async def brief(size: int, by: Reader) -> Brief | None:
            names = {s.name for s in stories[:size]}
            try:
                return await make([a for a in loaded if stem(a) in names], by, asked)
            except SummariseError as error:
                tell(f"{size} articles: {error}")
                return None

        if not given.model.startswith("extractive"):
            await asyncio.gather(*(brief(size, reader) for size in sizes))
        print("\n| articles | statements | positions | speaker | first | sources | tokens | questions | rounds |")
        print("|---|---|---|---|---|---|---|---|---|")
        notes: list[str] = []
        for size in sizes:
            counting = Rounds(reader)
            made = await brief(size, counting)
            if made is None:
                continue
            shares = figures(stories[:size], sizes[0], held(made, stems, spans), made.actors)
            cells = (*shares, tokens(counting.questions, given), len(counting.questions), counting.rounds)
            print(f"| {size} | {' | '.join(map(str, cells))} |", flush=True)
            unused = [f"{a.path} {a.status}" for a in made.articles if a.status != "used"]
            notes += [f"{size} articles: {what}" for what in (*unused, *made.run.notes)]
        print("\n".join(["", *notes, cost(reader)]))


def main() -> int:
    """Reads the options, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--story", nargs="+", default=["trump:3", "clinton:1"], metavar="TERM:N")
    parser.add_argument("--from", dest="first", default="2016-09-20", help="first day (ISO 8601)")
    parser.add_argument("--to", dest="last", default="2016-10-05", help="last day (ISO 8601)")
    parser.add_argument("--sizes", default="5,10,20,1000", help="numbers of articles; more than there are means all")
    parser.add_argument("--about", default="", help="what the story is about, as `summarise --about` takes it")
    parser.add_argument("--list", action="store_true", help="only name the articles of the story")
    add_options(parser)
    given = parser.parse_args()
    stories = chosen(corpus(f for f in given.folders if f.is_dir()), given)
    if not stories:
        print(f"{', '.join(map(str, given.folders))}: skipped, no annotated article on {', '.join(given.story)} there")
        return 0
    if given.list:
        print("\n".join(s.name for s in stories))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(given, stories, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
