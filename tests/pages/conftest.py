"""Fixtures of the page tests are in conftest_pages.py, which the tests also import from."""

from conftest_pages import demo_app, empty_app, shared_demo

__all__ = ["demo_app", "empty_app", "shared_demo"]
