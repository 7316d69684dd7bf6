"""`brief.md`: everything in the brief, every item with its evidence, nothing as markup that an article said."""

from __future__ import annotations

import re

import pytest
from large_briefs import large_brief
from made_briefs import FIRST, SECOND, run, seeds_brief, source
from markdown_it import MarkdownIt

from summarise.contract import Brief, Flag
from summarise.render.markdown import brief_markdown, markdown_pieces

HOSTILE = (
    "](http://evil.example) <img src=x onerror=alert(1)> \x1b]52;c;QUJD\x07 | # x\n\n## Files \u202e www.evil.example"
)


def shown(brief: Brief) -> str:
    """The text of the page as a reader sees it."""
    html = MarkdownIt("gfm-like").render(brief_markdown(brief))
    return (
        re.sub(r"<[^>]+>", "", html)
        .replace("&quot;", '"')
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


def hostile_brief() -> Brief:
    """The seeds' brief in which every text that an article or a model can set is hostile."""

    def poison(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: poison(one, name) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [poison(one, key) for one in value]
        free = (
            "title",
            "text",
            "name",
            "role",
            "aliases",
            "statement",
            "via",
            "summary",
            "question",
            "why_open",
            "quote",
        )
        more = (
            "settled_by",
            "what",
            "about",
            "value",
            "according_to",
            "report",
            "note",
            "reason",
            "outlet",
            "path",
            "joins",
        )
        return HOSTILE if isinstance(value, str) and key in (*free, *more) else value

    data = seeds_brief().model_dump(by_alias=True)
    return Brief.model_validate({name: one if name == "run" else poison(one, name) for name, one in data.items()})


def test_the_sections_come_in_the_order_in_which_one_reads_a_brief() -> None:
    headings = re.findall(r"^## (.*)$", brief_markdown(seeds_brief()), re.M)
    assert headings == [
        "Who stands where",
        "Where accounts differ",
        "Still open",
        "Who is who",
        "Positions by issue",
        "Timeline",
        "Particulars",
        "Sources and what they rest on",
        "Files and what became of them",
        "Flags",
        "Left out",
        "Evidence",
    ]


def test_evidence_is_numbered_once_and_in_the_order_of_first_use() -> None:
    body, _, notes = brief_markdown(seeds_brief()).partition("## Evidence")
    used = [int(n) for group in re.findall(r"\\\[([\d, ]+)\\\]", body) for n in group.split(", ")]
    first_uses = list(dict.fromkeys(used))
    assert first_uses == list(range(1, len(first_uses) + 1))
    listed = [int(n) for n in re.findall(r"^- \\\[(\d+)\\\]", notes, re.M)]
    assert listed == first_uses


def test_every_passage_is_given_in_full_with_its_file_and_sentence_number() -> None:
    brief, page = seeds_brief(), shown(seeds_brief())
    for issue in brief.issues:
        for position in issue.positions:
            for evidence in position.evidence:
                path = FIRST if evidence.article == source(FIRST).id else SECOND
                assert f"“{evidence.quote}” — {path}, sentence {evidence.sentence}" in page


def test_every_item_of_the_brief_is_on_the_page() -> None:
    brief, page = seeds_brief(), shown(seeds_brief())
    said = [brief.title, *(s.text for s in brief.summary), *(a.name for a in brief.actors)]
    said += [p.statement for i in brief.issues for p in i.positions] + [e.what for e in brief.events]
    said += [s.statement for d in brief.disagreements for s in d.sides] + [q.question for q in brief.open_questions]
    said += [o.report for o in brief.origins] + [f.note for f in brief.flags] + [r.what for r in brief.left_out]
    said += [a.path for a in brief.articles] + [f.value for f in brief.facts]
    for one in said:
        assert one in page


def test_a_failed_check_is_shown_at_its_position_and_a_passed_one_is_not() -> None:
    page = shown(seeds_brief())
    assert page.count("check failed") == 1
    assert "check failed: numbers, a number is not in its evidence" in page


def test_a_stance_has_a_symbol_and_a_word() -> None:
    assert "− against" in shown(seeds_brief())


def test_a_sentence_that_talks_to_a_machine_is_marked_where_it_is_quoted() -> None:
    passage = seeds_brief().summary[0].evidence[0]
    flag = Flag(kind="addressed_to_machine", note="asks for a verdict", evidence=(passage,))
    page = shown(seeds_brief(flags=(flag,)))
    assert f"[1] ⚑ addressed to a machine: “{passage.quote}”" in page


def test_hostile_text_in_every_field_makes_no_link_image_html_or_control_character() -> None:
    page = brief_markdown(hostile_brief())
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": True}).parse(page)
    kinds = {token.type for block in tokens for token in [block, *(block.children or [])]}
    assert not kinds & {
        "link_open",
        "image",
        "html_inline",
        "html_block",
        "code_inline",
        "code_block",
        "fence",
        "s_open",
        "hr",
    }
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    assert [line for line in page.splitlines() if line.startswith("## Files")] == ["## Files and what became of them"]


def test_hostile_text_changes_no_table() -> None:
    def shape(brief: Brief) -> list[str]:
        return [t.type for t in MarkdownIt("gfm-like").parse(brief_markdown(brief)) if t.type.startswith(("t", "h"))]

    assert shape(hostile_brief()) == shape(seeds_brief())


def test_the_page_does_not_depend_on_when_it_was_made() -> None:
    assert brief_markdown(seeds_brief()) == brief_markdown(
        seeds_brief(run=run(seconds=99.0, started="2031-01-01T00:00:00Z"))
    )


def test_an_empty_brief_is_still_a_page() -> None:
    empty = dict.fromkeys(("summary", "actors", "issues", "disagreements", "open_questions", "events", "facts"), ())
    page = brief_markdown(seeds_brief(title="", complete=False, origins=(), flags=(), left_out=(), **empty))
    assert page.startswith("# Untitled\n")
    assert "INCOMPLETE" in page
    assert "## Evidence" not in page


@pytest.mark.parametrize("complete", [True, False])
def test_the_page_says_whether_the_brief_is_complete(complete: bool) -> None:
    assert ("INCOMPLETE" in brief_markdown(seeds_brief(complete=complete))) is not complete


def test_a_page_can_be_written_in_pieces_none_of_which_is_a_large_part_of_it() -> None:
    brief = large_brief(40).brief
    pieces = list(markdown_pieces(brief))
    assert "".join(pieces) == brief_markdown(brief)
    assert max(map(len, pieces)) < len(brief_markdown(brief)) / 10


def test_between_the_sections_that_there_are_stands_one_empty_line() -> None:
    for brief in (seeds_brief(), seeds_brief(summary=(), events=(), origins=()), seeds_brief(articles=(), issues=())):
        page = brief_markdown(brief)
        assert "\n\n\n" not in page
        assert page.endswith(".*\n")
        assert all(page[found.start() - 2 : found.start()] == "\n\n" for found in re.finditer("^## ", page, re.M))
