"""What the windows of the room agree about."""

from __future__ import annotations

from datetime import datetime, timedelta

from obhvat.ui.showing import Showing, is_new


def test_moving_stays_among_the_slides_and_is_news_every_time():
    shown = Showing(1, 1, datetime.now())
    versions = [shown.version]
    for step, place in ((-1, 1), (1, 2), (1, 3), (1, 3)):
        shown.move(step, 3)
        assert shown.place == place
        versions.append(shown.version)
    shown.turn_to("За пресата")
    shown.call()
    versions += [shown.version]
    assert versions == sorted(set(versions))


def test_the_clock_of_a_slide_goes_on_when_it_is_turned_to_again():
    shown = Showing(1, 1, datetime.now() - timedelta(minutes=3))
    shown.go(2)
    shown.since -= timedelta(minutes=5)
    shown.go(1)
    assert timedelta(minutes=3) <= shown.before < timedelta(minutes=3, seconds=5)
    assert timedelta(minutes=8) <= shown.before_all < timedelta(minutes=8, seconds=5)


def test_who_comes_back_soon_finds_the_room_as_it_was_left_and_later_begins_anew():
    shown = Showing(1, 4, datetime.now())
    shown.leave()
    assert not shown.is_over
    assert shown.left_at is not None
    shown.left_at -= timedelta(minutes=31)
    assert shown.is_over
    shown.come_back()
    assert not shown.is_over
    shown.since -= timedelta(days=1)
    assert shown.is_over


def test_a_number_typed_later_is_new_also_after_one_written_by_hand_into_the_address():
    now = datetime(2026, 11, 26, 10)
    typed = int(now.timestamp() * 1000)
    assert is_new(typed, typed - 1, now)
    assert not is_new(typed, typed, now)
    assert not is_new(typed - 5, typed, now)
    by_hand = 999_999_999_999_999
    assert is_new(by_hand, typed, now)
    assert not is_new(by_hand, by_hand, now)
    assert is_new(typed, by_hand, now)
    # A laptop's clock that is some minutes ahead: each number is heard once.
    ahead = typed + 300_000
    assert is_new(ahead + 2000, ahead, now)
    assert not is_new(ahead, ahead, now)
