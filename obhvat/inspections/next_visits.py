"""Which schools to check next, and why: a score anyone can compute again, and a rule that leaves no school out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from obhvat import texts as words
from obhvat.errors import ObhvatError
from obhvat.inspections.checks import checks, schools_of
from obhvat.inspections.diary import gaps
from obhvat.inspections.findings import counts as findings_now
from obhvat.inspections.risk import MonthRisk, month_risk, silent_schools
from obhvat.language import N_, _
from obhvat.people import Viewer
from obhvat.periods import Period, month_label, term_of
from obhvat.resources import read_sql, read_toml
from obhvat.scope import Scope
from obhvat.scope.days import checks_known_until, newest_month
from obhvat.store import Store
from obhvat.store.entries import add_entry, add_row
from obhvat.texts import counted

ROTATION = N_(
    "Училище, което не е проверявано нито веднъж или от една година, е преди всички останали, колкото и "
    "да е оценката му: първо това, което чака най-дълго. Така никое училище не остава без проверка."
)
SCORE = N_(
    "Оценката е произведение от четири множителя, всеки поне 1: за риска (дял ученици над месечния праг "
    "спрямо областния), за времето от последната проверка, за неизпълнените препоръки и за разликата с "
    "дневника."
)
FACTORS = ("factor_risk", "factor_time", "factor_findings", "factor_gap")


def weights() -> dict[str, dict[str, float]]:
    """The weights of the score, as declared in next_visits.toml."""
    return read_toml("inspections/next_visits.toml")


@dataclass(frozen=True)
class Known:
    """What a school is ranked by."""

    code: str
    days: int
    """Since the last check; since there are checks at all, or since it opened, when there was none."""
    never: bool = False
    risk: float | None = None
    """The share of its pupils over the monthly threshold; None when it sent nothing to count from."""
    oblast: float | None = None
    """The same of all schools."""
    doubtful: bool = False
    """Whether its absences cannot be believed: none at all, or not submitted."""
    n_open: int = 0
    """Findings still to be mended, overdue ones included."""
    n_overdue: int = 0
    gap: float | None = None
    """The lower end of the interval of pupils left out of the diary, per 100 enrolled; None when nobody counted."""

    @property
    def ratio(self) -> float:
        """The risk as a multiple of the oblast's."""
        declared = weights()["risk"]
        if self.risk is None or self.oblast is None:
            own = 1.0
        elif self.oblast == 0:
            own = 0.0
        else:
            own = min(self.risk / self.oblast, declared["most"])
        return max(own, declared["doubtful"]) if self.doubtful else own

    @property
    def factors(self) -> tuple[float, float, float, float]:
        """In the order of FACTORS."""
        declared = weights()
        findings = declared["findings"]
        return (
            1 + self.ratio,
            1 + self.days / declared["time"]["days"],
            1 + findings["open"] * self.n_open + findings["overdue"] * self.n_overdue,
            1 + declared["gap"]["per_100"] * max(self.gap or 0.0, 0.0),
        )

    @property
    def score(self) -> float:
        risk, time, findings, gap = self.factors
        return risk * time * findings * gap

    @property
    def must(self) -> bool:
        """Whether the fair rotation puts it first: see ROTATION."""
        return self.never or self.days >= weights()["rotation"]["days"]

    @property
    def order(self) -> tuple[Any, ...]:
        """What schools are sorted by, the next to be checked first."""
        return (not self.must, -self.days if self.must else 0, -self.score, self.code)


def ranking(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """The schools open on a day in the order they should be checked, as known at a moment.

    Columns place (from 1), school, name, municipality, settlement, score; risk (the share of pupils over the monthly
    threshold, from 0 to 1, or missing), oblast_risk, doubtful; last_check (NaT when never), days_since; n_open and
    n_overdue findings; gap (pupils left out of the diary by the counts of the last year, missing when nobody counted)
    and gap_low (the lower end of its interval, per 100 enrolled); FACTORS; must (put first by ROTATION); reason, a
    sentence without numbers of pupils. `score` is the product of FACTORS, which Known computes from the columns before
    them. Nothing after `day` is looked at. The frame is shared: do not change it.
    """
    return store.kept_of_data(("ranking", day), known_at, lambda: _ranked(store, day, known_at))


def _ranked(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    now = pd.Timestamp(day)
    rows = schools_of(store, term_of(day), Scope(known_at=known_at)).rename(columns={"code": "school"})
    rows = rows[~((rows["opened_on"] > now) | (rows["closed_on"] <= now))]
    made = checks(store, known_at)
    made = made[made["date"] <= now]
    counted_lately = made[made["date"] > now - pd.Timedelta(days=weights()["gap"]["days"])]
    for by_school in (
        made.groupby("school", as_index=False).agg(last_check=("date", "max")),
        findings_now(made, day),
        gaps(counted_lately)[["school", "gap", "low", "flagged"]].rename(columns={"low": "gap_low"}),
    ):
        rows = rows.merge(by_school, on="school", how="left")
    month = newest_month(store, day, known_at)
    risk = month_risk(store, month, known_at) if month else None
    rows["is_silent"] = rows["school"].isin(silent_schools(store, month, known_at) if month else ())
    # Who was never checked has waited since before the first check of all.
    began = (made["date"].min().date() if len(made) else day) - timedelta(days=1)
    ranked = []
    for row in rows.to_dict("records"):
        basis = _known(row, risk, began, day)
        ranked.append((basis, {**row, "reason": _reason(basis, row, risk)}))
    ranked.sort(key=lambda pair: pair[0].order)
    return _frame(ranked)


def _known(row: Mapping[Hashable, Any], risk: MonthRisk | None, began: date, day: date) -> Known:
    never = pd.isna(row["last_check"])
    if never:
        start = began if pd.isna(row["opened_on"]) else max(began, row["opened_on"].date())
    else:
        start = row["last_check"].date()
    return Known(
        code=row["school"],
        days=(day - start).days,
        never=never,
        risk=risk.shares.get(row["school"]) if risk else None,
        oblast=risk.oblast if risk else None,
        doubtful=row["is_silent"] or (risk is not None and risk.has_only_zeros(row["school"])),
        n_open=0 if pd.isna(row["n_open"]) else int(row["n_open"]),
        n_overdue=0 if pd.isna(row["n_overdue"]) else int(row["n_overdue"]),
        gap=None if pd.isna(row["gap_low"]) else row["gap_low"],
    )


def _frame(ranked: list[tuple[Known, dict[Hashable, Any]]]) -> pd.DataFrame:
    columns = ["place", "school", "name", "municipality", "settlement", "score", "risk", "oblast_risk", "doubtful"]
    columns += ["last_check", "days_since", "n_open", "n_overdue", "gap", "gap_low", *FACTORS, "must", "reason"]
    rows = [
        {
            **row,
            "place": place,
            "score": basis.score,
            "risk": basis.risk,
            "oblast_risk": basis.oblast,
            "doubtful": basis.doubtful,
            "days_since": basis.days,
            "n_open": basis.n_open,
            "n_overdue": basis.n_overdue,
            **dict(zip(FACTORS, basis.factors, strict=True)),
            "must": basis.must,
        }
        for place, (basis, row) in enumerate(ranked, start=1)
    ]
    frame = pd.DataFrame(rows, columns=columns)
    numbers = ["score", "risk", "oblast_risk", "gap", "gap_low", *FACTORS]
    return frame.astype(dict.fromkeys(numbers, float) | {"last_check": "datetime64[us]"})


def _reason(basis: Known, row: Mapping[Hashable, Any], risk: MonthRisk | None) -> str:
    """Why a school should be checked, without numbers of pupils: it goes into orders and stays in plans."""
    if basis.never:
        parts = [_("няма проверка досега")]
    else:
        last = _("последната проверка е от {last_check}").format(last_check=words.day(row["last_check"]))
        parts = [
            _("{last}, преди повече от година").format(last=last)
            if basis.must
            else _("{last}, преди {days}").format(last=last, days=counted(basis.days, "ден"))
        ]
    if risk is not None:
        parts += _risk_words(basis, row["is_silent"], risk)
    if basis.n_open:
        parts.append(_undone_words(basis.n_open, basis.n_overdue))
    if row["flagged"] is True:
        parts.append(_("в дневниците не са вписани всички отсъстващи"))
    reason = "; ".join(parts)
    return f"{reason[0].upper()}{reason[1:]}."


def _undone_words(n: int, overdue: int) -> str:
    undone = f"{counted(n, 'неизпълнена препоръка')}"
    if not overdue:
        return undone
    return _("{undone}, {part}с изтекъл срок").format(
        undone=undone, part="" if n == overdue == 1 else _("от тях {overdue} ").format(overdue=overdue)
    )


def _risk_words(basis: Known, is_silent: bool, risk: MonthRisk) -> list[str]:
    parts = []
    if is_silent:
        parts.append(_("отсъствията за {month_label} не са подадени").format(month_label=month_label(risk.month)))
    if risk.has_only_zeros(basis.code):
        parts.append(_("от началото на годината няма нито един неизвинен час – да се провери нанасянето"))
    if basis.risk is not None and basis.oblast:
        times = basis.risk / basis.oblast
        if times > 1:
            above = _("поне два пъти над областния") if times >= 2 else _("над областния")
            parts.append(_("делът на учениците, достигнали месечния праг, е {above}").format(above=above))
    return parts


# --- the plan of a week


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def save_plan(
    store: Store, week: date, rows: Sequence[tuple[str, str, bool]], viewer: Viewer, at: datetime | None = None
) -> int:
    """Save a week's plan: (code of a school, reason, whether a person added it), in the order of the visits.

    Earlier plans of the week stay in the store; the newest one counts. Returns the entry's number. Raises ObhvatError
    for a plan without schools, and for one that has a school twice.
    """
    viewer.must("plan")
    schools = [school for school, _unused, _unused in rows]
    if not schools:
        raise ObhvatError(_("В плана няма нито едно училище. Изберете поне едно и запазете отново."))
    if len(set(schools)) < len(schools):
        raise ObhvatError(_("Едно училище е два пъти в плана. Премахнете повторението и запазете отново."))
    with store.transaction() as cursor:
        entry = add_entry(cursor, "plan", viewer.person, at)
        for place, (school, reason, by_hand) in enumerate(rows, start=1):
            row = {"week": week_of(week), "place": place, "school": school, "reason": reason, "added_by_hand": by_hand}
            add_row(cursor, "planned_visits", {"entry_id": entry, **row})
    return entry


def _planned(store: Store, known_at: datetime) -> pd.DataFrame:
    """The newest plans of all weeks: week, place, school, name, municipality, settlement, reason, added_by_hand,
    entry_id, entered_at, entered_by, versions (how often the week's plan was saved)."""

    def answer() -> pd.DataFrame:
        saved = store.read(read_sql("inspections/sql/plans.sql"), {"known_at": known_at})
        return saved.assign(week=saved["week"].dt.date)

    return store.kept_of_data("plans of visits", known_at, answer)


def plan_of(store: Store, week: date, known_at: datetime | None = None) -> pd.DataFrame:
    """The plan of a week as known at a moment, in the order of the visits; no rows when there is none.

    Columns week, place, school, name, municipality, settlement, reason, added_by_hand, entry_id, entered_at,
    entered_by, versions (how often the week's plan was saved).
    """
    rows = _planned(store, known_at or store.now())
    return rows[rows["week"] == week_of(week)].reset_index(drop=True)


def plans(store: Store, known_at: datetime | None = None) -> pd.DataFrame:
    """The weeks with a plan, the newest first: week, n (schools), entered_at, entered_by, versions."""
    rows = _planned(store, known_at or store.now())
    weeks = rows.groupby("week", as_index=False).agg(
        n=("school", "size"),
        entered_at=("entered_at", "first"),
        entered_by=("entered_by", "first"),
        versions=("versions", "first"),
    )
    return weeks.sort_values("week", ascending=False, ignore_index=True)


STATES = {"done": N_("проверено"), "missed": N_("не е проверено"), "waiting": N_("още не се знае")}
"""How a planned visit ends."""
DONE_RULE = N_("Планирано училище е проверено, ако в него има проверка през планираната седмица или през следващата.")


def planned_against_done(store: Store, period: Period, known_at: datetime) -> pd.DataFrame:
    """What became of the plans of the weeks that begin in a period, by DONE_RULE.

    Columns week, place, school, name, municipality, reason, done_on (NaT when not done), n (checks in the two weeks),
    state: a key of STATES, `waiting` when checks up to the end of the second week are not known yet. The frame is
    shared: do not change it.
    """
    return store.kept_of_data(
        ("planned against done", period), known_at, lambda: _against_done(store, period, known_at)
    )


def _against_done(store: Store, period: Period, known_at: datetime) -> pd.DataFrame:
    rows = _planned(store, known_at)
    rows = rows[rows["week"].between(period.first, period.last)]
    rows = rows[["week", "place", "school", "name", "municipality", "reason"]].reset_index(drop=True)
    made = checks(store, known_at)[["school", "date"]]
    known_until = checks_known_until(store, known_at)
    start = pd.to_datetime(rows["week"])
    end = start + pd.Timedelta(days=13)
    windows = pd.DataFrame({"school": rows["school"], "start": start, "end": end, "planned": rows.index})
    pairs = windows.merge(made, on="school")
    inside = pairs[pairs["date"].between(pairs["start"], pairs["end"])].groupby("planned")["date"]
    rows["done_on"] = inside.min().reindex(rows.index).astype("datetime64[us]")
    rows["n"] = inside.size().reindex(rows.index, fill_value=0).astype(int)
    over = end <= pd.Timestamp(known_until) if known_until else pd.Series(False, index=rows.index)
    rows["state"] = np.select([rows["n"] > 0, over], ["done", "missed"], "waiting")
    return rows


def plan_summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Planned against done by week, oldest first: week, planned, done, missed, waiting; the last three add up to the
    first, and the weeks to the figures „visits_planned“ and „visits_planned_as“."""
    weeks = pd.crosstab(rows["week"], rows["state"]).reindex(columns=[*STATES], fill_value=0)
    weeks.insert(0, "planned", weeks.sum(axis=1))
    return weeks.rename_axis(columns=None).reset_index()
