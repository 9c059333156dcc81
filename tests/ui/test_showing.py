"""What the windows of the room agree about."""

from __future__ import annotations

from datetime import datetime, timedelta

from obhvat.ui.showing import Showing


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
