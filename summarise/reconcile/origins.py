"""Origins: what the articles pass on, and on how many independent origins a position rests.

Five articles that pass on one report are one origin. A chain (an unnamed source → an outlet → this article) is one
origin too: it is named by the link nearest to the actor, for that is what could be wrong alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarise.answers import NotedPosition, NotedReport, ReportGroups
from summarise.article import Article
from summarise.asking import Desk, Line, all_of, article_label, once, told_by_one, weight
from summarise.blocks import parts
from summarise.contract import Evidence, Origin, OriginKind
from summarise.names import fold
from summarise.reconcile.unions import Unions
from summarise.records import Entry, Noted, Records, article_place, gathered, item_id, quotation

ReportEntry = Entry[NotedReport]
_OPENING = 4  # sentences, the title's included, in which an article says on whose report it rests
_WHOLE = 0.8  # share of an article's sentences that rest on one agency's report for the article to be that report


@dataclass(frozen=True)
class JoinedReport:
    """One report over all articles that pass it on; `entries` in canonical order."""

    key: str
    report: str
    kind: OriginKind
    entries: tuple[ReportEntry, ...]

    @property
    def flagged(self) -> bool:
        """Whether it rests on a sentence that talks to a machine."""
        return any(e.flagged for e in self.entries)


@dataclass(frozen=True)
class NearCopy:
    """Two articles (ids) that share most of their text."""

    one: str
    other: str


def _text_of(entry: ReportEntry) -> str:
    quote = entry.evidence[0].quote if entry.evidence else ""
    return f"{entry.noted.report}; in {article_label(entry.article)}; {quote[:160]}"


async def join_reports(records: Records, desk: Desk) -> tuple[JoinedReport, ...]:
    """Every report once. The same name within one article is the same report; over articles the reader decides."""
    by_key = {e.key: e for e in records.reports}
    sets = Unions([e.key for e in records.reports])
    named: dict[tuple[str, str], str] = {}
    for e in records.reports:
        first = named.setdefault((e.article.id, fold(e.noted.report)), e.key)
        sets.join(first, e.key, "the same name in one article")
    chosen: dict[str, str] = {}

    async def ask(block: Sequence[ReportEntry]) -> None:
        if told_by_one(e.article for e in block):
            return
        lines = [Line(label=e.noted.kind, text=_text_of(e)) for e in block]
        answer = await desk.records(
            "reports", "which reports are one origin", lines, ReportGroups, lambda a: (g.members for g in a.groups)
        )
        for group, numbers in zip(answer.groups, once(g.members for g in answer.groups), strict=True) if answer else ():
            for n in numbers[1:]:
                sets.join(block[numbers[0]].key, block[n].key, "one origin")
            if len(numbers) > 1 and group.report.strip():
                chosen[block[numbers[0]].key] = group.report.strip()

    heads = [by_key[group[0]] for group in sets.sets() if not any(by_key[k].flagged for k in group)]
    blocks = parts(
        heads,
        key=lambda e: f"{fold(e.noted.report)}\n{e.key}",
        weight=lambda e: weight(Line(label=e.noted.kind, text=_text_of(e))),
        largest=desk.largest,
    )
    await all_of(ask(block) for block in blocks)
    names = {sets.find(k): name for k, name in chosen.items()}
    return tuple(_joined(tuple(by_key[k] for k in group), names.get(group[0])) for group in sets.sets())


def _joined(entries: tuple[ReportEntry, ...], name: str | None) -> JoinedReport:
    kinds = [e.noted.kind for e in entries]
    return JoinedReport(
        key=entries[0].key,
        report=name or entries[0].noted.report,
        kind=min(kinds, key=lambda k: (-kinds.count(k), kinds.index(k))),
        entries=entries,
    )


def _leads(entry: ReportEntry) -> bool:
    """Whether its article opens with this report."""
    return min(entry.noted.sentences) <= _OPENING


def _title_is_flagged(noted: Noted) -> bool:
    title = noted.article.title
    sentences = (s for s in noted.article.sentences if s.number in noted.flagged)
    return any(s.text in title or title in s.text for s in sentences)


class Sources:
    """Which origin each record rests on. Origins that only articles' own reporting makes are added as they are met."""

    def __init__(self, reports: Sequence[JoinedReport], notes: Sequence[Noted], copies: Sequence[NearCopy]) -> None:
        self._reports = {r.key: r for r in reports}
        self._of_article: dict[str, list[tuple[ReportEntry, str]]] = {}
        for report in reports:
            for entry in report.entries:
                self._of_article.setdefault(entry.article.id, []).append((entry, report.key))
        ordered = sorted((n.article for n in notes), key=article_place)
        self.untitled = frozenset(n.article.id for n in notes if _title_is_flagged(n))
        self._articles = {a.id: a for a in ordered}
        self._of_maker: dict[str, str] = {}
        for report in (r for r in reports if not r.flagged and r.kind in ("outlet", "agency")):
            for maker in {fold(e.noted.report) for e in report.entries} | {fold(report.report)}:
                self._of_maker.setdefault(maker, report.key)
        same = Unions([a.id for a in ordered])
        for copy in copies:
            same.join(copy.one, copy.other, "nearly the same text")
        self._own = {a.id: self._own_origin(self._articles[same.find(a.id)]) for a in ordered}
        self._used: dict[str, list[Evidence]] = {}
        self._led: dict[str, tuple[str, ...]] = {}

    def _own_origin(self, article: Article) -> str:
        """The origin of an article's own words: its agency, the report that others ascribe to its outlet, or itself."""
        for entry, key in self._of_article.get(article.id, ()):
            if (
                entry.noted.kind == "agency"
                and not entry.flagged
                and len(entry.noted.sentences) >= _WHOLE * len(article.sentences)
            ):
                return key
        outlet = fold(article.outlet)
        return self._of_maker.get(outlet, f"own {article.id}") if outlet else f"own {article.id}"

    def via(self, entry: Entry[NotedPosition]) -> tuple[str, ...]:
        """Through whom a position came, without what is named only where an article talks to a machine."""
        here = self._of_article.get(entry.article.id, ())
        hidden = [set(fold(e.noted.report).split()) for e, _ in here if e.flagged]
        return tuple(
            v
            for v in entry.noted.via
            if not any(h and (set(fold(v).split()) <= h or h <= set(fold(v).split())) for h in hidden)
        )

    def _links(self, entry: Entry[NotedPosition]) -> list[str]:
        here = self._of_article.get(entry.article.id, [])
        links: list[str] = []
        for name in entry.noted.via:
            words = set(fold(name).split())
            near = [
                (len(words & k), key)
                for e, key in here
                if (k := set(fold(e.noted.report).split())) and (words <= k or k <= words)
            ]
            if near:
                links.append(max(near, key=lambda pair: pair[0])[1])
        if not links:
            links = self._unattributed(entry, here)
        return list(dict.fromkeys(links)) or [self._own[entry.article.id]]

    def _unattributed(self, entry: Entry[NotedPosition], here: Sequence[tuple[ReportEntry, str]]) -> list[str]:
        """Of a position told without saying through whom: the actor's own statement, else the report told there.

        What the article's outlet thinks is the outlet's own, whatever it reports beside it.
        """
        if fold(entry.noted.actor) == fold(entry.article.outlet):
            return []
        lead = entry.noted.sentences[:1]
        covering = [(e, key) for e, key in here if lead and lead[0] in e.noted.sentences]
        speaker = set(fold(entry.noted.actor).split())
        own_words = [key for e, key in covering if speaker & set(fold(e.noted.report).split())]
        passed_on = [key for e, key in covering if e.noted.kind in ("agency", "outlet") and _leads(e)]
        return own_words[:1] or passed_on[:1]

    def of(self, entries: Sequence[Entry[NotedPosition]]) -> tuple[str, ...]:
        """The ids of the independent origins of these records, each named by the link nearest to the actor."""
        chains = self._through_one_report(entries, [self._links(e) for e in entries])
        sets = Unions(list(dict.fromkeys(link for chain in chains for link in chain)))
        for chain in chains:
            for link in chain[1:]:
                sets.join(chain[0], link, "one chain")
        found: dict[str, str] = {}
        for entry, chain in zip(entries, chains, strict=True):
            nearest = min(chain, key=lambda link: self._kind(link) != "unnamed_source")
            root = sets.find(chain[0])
            if root not in found or (
                self._kind(nearest) == "unnamed_source" and self._kind(found[root]) != "unnamed_source"
            ):
                found[root] = nearest
            for link in chain:
                if link.startswith("own "):
                    self._used.setdefault(link, []).extend(entry.evidence[:1])
        return tuple(sorted(self._id(link) for link in found.values()))

    def _through_one_report(
        self, entries: Sequence[Entry[NotedPosition]], chains: Sequence[list[str]]
    ) -> list[list[str]]:
        """What an article tells in its own words is no second origin where it rests on the report another names.

        An article that opens with a report and tells, further down, what that report's other readers tell, too, has it
        from there.
        """
        named: dict[str, set[str]] = {}  # by report the articles that name it
        for entry, chain in zip(entries, chains, strict=True):
            for link in (*chain, *self._leading(entry.article.id)):
                named.setdefault(link, set()).add(entry.article.id)

        def shared(entry: Entry[NotedPosition], chain: list[str]) -> list[str]:
            if chain != [self._own[entry.article.id]] or fold(entry.noted.actor) == fold(entry.article.outlet):
                return chain
            common = [lead for lead in self._leading(entry.article.id) if named.get(lead, set()) - {entry.article.id}]
            return common[:1] or chain

        return [shared(entry, chain) for entry, chain in zip(entries, chains, strict=True)]

    def siblings(self) -> dict[str, tuple[str, ...]]:
        """For each article's id the ids of the others that open with the same report, or whose own report it is."""
        readers: dict[str, list[str]] = {}
        for article in self._articles:
            for link in dict.fromkeys((*self._leading(article), self._own[article])):
                readers.setdefault(link, []).append(article)
        return {
            article: tuple(o for link in self._leading(article) for o in readers[link] if o != article)
            for article in self._articles
        }

    def _leading(self, article: str) -> tuple[str, ...]:
        """The reports that an article opens with."""
        if article not in self._led:
            here = self._of_article.get(article, ())
            self._led[article] = tuple(key for e, key in here if e.noted.kind in ("agency", "outlet") and _leads(e))
        return self._led[article]

    @property
    def hidden(self) -> frozenset[str]:
        """Ids of origins that rest on a sentence talking to a machine: shown as its quotation, asked about nowhere."""
        return frozenset(self._id(r.key) for r in self._reports.values() if r.flagged)

    def _kind(self, link: str) -> OriginKind:
        return self._reports[link].kind if link in self._reports else "outlet"

    def _id(self, link: str) -> str:
        return item_id("o", link) if link in self._reports else f"o-{link.removeprefix('own ')}"

    def origins(self) -> tuple[Origin, ...]:
        """All reports that articles pass on, and their own reporting as far as `of` met it; most passed on first."""
        own_of: dict[str, list[str]] = {}
        for article, link in self._own.items():
            own_of.setdefault(link, []).append(article)
        rows: list[Origin] = []
        for report in self._reports.values():
            articles = sorted(
                {e.article.id for e in report.entries} | set(own_of.get(report.key, ())),
                key=lambda a: article_place(self._articles[a]),
            )
            quotes = gathered([e.evidence for e in report.entries])
            rows.append(
                Origin(
                    id=self._id(report.key),
                    report=quotation(quotes) if report.flagged else report.report,
                    kind=report.kind,
                    articles=tuple(articles),
                    evidence=quotes,
                )
            )
        for link, evidence in sorted(self._used.items()):
            source = self._articles[link.removeprefix("own ")]
            title = "" if source.id in self.untitled else source.title
            name = article_label(source) if source.outlet else title or source.id
            rows.append(
                Origin(
                    id=self._id(link),
                    report=f"{name} (its own reporting)",
                    kind="outlet",
                    articles=tuple(own_of[link]),
                    evidence=gathered([[e] for e in evidence]),
                )
            )
        return tuple(sorted(rows, key=lambda o: (-len(o.articles), o.report, o.id)))
