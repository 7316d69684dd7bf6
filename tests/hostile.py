"""Texts as an article or a model might say them to be more than text, and briefs in which every text is one of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from large_briefs import Large, large_brief

from summarise.contract import Brief

FRAGMENTS = [
    "<script>alert(1)</script>",
    "</script><script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "</style><link rel=stylesheet href=//evil.example/x.css>",
    "</textarea></noscript></template></select></option>",
    "<!--", "-->", "<![CDATA[", "]]>", "<?xml ?>", "<!DOCTYPE html>",
    '"><a href="javascript:alert(1)">',
    "' onmouseover='alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "` onclick=alert(1) `",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "&lt;script&gt;", "&#60;script&#62;", "&#x3c;img&#x3e;", "&amp;lt;", "&", "&;", "&#0;", "&NewLine;",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=//evil.example>", "<embed src=//evil.example>",
    "<style>@import '//evil.example/x.css';*{background:url(//evil.example)}</style>",
    "{{7*7}}", "{% raise %}", "${alert(1)}", "#{1}", "<%= 1 %>",
    "](http://evil.example)", "![x](http://evil.example/x.png)", "[x]: http://evil.example", "[^1]: x",
    "<http://evil.example>",
    "http://evil.example/?q=1", "www.evil.example", "mail@evil.example", "//evil.example",
    "| a | b |", "---", "===", "# h", "> q", "1. x", "- x", "```", "~~~", "$$x$$", "*b*", "_i_", "\\", "`",
    "\x1b]52;c;QUJD\x07", "\x1b[31m", "\x00", "\x0b", "\x7f", "\x9b31m", "\r", "\t", "\n",
    "\u202e\u2066", "\u200b\u200d", "\ufeff", "\u2028\u2029", "\U000e0041\U000e0042", "\ud800", "\ufdd0", "\uffff",
    "\uff1cscript\uff1e", "\u02bcx\u02ba", "\u0130\u0131", "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627", "\u65e5",
    "e1", "#e1", "brief", "articles", "constructor", "__proto__",
]  # fmt: skip

# Everything in a brief that is not the program's own to say. Dates come apart: they decide about order.
FREE = {
    *("title", "text", "name", "role", "aliases", "statement", "via", "summary", "question", "why_open", "settled_by"),
    *("what", "about", "value", "according_to", "report", "note", "reason", "outlet", "author", "path", "story"),
}
DATES = {"when", "said_on", "published", "language"}


def texts(seed: int, *, most: int = 4) -> Callable[[], str]:
    """A source of hostile texts of up to `most` fragments, each with a number of its own: no two are the same."""
    dice = random.Random(seed)  # noqa: S311
    count = 0

    def text() -> str:
        nonlocal count
        count += 1
        parts = dice.choices(FRAGMENTS, k=dice.randint(1, most))
        noise = (dice.randrange(dice.choice((0x80, 0x3000))) for _ in range(dice.randint(0, 5)))
        parts.append("".join(map(chr, noise)))
        dice.shuffle(parts)
        return dice.choice(("", " ")).join([*parts, f" n{count}"])

    return text


def harmless() -> Callable[[], str]:
    """A source of as many texts, without anything in them."""
    count = 0

    def text() -> str:
        nonlocal count
        count += 1
        return f"word n{count}"

    return text


def brief_of(text: Callable[[], str], *, dates: bool = False) -> Large:
    """A brief of six articles whose every text comes from `text`; quotations stand in their articles to the letter."""
    large = _innocent()
    rewritten: dict[str, str] = {}
    places: dict[tuple[str, int], tuple[int, int, str]] = {}
    for article in large.texts:
        spans = sorted({(e["start"], e["end"]) for e in _evidence(large.brief.model_dump()) if e["article"] == article})
        whole = ""
        for start, _ in spans:
            said = " ".join(text().split("\n")).strip() or "-"
            places[article, start] = (len(whole), len(whole) + len(said), said)
            whole += said + "\n\n"
        rewritten[article] = whole + "what was not used " + " ".join(text().split())

    def poison(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if "quote" in value:
                start, end, said = places[value["article"], value["start"]]
                return value | {"start": start, "end": end, "quote": said}
            return {name: one if name in ("id", "run") else poison(one, name) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [poison(one, key) for one in value]
        if isinstance(value, str) and (key in FREE or (dates and key in DATES)):
            return text()
        return "A = B: " + text() if key == "joins" else value

    return Large(Brief.model_validate(poison(large.brief.model_dump(by_alias=True))), rewritten)


@cache
def _innocent() -> Large:
    return large_brief(6, words=120)


def _evidence(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if "quote" in value else [found for one in value.values() for found in _evidence(one)]
    if isinstance(value, list | tuple):
        return [found for one in value for found in _evidence(one)]
    return []
