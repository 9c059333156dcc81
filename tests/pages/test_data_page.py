from datetime import datetime, timedelta

import filling
from conftest_pages import Open, rows_of, words
from namesakes import NAMESAKES, put_namesakes

from obhvat.ingest import Source
from obhvat.store import copies
from obhvat.store.entries import add_entry
from obhvat.ui.session import open_store


def matrix(app) -> list[list[str]]:
    return rows_of(app, 'class="matrix"')


def row_of(app, code: str) -> dict[str, str]:
    head, *rows = matrix(app)
    return dict(zip(head[1:], next(r for r in rows if r[0].endswith(code))[1:], strict=True))


def test_the_matrix_has_a_row_for_every_institution_that_must_submit(demo_app: Open):
    institutions, municipalities = 52, 6
    assert len(matrix(demo_app("data_status"))) == 1 + institutions + municipalities


def test_a_school_that_never_submits_is_missing_every_month(demo_app: Open):
    assert list(row_of(demo_app("data_status"), "9004002").values()) == ["липсва"] * 5


def test_a_class_entered_twice_is_marked(demo_app: Open):
    assert row_of(demo_app("data_status"), "9002001")["ноември 2023"] == "×2 ?"


def test_a_school_without_any_unexcused_hour_is_marked(demo_app: Open):
    assert list(row_of(demo_app("data_status"), "9002005").values()) == ["0 ?"] * 5


def test_an_undone_file_stops_counting_and_can_be_taken_back(demo_app: Open):
    app = demo_app("data_status")
    newest = open_store().rows("select max(batch_id) from batches")[0][0]
    app.selectbox(key="batch").select(newest).run()
    app.button(key="undo").click().run()
    assert open_store().rows("select batch_id from undone_batches(now()::timestamp)") == [(newest,)]
    assert app.button(key="undo").label == "Върни файла в сила"
    app.button(key="undo").click().run()
    assert open_store().rows("select batch_id from undone_batches(now()::timestamp)") == []


def test_names_that_were_replaced_in_older_data_are_told(demo_app: Open):
    assert "имена на хора" not in words(demo_app("data_status"))
    with open_store().transaction() as cursor:
        cursor.execute("insert into replaced_names values ('2026-11-26 10:00', 'имена на файлове', 3)")
    told = words(demo_app("data_status"))
    assert "имена на хора в записаното дотогава са заменени с „[име]“: имена на файлове – 3." in told
    assert "изтрийте ги и направете ново" in told


def test_history_is_of_the_chosen_municipality(demo_app: Open):
    app = demo_app("data_status", municipality="Самодол")
    files = next(d.value for d in app.dataframe if "Файл" in d.value)
    assert len(files) > 0
    assert files["Файл"].str.startswith("9006").all()


def test_clearing_the_demo_leaves_an_empty_store(demo_app: Open):
    app = demo_app("data_status")
    next(b for b in app.button if b.label == "Изчисти примерната област").click().run()
    assert open_store().rows("select count(*) from absences") == [(0,)]
    assert "Още няма данни" in words(app)


def test_namesakes_in_three_villages_are_three_schools_in_the_box_of_what_is_missing(empty_app: Open):
    """Not „ОУ „Христо Ботев“ (3 месеца)“ but three schools with a month each."""
    put_namesakes(open_store())
    said = words(empty_app("data_status", year="2023/2024"))
    months = ("септември 2023 г.", "октомври 2023 г.", "ноември 2023 г.")
    for school, month in zip(NAMESAKES.values(), months, strict=True):
        assert f"{school} ({month})" in said
    assert "3 месеца" not in said
    assert "1 от 4 училища" in said


def test_how_many_rows_a_file_has_is_seen_inside_only(demo_app: Open):
    """A row of a school's file is a child."""
    for audience, is_shown in (("За членовете", False), ("Вътрешен", True)):
        app = demo_app("data_status", audience=audience)
        files = next(d.value for d in app.dataframe if "Файл" in d.value)
        assert ("Записани редове" in files, "Редове за поправка" in files) == (is_shown, is_shown)
        assert ("ред от файла е дете" in words(app)) != is_shown


def test_a_file_of_the_asp_is_said_to_know_no_excused_absences(empty_app: Open):
    register = "Код по НЕИСПУО;Наименование;Вид;Община;Населено място\n9100101;ОУ „Тест“;основно;Тест;с. Тест\n"
    asp = "intYear|intMonth|SchoolID|IDNumber|intIDType|BasicClass|NotExcused\r\n2023|10|9100101|7001010001|0|7|6\r\n"
    national = "9100101|2023|10|0|7001010001|А|Б|В|7|1||7а|1||4|6\n".encode("cp1251")
    sources = (Source("институции.csv", register.encode()), Source("asp_export_9100101_2023_10.txt", asp.encode()))
    filling.put(open_store(), sources)
    said = "Във файла няма извинени отсъствия: за времето му те не са известни, а не нула."
    assert said in words(empty_app("data_status"))
    filling.put(open_store(), [Source("9100101_2023_10_File.txt", national)])
    assert said not in words(empty_app("data_status"))


def test_a_copy_is_made_by_a_button_and_its_age_is_on_screen(empty_app: Open):
    put_namesakes(open_store())
    app = empty_app("data_status", year="2023/2024")
    assert "Няма копие." in words(app)
    app.button(key="copy").click().run()
    [copy] = copies.copies(open_store())
    said = words(app)
    assert f"Копието е в „{copy.path}“ и е прочетено цяло." in said
    assert "Последното копие е отпреди по-малко от час" in said
    assert "След него не е записвано нищо." in said
    assert f'obhvat restore "{copy.path}" --store "{open_store().path}"' in said
    copy.path.rename(copy.path.with_name("obhvat-2024-01-31-140500.duckdb"))
    assert "от 31.01.2024 г. в 14:05" in words(app.run())


def test_a_copy_dated_after_today_is_not_said_to_hold_everything(empty_app: Open):
    put_namesakes(open_store())
    app = empty_app("data_status", year="2023/2024")
    app.button(key="copy").click().run()
    [copy] = copies.copies(open_store())
    copy.path.rename(copy.path.with_name("obhvat-2099-01-31-140500.duckdb"))
    said = words(app.run())
    assert "Последното копие е с дата напред, 31.01.2099 г. в 14:05" in said
    assert "След него не е записвано нищо." not in said
    app.button(key="copy").click().run()
    assert "Последното копие е отпреди по-малко от час" in words(app)


def test_a_copy_older_than_what_was_recorded_says_so(empty_app: Open):
    put_namesakes(open_store())
    app = empty_app("data_status", year="2023/2024")
    app.button(key="copy").click().run()
    with open_store().transaction() as cursor:
        add_entry(cursor, "decision", "тест", datetime.now() + timedelta(seconds=2))
    assert "След него има нови записи." in words(app.run())


def test_daily_copies_are_a_setting_and_a_wrong_folder_is_refused(empty_app: Open):
    put_namesakes(open_store())
    app = empty_app("data_status", year="2023/2024")
    app.toggle(key="daily-copies").set_value(True).run()
    assert copies.is_daily(open_store())
    app.text_input(key="copies-folder").set_value("копия").run()
    assert "„копия“ не е пълен път до папка" in words(app)
    assert copies.folder_of(open_store()) == copies.usual_folder(open_store())


def test_the_press_sees_nothing_of_copies(demo_app: Open):
    assert "Копия на базата" in words(demo_app("data_status"))
    assert "Копия на базата" not in words(demo_app("data_status", audience="За пресата"))


def test_the_frame_of_all_pages_says_that_the_clock_was_ahead(empty_app: Open):
    with open_store().transaction() as cursor:
        add_entry(cursor, "status", "тест", datetime.now() + timedelta(days=300))
    assert "часовникът на компютъра е бил напред" in words(empty_app())
