"""A meeting from its opening to its protocol. What was opened is left to the next test: a decision is entered in the
room, asked about until it is read, taken back by a key, not lost unasked; another stands on the closing slide."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest_browser import GO, Served, look, settled
from docx import Document
from playwright.sync_api import Dialog, Page, expect
from store_files import written
from test_meeting import FOOT, in_room, leave, open_meeting, slides_by_keyboard
from test_presenter import at, two_windows

from obhvat.ui.meeting.lacks import TO_READ

NOW = ".presenter-now .room-sentence"


@dataclass
class Left:
    """The application, and how the last test left the meeting that is opened in it."""

    served: Served
    decisions: int = -1
    _written: object = None

    def leave(self, decisions: int) -> None:
        self.decisions, self._written = decisions, written(self.served.store)

    def open(self, page: Page, request: pytest.FixtureRequest, most: int) -> None:
        """Come to a meeting with so many decisions at most."""
        if 0 <= self.decisions <= most and self._written == written(self.served.store):
            page.goto(f"{self.served.address}/meeting")
            settled(page)
        else:
            open_meeting(page, request.getfixturevalue("own_served_demo"))
        self.decisions = -1


@pytest.fixture(scope="module")
def left(served_to_write: Served) -> Left:
    return Left(served_to_write)


@pytest.fixture
def in_meeting(page: Page, left: Left, request: pytest.FixtureRequest) -> Left:
    """The page at a meeting that decided nothing yet."""
    left.open(page, request, most=0)
    return left


@pytest.fixture
def in_meeting_with_any(page: Page, left: Left, request: pytest.FixtureRequest) -> None:
    """The page at a meeting that may have decided something."""
    left.open(page, request, most=1)


def decide(page: Page, text: str) -> None:
    page.get_by_placeholder("Общините да представят").fill(text)
    page.get_by_role("button", name="Добави", exact=True).click()
    page.get_by_text("Без отговорник и без срок?").wait_for()
    # As long as it takes to be read.
    page.wait_for_timeout(1000 * TO_READ)
    page.get_by_role("button", name="Добави", exact=True).click()
    page.locator(".decision", has_text=text).wait_for()
    settled(page)


def to_room(page: Page) -> None:
    page.get_by_role("button", name="Режим за залата").click()
    in_room(page)


def sheet(page: Page, text: str) -> None:
    page.keyboard.press("d")
    expect(page.get_by_label("Какво")).to_be_focused()
    page.get_by_role("button", name="Запиши").wait_for()
    page.keyboard.type(text)


def test_a_decision_is_taken_once_it_is_read_and_taken_back_by_a_key(page: Page, in_meeting: Left) -> None:
    page.evaluate(GO, "/room?view=presenter")
    page.wait_for_selector(".presenter")
    page.wait_for_timeout(300)
    page.keyboard.press("End")
    expect(page.locator(NOW)).to_have_text("Още няма взети решения.")
    sheet(page, "Да се представят данни за 2 общини")
    page.keyboard.press("Control+Enter")
    asks, written = page.get_by_text("Без отговорник и без срок?"), page.get_by_text("Записано е решение № ")
    expect(asks).to_be_visible()
    page.wait_for_timeout(1000 * TO_READ)
    page.keyboard.press("Control+Enter")
    expect(written).to_be_visible()
    expect(page.locator(NOW)).to_have_text("Взето е 1 решение.")
    expect(page.get_by_label("Какво")).to_have_count(0)
    page.get_by_role("button", name="Отмени решение № ").wait_for()
    page.keyboard.press("o")
    expect(page.get_by_text(re.compile(r"Решение № \d е отменено\."))).to_be_visible()
    expect(page.locator(NOW)).to_have_text("Още няма взети решения.")
    expect(written).to_have_count(0)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    sheet(page, "Недовършено")
    page.evaluate("() => { setTimeout(() => location.reload()); }")
    page.wait_for_timeout(1000)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Какво")).to_have_value("Недовършено")
    in_meeting.leave(decisions=0)


def test_a_decision_is_entered_by_the_keyboard_and_stands_on_the_closing_slide(page: Page, in_meeting: Left) -> None:
    projector = two_windows(page)
    page.keyboard.press("8")
    at(page, projector, 8)
    projector.keyboard.press("End")
    expect(projector.locator(".room-sentence")).to_have_text("Още няма взети решения.")
    page.keyboard.press("8")
    at(page, projector, 8)
    page.keyboard.press("d")
    what = page.get_by_label("Какво")
    expect(what).to_be_focused()
    # Letters and digits that are keys of the room are letters here; nothing moves but by the clicker.
    page.keyboard.type("Да се представят данни за 2 общини")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Без отговорник и без срок?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(what).to_have_count(0)
    at(page, projector, 8)
    page.keyboard.press("d")
    expect(what).to_be_focused()
    page.keyboard.type("Да се представят данни за 2 общини")
    page.keyboard.press("Tab")
    page.keyboard.type("общини")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("31.12.2024")
    projector.keyboard.press("End")
    expect(projector.locator(FOOT)).to_have_text(re.compile(r"^(\d+) от \1$"))
    page.keyboard.press("Control+Enter")
    # Nobody clicks there.
    picture = projector.get_by_role("img", name="31 декември – Да се представят данни за 2 общини – общини")
    expect(picture).to_be_visible(timeout=5_000)
    expect(projector.locator(".room-sentence")).to_contain_text("31 декември")
    expect(page.get_by_text(re.compile(r"Записано е решение № \d\."))).to_be_visible()
    # Until the sheet is gone, Escape only closes it.
    expect(what).to_have_count(0)
    page.keyboard.press("Escape")
    for window in (page, projector):
        window.wait_for_url(re.compile(r"/meeting($|\?)"))
    page.locator(".decision", has_text="Да се представят данни за 2 общини").wait_for()
    projector.close()
    in_meeting.leave(decisions=1)


def test_a_whole_meeting(page: Page, in_meeting_with_any: None) -> None:
    decide(page, "Общините представят данни за санкциите до края на месеца")
    decide(page, "Месечни срещи с образователните медиатори")
    to_room(page)
    seen = slides_by_keyboard(page)
    assert len(seen) >= 10
    leave(page)
    page.locator("button", has_text="Закриване").click()
    page.get_by_text("Проверих решенията").click()
    page.get_by_role("button", name="Закрий заседанието").click()
    page.get_by_role("button", name="Да, закрий без присъстващи").click()
    page.get_by_text("числата му са записани").wait_for()
    page.locator("button", has_text="Документи").click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Протокол (Word)").click()
    opened = Document(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    cells = {cell.text for table in opened.tables for row in table.rows for cell in row.cells}
    assert "Месечни срещи с образователните медиатори" in cells
    assert "Общините представят данни за санкциите до края на месеца" in cells
    look(page, "meeting")
    to_room(page)
    assert slides_by_keyboard(page) == seen
