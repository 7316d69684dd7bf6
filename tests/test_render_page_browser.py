"""The page in a real browser, opened from disk: claim to evidence and back, filters, keyboard, dark, print, axe."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browsing import Tab, chromium, opened
from hostile import brief_of, texts
from large_briefs import large_brief
from made_briefs import seeds_brief
from made_briefs import texts as seeds_texts
from made_pages import right_to_left

from summarise.render.page import brief_page

FOCUSED = "document.activeElement"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("page"), brief_page(seeds_brief(), seeds_texts()))


@pytest.fixture
def tab(browser: Any, seeds: Path) -> Iterator[Tab]:
    with opened(browser, seeds) as tab:
        yield tab
        assert tab.complaints == []
        assert tab.asked_for == [seeds.as_uri()] * len(tab.asked_for)


def written(folder: Path, text: str) -> Path:
    file = folder / "brief.html"
    file.write_text(text, encoding="utf-8")
    return file


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and the paths that it was asked for."""
    arrived: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arrived.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", arrived
        server.shutdown()
        thread.join()


def hidden_behind_filters(page: Any, selector: str) -> int:
    return sum(not one.is_visible() for one in page.locator(selector).all())


def in_view(page: Any, selector: str) -> bool:
    inside = "(e) => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
    return bool(page.locator(selector).first.evaluate(inside))


def test_a_claim_opens_its_sentence_in_its_article_highlighted_and_the_way_leads_back(tab: Tab) -> None:
    page = tab.page
    position = page.locator("#positions .pos", has_text="The talks were constructive.")
    position.locator(".refs a").click()
    mark = page.locator("mark.here")
    assert mark.inner_text().startswith('"The meeting was generally constructive')
    assert in_view(page, "mark.here")
    assert page.locator("article.source.shown").count() == 1
    assert "The talks were constructive." in page.locator("#for-claim").inner_text()
    assert "Bogdanov" in page.locator("#for-claim").inner_text()
    assert "own words" in page.locator("#came").inner_text()
    assert "000_b0d3ce1afcac1d89.txt" in page.locator("#in-article").inner_text()
    assert position.is_visible()
    page.click("#to-claim")
    assert page.evaluate(f"{FOCUSED}.closest('.pos').textContent").find("constructive") > 0
    page.keyboard.press("Escape")
    assert not page.locator("#articles").is_visible()


def test_several_sentences_of_a_claim_are_gone_through_across_articles(tab: Tab) -> None:
    page = tab.page
    page.locator("#positions .pos", has_text="The talks have stalled.").locator(".refs a").first.click()
    assert page.locator("#place").inner_text() == "1 of 2"
    first = page.locator("article.shown h3").inner_text()
    page.click("#later")
    assert page.locator("#place").inner_text() == "2 of 2"
    assert page.locator("article.shown h3").inner_text() != first
    assert "stalled" in page.locator("mark.here").inner_text()
    assert page.locator("#later").is_disabled()


def test_the_browsers_way_back_leaves_the_evidence(tab: Tab) -> None:
    page = tab.page
    page.locator("#positions .refs a").first.click()
    page.go_back()
    page.locator("#articles").wait_for(state="hidden")


def test_an_article_tells_everything_that_was_taken_from_it_and_a_sentence_all_that_rests_on_it(tab: Tab) -> None:
    page = tab.page
    page.locator("#files tbody a").first.click()
    page.click("#taken")
    rows = page.locator("#users li")
    assert rows.count() > 10
    assert {"Positions by issue", "Timeline", "Where accounts differ"} <= {
        row.split(":")[0] for row in rows.all_inner_texts()
    }
    used_often = page.locator("article.shown sup", has=page.locator("a + a")).first
    used_often.locator("a").first.click()
    assert rows.count() > 1
    rows.first.locator("a").first.click()
    assert page.locator("main :target").count() == 1
    page.click("#dim")
    assert page.locator("article.shown mark").first.evaluate("(e) => getComputedStyle(e).opacity") != "1"


def test_a_cell_of_the_map_leads_to_the_positions_behind_it(tab: Tab) -> None:
    page = tab.page
    page.locator("#map a.cell", has_text="against").click()
    assert "against" in page.locator(".pos:target").inner_text()
    assert in_view(page, ".pos:target")


def test_filters_by_actor_issue_and_outlet_leave_what_concerns_them(tab: Tab) -> None:
    page = tab.page
    every = page.locator(".pos").count()
    page.select_option("#only-a", label="Mikhail Bogdanov")
    assert page.locator("#shown").inner_text() == f"3 of {every} positions"
    assert page.locator("#map tbody tr:visible").count() == 1
    assert page.locator(".issue:visible").count() == 3
    page.select_option("#only-i", label="The talks in Damascus")
    assert page.locator(".pos:visible").count() == 1
    assert page.locator("#map thead th:visible").count() == 2
    page.click("#clear")
    assert page.locator(".pos:visible").count() == every
    page.select_option("#only-o", index=2)
    assert 0 < page.locator(".pos:visible").count() < every
    page.click("#clear")
    page.locator("#who .only").first.click()
    assert page.locator("#only-a").input_value() != ""
    assert hidden_behind_filters(page, ".pos") > 0


def test_a_link_into_what_a_filter_hides_takes_the_filter_away(tab: Tab) -> None:
    page = tab.page
    target = page.locator(".pos").last.get_attribute("id")
    page.select_option("#only-a", index=1)
    assert not page.locator(f"#{target}").is_visible()
    page.evaluate(f"location.hash = '{target}'")
    page.locator(f"#{target}").wait_for(state="visible")
    assert page.locator("#only-a").input_value() == ""


def test_the_map_sorts_by_name_and_by_stance_and_gives_back_the_order_of_the_brief(tab: Tab) -> None:
    page = tab.page
    names = page.locator("#map tbody th")
    given = names.all_inner_texts()
    sort = page.locator("#map .sort").first
    sort.click()
    assert names.all_inner_texts() == sorted(given, key=str.casefold)
    assert page.locator("#map th[aria-sort=ascending]").count() == 1
    sort.click()
    assert names.all_inner_texts() == sorted(given, key=str.casefold, reverse=True)
    sort.click()
    assert names.all_inner_texts() == given
    page.locator("#map .sort").nth(1).click()
    first = page.locator("#map tbody tr").first.locator("td").first
    assert first.locator("a").count() == 1, "who says nothing on the issue comes last"


def test_everything_can_be_done_with_the_keyboard_alone(tab: Tab) -> None:
    page = tab.page
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate(f"{FOCUSED}.textContent") == "Skip to the brief"
    keys.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "brief"
    while not page.evaluate(f"{FOCUSED}.matches('.refs a')"):
        keys.press("Tab")
    claim = page.evaluate(f"{FOCUSED}.closest('.item').id")
    keys.press("Enter")
    page.wait_for_function(f"{FOCUSED}.matches('mark')")  # the page follows a link when the browser tells it of one
    for name in ("close", "dim", "taken", "to-claim"):
        page.focus(f"#{name}")
        outline = page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle")
        assert outline == "solid", f"the focus on {name} cannot be seen"
    keys.press("Enter")
    assert page.evaluate(f"{FOCUSED}.closest('.item').id") == claim
    keys.press("Escape")
    assert not page.locator("#articles").is_visible()
    page.focus("#only-a")
    keys.press("ArrowDown")
    assert page.locator("#shown").inner_text() != ""
    while not page.evaluate(f"{FOCUSED}.matches('.sort')"):
        keys.press("Tab")
    keys.press("Space")
    assert page.locator("#map th[aria-sort]").count() == 1


def test_it_is_dark_where_dark_is_asked_for(browser: Any, seeds: Path) -> None:
    def brightness(tab: Tab, what: str) -> int:
        colour = tab.page.evaluate(f"getComputedStyle(document.documentElement).{what}")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    with opened(browser, seeds, color_scheme="dark") as dark, opened(browser, seeds) as light:
        assert brightness(dark, "backgroundColor") < 120 < 600 < brightness(light, "backgroundColor")
        assert brightness(dark, "color") > 600 > 120 > brightness(light, "color")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, seeds: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, seeds, color_scheme=scheme) as tab:
        tab.page.locator("#positions .refs a").first.click()
        found = axe.run(tab.page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response
    problems = [(v["id"], v["impact"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]
    assert [one for one in problems if one[1] in ("serious", "critical")] == []


def test_it_prints_with_its_articles_and_without_its_controls(browser: Any, seeds: Path) -> None:
    with opened(browser, seeds) as tab:
        pdf = tab.page.pdf(format="A4")
        tab.page.emulate_media(media="print")
        assert tab.page.locator("article.source:visible").count() == 2
        assert not tab.page.locator("nav.top").is_visible()
        assert not tab.page.locator("#bar").is_visible()
        assert tab.page.locator("#map table").is_visible()
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 20_000


def test_without_javascript_it_is_a_readable_document(browser: Any, seeds: Path) -> None:
    with opened(browser, seeds, java_script_enabled=False) as tab:
        page = tab.page
        assert page.locator("article.source").count() == 2
        assert all(one.is_visible() for one in page.locator("article.source").all())
        assert not any(one.is_visible() for one in page.locator(".js-only").all())
        page.locator("#positions .refs a").first.click()
        assert page.locator("mark:target").count() == 1
        page.locator("mark:target + sup a").first.click()
        assert page.locator("main :target").count() == 1


def test_on_a_telephone_the_article_covers_the_brief_and_nothing_is_cut_off_at_the_side(
    browser: Any, seeds: Path
) -> None:
    with opened(browser, seeds, size=(375, 800), has_touch=True, is_mobile=True) as tab:
        page = tab.page
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
        page.locator("#positions .refs a").first.tap()
        assert page.locator("#articles").bounding_box()["width"] >= 370
        assert page.evaluate("document.getElementById('brief').inert")
        page.locator("#to-claim").tap()
        assert not page.locator("#articles").is_visible()
        assert not page.evaluate("document.getElementById('brief').inert")


def test_an_article_that_is_written_from_right_to_left_is_set_so(browser: Any, tmp_path: Path) -> None:
    brief, held = right_to_left()
    with opened(browser, written(tmp_path, brief_page(brief, held))) as tab:
        tab.page.locator("#positions .refs a").first.click()
        mark = tab.page.locator("mark.here")
        assert mark.evaluate("(e) => getComputedStyle(e.closest('p')).direction") == "rtl"
        assert tab.page.locator("#positions .pos").evaluate("(e) => getComputedStyle(e).direction") == "ltr"
        assert tab.complaints == []


def test_200_articles_open_filter_and_scroll(browser: Any, tmp_path: Path) -> None:
    large = large_brief(200, words=150)
    with opened(browser, written(tmp_path, brief_page(large.brief, large.texts))) as tab:
        page = tab.page
        assert page.locator("article.source:visible").count() == 0
        page.locator("#positions .refs a").nth(500).click()
        assert in_view(page, "mark.here")
        assert page.locator("article.source:visible").count() == 1
        page.keyboard.press("Escape")
        page.select_option("#only-a", index=3)
        assert 0 < page.locator(".issue:visible").count() <= len(large.brief.issues)
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        assert tab.complaints == []


def test_the_policy_lets_no_script_run_and_no_request_leave_even_if_markup_came_in(
    browser: Any, seeds: Path, tmp_path: Path
) -> None:
    with listening() as (address, arrived):
        evil = (
            f"<script>window.hit = 1</script><img src={address}/x.png onerror='window.hit = 2'>"
            f"<link rel=stylesheet href={address}/x.css><iframe src={address}/></iframe>"
            f"<p style='background:url({address}/y.png)'>"
        )
        page = seeds.read_text(encoding="utf-8").replace("</main>", evil + "</main>")
        with opened(browser, written(tmp_path, page)) as tab:
            assert tab.page.locator("main script").count() == 1, "it stands in the page"
            assert tab.page.evaluate("window.hit === undefined"), "and does not run"
            tab.page.evaluate(f"fetch('{address}/z').catch(() => 0)")
            assert any("Content Security Policy" in one for one in tab.complaints)
        assert arrived == []


def test_hostile_texts_run_nothing_load_nothing_and_are_shown(browser: Any, tmp_path: Path) -> None:
    for seed in range(2):
        large = brief_of(texts(seed), dates=True)
        file = written(tmp_path, brief_page(large.brief, large.texts))
        with opened(browser, file) as tab:
            tab.page.locator("#positions .refs a").first.click()
            tab.page.select_option("#only-a", index=1)
            tab.page.click("#taken")
            assert tab.complaints == []
            assert {url.partition("#")[0] for url in tab.asked_for} <= {file.as_uri()}
            found = "document.querySelectorAll('main script, img, iframe, object, embed, base, form, link, main style')"
            assert tab.page.evaluate(f"{found}.length") == 0
            assert tab.page.evaluate("document.querySelectorAll('body *:not(a)[href]').length") == 0
