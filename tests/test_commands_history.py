"""`summarise diff`, `log` and `show --version`: what stdout gets, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from test_history import SERIES, put, three_versions

from summarise.change import Changes
from summarise.commands.history import run_diff, run_log, run_show_version
from summarise.render.canonical import brief_json
from summarise.render.markdown import brief_markdown
from summarise.settings import ChangesFormat, Format
from summarise.store import Series, Store

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        for brief in three_versions():
            put(opened, brief)
        yield opened


def validated(name: str, text: str) -> dict[str, object]:
    data = json.loads(text)
    Draft202012Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8"))).validate(data)
    return data  # type: ignore[no-any-return]


def test_diff_says_in_words_what_changed(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_diff(store, SERIES, (1, 2)) == 0
    out, err = capsys.readouterr()
    assert out.startswith("2 changes since version 1 of ")
    assert "• Answered: Who pays? (before: open)\n    “Moscow will pay for the bases, it said.” second.txt" in out
    assert "• New article: second.txt" in out
    assert err == ""


def test_diff_as_markdown_and_as_json_says_the_same(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_diff(store, SERIES, (1,), form=ChangesFormat.MD) == 0
    page = capsys.readouterr().out
    assert page.startswith("## What changed\n")
    assert "- **Answered**: At whose cost?" in page
    assert run_diff(store, SERIES, (1,), form=ChangesFormat.JSON) == 0
    told = Changes.model_validate(validated("changes.schema.json", capsys.readouterr().out))
    assert [change.kind for change in told.changes] == ["question_answered", "article_added"]


def test_a_version_that_does_not_exist_ends_with_2_and_one_line(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    for end in (run_diff(store, SERIES, (9,)), run_show_version(store, SERIES, 9), run_log(store, Series("x", ""))):
        assert end == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 3
    assert err.splitlines()[0] == "summarise: /news/bases: there is no version 9; there are 1–3"


def test_three_versions_cannot_be_compared(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_diff(store, SERIES, (1, 2, 3)) == 2
    assert "name one or two" in capsys.readouterr().err


def test_log_has_a_line_a_version_and_follows_its_schema(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_log(store, SERIES) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["version 3", "version 2", "version 1"]
    assert lines[0].endswith("2 articles; only wording changed; INCOMPLETE")
    assert lines[1].endswith("2 articles (1 added); 1 question answered; complete")
    assert run_log(store, SERIES, as_json=True) == 0
    assert len(validated("log.schema.json", capsys.readouterr().out)["versions"]) == 3  # type: ignore[arg-type]


def test_log_of_questions_tells_their_lives_and_follows_its_schema(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_log(store, SERIES, questions=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "At whose cost?"
    assert [line.split()[0] for line in lines[1:]] == ["opened", "answered"]
    assert run_log(store, SERIES, questions=True, as_json=True) == 0
    validated("question-lives.schema.json", capsys.readouterr().out)


def test_a_version_is_shown_again_in_every_format(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    first = three_versions()[0]
    assert run_show_version(store, SERIES, 1, form=Format.JSON) == 0
    assert capsys.readouterr().out == brief_json(first)
    assert run_show_version(store, SERIES, 1, form=Format.MD) == 0
    assert capsys.readouterr().out == brief_markdown(first)
    assert run_show_version(store, SERIES, 1) == 0
    assert "Who pays?" in capsys.readouterr().out
    assert run_show_version(store, SERIES, form=Format.JSON) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is False
