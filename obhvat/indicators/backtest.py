"""Does it work? The flags of a past month against who left in the months after it."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import flagged
from obhvat.indicators.measures import measures
from obhvat.indicators.statistics import Accuracy, accuracy, ranking_auc
from obhvat.periods import next_month
from obhvat.resources import read_sql
from obhvat.store import Store

SCORE = "score"
"""The row of `backtest` that is the ranking by points, not a rule."""

_HERE = Path(__file__).parent
_RIGHT_AFTER = timedelta(days=31)
# Lists may be a school year apart.
_LISTS_AROUND = timedelta(days=400)
# The most days between two lists that still say when a child vanished.
_WIDEST = 183
_UNKNOWN = "unknown"


def window_end(after: date, months: int) -> date:
    """The last day of a window of whole months that begins on the day after `after`."""
    first = after + timedelta(days=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _seen_until(until: date) -> date:
    """How long a child may be looked for on other lists: a month, and over the summer until schools have sent theirs
    (directors have until 5 October to say where each child went)."""
    right_after = until + _RIGHT_AFTER
    autumn = date(right_after.year, 10, 15)
    return autumn if right_after.month >= 6 and right_after < autumn else right_after


def leavers(store: Store, after: date, months: int, known_at: datetime) -> pd.DataFrame:
    """Children who left in the `months` after a day: columns school, pupil, left_on, how; one row a child.

    `how` is „unsubscribed“ (signed off on a list or in a month's file), „case“ (a case of the child dropped out then)
    or „vanished“ (on one list of its institution, not on the next, and on no other institution's). Who is found at
    another institution has moved. The day a child vanished is not known: `left_on` is halfway between when it was last
    seen, on a list or in a month's absences, and the list it is missing from. Where an institution sends no later
    list, nobody can be seen to vanish.
    """
    departures = _departures(store, after, months, known_at)
    return departures[departures["how"] != _UNKNOWN].reset_index(drop=True)


def unknown(store: Store, after: date, months: int, known_at: datetime) -> frozenset[int]:
    """Pupils who are gone, but perhaps before the window: halfway between last list and next lies before it, or the
    two are so far apart that nothing can be said. They can be tested neither as leaving nor as staying."""
    departures = _departures(store, after, months, known_at)
    return frozenset(departures.loc[departures["how"] == _UNKNOWN, "pupil"])


def _departures(store: Store, after: date, months: int, known_at: datetime) -> pd.DataFrame:
    until = window_end(after, months)
    asked = {
        "known_at": known_at,
        "after": after,
        "until": until,
        "seen_until": _seen_until(until),
        "lists_from": after - _LISTS_AROUND,
        "lists_until": until + _LISTS_AROUND,
        "widest": _WIDEST,
    }
    sql = read_sql("indicators/sql/leavers.sql")
    return store.kept_of_data(("departures", after, months), known_at, lambda: store.read(sql, asked))


def heard_of(store: Store, after: date, months: int, known_at: datetime) -> frozenset[str]:
    """Institutions that sent a list or a month's absences for the window or right after it.

    Of the others it is not known who left: their children have not stayed, they are unknown.
    """
    schools = store.rows(
        """
        select school from live_slices('absences', $known_at) where period > $after and period <= $right_after
        union
        select school from live_slices('pupils', $known_at) where period > $after and period <= $right_after
        """,
        {"known_at": known_at, "after": after, "right_after": window_end(after, months) + _RIGHT_AFTER},
    )
    return frozenset(school for (school,) in schools)


def past_months(store: Store, known_at: datetime) -> list[date]:
    """Months with absences that something was sent after: those that can be tested, the newest first."""
    months = store.rows(
        """
        select distinct period
        from live_slices('absences', $known_at)
        where period < (
            select max(period)
            from (
                select period from live_slices('absences', $known_at)
                union all
                select period from live_slices('pupils', $known_at)
            )
        )
        order by period desc
        """,
        {"known_at": known_at},
    )
    return [month for (month,) in months]


def known_until(store: Store, known_at: datetime) -> date | None:
    """The last day anything is known of: the end of the newest month of absences, or the newest list."""
    absences, lists = store.rows(
        """
        select
            (select max(period) from live_slices('absences', $known_at)),
            (select max(period) from live_slices('pupils', $known_at))
        """,
        {"known_at": known_at},
    )[0]
    days = [lists] if lists else []
    if absences:
        days.append(next_month(absences) - timedelta(days=1))
    return max(days, default=None)


def still_there(measured: pd.DataFrame, after: date) -> pd.Series:
    """Of the rows of `measures`, which were at their institution on a day: who was gone already cannot leave."""
    gone = pd.to_datetime(measured["left_on"]) <= pd.Timestamp(after)
    return ~gone & measured["vanished"].isna() & measured["not_in_viii"].isna()


DETECT = ("vanished", "not_in_viii")
"""Rules that see who is gone already. They foretell nothing, so they are not tested."""


def at_stake(
    measured: pd.DataFrame,
    flags: pd.DataFrame,
    after: date,
    schools: Collection[str],
    unknown: Collection[int] = frozenset(),
) -> pd.DataFrame:
    """The flags that can be tested: of children who were still there, at institutions that were heard of afterwards,
    in the order teams would visit them: most points, then most rules, then most unexcused since September.

    `measured` and `flags` have the same rows, as `measures` and `flagged` give them; `unknown` pupils are left out.
    """
    kept = still_there(measured, after) & measured["school"].isin(list(schools))
    kept &= ~measured["pupil"].isin(_pupils(unknown))
    order = flags.assign(missed=measured["year_unexcused"].fillna(0))[kept]
    order = order.sort_values(["score", "n_rules", "missed", "pupil"], ascending=[False, False, False, True])
    return order.drop(columns=["missed", *(name for name in DETECT if name in order)]).reset_index(drop=True)


def rules_in(flags: pd.DataFrame) -> list[str]:
    """The rules of a frame of flags: its boolean columns."""
    return [str(name) for name in flags.columns if pd.api.types.is_bool_dtype(flags[name])]


def backtest(flags: pd.DataFrame, left: Collection[int], k: int) -> pd.DataFrame:
    """How every rule, and the first `k` children by points, did against who left.

    `flags`: columns school, pupil, score and a boolean one a rule; `left`: pupils. The first row is „score“, the
    ranking, then one a rule; columns rule, children, flagged, leavers, hits, precision, precision_low, precision_high,
    recall, recall_low, recall_high, specificity, auc (of the one point), lift, ranking_auc (of the whole ranking, only
    for „score“). Shares are from 0 to 1 and missing where there is nothing to divide by. A child of two institutions is
    one child. Among equal points the order of `flags` decides; children without points are never among the first.
    """
    rules = rules_in(flags)
    children = _by_child(flags, rules)
    truth = children["pupil"].isin(_pupils(left)).to_numpy()
    rows = [_row(rule, accuracy(truth, children[rule].to_numpy(bool))) for rule in rules]
    ranked = _row(SCORE, accuracy(truth, first(children, k)))
    return pd.DataFrame([ranked | {"ranking_auc": ranking_auc(truth, children["score"])}, *rows], columns=_COLUMNS)


@dataclass(frozen=True)
class Results:
    """What the rules came to, in numbers: no row of a child."""

    rules: pd.DataFrame
    """As `backtest`."""
    left: Mapping[str, int]
    """How the children tested left → how many, as `leavers` say it."""
    tied: int
    """How many children are tied with the last that is visited."""
    silent: tuple[str, ...]
    """Schools nothing was heard of afterwards."""


def results(store: Store, month: date, months: int, k: int, rules: Sequence[Rule], known_at: datetime) -> Results:
    """What the rules said at the end of a month against who left in the months after; teams visit `k` children."""

    def answer() -> Results:
        after = next_month(month) - timedelta(days=1)
        measured, heard = measures(store, month, known_at), heard_of(store, after, months, known_at)
        lost = unknown(store, after, months, known_at)
        flags = at_stake(measured, flagged(measured, rules), after, heard, lost)
        gone = leavers(store, after, months, known_at)
        gone = gone[gone["pupil"].isin(flags["pupil"])]
        left = {str(how): int(n) for how, n in gone["how"].value_counts().items()}
        silent = tuple(sorted(set(measured["school"]) - heard))
        return Results(backtest(flags, frozenset(gone["pupil"]), k), left, tied(flags, k), silent)

    return store.kept_of_data(("backtest", month, months, k, tuple(rules)), known_at, answer)


_COLUMNS = (
    *("rule", "children", "flagged", "leavers", "hits", "precision", "precision_low", "precision_high"),
    *("recall", "recall_low", "recall_high", "specificity", "auc", "lift", "ranking_auc"),
)


def first(flags: pd.DataFrame, k: int) -> np.ndarray:
    """Which of the rows are the first `k` by points: those a team would visit. Only children with points."""
    score = flags["score"].to_numpy(float)
    chosen = np.zeros(len(score), dtype=bool)
    chosen[np.argsort(-score, kind="stable")[:k]] = True
    return chosen & (score > 0)


def tied(flags: pd.DataFrame, k: int) -> int:
    """How many children have as many points as the last of the first `k`, when not all of them are among these."""
    score = flags["score"].to_numpy(float)
    chosen = first(flags, k)
    if not chosen.any():
        return 0
    last = score == score[chosen].min()
    return int(last.sum()) if (last & ~chosen).any() else 0


def _pupils(some: Collection[int]) -> pd.Series:
    # Of their own type: through float, pseudonyms of 64 bits would lose their last digits.
    return pd.Series(sorted(some), dtype="uint64")


def _by_child(flags: pd.DataFrame, rules: list[str]) -> pd.DataFrame:
    """One row a child: flagged where it is at any of its institutions, with its highest points."""
    columns = flags[["pupil", "score", *rules]]
    if not columns["pupil"].duplicated().any():
        return columns
    return columns.groupby("pupil", as_index=False, sort=False).max()


def _row(rule: str, accuracy: Accuracy) -> dict[str, object]:
    low, high = accuracy.precision_interval or (None, None)
    recall_low, recall_high = accuracy.recall_interval or (None, None)
    return {
        "rule": rule,
        "children": accuracy.children,
        "flagged": accuracy.flagged,
        "leavers": accuracy.leavers,
        "hits": accuracy.hits,
        "precision": accuracy.precision,
        "precision_low": low,
        "precision_high": high,
        "recall": accuracy.recall,
        "recall_low": recall_low,
        "recall_high": recall_high,
        "specificity": accuracy.specificity,
        "auc": accuracy.auc,
        "lift": accuracy.lift,
    }


@cache
def bowers() -> pd.DataFrame:
    """Published accuracy of 110 flags of dropping out, to be drawn behind ours: columns id, name (ours, in Bulgarian),
    precision, recall, specificity, sample_size.

    Source: Bowers, A. J., Sprott, R., Taff, S. A. (2013). Do We Know Who Will Drop Out? A Review of the Predictors of
    Dropping Out of High School: Precision, Sensitivity, and Specificity. The High School Journal, 96(2), 77–100.
    They are of American schools, and most are of dropping out within four years, not within months.
    """
    return pd.read_csv(_HERE / "bowers.csv").rename(columns={"sensitivity": "recall"})
