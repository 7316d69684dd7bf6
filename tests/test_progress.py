"""One line on a terminal, nothing elsewhere."""

from __future__ import annotations

import io

import pytest

from summarise.pipeline import Progress
from summarise.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_sees_how_far_the_run_is_and_the_line_is_cleared_at_the_end() -> None:
    screen = Terminal()
    with ProgressLine(screen) as line:
        line(Progress("note", 1, 1, "a.txt"))
    assert screen.getvalue() == "\r\x1b[Knote 1/1 a.txt\r\x1b[K"


def test_a_stage_of_unknown_length_is_named_without_numbers() -> None:
    screen = Terminal()
    ProgressLine(screen)(Progress("reconcile", 0, 0, ""))
    assert screen.getvalue() == "\r\x1b[Kreconcile …"


def test_anything_but_a_terminal_sees_nothing() -> None:
    stream = io.StringIO()
    with ProgressLine(stream) as line:
        line(Progress("note", 1, 1, "a.txt"))
    assert stream.getvalue() == ""


def test_a_dumb_terminal_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = Terminal()
    ProgressLine(screen)(Progress("note", 1, 1, "a.txt"))
    assert screen.getvalue() == ""


def test_a_file_name_can_neither_move_the_cursor_nor_fill_a_second_line() -> None:
    screen = Terminal()
    ProgressLine(screen)(Progress("note", 1, 1, "\x1b[2J\n" + "x" * 500))
    shown = screen.getvalue().removeprefix("\r\x1b[K")
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert len(shown) < 80


def test_many_events_in_a_moment_are_drawn_once() -> None:
    screen = Terminal()
    line = ProgressLine(screen)
    for done in range(1, 100):
        line(Progress("note", done, 1000, "a.txt"))
    assert screen.getvalue().count("\r") == 1
