"""Dates as articles write them, to ISO 8601, as precise as they stand there and no more."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

_MONTHS_WRITTEN = {
    1: "january jan januar jänner janvier enero gennaio janeiro января январь січня يناير stycznia ocak",
    2: "february feb februar février febrero febbraio fevereiro февраля февраль лютого فبراير lutego şubat",
    3: "march mar märz mars marzo março марта март березня مارس marca mart",
    4: "april apr avril abril aprile апреля апрель квітня أبريل ابريل kwietnia nisan",
    5: "may mai mayo maggio maio мая май травня مايو maja mayıs",
    6: "june jun juni juin junio giugno junho июня июнь червня يونيو czerwca haziran",
    7: "july jul juli juillet julio luglio julho июля июль липня يوليو lipca temmuz",
    8: "august aug août agosto августа август серпня أغسطس sierpnia ağustos",
    9: "september sep sept septembre septiembre settembre setembro сентября сентябрь вересня سبتمبر września eylül",
    10: "october oct oktober octobre octubre ottobre outubro октября октябрь жовтня أكتوبر października ekim",
    11: "november nov novembre noviembre novembro ноября ноябрь листопада نوفمبر listopada kasım",
    12: "december dec dezember décembre diciembre dicembre dezembro декабря декабрь грудня ديسمبر grudnia aralık",
}
_MONTHS = {word: number for number, words in _MONTHS_WRITTEN.items() for word in words.split()}
_MONTH = "(?P<month>" + "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True)) + r")\.?(?![^\W\d_])"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?"
_ISO = re.compile(
    r"(?<!\d)(?P<date>(?:19|20)\d\d-[01]\d-[0-3]\d)"
    r"(?:[T ](?P<time>[0-2]\d:[0-5]\d(?::[0-5]\d)?)(?:[.,]\d+)?\s?(?P<zone>Z|UTC|GMT|[+-][01]\d:?[0-5]\d)?)?(?!\d)"
)
_FORMS = (
    re.compile(rf"{_DAY}\s+(?:de\s+|of\s+)?{_MONTH},?\s+(?:de\s+)?{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<![^\W\d_]){_MONTH}\s+{_DAY},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_YEAR}\s*[年./-]\s*(?P<month>[01]?\d)\s*[月./-]\s*(?P<day>[0-3]?\d)(?!\d)\s*日?"),
    re.compile(rf"(?<![\d.])(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.\s?{_YEAR}"),
    re.compile(rf"(?<![\d/])(?P<first>[0-3]?\d)[/-](?P<second>[0-3]?\d)[/-]{_YEAR}"),
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[0-2]?\d)(?:[:.h](?P<minute>[0-5]\d))(?::[0-5]\d)?(?![\d:])"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<zone>(?:UTC|GMT)(?![+-]?\d)\b|Z\b|(?:UTC|GMT)?[+-][01]\d:?[0-5]\d\b)?"
    r"|(?<![\d:.])(?P<hour12>1?\d)\s*(?P<half12>[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_AFTER_DATE = 30
"""Code points behind (or before) a date within which its time of day stands."""


@dataclass(frozen=True)
class Stated:
    """A date in a line: ISO 8601, and the half-open offsets of its words, the time of day included."""

    iso: str
    start: int
    end: int


def stated(line: str) -> Stated | None:
    """The first date that `line` states; None where it states none.

    A date whose day and month can be read two ways (03/04/2025) is not guessed.
    """
    candidates = [found for form in (_iso, _written) if (found := form(line)) is not None]
    return min(candidates, key=lambda found: found.start, default=None)


def iso(line: str) -> str:
    """`stated`, as ISO 8601 alone ("2025-01-29", "2025-01-29T11:32"); empty where no date is stated."""
    found = stated(line)
    return found.iso if found else ""


def _iso(line: str) -> Stated | None:
    match = _ISO.search(line)
    if match is None or not _exists(*map(int, match["date"].split("-"))):
        return None
    time = f"T{match['time']}{_zone(match['zone'])}" if match["time"] else ""
    return Stated(match["date"] + time, match.start(), match.end())


def _written(line: str) -> Stated | None:
    matches = [match for form in _FORMS if (match := form.search(line)) is not None]
    for match in sorted(matches, key=lambda match: match.start()):
        parts = match.groupdict()
        year = int(parts["year"])
        if "first" in parts:
            first, second = int(parts["first"]), int(parts["second"])
            if first <= 12 and second <= 12 and first != second:
                continue
            month, day = (second, first) if first > 12 else (first, second)
        else:
            word = parts["month"].lower()
            month = int(word) if word.isdecimal() else _MONTHS[word]
            day = int(parts["day"])
        if _exists(year, month, day):
            return _with_time(line, f"{year:04}-{month:02}-{day:02}", match.start(), match.end())
    return None


def _with_time(line: str, date: str, start: int, end: int) -> Stated:
    after = _TIME.search(line[end : end + _AFTER_DATE])
    if after is not None and (time := _clock(after)):
        return Stated(date + time, start, end + after.end())
    before = _TIME.search(line[max(0, start - _AFTER_DATE) : start])
    if before is not None and (time := _clock(before)):
        return Stated(date + time, max(0, start - _AFTER_DATE) + before.start(), end)
    return Stated(date, start, end)


def _clock(match: re.Match[str]) -> str:
    hour = int(match["hour"] or match["hour12"])
    half = (match["half"] or match["half12"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"T{hour:02}:{match['minute'] or '00'}{_zone(match['zone'])}" if hour < 24 else ""


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    offset = re.sub("^(?:UTC|GMT)", "", zone.upper())
    return "Z" if offset in ("", "Z") else offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
