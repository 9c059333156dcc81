"""Every role writes what the table of rights gives it, and nothing else: what is refused leaves no trace."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from store_files import copy_store, throw_away, written
from viewers import expert

from obhvat.cases.child_answers import correct_child, erase_child
from obhvat.cases.children import register_tables
from obhvat.cases.conflicts import settle
from obhvat.cases.entries import add_action, change_status, open_case, withdraw
from obhvat.cases.proposals import confirm, decline
from obhvat.cases.same_child import say_of_child, take_back
from obhvat.cases.terms import set_terms
from obhvat.country.importing import import_figures
from obhvat.country.keys import public_pem
from obhvat.country.oblasts import trust
from obhvat.demo import clear_demo
from obhvat.errors import NotAllowed, ObhvatError, UnknownName
from obhvat.indicators.thresholds import set_rules
from obhvat.ingest import Source, commit, read_files
from obhvat.ingest.undoing import forget_profile, mark
from obhvat.inspections.next_visits import save_plan
from obhvat.meeting import decisions
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import open_meeting, set_agenda, set_attendance, withdraw_meeting
from obhvat.metrics.forgetting import forget_due
from obhvat.people import ROLES, Action, Viewer, copying
from obhvat.people.child_requests import GROUNDS, Answer, answer
from obhvat.people.keeping import set_years
from obhvat.people.register import end, give
from obhvat.people.signing_in import one_time_password, set_address
from obhvat.periods import term_of
from obhvat.reports.forms import change_form
from obhvat.store import Store

SCHOOL, PLACE, DAY = "9000101", "Каменград", date(2024, 3, 1)
GIVEN = {"oblast": "", "municipality": PLACE, "school": SCHOOL, "institution": "ДСП"}
REGISTER = (
    "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
    f"{SCHOOL};СУ „Първо“;Каменград;{PLACE};гр. Каменград;средно училище",
)
ABSENCES = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини",
    f"{SCHOOL};2023/2024;10;дете-1;7;7а;0;1",
)
TERM = term_of(DAY)
KEY = Ed25519PrivateKey.generate().public_key()


def of(role: str) -> Viewer:
    return Viewer(f"Иван {role}", ROLES[role], GIVEN[ROLES[role].place])


def bring(store: Store, viewer: Viewer, *lines: str) -> list[int]:
    upload = read_files([Source("файл.csv", "\n".join(lines).encode())], store, today=DAY, sender=viewer)
    with contextlib.closing(upload):
        return commit(upload, store, viewer).batch_ids


class Prepared(NamedTuple):
    """A store with a case, a file, a meeting that is open and a decision of it, all of them an expert's."""

    store: Store
    number: str
    batch: int
    meeting: int
    decision: str

    @property
    def child(self) -> int:
        [(child,)] = self.store.rows("select pupil from absences limit 1")
        return child


@pytest.fixture(scope="module")
def begun(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """What each test has a copy of; closed."""
    who = expert("Експерт")
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("prepared"))) as store:
        bring(store, who, *REGISTER)
        [batch] = bring(store, who, *ABSENCES)
        number = open_case(store, municipality=PLACE, school=SCHOOL, category="at_risk", opened_on=DAY, viewer=who)
        add_action(store, number, DAY, "call", institutions=["social"], viewer=who)
        held = open_meeting(store, date(2024, 2, 1), TERM, viewer=who)
        decision = decisions.add(store, held.meeting_id, "decision", "Месечни срещи", viewer=who)
    return Prepared(store, number, batch, held.meeting_id, decision)


@pytest.fixture
def prepared(begun: Prepared, tmp_path: Path) -> Iterator[Prepared]:
    store = Store(copy_store(begun.store.path, tmp_path / "store"))
    yield begun._replace(store=store)
    throw_away(store)


def _on_ground(what: Answer) -> tuple[str, str]:
    return GROUNDS[what][0], "поискано е писмено"


Write = Callable[[Prepared, Viewer], object]


def _withdraw_step(p: Prepared, viewer: Viewer) -> None:
    withdraw(p.store, add_action(p.store, p.number, DAY, "call", viewer=viewer), viewer)


def _withdraw_decision(p: Prepared, viewer: Viewer) -> None:
    decisions.withdraw(p.store, decisions.add(p.store, p.meeting, "proposal", "Общ чат", viewer=viewer), viewer)


def _withdraw_meeting(p: Prepared, viewer: Viewer) -> None:
    withdraw_meeting(p.store, open_meeting(p.store, date(2024, 2, 20), TERM, viewer=viewer).meeting_id, viewer)


def _as_nobody_asked(write: Write) -> Write:
    """Where nothing is asked that could be settled, who may settle it is told so."""

    def tried(p: Prepared, viewer: Viewer) -> None:
        try:
            write(p, viewer)
        except UnknownName:
            return
        raise AssertionError("nothing was asked")

    return tried


def _as_in_a_store_of_an_oblast(write: Write) -> Write:
    """What only a store of the country takes, who may do it is told so."""

    def tried(p: Prepared, viewer: Viewer) -> None:
        with pytest.raises(ObhvatError) as refused:
            write(p, viewer)
        if isinstance(refused.value, NotAllowed):
            raise refused.value
        assert "страната" in str(refused.value)

    return tried


# In an order in which who may do all of it can.
WRITES: dict[str, tuple[Action, Write]] = {
    "a step": ("enter", lambda p, who: add_action(p.store, p.number, DAY, "call", viewer=who)),
    "a status": ("enter", lambda p, who: change_status(p.store, p.number, "reintegrated", DAY, viewer=who)),
    "a step and back": ("enter", _withdraw_step),
    "a case": (
        "enter",
        lambda p, who: open_case(
            p.store, municipality=PLACE, school=SCHOOL, category="at_risk", opened_on=DAY, viewer=who
        ),
    ),
    "a file": ("upload", lambda p, who: bring(p.store, who, *ABSENCES, f"{SCHOOL};2023/2024;10;дете-2;7;7а;0;2")),
    "the end of a conflict": ("settle", _as_nobody_asked(lambda p, who: settle(p.store, 1, "entered", who))),
    "whose cases": ("settle", _as_nobody_asked(lambda p, who: say_of_child(p.store, p.number, PLACE, "apart", who))),
    "that they count again": ("settle", _as_nobody_asked(lambda p, who: take_back(p.store, 999, who))),
    "a proposal": (
        "settle",
        _as_nobody_asked(
            lambda p, who: confirm(p.store, DAY, datetime.now(), "x", category="at_risk", reason=None, viewer=who)
        ),
    ),
    "no proposal": ("settle", _as_nobody_asked(lambda p, who: decline(p.store, DAY, datetime.now(), "x", "не е", who))),
    "columns to be asked about": ("settle", lambda p, who: forget_profile(p.store, who, "x")),
    "a plan": ("plan", lambda p, who: save_plan(p.store, DAY, [(SCHOOL, "отдавна", False)], who)),
    "an undoing": ("undo", lambda p, who: mark(p.store, who, [p.batch], "undo")),
    "the end of the demonstration": ("undo", lambda p, who: clear_demo(p.store, who)),
    "a register taken along": ("export", lambda p, who: register_tables(p.store, who, DAY, datetime.now())),
    "a decision": ("meeting", lambda p, who: decisions.add(p.store, p.meeting, "decision", "Обход", viewer=who)),
    "what became of it": ("meeting", lambda p, who: decisions.change(p.store, p.decision, state="done", viewer=who)),
    "a proposal and back": ("meeting", _withdraw_decision),
    "an agenda": ("meeting", lambda p, who: set_agenda(p.store, p.meeting, ["cases"], who)),
    "who came": ("meeting", lambda p, who: set_attendance(p.store, p.meeting, "РУО", True, viewer=who)),
    "the end of a meeting": ("meeting", lambda p, who: close_meeting(p.store, p.meeting, who)),
    "a meeting and back": ("meeting", _withdraw_meeting),
    "thresholds": ("settings", lambda p, who: set_rules(p.store, {}, who)),
    "terms of steps": ("settings", lambda p, who: set_terms(p.store, {"visit": ("ruo", 9)}, who)),
    "terms of keeping": ("settings", lambda p, who: set_years(p.store, {"children": 9}, who)),
    "a form": ("settings", lambda p, who: change_form(p.store, "press", None, who)),
    "a copy": ("settings", lambda p, who: copying.make(p.store, who, datetime.now())),
    "daily copies": ("settings", lambda p, who: copying.choose_daily(p.store, who, True)),
    "a folder of copies": ("settings", lambda p, who: copying.choose_folder(p.store, who, "")),
    "an oblast": (
        "settings",
        _as_in_a_store_of_an_oblast(lambda p, who: trust(p.store, "Ведрово", public_pem(KEY).encode(), who)),
    ),
    "figures of oblasts": ("settings", _as_in_a_store_of_an_oblast(lambda p, who: import_figures(p.store, [], who))),
    "a right": ("people", lambda p, who: give(p.store, Viewer("Нова", ROLES["press"]), who)),
    "an address": ("people", lambda p, who: set_address(p.store, "Нова", "nova@example.com", who)),
    "a password": ("people", lambda p, who: one_time_password(p.store, "Нова", who)),
    "the end of a right": ("people", lambda p, who: end(p.store, Viewer("Нова", ROLES["press"]), who)),
    "a request": ("forget", lambda p, who: answer(p.store, who, p.child, "shown", *_on_ground("shown"), 1)),
    "a correction": ("forget", lambda p, who: correct_child(p.store, who, p.child, None, *_on_ground("corrected"))),
    "an erasure": ("forget", lambda p, who: erase_child(p.store, who, p.child, *_on_ground("erased"))),
    "forgetting": ("forget", lambda p, who: forget_due(p.store, who, today=DAY)),
}
# Who takes part in cases opens none.
NEVERTHELESS = {("institution", "a case")}


def everything(store: Store) -> list[tuple[object, ...]]:
    """How many rows each table has, and what they add up to."""
    tables = [name for (name,) in store.rows("select table_name from duckdb_tables() order by all")]
    each = (f"select '{name}', count(*), bit_xor(hash({name})) from {name}" for name in tables)
    return store.rows(" union all ".join(each))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_writes_what_it_is_given_and_nothing_else(prepared: Prepared, role: str) -> None:
    viewer, path = of(role), prepared.store.path
    for name, (action, write) in WRITES.items():
        if viewer.may(action) and (role, name) not in NEVERTHELESS:
            write(prepared, viewer)
            continue
        # Whatever is written is at least written into the log beside the file.
        before = written(path)
        with pytest.raises(NotAllowed):
            write(prepared, viewer)
        assert written(path) == before, name


def test_an_entry_carries_the_person_not_the_account(prepared: Prepared) -> None:
    viewer = of("coordinator")
    entry = add_action(prepared.store, prepared.number, DAY, "call", viewer=viewer)
    [batch] = bring(prepared.store, viewer, *ABSENCES, f"{SCHOOL};2023/2024;10;дете-2;7;7а;0;2")
    assert prepared.store.rows("select entered_by from entries where entry_id = $id", {"id": entry}) == [
        (viewer.person,)
    ]
    assert prepared.store.rows("select committed_by from batches where batch_id = $id", {"id": batch}) == [
        (viewer.person,)
    ]


@pytest.mark.parametrize("role", ["coordinator", "school"])
def test_a_step_of_another_is_taken_back_by_an_expert_only(prepared: Prepared, role: str) -> None:
    [(entry,)] = prepared.store.rows("select entry_id from entered_actions")
    before = everything(prepared.store)
    with pytest.raises(NotAllowed, match="Записът е на Експерт"):
        withdraw(prepared.store, entry, of(role))
    assert everything(prepared.store) == before


@pytest.mark.parametrize("role", ["secretary", "governor"])
def test_a_decision_and_a_meeting_of_another_are_taken_back_by_an_expert_only(prepared: Prepared, role: str) -> None:
    with pytest.raises(NotAllowed, match="Записът е на Експерт"):
        decisions.withdraw(prepared.store, prepared.decision, of(role))
    decisions.withdraw(prepared.store, prepared.decision, expert())
    with pytest.raises(NotAllowed, match="Записът е на Експерт"):
        withdraw_meeting(prepared.store, prepared.meeting, of(role))
    withdraw_meeting(prepared.store, prepared.meeting, expert())
