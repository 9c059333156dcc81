"""Children the rules flag who have no case: proposals, until an expert opens a case or declines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.cases.entries import add_case
from obhvat.errors import ObhvatError, UnknownName
from obhvat.indicators import Rule
from obhvat.indicators.flags import is_over
from obhvat.indicators.measures import measures
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.language import _
from obhvat.people import Reach, Viewer
from obhvat.people.child_requests import restricted
from obhvat.privacy import refuse_numbers
from obhvat.resources import read_toml
from obhvat.scope.days import cases_known_until
from obhvat.store import Store
from obhvat.store.entries import add_confirmed, add_entry, add_row, ask_about
from obhvat.store.pseudonyms import keyed_hash

_COLUMNS = ("key", "municipality", "school", "class_name", "grade", "score", "why", "rule", "file", "line")


def _declared() -> dict[str, Any]:
    return read_toml("cases/proposals.toml")


def proposing_rules(rules: RuleSet) -> list[Rule]:
    """The rules that propose a child by themselves (see proposals.toml)."""
    return [rule for rule in rules.on if rule.points >= _declared()["least_points"] or rule.id in _declared()["always"]]


def proposals(store: Store, month: date, known_at: datetime) -> pd.DataFrame:
    """Children over a proposing rule as of a month who have no case in work and were not declined for that month.

    Columns key, municipality, school, class_name, grade, score (points of all rules it is over), why (their short
    names, most points first), rule (the id of the first), file and line (where the rule reads; line is missing where
    it reads no single line). Most points first; a child of two institutions is there once. `key` names the proposal
    to `confirm` and `decline`: it is made with the store's key, says nothing of the child, and is another each month.
    """
    return _proposed(store, month, known_at)[list(_COLUMNS)].copy()


def children_of(store: Store, month: date, known_at: datetime, keys: Collection[str]) -> list[int]:
    """The pseudonyms of the children of proposals."""
    proposed = _proposed(store, month, known_at)
    return proposed.loc[proposed["key"].isin(keys), "pupil"].tolist()


def confirm(
    store: Store,
    month: date,
    known_at: datetime,
    key: str,
    *,
    category: str,
    reason: str | None,
    viewer: Viewer,
    at: datetime | None = None,
) -> str:
    """Open a case for a proposed child, as seen at `known_at`. Returns its number.

    The signal is of the day up to which cases are known (`cases_known_until`); the municipality is the school's,
    because the address is not known. Raises UnknownName for an unknown category or reason, ObhvatError when somebody
    has opened a case or declined meanwhile, or the school is in no municipality.
    """
    viewer.must("settle")
    with store.transaction() as cursor:
        now = at or store.now()
        child = _still_proposed(store, month, known_at, key, now)
        return add_case(
            cursor,
            municipality=child["municipality"],
            category=category,
            opened_on=cases_known_until(store, month, now),
            school=child["school"],
            grade=int(child["grade"]),
            reason=reason,
            source="school",
            repeat=bool(child["earlier_cases"] > 0),
            pupil=int(child["pupil"]),
            rule=child["rule"],
            rule_month=month,
            viewer=viewer,
            at=now,
        )


def decline(
    store: Store,
    month: date,
    known_at: datetime,
    key: str,
    why: str,
    viewer: Viewer,
    at: datetime | None = None,
    *,
    confirmed: Collection[str] = (),
) -> None:
    """Say why a proposed child is not made a case; it is not proposed again for that month.

    `confirmed` is what looks like a name in the reason and is nobody's, as the person says. Raises ObhvatError without
    a reason, for personal data in it, or when the proposal no longer stands; LooksLikeName for what may be a name.
    """
    viewer.must("settle")
    reason = " ".join(why.split())
    if not reason:
        raise ObhvatError(_("Напишете защо детето не става случай: без причина отказът не се записва."))
    refuse_numbers(reason, _("Защо не"))
    names = ask_about(store, [reason], confirmed)
    with store.transaction() as cursor:
        now = at or store.now()
        child = _still_proposed(store, month, known_at, key, now)
        row = {"pupil": int(child["pupil"]), "rule": child["rule"], "rule_month": month, "why": reason}
        entry_id = add_entry(cursor, "declined", viewer.person, now)
        add_row(cursor, "declined_proposals", {"entry_id": entry_id} | row)
        add_confirmed(cursor, entry_id, names)


def _still_proposed(store: Store, month: date, known_at: datetime, key: str, now: datetime) -> dict[str, Any]:
    seen = _proposed(store, month, known_at)
    chosen = seen[seen["key"] == key]
    if chosen.empty:
        raise UnknownName(_("Няма такова предложение. Опреснете страницата."))
    if key not in set(_proposed(store, month, now)["key"]):
        raise ObhvatError(_("За това дете вече има случай или предложението е отхвърлено. Опреснете страницата."))
    return chosen.iloc[0].to_dict()


def _proposed(store: Store, month: date, known_at: datetime) -> pd.DataFrame:
    """The proposals with the child behind each. The frame is shared: do not change it."""
    rules = rules_of(store, known_at)
    hidden = restricted(store)
    return store.kept_of_data(
        ("proposals", month, hidden), known_at, lambda: _found(store, month, known_at, rules, hidden)
    )


def _found(store: Store, month: date, known_at: datetime, rules: RuleSet, hidden: frozenset[int]) -> pd.DataFrame:
    measured = measures(store, month, known_at, Reach("all", hidden=hidden))
    # `sorted` keeps the declared order of rules with equal points.
    proposing = sorted(proposing_rules(rules), key=lambda rule: -rule.points)
    over = pd.DataFrame({rule.id: is_over(measured, rule) for rule in rules.on}, index=measured.index)
    proposed = over[[rule.id for rule in proposing]].any(axis=1)
    proposed &= measured["case_number"].isna() & ~measured["pupil"].isin(_declined(store, month, known_at))
    children, over = measured[proposed], over[proposed]
    counted = sorted((rule for rule in rules.on if rule.points or rule in proposing), key=lambda rule: -rule.points)
    flags = over.to_dict("records")
    first = [next(rule for rule in proposing if row[rule.id]) for row in flags]
    children = children.assign(
        score=[sum(rule.points for rule in counted if row[rule.id]) for row in flags],
        why=["; ".join(rule.short for rule in counted if row[rule.id]) for row in flags],
        rule=[rule.id for rule in first],
        key=[_key(store, pupil, month) for pupil in children["pupil"]],
    )
    # Where the rule reads: the month's absences, or the child's row in the list; the other where there is no such.
    of_absences = pd.Series([rule.reads == "absences" for rule in first], index=children.index)
    of_month = children["month_line"].notna() & (of_absences | children["list_line"].isna())
    children["line"] = children["month_line"].where(of_month, children["list_line"]).astype("Int64")
    slices = children["month_slice"].where(of_month, children["list_slice"]).astype("Int64")
    files = _files(store, slices.dropna().unique().tolist())
    children["file"] = pd.Series([files.get(slice_id, "") for slice_id in slices], index=children.index, dtype="str")
    return children.sort_values("score", ascending=False, kind="stable").drop_duplicates("pupil").reset_index(drop=True)


def _key(store: Store, pupil: int, month: date) -> str:
    return keyed_hash(store.key, "proposal", f"{month} {pupil}")[:20]


def _files(store: Store, slices: list[int]) -> dict[int, str]:
    return dict(
        store.rows(
            """
            select slices.slice_id, batches.file_name
            from slices
            join batches on batches.batch_id = slices.batch_id
            where slices.slice_id in (select unnest($slices::integer[]))
            """,
            {"slices": slices},
        )
    )


def _declined(store: Store, month: date, known_at: datetime) -> pd.Series:
    rows = store.rows(
        """
        select declined_proposals.pupil
        from declined_proposals
        join live_entries($known_at) as live on live.entry_id = declined_proposals.entry_id
        where declined_proposals.rule_month = $month
        """,
        {"known_at": known_at, "month": month},
    )
    # Of their own type: through float, pseudonyms of 64 bits would lose their last digits.
    return pd.Series([pupil for (pupil,) in rows], dtype="uint64")
