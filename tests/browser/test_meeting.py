"""A whole meeting with the keyboard, and what room mode never lets out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from conftest_browser import Served, settled
from docx import Document
from playwright.sync_api import Page, WebSocket, expect
from test_words import english

from obhvat.store import Store

FOOT = ".room-foot span:last-child"


@pytest.fixture(scope="session")
def secrets(demo_store: Store) -> set[str]:
    """Every pseudonym and case number of the invented oblast."""
    pupils = demo_store.rows("select pupil::varchar from pupils union select pupil::varchar from absences")
    numbers = demo_store.rows("select distinct number from cases")
    return {p for (p,) in pupils} | {n for (n,) in numbers}


def open_meeting(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/meeting")
    settled(page)
    page.get_by_role("button", name="Открий заседание").click()
    page.get_by_text("Това заседание").wait_for()
    settled(page)


def decide(page: Page, text: str) -> None:
    page.get_by_placeholder("Общините да представят").fill(text)
    page.get_by_role("button", name="Добави", exact=True).click()
    page.locator(".decision", has_text=text).wait_for()
    settled(page)


def in_room(page: Page) -> None:
    """Wait until the slide is on and the keys have their buttons."""
    page.wait_for_selector(".room-slide")
    page.wait_for_selector(".st-key-room-leave button")
    page.wait_for_timeout(300)


def to_room(page: Page) -> None:
    page.get_by_role("button", name="Режим зала").click()
    in_room(page)


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    page.wait_for_selector(".tiles")
    settled(page)


def slides_by_keyboard(page: Page) -> list[str]:
    """The text of every slide, from the first to the last, without the moment at its foot."""

    def text() -> str:
        return "\n".join(page.locator(f".room-{part}").inner_text() for part in ("title", "sentence", "body"))

    page.keyboard.press("Home")
    expect(page.locator(FOOT)).to_have_text(re.compile(r"^1 от"))
    of = int(page.locator(FOOT).inner_text().split()[-1])
    seen = [text()]
    for n in range(2, of + 1):
        page.keyboard.press("ArrowRight")
        expect(page.locator(FOOT)).to_have_text(f"{n} от {of}")
        seen.append(text())
    return seen


def test_a_whole_meeting(page: Page, own_served_demo: Served) -> None:
    open_meeting(page, own_served_demo)
    decide(page, "Общините представят данни за санкциите до края на месеца")
    decide(page, "Месечни срещи с образователните медиатори")
    to_room(page)
    seen = slides_by_keyboard(page)
    assert len(seen) >= 10
    leave(page)
    page.goto(f"{own_served_demo.address}/meeting")
    settled(page)
    page.locator("button", has_text="Закриване").click()
    page.get_by_text("Проверих решенията").click()
    page.get_by_role("button", name="Закрий заседанието").click()
    page.get_by_text("числата му са записани").wait_for()
    page.locator("button", has_text="Документи").click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Протокол (Word)").click()
    opened = Document(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    cells = {cell.text for table in opened.tables for row in table.rows for cell in row.cells}
    assert "Месечни срещи с образователните медиатори" in cells
    assert "Общините представят данни за санкциите до края на месеца" in cells
    page.goto(f"{own_served_demo.address}/meeting")
    settled(page)
    to_room(page)
    assert slides_by_keyboard(page) == seen


def test_the_clicker_and_the_keys_move_both_ways(page: Page, served_demo: Served) -> None:
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    for key, place in (("PageDown", 2), ("ArrowDown", 3), ("PageUp", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(page.locator(FOOT)).to_have_text(re.compile(rf"^{place} от"))
    page.keyboard.press("End")
    expect(page.locator(FOOT)).to_have_text(re.compile(r"^(\d+) от \1$"))


def test_room_mode_has_large_type_and_no_menu(page: Page, served_demo: Served) -> None:
    page.goto(f"{served_demo.address}/room")
    page.wait_for_selector(".room-figure")
    sizes = page.evaluate(
        """() => {
            const written = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            const size = s => [...document.querySelectorAll(s)].filter(written)
                .map(e => parseFloat(getComputedStyle(e).fontSize));
            return [Math.min(...size('.room-slide *')), Math.min(...size('.room-figure'))];
        }"""
    )
    assert sizes[0] >= 24
    assert sizes[1] >= 64
    assert page.locator("[data-testid=stTopNavLink]:visible").count() == 0


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_no_slide_is_cut_off_or_has_an_english_word(page: Page, served_demo: Served, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    of = int(page.locator(FOOT).inner_text().split()[-1])
    cut, words = [], []
    for n in range(1, of + 1):
        expect(page.locator(FOOT)).to_have_text(f"{n} от {of}")
        over = page.evaluate(
            """() => {
                const end = document.querySelector('.room-foot').getBoundingClientRect().top;
                const wide = document.querySelector('.room-slide').getBoundingClientRect().right;
                const all = [...document.querySelectorAll('.room-body *, .room-sentence')];
                const over = box => box.bottom > end + 1 || box.right > wide + 1;
                return all.some(e => over(e.getBoundingClientRect()));
            }"""
        )
        if over:
            cut.append(page.locator(".room-title").inner_text())
        words += english(page)
        page.keyboard.press("ArrowRight")
    assert (cut, words) == ([], [])


def test_nothing_from_room_mode_tells_of_a_child_or_a_case(page: Page, served_demo: Served, secrets: set[str]) -> None:
    """Page text, addresses, everything the server sends, and every address that is typed while the room is on."""
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: sent.append(data if isinstance(data, str) else data.decode("utf-8", "ignore")),
        )

    page.on("websocket", listen)
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    texts = slides_by_keyboard(page)
    page.get_by_text("За пресата").click()
    page.wait_for_timeout(800)
    texts += slides_by_keyboard(page)
    addresses = [page.url]
    for path in ("", "cases", "risk", "school", "inspections", "upload", "data_status", "settings", "meeting"):
        page.goto(f"{served_demo.address}/{path}?audience=Вътрешен")
        page.wait_for_selector(".room-slide")
        page.wait_for_timeout(500)
        texts.append(page.locator("body").inner_text())
        addresses.append(page.url)
    everything = "\n".join([*sent, *texts, *addresses])
    assert len(everything) > 10_000
    assert sorted(secret for secret in secrets if secret in everything) == []
    assert re.findall(r"\b(?:1[0-2]|[1-9])[а-г]\b клас", everything) == []


def test_after_the_room_the_view_is_the_members(page: Page, served_demo: Served) -> None:
    page.goto(f"{served_demo.address}/overview?audience=Вътрешен")
    page.wait_for_selector(".tiles")
    settled(page)
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    leave(page)
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()
    page.goto(f"{served_demo.address}/risk")
    page.wait_for_selector(".tiles")
    assert page.locator(".room-slide").count() == 0
