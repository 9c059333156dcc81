"""The room by its keys, and what it never lets out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from conftest_browser import Served, inside, settled
from playwright.sync_api import Page, WebSocket, expect
from standing_in import standing_in
from test_words import english

from obhvat.store import Store
from obhvat.ui.shell import PAGES, ROOM

BROKEN = "В програмата има грешка"
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


def in_room(page: Page) -> None:
    """Wait until the slide is on and the keys have their buttons."""
    page.wait_for_selector(".room-slide")
    page.wait_for_selector(".st-key-room-leave button")
    page.wait_for_timeout(300)


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/meeting($|\?)"))
    settled(page)


_SLIDE = """n => document.querySelector('.room-foot span:last-child').innerText.startsWith(`${n} от`)
    && ['title', 'sentence', 'body'].map(part => document.querySelector(`.room-${part}`).innerText).join('\\n')"""


def slides_by_keyboard(page: Page) -> list[str]:
    """The text of every slide, from the first to the last, without the moment at its foot."""
    page.keyboard.press("Home")
    seen = [page.wait_for_function(_SLIDE, arg=1).json_value()]
    of = int(page.locator(FOOT).inner_text().split()[-1])
    for n in range(2, of + 1):
        page.keyboard.press("ArrowRight")
        seen.append(page.wait_for_function(_SLIDE, arg=n).json_value())
    return seen


def test_the_clicker_and_the_keys_move_both_ways_after_a_click_too(page: Page, served_demo: Served) -> None:
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    assert page.locator("[data-testid=stTopNavLink]:visible").count() == 0
    for key, place in (("PageDown", 2), ("ArrowDown", 3), ("PageUp", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(page.locator(FOOT)).to_have_text(re.compile(rf"^{place} от"))
    page.mouse.move(300, 300)
    page.get_by_text("За пресата", exact=True).click()
    expect(page.get_by_role("radio", name="За пресата")).to_be_checked()
    page.keyboard.press(" ")
    expect(page.locator(FOOT)).to_have_text(re.compile("^2 от"))
    page.keyboard.press("End")
    expect(page.locator(FOOT)).to_have_text(re.compile(r"^(\d+) от \1$"))


_OVER = """() => {
    const end = document.querySelector('.room-foot').getBoundingClientRect().top;
    const wide = document.querySelector('.room-slide').getBoundingClientRect().right;
    const all = [...document.querySelectorAll('.room-body *, .room-sentence')];
    const over = box => box.bottom > end + 1 || box.right > wide + 1;
    return all.some(e => over(e.getBoundingClientRect()));
}"""


def test_no_slide_is_cut_off_or_has_an_english_word(page: Page, served_demo: Served) -> None:
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    of = int(page.locator(FOOT).inner_text().split()[-1])
    cut, words = [], []
    for n in range(1, of + 1):
        expect(page.locator(FOOT)).to_have_text(f"{n} от {of}")
        for width, height in ((1920, 1080), (1366, 768)):
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate(_OVER):
                cut.append((width, page.locator(".room-title").inner_text()))
            words += english(page)
        page.keyboard.press("ArrowRight")
    assert (cut, words) == ([], [])


def test_nothing_from_room_mode_tells_of_a_child_or_a_case(page: Page, served_demo: Served, secrets: set[str]) -> None:
    """Page text, addresses, everything the server sends, to a tab that was open before the room, too, and every
    address that is typed, gone back to or asked for a file while the room is on."""
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: sent.append(data if isinstance(data, str) else data.decode("utf-8", "ignore")),
        )

    before = page.context.new_page()
    before.on("websocket", listen)
    before.goto(f"{served_demo.address}/cases?audience=Вътрешен")
    expect(before.get_by_text("Вътрешният изглед не се отваря с адрес")).to_be_visible()
    expect(before.get_by_role("radio", name="За членовете")).to_be_checked()
    inside(before, "Списък и случай")
    assert standing_in("".join(sent), secrets)
    # Let it hear where to go, and stay: the server is to close it.
    before.evaluate("() => { window.go = obhvatTabs.onmessage; obhvatTabs.onmessage = e => window.heard = e.data }")
    sent.clear()
    page.on("websocket", listen)
    page.goto(f"{served_demo.address}/room")
    in_room(page)
    before.wait_for_function("() => window.heard === '/room'")
    before.get_by_role("radio", name="Разминавания").click()
    in_room(before)
    before.evaluate("() => { obhvatTabs.onmessage = go; }")
    texts = [before.locator("body").inner_text(), *slides_by_keyboard(page)]
    page.get_by_text("За пресата").click()
    page.wait_for_timeout(800)
    texts += slides_by_keyboard(page)
    addresses = [page.url, before.url]
    asked = "?audience=Вътрешен&part=Списък и случай&municipality=Ведрово&slide=2"
    for path in ("", "root", "nothing", "cases/1", *(path for path, *_ in PAGES if path != ROOM)):
        # As it is typed, and as a key of the browser goes back to it without asking the server for the page.
        typed = page.request.get(f"{served_demo.address}/{path}{asked}", headers={"accept": "text/html"})
        texts.append(typed.text())
        addresses.append(typed.url)
        if path not in ("nothing", "cases/1"):
            with page.expect_event("framenavigated", lambda frame: urlsplit(frame.url).path == "/room"):
                page.evaluate(
                    "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }",
                    f"/{path}{asked}",
                )
            addresses.append(page.url)
    page.goto(f"{served_demo.address}/cases{asked}")
    in_room(page)
    texts.append(page.locator("body").inner_text())
    addresses.append(page.url)
    assert {urlsplit(address).path for address in addresses} == {"/room"}
    assert page.request.get(f"{served_demo.address}/media/0123456789abcdef.xlsx").status == 403
    everything = "\n".join([*sent, *texts, *addresses])
    assert len(everything) > 10_000
    assert standing_in(everything, secrets) == set()
    assert re.findall(r"\b(?:1[0-2]|[1-9])[а-г]\b клас", everything) == []
    assert BROKEN not in everything
    leave(page)
    before.wait_for_url(re.compile(r"/meeting($|\?)"))
    # After the room the view is the members' in the tab that was inside, too.
    settled(before).get_by_role("link", name="Случаи").click()
    expect(before.get_by_role("radio", name="За членовете")).to_be_checked()
    expect(before.get_by_role("radio", name="Вътрешен")).not_to_be_checked()
    page.get_by_role("link", name="Риск").click()
    page.wait_for_selector(".tiles")
    assert page.locator(".room-slide").count() == 0
    before.close()
