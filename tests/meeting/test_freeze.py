"""A closed meeting shows the same for ever, and says what changed since and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from small_oblast import SCHOOLS, absences, cases, inspections, proposals, put, register, submissions
from store_files import copy_store
from viewers import expert

from obhvat.disclosure import Audience
from obhvat.errors import ObhvatError, UnknownName
from obhvat.indicators import rule
from obhvat.indicators.thresholds import set_rules
from obhvat.meeting.decisions import add, change
from obhvat.meeting.freeze import (
    AUDIENCES,
    causes,
    changed_since,
    close_meeting,
    frozen,
    frozen_slides,
    shown_slides,
    stamp_of,
)
from obhvat.meeting.meetings import Meeting, meetings, open_meeting, set_agenda
from obhvat.meeting.slide import Slide
from obhvat.meeting.slides import slides
from obhvat.metrics import all_metrics, figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.store.history import mark

TERM, DAY = Period(2023, "term", 1), date(2024, 3, 13)
SENT, CLOSED = datetime(2024, 2, 6, 9), datetime(2024, 3, 13, 12)
WORK, HOME = "в работа", "реинтегриран"


def fill(store: Store) -> None:
    """An oblast at the day of the meeting, with the meeting of October behind it."""
    months = [absences(code, month, [n, 7, 5, 9, 0.5]) for n, code in enumerate(SCHOOLS) for month in (10, 11, 12)]
    statuses = {f"КГ-{n:03}": WORK for n in range(1, 10)} | {f"ВД-{n:03}": HOME for n in range(1, 4)}
    put(
        store,
        register(),
        *months,
        submissions(12, dict.fromkeys(SCHOOLS, True)),
        cases(date(2024, 1, 31), statuses),
        inspections([("9000101", date(2023, 10, 10), "невписани отсъствия", date(2023, 11, 10), None)]),
        proposals(date(2023, 10, 4), [(1, "Месечни срещи", "прието", date(2024, 1, 31))]),
        at=SENT,
    )


def opened(store: Store) -> Meeting:
    """An open meeting with a decision."""
    made = open_meeting(store, DAY, TERM, "областен управител", viewer=expert("Мария"), at=CLOSED - timedelta(hours=2))
    decided = ("decision", "Общ чат", "РУО", "общини", date(2024, 4, 30))
    add(store, made.meeting_id, *decided, viewer=expert("Мария"), at=CLOSED - timedelta(hours=1))
    return made


@dataclass(frozen=True)
class Closing:
    """A store with a closed meeting, closed itself, and what was so before."""

    path: Path
    live: dict[str, list[Slide]]
    """The slides while it was open, by audience."""
    version: int
    """Of the thresholds."""
    sent: dict[str, int]
    """Batches that were `replaced`, `newer` and `undone`."""
    failed: tuple[list[Meeting], bool, list[Meeting]]
    """After a closing that failed: the meetings, whether nothing was frozen, and the meetings as they were before."""


@pytest.fixture(scope="module")
def closing(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """Closing counts every figure, so it is done once and copied."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("closed"))) as store:
        fill(store)
        [replaced] = put(store, absences("9000101", 9, [1]), at=SENT)
        [newer] = put(store, absences("9000101", 9, [2]), at=SENT + timedelta(hours=1))
        [undone] = put(store, absences("9000102", 9, [3]), at=SENT)
        mark(store, [undone], "undo", "Иван", SENT + timedelta(hours=2))
        monthly = rule("monthly_unexcused_hours")
        version = set_rules(store, {monthly.id: replace(monthly, value=4.0)}, expert("Иван"), SENT)
        made = opened(store)
        live = {who: slides(store, made, who, CLOSED) for who in AUDIENCES}
        before = meetings(store)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("obhvat.meeting.freeze.to_json", _fails)
            with pytest.raises(OSError):  # noqa: PT011
                close_meeting(store, made.meeting_id, expert("Мария"), at=CLOSED)
        failed = meetings(store), frozen(store, made.meeting_id).empty, before
        close_meeting(store, made.meeting_id, expert("Мария"), at=CLOSED)
        sent = {"replaced": replaced, "newer": newer, "undone": undone}
    return Closing(store.path, {**live}, version, sent, failed)


def _fails(*_: object) -> str:
    raise OSError


@pytest.fixture
def met(closing: Closing, tmp_path: Path) -> Iterator[Store]:
    with Store(copy_store(closing.path, tmp_path)) as again:
        yield again


@pytest.fixture
def meeting(met: Store) -> Meeting:
    return meetings(met)[0]


def a_later_change(store: Store, random: Random, at: datetime) -> None:
    """Anything people may do after a meeting."""
    schools = list(SCHOOLS)

    def upload() -> None:
        school, month = random.choice(schools), random.choice((9, 10, 11, 12))
        missed = [random.randint(0, 20) for _ in range(random.randint(1, 8))]
        put(store, absences(school, month, missed), at=at)

    def new_register() -> None:
        statuses = {f"КГ-{n:03}": random.choice((WORK, HOME)) for n in range(1, random.randint(3, 14))}
        put(store, cases(random.choice((date(2024, 1, 31), date(2024, 1, 15))), statuses), at=at)

    def undo_or_redo() -> None:
        [(last,)] = store.rows("select max(batch_id) from batches")
        mark(store, [random.randint(1, last)], random.choice(("undo", "redo")), "Иван", at)

    def other_threshold() -> None:
        monthly = rule("monthly_unexcused_hours")
        set_rules(store, {monthly.id: replace(monthly, value=float(random.randint(1, 9)))}, expert("Иван"), at)

    def follow() -> None:
        state = random.choice(("done", "in_progress", "dropped"))
        change(store, random.choice(("2024-03-13-1", "2023-10-04-1")), state=state, viewer=expert("Иван"), at=at)

    def new_checks() -> None:
        made = [(code, date(2023, 11, random.randint(1, 28)), "", None, None) for code in random.sample(schools, 3)]
        put(store, inspections(made), at=at)

    def another_proposals_file() -> None:
        put(store, proposals(random.choice((DAY, date(2023, 10, 4))), [(1, "Друго", "изпълнено", None)]), at=at)

    choices: list[Callable[[], None]] = [
        *(upload, upload, new_register, undo_or_redo, undo_or_redo),
        *(other_threshold, follow, new_checks, another_proposals_file),
    ]
    random.choice(choices)()


@pytest.mark.parametrize("seed", range(4))
def test_twenty_later_changes_leave_a_closed_meeting_as_it_was(met: Store, meeting: Meeting, seed: int) -> None:
    figures = frozen(met, meeting.meeting_id)
    shown = {who: frozen_slides(met, meeting.meeting_id, who) for who in ("members", "press")}
    stamp, random = stamp_of(met, meeting.meeting_id), Random(seed)
    for n in range(20):
        a_later_change(met, random, CLOSED + timedelta(days=1 + n))
    path = met.path
    met.close()
    with Store(path) as again:
        [kept] = [one for one in meetings(again) if one.held_on == DAY]
        assert (kept.agenda, kept.closed_at) == (meeting.agenda, CLOSED)
        pd.testing.assert_frame_equal(frozen(again, kept.meeting_id), figures)
        assert {who: shown_slides(again, kept, who) for who in ("members", "press")} == shown
        assert stamp_of(again, kept.meeting_id) == stamp
        # The changes were of consequence: the live figures are others.
        assert len(changed_since(again, kept.meeting_id, "internal")) > 0


def test_every_figure_of_the_oblast_and_of_each_municipality_is_kept(met: Store, meeting: Meeting) -> None:
    found = frozen(met, meeting.meeting_id).set_index(["metric", "municipality"])
    for one in all_metrics():
        for place in (None, "Каменград", "Ведрово"):
            live = figure(met, one.id, TERM, Scope(place, known_at=CLOSED))
            if (one.id, place or "") not in found.index:
                # Without kindergartens a municipality has no figure of them.
                assert (live.places, "kindergarten" in one.id or one.unit in ("дете", "ден")) == (0, True)
                continue
            kept = found.loc[(one.id, place or "")]
            said = [None if pd.isna(x) else x for x in kept[["value", "n", "d"]]]
            assert said == [live.value, live.n, live.d], (one.id, place)
            assert (kept["reporting"], kept["places"]) == (live.reporting, live.places)


def test_the_slides_kept_are_those_that_were_live(met: Store, meeting: Meeting, closing: Closing) -> None:
    assert meeting.is_closed
    assert {who: shown_slides(met, meeting, who) for who in AUDIENCES} == closing.live


def test_the_stamp_names_the_current_batches_and_the_thresholds(met: Store, meeting: Meeting, closing: Closing) -> None:
    stamp = stamp_of(met, meeting.meeting_id)
    assert stamp is not None
    assert stamp[:2] == (CLOSED, closing.version)
    assert closing.sent["newer"] in stamp[2]
    assert not {closing.sent["replaced"], closing.sent["undone"]} & stamp[2]


def test_a_closed_meeting_does_not_change(met: Store, meeting: Meeting) -> None:
    with pytest.raises(ObhvatError, match="закрито"):
        close_meeting(met, meeting.meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="закрито"):
        set_agenda(met, meeting.meeting_id, ["cases"], expert("Мария"))


def test_an_open_meeting_has_nothing_frozen(store: Store) -> None:
    fill(store)
    made = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    assert frozen(store, made.meeting_id).empty
    assert frozen_slides(store, made.meeting_id, "members") == []
    assert stamp_of(store, made.meeting_id) is None
    assert causes(store, made.meeting_id).empty
    with pytest.raises(ObhvatError, match="още отворено"):
        changed_since(store, made.meeting_id)
    with pytest.raises(UnknownName):
        close_meeting(store, 99, expert("Мария"))


def test_a_failed_closing_leaves_the_meeting_open(closing: Closing) -> None:
    [after], has_nothing, [before] = closing.failed
    assert after == before
    assert not after.is_closed
    assert has_nothing


def test_a_figure_that_is_newer_than_the_meeting_has_not_changed(met: Store, meeting: Meeting) -> None:
    """A program of later knows figures that this meeting did not keep; they are compared with nothing."""
    with met.transaction() as cursor:
        cursor.execute("delete from frozen_figures where metric = 'cases_overdue'").fetchall()
    statuses = {f"КГ-{n:03}": WORK for n in range(1, 13)}
    put(met, cases(date(2024, 1, 31), statuses), at=CLOSED + timedelta(days=2))
    for audience in ("internal", "members", "press"):
        changed = changed_since(met, meeting.meeting_id, audience)
        assert "cases_in_work" in set(changed["metric"])
        assert "cases_overdue" not in set(changed["metric"])


def test_outside_nothing_is_told_of_what_is_for_inside(met: Store, meeting: Meeting) -> None:
    """The steps owed in a municipality, and what was worked out beside the registry, stay inside, changed or not."""
    statuses = {f"КГ-{n:03}": WORK for n in range(1, 20)} | {f"ВД-{n:03}": WORK for n in range(1, 9)}
    put(met, cases(date(2024, 1, 31), statuses), at=CLOSED + timedelta(days=2))
    inside = changed_since(met, meeting.meeting_id, "internal")
    assert {"", "Каменград", "Ведрово"} == set(inside.loc[inside["metric"] == "cases_overdue", "municipality"])
    members, press = (changed_since(met, meeting.meeting_id, who) for who in ("members", "press"))
    assert set(members.loc[members["metric"].isin(["cases_overdue", "cases_quiet"]), "municipality"]) == {""}
    assert set(press.loc[press["metric"].str.startswith(("cases_", "steps_")), "metric"]) == {
        "cases_in_work",
        "cases_overdue",
    }
    assert set(press["municipality"]) == {""}


def test_nothing_changed_while_nothing_came(met: Store, meeting: Meeting) -> None:
    assert changed_since(met, meeting.meeting_id, "internal").empty
    assert causes(met, meeting.meeting_id).empty


def test_a_definition_that_was_changed_since_is_said(met: Store, meeting: Meeting) -> None:
    """A program of before counted otherwise: nothing came, and the number is another."""
    with met.transaction() as cursor:
        sql = "update frozen_figures set value = 7 where metric = 'cases_in_work' and municipality = 'Каменград'"
        cursor.execute(sql).fetchall()
    [changed] = changed_since(met, meeting.meeting_id, "internal").to_dict("records")
    assert changed["words"] == "7 → 9; определението е сменено, данните са броени по новото"


def test_what_changed_is_said_with_both_numbers_and_its_cause(met: Store, meeting: Meeting) -> None:
    statuses = {f"КГ-{n:03}": WORK for n in range(1, 13)} | {f"ВД-{n:03}": HOME for n in range(1, 4)}
    put(met, cases(date(2024, 1, 31), statuses), at=CLOSED + timedelta(days=2))
    found = changed_since(met, meeting.meeting_id, "internal")
    in_work = found[found["metric"] == "cases_in_work"]
    assert in_work[["municipality", "then", "now", "words"]].to_numpy().tolist() == [
        ["", 9.0, 12.0, "9 → 12"],
        ["Каменград", 9.0, 12.0, "9 → 12"],
    ]
    assert {"cases_in_work", "cases_total", "cases_overdue"} <= set(found["metric"])
    assert all(metric_id.startswith(("cases_", "children_", "steps_")) for metric_id in found["metric"])
    [cause] = causes(met, meeting.meeting_id).to_dict("records")
    assert (cause["at"], cause["what"]) == (CLOSED + timedelta(days=2), "качен е файл „случаи_2024-01-31.csv“")


def test_a_new_threshold_and_an_undone_file_are_causes(met: Store, meeting: Meeting) -> None:
    monthly = rule("monthly_unexcused_hours")
    set_rules(met, {monthly.id: replace(monthly, value=8.0)}, expert("Иван"), CLOSED + timedelta(days=1))
    [(batch,)] = met.rows("select batch_id from batches where file_name = 'проверки.csv'")
    mark(met, [batch], "undo", "Иван", CLOSED + timedelta(days=2))
    found = list(causes(met, meeting.meeting_id)["what"])
    assert found[0].startswith("прагове, версия 2 вместо 1: ")
    assert found[1:] == ["върнато е качването на „проверки.csv“"]
    assert {"pupils_over_threshold", "inspections"} <= set(changed_since(met, meeting.meeting_id)["metric"])


def test_members_are_not_told_small_numbers_by_a_change(met: Store, meeting: Meeting) -> None:
    """Three returned in Ведрово then, eight now: what it was then stays hidden."""
    statuses = {f"КГ-{n:03}": WORK for n in range(1, 10)} | {f"ВД-{n:03}": HOME for n in range(1, 9)}
    put(met, cases(date(2024, 1, 31), statuses), at=CLOSED + timedelta(days=2))

    def returned(audience: Audience) -> list[str]:
        found = changed_since(met, meeting.meeting_id, audience)
        return list(found.loc[found["metric"] == "cases_returned", "municipality"])

    assert [returned(who) for who in ("internal", "members", "press")] == [["", "Ведрово"], [""], []]
