"""The store over every database: first one wins, versions are numbered, what is put comes back to the letter."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import Server
from stored import LETTERS, STORY, aged, answer, article, behind, recorded

from summarise.errors import ConfigurationError
from summarise.store import (
    Collected,
    Counts,
    Series,
    Store,
    StoredAnswer,
    StoredArticle,
    default_path,
    default_place,
    open_store,
)
from summarise.store.places import shown_place

# ---- answers


def test_an_answer_is_read_back_as_it_was_put_also_after_closing(store_place: str) -> None:
    with open_store(store_place) as store:
        assert store.get("sha256:1") is None
        assert store.put(answer("sha256:1", '"“naïve” 漢字"')) == answer("sha256:1", '"“naïve” 漢字"')
        assert store.get("sha256:1") == answer("sha256:1", '"“naïve” 漢字"')
    with open_store(store_place) as store:
        assert store.get("sha256:1") == answer("sha256:1", '"“naïve” 漢字"')


def test_the_first_answer_under_a_key_wins_and_is_what_the_second_writer_gets(store_place: str) -> None:
    with open_store(store_place) as store:
        store.put(answer("k", "first"))
        assert store.put(answer("k", "second")).answer == "first"


def test_discarding_spares_an_answer_that_somebody_else_has_put_meanwhile(store_place: str) -> None:
    with open_store(store_place) as store:
        store.put(answer("k", "theirs"))
        store.discard(answer("k", "mine"))
        assert store.get("k") is not None
        store.discard(answer("k", "theirs"))
        assert store.get("k") is None


def test_an_answer_with_letters_that_no_database_holds_is_the_same_json_and_can_be_discarded(store_place: str) -> None:
    with open_store(store_place) as store:
        mine = answer("k", '"a\ud800b"')
        stored = store.put(mine)
        assert json.loads(stored.answer) == "a\ud800b"
        assert store.get("k") == stored
        store.discard(mine)
        assert store.get("k") is None
        assert store.put(StoredAnswer("m", "{}", "Note", "a\udcffb")).model == "a\ufffdb"


def test_many_threads_share_one_open_store(store_place: str) -> None:
    with open_store(store_place) as store:
        threads = [
            threading.Thread(target=lambda who=who: [store.put(answer(f"{who}-{n}")) for n in range(20)])
            for who in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(store.get(f"{who}-{n}") for who in range(4) for n in range(20))


# ---- articles as read


def test_articles_come_back_by_key_and_the_first_under_a_key_stays(store_place: str) -> None:
    with open_store(store_place) as store:
        store.put_articles(article(f"k{n}") for n in range(1_200))
        store.put_articles([article("k7", text="another reading"), article("new"), article("new", text="twice")])
        wanted = ["k7", "new", "absent", *(f"k{n}" for n in range(600))]
        found = store.articles(wanted)
        assert found.keys() == set(wanted) - {"absent"}
        assert found["k7"] == article("k7")
        assert found["new"] == article("new")
        store.put_articles([])
        assert store.articles([]) == {}


def test_an_article_that_is_no_json_is_refused_and_nothing_of_its_batch_is_stored(store_place: str) -> None:
    with open_store(store_place) as store:
        with pytest.raises(ValueError, match="Expecting value"):
            store.put_articles([article("k"), StoredArticle("bad", "no json")])
        assert store.articles(["k", "bad"]) == {}


# ---- versions


def test_versions_are_numbered_from_one_in_their_series(store_place: str) -> None:
    other = Series("harbour", "")
    with open_store(store_place) as store:
        assert store.load(STORY) is None
        assert store.versions(STORY) == ()
        first, second = recorded(store, "one"), recorded(store, "two", inputs="sha256:later")
        assert recorded(store, "elsewhere", series=other).number == 1
        assert [(v.number, v.hash, v.inputs) for v in store.versions(STORY)] == [
            (1, first.hash, "sha256:in"),
            (2, second.hash, "sha256:later"),
        ]
        assert store.load(STORY) == second
        assert store.load(STORY, 1) == first
        assert store.load(STORY, 3) is None
        assert store.series() == (other, STORY)
    with open_store(store_place) as store:
        assert store.load(STORY) == second


def test_a_version_holds_what_it_was_made_of_and_when(store_place: str) -> None:
    with open_store(store_place) as store:
        made = store.record(
            STORY,
            inputs="sha256:in",
            content='{"title":"漢字","b":1,"a":2}',
            run='{"seconds":1}',
            complete=False,
            texts={"a-2": "two", "a-1": LETTERS},
            answers=["sha256:2", "sha256:1", "sha256:2"],
        )
        assert made.content == '{"title":"漢字","b":1,"a":2}', "to the letter, in the order that it has"
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", made.hash)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made.made)
        assert (made.run, made.complete, made.inputs) == ('{"seconds":1}', False, "sha256:in")
        assert made.articles == ("a-1", "a-2")
        assert made.answers == ("sha256:1", "sha256:2")
        assert store.texts(["a-1", "a-2", "a-3"]) == {"a-1": LETTERS, "a-2": "two"}


def test_the_same_content_again_is_the_same_version_brought_up_to_date(store_place: str) -> None:
    with open_store(store_place) as store:
        first = recorded(store, "one", answers=["sha256:1"])
        again = recorded(store, "one", inputs="sha256:other", answers=["sha256:2"], complete=False)
        assert again == store.load(STORY)
        assert (again.number, again.made, again.run) == (1, first.made, first.run)
        assert (again.inputs, again.answers, again.complete) == ("sha256:other", ("sha256:2",), False)
        assert len(store.versions(STORY)) == 1


def test_content_that_returns_after_another_is_a_version_of_its_own(store_place: str) -> None:
    with open_store(store_place) as store:
        first = recorded(store, "one")
        recorded(store, "two")
        assert recorded(store, "one").number == 3
        assert store.versions(STORY)[2].hash == first.hash


def test_the_newest_version_with_the_same_inputs_is_found(store_place: str) -> None:
    with open_store(store_place) as store:
        recorded(store, "one", inputs="a")
        recorded(store, "two", inputs="a")
        recorded(store, "three", inputs="b")
        found = store.made(STORY, "a")
        assert found is not None
        assert found.number == 2
        assert store.made(STORY, "c") is None
        assert store.made(Series("other", ""), "a") is None


def test_stories_and_folders_may_have_any_name(store_place: str) -> None:
    with open_store(store_place) as store:
        names = [Series(LETTERS, "/news/\udcff"), Series("", ""), Series("a", "b" * 5_000), Series("ab", "b" * 4_999)]
        for number, series in enumerate(names):
            recorded(store, str(number), series=series)
        assert set(store.series()) == set(names)
        assert [json.loads(v.content)["title"] for s in names if (v := store.load(s))] == ["0", "1", "2", "3"]
        assert store.verify() == []


def test_one_article_id_has_one_text(store_place: str) -> None:
    with open_store(store_place) as store:
        recorded(store, "one")
        with pytest.raises(ValueError, match="a-1 is stored with another text"):
            store.record(STORY, inputs="", content="{}", run="{}", complete=True, texts={"a-1": "not that"}, answers=[])
        assert len(store.versions(STORY)) == 1, "nothing of it was kept"


def test_content_that_is_no_json_is_refused(store_place: str) -> None:
    with open_store(store_place) as store:
        with pytest.raises(ValueError, match="Expecting"):
            store.record(STORY, inputs="", content="{", run="{}", complete=True, texts={}, answers=[])
        assert store.series() == ()


# ---- verify


def test_a_sound_store_has_no_faults(store_place: str) -> None:
    with open_store(store_place) as store:
        assert store.verify() == []
        store.put(answer("k"))
        store.put_articles(article(f"k{n}") for n in range(250))
        recorded(store, "one", answers=["k", "gone meanwhile"])
        recorded(store, "two", ids=["a-1", "a-2"])
        assert store.verify() == []
        assert store.counts() == Counts(answers=1, articles=250, versions=2, texts=2)


@pytest.mark.parametrize(
    ("sql", "faults"),
    [
        ("UPDATE answers SET answer = '{\"groups\":[1]}'", ["answer k: does not match its hash"]),
        ("UPDATE answers SET answer = '{', hash = ''", ["answer k: is no JSON"]),
        ("UPDATE articles SET article = '{}'", ["article as read k: does not match its hash"]),
        ("UPDATE texts SET hash = 'sha256:0'", ["text of article a-1: does not match its hash"]),
        ("DELETE FROM texts", ["version 1 of 'harbour' in /news/harbour: the text of article a-1 is not there"]),
        (
            "UPDATE versions SET content = '{}'",
            [f"version {n} of 'harbour' in /news/harbour: does not match its hash" for n in (1, 2, 3)],
        ),
        (
            "UPDATE versions SET run = 'fast' WHERE number = 2",
            ["version 2 of 'harbour' in /news/harbour, run: is no JSON"],
        ),
        (
            "UPDATE versions SET answers = '[' WHERE number = 2",
            ["version 2 of 'harbour' in /news/harbour, answers: is no JSON"],
        ),
        (
            "DELETE FROM versions WHERE number = 2",
            ["version 3 of 'harbour' in /news/harbour: the one before it is version 1"],
        ),
    ],
)
def test_every_fault_is_a_line(store_place: str, sql: str, faults: list[str]) -> None:
    with open_store(store_place) as store:
        store.put(answer("k"))
        store.put_articles([article("k")])
        recorded(store, "one")
        recorded(store, "two", ids=[])
        recorded(store, "three", ids=[])
        behind(store, sql)
        assert store.verify() == faults


def test_a_series_under_a_wrong_key_and_a_version_without_one_are_told(store_place: str) -> None:
    with open_store(store_place) as store:
        recorded(store, "one")
        behind(store, "UPDATE series SET key = 'sha256:other'")
        first, second = store.verify()
        assert first == "series sha256:other: its story and place do not match its key"
        assert second.startswith("version 1 of sha256:")
        assert second.endswith(": its series is not there")


# ---- gc


def test_gc_spares_what_a_version_used_and_what_is_young(store_place: str) -> None:
    with open_store(store_place) as store:
        store.put(answer("used"))
        store.put(answer("old", '"twelve byte"'))
        store.put_articles([article("used", id="a-1"), StoredArticle("old", '{"id":"a-9"}')])
        recorded(store, "one", answers=["used"])
        aged(store)
        store.put(answer("young"))
        store.put_articles([article("young", id="a-8")])
        planned = store.gc(older_than_days=30, dry_run=True)
        assert planned == Collected(answers=1, articles=1, versions=0, texts=0, bytes=13 + 12)
        assert store.get("old") is not None, "a dry run removes nothing"
        assert store.gc(older_than_days=30) == planned
        assert [store.get(key) is not None for key in ("used", "old", "young")] == [True, False, True]
        assert store.articles(["used", "old", "young"]).keys() == {"used", "young"}
        assert store.gc(older_than_days=30) == Collected(0, 0, 0, 0, 0)
        assert store.verify() == []


def test_gc_keeps_the_newest_versions_of_each_series_and_their_texts(store_place: str) -> None:
    other = Series("other", "")
    with open_store(store_place) as store:
        for n in range(1, 5):
            recorded(store, f"version {n}", ids=["a-all", f"a-{n}"], answers=[f"k{n}"])
            store.put(answer(f"k{n}"))
        recorded(store, "only", series=other, ids=["a-1"])
        gone = store.gc(keep_versions=2, older_than_days=0)
        assert (gone.versions, gone.answers, gone.texts) == (2, 2, 1)
        assert [v.number for v in store.versions(STORY)] == [3, 4]
        assert len(store.versions(other)) == 1
        assert store.texts(["a-all", "a-1", "a-2", "a-3", "a-4"]).keys() == {"a-all", "a-1", "a-3", "a-4"}
        assert recorded(store, "version 5").number == 5, "numbers go on"
        assert store.verify() == []


def test_gc_of_many_rows_removes_them_all(store_place: str) -> None:
    with open_store(store_place) as store:
        store.put_articles(article(f"k{n}", id=f"a-{n}") for n in range(1_200))
        assert store.gc(older_than_days=0).articles == 1_200
        assert store.counts() == Counts(0, 0, 0, 0)


def test_gc_refuses_to_forget_where_numbers_stand(store_place: str) -> None:
    with open_store(store_place) as store:
        for bad in ({"keep_versions": 0}, {"older_than_days": -1.0}, {"older_than_days": float("nan")}):
            with pytest.raises(ValueError, match="or more"):
                store.gc(**bad)  # type: ignore[arg-type]
        assert store.gc(older_than_days=float("inf")) == Collected(0, 0, 0, 0, 0)


# ---- any sequence of operations, against plain dicts

KEYS = st.sampled_from(["k1", "k2", "k3"])
IDS = {"a-1": "one", "a-2": LETTERS, "a-3": ""}
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=5)
SERIES = st.builds(Series, st.sampled_from(["a", "b\x00"]), st.sampled_from(["", "/\udcff"]))
OPERATIONS = st.one_of(
    st.tuples(st.just("put"), KEYS, ANYTHING.map(json.dumps)),
    st.tuples(st.just("discard"), KEYS, ANYTHING.map(json.dumps)),
    st.tuples(st.just("articles"), st.lists(st.tuples(KEYS, st.sampled_from(sorted(IDS))), max_size=3)),
    st.tuples(
        st.just("record"),
        SERIES,
        ANYTHING.map(lambda text: json.dumps(text)),
        st.sampled_from(["in1", "in2"]),
        st.sets(st.sampled_from(sorted(IDS))),
        st.sets(KEYS),
    ),
    st.tuples(st.just("gc"), st.none() | st.integers(1, 2), st.booleans()),
)


class Model:
    """What a store is, in plain dicts."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.articles: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.made: dict[Series, dict[int, list[object]]] = {}

    def record(self, series: Series, content: str, inputs: str, ids: set[str], answers: set[str]) -> int:
        self.texts.update((one, IDS[one]) for one in ids)
        versions = self.made.setdefault(series, {})
        newest = max(versions, default=0)
        if newest and versions[newest][0] == content:
            versions[newest][1::2] = [inputs, sorted(answers)]
            return newest
        versions[newest + 1] = [content, inputs, sorted(ids), sorted(answers)]
        return newest + 1

    def gc(self, keep: int | None) -> None:
        for series, versions in self.made.items():
            if keep:
                self.made[series] = {n: versions[n] for n in sorted(versions)[-keep:]}
        kept = [version for versions in self.made.values() for version in versions.values()]
        ids = {one for version in kept for one in version[2]}  # type: ignore[attr-defined]
        keys = {key for version in kept for key in version[3]}  # type: ignore[attr-defined]
        self.answers = {key: text for key, text in self.answers.items() if key in keys}
        self.articles = {key: one for key, one in self.articles.items() if one in ids}
        self.texts = {one: text for one, text in self.texts.items() if one in ids}


def follow(store: Store, operations: list[tuple[object, ...]]) -> None:
    """Does all that to the store and to the model, and compares them after each step."""
    model = Model()
    for name, *rest in operations:
        given: list = rest  # type: ignore[type-arg]
        match name:
            case "put":
                key, text = given
                assert store.put(answer(key, text)).answer == model.answers.setdefault(key, text)
            case "discard":
                key, text = given
                store.discard(answer(key, text))
                if model.answers.get(key) == text:
                    del model.answers[key]
            case "articles":
                store.put_articles(article(key, id=one) for key, one in given[0])
                for key, one in given[0]:
                    model.articles.setdefault(key, one)
            case "record":
                series, content, inputs, ids, answers = given
                version = store.record(
                    series,
                    inputs=inputs,
                    content=content,
                    run="{}",
                    complete=True,
                    texts={one: IDS[one] for one in ids},
                    answers=sorted(answers),
                )
                assert version.number == model.record(series, content, inputs, ids, answers)
            case "gc":
                keep, dry = given
                store.gc(keep_versions=keep, older_than_days=0, dry_run=dry)
                if not dry:
                    model.gc(keep)
        assert {key: found.answer for key in ("k1", "k2", "k3") if (found := store.get(key))} == model.answers
        found = store.articles(["k1", "k2", "k3"])
        assert {key: json.loads(one.article)["id"] for key, one in found.items()} == model.articles
        assert store.texts(IDS) == model.texts
        assert set(store.series()) == model.made.keys()
        for series, versions in model.made.items():
            assert [entry.number for entry in store.versions(series)] == list(versions)
            for number, version in versions.items():
                loaded = store.load(series, number)
                assert loaded is not None
                assert [loaded.content, loaded.inputs, list(loaded.articles), list(loaded.answers)] == version
            for inputs in ("in1", "in2"):
                made = store.made(series, inputs)
                due = max((n for n, v in versions.items() if v[1] == inputs), default=None)
                assert (made.number if made else None) == due
    assert store.verify() == []


@settings(max_examples=60)
@given(st.lists(OPERATIONS, max_size=12))
def test_any_sequence_of_operations_does_what_dicts_would(operations: list[tuple[object, ...]]) -> None:
    with Store.in_memory() as store:
        follow(store, operations)


def test_any_sequence_of_operations_does_the_same_in_postgresql(postgres_server: Server) -> None:
    with open_store(postgres_server.socket_address(postgres_server.database())) as store:

        @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(OPERATIONS, max_size=8))
        def sequence(operations: list[tuple[object, ...]]) -> None:
            behind(store, "TRUNCATE answers, articles, texts, series, versions")
            follow(store, operations)

        sequence()


# ---- its place


def test_the_default_place_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", str(tmp_path / "mine.sqlite3"))
    assert default_place() == str(tmp_path / "mine.sqlite3")
    assert default_path() == tmp_path / "mine.sqlite3"
    with open_store(None) as store:
        assert store.place == str(tmp_path / "mine.sqlite3")
    monkeypatch.delenv("SUMMARISE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path().name == "answers.sqlite3"


def test_an_address_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", "postgresql://reader:word@db.example/news")
    assert default_place() == "postgresql://reader:word@db.example/news"
    with pytest.raises(ConfigurationError, match="name a file"):
        default_path()
    with pytest.raises(ConfigurationError, match="check --store") as caught:
        Store.open(Path("postgresql://reader:word@db.example/news"))
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    "place",
    ["Postgresql://reader:word@h/db", "postgresql+psycopg://reader:word@h/db", "mysql://reader:word@h/db", ":memory:"],
)
def test_what_is_neither_a_file_nor_our_database_is_refused_without_repeating_it(place: str) -> None:
    for use in (open_store, shown_place):
        with pytest.raises(ConfigurationError) as caught:
            use(place)
        assert "word" not in str(caught.value)


def test_spaces_around_an_address_do_not_make_it_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", "  postgresql://reader:word@db.example/news ")
    assert shown_place(None).startswith("postgresql://reader@db.example")
    assert "word" not in shown_place(None)
