"""How large the page is and how it behaves in a headless Chromium: bytes, first paint, and the time from a click to the
frame that shows its effect, with the main thread's own time beside it, which does not depend on what else the machine
does.

    python bench/page.py [--articles 20 200] [--words 900] [--chromium /usr/bin/chromium]

The briefs are made by code. Bytes "beyond the texts" are those of the page less those of the articles themselves. Each
time is the median of `--runs` fresh loads from disk; the first paint counts from the beginning of the navigation.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from large_briefs import large_brief  # noqa: E402

from summarise.render.page import brief_page  # noqa: E402

# Two frames after the action the effect of it has been painted.
TIMED = """async () => {
  const action = () => { %s };
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  const before = performance.now();
  await action();
  await frame();
  await frame();
  return performance.now() - before;
}"""
SCROLL = """async () => {
  const frames = [];
  let last = performance.now();
  for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return {median: frames[frames.length >> 1], p99: frames[Math.floor(frames.length * .99)], worst: frames.at(-1)};
}"""
ACTIONS = {
    "evidence opened": "document.querySelector('#positions .refs a').click()",
    "next passage": "document.getElementById('later').click()",
    "article closed": "document.getElementById('close').click()",
    "filtered by actor": "const a = window['only-a']; a.value = 2; a.dispatchEvent(new Event('change'))",
    "filter cleared": "document.getElementById('clear').click()",
    "map sorted": "document.querySelector('.map .sort').click()",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--words", type=int, default=900)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    options = parser.parse_args()

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        print(f"Chromium {browser.version}, {options.words} words an article, medians of {options.runs}")
        for articles in options.articles:
            large = large_brief(articles, words=options.words)
            began = time.perf_counter()
            page = brief_page(large.brief, large.texts)
            took = time.perf_counter() - began
            own = sum(len(text.encode()) for text in large.texts.values())
            size = len(page.encode())
            held = sum(len(issue.positions) for issue in large.brief.issues)
            print(f"\n{articles} articles, {held} positions:", end=" ")
            print(f"{size / 1000:.0f} kB, {(size - own) / 1000:.0f} kB beyond the texts")
            print(f"  {'rendered by Python':24} {1000 * took:7.0f} ms")
            path = Path(scratch) / f"{articles}.html"
            path.write_text(page, encoding="utf-8")
            times: dict[str, list[float]] = {}
            work: dict[str, list[float]] = {}
            for _ in range(options.runs):
                tab = browser.new_page(viewport={"width": 1440, "height": 900})
                session = tab.context.new_cdp_session(tab)
                session.send("Performance.enable", {"timeDomain": "threadTicks"})
                tab.goto(path.as_uri())
                paint = None
                while paint is None:  # the policy of the page forbids Playwright's own waiting
                    paint = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
                times.setdefault("first paint", []).append(paint)
                loaded = tab.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
                times.setdefault("ready", []).append(loaded)
                worked = _worked(session)
                work.setdefault("ready", []).append(worked)
                for name, action in ACTIONS.items():
                    times.setdefault(name, []).append(tab.evaluate(TIMED % action))
                    now = _worked(session)
                    work.setdefault(name, []).append(now - worked)
                    worked = now
                scrolled = tab.evaluate(SCROLL)
                for name in ("median", "p99", "worst"):
                    times.setdefault(f"scrolled, {name} frame", []).append(scrolled[name])
                tab.close()
            for name, measured in times.items():
                of_its_own = f"   main thread {statistics.median(work[name]):5.0f} ms" if name in work else ""
                print(f"  {name:24} {statistics.median(measured):7.0f} ms{of_its_own}")
        browser.close()


def _worked(session: CDPSession) -> float:
    """Milliseconds for which the page's main thread has run so far."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(metrics["TaskDuration"])


if __name__ == "__main__":
    main()
