"""What an article says about itself: title, outlet, author, date.

First from what is written for the purpose (a header block, front matter), else from the lines around the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from summarise.loading import dates
from summarise.loading.clean import folded, visible
from summarise.loading.document import Facts

_HEADER = re.compile(
    r"\s*(title|headline|outlet|source|publisher|date|published|author|by|url|link"
    r"|language|section|category|country|tags|keywords|retrieved|accessed|id)\s*:(?!//)\s*(.*)",
    re.IGNORECASE,
)
_FIELD = {
    "headline": "title",
    "source": "outlet",
    "publisher": "outlet",
    "published": "date",
    "by": "author",
    "link": "url",
}
_BYLINE = re.compile(
    r"(?:written\s+|story\s+|reported\s+|posted\s+)?(?:by|von|par|por|di|автор:?|от)\s+"
    r"(?P<names>[^\d@|•·,:;.!?]{3,60}(?:,? (?:and|und|et|y|e|и) [^\d@|•·,:;.!?]{3,60})?)",
    re.IGNORECASE,
)
_LABELLED_AUTHOR = re.compile(
    r"(?:authors?|автор|autor(?:in)?|auteur|autore)\s*:\s*(?P<names>[^\d|•·:;!?]{3,80})", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][\w’'.-]*")
_PARTICLES = frozenset({"and", "und", "et", "y", "e", "и", "de", "von", "van", "der", "al", "bin", "ibn", "la", "el"})
_COPYRIGHT = (
    re.compile(r"^(?P<site>[^\s©,;|/]+\.[^\W\d_]{2,10})\s*(?:©|\(c\)|copyright)", re.IGNORECASE),
    re.compile(
        r"(?:©|\(c\)|copyright)[\s©]*(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?)?[\s,.]*(?:by\s+)?"
        r"(?P<site>[^\W\d_](?:[^©,;|.\d]|\.(?=\w)){1,40}?)(?=\s*(?:[,;|©\d]|\.(?:\s|$)|all rights|$))",
        re.IGNORECASE,
    ),
)
_NOT_A_SITE = re.compile(
    r"\b(?:all (?:rights|contents)|reserved|copyright|the author|photo|image|getty)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"\b(?:updated?|modified|edited|aktualisiert|mis à jour|обновлено)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATELINE = re.compile(r"[A-Z][\w .,/’'-]{2,40}\s*\((?:[^()]{2,30})\)\s*[-–—:]|[A-Z][A-Z .,/’'-]{2,40}\s+[–—-]\s")
_LONGEST_FRONT = 20_000  # YAML is read slowly
_LONGEST_TITLE = 220
_LONGEST_DATE_LINE = 120
_LONGEST_OUTLET = 60
_LONGEST_AUTHOR = 80
_LONGEST_STATED_TITLE = 300
_SENTENCE_INSIDE = re.compile(r"\w{5,}[.?;]\s|[!:]\s+[^\W\d_A-Z]|[。！？]")  # "St. Louis" and "Yahoo! News" are names


@dataclass(frozen=True)
class Headed:
    """A text with the header block or front matter taken off."""

    facts: Facts
    rest: str


def header_block(text: str) -> Headed:
    """`Title:`, `Outlet:`, `Date:`, `Author:`, `URL:` lines (values may be empty) at the top of a text, and the rest.

    A single such line is a header only if it is a title or a blank line follows, so that a report beginning
    "Source: ..." is not eaten.
    """
    text = visible(text).lstrip("\n ")
    values: dict[str, str] = {}
    lines = text.split("\n")
    count = 0
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None:
            break
        name = match[1].lower()
        values.setdefault(_FIELD.get(name, name), folded(match[2]))
        count += 1
    followed_by_blank = count < len(lines) and not lines[count].strip()
    if not values or (len(values) < 2 and "title" not in values and not followed_by_blank):
        return Headed(Facts(), text)
    return Headed(_facts(values), "\n".join(lines[count:]))


def front_matter(text: str) -> Headed:
    """YAML between `---` lines at the top of a Markdown file, and the rest."""
    text = visible(text)
    match = re.match(r"---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", text, re.DOTALL)
    if match is None or len(match[1]) > _LONGEST_FRONT:
        return Headed(Facts(), text)
    import yaml

    try:
        loaded = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError):
        return Headed(Facts(), text)
    if not isinstance(loaded, dict):
        return Headed(Facts(), text)
    values = {_FIELD.get(str(key).lower(), str(key).lower()): _plain(value) for key, value in loaded.items()}
    values["author"] = values.get("author") or values.get("authors", "")
    values["outlet"] = values.get("outlet") or values.get("site", "") or values.get("publication", "")
    return Headed(_facts(values), text[match.end() :])


def _plain(value: object) -> str:
    if isinstance(value, list):  # one level only: YAML's aliases can nest a few lines to gigabytes
        return ", ".join(_plain(item) for item in value[:20] if not isinstance(item, list))
    if isinstance(value, dict):
        name = value.get("name", "")
        return folded(name) if isinstance(name, str) else ""
    return "" if value is None else folded(str(value))


def _facts(values: dict[str, str]) -> Facts:
    return Facts(
        title=values.get("title", ""),
        outlet=outlet(values.get("outlet", "")) or host(values.get("url", "")),
        author=values.get("author", ""),
        published=iso_or_year(values.get("date", "")),
    )


def bounded(facts: Facts) -> Facts:
    """The facts as far as they can be what they say they are: a page may call anything its outlet or author.

    The title is cut at a word, at 300 code points; `Article.text` still begins with it, whole.
    """
    return replace(
        facts, title=_cut(facts.title, _LONGEST_STATED_TITLE), outlet=outlet(facts.outlet), author=author(facts.author)
    )


def outlet(name: str) -> str:
    """The name of an outlet; empty where it is too long for one (60 code points), asks or holds a sentence."""
    return "" if len(name) > _LONGEST_OUTLET or name.endswith("?") or _SENTENCE_INSIDE.search(name) else name


def author(names: str) -> str:
    """The authors, of a long list those that fit into 80 code points; empty where it holds a sentence."""
    if _SENTENCE_INSIDE.search(names.replace(";", ",")):
        return ""
    if len(names) <= _LONGEST_AUTHOR:
        return names
    ends = [match.start() for match in re.finditer(r"\s*[,;]|\s+(?:and|&)\s", names[: _LONGEST_AUTHOR + 1])]
    return names[: ends[-1]] if ends else ""


def _cut(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    head, space, _ = line[: longest + 1].rpartition(" ")
    return head.rstrip() if space else line[:longest]


def iso_or_year(value: str) -> str:
    """A header's date value in ISO 8601; "2025" and "2025-01" are kept as precise as they are."""
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", value.strip()):
        return value.strip()
    return dates.iso(value)


def host(url: str) -> str:
    """The site of an address, without "www."; empty where it is none."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def is_date_line(line: str) -> bool:
    """A line that is there to say when the article appeared."""
    found = dates.stated(line) if len(line) <= _LONGEST_DATE_LINE and _YEAR.search(line) else None
    if found is None:
        return False
    rest = line[: found.start] + line[found.end :]
    return len(rest.split()) <= 10 and not re.search(r"©|copyright", rest, re.IGNORECASE)


def byline(line: str) -> str:
    """The names of "By Jane Doe and John Roe"; empty where the line is no byline."""
    if len(line) > 120:
        return ""
    match = _LABELLED_AUTHOR.match(line) or _BYLINE.match(line)
    if match is None:
        return ""
    names = folded(match["names"]).strip(" -–—/")
    words = [word for word in _NAME.findall(names) if word.lower() not in _PARTICLES]
    if not 1 <= len(words) <= 8 or not all(word[0].isupper() or not word[0].islower() for word in words):
        return ""
    return names


def site_in(line: str) -> str:
    """The site that a copyright line names ("Example.org © 2025"); empty where it names none."""
    if len(line) > 200:
        return ""
    for form in _COPYRIGHT:
        match = form.search(line)
        if match is not None and not _NOT_A_SITE.search(match["site"]):
            site = folded(match["site"]).strip(" -–—")
            if any(letter.isalpha() for letter in site):
                return site
    return ""


def looks_like_title(line: str) -> bool:
    """A headline: some words, not too long, no full stop at its end, no date or byline."""
    words = line.split()
    wide = any(ord(letter) > 0x2E80 for letter in line)
    if not (len(words) >= 3 or (wide and len(line) >= 8)) or len(line) > _LONGEST_TITLE:
        return False
    if line.endswith((".", ",", ";", "。")) and not line.endswith(("...", "U.S.")):
        return False
    return not (_DATELINE.match(line) or is_date_line(line) or byline(line) or site_in(line) or "://" in line)


def around(lines: Sequence[str], body: tuple[int, ...]) -> Facts:
    """Facts from the lines of a page; `body` gives the indices of those that belong to the article, in order.

    Date and author are looked for between the title and the first paragraphs and behind the last, outlet in
    copyright lines anywhere.
    """
    if not body:
        return Facts()
    top, bottom = body[0], body[-1]
    above = range(max(0, top - 12), min(len(lines), top + 6))
    below = range(max(0, bottom - 3), min(len(lines), bottom + 6))
    near = list(dict.fromkeys([*above, *below]))
    dated = [lines[index] for index in near if is_date_line(lines[index])]
    dated.sort(key=lambda line: bool(_UPDATED.search(line)))
    authors = [name for index in near if (name := byline(lines[index]))]
    sites = [site for line in lines if (site := site_in(line))]
    return Facts(
        outlet=sites[0] if sites else "",
        author=authors[0] if authors else "",
        published=dates.iso(dated[0]) if dated else "",
    )
