"""Decisions: entered or uploaded, each counts once, none is lost."""

from __future__ import annotations

import threading
from datetime import date, datetime, time

import pandas as pd
import pytest
from small_oblast import cases, proposals, put, register
from viewers import expert

from obhvat.errors import ObhvatError, UnknownName
from obhvat.ingest import Source
from obhvat.meeting.decisions import add, change, decisions, history, to_follow
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import Meeting, open_meeting
from obhvat.periods import Period
from obhvat.privacy import LooksLikeName
from obhvat.store import Store
from obhvat.store.history import mark

DAY, TERM = date(2024, 3, 13), Period(2023, "term", 1)
LAST = date(2023, 10, 4)


@pytest.fixture
def meeting(store: Store) -> Meeting:
    return open_meeting(store, DAY, TERM, "областен управител", viewer=expert("Мария"), at=datetime(2024, 3, 13, 9))


def texts(found: pd.DataFrame) -> list[str]:
    return list(found["text"])


def test_a_decision_is_accepted_and_a_proposal_waits(store: Store, meeting: Meeting) -> None:
    add(
        store,
        meeting.meeting_id,
        "decision",
        "Месечни срещи",
        "РУО",
        "училища",
        date(2024, 4, 30),
        viewer=expert("Мария"),
    )
    add(store, meeting.meeting_id, "proposal", "Общ чат", viewer=expert("Мария"))
    add(store, meeting.meeting_id, "good_practice", "Медиатор в обхода", viewer=expert("Мария"))
    found = decisions(store, DAY)
    assert list(found["n"]) == [1, 2, 3]
    assert list(found["state"]) == ["accepted", "proposed", "proposed"]
    assert list(found["kind"]) == ["decision", "proposal", "good_practice"]
    assert found.loc[0, ["proposed_by", "addressed_to", "due"]].tolist() == [
        "РУО",
        "училища",
        pd.Timestamp(2024, 4, 30),
    ]


def test_a_proposal_becomes_a_decision_and_is_followed_to_done(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "proposal", "Общ чат", viewer=expert("Мария"))
    change(store, key, kind="decision", due=date(2024, 4, 30), viewer=expert("Мария"))
    change(store, key, state="in_progress", viewer=expert("Иван"))
    change(store, key, state="done", outcome="чатът работи от април", viewer=expert("Иван"))
    [row] = decisions(store, date(2024, 6, 1)).to_dict("records")
    assert (row["kind"], row["state"], row["outcome"], row["text"]) == (
        "decision",
        "done",
        "чатът работи от април",
        "Общ чат",
    )
    assert list(history(store, key)["state"]) == ["done", "in_progress", "accepted", "proposed"]


def test_lateness_is_in_working_days_and_only_of_what_is_to_be_done(store: Store, meeting: Meeting) -> None:
    due = date(2024, 4, 30)
    key = add(store, meeting.meeting_id, "decision", "Месечни срещи", due=due, viewer=expert("Мария"))
    add(store, meeting.meeting_id, "proposal", "Общ чат", due=due, viewer=expert("Мария"))

    def late(day: date) -> list[int]:
        return list(decisions(store, day)["late"])

    # 1 May, Good Friday (3rd), Easter Monday (6th) and the weekend do not work.
    assert [late(day) for day in (due, date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 7), date(2024, 5, 8))] == [
        [0, 0],
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
    ]
    change(store, key, state="done", viewer=expert("Мария"))
    assert late(date(2024, 5, 8)) == [0, 0]


def test_uploaded_decisions_are_listed_and_can_be_followed(store: Store) -> None:
    put(store, proposals(LAST, [(1, "Месечни срещи", "прието", date(2024, 1, 31)), (2, "Общ чат", "предложено", None)]))
    change(store, "2023-10-04-1", state="done", outcome="провеждат се", viewer=expert("Мария"))
    found = decisions(store, DAY)
    assert list(found["kind"]) == ["decision", "proposal"]
    assert list(found["state"]) == ["done", "proposed"]
    assert list(found["from_file"]) == [False, True]


def test_what_is_entered_and_uploaded_under_one_number_counts_once(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "good_practice", "Общ чат", viewer=expert("Мария"))
    change(store, key, outcome="опитано в една община", viewer=expert("Мария"))
    put(store, proposals(DAY, [(1, "Общ чат", "изпълнено", None), (2, "Друго", "прието", None)]))
    found = decisions(store, DAY)
    assert list(found["n"]) == [1, 2]
    assert (found.loc[0, "state"], found.loc[0, "kind"], found.loc[0, "outcome"]) == (
        "done",
        "good_practice",
        "опитано в една община",
    )
    assert list(history(store, key)["from_file"]) == [True, False, False]


def test_a_decision_is_moved_to_an_item_until_its_meeting_is_closed(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "decision", "Месечни срещи", item="risk", viewer=expert("Мария"))
    change(store, key, state="in_progress", viewer=expert("Мария"))
    assert decisions(store, DAY)["item"].tolist() == ["risk"]
    change(store, key, item="work", viewer=expert("Мария"))
    assert decisions(store, DAY)["item"].tolist() == ["work"]
    change(store, key, item="", viewer=expert("Мария"))
    assert history(store, key)["item"].tolist() == ["", "work", "risk", "risk"]
    close_meeting(store, meeting.meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="закрито"):
        change(store, key, item="risk", viewer=expert("Мария"))
    change(store, key, item="", state="done", viewer=expert("Мария"))
    assert decisions(store, DAY)["state"].tolist() == ["done"]


def test_the_later_word_counts(store: Store) -> None:
    put(store, proposals(LAST, [(1, "Месечни срещи", "прието", None)]), at=datetime(2023, 10, 5))
    change(store, "2023-10-04-1", state="done", viewer=expert("Мария"), at=datetime(2023, 11, 1))
    put(store, proposals(LAST, [(1, "Месечни срещи с медиатори", "в изпълнение", None)]), at=datetime(2023, 12, 1))

    def state(known_at: datetime) -> str:
        return decisions(store, DAY, known_at)["state"].iloc[0]

    assert [state(datetime(2023, month, 15)) for month in (10, 11, 12)] == ["accepted", "done", "in_progress"]


def test_a_decision_entered_here_outlives_the_undoing_of_the_file(store: Store) -> None:
    [batch] = put(store, proposals(LAST, [(1, "Месечни срещи", "прието", None), (2, "Общ чат", "прието", None)]))
    change(store, "2023-10-04-1", state="in_progress", viewer=expert("Мария"))
    mark(store, [batch], "undo", "Мария")
    assert texts(decisions(store, DAY)) == ["Месечни срещи"]


def test_a_number_taken_by_a_file_is_not_given_again(store: Store, meeting: Meeting) -> None:
    put(store, proposals(DAY, [(1, "Месечни срещи", "прието", None), (4, "Общ чат", "прието", None)]))
    assert add(store, meeting.meeting_id, "decision", "Още едно", viewer=expert("Мария")) == "2024-03-13-5"
    assert len(decisions(store, DAY)) == 3


def test_two_people_who_enter_at_once_lose_nothing(store: Store, meeting: Meeting) -> None:
    failed: list[BaseException] = []

    def enter(who: str) -> None:
        try:
            for n in range(15):
                key = add(
                    store, meeting.meeting_id, "decision", f"решение {n} на {who}", viewer=expert(who), confirmed=[who]
                )
                change(store, key, outcome=f"решение {n} на {who}: направено", viewer=expert(who), confirmed=[who])
        except BaseException as error:
            failed.append(error)

    people = [threading.Thread(target=enter, args=(who,)) for who in ("Мария", "Иван")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    found = decisions(store, DAY)
    assert failed == []
    assert sorted(found["n"]) == list(range(1, 31))
    assert sorted(texts(found)) == sorted(f"решение {n} на {who}" for who in ("Мария", "Иван") for n in range(15))
    assert list(found["outcome"]) == [f"{text}: направено" for text in found["text"]]


def test_a_closed_meeting_takes_outcomes_but_no_other_words(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "decision", "Месечни срещи", viewer=expert("Мария"))
    close_meeting(store, meeting.meeting_id, expert("Мария"))
    with pytest.raises(ObhvatError, match="закрито"):
        add(store, meeting.meeting_id, "decision", "Късно", viewer=expert("Мария"))
    with pytest.raises(ObhvatError, match="текстът на решението не се променя"):
        change(store, key, text="Друго", viewer=expert("Мария"))
    change(
        store, key, text="Месечни срещи", state="done", outcome="готово", due=date(2024, 5, 1), viewer=expert("Мария")
    )
    [row] = decisions(store, DAY).to_dict("records")
    assert (row["text"], row["state"], row["outcome"]) == ("Месечни срещи", "done", "готово")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": " "}, "Напишете текста"),
        ({"text": "За дете с ЕГН 1501010010"}, "прилича на ЕГН"),
        ({"text": "Обход", "addressed_to": "150101001"}, "прилича на ЕГН"),
        ({"text": "Посещение по КГ-001"}, "случай по номер"),
        ({"text": "Обход", "due": date(2024, 3, 12)}, "преди заседанието"),
    ],
)
def test_what_must_not_be_written_is_refused(store: Store, meeting: Meeting, said: dict, why: str) -> None:
    put(store, register(), cases(date(2024, 2, 5), {"КГ-001": "в работа"}))
    with pytest.raises(ObhvatError, match=why):
        add(store, meeting.meeting_id, "decision", viewer=expert("Мария"), **said)
    assert decisions(store, DAY).empty


def test_an_outcome_is_read_as_carefully(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "decision", "Обход", viewer=expert("Мария"))
    with pytest.raises(ObhvatError, match="ЕГН"):
        change(store, key, outcome="записано е 1501010010", viewer=expert("Мария"))
    assert len(history(store, key)) == 1


def test_an_unknown_decision_or_state_is_said(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "decision", "Обход", viewer=expert("Мария"))
    with pytest.raises(UnknownName):
        change(store, "2024-03-13-9", state="done", viewer=expert("Мария"))
    with pytest.raises(UnknownName):
        change(store, key, state="готово", viewer=expert("Мария"))
    with pytest.raises(UnknownName):
        history(store, "2024-03-13-9")


def test_the_next_meeting_opens_with_what_was_decided_and_what_happened(store: Store) -> None:
    said = [
        (1, "Месечни срещи", "изпълнено", date(2023, 12, 1)),
        (2, "Данни за санкциите", "в изпълнение", date(2024, 2, 29)),
        (3, "Обходи", "прието", date(2024, 4, 30)),
    ]
    put(store, proposals(LAST, said), proposals(date(2022, 10, 4), [(1, "Старо", "предложено", None)]))
    found = to_follow(store, DAY)
    # 4 March 2024 was a day off for 3 March.
    assert list(found["words"]) == [
        "изпълнено",
        "в изпълнение; закъснява с 8 работни дни",
        "прието; срок 30.04.2024 г.",
    ]


def test_a_decision_not_done_stays_in_the_list_of_every_later_meeting_until_it_ends(store: Store) -> None:
    """However many meetings were closed since."""
    days = [date(2024, 3, 13), date(2024, 10, 2), date(2025, 3, 12), date(2025, 10, 1)]

    def hold(day: date) -> Meeting:
        held = open_meeting(store, day, TERM, viewer=expert("Мария"), at=datetime.combine(day, time(9)))
        add(
            store,
            held.meeting_id,
            "decision",
            f"От {day:%d.%m.%Y}",
            viewer=expert("Мария"),
            at=datetime.combine(day, time(10)),
        )
        return held

    listed = []
    for day in days:
        held = hold(day)
        listed.append(texts(to_follow(store, day)))
        if day == days[2]:
            change(
                store, "2024-03-13-1", state="in_progress", viewer=expert("Мария"), at=datetime.combine(day, time(11))
            )
            change(store, "2024-10-02-1", state="done", viewer=expert("Мария"), at=datetime.combine(day, time(11)))
        close_meeting(store, held.meeting_id, expert("Мария"), datetime.combine(day, time(12)))
    first, second, third, fourth = (f"От {day:%d.%m.%Y}" for day in days)
    # What was done in the third meeting is not asked about in the fourth.
    assert listed == [[], [first], [first, second], [first, third]]
    # What ended after a meeting is told in the next one, once.
    change(store, "2024-03-13-1", state="done", outcome="готово", viewer=expert("Мария"), at=datetime(2025, 12, 1, 9))
    assert texts(to_follow(store, date(2026, 3, 11))) == [first, third, fourth]
    hold(date(2026, 3, 11))
    assert first not in texts(to_follow(store, date(2026, 10, 7)))


def test_the_first_meeting_has_nothing_before_it(store: Store) -> None:
    assert to_follow(store, DAY).empty


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Да се потърси Иван Петров Иванов", "Прилича на име на човек: „Иван Петров Иванов“"),
        ("Екипът да посети семейството на Иван Петров в с. Бистрата", "Прилича на име на човек: „Иван Петров“"),
        ("Обаждане на 0888 123 456", "ЕГН или телефон"),
        ("Писмо до ivan@example.org", "електронен адрес"),
    ],
)
def test_what_is_read_in_the_room_names_nobody(store: Store, text: str, why: str) -> None:
    held = open_meeting(store, date(2024, 3, 13), Period(2023, "term", 1), viewer=expert("тест"))
    with pytest.raises(ObhvatError, match=why):
        add(store, held.meeting_id, "decision", text, viewer=expert("тест"))
    assert decisions(store, date.max).empty


def test_a_name_that_is_confirmed_is_kept_with_who_and_when(store: Store, meeting: Meeting) -> None:
    text, at = "Полицай Рошманов да провери адреса", datetime(2024, 3, 13, 10)
    key = add(store, meeting.meeting_id, "decision", text, confirmed=["Рошманов"], viewer=expert("Мария"), at=at)
    change(store, key, state="done", outcome="проверено", viewer=expert("Петър"))
    kept = store.rows(
        """
        select confirmed_names.name, entries.what, entries.entered_by, entries.entered_at
        from confirmed_names
        join entries on entries.entry_id = confirmed_names.entry_id
        """
    )
    # What stays as it is, is not asked about again.
    assert kept == [("Рошманов", "decision", "Мария", at)]
    with pytest.raises(LooksLikeName, match="Стоев"):
        change(store, key, outcome="проверено от Стоев", confirmed=["Рошманов"], viewer=expert("Мария"))


def test_a_place_of_the_register_is_no_name_where_it_only_may_be_one(store: Store, meeting: Meeting) -> None:
    text = "Екипът да обиколи Перуника"
    with pytest.raises(LooksLikeName, match="Перуника"):
        add(store, meeting.meeting_id, "decision", text, viewer=expert("Мария"))
    head, row = "Код по НЕИСПУО;Наименование;Община;Населено място", "9000103;ОУ „Трето“;Перуника;с. Перуника"
    put(store, Source("институции.csv", f"{head}\n{row}".encode()))
    assert add(store, meeting.meeting_id, "decision", text, viewer=expert("Мария"))
    with pytest.raises(LooksLikeName, match="Перуника"):
        add(store, meeting.meeting_id, "decision", "Да се извика майката Перуника", viewer=expert("Мария"))


def test_a_school_called_after_a_person_is_not_a_person(store: Store) -> None:
    held = open_meeting(store, date(2024, 3, 13), Period(2023, "term", 1), viewer=expert("тест"))
    add(store, held.meeting_id, "decision", "Проверка в СУ „Петко Рачов Славейков“", viewer=expert("тест"))
    assert decisions(store, date.max)["text"].tolist() == ["Проверка в СУ „Петко Рачов Славейков“"]


def test_what_is_pasted_is_kept_without_signs_that_are_not_seen(store: Store, meeting: Meeting) -> None:
    key = add(store, meeting.meeting_id, "decision", "Месечни\x02 срещи\x0bс медиаторите\u200b", viewer=expert("Мария"))
    assert texts(decisions(store, DAY)) == ["Месечни срещи\nс медиаторите"]
    change(store, key, outcome="работи\x00", viewer=expert("Мария"))
    assert store.rows("select outcome from decisions where outcome <> ''") == [("работи",)]


def test_an_identifier_does_not_hide_behind_signs_that_are_not_seen(store: Store, meeting: Meeting) -> None:
    with pytest.raises(ObhvatError, match="ЕГН или телефон"):
        add(store, meeting.meeting_id, "decision", "Дете 12345\x0267\u200b890", viewer=expert("Мария"))
    with pytest.raises(LooksLikeName):
        add(store, meeting.meeting_id, "decision", "Да се посети Ива\xadн Пет\x1fров", viewer=expert("Мария"))


def test_what_a_file_holds_is_kept_without_signs_that_are_not_seen(store: Store) -> None:
    said = [(1, "Общ\x02 чат за учи\xadлищата", "прие\u200bто", None)]
    put(store, register(), proposals(LAST, said))
    assert store.rows("select text, state from proposals") == [("Общ чат за училищата", "accepted")]
