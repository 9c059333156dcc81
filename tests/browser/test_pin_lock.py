"""The PIN in a real browser: set, locked, wrong, right, locked by the room, by a click and by a quarter of an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from conftest_browser import Served, look, settled
from playwright.sync_api import Locator, Page, expect
from test_meeting import in_room

from obhvat.people import pin
from obhvat.ui.people.lock import GUARDED

PIN = "4826"


@pytest.fixture
def served(served_demo: Served) -> Iterator[Served]:
    """The invented oblast, from which the PIN that a test sets is taken away: it is a file beside the store."""
    yield served_demo
    pin.clear_pin(served_demo.store)


@pytest.fixture
def locked(served: Served) -> Served:
    """With a PIN, which no browser gave yet."""
    pin.set_pin(served.store, PIN)
    return served


def typed(page: Page, digits: str) -> None:
    box = page.get_by_label("ПИН", exact=True)
    box.fill(digits)
    box.press("Enter")
    settled(page)


def turn_inside(page: Page) -> None:
    settled(page).get_by_role("radio", name="Вътрешен").click()


def at_cases(page: Page, served: Served, of: str = "") -> Locator:
    """Give the PIN for the internal view; returns what is seen of it alone."""
    page.goto(f"{served.address}/cases{of}")
    turn_inside(page)
    typed(page, PIN)
    inside = page.get_by_role("radio", name="Списък и случай")
    expect(inside).to_be_visible()
    return inside


def later(page: Page, minutes: float) -> None:
    """Move the clock on the wall, by which a page locks: its timers go on as they went."""
    page.evaluate("minutes => { const now = Date.now; Date.now = () => now() + minutes * 60_000; }", minutes)


def test_what_is_locked_opens_with_the_pin_alone(served: Served, page: Page) -> None:
    is_locked = page.get_by_text("Заключено е.")
    page.goto(f"{served.address}/settings")
    settled(page).get_by_role("tab", name="ПИН и заключване").click()
    page.get_by_label("Нов ПИН").fill(PIN)
    page.get_by_label("още веднъж").fill(PIN)
    page.get_by_role("button", name="Задай ПИН").click()
    # A hash costs what it is to cost, and more on a busy machine.
    settled(page)
    expect(page.get_by_text("Новият ПИН е в сила.")).to_be_visible()
    page.get_by_role("link", name="Заключи").click()
    expect(is_locked).to_be_visible()
    for path in sorted(GUARDED):
        look(page, path)
        expect(is_locked).to_be_visible()
    look(page, "settings")
    typed(page, "1111")
    expect(page.get_by_text("Грешен ПИН. Още 9 опита")).to_be_visible()
    typed(page, PIN)
    expect(page.get_by_role("tab", name="ПИН и заключване")).to_be_visible()
    # The browser is unlocked, not the tab.
    page.goto(f"{served.address}/cases")
    for path in sorted(GUARDED):
        look(page, path)
        expect(is_locked).to_have_count(0)
    look(page, "cases")
    turn_inside(page)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
    # The projector locks it.
    page.get_by_role("link", name="Зала").click()
    in_room(page)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/meeting"))
    expect(is_locked).to_be_visible()
    look(page, "cases")
    turn_inside(page)
    typed(page, PIN)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()


def test_a_quarter_of_an_hour_without_work_locks(locked: Served, page: Page) -> None:
    inside = at_cases(page, locked)
    for _ in range(2):
        later(page, 10)
        with page.expect_response("**/active"):
            page.keyboard.press("Shift")
    expect(inside).to_be_visible()
    # It looks at the clock by itself every five seconds.
    with page.expect_navigation(url="**/cases*"):
        later(page, 15)
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()
    turn_inside(page)
    expect(page.get_by_role("dialog").get_by_label("ПИН", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()


def test_a_machine_that_slept_is_locked_when_it_wakes(locked: Served, page: Page) -> None:
    at_cases(page, locked, "?municipality=Горун")
    # In sleep the clock on the wall goes on, and no timer does.
    with page.expect_navigation(url="**/cases*"):
        later(page, 16)
        page.keyboard.press("Shift")
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()
    expect(page.get_by_text("Община Горун").first).to_be_visible()


def test_the_question_of_the_screen_is_answered_by_a_key(served_demo: Served, page: Page) -> None:
    page.goto(f"{served_demo.address}/cases")
    turn_inside(page)
    expect(page.get_by_role("dialog", name="Екранът вижда ли се от други?")).to_be_visible()
    expect(page.get_by_role("button", name="Не", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
