"""Fixtures of the page tests are in conftest_pages.py, which the tests also import from."""

from conftest_pages import demo_app, empty_app

__all__ = ["demo_app", "empty_app"]
