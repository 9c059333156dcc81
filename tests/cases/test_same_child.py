"""One child in several cases at the same time: counted as cases and as children, asked about, settled by a person."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import filling
import pytest
from viewers import expert

from obhvat.cases.gaming import signals
from obhvat.cases.same_child import dropped_cases, same_child, say_of_child, take_back
from obhvat.disclosure import Disclosure
from obhvat.errors import UnknownName
from obhvat.ingest import Source, read_files
from obhvat.metrics import figure
from obhvat.metrics.accounts import accounts
from obhvat.people import ALONE
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

PERIOD, DAY = parse_period("2023-I"), date(2024, 1, 31)
LOADED, NOW = datetime(2024, 1, 31, 12), datetime(2030, 1, 1)
_SCHOOLS = (
    "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
    "9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище",
    "9000102;ОУ „Второ“;Каменград;Ведрово;гр. Ведрово;основно училище",
)
_HEAD = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Училище (код);Дата на сигнала;Статус;Статус от дата"


def case(number: str, child: str, place: str = "Каменград", opened: str = "02.10.2023", end: str = "в работа;") -> str:
    school = "9000101" if place == "Каменград" else "9000102"
    return f"{number};31.01.2024;{child};отпаднал;{place};{school};{opened};{end}"


def register(*rows: str, name: str = "случаи.csv") -> Source:
    return Source(name, "\n".join([_HEAD, *rows]).encode())


# Six cases of four children: one twice in the town's register and again in the neighbour's, one who is not told.
TOWN = register(
    case("К-1", "дете-1"),
    case("К-2", "дете-1", opened="05.12.2023"),
    case("К-3", "дете-2"),
    case("К-4", ""),
    name="случаи-Каменград.csv",
)
NEIGHBOUR = register(
    case("В-1", "дете-1", "Ведрово", "08.01.2024"), case("В-2", "дете-3", "Ведрово"), name="случаи-Ведрово.csv"
)


@pytest.fixture
def six(store: Store) -> Store:
    put(store, Source("институции.csv", "\n".join(_SCHOOLS).encode()), TOWN, NEIGHBOUR)
    return store


def put(store: Store, *sources: Source) -> None:
    filling.put(store, sources, at=LOADED, today=DAY)


def numbers(store: Store, municipality: str | None = None) -> dict[str, float | None]:
    scope = Scope(municipality=municipality, known_at=NOW)
    asked = ("cases_in_work", "children_in_work", "cases_total", "children_total")
    return {name: figure(store, name, PERIOD, scope).n for name in asked}


def asked(store: Store) -> list[list[str]]:
    """The cases of each child that is asked about."""
    return [list(same["number"]) for _, same in same_child(store, DAY, NOW).groupby("child")]


def doubts(store: Store, *sources: Source) -> list[str]:
    upload = read_files(sources, store, today=DAY)
    texts = [d.text for f in upload.files for d in f.doubts if d.code == "same_child"]
    upload.close()
    return texts


def test_cases_and_children_are_both_counted(six: Store) -> None:
    assert numbers(six) == {"cases_in_work": 6, "children_in_work": 4, "cases_total": 6, "children_total": 4}


def test_a_child_is_where_its_newest_case_is_and_parts_add_up(six: Store) -> None:
    town, neighbour = numbers(six, "Каменград"), numbers(six, "Ведрово")
    assert (town["children_in_work"], neighbour["children_in_work"]) == (2, 2)
    assert (town["cases_in_work"], neighbour["cases_in_work"]) == (4, 2)


def test_a_case_in_work_comes_before_a_newer_one_that_ended(store: Store) -> None:
    ended = case("В-1", "дете-1", "Ведрово", "08.01.2024", "реинтегриран;20.01.2024")
    put(store, Source("институции.csv", "\n".join(_SCHOOLS).encode()), register(case("К-1", "дете-1"), ended))
    assert numbers(store, "Каменград") == {
        **dict.fromkeys(("cases_in_work", "children_in_work", "cases_total", "children_total"), 1)
    }
    assert numbers(store, "Ведрово")["children_total"] == 0


def test_the_sentence_says_both_where_they_differ(six: Store) -> None:
    scope = Scope(known_at=NOW)
    cases, children = (figure(six, name, PERIOD, scope) for name in ("cases_in_work", "children_in_work"))
    assert Disclosure(six, "internal").on_children(cases, children) == " на 4 деца"
    assert Disclosure(six, "press").on_children(cases, children) == ""
    assert Disclosure(six, "internal").on_children(cases, cases) == ""
    neighbour = [
        figure(six, f.metric.id, PERIOD, Scope(municipality="Ведрово", known_at=NOW)) for f in (cases, children)
    ]
    assert Disclosure(six, "internal").on_children(*neighbour) == ""


def test_an_upload_asks_by_case_numbers_and_never_by_the_identifier(store: Store) -> None:
    put(store, Source("институции.csv", "\n".join(_SCHOOLS).encode()), TOWN)
    [of_town], [of_both] = doubts(store, TOWN), doubts(store, NEIGHBOUR)
    assert "К-1 и К-2" in of_town
    assert "В-1 (Ведрово), К-1 (Каменград) и К-2 (Каменград)" in of_both
    assert not any("дете-1" in text for text in (of_town, of_both))


def test_both_registers_of_one_drop_are_asked_about(read) -> None:
    upload = read(TOWN, NEIGHBOUR)
    assert [[d.code for d in f.doubts if d.code == "same_child"] for f in upload.files] == [["same_child"]] * 2


@pytest.mark.parametrize("end", ["реинтегриран;01.12.2023", "в чужбина;05.12.2023"])
def test_a_case_after_one_that_ended_is_asked_about_by_nobody(store: Store, end: str) -> None:
    rows = register(case("К-1", "дете-1", end=end), case("К-2", "дете-1", opened="05.12.2023"))
    put(store, Source("институции.csv", "\n".join(_SCHOOLS).encode()), rows)
    assert doubts(store, rows) == []
    assert asked(store) == []


def test_it_is_a_question_among_the_signals(six: Store) -> None:
    [row] = signals(six, PERIOD, DAY, NOW).query("kind == 'same_child'").to_dict("records")
    assert row["words"] == (
        "Едно дете е в 3 случая по едно и също време във Ведрово и Каменград: отделни случаи ли са, или един, казан "
        "повторно?"
    )
    assert (row["municipality"], row["numbers"]) == (None, ["К-1", "К-2", "В-1"])


def test_cases_apart_are_not_asked_about_again_until_there_is_one_more(six: Store) -> None:
    say_of_child(six, "К-2", "Каменград", "apart", expert("Иванова"), LOADED, day=DAY)
    assert asked(six) == []
    assert numbers(six) == {"cases_in_work": 6, "children_in_work": 4, "cases_total": 6, "children_total": 4}
    assert doubts(six, TOWN) == []
    one_more = register(case("В-1", "дете-1", "Ведрово", "08.01.2024"), case("В-3", "дете-1", "Ведрово", "30.01.2024"))
    assert len(doubts(six, one_more)) == 1
    put(six, one_more)
    assert asked(six) == [["К-1", "К-2", "В-1", "В-3"]]


def test_a_dropped_case_no_longer_counts_and_the_next_register_does_not_bring_it_back(six: Store) -> None:
    say_of_child(six, "К-2", "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    assert numbers(six) == {"cases_in_work": 5, "children_in_work": 4, "cases_total": 5, "children_total": 4}
    assert asked(six) == [["К-1", "В-1"]]
    put(six, TOWN)
    assert numbers(six)["cases_in_work"] == 5
    summary = accounts(six, PERIOD, Scope(known_at=NOW))
    assert summary is not None
    assert summary.total == 5
    assert summary.notes == ("1 случай повтаря друг на същото дете и не се брои: решено е в „Разминавания“.",)
    say_of_child(six, "В-1", "Ведрово", "dropped", expert("Иванова"), LOADED, day=DAY)
    assert asked(six) == []


def test_a_child_is_not_lost_when_the_case_that_stood_for_it_leaves_its_register(six: Store) -> None:
    for number in ("К-1", "К-2"):
        say_of_child(six, number, "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    assert numbers(six)["children_in_work"] == 4
    put(six, register(case("В-2", "дете-3", "Ведрово"), name="случаи-Ведрово-2.csv"))
    assert numbers(six) == {"cases_in_work": 5, "children_in_work": 4, "cases_total": 5, "children_total": 4}
    assert dropped_cases(six, NOW).empty


def test_durations_leave_out_a_case_that_tells_of_another_again(six: Store) -> None:
    def watched() -> int:
        return int(figure(six, "cases_timed_outcome", PERIOD, Scope(known_at=NOW), DAY).d or 0)

    before = watched()
    say_of_child(six, "К-2", "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    assert watched() == before - 1


def test_a_dropped_case_can_be_counted_again(six: Store) -> None:
    say_of_child(six, "К-2", "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    [dropped] = dropped_cases(six, NOW).to_dict("records")
    assert (dropped["number"], dropped["entered_by"]) == ("К-2", "Иванова")
    take_back(six, dropped["entry_id"], replace(ALONE, person="Петрова"), datetime(2024, 2, 1))
    assert numbers(six)["cases_in_work"] == 6
    assert asked(six) == [["К-1", "К-2", "В-1"]]
    assert numbers_as_of(six, datetime(2024, 1, 31, 18)) == 5


def numbers_as_of(store: Store, known_at: datetime) -> float | None:
    return figure(store, "cases_in_work", PERIOD, Scope(known_at=known_at)).n


def test_a_number_given_again_in_another_year_is_another_case(six: Store) -> None:
    say_of_child(six, "К-2", "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    put(six, register(case("К-2", "дете-9", opened="20.01.2024"), name="случаи-нови.csv"))
    assert numbers(six, "Каменград")["cases_in_work"] == 1


def test_a_corrected_date_of_the_signal_leaves_what_was_said(six: Store) -> None:
    say_of_child(six, "К-2", "Каменград", "dropped", expert("Иванова"), LOADED, day=DAY)
    say_of_child(six, "К-1", "Каменград", "apart", expert("Иванова"), LOADED, day=DAY)
    put(six, register(case("К-1", "дете-1"), case("К-2", "дете-1", opened="06.12.2023"), name="поправен.csv"))
    assert numbers(six, "Каменград")["cases_in_work"] == 1
    assert asked(six) == []


@pytest.mark.parametrize(("number", "word"), [("К-3", "apart"), ("К-9", "dropped"), ("К-1", "both")])
def test_what_nobody_asks_about_cannot_be_said(six: Store, number: str, word) -> None:
    with pytest.raises(UnknownName):
        say_of_child(six, number, "Каменград", word, expert("Иванова"), LOADED, day=DAY)


def test_who_waited_while_another_decided_is_told(six: Store):
    with ThreadPoolExecutor(1) as other:
        with six.writing():
            waiting = other.submit(say_of_child, six, "К-1", "Каменград", "dropped", expert("Борис"))
            time.sleep(0.05)
            say_of_child(six, "К-1", "Каменград", "apart", expert("Анна"))
        with pytest.raises(UnknownName, match="вече е решено"):
            waiting.result()
