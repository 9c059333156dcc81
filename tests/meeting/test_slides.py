"""Slides say what the metric layer says, and nothing of a child or a case."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from random import Random

import pytest
from decks import AUDIENCES, DAY, MEETING, NOW, TERM, Deck, deck
from hypothesis import given
from hypothesis import strategies as st
from namesakes import NAMESAKES, put_namesakes
from small_oblast import SCHOOLS, absences, cases, proposals, put, register
from viewers import expert

from obhvat.cases.ladder import ladder
from obhvat.disclosure import Disclosure
from obhvat.inspections.findings import findings
from obhvat.meeting.clock import duties
from obhvat.meeting.days import cases_on, meeting_figure
from obhvat.meeting.meetings import Meeting, open_meeting, set_agenda
from obhvat.meeting.slide import KEYS, MOST_ROWS, Slide, from_json, text_slide, to_json
from obhvat.meeting.slides import slides
from obhvat.metrics import reconciliation, series
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store


@pytest.fixture(scope="module")
def members(demo_store: Store) -> Deck:
    return deck(demo_store, "members")


@pytest.fixture(scope="module")
def press(demo_store: Store) -> Deck:
    return deck(demo_store, "press")


@pytest.fixture(params=AUDIENCES)
def either(request: pytest.FixtureRequest) -> Deck:
    return request.getfixturevalue(request.param)


def asked(store: Store, metric_id: str):
    return meeting_figure(store, metric_id, MEETING, NOW)


def digits(text: str) -> list[int]:
    """The whole numbers of a text, thin spaces between thousands taken out."""
    return [int(found) for found in re.findall(r"\d+", text.replace("\u202f", ""))]


# --- numbers are the metric layer's


def test_the_slides_come_in_the_order_of_the_agenda(members: Deck, press: Deck) -> None:
    assert tuple(members) == tuple(key for key in KEYS if key != "places")  # each has few cases
    assert tuple(press) == tuple(key for key in KEYS if key not in ("places", "reasons", "stayed", "sanctions"))


def test_the_cases_foot_to_the_register(demo_store: Store, members: Deck) -> None:
    adds_up = reconciliation(demo_store, TERM, Scope(known_at=NOW))
    slide = members["cases"]
    assert {name: n for name, n, _ in slide.data} == {part.metric.name: part.n for part in adds_up.parts if part.n}
    assert [name for name, _, is_left in slide.data if is_left] == ["Случаи в работа"]
    assert sum(n for _, n, _ in slide.data if n) == adds_up.total.n == 22
    assert [int(n) for _, n in slide.rows] == [*(part.n for part in adds_up.parts if part.n), 22]
    assert digits(slide.sentence) == [asked(demo_store, "cases_in_work").n, 22]


def test_cases_of_fewer_children_say_so_to_the_members_alone(awkward_store: Store) -> None:
    meeting = Meeting(1, date(2024, 3, 20), TERM, "областен управител", ("cases",))
    [members], [press] = (slides(awkward_store, meeting, of, datetime(2024, 3, 21)) for of in ("members", "press"))
    in_work, of, children = digits(members.sentence)
    assert members.sentence == f"Работи се по {in_work} от {of} случая, на {children} деца."
    # One child has three cases, another two.
    assert in_work - children == 3
    assert "деца" not in press.sentence


def test_the_press_reads_no_part_of_few_and_the_parts_still_foot(press: Deck) -> None:
    slide = press["cases"]
    assert slide.data == (("Случаи в работа", 14.0, 1.0), ("Други изходи", 8.0, 0.0))
    assert slide.rows[-1] == ("Всички", "22")


def test_overdue_steps_are_those_of_the_ladder(demo_store: Store, members: Deck, press: Deck) -> None:
    steps = ladder(demo_store, cases_on(demo_store, MEETING, NOW), NOW)
    late = int((steps["late"] > 0).sum())
    assert digits(members["overdue"].sentence) == [late, len(steps)]
    assert sum(int(n) for *_, n in members["overdue"].rows) == late
    assert max(n or 0 for _, n in members["overdue"].data) == steps["late"].max()
    assert press["overdue"].rows == ()


def test_inspections_name_the_unchecked_for_members_only(demo_store: Store, members: Deck, press: Deck) -> None:
    checked, made = asked(demo_store, "schools_inspected"), asked(demo_store, "inspections")
    assert digits(members["inspections"].sentence) == [checked.n, checked.d, made.n]
    assert {label: n for label, n, *_ in press["inspections"].data} == {
        "с проверка": checked.n,
        "без проверка": checked.d - checked.n,
    }
    assert [sum(numbers) for numbers in zip(*(each[1:] for each in members["inspections"].data), strict=True)] == [
        checked.n,
        checked.d,
    ]
    lacking = checked.counted[checked.counted["n"] == 0]
    rows = members["inspections"].rows
    assert {place for place, _, unchecked in rows if unchecked} == set(lacking["municipality"])
    assert sum(unchecked.count("(") for *_, unchecked in rows) == len(lacking) == 2
    assert [sum(column) for column in zip(*(digits(of) for _, of, _ in rows), strict=True)] == [checked.n, checked.d]
    assert press["inspections"].rows == ()
    assert press["inspections"].sentence == members["inspections"].sentence


def test_findings_add_up_by_kind(demo_store: Store, either: Deck) -> None:
    # Checks were sent until the end of January.
    found = findings(demo_store, TERM, Scope(known_at=NOW), date(2024, 1, 31))
    undone = found["state"].isin(("open", "overdue"))
    said = [len(found), int(undone.sum()), int((found["state"] == "overdue").sum())]
    assert digits(either["findings"].sentence) == said
    numbers = zip(*(each[1:] for each in either["findings"].data), strict=True)
    assert [sum(of_kind) for of_kind in numbers] == said[:2]


def test_risk_by_municipality_is_the_figure_with_small_numbers_hidden(demo_store: Store, members: Deck) -> None:
    over = asked(demo_store, "pupils_over_threshold")
    shown = Disclosure(demo_store, "members").counts(over)
    hidden = {place for place, of_place in shown.items() if of_place.is_hidden}
    parts = over.by("municipality").set_index("municipality")["n"]
    assert hidden
    assert {place: n for place, n, _ in members["risk"].data} == {
        place: None if place in hidden else n for place, n in parts.items()
    }
    assert members["risk"].whole == (over.n, over.d)
    assert {row[0]: row[1] for row in members["risk"].rows[:-1]} == {place: of.text for place, of in shown.items()}
    assert digits(members["risk"].sentence)[:2] == [over.n, over.d]
    assert [digits(cell)[0] for cell in members["risk"].rows[-1][1:]] == [over.n, over.d]


def test_the_press_sees_risk_by_month_of_the_oblast(demo_store: Store, press: Deck) -> None:
    months = series(asked(demo_store, "pupils_over_threshold"))
    assert [n for _, n in press["risk"].data] == list(months["n"])
    assert press["risk"].picture == "trend"


def test_risk_by_month_beside_the_municipalities_is_what_members_may_see(demo_store: Store, members: Deck) -> None:
    shown = Disclosure(demo_store, "members").months(asked(demo_store, "pupils_over_threshold"))
    assert [(n, of) for _, n, of in members["risk"].trend] == list(zip(shown["n"], shown["d"], strict=True))
    assert members["risk"].trend


def test_submissions_are_the_figure(demo_store: Store, either: Deck) -> None:
    sent, nurseries = asked(demo_store, "submissions"), asked(demo_store, "kindergarten_submissions")
    assert digits(either["submissions"].sentence)[:4] == [sent.n, sent.d, nurseries.n, nurseries.d]
    assert either["submissions"].data == (
        (("училища", sent.n, sent.d), ("детски градини", nurseries.n, nurseries.d))
        if either["submissions"].picture == "sent"
        else (("подали", sent.n), ("не са подали", sent.d - sent.n))
    )


def test_who_has_not_sent_is_told_month_by_month(members: Deck) -> None:
    slide = members["submissions"]
    assert slide.columns == ("Институция", "Община", "сеп", "окт", "ное", "дек", "яну", "Забележка")
    assert [row[2:-1] for row in slide.rows] == [
        ("не са подадени",) * 5,
        ("нито един неизвинен час",) * 5,
        (*("подадени",) * 4, "не са подписани"),
    ]


def test_since_last_lists_figures_with_their_change(demo_store: Store, members: Deck) -> None:
    slide = members["since_last"]
    assert slide.sentence == "В работа са 14 случая – с 3 по-малко спрямо 14 март 2023 г."
    assert slide.columns == ("Показател", "На 14 март 2023 г.", "Сега", "Промяна")
    assert slide.rows[0] == ("Случаи в работа", "17", "14", "с 3 случая по-малко")
    assert slide.data[0] == ("Случаи в работа", 14, 17)
    # The whole term is after that meeting: nothing to compare with.
    assert ("Проверени училища", "", "38 от 40", "") in slide.rows


def test_decisions_of_last_time_and_what_became_of_them(members: Deck) -> None:
    slide = members["decisions_last"]
    assert slide.sentence == "От 4 решения, взети на 14 март 2023 г., са изпълнени 3."
    # What is late stands first.
    assert [row[-1] for row in slide.rows] == ["в изпълнение; закъснява с 26 работни дни", *["изпълнено"] * 3]
    assert [row[0] for row in slide.rows] == [f"{n} от 14.03.2023" for n in (4, 1, 2, 3)]
    assert slide.data[0] == ("4 от 14.03.2023", 26, 0)


def test_a_decision_of_an_older_meeting_stands_on_the_slide_until_it_is_done(store: Store) -> None:
    for day, words in ((date(2022, 10, 4), "Старо"), (date(2023, 3, 14), "По-ново"), (date(2023, 10, 4), "Последно")):
        put(store, proposals(day, [(1, words, "прието", None)]), at=datetime(2023, 10, 5))
    slide = deck(store, "members")["decisions_last"]
    assert [row[1] for row in slide.rows] == ["Старо", "По-ново", "Последно"]
    assert slide.sentence == "От 1 решение, взето на 4 октомври 2023 г., не е изпълнено нито едно."
    assert slide.change == "от по-ранни заседания остават 2 неизпълнени решения"


def test_the_press_sees_only_terms_of_the_law(press: Deck, members: Deck) -> None:
    assert "Проверка на дневниците във всички училища през I срок" in {title for title, _ in members["clock"].data}
    assert "Проверка на дневниците във всички училища през I срок" not in {title for title, _ in press["clock"].data}
    assert press["clock"].sentence.startswith("До 28 март остават 15 дни: потвърждаване на списъка на АСП")


def test_work_is_told_by_its_kinds(demo_store: Store, members: Deck) -> None:
    done = [int(asked(demo_store, name).n or 0) for name in ("calls", "meetings", "visits", "rounds")]
    assert digits(members["work"].sentence) == done
    assert [n for _, n in members["work"].data[:4]] == done


# --- form


def test_a_slide_says_one_sentence_and_shows_few_rows(either: Deck) -> None:
    for slide in either.values():
        assert slide.sentence.endswith(".")
        assert not slide.sentence.endswith("..")
        assert len(slide.sentence) < 140
        assert len(slide.rows) <= MOST_ROWS
        assert {len(row) for row in slide.rows} <= {len(slide.columns)}


def test_all_but_the_empty_ones_have_a_number(either: Deck) -> None:
    assert [slide.key for slide in either.values() if not digits(slide.sentence)] == ["proposals", "closing"]


texts = st.text(max_size=12)


@given(
    st.builds(
        Slide,
        *[texts] * 6,
        columns=st.tuples(texts, texts),
        rows=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
        picture=st.sampled_from(["", "waterfall", "share", "trend", "ranking", "ranges"]),
        data=st.lists(st.tuples(texts, st.none() | st.floats(allow_nan=False)), max_size=3).map(tuple),
        source=texts,
    )
)
def test_a_slide_is_the_same_after_json(slide: Slide) -> None:
    assert from_json(to_json(slide)) == slide


def test_the_demonstration_is_the_same_after_json(either: Deck) -> None:
    for slide in either.values():
        assert from_json(to_json(slide)) == slide


def test_an_empty_store_has_slides_too(store: Store) -> None:
    assert tuple(deck(store, "members")) == tuple(
        key for key in KEYS if key not in ("since_last", "decisions_last", "places")
    )


def test_more_rows_than_a_slide_holds_are_counted(store: Store) -> None:
    said = [(n, f"Решение {n}", "прието", None) for n in range(1, 12)]
    put(store, proposals(date(2023, 10, 4), said), at=datetime(2023, 10, 5))
    rows = deck(store, "members", keys=("decisions_last",))["decisions_last"].rows
    assert len(rows) == MOST_ROWS
    assert rows[-1] == ("и още 4", "", "", "")


def test_a_chosen_agenda_with_a_slide_of_ones_own(store: Store) -> None:
    order = ["proposals", text_slide("Гости", "1 експерт от МОН."), "cases"]
    made = open_meeting(store, DAY, TERM, viewer=expert())
    made = set_agenda(store, made.meeting_id, order, expert())
    first, own, second = slides(store, made, "members")[:3]
    assert (first.key, own.key, own.title, second.key) == ("proposals", "text", "Гости", "cases")


# --- what must not be seen


def test_no_slide_names_a_case_a_child_or_a_class(demo_store: Store, either: Deck) -> None:
    text = json.dumps([to_json(slide) for slide in either.values()], ensure_ascii=False).casefold()
    numbers = {number.casefold() for (number,) in demo_store.rows("select distinct number from cases")}
    classes = {name.casefold() for (name,) in demo_store.rows("select distinct class_name from pupils") if name}
    pupils = {str(pupil) for (pupil,) in demo_store.rows("select distinct pupil from pupils")}
    assert len(numbers) > 40
    assert len(classes) > 10
    assert not [number for number in numbers if number in text]
    assert not [name for name in classes if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    assert not pupils & set(re.findall(r"\d{6,}", text))


def test_the_press_sees_no_municipality_and_no_school(demo_store: Store, press: Deck) -> None:
    text = json.dumps([to_json(slide) for slide in press.values()], ensure_ascii=False)
    names = {name for row in demo_store.rows("select name, municipality from schools") for name in row}
    assert not [name for name in names if name in text]


def test_a_case_named_in_an_uploaded_decision_is_not_shown(store: Store) -> None:
    put(store, register(), cases(date(2024, 1, 31), {"КГ-001": "в работа"}), at=datetime(2024, 2, 6))
    put(store, proposals(date(2023, 10, 4), [(1, "Посещение по кг-001", "прието", None)]), at=datetime(2023, 10, 5))
    for audience in AUDIENCES:
        shown = deck(store, audience, keys=("decisions_last",))
        assert shown["decisions_last"].rows[0][1] == "Посещение по [случай]"


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_number_can_be_computed(store: Store, seed: int) -> None:
    """For every hidden small number another is possible, with the total, the shown ones and the rule known; where none
    is, because all of the others missed nothing, the total is hidden, too."""
    random = Random(seed)
    over = {code: random.choice((0, 1, 2, 3, 6, 9)) for code in SCHOOLS}
    put(store, register(), *(absences(code, 10, [7] * n + [1]) for code, n in over.items()), at=datetime(2024, 2, 6))
    true = {"Каменград": 0, "Ведрово": 0}
    for code, n in over.items():
        true[SCHOOLS[code]] += n
    total = sum(true.values())
    slide = deck(store, "members", keys=("risk",))["risk"]
    shown = {place: n for place, n, *_ in slide.data}
    hidden = [place for place, n in shown.items() if n is None]
    if not shown:
        few = "скрити: от малко число може да се познае дете"
        assert slide.sentence == f"Учениците, достигнали месечния праг, са {few}."
        assert sorted(true.values()) == [0, 2]
        return
    assert {place: n for place, n in shown.items() if n is not None} == {
        place: n for place, n in true.items() if place not in hidden
    }
    assert all(n is None or n == 0 or n >= 5 for n in shown.values())
    assert total == digits(slide.sentence)[0]
    if hidden:
        rest = total - sum(int(n or 0) for n in shown.values())
        worlds = [{hidden[0]: n, hidden[1]: rest - n} for n in range(rest + 1) if any(0 < x < 5 for x in (n, rest - n))]
        for place in hidden:
            assert len({world[place] for world in worlds}) > 1


def test_the_press_reads_no_small_total(store: Store) -> None:
    statuses = {f"КГ-{n:03}": "в работа" for n in range(1, 4)}
    put(store, register(), cases(date(2024, 1, 31), statuses), at=datetime(2024, 2, 6))
    put(store, *(absences(code, 10, [7]) for code in SCHOOLS), at=datetime(2024, 2, 6))
    put(store, proposals(date(2023, 10, 4), [(1, "Общ чат", "прието", None)]), at=datetime(2023, 10, 5))
    found = deck(store, "press", keys=("cases", "risk", "overdue", "since_last"))
    assert found["cases"].sentence == "Случаите в работа са под 5."
    assert found["risk"].sentence == "Учениците, достигнали месечния праг, са под 5."
    assert found["overdue"].sentence == (
        "Случаите в работа са под 5; по колко от тях срокът на стъпката е изтекъл, е скрито."
    )
    assert found["since_last"].sentence == "Случаите в работа са под 5."
    for key in ("cases", "risk", "overdue"):
        assert (found[key].rows, found[key].data, found[key].figure) == ((), (), "")


@pytest.mark.parametrize(("in_work", "returned", "abroad"), [(3, 7, 0), (6, 3, 0), (14, 6, 2), (9, 5, 3), (5, 4, 4)])
def test_the_press_cannot_compute_a_small_outcome(store: Store, in_work: int, returned: int, abroad: int) -> None:
    """What is left of a shown total without the shown parts is nothing, or more than a small part could be."""
    every = ["в работа"] * in_work + ["реинтегриран"] * returned + ["в чужбина"] * abroad
    statuses = {f"КГ-{n:03}": status for n, status in enumerate(every, start=1)}
    put(store, register(), cases(date(2024, 1, 31), statuses), at=datetime(2024, 2, 6))
    put(store, proposals(date(2023, 10, 4), [(1, "Общ чат", "прието", None)]), at=datetime(2023, 10, 5))
    found = deck(store, "press", keys=("cases", "since_last"))
    parts = {name: int(n) for name, n in found["cases"].rows}
    total = parts.pop("Всички", 0)
    together = parts.pop("Други изходи", 0)
    assert all(n >= 5 for n in parts.values())
    assert total == sum(parts.values()) + together
    assert together == 0 or together >= 5
    # Other slides name the cases in work, and no other outcome.
    assert {name for name, *_ in found["since_last"].rows} & {"Случаи в регистъра", "Върнати", "В чужбина"} == set()


def test_namesakes_are_told_apart_wherever_a_slide_names_schools(store: Store):
    put_namesakes(store)
    told = deck(store, "members")
    labels = sorted(NAMESAKES.values())
    unsent = [row[0] for row in told["submissions"].rows]
    assert unsent == [NAMESAKES["9300103"]]
    second = deck(store, "members", Meeting(1, DAY, Period(2023, "term", 2), "", KEYS))
    unchecked = "; ".join(row[2] for row in second["inspections"].rows)
    assert all(label in unchecked for label in labels)
    [owed] = [duty for duty in duties(store, DAY, NOW, TERM)["note"] if "Христо Ботев" in duty]
    assert all(label in owed for label in labels)


def test_where_one_municipality_alone_sent_a_register_its_few_cases_are_not_told(store: Store):
    statuses = dict.fromkeys(("КГ-1", "КГ-2", "КГ-3"), "в работа")
    put(store, register(), cases(date(2024, 1, 31), statuses), at=datetime(2024, 2, 6))
    told = deck(store, "members", keys=("cases", "overdue"))
    assert [told[key].sentence for key in ("cases", "overdue")] == [
        "Случаите в работа са скрити: от малко число може да се познае дете.",
        "Стъпките с изтекъл срок са скрити: от малко число може да се познае дете.",
    ]
    assert {(slide.figure, slide.rows, slide.data) for slide in told.values()} == {("", (), ())}


def test_where_the_work_is_known_from_is_said_once_and_by_kind_where_it_differs(members: Deck) -> None:
    assert members["work"].source == (
        "I срок на 2023/2024 г.; по данни от 6 общини; "
        "открити деца при обходите и върнати деца след обходите: по данни от 5 от 6 общини"
    )
