"""What a page says instead of what an audience may not see."""

from __future__ import annotations

from obhvat.ui.filters import View
from obhvat.ui.widgets import html


def said_closed(view: View) -> bool:
    """Whether the parts of what is looked at are not for the audience; if so, the page says why."""
    why = view.disclosure.is_closed_below(view.scope)
    if why:
        html.quiet(why)
    return bool(why)
