"""What absences say of schools in a month, as checks are planned and judged by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from obhvat.indicators.months import over_threshold, submissions
from obhvat.indicators.suspicious import suspicious
from obhvat.indicators.thresholds import rules_of
from obhvat.periods import month_period
from obhvat.scope import Window
from obhvat.store import Store


@dataclass(frozen=True)
class MonthRisk:
    """Schools by their code; a school that sent nothing for the month has no share: it is not zero."""

    month: date
    shares: dict[str, float]
    """The share, from 0 to 1, of a school's pupils over the monthly threshold in force."""
    oblast: float | None
    """The same of all schools that sent the month; None when none did."""
    suspicious: dict[str, frozenset[str]]
    """Keys of `indicators.suspicious.WHAT`."""

    def has_only_zeros(self, school: str) -> bool:
        """Whether the school has not a single unexcused hour since September: suspicious, not excellent."""
        return "zeros" in self.suspicious.get(school, ())


def month_risk(store: Store, month: date, known_at: datetime) -> MonthRisk:
    """Schools' risk in a month, as known at a moment."""
    return store.kept_of_data(("month risk", month), known_at, lambda: _found(store, month, known_at))


def _found(store: Store, month: date, known_at: datetime) -> MonthRisk:
    rule = rules_of(store, known_at)["monthly_unexcused_hours"]
    counts = over_threshold(store, Window(month_period(month), known_at), rule)
    shares = {count.school: (count.n or 0, count.d) for count in sorted(counts) if count.reports and count.d}
    n, d = (sum(part) for part in zip(*shares.values(), strict=True)) if shares else (0, 0)
    reasons: dict[str, set[str]] = {}
    for school, what in suspicious(store, month, known_at)[["school", "what"]].itertuples(index=False, name=None):
        reasons.setdefault(school, set()).add(what)
    return MonthRisk(
        month,
        {school: n / d for school, (n, d) in shares.items()},
        n / d if d else None,
        {school: frozenset(what) for school, what in reasons.items()},
    )


def silent_schools(store: Store, month: date, known_at: datetime) -> frozenset[str]:
    """Schools that are known not to have submitted the month, while others have."""
    sent = submissions(store, Window(month_period(month), known_at), "school")
    return frozenset(count.school for count in sent if not count.n)
