from datetime import date

from viewers import expert

from obhvat.ingest import Source, commit, read_files
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

REGISTER = (
    "Код по НЕИСПУО;Наименование;Вид по чл. 38;Област;Община;Населено място\r\n"
    "9100101;ОУ „Първо“;основно училище;Тест;Тест;с. Тест\r\n9100102;ОУ „Второ“;основно училище;Тест;Тест;с. Тест\r\n"
)
TOTALS = (
    "Код по НЕИСПУО;Учебна година;Месец;Паралелка;Брой ученици;Извинени;Неизвинени\r\n"
    "9100101;2023/2024;10;7а;20;30;12,5\r\n9100101;2023/2024;10;7б;22;18;7\r\n9100102;2023/2024;10;5а;10;4;3\r\n"
)
PUPILS = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини\r\n"
    "9100102;2023/2024;10;местен-01;5;5а;1;2\r\n9100102;2023/2024;10;местен-02;5;5а;0;4,5\r\n"
)


def test_totals_by_class_count_where_no_pupils_file_was_sent(store: Store):
    texts = {"институции_2023-09-10.csv": REGISTER, "паралелки.csv": TOTALS, "отсъствия.csv": PUPILS}
    sources = [Source(name, text.encode()) for name, text in texts.items()]
    with_register = read_files(sources, store, today=date(2023, 11, 5))
    assert [(f.dataset.name, f.refused, f.rows_rejected) for f in with_register.files if f.dataset] == [
        ("schools", None, 0),
        ("class_absences", None, 0),
        ("absences", None, 0),
    ]
    commit(with_register, store, expert())
    october = figure(store, "unexcused_per_pupil", Period(2023, "month", 10), Scope())
    assert dict(zip(october.counted["school"], october.counted["n"], strict=True)) == {
        "9100101": 12.5 + 7,
        "9100102": 2 + 4.5,
    }
