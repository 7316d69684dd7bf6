"""`summarise explain`: what a brief has on one item, and what is meant by a name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from made_briefs import FIRST, SECOND, actor, position, run, source

from summarise import brief as make_brief
from summarise.cli import main
from summarise.contract import Brief, Check, Disagreement, Event, Flag, Issue, OpenQuestion, Origin, Side
from summarise.errors import InputError
from summarise.explain import Explanation, explain, explanation_text
from summarise.inspection import run_explain
from summarise.output import Edition, write_output

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("openai", "instructor", "rich", "jinja2", "summarise.contract", "summarise.evaluation")

KEEN, TALKS = source(FIRST).evidence("is keen to retain"), source(FIRST).evidence("were held up for weeks")
SECOND_TALKS = source(SECOND).evidence("were delayed for weeks")


def story() -> Brief:
    """Two people called Assad, a government with two names, a failed check, and a name that acts on terminals."""
    russia = actor("a-1", "Russia", "government", "keeps two bases", KEEN, "the Kremlin", "Moscow").model_copy(
        update={"joins": ("the Kremlin = Russia: same government by capital or demonym", "Russia = Russia: same name")}
    )
    failed = Check(name="numbers", ok=False, note="49 is not in its evidence")
    keeps = position("p-1", "a-1", "supports", "wants to keep its bases", KEEN, origins=("o-1",), checks=(failed,))
    waits = position(
        "p-2", "a-2", "denies", "held nothing up", TALKS, SECOND_TALKS, via=("TASS",), said_on="2025-01-28"
    )
    return Brief(
        story="seeds",
        complete=True,
        title="",
        summary=(),
        articles=(source(FIRST).entry(), source(SECOND).entry(), source(FIRST).entry(path="x.txt", status="duplicate")),
        actors=(
            russia,
            actor("a-2", "Bashar al-Assad", "person", "", TALKS),
            actor("a-3", "Maher al-Assad", "person", "", TALKS),
            actor("a-4", "Evil\x1b]52;c;x\x07\u202eName", "other", "", KEEN),
        ),
        issues=(
            Issue(id="i-1", title="The bases", positions=(keeps,)),
            Issue(id="i-2", title="The ships", positions=(waits,)),
        ),
        disagreements=(
            Disagreement(
                id="d-1",
                kind="between_actors",
                summary="Whether ships were held up",
                sides=(
                    Side(statement="they were", positions=(), evidence=(TALKS,)),
                    Side(statement="they were not", positions=("p-2",), evidence=(SECOND_TALKS,)),
                ),
            ),
        ),
        open_questions=(
            OpenQuestion(
                id="q-1",
                question="Will the bases stay?",
                why_open="talks go on",
                settled_by="a treaty",
                status="partly_answered",
                evidence=(KEEN,),
                answered_by=(TALKS,),
            ),
        ),
        events=(Event(id="e-1", when="2017", what="leases were signed", actors=("a-1",), evidence=(KEEN,)),),
        facts=(),
        origins=(Origin(id="o-1", report="Bloomberg", kind="agency", articles=(KEEN.article,), evidence=(KEEN,)),),
        flags=(Flag(kind="addressed_to_machine", note="talks to a machine", evidence=(SECOND_TALKS,)),),
        left_out=(),
        run=run(),
    )


def told(name: str) -> str:
    return explanation_text(explain(story(), name))


def refusal(name: str) -> str:
    with pytest.raises(InputError) as error:
        explain(story(), name)
    assert "\n" not in str(error.value)
    return str(error.value)


# ---- what is meant


@pytest.mark.parametrize("name", ["a-1", "Russia", "RUSSIA", "the Kremlin", "kremlin’s", " Moscow "])
def test_an_actor_is_found_by_its_id_and_by_any_of_its_names_however_written(name: str) -> None:
    assert (explain(story(), name).kind, explain(story(), name).id) == ("actor", "a-1")


def test_a_part_of_a_name_is_enough_where_one_actor_has_it() -> None:
    assert explain(story(), "Maher").id == "a-3"


def test_a_name_of_several_lists_them_with_their_ids() -> None:
    message = refusal("Assad")
    assert "a-2 (actor: Bashar al-Assad), a-3 (actor: Maher al-Assad)" in message


def test_a_name_of_nobody_says_the_nearest() -> None:
    assert "nearest: Russia" in refusal("Rusia")
    assert "brief.md lists" in refusal("zzz")
    assert "brief.md lists" in refusal("")


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("i-2", "issue", "i-2"),
        ("the ships", "issue", "i-2"),
        ("ships", "issue", "i-2"),
        ("p-1", "position", "p-1"),
        ("wants to keep its bases", "position", "p-1"),
        ("q-1", "question", "q-1"),
        ("d-1", "disagreement", "d-1"),
    ],
)
def test_other_items_are_found_by_id_and_by_their_wording(name: str, kind: str, found: str) -> None:
    assert (explain(story(), name).kind, explain(story(), name).id) == (kind, found)


# ---- what is shown


def test_an_actor_is_shown_with_its_names_their_reasons_its_passages_and_its_positions() -> None:
    text = told("Moscow")
    for part in (
        "Russia (government) a-1",
        "role: keeps two bases",
        "also: the Kremlin, Moscow",
        "taken for one: the Kremlin = Russia: same government by capital or demonym",
        f"{FIRST}, sentence {KEEN.sentence}: “",
        "The bases i-1",
        "+ Russia for: wants to keep its bases p-1",
        "rests on 1 origin: Bloomberg",
        "⚠ check numbers failed: 49 is not in its evidence",
        "2017: leases were signed",
    ):
        assert part in text
    assert "Russia = Russia" not in text
    assert "held nothing up" not in text


def test_an_actor_without_a_position_is_shown_as_such() -> None:
    assert "Positions\n  none" in told("Maher")


def test_a_position_is_shown_with_its_way_and_the_disagreements_it_stands_in() -> None:
    text = told("p-2")
    for part in (
        "≠ Bashar al-Assad denies: held nothing up p-2",
        "via TASS",
        "said on 28 January 2025",
        "they were not",
    ):
        assert part in text


def test_a_question_is_shown_with_why_it_is_open_and_what_answers_it() -> None:
    text = told("q-1")
    for part in ("Will the bases stay? (partly answered)", "talks go on", "settled by: a treaty", "Answered by"):
        assert part in text


def test_a_disagreement_is_shown_with_the_passages_of_its_sides_and_who_holds_them() -> None:
    text = told("d-1")
    assert "— they were\n" in text
    assert "Bashar al-Assad denies" in text
    assert SECOND in text


def test_a_passage_that_talks_to_a_machine_is_marked() -> None:
    assert f"⚑ {SECOND}" in told("p-2")
    assert "⚑ addressed to machine: talks to a machine" in told("p-2")
    assert "⚑" not in told("p-1")


def test_nothing_that_acts_on_a_terminal_gets_out() -> None:
    for shown in (told("a-4"), refusal("Evil\x1b]52;c;x\x07 nobody")):
        assert not [c for c in shown if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")]


@pytest.mark.parametrize("width", [20, 60, 100])
def test_lines_are_no_longer_than_the_terminal(width: int) -> None:
    text = explanation_text(explain(story(), "Russia"), width=width)
    assert max(map(len, text.splitlines())) <= max(width, 40)


def test_every_item_of_a_real_brief_can_be_explained_by_its_id() -> None:
    brief = make_brief(ROOT / "seeds", model="extractive")
    items = [*brief.actors, *brief.issues, *brief.open_questions, *brief.disagreements]
    items += [position for issue in brief.issues for position in issue.positions]
    for item in items:
        explained = explain(brief, item.id)
        assert explained.id == item.id
        assert explanation_text(explained).strip()


# ---- the command


@pytest.fixture
def made(tmp_path: Path) -> Path:
    write_output(tmp_path / "brief", Edition(story(), {}))
    return tmp_path / "brief"


def test_a_brief_is_named_by_its_file_or_its_folder(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_explain(made, "Moscow", as_json=False) == 0
    first = capsys.readouterr()
    assert run_explain(made / "brief.json", "Moscow", as_json=False) == 0
    assert capsys.readouterr() == first
    assert first.err == ""


def test_as_json_it_is_that_part_of_the_brief(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_explain(made, "Moscow", as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    Draft202012Validator(Explanation.model_json_schema(mode="serialization")).validate(shown)
    assert [one["id"] for one in shown["actors"]] == ["a-1"]
    assert [one["id"] for issue in shown["issues"] for one in issue["positions"]] == ["p-1"]
    assert [one["path"] for one in shown["articles"]] == [FIRST]


@pytest.mark.parametrize(
    ("content", "named"),
    [("{", "Invalid JSON"), ('{"schema": "brief/2"}', "schema"), ("[]", "the file"), (b"\xff", "UTF-8")],
)
def test_what_is_no_brief_is_one_line_and_the_exit_code_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, named: str
) -> None:
    file = tmp_path / "brief.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run_explain(tmp_path, "x", as_json=False) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert named in shown.err


@pytest.mark.parametrize("command", ["eval", "explain"])
def test_a_wrong_call_names_the_help_of_its_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["summarise", command])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"summarise {command} --help" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["eval", "explain"])
def test_the_help_loads_nothing_heavy(command: str) -> None:
    code = (
        f"import sys; sys.argv = ['summarise', '{command}', '--help']\n"
        "from summarise.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert "Exit codes: 0" in done.stdout


def test_a_reader_that_stops_reading_is_no_error(made: Path) -> None:
    call = ["summarise", "explain", str(made), "Moscow"]
    code = f"import sys; sys.argv = {call}; from summarise.cli import main; main()"
    piped = f'"{sys.executable}" -c "$CODE" | true; echo "${{PIPESTATUS[0]}}"'
    env = {"CODE": code, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    assert (done.stdout.strip(), done.stderr) == ("0", "")
