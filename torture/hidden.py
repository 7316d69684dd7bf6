"""Ways to hide words in a web page, and what of them is read.

    python -m torture.hidden [--pages ../shared/eval/html]

Every way of tests/hidden_text.py in a page as it is, in one too large for the extractor, and in one without an
article; what only looks hidden must be read. `--pages`: pages of a benchmark, each with every way put into it; without
them that is left out. Ends with 1 where more than one way passes unflagged, or visible words are lost.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from hidden_text import IN_BODY, IN_HEAD, PARAGRAPHS, SHOWN, SLIPPED, page  # noqa: E402

from summarise.loading import web  # noqa: E402
from summarise.loading.document import UnreadableError  # noqa: E402

MOST_PASSED = 1
KEPT = 0.995  # of the words of a page, with all ways put into it, that must still be read


def read(html: str) -> str:
    """The text of the article of a page; empty where there is none."""
    try:
        document = web.page(html)
    except UnreadableError:
        return ""
    return "\n".join([document.facts.title, *document.body])


def settings(html: str) -> dict[str, str]:
    """The page as it is, with more elements than the extractor is given, and nested deeper."""
    many = "<i></i>" * (web.MOST_ELEMENTS + 10)
    deep = web.DEEPEST + 50
    return {
        "as it is": html,
        "large": html.replace("<footer>", many + "<footer>"),
        "deep": html.replace("<footer>", "<b>" * deep + "</b>" * deep + "<footer>"),
    }


def among(folder: Path) -> tuple[int, Counter[str], float]:
    """Real pages with all ways behind a middle paragraph: how many, which ways passed how often, words kept."""
    passed: Counter[str] = Counter()
    count = kept = whole = 0
    for path in sorted(folder.glob("pages/*.html.gz")):
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        ends = [found.end() for found in re.finditer(r"</p>", html)]
        before = read(html).split()
        if not ends or not before:
            continue
        count += 1
        middle = ends[len(ends) // 2]
        marked = {way: f"{SLIPPED[:-1]} {n}q." for n, way in enumerate(IN_BODY)}
        put = "".join(source.format(marked[way]) for way, source in IN_BODY.items() if "svg" not in source)
        after = read(html[:middle] + put + html[middle:])
        for way, said in marked.items():
            passed[way] += said in after
        remaining = Counter(after.split())
        whole += len(before)
        kept += sum((Counter(before) & remaining).values())
    return count, +passed, kept / max(1, whole)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "eval" / "html")
    given = parser.parse_args()
    passed: set[str] = set()
    lost = 0
    for way, source in [*IN_BODY.items(), *IN_HEAD.items()]:
        html = page(head=source.format(SLIPPED)) if way in IN_HEAD else page(source.format(SLIPPED))
        for name, whole in settings(html).items():
            text = read(whole)
            if "Zorg" in text:
                passed.add(way)
                print(f"  read though hidden ({name}): {way}")
            lost += sum(paragraph not in text for paragraph in PARAGRAPHS)
    shown = [way for way, source in SHOWN.items() if SLIPPED not in read(page(source.format(SLIPPED)))]
    for way in shown:
        print(f"  not read though shown: {way}")
    pages, among_them, kept = among(given.pages)
    for way, times in among_them.items():
        print(f"  read though hidden in {times} of {pages} real pages: {way}")
    real = (
        f"; put into {pages} real pages: {len(among_them)} ways passed, {kept:.2%} of their words kept" if pages else ""
    )
    print(
        f"{len(IN_BODY) + len(IN_HEAD)} ways to hide words, in 3 kinds of page: {len(passed)} passed unflagged, {lost}"
        f" visible paragraphs lost; {len(shown)} of {len(SHOWN)} that only look hidden lost{real}"
    )
    return int(len(passed) > MOST_PASSED or lost > 0 or bool(shown) or (pages > 0 and kept < KEPT))


if __name__ == "__main__":
    sys.exit(main())
