"""What a score rewards and what it does not; reference readings, floors, and the command."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_briefs import own_brief

from summarise import brief as make_brief
from summarise import recording
from summarise.contract import Brief
from summarise.errors import ConfigurationError, InputError
from summarise.evaluation import Articles, Reference, load_floors, load_reference, missed, problems, score
from summarise.evaluation.figures import LESS_IS_BETTER, MORE_IS_BETTER, Scores, figure_names
from summarise.evaluation.matching import assign
from summarise.inspection import run_eval, run_show
from summarise.output import Edition, write_output

ROOT = Path(__file__).resolve().parent.parent
SEEDS, GOLD, FLOORS = ROOT / "seeds", ROOT / "tests" / "references" / "seeds.json", ROOT / "tests" / "floors"
ARTICLES, REFERENCE = Articles.of(SEEDS), load_reference(GOLD)
OWN = own_brief(REFERENCE, SEEDS)


def scored(**changes: Any) -> Scores:
    """The figures of the reference's own brief, some of its lists being others."""
    return score(OWN.model_copy(update=changes), REFERENCE, ARTICLES)


# ---- what counts


def test_a_brief_that_says_what_the_reference_says_has_every_figure_at_its_best() -> None:
    for name, value in scored().flat().items():
        kind = name.partition(".")[2]
        if kind in MORE_IS_BETTER:
            assert value == 1.0, name
        if kind in LESS_IS_BETTER - {"over_cited"}:
            assert value == 0, name
        if kind in {"missed", "unmatched"}:
            assert value == (), name


def test_an_empty_brief_finds_nothing_and_counts_nothing() -> None:
    empty = scored(actors=(), issues=(), open_questions=(), disagreements=(), events=(), origins=())
    assert empty.positions.recall == 0
    assert empty.positions.precision is None
    assert empty.evidence.verbatim is None
    assert "p-keep" in empty.positions.missed


def test_saying_a_position_twice_is_a_duplicate_and_not_right_twice() -> None:
    (issue,) = OWN.issues
    twice = scored(issues=(issue.model_copy(update={"positions": issue.positions * 2}),))
    assert twice.positions.recall == 1.0
    assert twice.positions.precision == 0.5
    assert twice.positions.duplicates == len(issue.positions)


def test_the_right_words_of_the_wrong_actor_find_no_position() -> None:
    (issue,) = OWN.issues
    other = tuple(one.model_copy(update={"actor": "kallas"}) for one in issue.positions if one.actor != "kallas")
    wrong = scored(issues=(issue.model_copy(update={"positions": other}),))
    assert wrong.positions.precision is not None
    assert wrong.positions.precision < 0.1


def test_one_actor_given_twice_is_split_and_two_given_as_one_are_merged() -> None:
    russia, syria, *others = OWN.actors
    halves = (russia.model_copy(update={"aliases": ()}), russia.model_copy(update={"id": "again", "name": "Moscow"}))
    assert scored(actors=(*halves, syria, *others)).actors.split == 1
    both = russia.model_copy(update={"aliases": (*russia.aliases, syria.name)})
    assert scored(actors=(both, *others)).actors.merged == 1


def test_an_actor_stands_for_two_of_the_reference_at_most() -> None:
    everyone = OWN.actors[0].model_copy(
        update={"aliases": tuple(name for one in OWN.actors for name in (one.name, *one.aliases))}
    )
    (issue,) = OWN.issues
    all_its = tuple(one.model_copy(update={"actor": everyone.id}) for one in issue.positions)
    lumped = scored(actors=(everyone,), issues=(issue.model_copy(update={"positions": all_its}),))
    assert lumped.actors.recall is not None
    assert lumped.actors.recall < 0.2
    assert len(lumped.positions.missed) > 10


def test_citing_a_whole_article_finds_no_more_than_its_first_passages_do() -> None:
    everything = tuple(e for issue in OWN.issues for one in issue.positions for e in one.evidence)
    all_over = [one.model_copy(update={"evidence": everything}) for one in OWN.open_questions]
    much = scored(open_questions=tuple(all_over))
    assert much.evidence.over_cited > 20 * len(all_over)
    assert much.open_questions.recall is not None
    assert much.open_questions.recall < 1


def test_a_quotation_that_is_in_no_article_is_not_verbatim_and_finds_nothing() -> None:
    made_up = [
        one.model_copy(
            update={"evidence": tuple(e.model_copy(update={"quote": "No " + e.quote}) for e in one.evidence)}
        )
        for one in OWN.open_questions
    ]
    invented = scored(open_questions=tuple(made_up))
    assert invented.open_questions.recall == 0
    assert invented.evidence.verbatim is not None
    assert invented.evidence.verbatim < 1


def test_an_event_may_be_more_precise_than_its_date_but_not_another_day() -> None:
    def events(change: str) -> float | None:
        return scored(events=tuple(e.model_copy(update={"when": e.when + change}) for e in OWN.events)).events.recall

    assert events("T09:30") == 1.0
    assert events("0") == 0


def test_one_event_may_be_two_dates_of_the_reference_and_no_more() -> None:
    def dated(number: int) -> Scores:
        date = REFERENCE.dates[0].model_copy(update={"need": "must"})
        dates = tuple(date.model_copy(update={"id": f"t-{n}"}) for n in range(number))
        return score(
            OWN.model_copy(update={"events": OWN.events[:1]}), REFERENCE.model_copy(update={"dates": dates}), ARTICLES
        )

    assert dated(2).events.recall == 1.0
    assert dated(3).events.recall == 0.667


def test_a_word_of_a_long_report_s_name_is_not_that_report() -> None:
    long = REFERENCE.upstream[0].model_copy(update={"report": "Bloomberg Energy Desk Morning Shipping Note"})
    assert score(OWN, REFERENCE.model_copy(update={"upstream": (long,)}), ARTICLES).origins.recall == 0


def test_a_disagreement_is_found_by_two_different_sides() -> None:
    one_sided = [one.model_copy(update={"sides": one.sides[:1] * 2}) for one in OWN.disagreements]
    assert scored(disagreements=tuple(one_sided)).disagreements.recall == 0


@given(
    options=st.dictionaries(st.integers(0, 5), st.lists(st.sampled_from("abcd"), unique=True), max_size=5),
    room=st.integers(1, 2),
)
def test_an_assignment_is_the_largest_there_is(options: dict[int, list[str]], room: int) -> None:
    found = assign(options, room=room)
    taken = list(found.values())
    assert all(option in options[key] for key, option in found.items())
    assert all(taken.count(option) <= room for option in taken)

    def most(keys: list[int], seats: tuple[str, ...]) -> int:
        """By trying everything."""
        if not keys:
            return 0
        free = [option for option in options[keys[0]] if seats.count(option) < room]
        return max([most(keys[1:], seats), *(1 + most(keys[1:], (*seats, option)) for option in free)])

    assert len(found) == most(list(options), ())


# ---- the figures and their documentation


def test_every_figure_is_documented() -> None:
    text = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert figure_names() == list(scored().flat())
    for name in figure_names():
        assert f"`{name}`" in text, name


# ---- reference readings


@pytest.fixture
def reference_file(tmp_path: Path) -> tuple[dict[str, Any], Path]:
    return json.loads(GOLD.read_text(encoding="utf-8")), tmp_path / "reference.json"


def refused(content: object, path: Path) -> str:
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_reference(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_misspelt_part_of_a_reference_is_an_error_that_names_it(reference_file: tuple[dict[str, Any], Path]) -> None:
    content, path = reference_file
    assert "open_question:" in refused(content | {"open_question": []}, path)


def test_an_id_given_twice_and_a_span_that_points_nowhere_are_errors(
    reference_file: tuple[dict[str, Any], Path],
) -> None:
    content, path = reference_file
    assert "'russia' is given twice" in refused(content | {"actors": content["actors"] * 2}, path)
    content["positions"][0]["spans"][0] = {"article": "a.txt", "start": 3}
    assert "needs a text" in refused(content, path)


def test_what_is_no_json_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "reference.json").write_text("actors:\n", encoding="utf-8")
    with pytest.raises(InputError, match="Invalid JSON"):
        load_reference(tmp_path / "reference.json")


def test_offsets_point_as_well_as_text() -> None:
    span = REFERENCE.dates[0].spans[0]
    assert span.text is not None
    raw = (SEEDS / span.article).read_bytes().decode()
    start = raw.index(span.text)
    by_offset = {"article": span.article, "start": start, "end": start + len(span.text)}
    content = REFERENCE.model_dump(mode="json")
    content["dates"] = [content["dates"][0] | {"spans": [by_offset]}]
    assert score(OWN, Reference.model_validate(content), ARTICLES).events.recall == 1.0


def test_what_can_never_be_found_in_a_reference_is_told() -> None:
    assert problems(REFERENCE, ARTICLES) == []
    content = REFERENCE.model_dump(mode="json")
    content["positions"][0] |= {"actor": "nobody", "stance": "suports"}
    content["dates"][0]["spans"] = [{"article": "none.txt", "text": "words"}]
    content["open_questions"][0]["spans"][0]["text"] = "This is in no article."
    told = "\n".join(problems(Reference.model_validate(content), ARTICLES))
    for word in ("'nobody'", "'suports'", "none.txt is not among the articles", "does not hold one of its spans"):
        assert word in told


# ---- floors


def floors_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_floor_is_a_minimum_and_of_faults_a_maximum(tmp_path: Path) -> None:
    floors = load_floors(floors_file(tmp_path, "actors.recall = 1.0\nactors.split = 0\nevidence.over_cited = 5\n"))
    assert missed(scored(), floors) == []
    russia, *others = OWN.actors
    halves = (russia, russia.model_copy(update={"id": "again"}))
    assert [str(miss) for miss in missed(scored(actors=(*halves, *others)), floors)] == [
        "actors.split: at most 0, got 1"
    ]


def test_a_figure_that_counts_nothing_misses_its_floor(tmp_path: Path) -> None:
    floors = load_floors(floors_file(tmp_path, "[events]\nprecision = 0.1\n"))
    (miss,) = missed(scored(events=()), floors)
    assert str(miss) == "events.precision: at least 0.1, got nothing to count"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("actors.rcall = 1", "actors.rcall"),
        ("actors.predicted = 1", "actors.predicted"),
        ("recall = 1", "recall"),
        ('actors.recall = "high"', "actors.recall"),
        ("actors.recall = true", "actors.recall"),
        ("actors.recall", "not TOML"),
        ("# nothing", "no floor"),
    ],
)
def test_a_floors_file_that_says_nothing_known_is_an_error(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as error:
        load_floors(floors_file(tmp_path, text))
    assert "\n" not in str(error.value)


def assert_holds(brief: Brief, floors: Path) -> None:
    misses = missed(score(brief, REFERENCE, ARTICLES), load_floors(floors))
    assert not misses, "; ".join(map(str, misses))


def test_the_embedded_reader_s_brief_of_the_seeds_holds_its_floors() -> None:
    assert_holds(make_brief(SEEDS, model="extractive"), FLOORS / "seeds-extractive.toml")


def test_the_recorded_brief_of_the_seeds_holds_its_floors() -> None:
    if not recording.CASSETTE.exists():
        pytest.skip("no recording in cassettes/ yet: make record")
    made = asyncio.run(recording.replay(recording.CASSETTE, SEEDS))
    assert_holds(made.brief, FLOORS / "seeds.toml")


# ---- the command


@pytest.fixture
def made(tmp_path: Path) -> Path:
    write_output(tmp_path / "brief", Edition(OWN, {}))
    return tmp_path / "brief"


def test_the_figures_are_the_output_one_a_line(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_eval(made, GOLD, SEEDS, floors=None, as_json=False) == 0
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == figure_names()
    assert shown.err == ""


def test_as_json_the_figures_are_one_object_by_their_names(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_eval(made / "brief.json", GOLD, SEEDS, floors=None, as_json=True) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == figure_names()
    assert figures["positions.recall"] == 1.0
    assert figures["positions.missed"] == []


def test_each_floor_missed_is_one_line_and_the_exit_code_is_1(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = floors_file(tmp_path, "evidence.per_item = 1\n")
    assert run_eval(made, GOLD, SEEDS, floors=floors, as_json=False) == 2
    floors = floors_file(tmp_path, "actors.recall = 1.1\nactors.precision = 1\nactors.split = -1\n")
    capsys.readouterr()
    assert run_eval(made, GOLD, SEEDS, floors=floors, as_json=False) == 1
    assert capsys.readouterr().err.splitlines() == [
        "summarise: floor missed: actors.recall: at least 1.1, got 1",
        "summarise: floor missed: actors.split: at most -1, got 0",
    ]


@pytest.mark.parametrize("wrong", ["brief", "reference", "articles", "floors"])
def test_what_is_not_there_is_one_line_and_the_exit_code_is_2(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    given = {"brief": made, "reference": GOLD, "articles": SEEDS, "floors": FLOORS / "seeds.toml"}
    given[wrong] = tmp_path / "nowhere"
    code = run_eval(given["brief"], given["reference"], given["articles"], floors=given["floors"], as_json=False)
    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1
    assert "nowhere" in shown.err


def test_a_folder_with_none_of_the_articles_is_one_line_and_no_figures(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.txt").write_text("Nothing that the brief was made of.", encoding="utf-8")
    assert run_eval(made, GOLD, tmp_path, floors=None, as_json=False) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert str(tmp_path) in shown.err


def test_a_brief_that_was_written_is_shown_as_on_the_day_it_was_made(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_show(made) == 0
    assert capsys.readouterr().out.startswith(OWN.title)
    assert run_show(made / "nothing") == 2
