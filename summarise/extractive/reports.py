"""Reports, agencies and documents that an article passes on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarise.answers import NotedReport
from summarise.contract import OriginKind
from summarise.extractive.clause import Clause
from summarise.extractive.media import MEDIA, is_agency, medium_of
from summarise.extractive.words import has_any
from summarise.names import fold

_NAME = (
    r"(?P<name>(?:[Tt]he )?(?:[A-Z][\w’'.&-]*)(?: (?:of |the |and )?[A-Z][\w’'.&-]*){0,4}(?: news agency|"
    r" newspaper| magazine)?)"
)
_VERBS = (
    r"(?:report(?:s|ed)|said|says|wrote|writes|cited|quoted|published|revealed|noted|added|"
    r"obtained|learned|confirmed|disclosed|announced)"
)
_PATTERNS = tuple(
    (re.compile(p), tuple(needs.split()))
    for p, needs in (
        (
            rf"{_NAME}(?:,)? (?:first |also |has |had |previously |exclusively )*{_VERBS}\b",
            "report said says wrote writes cited quoted published revealed noted added obtained learned confirmed "
            "disclosed announced",
        ),
        (rf"\b(?:told|tells|telling) (?:the )?{_NAME}", "told tell"),
        (
            rf"\b(?:according to|per|via|citing|cited by|quoted by|reported by|published (?:by|in|"
            rf"on)|obtained by|compiled by|conversation with|interview with|said in an interview (?:with|"
            rf"to|on)|report (?:by|from|in|published in)|speaking to) (?:a report (?:by|in|from|published in)"
            rf" |the |data compiled by |Russia[’']s |an? )?(?:state-run |state |\w+ news agency )"
            rf"?{_NAME}",
            "according per via citing by published with on report speaking",
        ),
        (rf"{_NAME}(?:[’']s)? (?:report|story|article|scoop)\b", "report story article scoop"),
    )
)
"""Wordings, each with pieces of text of which a sentence that matches has one: they only save time."""
_TITLE = re.compile(
    r"^(?P<first>[A-Z][\w .’'&-]{1,40}): |: (?P<last>[A-Z][\w .’'&-]{1,40})$|, [‘'\"]?(?P<quoted>[A-Z][\w"
    r" .]{1,30})[’'\"]? (?:reports?|says)$"
)
_DATELINE = re.compile(r"^(?:[A-Z][\w .,/’'-]{1,60})?\(?\b(?P<name>[A-Z][\w ]{1,24})\)? ?(?:[—–]|--?) ?")


def reports(title: str, outlet: str, clauses: dict[int, Clause]) -> tuple[NotedReport, ...]:
    """Media other than the article's own outlet that it reports from, each with all sentences that name it so.

    The first sentence stands for a report that only the title credits.
    """
    found: dict[str, list[int]] = {}
    shown: dict[str, str] = {}
    own = fold(outlet)
    for number, c in clauses.items():
        for name in _credited(c.text):
            _credit(name, number, own, found, shown)
        for match in _TITLE.finditer(c.text) if c.text.strip() == title.strip() else ():
            _credit(match["first"] or match["last"] or match["quoted"], number, own, found, shown)
    signed = _signed(clauses)
    for number in clauses if signed else ():
        _credit(signed, number, own, found, shown)
    for match in _TITLE.finditer(title):
        _credit(match["first"] or match["last"] or match["quoted"], next(iter(clauses), 1), own, found, shown)
    return tuple(
        NotedReport(report=shown[key], kind=_kind(key), sentences=tuple(dict.fromkeys(numbers)))
        for key, numbers in found.items()
    )


def _signed(clauses: dict[int, Clause]) -> str:
    """The agency that signs the article at its head: "DAMASCUS (Reuters) - …"; empty where none does."""
    for c in [*clauses.values()][:3]:
        match = _DATELINE.match(c.text)
        if match and is_agency(medium_of(match["name"])):
            return match["name"]
    return ""


def _kind(key: str) -> OriginKind:
    return "agency" if is_agency(key) and not key.startswith("bloomberg") else "outlet"


def _credit(name: str, number: int, own: str, found: dict[str, list[int]], shown: dict[str, str]) -> None:
    for form in _forms(name):
        key = medium_of(form)
        if key and key != own and own not in key.split():
            long = next((k for k in found if k.endswith(" " + key) or key.endswith(" " + k)), key)
            found.setdefault(long, []).append(number)
            plain_name = _bare(form)
            if long not in shown or (len(plain_name) > len(shown[long]) and key in MEDIA):
                shown[long] = plain_name
            return


def _bare(name: str) -> str:
    return re.sub(r"(?:[’']s)?\.?$|^(?:the|The) ", "", name)


def media_in(text: str) -> list[str]:
    """Names of the media that a sentence passes something on from, as written, in order."""
    names: list[str] = []
    for name in _credited(text):
        form = next((form for form in _forms(name) if medium_of(form)), "")
        if form:
            names.append(_bare(form))
    return list(dict.fromkeys(names))


def _credited(text: str) -> Iterator[str]:
    """The names that a sentence says something was told by or to, as written."""
    for pattern, needs in _PATTERNS:
        if has_any(text, needs):
            yield from (match["name"] for match in pattern.finditer(text))


def _forms(name: str) -> Iterator[str]:
    """The name, and what is left of it without its last words."""
    yield name
    words = name.split()
    yield from (" ".join(words[:count]) for count in range(len(words) - 1, 0, -1))
