"""Fixtures of the browser tests are in conftest_browser.py, which the tests also import from."""

from conftest_browser import (
    browser,
    empty_path,
    looking,
    one_looking,
    own_served_demo,
    page,
    pytest_collection_modifyitems,
    served_demo,
    served_empty,
    served_to_write,
    visitor,
)

__all__ = [
    "browser",
    "empty_path",
    "looking",
    "one_looking",
    "own_served_demo",
    "page",
    "pytest_collection_modifyitems",
    "served_demo",
    "served_empty",
    "served_to_write",
    "visitor",
]
