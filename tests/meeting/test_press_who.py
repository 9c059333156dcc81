"""Who answers for a decision, as a newspaper is told: an institution; never where a person's name stood."""

from __future__ import annotations

from datetime import date, datetime

from decks import TERM, deck
from small_oblast import put, register
from viewers import expert

from obhvat.ingest import Source
from obhvat.meeting.decisions import decisions
from obhvat.meeting.meetings import attendance, open_meeting
from obhvat.reports.press import press_text
from obhvat.store import Store

LAST, DAY = date(2023, 10, 4), date(2024, 3, 13)


def _decided(day: date) -> Source:
    head = "Заседание;№;Предложение;Вносител;Отговорник;Срок;Състояние"
    rows = "".join(
        f"\n{day:%d.%m.%Y};{n};{text};РУО;{who};20.03.2024;прието"
        for n, text, who in ((1, "Месечни срещи", "ДСП"), (2, "Общ график", "Иван Петров"))
    )
    return Source(f"предложения_{day}.csv", f"{head}{rows}".encode())


def test_the_press_is_told_the_institution_on_both_slides_and_in_the_text(store: Store) -> None:
    put(store, register(), _decided(LAST), _decided(DAY), at=datetime(2023, 10, 5))
    meeting = open_meeting(store, DAY, TERM, viewer=expert("Мария"))
    entered = decisions(store, DAY)
    assert entered["addressed_to"].unique().tolist() == ["ДСП", "[име]"]
    for audience, told in (("members", ["ДСП", "[име]"]), ("press", ["ДСП", ""])):
        made = deck(store, audience, meeting)
        for key in ("decisions_last", "closing"):
            nth = made[key].columns.index("Отговорник")
            assert [row[nth] for row in made[key].rows] == told
    own = entered[entered["meeting"].dt.date == DAY]
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), own)
    assert "– месечни срещи – отговорник: ДСП, в срок до 20.03.2024 г.;" in text
    assert "– общ график – в срок до 20.03.2024 г." in text
    assert "[име]" not in text
