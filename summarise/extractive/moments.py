"""Dates in a sentence, in the little language of `summarise.dates` ("--01-28", "Tue", "-1m", "A/B")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from summarise.extractive.words import has_any

_MONTHS = {
    m: n + 1
    for n, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ]
    )
    for m in names.split()
}
_DAYS = {
    name: name[:3].capitalize()
    for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
_COUNT = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_ONE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d\d-\d\d\b)"
    rf"|\b(?P<m1>{_MONTH}) (?P<d1>{_DAY})(?:,? (?P<y1>(?:19|20)\d\d))?\b(?! per)"
    rf"|\b(?P<d2>{_DAY}) (?:of )?(?P<m2>{_MONTH})(?:,? (?P<y2>(?:19|20)\d\d))?\b"
    rf"|\b(?P<m3>{_MONTH}),? (?:of )?(?P<y3>(?:19|20)\d\d)\b"
    rf"|\b(?P<near>[Ll]ast|[Nn]ext|[Tt]his|[Cc]oming|[Ee]arly|[Ll]ate|[Mm]id|[Ii]n|[Ss]ince|"
    rf"[Uu]ntil|[Bb]y|[Dd]uring|[Bb]efore|[Aa]fter|[Ff]rom|[Tt]o|and)[ -](?P<m4>{_MONTH})"
    rf"(?=[\s.,;:)]|$)(?! \d)"
    rf"|\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Cc]oming) )?(?P<week>{_WEEKDAY})s?\b(?P<later>,? next week)?"
    rf"|\b(?P<rel>[Ll]ast|[Nn]ext|[Tt]his|[Pp]revious) (?P<unit>week|month|year|weekend)\b"
    rf"|\b(?P<count>\d{{1,2}}|an?|one|two|three|four|five|six|seven|eight|nine|ten) (?P<units>day|"
    rf"week|month|year)s? (?P<dir>ago|earlier|from now)\b"
    rf"|\b(?P<word>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"
    rf"|\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Dd]uring|[Ff]rom|[Tt]o|of|[Ee]arly|[Ll]ate|[Bb]efore|"
    rf"[Aa]fter|between|and|mid-) ?(?P<year>(?:19|20)\d\d)\b(?![-–]\w|,\d)"
)
_HINTS = (
    *("day", "week", "month", "year", "morrow", "night"),
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
"""A sentence with none of these and without four digits in a row has no date: most are not searched for one."""
_FOUR_DIGITS = re.compile(r"\d{4}")
_BEFORE_RANGE = re.compile(r"(?:from|between) (?:\w+ ){0,2}$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|by|before|no later than)(?: the)?(?: end of)? ?$", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|starting|after)(?: (?:on|in))? ?$", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:will|shall|to be held|scheduled|due|planned|set to|plans? to|expected to|would|going to)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Moment:
    """A date expression and where it stands: half-open offsets into the sentence."""

    when: str
    start: int
    end: int


@lru_cache(maxsize=512)  # the sentences read at once: asked for its events, and for the day of each of its positions
def moments(text: str) -> tuple[Moment, ...]:
    """The dates that a sentence gives, in order; two that bound a range are one."""
    if not has_any(text, _HINTS) and not _FOUR_DIGITS.search(text):
        return ()
    found: list[Moment] = []
    ahead = bool(_AHEAD.search(text))
    for match in _ONE.finditer(text):
        when = _when(match, ahead)
        if not when:
            continue
        start, before = match.start(), text[: match.start()]
        inside = match[0].lower()
        if (
            found
            and re.fullmatch(
                r" ?(?:to|and|until|through|–|-) ?",
                text[found[-1].end : start] + (inside.split()[0] if inside[:3] in {"to ", "and"} else ""),
            )
            and "/" not in found[-1].when
            and _BEFORE_RANGE.search(text[: found[-1].start] + " " * (not before))
        ):
            found[-1] = Moment(f"{found[-1].when}/{when}", found[-1].start, match.end())
        elif inside.startswith(("until ", "by ", "before ")) or _UNTIL.search(before):
            found.append(Moment(f"../{when}", start, match.end()))
        elif inside.startswith("since ") or (_SINCE.search(before) and "since" in before[-12:].lower()):
            found.append(Moment(f"{when}/..", start, match.end()))
        else:
            found.append(Moment(when, start, match.end()))
    return tuple(found)


def _when(match: re.Match[str], ahead: bool) -> str:
    g = match.groupdict()
    if g["iso"]:
        return str(g["iso"])
    for month, day, year in ((g["m1"], g["d1"], g["y1"]), (g["d2"] and g["m2"], g["d2"], g["y2"])):
        if month:
            number = int(re.sub(r"\D", "", day))
            return (
                f"{year or '-'}-{_month(month):02}-{number:02}" + ("+" if ahead and not year else "")
                if 1 <= number <= 31
                else ""
            )
    if g["m3"]:
        return f"{g['y3']}-{_month(g['m3']):02}"
    if g["m4"]:
        plus = (
            "+"
            if g["near"].lower() in {"next", "coming", "until", "by"} or (ahead and g["near"].lower() != "last")
            else ""
        )
        return f"--{_month(g['m4']):02}{plus}" if match["m4"] != "May" or g["near"].lower() not in {"and", "to"} else ""
    if g["week"]:
        day = _DAYS[g["week"].lower()]
        return day + (
            "+"
            if g["later"]
            or (g["which"] or "").lower() in {"next", "coming"}
            or (ahead and (g["which"] or "").lower() != "last")
            else ""
        )
    if g["rel"]:
        number = {"last": -1, "previous": -1, "next": 1, "this": 0}[g["rel"].lower()]
        return f"{number:+d}{g['unit'][0]}" if number else ("0y" if g["unit"] == "year" else "")
    if g["count"]:
        sign = 1 if g["dir"] == "from now" else -1
        return f"{sign * (_COUNT.get(g['count'].lower()) or int(g['count'])):+d}{g['units'][0]}"
    if g["word"]:
        return {"today": "0d", "tonight": "0d", "yesterday": "-1d", "tomorrow": "+1d"}[g["word"].lower()]
    return str(g["year"] or "")


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]
