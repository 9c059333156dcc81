"""A decision entered in the room: asked about until it is read, taken back by a key, and not lost unasked."""

from __future__ import annotations

from conftest_browser import Served
from playwright.sync_api import Dialog, Page, expect
from test_meeting import open_meeting

from obhvat.ui.meeting.lacks import TO_READ

NOW = ".presenter-now .room-sentence"


def sheet(page: Page, text: str) -> None:
    page.keyboard.press("d")
    expect(page.get_by_label("Какво")).to_be_focused()
    page.get_by_role("button", name="Запиши").wait_for()
    page.keyboard.type(text)


def test_a_decision_is_taken_once_it_is_read_and_taken_back_by_a_key(page: Page, own_served_demo: Served) -> None:
    open_meeting(page, own_served_demo)
    page.goto(f"{own_served_demo.address}/room?view=presenter")
    page.wait_for_selector(".presenter")
    page.wait_for_timeout(300)
    page.keyboard.press("End")
    expect(page.locator(NOW)).to_have_text("Още няма взети решения.")
    sheet(page, "Да се представят данни за 2 общини")
    page.keyboard.press("Control+Enter")
    asks, written = page.get_by_text("Без отговорник и без срок?"), page.get_by_text("Записано е решение № 1.")
    expect(asks).to_be_visible()
    page.wait_for_timeout(1000 * TO_READ)
    page.keyboard.press("Control+Enter")
    expect(written).to_be_visible()
    expect(page.locator(NOW)).to_have_text("Взето е 1 решение.")
    expect(page.get_by_label("Какво")).to_have_count(0)
    page.get_by_role("button", name="Отмени решение № 1").wait_for()
    page.keyboard.press("o")
    expect(page.get_by_text("Решение № 1 е отменено.")).to_be_visible()
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
