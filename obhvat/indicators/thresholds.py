"""The thresholds of a store: the declared ones until people set others, kept by version, never overwritten."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

import pandas as pd

from obhvat.errors import ObhvatError, UnknownName
from obhvat.indicators import Operator, Rule, default_rules
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.store import Store
from obhvat.texts import moment

MOST = 999


@dataclass(frozen=True)
class RuleSet:
    """The rules of a store at a moment. Version 0 is what is declared; nobody set anything yet."""

    version: int
    rules: tuple[Rule, ...]
    since: datetime | None = None
    by: str = ""

    @property
    def words(self) -> str:
        """Which they are: „по подразбиране“, „версия 3“."""
        return _("версия {version}").format(version=self.version) if self.version else _("по подразбиране")

    def __getitem__(self, rule_id: str) -> Rule:
        """A rule by its id. Raises UnknownName."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise UnknownName(_("Няма правило „{rule_id}“.").format(rule_id=rule_id))

    @property
    def on(self) -> tuple[Rule, ...]:
        """The rules that are on."""
        return tuple(rule for rule in self.rules if rule.on)


def rules_of(store: Store, known_at: datetime | None = None) -> RuleSet:
    """The rules as they were set at a moment; now, without one. A rule nobody set by then is as declared."""
    known_at = known_at or store.now()
    return store.kept_of_data("rules", known_at, lambda: _rules_at(store, known_at))


def _rules_at(store: Store, known_at: datetime) -> RuleSet:
    rows = store.rows(
        """
        select
            rule,
            max(version) as newest,
            arg_max(operator, version),
            arg_max(value, version),
            arg_max(points, version),
            arg_max(is_on, version),
            max(set_at),
            arg_max(set_by, version)
        from thresholds
        where set_at <= $known_at
        group by rule
        order by newest
        """,
        {"known_at": known_at},
    )
    if not rows:
        return RuleSet(0, default_rules())
    set_to = {rule_id: what for rule_id, _unused, *what, _unused, _unused in rows}
    _unused, version, *_unused, since, who = rows[-1]
    rules = (_as_set(rule, *set_to[rule.id]) if rule.id in set_to else rule for rule in default_rules())
    return RuleSet(version, tuple(rules), since, who)


def set_rules(store: Store, changed: Mapping[str, Rule], viewer: Viewer, at: datetime | None = None) -> int:
    """Set the operator, value, points and switch of rules, as one new version. Returns the version then in force.

    Only rules that differ from those in force are stored; when none does, there is no new version. Everything else
    of a rule is as declared. Raises UnknownName for a rule that is not declared, ObhvatError for a threshold that
    cannot be or a moment before the newest version.
    """
    viewer.must("settings")
    with store.transaction() as cursor:
        # Writers wait for one another, so nothing comes between what is read here and what is written.
        newest, at = rules_of(store, datetime.max), at or store.now()
        if newest.since and at < newest.since:
            raise ObhvatError(
                _(
                    "Праговете са сменени на {since}, а новата промяна е с по-ранна дата. Проверете "
                    "часовника на компютъра."
                ).format(since=moment(newest.since))
            )
        differ = [
            asked
            for rule_id, rule in changed.items()
            if (asked := _as_set(newest[rule_id], rule.operator, rule.value, rule.points, rule.on)) != newest[rule_id]
        ]
        for asked in differ:
            _check(asked)
        if not differ:
            return newest.version
        for asked in differ:
            cursor.execute(
                """
                insert into thresholds by name
                select
                    $version as version,
                    $rule as rule,
                    $operator as operator,
                    $value as value,
                    $points as points,
                    $is_on as is_on,
                    $set_at as set_at,
                    $set_by as set_by
                """,
                {
                    "version": newest.version + 1,
                    "rule": asked.id,
                    "operator": asked.operator,
                    "value": asked.value,
                    "points": asked.points,
                    "is_on": asked.on,
                    "set_at": at,
                    "set_by": viewer.person,
                },
            ).fetchall()
        return newest.version + 1


def versions(store: Store) -> pd.DataFrame:
    """What was set, newest first: one row a rule and version.

    Columns version, set_at, set_by, rule, operator, value, points, is_on; what it was before as old_operator,
    old_value, old_points, old_is_on; change in words. Rules that are no longer declared are left out.
    """
    in_force = {rule.id: rule for rule in default_rules()}
    changes = []
    for version, set_at, set_by, rule_id, *set_to in store.rows(
        """
        select version, set_at, set_by, rule, operator, value, points, is_on
        from thresholds
        order by version
        """
    ):
        if rule_id in in_force:
            old = in_force[rule_id]
            in_force[rule_id] = new = _as_set(old, *set_to)
            was = (old.operator, old.value, old.points, old.on)
            changes.append((version, set_at, set_by, rule_id, *set_to, *was, difference(old, new)))
    order = {rule_id: n for n, rule_id in enumerate(in_force)}
    changes.sort(key=lambda row: (-row[0], order[row[3]]))
    return pd.DataFrame(changes, columns=list(_VERSION_COLUMNS))


_VERSION_COLUMNS = (
    *("version", "set_at", "set_by", "rule", "operator", "value", "points", "is_on"),
    *("old_operator", "old_value", "old_points", "old_is_on", "change"),
)


def difference(old: Rule, new: Rule) -> str:
    """What changes, in words: „Слаби оценки: от „1 и повече предмета“ на …; точки от 2 на 1“. Empty if nothing."""
    parts = []
    if old.words != new.words:
        parts.append(_("от „{words}“ на „{words2}“").format(words=old.words, words2=new.words))
    if old.points != new.points:
        parts.append(_("точки от {points} на {points2}").format(points=old.points, points2=new.points))
    if old.on != new.on:
        parts.append(_("включва се") if new.on else _("изключва се"))
    return f"{new.name}: {'; '.join(parts)}" if parts else ""


def _as_set(rule: Rule, operator: Any, value: float, points: int, on: bool) -> Rule:
    return replace(rule, operator=operator, value=value, points=points, on=on)


def _check(asked: Rule) -> None:
    """Raises ObhvatError for a threshold that cannot be."""
    declared = next(rule for rule in default_rules() if rule.id == asked.id)
    if asked.operator not in get_args(Operator):
        raise ObhvatError(_("„{name}“: условието е „≥“, „>“ или „<“.").format(name=asked.name))
    # A rule reads one way: more absences, lower marks. The other way it would flag everyone else.
    if (asked.operator == "<") != (declared.operator == "<"):
        way = _("под") if declared.operator == "<" else _("над")
        raise ObhvatError(
            _("„{name}“ брои стойностите {way} прага; обратното не може.").format(name=asked.name, way=way)
        )
    # Words say a threshold to the hundredth: two that read the same must be the same.
    if not (math.isfinite(asked.value) and 0 <= asked.value <= MOST and asked.value == round(asked.value, 2)):
        raise ObhvatError(
            _("„{name}“: прагът е число от 0 до {MOST} с най-много два знака след запетаята.").format(
                name=asked.name, MOST=MOST
            )
        )
    if asked.operator != ">" and asked.value == 0:
        raise ObhvatError(
            _("„{name}“: праг 0 може само с „повече от“; иначе отговарят всички или никой.").format(name=asked.name)
        )
    if isinstance(asked.points, bool) or not isinstance(asked.points, int) or not 0 <= asked.points <= MOST:
        raise ObhvatError(_("„{name}“: точките са цяло число от 0 до {MOST}.").format(name=asked.name, MOST=MOST))
