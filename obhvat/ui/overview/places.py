"""Who is missing, by name, and the page's figures by municipality."""

from __future__ import annotations

from collections.abc import Mapping

from obhvat.language import _
from obhvat.metrics import Figure, metric
from obhvat.texts import NO_DATA, counted, listed
from obhvat.ui.filters import View
from obhvat.ui.place_filters import WHOLE_OBLAST
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold

_NAMED = 12


def missing(of: Figure, view: View, what: str, none: str) -> None:
    """The places a share still lacks, by name; `none` is said when there are none."""
    if not of.has_data:
        return
    lacking = of.counted[(of.counted["n"] == 0) & of.counted["reports"]]
    n = len(lacking)
    if not n:
        html.notice("good", none)
        return
    names = sorted(view.name_of(code) for code in lacking["school"])
    html.notice("act", bold(f"{counted(n, 'училище')} {what}: "), listed(names, most=_NAMED))


def by_municipality(whole: Mapping[str, Figure], view: View) -> None:
    """A row a municipality, a column a figure of the oblast; the last row is the whole."""
    columns = [view.disclosure.places(of) for of in whole.values()]
    has_hidden = any(shown.is_hidden for of_places in columns for shown in of_places.values())
    adds_up = (
        _("на малките числа се казва само порядъкът") if has_hidden else _("сборът на редовете е числото за областта")
    )
    html.part(_("По общини"), f"{view.period.label}; {adds_up}")
    unknown = sorted({place for shown in columns for place in shown} - set(view.municipalities))
    rows = [
        (place or _("без община"), *(shown[place].text if place in shown else _(NO_DATA) for shown in columns))
        for place in [*view.municipalities, *unknown]
    ]
    captions = [_("Община"), *(metric(name).name for name in whole)]
    total = (_(WHOLE_OBLAST), *(view.disclosure.figure(of).text for of in whole.values()))
    html.show(html.table(captions, rows, numbers=range(1, len(captions)), total=total))
