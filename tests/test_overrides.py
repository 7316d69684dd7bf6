"""The file of corrections: what is read, what is refused and how, and what writing leaves as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise import overrides
from summarise.errors import ConfigurationError
from summarise.overrides import (
    Close,
    Drop,
    Join,
    Override,
    Overrides,
    Part,
    Pin,
    Refile,
    Rename,
    Wrong,
    load_overrides,
    overrides_path,
    parsed,
)
from summarise.overrides_lines import with_added, without

FILE = Path("overrides.yaml")
ALL = """\
# summarise overrides/1
- join: [the Kremlin, Russia]          # one actor
- part: [Kim Jong-un, Kim Dae-jung]

# the group's own name
- rename: {actor: HTS, to: Hayat Tahrir al-Sham}
- refile: {quote: "we hope to keep the bases", actor: Russia, issue: Future of the bases}
- close:
    question: "Will the bases stay?"
    quote: "nobody knows"
    answer_quote: "the bases will stay"
- drop: {question: "Who pays?", because: asked by nobody}
- wrong: {quote: said the minister, because: "no: the other minister"}
- pin:
    quote: >-
      we hope to keep
      the bases
    statement: Hopes to keep the bases.
    stance: supports
"""
EVERY: tuple[Override, ...] = (
    Join(names=("the Kremlin", "Russia")),
    Part(names=("Kim Jong-un", "Kim Dae-jung")),
    Rename(actor="HTS", to="Hayat Tahrir al-Sham"),
    Refile(quote="we hope to keep the bases", actor="Russia", issue="Future of the bases"),
    Close(question="Will the bases stay?", quote="nobody knows", answer_quote="the bases will stay"),
    Drop(question="Who pays?", because="asked by nobody"),
    Wrong(quote="said the minister", because="no: the other minister"),
    Pin(quote="we hope to keep the bases", statement="Hopes to keep the bases.", stance="supports"),
)


def refused(text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parsed(text, FILE)
    said = str(caught.value)
    assert said.startswith("overrides.yaml, line ")
    assert "\n" not in said
    assert all(char.isprintable() for char in said)
    return said.removeprefix("overrides.yaml, line ")


def told(text: str) -> str:
    """What is said of a text: of a good one nothing."""
    try:
        parsed(text, FILE)
    except ConfigurationError as error:
        return str(error)
    return ""


# ---- reading


def test_a_file_written_by_hand_is_read_in_its_order() -> None:
    assert parsed(ALL, FILE).entries == EVERY


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", "# summarise overrides/1\n---\n", "[]", "- join: [A, B]"]
)
def test_a_file_may_be_empty_or_short(text: str) -> None:
    assert len(parsed(text, FILE).entries) == text.count("join")


def test_no_file_is_no_correction(tmp_path: Path) -> None:
    assert load_overrides(None) == load_overrides(overrides_path(tmp_path)) == Overrides()
    assert not load_overrides(None)
    assert overrides_path(tmp_path).name == "overrides.yaml"


def test_every_value_is_text_as_it_stands() -> None:
    said = parsed("- rename: {actor: 7, to: no}\n- join: [null, 2025-01-29]", FILE).entries
    assert said == (Rename(actor="7", to="no"), Join(names=("null", "2025-01-29")))


def test_layout_and_comments_make_no_other_corrections() -> None:
    one = parsed("- rename: {actor: A, to: B}", FILE)
    other = parsed('# x\n\n- rename:\n    to: "B"\n    actor: A # y\n', FILE)
    assert one == other
    assert one.canonical() == other.canonical()
    assert one.canonical() != parsed("- join: [A, B]", FILE).canonical() != parsed("- part: [A, B]", FILE).canonical()


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("- rename: {actor: A, to: B}\n- rename: {actor: A, two: B}", 2, "rename has no 'two'; it takes actor, to"),
        ("- rename: {actor: A}", 1, "rename needs 'to'"),
        ("- rename:\n    actor: A\n    to: ''", 3, "to of rename holds no word"),
        ("- rename:\n    actor: A\n    to: [B]", 3, "to of rename is not text"),
        ("- rename:\n    actor: A\n    actor: B\n    to: C", 3, "rename has 'actor' twice"),
        ("- rename: A", 1, "rename takes actor, to"),
        ("\n- merge: [A, B]", 2, "there is no correction called 'merge'; there are join, part"),
        ("- join: A", 1, "join takes a list of names: - join: [A, B]"),
        ("- join: [A]", 1, "join takes two names or more"),
        ("- join: [A, a]", 1, "join names the same actor twice"),
        ("- join: [A, {B: C}]", 1, "join takes a list of names"),
        ("- join: [A, B]\n  part: [A, B]", 1, "a correction is one of join, part"),
        ("- join", 1, "a correction is one of"),
        ("join: [A, B]", 1, "not a list; begin each correction with"),
        ("join", 1, "not a list"),
        ("- close: {answer_quote: yes}", 1, "close names no question; give question: or quote:"),
        ("- drop: {question: Who}", 1, "drop needs 'because'"),
        ("- wrong: {because: no}", 1, "wrong names no item; give quote:"),
        ("- wrong: {quote: a b, because: no, kind: thing}", 1, "kind of wrong must be one of 'position'"),
        ("- wrong: {quote: a b, because: no, kind: event, actor: A}", 1, "leave actor: out"),
        ("- pin: {quote: a b, stance: loves}", 1, "stance of pin must be one of 'supports'"),
        ("- pin: {quote: a b, kind: question, stance: supports}", 1, "leave stance: out"),
        ("- pin: {actor: A, kind: actor, statement: x}", 1, "use rename"),
        ("- pin: {quote: '…'}", 1, "quote of pin holds no word"),
        ("- join: [A, B]\n---\n- join: [A, B]", 2, "a second document"),
        ("# summarise overrides/2\n", 1, "overrides/2 is not known here; update summarise"),
        ("- rename: {actor: A, to: B", 1, "not YAML"),
        ("- rename:\n\tactor: A", 2, "not YAML"),
        (f"- rename: {{actor: {'A' * 5000}, to: B}}", 1, "longer than 4,000 characters"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_place_and_the_remedy(text: str, where: int, words: str) -> None:
    said = refused(text)
    assert said.startswith(f"{where}: ")
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- &a join: [A, B]\n- *a", "anchors and aliases"),
        ("a: &a [x]\nb: &b [*a,*a]", "anchors and aliases"),
        ("- join: [*a, B]", "anchors and aliases"),
        ("- !!python/object/apply:os.system ['true']", "tags (!)"),
        ("- join: !!set {A, B}", "tags (!)"),
        ("- rename: {actor: !!int 7, to: B}", "tags (!)"),
        ("- " * 5000, "nested too deep"),
        ("[" * 100_000, "nested too deep"),
        ("- join: [A, B]\n\x00", "U+0000 cannot stand here"),
        ("- join: [A, \x1b]", "U+001B cannot stand here"),
        ('- join: ["\\UFFFFFFFF", B]', "not YAML"),
        ("- <<: {actor: A}", "there is no correction called '<<'"),
        ("%TAG ! tag:x,2000:\n--- !y\n- a", "tags (!)"),
    ],
)
def test_what_yaml_could_be_made_to_do_is_refused(text: str, words: str) -> None:
    assert words in refused(text)


def test_a_huge_file_and_what_is_no_file_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text("# " + "x" * 1_000_000)
    with pytest.raises(ConfigurationError, match=r"overrides\.yaml: larger than 262,144 bytes"):
        load_overrides(path)
    path.write_bytes(b"- join: [A, B]\n- join: [\xff, B]\n")
    with pytest.raises(ConfigurationError, match=r"overrides\.yaml, line 2: not UTF-8"):
        load_overrides(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigurationError, match="not a regular file"):
        load_overrides(path)
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    with pytest.raises(ConfigurationError):
        load_overrides(loop)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    assert "\n" not in told(text)


@given(st.text(alphabet="-[]{}:,&*!|>'\"%@`#? \n\tjoinpart~<=", max_size=40))
def test_no_yaml_does_more_than_be_refused(text: str) -> None:
    for around in ("{}", "- join: {}", "- rename: {{actor: {}, to: B}}"):
        assert "\n" not in told(around.format(text))


# ---- writing

names = st.text(max_size=30).filter(lambda n: bool(overrides.fold(n)) and any(c.isalnum() for c in n))
texts = st.text(max_size=80).filter(lambda n: any(c.isalnum() for c in n))
either = texts | st.just("")
said = st.one_of(
    st.lists(names, min_size=2, max_size=4, unique_by=overrides.fold).map(lambda n: Join(names=tuple(n))),
    st.lists(names, min_size=2, max_size=4, unique_by=overrides.fold).map(lambda n: Part(names=tuple(n))),
    st.builds(Rename, actor=names, to=names),
    st.builds(Refile, quote=texts, issue=names, actor=names | st.just(""), says=either),
    st.builds(Close, question=texts, quote=either, answer_quote=either),
    st.builds(Drop, question=texts, quote=either, because=texts),
    st.builds(Wrong, quote=texts, because=texts, kind=st.sampled_from(["position", "event", "fact"])),
    st.builds(Pin, quote=texts, kind=st.just("position"), statement=either, stance=st.sampled_from(["", "opposes"])),
)


@given(st.lists(said, max_size=6), st.data())
def test_what_is_added_is_read_back_and_what_is_taken_back_leaves_no_trace(
    rows: list[Override], data: st.DataObject
) -> None:
    text = ""
    steps = [text]
    for row in rows:
        text = with_added(text, row, FILE)
        steps.append(text)
    assert parsed(text, FILE).entries == tuple(rows)
    if rows:
        assert without(text, len(rows), FILE) == (steps[-2] or overrides.HEADER + "\n")
        number = data.draw(st.integers(1, len(rows)))
        rest = parsed(without(text, number, FILE), FILE).entries
        assert rest == tuple(rows[: number - 1] + rows[number:])


@pytest.mark.parametrize("number", range(1, 9))
def test_taking_one_back_leaves_every_other_line_to_the_byte(number: int) -> None:
    place = parsed(ALL, FILE).places[number - 1]
    lines = ALL.splitlines(keepends=True)
    left = without(ALL, number, FILE)
    assert left == "".join(lines[: place.first - 1] + lines[place.last :])
    assert "# the group's own name" in left
    assert parsed(left, FILE).entries == EVERY[: number - 1] + EVERY[number:]


def test_adding_keeps_comments_indentation_line_ends_and_the_byte_order_mark() -> None:
    text = "\ufeff# mine\r\n  - join: [A, B] # why\r\n  # the end"
    added = with_added(text, Rename(actor="A", to="“B” \\ <b>*x*</b> 'y' \"z\""), FILE)
    assert added.startswith(text + "\r\n  - rename:\r\n")
    assert "\n" not in added.replace("\r\n", "")
    assert parsed(added, FILE).entries[-1] == Rename(actor="A", to="“B” \\ <b>*x*</b> 'y' \"z\"")


def test_a_layout_that_lines_cannot_change_is_left_alone_with_what_to_do_by_hand() -> None:
    text = "[{join: [A, B]}, {part: [C, D]}]"
    with pytest.raises(ConfigurationError, match=r'add to it by hand: - rename: actor: "A" to: "B"|add to it by hand'):
        with_added(text, Rename(actor="A", to="B"), FILE)
    with pytest.raises(ConfigurationError, match="take lines 1 to 1 out by hand"):
        without(text, 2, FILE)


def test_there_is_no_taking_back_of_what_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="no correction 3; there are 1 to 1"):
        without("- join: [A, B]\n", 3, FILE)
    with pytest.raises(ConfigurationError, match="no correction 0; there are none"):
        without("", 0, FILE)
