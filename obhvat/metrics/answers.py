"""A figure with everything that is said of it, ready to be printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from obhvat.errors import UnknownName
from obhvat.language import _
from obhvat.metrics.figures import figure, year_before
from obhvat.metrics.metric import metric
from obhvat.metrics.words import doubled_note, source_words
from obhvat.people.keeping import forgotten_words, is_forgotten
from obhvat.periods import Period, school_year_of
from obhvat.scope import Scope, check_scope
from obhvat.scope.days import default_period
from obhvat.store import Store


def answer_as_json(
    store: Store, metric_id: str, period: Period | None, scope: Scope, day: date | None = None
) -> dict[str, Any]:
    """A figure with its n, N, definition and what it is for, ready to be printed; with a `day`, as of it.

    Without a period, the term of the newest data. Raises UnknownName.
    """
    metric(metric_id)  # An unknown name is said before anything is asked of the data.
    period = period or default_period(store, scope.known_at)
    if period is None:
        raise UnknownName(
            _("В базата още няма отсъствия, случаи или проверки, от които да се смята. Качете ги и опитайте отново.")
        )
    check_scope(store, period, scope)
    now = figure(store, metric_id, period, scope, day)
    before, wanted = year_before(store, now), now.metric
    return {
        "metric": wanted.id,
        "name": wanted.name,
        "definition": wanted.definition,
        "unit": wanted.unit,
        "kind": wanted.kind,
        "grain": wanted.grain,
        "stock": wanted.stock,
        "numerator": wanted.numerator,
        "denominator": wanted.denominator or None,
        "source": wanted.source,
        "threshold": wanted.rule.words if wanted.rule else None,
        "thresholds_version": now.thresholds_version,
        "period": period.key,
        "period_label": now.period_words,
        "day": now.day.isoformat() if now.day else None,
        "registers": [register.isoformat() for register in now.registers],
        "day_words": now.day_words,
        "month": f"{now.month:%Y-%m}" if now.month else None,
        "as_of": scope.moment.isoformat(timespec="seconds"),
        "municipality": scope.municipality,
        "school": scope.school,
        "value": now.value,
        "n": now.n,
        "N": now.d,
        "share": now.share,
        "reporting": now.reporting,
        "places": now.places,
        "months_sent": now.months_sent,
        "months_due": now.months_due,
        "source_words": source_words(now) or None,
        "doubled": _doubled(now.doubled),
        "doubled_words": doubled_note(now) or None,
        "forgotten_words": _forgotten(store, period, day) or None,
        "previous_period": period.year_before.key,
        "previous_value": before.value,
    }


def _forgotten(store: Store, period: Period, day: date | None) -> str:
    """Why there is no figure, where it would be of rows that were forgotten."""
    if not is_forgotten(store, period, day):
        return ""
    return forgotten_words(store, period.start_year) or (forgotten_words(store, school_year_of(day)) if day else "")


def _doubled(files: pd.DataFrame) -> list[dict[str, str]]:
    about = files.reindex(columns=["school", "month", "confirmed_by", "confirmed_on"])
    return [
        {"school": school, "month": f"{month:%Y-%m}", "confirmed_by": who, "confirmed_on": f"{on:%Y-%m-%d}"}
        for school, month, who, on in about.itertuples(index=False, name=None)
    ]
