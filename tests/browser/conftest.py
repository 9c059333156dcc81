"""Fixtures of the browser tests are in conftest_browser.py, which the tests also import from."""

from conftest_browser import (
    browser,
    own_served_demo,
    page,
    pytest_collection_modifyitems,
    served_demo,
    served_empty,
)

__all__ = ["browser", "own_served_demo", "page", "pytest_collection_modifyitems", "served_demo", "served_empty"]
