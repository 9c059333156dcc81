"""Fixtures of these tests are in tests/signed_oblasts.py, which the tests of the page use, too."""

from signed_oblasts import country, oblasts, own_month

__all__ = ["country", "oblasts", "own_month"]
