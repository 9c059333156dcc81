"""Children the rules propose for a case: who is on the list, and what confirming and declining do."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from uploads import SCHOOL, cases, only, put, schools
from viewers import expert

from obhvat.cases import register
from obhvat.cases.entries import withdraw
from obhvat.cases.proposals import confirm, decline, proposals
from obhvat.errors import ObhvatError, UnknownName
from obhvat.indicators import rule
from obhvat.indicators.flags import NO_CASE, flagged, is_over, nobody_acted
from obhvat.indicators.measures import measures
from obhvat.indicators.thresholds import rules_of, set_rules
from obhvat.ingest import Source
from obhvat.people import ALONE
from obhvat.scope.days import cases_known_until
from obhvat.store import Store
from obhvat.store.history import mark

SENT, NOW = datetime(2024, 2, 6, 9), datetime(2024, 3, 13, 10)
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
WHO = "експерт"
OVER = rule("monthly_unexcused_hours")
_HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"


def child(name: str) -> str:
    """The identifier of a child."""
    return f"дете-{'-'.join(str(ord(letter)) for letter in name)}"


def absences(month: int, missed: dict[str, float], school: str = SCHOOL) -> Source:
    """A month of a school: children are told apart by their class, which is named as they are."""
    rows = [f"{school};2023/2024;{month:02};{child(name)};7;{name};0;{hours}" for name, hours in missed.items()]
    return Source(f"отсъствия-{school}-{month}.csv", "\n".join([_HEAD, *rows]).encode())


@pytest.fixture
def school(store: Store) -> Store:
    """In January а misses 20 hours, б 7, в 6 and has a case in work, г 3; д had a case that ended in a return."""
    head = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата"
    rows = (
        f"К-1;31.01.2024;{child('в')};отпаднал;Каменград;12.10.2023;в работа;",
        f"К-2;31.01.2024;{child('д')};отпаднал;Каменград;12.10.2023;реинтегриран;10.12.2023",
    )
    january = absences(1, {"а": 20, "б": 7, "в": 6, "г": 3, "д": 0.5})
    put(store, schools(), january, Source("случаи.csv", "\n".join([head, *rows]).encode()), at=SENT)
    return store


def children(found: pd.DataFrame) -> list[str]:
    return list(found["class_name"])


def key_of(store: Store, name: str, at: datetime = NOW, month: date = JANUARY) -> str:
    found = proposals(store, month, at)
    return str(only(found[found["class_name"] == name])["key"])


def without_case(store: Store, at: datetime) -> list[str]:
    """Over the family allowance's threshold, and nobody acted because there is no case."""
    measured = measures(store, JANUARY, at)
    waiting = nobody_acted(measured, is_over(measured, OVER), cases_known_until(store, JANUARY, at), 14)
    return sorted(waiting.loc[waiting["owes"] == NO_CASE, "class_name"])


def test_who_is_over_a_proposing_rule_and_has_no_case_is_proposed(school: Store) -> None:
    found = proposals(school, JANUARY, NOW)
    # а: the month, the term, three months of rising; д: an earlier case.
    assert children(found)[0] == "а"
    assert sorted(children(found)) == ["а", "б", "д"]
    assert list(found["score"]) == sorted(found["score"], reverse=True)


def test_a_proposal_says_why_and_where_it_is_read_from(school: Store) -> None:
    one = proposals(school, JANUARY, NOW).set_index("class_name").loc["б"]
    assert (one["municipality"], one["school"], one["grade"]) == ("Каменград", SCHOOL, 7)
    assert (one["why"].split("; ")[0], one["rule"]) == (OVER.short, OVER.id)
    assert (one["file"], one["line"]) == (f"отсъствия-{SCHOOL}-1.csv", 3)


def test_the_score_is_that_of_the_risk_page(demo_store: Store) -> None:
    known_at = datetime.now()
    measured = measures(demo_store, JANUARY, known_at)
    flags = flagged(measured, rules_of(demo_store).on)
    strong = [one.id for one in rules_of(demo_store).on if one.points >= 3]
    expected = flags[flags[strong].any(axis=1) & measured["case_number"].isna()]
    expected = expected.sort_values("score", ascending=False, kind="stable").drop_duplicates("pupil")
    found = proposals(demo_store, JANUARY, known_at)
    about = ["municipality", "school", "class_name", "grade"]
    pd.testing.assert_frame_equal(found[about], expected[about].reset_index(drop=True))
    assert list(found["score"]) == list(expected["score"])
    # Who is signed off and on no list of the month has no line there.
    assert ((found["file"] == "") == found["line"].isna()).all()
    assert found.loc[found["rule"] == OVER.id, "line"].notna().all()


def test_the_family_allowance_s_threshold_proposes_whatever_its_points(school: Store) -> None:
    at = NOW - timedelta(days=1)
    set_rules(school, {OVER.id: replace(OVER, points=0)}, expert(WHO), at)
    assert "б" in children(proposals(school, JANUARY, NOW))
    set_rules(school, {OVER.id: replace(OVER, on=False)}, expert(WHO), at + timedelta(hours=1))
    assert "б" not in children(proposals(school, JANUARY, NOW))


def test_a_key_says_nothing_of_the_child_and_is_another_every_month(school: Store) -> None:
    put(school, absences(2, {"б": 9}), at=NOW - timedelta(days=1))
    keys = [key_of(school, "б"), key_of(school, "б", month=FEBRUARY)]
    assert all(re.fullmatch(r"[0-9a-f]{20}", key) for key in keys)
    assert keys[0] != keys[1]
    pupils = school.rows("select distinct pupil::varchar, format('{:x}', pupil) from absences")
    assert not any(said in key for forms in pupils for said in forms for key in keys)
    assert "pupil" not in proposals(school, JANUARY, NOW)


def test_confirming_opens_a_case_of_the_child(school: Store) -> None:
    number = confirm(
        school, JANUARY, NOW, key_of(school, "б"), category="at_risk", reason="absences", viewer=expert(WHO), at=NOW
    )
    case = register.cases(school, NOW.date(), NOW).set_index("number").loc[number]
    assert (case["municipality"], case["school"], case["grade"], case["category"], case["reason"]) == (
        "Каменград", SCHOOL, 7, "at_risk", "absences",
    )  # fmt: skip
    assert (case["has_pupil"], case["status"], case["source"], case["opened_on"].date()) == (
        True, "in_work", "school", date(2024, 1, 31),
    )  # fmt: skip
    [(rule_id, month, same)] = school.rows(
        """
        select entered_cases.rule, entered_cases.rule_month, entered_cases.pupil = absences.pupil
        from entered_cases
        join absences on absences.class_name = 'б'
        """
    )
    assert (rule_id, month, same) == (OVER.id, JANUARY, True)


def test_a_confirmed_child_is_no_longer_proposed_nor_without_a_case(school: Store) -> None:
    assert without_case(school, NOW) == ["а", "б"]
    confirm(school, JANUARY, NOW, key_of(school, "б"), category="at_risk", reason=None, viewer=expert(WHO), at=NOW)
    assert "б" not in children(proposals(school, JANUARY, NOW))
    assert without_case(school, NOW) == ["а"]


def test_every_child_can_be_confirmed_whatever_its_pseudonym(school: Store) -> None:
    many = {f"о{n}": 30.0 for n in range(12)}
    put(school, absences(1, many, "9000102"), at=SENT)
    assert school.rows("select count(*) > 0 from absences where pupil > 9223372036854775807") == [(True,)]
    for name in many:
        confirm(school, JANUARY, NOW, key_of(school, name), category="at_risk", reason=None, viewer=expert(WHO), at=NOW)
    [(n,)] = school.rows("select count(*) from absences join entered_cases on entered_cases.pupil = absences.pupil")
    assert n == len(many)
    assert without_case(school, NOW) == ["а", "б"]


def test_an_earlier_case_makes_it_a_repeated_one(school: Store) -> None:
    number = confirm(
        school, JANUARY, NOW, key_of(school, "д"), category="repeat_dropout", reason=None, viewer=expert(WHO), at=NOW
    )
    assert register.cases(school, NOW.date(), NOW).set_index("number").at[number, "repeat"]


def test_the_case_stays_the_child_s_when_it_comes_back_without_identifiers(school: Store) -> None:
    number = confirm(
        school, JANUARY, NOW, key_of(school, "б"), category="at_risk", reason=None, viewer=expert(WHO), at=NOW
    )
    row = f"{number};в риск;Каменград;31.01.2024;в работа;31.01.2024;"
    put(school, cases("12.03.2024", row), at=NOW + timedelta(hours=1))
    assert "б" not in without_case(school, NOW + timedelta(hours=2))
    row = f"{number};в риск;Каменград;31.01.2024;реинтегриран;10.03.2024;документ"
    put(school, cases("13.03.2024", row), at=NOW + timedelta(hours=3))
    assert "б" in without_case(school, NOW + timedelta(hours=4))


def test_a_withdrawn_case_makes_the_child_a_proposal_again(school: Store) -> None:
    confirm(school, JANUARY, NOW, key_of(school, "б"), category="at_risk", reason=None, viewer=expert(WHO), at=NOW)
    [(entry,)] = school.rows("select entry_id from entered_cases")
    withdraw(school, entry, replace(ALONE, person=WHO), NOW + timedelta(minutes=1))
    assert "б" in children(proposals(school, JANUARY, NOW + timedelta(minutes=2)))


def test_a_declined_child_is_not_proposed_for_that_month_again(school: Store) -> None:
    decline(school, JANUARY, NOW, key_of(school, "б"), "болен, бележките са при класния", expert(WHO), NOW)
    assert sorted(children(proposals(school, JANUARY, NOW))) == ["а", "д"]
    assert "б" in children(proposals(school, JANUARY, NOW - timedelta(minutes=1)))
    assert without_case(school, NOW) == ["а", "б"]
    put(school, absences(2, {"б": 9}), at=NOW + timedelta(hours=1))
    assert "б" in children(proposals(school, FEBRUARY, NOW + timedelta(hours=2)))


@pytest.mark.parametrize(("why", "words"), [(" ", "Напишете защо"), ("тел. 0888 123 457", "телефон")])
def test_declining_is_refused(school: Store, why: str, words: str) -> None:
    with pytest.raises(ObhvatError, match=words):
        decline(school, JANUARY, NOW, key_of(school, "б"), why, expert(WHO), NOW)
    assert "б" in children(proposals(school, JANUARY, NOW))


def test_what_another_session_decided_meanwhile_is_said(school: Store) -> None:
    key = key_of(school, "б")
    seen = NOW
    confirm(
        school, JANUARY, seen, key, category="at_risk", reason=None, viewer=expert(WHO), at=NOW + timedelta(minutes=1)
    )
    for act in (
        lambda at: confirm(school, JANUARY, seen, key, category="at_risk", reason=None, viewer=expert("друг"), at=at),
        lambda at: decline(school, JANUARY, seen, key, "не е случай", expert("друг"), at),
    ):
        with pytest.raises(ObhvatError, match="вече има случай или предложението е отхвърлено"):
            act(NOW + timedelta(minutes=2))
    assert school.rows("select count(*) from entered_cases") == [(1,)]


def test_two_sessions_confirming_at_once_open_one_case(school: Store) -> None:
    known_at = datetime.now()
    key, start, refused = key_of(school, "б", known_at), threading.Barrier(2), []

    def session() -> None:
        start.wait()
        try:
            confirm(school, JANUARY, known_at, key, category="at_risk", reason=None, viewer=expert(WHO))
        except ObhvatError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=session) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), school.rows("select count(*) from entered_cases")) == (1, [(1,)])


def test_the_proposal_of_a_file_that_was_undone_cannot_be_confirmed(school: Store) -> None:
    key = key_of(school, "б")
    [(batch,)] = school.rows("select batch_id from batches where dataset = 'absences'")
    mark(school, [batch], "undo", WHO, NOW + timedelta(minutes=1))
    with pytest.raises(ObhvatError, match="Опреснете страницата"):
        confirm(
            school,
            JANUARY,
            NOW,
            key,
            category="at_risk",
            reason=None,
            viewer=expert(WHO),
            at=NOW + timedelta(minutes=2),
        )


@pytest.mark.parametrize("key", ["", "0", "f" * 20])
def test_an_unknown_key_is_refused(school: Store, key: str) -> None:
    with pytest.raises(UnknownName, match="Няма такова предложение"):
        confirm(school, JANUARY, NOW, key, category="at_risk", reason=None, viewer=expert(WHO), at=NOW)


def test_an_unknown_category_opens_nothing(school: Store) -> None:
    with pytest.raises(UnknownName, match="Категория"):
        confirm(school, JANUARY, NOW, key_of(school, "б"), category="lost", reason=None, viewer=expert(WHO), at=NOW)
    assert school.rows("select count(*) from entries") == [(0,)]


def test_a_child_of_two_institutions_is_proposed_once(school: Store) -> None:
    put(school, absences(1, {"б": 15}, "9000102"), at=SENT)
    found = proposals(school, JANUARY, NOW)
    assert children(found).count("б") == 1
