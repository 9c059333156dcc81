"""The funnel of oblasts, and their need against their work."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from obhvat.charts import funnel, need_and_work
from obhvat.country.compared import Compared, Pair
from obhvat.language import _
from obhvat.texts import counted, percent
from obhvat.ui.country.sentences import FEWEST
from obhvat.ui.country.tables import range_words, state_words
from obhvat.ui.widgets import html
from obhvat.ui.widgets.picture import drawing, picture


def expected(of: Compared) -> None:
    """Every oblast that tells its share, within and outside the limits."""
    html.part(of.name, _("дял по области според големината им; извън границите разликата не е случайна"))
    if len(of.compared) < FEWEST:
        html.quiet(_("Сравнява се от две области нататък."))
        return
    points = pd.DataFrame(
        [(place.oblast, place.n, place.d, False) for place in of.compared], columns=["name", "n", "d", "chosen"]
    )
    table = pd.DataFrame(
        [(place.oblast, place.n, place.d, range_words(place)) for place in of.compared],
        columns=[_("Област"), _("Брой"), _("От"), _("Очаквано")],
    )
    says = _("{name}: дял по области; общо {part}. Извън очакваното: {n}.").format(
        name=of.name, part=percent(of.n or 0, of.d or 0, 1), n=counted(len(of.outside), "област")
    )
    picture(
        drawing(funnel, points, of.overall, height=460, spread=of.spread, noun=of.unit),
        f"country-{of.metric}",
        says,
        table,
    )


def needs(every: Sequence[Pair], need: Compared, work: Compared) -> None:
    """Need across, work upwards."""
    html.part(_("Къде работата се различава от нуждата"), f"{need.name} – {work.name}")
    known = [pair for pair in every if pair.is_known]
    if len(known) < FEWEST:
        html.quiet(_("Сравнява се от две области нататък."))
        return
    points = pd.DataFrame(
        [(pair.oblast, pair.need.share, pair.work.share, pair.lags) for pair in known],
        columns=["name", "need", "work", "lags"],
    )
    table = pd.DataFrame(
        [(pair.oblast, state_words(pair.need), state_words(pair.work)) for pair in known],
        columns=[_("Област"), need.name, work.name],
    )
    says = _("Нужда и работа по области; изостава при {n}.").format(
        n=counted(sum(pair.lags for pair in known), "област")
    )
    titles = (need.name, work.name)
    picture(drawing(need_and_work, points, (need.overall, work.overall), titles), "country-needs", says, table)
