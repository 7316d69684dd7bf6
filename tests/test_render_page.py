"""The page as it is written, without a browser: links, policy, marks, and what is shown of every part of a brief."""

from __future__ import annotations

import base64
import hashlib
import re

import lxml.html
import pytest
from large_briefs import large_brief
from lxml.etree import _Element
from made_briefs import FIRST, SECOND, position, seeds_brief, source, texts
from made_pages import lives, right_to_left, since

from summarise.contract import Brief, Evidence, Flag, LeftOut, OverrideEntry
from summarise.render.page import brief_page, page_pieces


def page_of(brief: Brief, held: dict[str, str] | None = None, **more: object) -> _Element:
    return lxml.html.document_fromstring(brief_page(brief, texts() if held is None else held, **more))  # type: ignore[arg-type]


def section(tree: _Element, name: str) -> str:
    (found,) = tree.xpath(f"//*[@id='{name}']")
    return " ".join(found.text_content().split())


def test_every_link_leads_to_one_place_of_the_page() -> None:
    for brief, held in ((seeds_brief(), texts()), (large_brief(12).brief, dict(large_brief(12).texts))):
        tree = page_of(brief, held, changes=since(brief), lives=lives(brief))
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        links = [one.get("href") for one in tree.iter() if one.get("href")]
        assert links
        assert {link.removeprefix("#") for link in links} <= set(ids)


def test_the_policy_names_the_one_style_and_the_one_script_by_their_hashes_and_nothing_else() -> None:
    tree = page_of(seeds_brief())
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    text = brief_page(seeds_brief(), texts())
    for name in ("style", "script"):
        (inside,) = re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not {name for one in tree.iter() for name in one.attrib if name in ("src", "style") or name[:2] == "on"}
    assert not re.search(r"https?:|@import|url\(|innerHTML|eval\(|fetch\(", text.split("<body>")[0])


def test_the_same_brief_gives_the_same_page() -> None:
    assert brief_page(seeds_brief(), texts()) == brief_page(seeds_brief(), texts())


def test_every_part_of_a_brief_is_on_the_page() -> None:
    brief = seeds_brief()
    tree = page_of(brief)
    for one in brief.summary:
        assert one.text in section(tree, "short")
    for issue in brief.issues:
        assert issue.title in section(tree, "map")
        for held in issue.positions:
            assert held.statement in section(tree, "positions")
    for side in (side for one in brief.disagreements for side in one.sides):
        assert side.statement in section(tree, "differ")
    for question in brief.open_questions:
        assert question.question in section(tree, "open")
        assert question.why_open in section(tree, "open")
    for event in brief.events:
        assert event.what in section(tree, "timeline")
    for actor in brief.actors:
        assert actor.name in section(tree, "who")
    for fact in brief.facts:
        assert fact.value in section(tree, "facts")
    for origin in brief.origins:
        assert origin.report in section(tree, "origins")
    for article in brief.articles:
        assert article.path in section(tree, "files")
    assert brief.left_out[0].reason in section(tree, "left-out")
    assert brief.flags[0].note in section(tree, "flags")


def test_every_quotation_stands_marked_in_its_article_and_links_back_to_what_rests_on_it() -> None:
    brief = seeds_brief()
    tree = page_of(brief)
    for held in (p for issue in brief.issues for p in issue.positions):
        (item,) = (one for one in tree.xpath("//li[contains(@class, 'pos')]") if held.statement in one.text_content())
        shown = []
        for link in item.xpath(".//*[@class='refs']/a"):
            (mark,) = tree.xpath(f"//mark[@id='{link.get('href')[1:]}']")
            shown.append(mark.text_content())
            back = mark.getnext().xpath("./a/@href")
            assert "#" + item.get("id") in back
        assert sorted(shown) == sorted({one.quote for one in held.evidence})


def test_the_whole_text_of_an_article_is_there_once() -> None:
    tree = page_of(seeds_brief())
    shown = tree.xpath("//article[contains(@class, 'source')]")
    for article, text in zip(shown, (source(FIRST).text, source(SECOND).text), strict=True):
        (body,) = article.xpath("./div[@class='text']")
        for number in body.xpath(".//sup"):
            number.drop_tree()
        assert " ".join(body.text_content().split()).replace(" ", "") == "".join(text.split())


def test_what_was_read_and_left_out_is_marked_as_such_and_no_part_of_what_was_taken() -> None:
    trade = source(FIRST).evidence("trade and economic cooperation")
    left = LeftOut(kind="position", what="Trade.", reason="nobody's position", evidence=(trade,))
    tree = page_of(seeds_brief(left_out=(left,)))
    (mark,) = tree.xpath("//mark[@class='left']")
    assert mark.text_content() == trade.quote
    before = page_of(seeds_brief(left_out=()))
    taken = "//*[@id='files']//tbody/tr[1]/td[last()]"
    assert tree.xpath(taken)[0].text_content() == before.xpath(taken)[0].text_content()


def test_sentences_that_overlap_and_sentences_that_are_not_in_the_text_stay_in_reach() -> None:
    text = "One sentence here. And another one.\n\nThe last."
    brief, _ = right_to_left()

    def evidence(start: int, end: int, quote: str = "") -> Evidence:
        return Evidence(article="a-00000001", sentence=1, start=start, end=end, quote=quote or text[start:end])

    held = (
        position("p1", "w1", "supports", "First.", evidence(0, 18)),
        position("p2", "w1", "supports", "Both.", evidence(4, 35)),
        position("p3", "w1", "supports", "Across.", evidence(30, 46)),
        position("p4", "w1", "supports", "Invented.", evidence(0, 5, "never said")),
        position("p5", "w1", "supports", "Beyond.", evidence(40, 400, "The last.")),
    )
    brief = brief.model_copy(
        update={
            "issues": (brief.issues[0].model_copy(update={"positions": held}),),
            "actors": (brief.actors[0].model_copy(update={"evidence": ()}),),
        }
    )
    tree = page_of(brief, {"a-00000001": text})
    hrefs = [link.get("href")[1:] for link in tree.xpath("//*[@class='refs']/a")]
    assert len(hrefs) == 5
    for anchor in hrefs:
        assert len(tree.xpath(f"//*[@id='{anchor}']")) == 1
    assert [one.text_content() for one in tree.xpath("//*[@class='orphans']//mark")] == ["never said", "The last."]
    marked = tree.xpath("//div[@class='text']//mark")
    assert "".join(one.text_content() for one in marked) == text.replace("\n\n", "")


def test_without_the_texts_the_quotations_are_still_there() -> None:
    tree = page_of(seeds_brief(), {})
    assert tree.xpath("//article[contains(@class, 'source')]") == []
    assert source(FIRST).evidence("generally constructive").quote in section(tree, "articles")


def test_a_cell_of_the_map_tells_the_stance_in_a_word_the_origins_in_a_number_and_what_is_amiss() -> None:
    tree = page_of(seeds_brief())
    (row,) = (one for one in tree.xpath("//table[@class='map']/tbody/tr") if "Bogdanov" in one[0].text_content())
    cells = [" ".join(one.text_content().split()) for one in row.xpath(".//a[contains(@class, 'cell')]")]
    assert any(cell.startswith("assesses") and "1 origin" in cell for cell in cells)
    assert row.xpath(".//*[@aria-label='a check failed']")
    words = {one.text_content() for one in tree.xpath("//*[contains(@class, 'st ')]")}
    assert {"against", "offers", "denies", "no comment"} <= words
    style = tree.xpath("//style")[0].text
    assert '.opposes::before { content: "−"' in style


def test_many_issues_are_shown_in_tables_of_a_width_one_can_read() -> None:
    large = large_brief(200, words=60)
    tree = page_of(large.brief, dict(large.texts))
    tables = tree.xpath("//table[@class='map']")
    assert len(tables) == 4
    assert all(len(table.xpath("./thead/tr/th")) <= 10 for table in tables)
    shown = {th.text_content().rstrip("↕") for table in tables for th in table.xpath("./thead/tr/th")[1:]}
    assert shown == {issue.title for issue in large.brief.issues}


def test_reports_that_differ_are_quoted_side_by_side() -> None:
    quotes = [one.text_content() for one in page_of(seeds_brief()).xpath("//*[@id='differ']//blockquote")]
    assert len(quotes) == 2
    assert "to remove military equipment" in quotes[0]
    assert "to unload military equipment" in quotes[1]


def test_what_changed_is_told_at_the_top_and_marked_in_place() -> None:
    brief = seeds_brief()
    tree = page_of(brief, changes=since(brief))
    told = section(tree, "changed")
    assert "7 changes since version 2 of 29 January 2025, 10:00 UTC: 1 stance changed" in told
    assert "Turkey now opposes: it (before: undecided" in told
    assert tree.xpath("//*[@id='changed']//s")[0].text_content() == "will not comment."
    (changed,) = tree.xpath("//li[contains(@class, 'pos')][.//*[text()='was: ? undecided']]")
    assert "Opposes" in changed.text_content()
    assert tree.xpath("//li[contains(@class, 'pos')]//*[@class='badge new' and text()='new']")
    assert tree.xpath("//a[@class='more']")
    assert not page_of(brief).xpath("//*[@id='changed']")
    assert not page_of(brief, changes=since(brief, first=True)).xpath("//*[@id='changed']")


def test_a_question_tells_its_life_and_questions_that_are_gone_are_listed() -> None:
    brief = seeds_brief()
    tree = page_of(brief, lives=lives(brief))
    assert "open in version 1, 28 January 2025" in section(tree, "open")
    assert "→ partly answered in version 3" in section(tree, "open")
    assert "No longer asked: 1Who paid for the wheat?" in section(tree, "open")


def test_checks_that_failed_are_shown_where_they_failed_and_together() -> None:
    tree = page_of(seeds_brief())
    (item,) = (one for one in tree.xpath("//li[contains(@class, 'pos')]") if "nothing changes" in one.text_content())
    assert "⚠ check failed: numbers, a number is not in its evidence" in " ".join(item.text_content().split())
    assert f"#{item.get('id')}" in tree.xpath("//*[@id='checks']//a/@href")


def test_what_a_person_set_and_what_of_it_fits_nothing_is_shown_as_such() -> None:
    brief = seeds_brief()
    first = brief.issues[0].positions[0]
    issues = (
        brief.issues[0].model_copy(
            update={"positions": (first.model_copy(update={"by": "person"}), *brief.issues[0].positions[1:])}
        ),
        *brief.issues[1:],
    )
    overrides = (
        OverrideEntry(kind="wrong", what="Russia opposes it", applied=True, items=(first.id,), note=""),
        OverrideEntry(kind="drop", what="the trade talks", applied=False, items=("gone",), note="fits nothing here"),
    )
    tree = page_of(brief.model_copy(update={"issues": issues, "overrides": overrides}))
    (item,) = (one for one in tree.xpath("//li[contains(@class, 'pos')]") if one.xpath(".//*[@class='badge person']"))
    assert first.statement in item.text_content()
    assert f"#{item.get('id')}" in tree.xpath("//*[@id='corrections']//a/@href")
    assert "⚠ does not fit (any more) the trade talks (fits nothing here)" in section(tree, "corrections")
    assert tree.xpath("//table[@class='map']//*[@aria-label='corrected by a person']")


def test_sentences_that_talk_to_a_machine_are_marked_in_the_article() -> None:
    evidence = source(FIRST).evidence("generally constructive")
    flag = Flag(kind="addressed_to_machine", note="asks to be praised", evidence=(evidence,))
    tree = page_of(seeds_brief(flags=(flag,)))
    assert [one.text_content() for one in tree.xpath("//mark[@class='machine']")] == [evidence.quote]


def test_an_incomplete_brief_says_so_before_anything_else_and_every_file_is_listed_with_its_reason() -> None:
    brief = seeds_brief()
    failed = source(FIRST).entry(id="a-x", path="third.txt", status="failed", reason="no answer")
    tree = page_of(brief.model_copy(update={"complete": False, "articles": (*brief.articles, failed)}))
    assert "third.txt" in tree.xpath("//p[@class='warning']")[0].text_content()
    assert "failed: no answer" in section(tree, "files")


def test_an_empty_brief_is_a_page_too() -> None:
    nothing = {name: () for name, kind in Brief.model_fields.items() if "tuple" in str(kind.annotation)}
    tree = page_of(seeds_brief(title="", **nothing), {})
    assert tree.findtext(".//h1") == "Untitled"
    assert tree.xpath("//main/section") == []


@pytest.mark.parametrize("name", ["a", "../x", "a b", '"><script>', "é", ""])
def test_ids_that_are_not_of_our_making_still_give_anchors_of_ours(name: str) -> None:
    brief = seeds_brief()
    first = brief.issues[0]
    odd = first.model_copy(update={"id": name, "positions": (first.positions[0].model_copy(update={"id": name}),)})
    tree = page_of(brief.model_copy(update={"issues": (odd,), "disagreements": ()}))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", one.get("id")) for one in tree.iter() if one.get("id"))


def test_twenty_articles_take_less_than_300_kilobytes_beyond_their_own_text() -> None:
    large = large_brief(20)
    size = len(brief_page(large.brief, large.texts).encode())
    assert size - sum(len(text.encode()) for text in large.texts.values()) < 300_000


def test_outlets_of_one_name_are_one_filter_and_articles_without_one_go_by_their_file() -> None:
    tree = page_of(seeds_brief())
    options = [one.text_content() for one in tree.xpath("//select[@id='only-o']/option")]
    assert options[0] == "All outlets"
    assert len(options) == 1 + len({one.outlet or one.path for one in seeds_brief().articles})


def test_a_page_can_be_written_in_pieces_none_of_which_is_a_large_part_of_it() -> None:
    large = large_brief(40)
    more = {"changes": since(large.brief), "lives": lives(large.brief)}
    pieces = list(page_pieces(large.brief, large.texts, **more))
    page = brief_page(large.brief, large.texts, **more)
    assert "".join(pieces) == page
    assert max(map(len, pieces)) < len(page) / 10


def test_a_passage_over_several_paragraphs_is_marked_in_each_of_them_and_named_once() -> None:
    text = "One.\n\nTwo is here.\n \nThree.\n\n\nFour."
    start, end = text.index("is"), text.index("ree.")
    wide = Evidence(article="a", sentence=1, start=start, end=end, quote=text[start:end])
    four = Evidence(article="a", sentence=2, start=text.index("Four"), end=len(text), quote="Four.")
    brief = seeds_brief()
    entry = brief.articles[0].model_copy(update={"id": "a", "title": "Three."})
    held = (position("p-1", "russia", "supports", "It.", wide), position("p-2", "russia", "opposes", "Not it.", four))
    issues = (brief.issues[0].model_copy(update={"positions": held}),)
    nothing = dict.fromkeys(("summary", "actors", "disagreements", "open_questions", "events", "facts", "left_out"), ())
    more = {"issues": issues, "articles": (entry,), "origins": (), "flags": ()}
    tree = page_of(brief.model_copy(update=nothing | more), {"a": text})
    paragraphs = tree.xpath("//div[@class='text']/p")
    for number in tree.xpath("//div[@class='text']//sup"):
        number.drop_tree()
    assert [one.text_content() for one in paragraphs] == ["One.", "Two is here.", "Three.", "Four."]
    assert [[mark.text for mark in one.xpath("./mark")] for one in paragraphs] == [[], ["is here."], ["Th"], ["Four."]]
    assert [mark.get("id") for mark in tree.xpath("//div[@class='text']//mark")] == ["e1", None, "e2"]
    assert [one.get("class") for one in paragraphs] == [None, None, "headline", None]
