"""Fixtures of the page tests are in conftest_pages.py and conftest_roles.py, which the tests also import from."""

from conftest_pages import awkward_app, demo_app, empty_app, shared_awkward, shared_demo
from conftest_roles import app_as, demo_of_roles, registered_path

__all__ = [
    "app_as",
    "awkward_app",
    "demo_app",
    "demo_of_roles",
    "empty_app",
    "registered_path",
    "shared_awkward",
    "shared_demo",
]
