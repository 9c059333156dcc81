"""The PIN in a real browser: set, locked, wrong, right, locked by the room, by a click and by a quarter of an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest_browser import Served, serving, settled
from playwright.sync_api import Browser, Page, expect
from test_meeting import in_room

from obhvat.ui.people.lock import GUARDED

PIN = "4826"


@pytest.fixture(scope="module")
def served(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serving(demo_path, tmp_path_factory.mktemp("locked"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """In a browser of its own: a clock that a test sets stays set in every later page of the same one."""
    with browser.new_context(
        viewport={"width": 1920, "height": 1080}, locale="bg-BG", reduced_motion="reduce"
    ) as context:
        yield context.new_page()


@pytest.fixture
def locked(served: Served, page: Page) -> Page:
    """A browser that nobody unlocked, on a program with a PIN."""
    served.store.with_suffix(".pin").unlink(missing_ok=True)
    settings(page, served)
    page.get_by_label("Нов ПИН").fill(PIN)
    page.get_by_label("още веднъж").fill(PIN)
    page.get_by_role("button", name="Задай ПИН").click()
    # A hash costs what it is to cost, and more on a busy machine.
    settled(page)
    expect(page.get_by_text("Новият ПИН е в сила.")).to_be_visible()
    page.get_by_role("link", name="Заключи").click()
    expect(page.get_by_text("Заключено е.")).to_be_visible()
    return page


def settings(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/settings")
    settled(page).get_by_role("tab", name="ПИН и заключване").click()


def typed(page: Page, pin: str) -> None:
    box = page.get_by_label("ПИН", exact=True)
    box.fill(pin)
    box.press("Enter")
    settled(page)


def turn_inside(page: Page) -> None:
    settled(page).get_by_role("radio", name="Вътрешен").click()


def test_what_is_locked_opens_with_the_pin_alone(locked: Page, served: Served) -> None:
    page = locked
    for path in sorted(GUARDED):
        page.goto(f"{served.address}/{path}")
        expect(page.get_by_text("Заключено е.")).to_be_visible()
    page.goto(f"{served.address}/settings")
    typed(page, "1111")
    expect(page.get_by_text("Грешен ПИН. Още 9 опита")).to_be_visible()
    typed(page, PIN)
    expect(page.get_by_role("tab", name="ПИН и заключване")).to_be_visible()
    # The browser is unlocked, not the tab.
    for path in sorted(GUARDED):
        page.goto(f"{served.address}/{path}")
        settled(page)
        expect(page.get_by_text("Заключено е.")).to_have_count(0)
    page.goto(f"{served.address}/cases")
    turn_inside(page)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
    # The projector locks it.
    page.goto(f"{served.address}/room")
    in_room(page)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/meeting"))
    expect(page.get_by_text("Заключено е.")).to_be_visible()
    page.goto(f"{served.address}/cases")
    turn_inside(page)
    typed(page, PIN)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()


def test_a_quarter_of_an_hour_without_work_locks(locked: Page, served: Served) -> None:
    page = locked
    page.clock.install()
    page.goto(f"{served.address}/cases")
    turn_inside(page)
    typed(page, PIN)
    inside = page.get_by_role("radio", name="Списък и случай")
    expect(inside).to_be_visible()
    for _ in range(2):
        page.clock.fast_forward("10:00")
        with page.expect_response("**/active"):
            page.keyboard.press("Shift")
    expect(inside).to_be_visible()
    with page.expect_navigation(url="**/cases*"):
        page.clock.fast_forward("15:01")
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()
    turn_inside(page)
    expect(page.get_by_role("dialog").get_by_label("ПИН", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()


def test_a_machine_that_slept_is_locked_when_it_wakes(locked: Page, served: Served) -> None:
    page = locked
    page.clock.install()
    page.goto(f"{served.address}/cases?municipality=Горун")
    turn_inside(page)
    typed(page, PIN)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
    # In sleep the clock on the wall goes on, and no timer does.
    page.clock.set_system_time(page.evaluate("Date.now() + 16 * 60_000"))
    with page.expect_navigation(url="**/cases*"):
        page.keyboard.press("Shift")
    expect(page.get_by_role("radio", name="За членовете")).to_be_checked()
    expect(page.get_by_text("Община Горун").first).to_be_visible()


def test_the_question_of_the_screen_is_answered_by_a_key(served: Served, page: Page) -> None:
    served.store.with_suffix(".pin").unlink(missing_ok=True)
    page.goto(f"{served.address}/cases")
    turn_inside(page)
    expect(page.get_by_role("dialog", name="Екранът вижда ли се от други?")).to_be_visible()
    expect(page.get_by_role("button", name="Не", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
