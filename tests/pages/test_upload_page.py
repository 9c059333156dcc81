import contextlib
from functools import cache

from conftest_pages import Open, words, written_html
from viewers import expert

from obhvat.demo.files import Demo
from obhvat.ingest import Source, commit, read_files
from obhvat.ui.session import open_store

REGISTER = "Код по НЕИСПУО;Наименование;Вид;Община;Населено място\r\n9100101;ОУ „Тест“;основно;Тест;с. Тест\r\n"


@cache
def _practice() -> list[Source]:
    """They are invented anew each time."""
    return Demo().practice_files()


def practice(n: int) -> list[tuple[str, bytes, str]]:
    return [(s.name, s.data, "text/plain") for s in _practice()[:n]]


def shorter(files):
    return [(name, b"\n".join(data.splitlines()[: len(data.splitlines()) // 2]), kind) for name, data, kind in files]


def drop(app, files):
    return app.file_uploader[0].set_value(files).run()


def press(app, start: str):
    return next(b for b in app.button if b.label.startswith(start)).click().run()


def batches() -> int:
    return open_store().rows("select count(*) from batches")[0][0]


def test_a_drop_is_summed_up_in_one_sentence(demo_app: Open):
    said = " ".join(words(drop(demo_app("upload"), practice(3))).split())
    rows = sum(len(data.splitlines()) for _, data, _ in practice(3))
    assert f"Прочетени са 3 файла с {rows} реда: {rows - 4} годни и 4 за връщане на подателите" in said


def test_nothing_is_stored_before_it_is_committed(demo_app: Open):
    app = demo_app("upload")
    before = batches()
    drop(app, practice(3))
    assert batches() == before


def test_a_commit_stores_the_chosen_files(demo_app: Open):
    app = drop(demo_app("upload"), practice(3))
    before = batches()
    press(app, "Запиши 3 файла")
    assert batches() == before + 3


def test_a_file_whose_box_is_cleared_stays_out_and_is_still_there(demo_app: Open):
    app = drop(demo_app("upload"), practice(3))
    before = batches()
    app.checkbox[0].uncheck().run()
    press(app, "Запиши 2 файла")
    assert batches() == before + 2
    assert len(app.checkbox) == 1


def test_the_same_file_again_waits_for_confirmation(demo_app: Open):
    app = press(drop(demo_app("upload"), practice(1)), "Запиши 1 файл")
    drop(app, practice(1))
    assert "Същият файл вече е качен" in words(app)
    assert [b.disabled for b in app.button if b.label == "Няма избран файл за запис"] == [True]


def test_confirming_all_doubts_lets_the_files_be_committed(demo_app: Open):
    app = press(drop(demo_app("upload"), practice(2)), "Запиши 2 файла")
    before = batches()
    drop(app, shorter(practice(2)))
    press(app, "Потвърди всички забележки (2)")
    press(app, "Запиши 2 файла")
    assert batches() == before + 2


def test_the_same_files_are_not_recorded_twice(demo_app: Open):
    app = press(drop(demo_app("upload"), practice(2)), "Запиши 2 файла")
    before = batches()
    drop(app, practice(2))
    press(app, "Потвърди всички забележки (2)")
    press(app, "Запиши 2 файла")
    assert batches() == before
    assert "Нищо ново не е записано. 2 файла вече са записани със същото съдържание" in words(app)


def test_what_another_recorded_meanwhile_is_told_and_the_files_are_read_again(demo_app: Open):
    app = drop(demo_app("upload"), shorter(practice(1)))
    store = open_store()
    [(name, data, _)] = practice(1)
    with contextlib.closing(read_files([Source(name, data)], store)) as others:
        commit(others, store, expert("Иванова"))
    before = batches()
    press(app, "Запиши 1 файл")
    assert "Иванова записа" in words(app)
    assert batches() == before
    press(app, "Прочети отново")
    said = words(app)
    assert "Редовете намаляват" in said
    assert "чака потвърждение" in said


def test_details_name_line_column_value_and_what_to_do(demo_app: Open):
    app = press(drop(demo_app("upload"), practice(1)), "Подробно")
    said = " ".join(words(app).split())
    assert "1 По неуважителни причини „-2.00“ в „По неуважителни причини“ е отрицателно." in said


def test_a_file_that_is_no_table_says_what_to_do(demo_app: Open):
    app = drop(demo_app("upload"), [("портал.csv", b"<html><body>502</body></html>", "text/csv")])
    assert "Това е уеб страница, а не таблица" in words(app)


def test_a_hostile_file_name_and_cell_are_text(demo_app: Open):
    name = "<img src=x onerror=alert(1)>.csv"
    data = "Код по НЕИСПУО;Наименование;Вид;Община\r\n12;<script>alert(2)</script>;<b>основно;Тест\r\n"
    app = press(drop(demo_app("upload"), [(name, data.encode(), "text/csv")]), "Подробно")
    assert "<img" not in written_html(app)
    assert "<script>" not in written_html(app)
    assert "&lt;img" in written_html(app) or "&lt;b&gt;основно" in written_html(app)


def test_a_register_of_several_oblasts_asks_which(empty_app: Open):
    rows = "Област;Община;Населено място;Код по НЕИСПУО;Наименование;Вид по чл. 38\r\n"
    rows += "Перник;Перник;гр. Перник;1400101;ОУ „А“;основно\r\nСофия;Самоков;гр. Самоков;2300101;ОУ „Б“;основно\r\n"
    app = drop(empty_app("upload"), [("институции.csv", rows.encode(), "text/csv")])
    assert "Регистърът е за 2 области" in words(app)
    next(s for s in app.selectbox if "Коя област" in s.label).select("Перник").run()
    assert "Прочетени са 2 реда, от тях 1 за други области." in words(app)
    assert "с 2 реда, от тях 1 за други области: 1 годен" in " ".join(words(app).split())
    assert "От 2 области се качва Перник" in words(press(app, "Подробно"))


def test_of_how_many_points_an_old_exam_is_is_asked_and_answered_with_a_number(empty_app: Open):
    rows = "Код по НЕИСПУО;Училище;Явили се БЕЛ;Ср. успех в точки БЕЛ\r\n9100101;ОУ „Тест“;20;30,5\r\n"
    files = [("институции.csv", REGISTER.encode(), "text/csv"), ("НВО 7 клас 2016.csv", rows.encode(), "text/csv")]
    app = drop(empty_app("upload"), files)
    assert "Файлът не казва „Максимален брой точки“." in words(app)
    next(n for n in app.number_input if "Максимален брой точки" in n.label).set_value(65).run()
    assert "Файлът не казва" not in words(app)


def test_what_was_put_aside_is_gone(demo_app: Open):
    app = press(drop(demo_app("upload"), practice(2)), "Изчисти")
    assert len(app.file_uploader) == 1
    assert not app.checkbox


def test_the_demo_warns_that_files_will_be_mixed(demo_app: Open):
    assert "ще се смеси с измислените данни" in words(demo_app("upload"))


CASES = (
    "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус\n"
    "КГ-901;05.02.2024;отпаднал;Каменград;12.10.2023;в работа\n"
    "КГ-902;05.02.2024;отпаднал;Каменграт;12.10.2023;в работа\n"
    "КГ-903;05.02.2024;отпаднал;Каменграт;12.10.2023;в рабта\n"
)


def test_one_click_says_what_a_word_means_for_all_rows_alike(demo_app: Open):
    app = drop(demo_app("upload"), [("случаи.csv", CASES.encode(), "text/csv")])
    assert "„Каменграт“ в „Община по адрес“ (2 реда) значи" in " ".join(words(app).split())
    assert "2 думи приличат на допустими: отговорете по-горе." in words(app)
    app = press(app, "Да за всички (2)")
    assert "Прочетен е 1 файл с 3 реда: 3 годни" in " ".join(words(app).split())
    app = press(app, "Подробно")
    box = next(b for b in app.selectbox if b.label == "Какво значи „в рабта“")
    app = box.set_value("abroad").run()
    assert "„в рабта“ е „в чужбина“ (1 ред)" in words(app)
    press(app, "Изчисти")


def test_files_that_waited_in_a_session_that_is_lost_are_asked_for_again(demo_app: Open):
    token = drop(demo_app("upload"), practice(1)).query_params["waiting"]
    again = demo_app("upload", waiting=token)
    assert "не се пазят: качете ги отново" in words(again)
    # Once they are there nothing more is said.
    assert "не се пазят" not in words(drop(again, practice(1)))


def test_a_page_that_is_loaded_again_says_what_became_of_the_files(demo_app: Open):
    app = drop(demo_app("upload"), practice(2))
    token = app.query_params["waiting"]
    press(app, "Запиши 2 файла")
    assert "waiting" not in app.query_params
    said = words(demo_app("upload", waiting=token))
    assert "записът завърши. Записани са 2 файла" in said


def test_a_recording_that_was_refused_is_told_as_not_recorded(demo_app: Open):
    app, other = drop(demo_app("upload"), practice(1)), drop(demo_app("upload"), shorter(practice(1)))
    token = app.query_params["waiting"]
    press(other, "Потвърди") if any(b.label.startswith("Потвърди") for b in other.button) else None
    press(other, "Запиши 1 файл")
    press(app, "Запиши 1 файл")
    assert "нищо от тях не е записано" in words(demo_app("upload", waiting=token))
