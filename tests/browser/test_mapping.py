"""The mapping step in the browser: an unknown file explained, read, committed, and known the next time."""

from __future__ import annotations

from pathlib import Path

from conftest_browser import Served, settled
from playwright.sync_api import Page, expect

REGISTER = (
    "Област;Код по НЕИСПУО;Наименование;Вид по чл. 38;Община;Населено място\n"
    "Примерна;9000101;ОУ „Пример“;основно;Каменград;гр. Каменград\n"
    "Примерна;9000102;СУ „Образец“;средно;Ведрово;гр. Ведрово\n"
)
UNKNOWN = (
    "У-ще;Кога;Отс. уваж.;Отс. неув.;Клас/паралелка;Бр. деца;Кл. ръководител\n"
    "9000101;{month}.2023;120;36,5;7а;22;Ксенофонтова\n"
    "9000102;{month}.2023;20;3;8б;21;Хераклитов\n"
)
DIARY = (
    "Отсъствия по класове за първи срок към дата 02.02.2024 10:30\n"
    "Клас;Ученици;Уважителни;Неуважителни\n5а;20;100;3,5\n"
)
RESULTS = (
    "Област;Община;Населено място;Код;Училище;БЕЛ-уч;бел;МАТ-уч;мат\n"
    "Примерна;Каменград;гр. Каменград;;ОУ „Примерно“;20;55;20;41\n"
)


def drop(page: Page, served: Served, *files: Path) -> None:
    page.goto(f"{served.address}/upload")
    settled(page).set_input_files("input[type=file]", list(files))
    expect(page.locator(".lead")).to_contain_text("Прочет", timeout=20_000)


def test_an_unknown_file_is_explained_once(page: Page, served_empty: Served, tmp_path: Path):
    register, october, november = tmp_path / "институции.csv", tmp_path / "окт.csv", tmp_path / "ное.csv"
    register.write_text(REGISTER, "utf-8")
    october.write_text(UNKNOWN.format(month="10"), "utf-8")
    november.write_text(UNKNOWN.format(month="11"), "utf-8")
    drop(page, served_empty, register, october)
    page.get_by_role("button", name="Посочи", exact=True).click()
    expect(page.get_by_text("Какво са колоните?")).to_be_visible()
    # What may be a teacher's name is not shown.
    expect(page.get_by_text("текст от 12 знака")).to_be_visible()
    expect(page.get_by_text("Ксенофонтова")).to_have_count(0)
    page.get_by_role("button", name="Прочети така").click()
    expect(page.locator(".lead")).to_contain_text("4 реда: 4 годни", timeout=20_000)
    page.get_by_role("button", name="Запиши 2 файла · 4 реда").click()
    expect(page.get_by_text("Записани са 2 файла с 4 реда.")).to_be_visible(timeout=20_000)
    drop(page, served_empty, november)
    expect(page.locator(".lead")).to_contain_text("2 реда: 2 годни")
    page.get_by_role("button", name="Подробно").click()
    expect(page.get_by_text("Колоните са познати от запомнено съответствие.")).to_be_visible()


def test_what_files_do_not_say_and_an_unclear_institution_are_asked_for(
    page: Page, served_empty: Served, tmp_path: Path
):
    register, diary = tmp_path / "институции.csv", tmp_path / "отсъствия по класове.csv"
    results = tmp_path / "НВО 7 клас 2023.csv"
    register.write_text(REGISTER, "utf-8")
    diary.write_text(DIARY, "utf-8")
    results.write_text(RESULTS, "utf-8")
    drop(page, served_empty, register, diary, results)
    expect(page.get_by_text("Файлът не казва „Код по НЕИСПУО“.")).to_be_visible()
    expect(page.get_by_text("1 институция не е ясна")).to_be_visible()
    page.get_by_label("Код по НЕИСПУО за „отсъствия по класове.csv“").click()
    page.get_by_role("option", name="ОУ „Пример“, гр. Каменград · 9000101").click()
    expect(page.locator(".lead")).to_contain_text("4 реда: 3 годни", timeout=20_000)
    page.get_by_role("button", name="Подробно").first.click()
    page.get_by_label("ОУ „Примерно“, гр. Каменград").click()
    page.get_by_role("option", name="ОУ „Пример“").click()
    page.get_by_role("button", name="Прочети така").click()
    expect(page.locator(".lead")).to_contain_text("4 реда: 4 годни", timeout=20_000)
