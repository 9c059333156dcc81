"""Fixtures of the page tests are in conftest_pages.py, which the tests also import from."""

from conftest_pages import awkward_app, demo_app, empty_app, shared_demo

__all__ = ["awkward_app", "demo_app", "empty_app", "shared_demo"]
