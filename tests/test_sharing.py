"""Sharing: whatever joins, dies, sleeps or is held up, the members together never use more than there is."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from asking import MODEL, note_question, prompts
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model import limits as limits_module
from summarise.model.budget import Purse, Spending
from summarise.model.limits import Limits
from summarise.scripted import ScriptedModel
from summarise.sharing import Member, Purses, Totals
from summarise.sharing.pool import Seat
from summarise.sharing.purses import Lease
from summarise.sharing.shares import QUANTUM, Row, fair, targets
from summarise.sharing.watching import Watch
from summarise.store import Store

RATE = 600_000_000
"""Requests a minute: none of these tests waits for one."""


def rows(*wants: int, held: int = 0) -> list[Row]:
    return [Row(str(number), want, held, number, 0) for number, want in enumerate(wants)]


# ---- fair shares


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 60))
def test_fair_shares_never_exceed_what_there_is_or_is_wanted_and_leave_nothing_that_is_wanted(
    wants: list[int], total: int
) -> None:
    shares = fair(wants, total)
    assert sum(shares) == min(total, sum(wants))
    assert all(share <= want for share, want in zip(shares, wants, strict=True))
    unsatisfied = [share for share, want in zip(shares, wants, strict=True) if share < want]
    assert all(share <= least + 1 for least in unsatisfied for share in shares), "somebody has more than a hungry one"


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(1, 20))
def test_all_places_are_dealt_out_unless_more_members_want_one_than_there_are(wants: list[int], total: int) -> None:
    dealt = sum(targets(rows(*wants), total).values())
    assert dealt == total


def test_a_member_that_wants_little_leaves_the_rest_to_the_others() -> None:
    assert list(targets(rows(1, 9, 9), 8).values()) == [1, 4, 3]


def test_what_nobody_wants_is_dealt_out_so_that_whoever_begins_can_begin_at_once() -> None:
    assert list(targets(rows(0, 2, 0), 8).values()) == [2, 4, 2]


def test_with_more_members_than_places_everybody_has_a_turn() -> None:
    members = {name: Row(name, 1, 0, number, 0) for number, name in enumerate("abcde")}
    served: set[str] = set()
    newest = len(members)
    for _ in range(20 * QUANTUM):
        found = targets(list(members.values()), 2)
        assert sum(found.values()) == 2
        for name, row in members.items():
            held = found[name]
            turned = bool(held) != bool(row.held)
            newest += turned
            members[name] = Row(name, 1, held, newest if turned else row.turn, 0 if turned else row.pulses + 1)
            served.update({name} if held else ())
    assert served == set(members)


# ---- the invariant, whatever happens


@dataclass
class Process:
    """A process of its own: its limits, its seat, and what it has in flight."""

    seat: Seat
    limits: Limits
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    leave: list[asyncio.Event] = field(default_factory=list)
    offset: float = 0.0
    dead_at: float | None = None


class Sharing(RuleBasedStateMachine):
    """Members that join, ask, pulse, are held up and die in any order, on one store and with one clock."""

    LEASE = 3.0

    @initialize(total=st.integers(1, 6))
    def begin(self, total: int) -> None:
        self.total = total
        self.now = 0.0
        self.store = Store.in_memory()
        self.loop = asyncio.new_event_loop()
        self.processes: list[Process] = []
        self.real, limits_module.clock = limits_module.clock, lambda: self.now
        self.begun_outside = False

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            for process in self.processes:
                for task in process.tasks:
                    task.cancel()
            self.run()
            self.loop.close()
            self.store.close()
            limits_module.clock = self.real

    def run(self) -> None:
        for _ in range(4):
            self.loop.run_until_complete(asyncio.sleep(0))

    def any(self, number: int) -> Process | None:
        living = [one for one in self.processes if one.dead_at is None]
        return living[number % len(living)] if living else None

    @rule()
    def joins(self) -> None:
        if len(self.processes) < 8:
            limits = Limits(0, None, None)
            self.processes.append(Process(Seat("pool", Totals(self.total, RATE), limits, self.LEASE), limits))

    @rule(which=st.integers(0, 7), commits=st.booleans())
    def pulses(self, which: int, commits: bool) -> None:
        process = self.any(which)
        if process is None:
            return
        begun = self.now
        wants = process.limits.most_wanted()
        with suppress(ZeroDivisionError):
            with self.store.database.writing() as run:
                won = process.seat.pulse(run, self.now + process.offset, wants)
                if not commits:
                    raise ZeroDivisionError  # the store is lost on the way
            won()
            process.limits.shut_at(begun + 0.8 * self.LEASE)
        self.run()

    @rule()
    def all_pulse(self) -> None:
        for number in range(len(self.processes)):
            self.pulses(number, True)

    @rule(which=st.integers(0, 7), count=st.integers(1, 5))
    def asks(self, which: int, count: int) -> None:
        process = self.any(which)
        for _ in range(count if process else 0):
            assert process is not None
            done = asyncio.Event()
            process.leave.append(done)
            process.tasks.append(self.loop.create_task(self.ask(process, done)))
        self.run()

    @rule(which=st.integers(0, 7), number=st.integers(0, 20))
    def is_answered(self, which: int, number: int) -> None:
        process = self.any(which)
        if process is not None and process.leave:
            process.leave.pop(number % len(process.leave)).set()
            self.run()

    @rule(which=st.integers(0, 7), number=st.integers(0, 20))
    def is_cancelled(self, which: int, number: int) -> None:
        process = self.any(which)
        if process is not None and process.tasks:
            process.tasks.pop(number % len(process.tasks)).cancel()
            self.run()

    @rule(which=st.integers(0, 7))
    def dies(self, which: int) -> None:
        process = self.any(which)
        if process is not None:
            process.dead_at = self.now

    @rule(which=st.integers(0, 7))
    def leaves(self, which: int) -> None:
        process = self.any(which)
        if process is not None:
            for task in process.tasks:
                task.cancel()
            self.run()
            with self.store.database.writing() as run:
                process.seat.leave(run)
            self.processes.remove(process)

    @rule(seconds=st.sampled_from([0.3, 1.0, 2.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.run()

    @invariant()
    def rows_and_flights_keep_to_the_limit(self) -> None:
        if not hasattr(self, "store"):
            return
        held = self.store.database.fetch("SELECT coalesce(sum(held), 0) FROM sharing_members")[0][0]
        assert held <= self.total
        flying = sum(self.flying(one) for one in self.processes)
        assert flying <= self.total
        assert not self.begun_outside, "somebody sent who had been thrown out"
        rates = sum(one.seat._now.requests or 0.0 for one in self.processes if self.member(one))
        assert rates <= RATE * (1 + 1e-9)

    async def ask(self, process: Process, done: asyncio.Event) -> None:
        async with process.limits.slot(1):
            self.begun_outside |= not self.member(process)
            await done.wait()

    def member(self, process: Process) -> bool:
        return bool(self.store.database.fetch("SELECT 1 FROM sharing_members WHERE member = ?", (process.seat.member,)))

    def flying(self, process: Process) -> int:
        """What is in flight and counts: that of one who is thrown out is no longer anybody's."""
        return process.limits.in_flight if self.member(process) else 0


class SharingWithClocksThatJump(Sharing):
    """The same where the clock of each process may jump: the rows still hold."""

    @rule(which=st.integers(0, 7), seconds=st.floats(-100, 100))
    def clock_jumps(self, which: int, seconds: float) -> None:
        process = self.any(which)
        if process is not None:
            process.offset += seconds

    @invariant()
    def rows_and_flights_keep_to_the_limit(self) -> None:
        if hasattr(self, "store"):
            held = self.store.database.fetch("SELECT coalesce(sum(held), 0) FROM sharing_members")[0][0]
            assert held <= self.total


TestSharing = Sharing.TestCase
TestSharing.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestSharingWithClocksThatJump = SharingWithClocksThatJump.TestCase
TestSharingWithClocksThatJump.settings = settings(max_examples=10, stateful_step_count=40, deadline=None)


def test_the_least_of_what_members_were_told_holds_for_all() -> None:
    with Store.in_memory() as store:
        one, other = Limits(0, None, None), Limits(0, None, None)
        seats = [Seat("pool", Totals(8), one, 10.0), Seat("pool", Totals(4, 60), other, 10.0)]
        pulse(store, seats, rounds=3)
        assert sum(seat.held for seat in seats) == 4


def test_a_member_that_joins_gets_its_share_once_the_others_have_let_go_of_it() -> None:
    with Store.in_memory() as store:
        limits = [Limits(0, None, None) for _ in range(3)]
        seats = [Seat("pool", Totals(12), one, 10.0) for one in limits]
        pulse(store, seats[:1])
        assert [seat.held for seat in seats] == [12, 0, 0]
        pulse(store, seats, rounds=2)
        assert [seat.held for seat in seats] == [4, 4, 4]
        with store.database.writing() as run:
            seats[0].leave(run)
        pulse(store, seats[1:], rounds=2)
        assert [seat.held for seat in seats[1:]] == [6, 6]


def test_pools_of_other_names_do_not_meet() -> None:
    with Store.in_memory() as store:
        seats = [Seat(name, Totals(4), Limits(0, None, None), 10.0) for name in ("a", "b")]
        pulse(store, seats)
        assert [seat.held for seat in seats] == [4, 4]


# ---- a pause that the endpoint asks one of them for


def test_a_pause_that_one_was_asked_for_is_kept_by_all_and_comes_back_to_nobody_longer() -> None:
    with Store.in_memory() as store:
        limits = [Limits(0, None, None) for _ in range(3)]
        seats = [Seat("pool", Totals(6), one, 10.0) for one in limits]
        pulse(store, seats)
        limits[1].pause(60)
        told = limits[1]._not_before
        pulse(store, seats, rounds=2)
        pulse(store, [seats[0], seats[2]])
        heard = [one._not_before for one in limits]
        assert all(told <= until < told + 60 for until in heard)
        assert [one.asked_to_wait > 0 for one in limits] == [False, True, False]
        pulse(store, [seats[0], seats[2]], rounds=5)  # who was asked is gone, and its row still says it
        assert [one._not_before for one in limits] == heard
        assert heard[1] == told


def test_who_joins_in_a_pause_keeps_it_and_one_that_is_over_is_kept_by_nobody() -> None:
    with Store.in_memory() as store:
        asked, late, last = (Limits(0, None, None) for _ in range(3))
        first = Seat("pool", Totals(6), asked, 10.0)
        asked.pause(60)
        pulse(store, [first, Seat("pool", Totals(6), late, 10.0)])
        assert late._pause_left() > 0
        asked._asked_to_wait = 0.0  # it is over
        pulse(store, [first, Seat("pool", Totals(6), last, 10.0)])
        assert last._pause_left() <= 0


def test_a_pause_of_one_that_is_long_dead_is_kept_for_a_lease_and_of_one_that_beats_to_its_end() -> None:
    with Store.in_memory() as store:
        asked, joined = Limits(0, None, None), Limits(0, None, None)
        first, late = Seat("pool", Totals(6), asked, 10.0), Seat("pool", Totals(6), joined, 10.0)
        asked.pause(60)
        pulse(store, [first])
        pulse(store, [late], rounds=3)
        assert 0 < joined._pause_left() <= 10
        pulse(store, [first, late])  # it is alive
        assert joined._pause_left() > 50


def test_when_one_process_is_told_to_wait_the_others_stop_asking_too(tmp_path: Path) -> None:
    """Three processes with a store in common, each asking one question after the other, and a 429 for one of them."""

    async def run(model: ScriptedModel) -> tuple[int, int]:
        async with AsyncExitStack() as closing:
            members, readers = [], []
            for _ in range(3):
                store = closing.enter_context(Store.open(tmp_path / "s.sqlite3"))
                member = Member(store, pool="p", totals=Totals(6))
                await member.join()
                closing.push_async_callback(member.leave)
                spec, options = parse(f"openai:{MODEL}", base_url=model.base_url), ModelOptions(limits=member.limits)
                reader = ModelReader(spec, store=store, prompts=prompts(tmp_path), options=options)
                readers.append(await closing.enter_async_context(reader))
                members.append(member)
            asking = [asyncio.create_task(ask_on(reader, number)) for number, reader in enumerate(readers)]
            try:
                async with asyncio.timeout(20):
                    while not all(member.limits._pause_left() > 0 for member in members):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                await asyncio.sleep(0.3)  # what was in flight ends
                asked = len(model.requests)
                await asyncio.sleep(0.7)
                return asked, len(model.requests)
            finally:
                for task in asking:
                    task.cancel()
                await asyncio.gather(*asking, return_exceptions=True)

    async def ask_on(reader: ModelReader, who: int) -> None:
        for number in range(10_000):
            words = "once too often" if who == 0 and all(answered) else f"{number} times to {who}"
            await reader.ask(note_question(f"The minister said no {words}.", faults=lambda _: []))
            answered[who] += 1

    answered = [0, 0, 0]
    with ScriptedModel(latency=0.01, faults=("429:retry_after=60,holding=once too often",)) as model:
        before, after = asyncio.run(run(model))
    assert after == before
    assert sum(one.fault == "429" for one in model.requests) == 1


def pulse(store: Store, seats: list[Seat], *, rounds: int = 1) -> None:
    for _ in range(rounds):
        for seat in seats:
            with store.database.writing() as run:
                won = seat.pulse(run, 0.0, 9)
            won()


# ---- the purse


@settings(max_examples=30, deadline=None)
@given(
    budget=st.integers(0, 60),
    wants=st.lists(st.lists(st.integers(1, 12), max_size=8), min_size=1, max_size=4),
    chance=st.randoms(use_true_random=False),
)
def test_members_spend_no_more_than_the_run_may_and_stop_only_when_too_little_is_left(
    budget: int, wants: list[list[int]], chance: Random
) -> None:
    """Every question takes what is expected of it, so that nothing may be overspent."""

    async def spend(purse: Purse, want: int) -> bool:
        try:
            async with purse.reserved(lambda: Spending(None, want)):
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
                purse.spend(None, want)
        except BudgetSpent:
            return False
        return True

    async def run() -> None:
        with Store.in_memory() as store:
            Purses.open(store, "r", None, budget)
            leases = [Lease("r", str(number), None, budget, 10.0) for number in range(len(wants))]
            asked = [
                (want, asyncio.create_task(spend(lease.purse, want)))
                for lease, some in zip(leases, wants, strict=True)
                for want in some
            ]
            for _ in range(4_000):
                if all(task.done() for _, task in asked):
                    break
                lease = chance.choice(leases)
                looked = lease.look()
                for _ in range(chance.randrange(3)):
                    await asyncio.sleep(0)  # the event loop goes on while the transaction runs
                with store.database.writing() as execute:
                    won = lease.pulse(execute, 0.0, looked)
                won()
                lent = store.database.fetch("SELECT coalesce(sum(tokens), 0) FROM sharing_leases")[0][0]
                spent = store.database.fetch("SELECT spent_tokens FROM sharing_purses")[0][0]
                assert lent + spent <= budget
                assert sum(one.purse.spent_tokens + one.purse.set_aside.tokens for one in leases) <= budget
                await asyncio.sleep(0)
            assert all(task.done() for _, task in asked), "somebody waits for ever"
            left = budget - sum(lease.purse.spent_tokens for lease in leases)
            # Where one was refused, at that moment no more was left than now and what others have spent since.
            refused = [want for want, task in asked if not task.result()]
            assert not refused or left < max(refused)

    asyncio.run(run())


def test_what_a_dead_member_was_lent_counts_as_spent_and_what_one_that_leaves_was_lent_does_not() -> None:
    with Store.in_memory() as store:
        Purses.open(store, "r", None, 8_000)
        dead, gone, last = (Lease("r", name, None, 8_000, 10.0) for name in ("dead", "gone", "last"))
        for lease in (dead, gone, last):
            borrow(store, lease, 0.0)
        with store.database.writing() as run:
            gone.leave(run, gone.look())
        for now in range(1, 13):
            borrow(store, last, float(now))
        (spent,) = store.database.fetch("SELECT spent_tokens FROM sharing_purses")[0]
    assert spent == 1_000  # an eighth of what was there


def borrow(store: Store, lease: Lease, now: float) -> None:
    looked = lease.look()
    with store.database.writing() as run:
        won = lease.pulse(run, now, looked)
    won()


def test_the_purse_of_a_run_that_goes_on_outlives_every_sweep_and_that_of_one_that_was_lost_does_not() -> None:
    with Store.in_memory() as store:
        Purses.open(store, "long", None, 9_000)
        Purses.open(store, "lost", None, 9_000)
        borrow(store, Lease("long", "m", None, 9_000, 10.0), 0.0)
        with store.database.writing() as run:
            run("UPDATE sharing_purses SET made = '2020-01-01T00:00:00Z', spent_tokens = 7")
        Purses.keep(store, "long")
        Purses.open(store, "next", None, None)
        assert [Purses.there(store, name) for name in ("long", "lost", "next")] == [True, False, True]
        assert store.database.fetch("SELECT spent_tokens FROM sharing_purses WHERE run = 'long'") == [(7,)]
        assert store.database.fetch("SELECT run FROM sharing_leases") == [("long",)]


def test_a_store_without_the_run_is_refused() -> None:
    with Store.in_memory() as store:
        lease = Lease("another", "m", None, 5, 10.0)
        with pytest.raises(ConfigurationError, match="same --store"), store.database.writing() as run:
            lease.pulse(run, 0.0, lease.look())


def test_a_watcher_that_was_held_up_blames_nobody_for_it() -> None:
    watch = Watch(lease=10.0)
    assert watch.still({"a": 1}, 0.0) == []
    assert watch.still({"a": 1}, 1_000.0) == []
    assert watch.still({"a": 2, "b": 5}, 2_000.0) == []
    assert [watch.still({"a": 3, "b": 5}, 2_000.0 + second) for second in range(1, 12)][-2:] == [[], ["b"]]


# ---- members


def test_members_in_one_store_share_a_limit_and_give_it_back(store_place: str) -> None:
    async def run() -> tuple[int, list[int], int]:
        most = flying = 0

        async def ask(limits: Limits) -> None:
            nonlocal most, flying
            async with limits.slot(1):
                flying += 1
                most = max(most, flying)
                await asyncio.sleep(0.005)
                flying -= 1

        async with AsyncExitStack() as closing:
            stores = [closing.enter_context(Store.open(store_place)) for _ in range(3)]
            members = [Member(store, pool="p", totals=Totals(5), lease=2.0) for store in stores]
            for member in members:
                await member.join()
                closing.push_async_callback(member.leave)
            await asyncio.gather(*(ask(member.limits) for member in members for _ in range(30)))
            held = [member.held for member in members]
        with Store.open(store_place) as store:
            return most, held, store.database.fetch("SELECT count(*) FROM sharing_members")[0][0]

    most, held, left = asyncio.run(run())
    assert most <= 5
    assert sum(held) <= 5
    assert left == 0


def test_the_share_of_a_member_whose_questions_were_cut_off_stays_taken_for_a_lease(tmp_path: Path) -> None:
    async def run() -> tuple[bool, bool]:
        with Store.open(tmp_path / "s.sqlite3") as store:
            cut, last = (Member(store, pool="p", totals=Totals(2), lease=1.0) for _ in range(2))
            await cut.join()
            await cut.leave(cut=True)
            await last.join()
            try:
                return await sent(last.limits, within=0.3), await sent(last.limits, within=10.0)
            finally:
                await last.leave()

    assert asyncio.run(run()) == (False, True)


def test_a_member_that_cannot_reach_the_store_stops_sending_before_others_take_its_share(tmp_path: Path) -> None:
    async def run() -> tuple[bool, bool]:
        with Store.open(tmp_path / "s.sqlite3") as store, Store.open(tmp_path / "s.sqlite3") as other:
            member = Member(store, pool="p", totals=Totals(2), lease=1.0)
            await member.join()
            try:
                async with member.limits.slot(1):
                    pass  # while it beats
                with other.database.writing():  # nobody else writes now
                    while limits_module.clock() < member.limits._shut:  # noqa: ASYNC110  # a clock sets no event
                        await asyncio.sleep(0.02)
                    stopped = not await sent(member.limits, within=0.1)
                return stopped, await sent(member.limits, within=10.0)
            finally:
                await member.leave()

    assert asyncio.run(run()) == (True, True)


async def sent(limits: Limits, *, within: float) -> bool:
    async def ask() -> None:
        async with limits.slot(1):
            pass

    try:
        await asyncio.wait_for(ask(), within)
    except TimeoutError:
        return False
    return True


def test_a_member_borrows_what_it_spends_and_ends_when_nothing_is_left(tmp_path: Path) -> None:
    async def run() -> tuple[list[bool], int]:
        with Store.open(tmp_path / "s.sqlite3") as store:
            Purses.open(store, "r", None, 100)
            members = [Member(store, pool="p", totals=Totals(4), run="r", max_tokens=100, lease=2.0) for _ in range(2)]
            for member in members:
                await member.join()

            async def ask(purse: Purse) -> bool:
                try:
                    async with purse.reserved(lambda: Spending(None, 30)):
                        await asyncio.sleep(0)
                        purse.spend(None, 30)
                except BudgetSpent:
                    return False
                return True

            try:
                done = await asyncio.gather(*(ask(member.purse) for member in members for _ in range(3)))
            finally:
                for member in members:
                    await member.leave()
            return list(done), store.database.fetch("SELECT spent_tokens FROM sharing_purses")[0][0]

    done, spent = asyncio.run(run())
    assert (sum(done), spent) == (3, 90)
