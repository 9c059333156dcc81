"""What happened while the program runs, for who looks after a server: names of ours and numbers.

Nothing that a person wrote and nothing from a file has a place in an event, so that no name, number of a child or name
of a file comes into a log. They go to the logger of this module; nobody hears them but a server that writes a log of
lines (`obhvat.ui.logs`). Who looked at which child is another matter: `obhvat.people.log`.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator
from time import monotonic

_log = logging.getLogger(__name__)
FIELDS = "fields"
"""By what the fields of an event stand in its record."""


def happened(event: str, of: str = "", /, **numbers: float) -> None:
    """Say that something happened, both named by the program; `of` is a page, a kind or an error of ours."""
    fields = {"of": of} if of else {}
    _log.info(event, extra={FIELDS: fields | numbers})


@contextlib.contextmanager
def timed(event: str, /, **numbers: float) -> Generator[dict[str, float]]:
    """The same of what takes a while, in `seconds`, once it is done; what becomes known within is added to the yielded
    numbers. What fails did not happen."""
    begun = monotonic()
    yield numbers
    happened(event, **numbers, seconds=round(monotonic() - begun, 3))
