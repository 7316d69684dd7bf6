"""An endpoint that fails in every way: what each fault costs, and that the brief is made of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from faulty import CASES, Case, a_brief, one_question

from summarise.errors import ConfigurationError
from summarise.model import parse
from summarise.model.failures import retry_after


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        assert seconds < 60

    monkeypatch.setattr("summarise.model.transport.sleep", sleep)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_question_costs_just_the_requests_that_its_fault_is_worth(case: Case, tmp_path: Path) -> None:
    one_question(case, tmp_path)


OF_EACH_KIND = ("401", "503", "hang", "refusal", "cut off", "bad JSON", "clock jump", "DNS failure")


@pytest.mark.parametrize("case", [case for case in CASES if case.name in OF_EACH_KIND], ids=lambda case: case.name)
def test_the_brief_is_made_of_the_rest_and_names_its_gap(case: Case, tmp_path: Path) -> None:
    a_brief(case, tmp_path)


def test_a_date_to_wait_for_is_counted_from_the_endpoints_own_clock() -> None:
    headers = {"date": "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:09 GMT"}
    assert retry_after(headers) == 9.0
    assert retry_after({**headers, "date": "yesterday"}) is None


@pytest.mark.parametrize("url", ["http://[", "http://host:port/v1", "http://", "ftp://host/v1", "http://h/v1?key=x"])
def test_an_address_that_is_none_is_told_in_one_line(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--base-url") as caught:
        parse("openai:x", base_url=url, environ={})
    assert "key=x" not in str(caught.value)
