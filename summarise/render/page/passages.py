"""The articles, each once, with everything the brief took from them highlighted, and what it did not use in grey."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarise.contract import ArticleEntry
from summarise.render import view
from summarise.render.page.desk import Desk, Passage
from summarise.render.page.markup import Html, joined, link, spread, tag, words
from summarise.render.safe import one_line

_GAP = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(slots=True)
class Marked:
    """A stretch of an article, half-open in code points, and the passages that lie in it (or overlap in it)."""

    start: int
    end: int
    passages: list[Passage]

    @property
    def left_out(self) -> bool:
        return all(passage.left_out for passage in self.passages)


class Articles:
    """What each article gave to the brief. To be asked when every other section has noted its evidence."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown = [one for one in desk.articles.values() if desk.has_text(one)]

    @cached_property
    def _of(self) -> dict[str, list[Passage]]:
        """The passages of each article, in the order of their numbers."""
        found: dict[str, list[Passage]] = {}
        for passage in self._desk.passages.values():
            found.setdefault(passage.evidence.article, []).append(passage)
        return found

    @cached_property
    def taken(self) -> dict[str, str]:
        """How much of each article the brief uses, in words."""
        return {one.id: self._taken(one) for one in self._shown}

    @cached_property
    def _spans(self) -> dict[str, list[Marked]]:
        return {one.id: marked(self._desk.texts[one.id], self._of.get(one.id, ())) for one in self._shown}

    def _taken(self, article: ArticleEntry) -> str:
        text = self._desk.texts[article.id]
        used = [one for one in self._spans[article.id] if not one.left_out]
        passages = sum(len(one.passages) for one in used)
        total = len(text.split()) if passages else 0
        share = sum(len(text[one.start : one.end].split()) for one in used) / total if total else 0.0
        return f"{view.count(passages, 'passage')}, {share:.0%} of its words" if passages else "nothing"

    def section(self) -> Iterator[Html]:
        """All articles, and passages of files whose text the page does not have."""
        shown = {one.id for one in self._shown}
        orphans = [passage for article, some in self._of.items() if article not in shown for passage in some]
        if not self._shown and not orphans:
            return
        yield from spread(
            "aside",
            {"id": "articles", "aria-labelledby": "articles-title"},
            tag("h2", {"id": "articles-title"}, "Articles"),
            _bar(),
            (self._article(one) for one in self._shown),
            self._orphans(orphans) if orphans else None,
        )

    def _article(self, article: ArticleEntry) -> Html:
        desk = self._desk
        text = desk.texts[article.id]
        spans = self._spans[article.id]
        ends = [span.end for span in spans]
        there = {one.number for span in spans for one in span.passages}
        lost = [one for one in self._of.get(article.id, ()) if one.number not in there]
        lost.sort(key=lambda one: one.evidence.start)
        facts = [words(view.published(article)) if article.published else "undated"]
        known = (article.author, article.path if article.outlet else "")
        facts += [words(one) for one in known if one_line(one)]
        language = article.language if _LANGUAGE.fullmatch(article.language) else None
        title = one_line(article.title)
        return tag(
            "article",
            {"class": "source", "id": desk.anchor("t", article.id)},
            tag("h3", None, words(self._desk.outlets[article.id])),
            tag("p", {"class": "way"}, joined(*facts, between=" · ")),
            tag("p", {"class": "note"}, f"The brief took {self.taken[article.id]}; what it did not use is grey."),
            tag(
                "div",
                {"class": "text", "dir": "auto", "lang": language},
                *(
                    tag(
                        "p",
                        {"class": "headline"} if article.title and one_line(text[start:end]) == title else None,
                        *self._pieces(text, start, end, spans[bisect_right(ends, start) : bisect_right(ends, end) + 1]),
                    )
                    for start, end in _paragraphs(text)
                ),
            ),
            self._orphans(lost) if lost else None,
        )

    def _pieces(self, text: str, start: int, end: int, spans: Sequence[Marked]) -> Iterator[Html | str]:
        """The text of one paragraph, marked; `spans` are at least those that reach into it, in order."""
        at = start
        for span in spans:
            if span.end <= start or span.start >= end:
                continue
            left, right = max(span.start, start), min(span.end, end)
            yield text[at:left]
            yield from self._mark(span, text[left:right], begins=left == span.start, ends=right == span.end)
            at = right
        yield text[at:end]

    def _mark(self, span: Marked, text: str, *, begins: bool, ends: bool) -> list[Html]:
        """A stretch of text; anchors stand where it begins, links to what rests on it where it ends."""
        first, *others = span.passages
        flagged = self._desk.flagged
        kinds = ["left"] if span.left_out else []
        if flagged and any((one.evidence.article, one.evidence.sentence) in flagged for one in span.passages):
            kinds.append("machine")
        marks = [tag("span", {"id": one.anchor}) for one in others] if begins else []
        marks.append(tag("mark", {"id": first.anchor if begins else None, "class": " ".join(kinds)}, text))
        if ends:
            marks += [tag("sup", None, *_back(one)) for one in span.passages]
        return marks

    def _orphans(self, passages: Sequence[Passage]) -> Html:
        """Quotations whose place in a text the page cannot show; they stay in reach of their links."""
        return tag(
            "div",
            {"class": "orphans"},
            tag("p", {"class": "note"}, "Quoted, without its place in a text of this page:"),
            *(
                tag(
                    "p",
                    {"dir": "auto"},
                    tag("mark", {"id": one.anchor}, one_line(one.evidence.quote)),
                    tag("sup", None, *_back(one)),
                    " ",
                    tag("span", {"class": "way"}, words(view.where(one.evidence, self._desk.articles))),
                )
                for one in passages
            ),
        )


def marked(text: str, passages: Sequence[Passage]) -> list[Marked]:
    """The stretches of `text` that passages cover, in order; those that overlap are one stretch.

    A passage whose quotation does not stand where it says it does is in none of them.
    """
    spans: list[Marked] = []
    for passage in sorted(passages, key=lambda one: (one.evidence.start, one.evidence.end)):
        start, end = passage.evidence.start, passage.evidence.end
        if not 0 <= start < end <= len(text) or text[start:end] != passage.evidence.quote:
            continue
        if spans and start < spans[-1].end:
            spans[-1].end = max(spans[-1].end, end)
            spans[-1].passages.append(passage)
        else:
            spans.append(Marked(start, end, [passage]))
    return spans


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the paragraphs, without the blank lines between them."""
    found, at = [], 0
    for start, end in [*(gap.span() for gap in _GAP.finditer(text)), (len(text), len(text))]:
        if text[at:start].strip():
            found.append((at, start))
        at = end
    return found


def _back(passage: Passage) -> list[Html]:
    """Links to all that rests on a passage: its number for the first, letters for the others."""
    first, *others = dict.fromkeys(passage.users)
    return [link(first, str(passage.number)), *(link(one, _letters(n)) for n, one in enumerate(others))]


def _letters(number: int) -> str:
    """ "a", "b", … "z", "aa", …"""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def _bar() -> Html:
    """What the script needs beside an article: where one came from, and the way on and back."""

    def button(name: str, text: str, label: str | None = None) -> Html:
        return tag("button", {"type": "button", "id": name, "aria-label": label}, text)

    return tag(
        "div",
        {"class": "bar js-only", "id": "bar"},
        tag(
            "div",
            {"class": "tools"},
            button("to-claim", "← Back to the claim"),
            button("earlier", "‹", "Previous passage of this claim"),
            tag("span", {"id": "place", "role": "status"}),
            button("later", "›", "Next passage of this claim"),
            button("taken", "All it was taken for"),
            button("dim", "What was not used"),
            button("close", "×", "Close the article"),
        ),
        tag("p", {"id": "in-article"}),
        tag("p", {"id": "for-claim"}),
        tag("p", {"id": "came", "class": "way"}),
        tag("ul", {"id": "users", "class": "plain", "aria-label": "What rests on it", "hidden": True}),
    )
