"""What the PIN locks and for how long, and what is asked where there is none. A page is run alone here: what the shell
does is in tests/browser/test_pin_lock.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat.errors import ObhvatError
from obhvat.people import pin, secret
from obhvat.ui import room
from obhvat.ui.filters import INSIDE
from obhvat.ui.people import lock
from obhvat.ui.session import store_path

PIN = "4826"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets minutes pass."""
    now = [1_700_000_000.0]
    monkeypatch.setattr(lock, "time", lambda: now[0])

    def passing(minutes: float) -> None:
        now[0] += minutes * 60

    return passing


@pytest.fixture
def with_pin(demo_app: Open, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr(secret, "PARAMETERS", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    # AppTest has no cookies: its browser would be another one at every drawing.
    monkeypatch.setattr(room, "browser", lambda: "a-browser")
    pin.set_pin(store_path(), PIN)
    yield demo_app
    lock.shut_browser("a-browser")
    pin.clear_pin(store_path())


def unlock(app: AppTest, given: str = PIN) -> AppTest:
    app.text_input(key="pin").input(given)
    return next(button for button in app.button if button.label == "Отключи").click().run()


def is_locked(app: AppTest) -> bool:
    return any(box.key == "pin" for box in app.text_input)


def turned_inside(app: AppTest) -> AppTest:
    return app.segmented_control(key="audience").set_value(INSIDE).run()


def is_inside(app: AppTest) -> bool:
    return "Списък и случай" in [*app.segmented_control(key="part").options]


def test_without_a_pin_the_internal_view_asks_once_whether_others_see_the_screen(demo_app: Open) -> None:
    app = turned_inside(demo_app("cases"))
    assert not is_inside(app)
    app.button(key="screen-is-not-seen").click().run()
    assert is_inside(app)
    app.segmented_control(key="audience").set_value("За членовете").run()
    assert is_inside(turned_inside(app))


def test_where_others_see_the_screen_the_view_stays_the_members(demo_app: Open) -> None:
    app = turned_inside(demo_app("cases"))
    app.button(key="screen-is-seen").click().run()
    assert app.segmented_control(key="audience").value == "За членовете"
    assert not is_inside(app)
    assert "завъртете екрана" in words(app)
    assert turned_inside(app).button(key="screen-is-not-seen")


def test_the_internal_view_asks_for_the_pin(with_pin: Open) -> None:
    app = turned_inside(with_pin("cases"))
    assert is_locked(app)
    assert not is_inside(unlock(app, "1111"))
    assert "Грешен ПИН. Още 9 опита" in words(app)
    assert is_inside(unlock(app))


def test_no_address_opens_what_is_locked(with_pin: Open) -> None:
    assert not is_inside(with_pin("cases", audience=INSIDE, by_hand=True))


def test_a_browser_that_was_quiet_for_a_quarter_of_an_hour_is_locked(
    with_pin: Open, clock: Callable[[float], None]
) -> None:
    app = unlock(turned_inside(with_pin("cases")))
    clock(14.9)
    assert is_inside(app.run())
    clock(0.1)
    app.run()
    assert not is_inside(app)
    assert is_locked(app)
    assert is_inside(unlock(app))
    # A clock that was put back locks, too.
    clock(-1)
    assert not is_inside(app.run())


def test_the_pin_is_set_changed_and_taken_away_in_the_settings(with_pin: Open) -> None:
    app = with_pin("settings")

    def sent(button: str, now: str, new: str, again: str) -> str:
        for key, text in (("pin-now", now), ("pin-new", new), ("pin-again", again)):
            app.text_input(key=key).input(text)
        next(each for each in app.button if each.label == button).click().run()
        return words(app)

    assert "Грешен ПИН" in sent("Смени ПИН", "1111", "7391", "7391")
    assert "Двата пъти ПИН е различен" in sent("Смени ПИН", PIN, "7391", "7390")
    assert "Новият ПИН е в сила" in sent("Смени ПИН", PIN, "7391", "7391")
    assert "ПИН е премахнат" in sent("Премахни ПИН", "7391", "", "")
    assert not pin.is_set(store_path())


def test_a_file_of_a_page_that_was_drawn_before_it_was_locked_is_not_made(
    with_pin: Open, clock: Callable[[float], None]
) -> None:
    unlock(turned_inside(with_pin("cases")))
    made = lock.while_open("export", lambda: b"rows")
    assert made() == b"rows"
    clock(15)
    with pytest.raises(ObhvatError, match="Заключено е"):
        made()
    pin.clear_pin(store_path())
    assert made() == b"rows"
