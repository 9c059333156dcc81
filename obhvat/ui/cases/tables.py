"""The page of cases: what is looked at, and its tables and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from obhvat.cases.children import actions_of, cases_of, entries_of, ladder_of
from obhvat.cases.register import of_period
from obhvat.cases.words import own_note_words
from obhvat.datasets import dataset
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.indicators.measures import file_of
from obhvat.language import N_, _
from obhvat.metrics import Figure, figure
from obhvat.people import Viewer
from obhvat.people.log import What
from obhvat.people.places import party_of
from obhvat.scope import inside
from obhvat.store import Store
from obhvat.texts import counted, day, ended, grade_words, moment, with_word
from obhvat.ui.filters import View
from obhvat.ui.looks import saw
from obhvat.ui.widgets.html import Safe, bold, joined, tag

CONTACT = {
    "made": N_("осъществен"),
    "not_found": N_("не е открит"),
    "refused": N_("отказ"),
    "abroad": N_("в чужбина"),
    "moved": N_("преместен"),
}
DOCUMENTS = (
    ("abroad", N_("потвърждение от МВР или документ, че детето е в чужбина (сега: по сведения)")),
    ("other_oblast", N_("удостоверение за записване в другата област")),
    ("returned", N_("документ за записването")),
    ("refused", N_("протокол за отказа")),
    ("not_found", N_("протокол от посещението с резултата „неоткрит“")),
)
"""What proves an outcome: domain.md §1.4 (протоколи по образец) and §1.5 (two degrees of „в чужбина“)."""


@dataclass(frozen=True)
class Looked:
    """The cases of a view as they stand on a day."""

    store: Store
    view: View
    day: date
    quiet_days: int = 14
    """After how many days without an action a case is quiet."""

    @property
    def known_at(self) -> datetime:
        return self.view.scope.moment

    @property
    def is_inside(self) -> bool:
        return self.view.is_inside

    @property
    def is_narrow(self) -> bool:
        """Whether only a part of the oblast is looked at."""
        return self.view.is_narrow

    @property
    def is_closed(self) -> bool:
        """Whether the parts of what is looked at are not for the audience."""
        return bool(self.why_closed)

    @cached_property
    def why_closed(self) -> str:
        """Why they are not, and so where not even the cases in work are told nothing else; empty where they are."""
        disclosure = self.view.disclosure
        few = _(SMALL_ARE_HIDDEN) if disclosure.figure(self.figure("cases_in_work")).is_hidden else ""
        return disclosure.is_closed_below(self.view.scope) or few

    @property
    def viewer(self) -> Viewer:
        return self.view.viewer

    @property
    def _asked(self) -> tuple[Store, Viewer, date, datetime]:
        return self.store, self.viewer, self.day, self.known_at

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The cases of the period in the scope."""
        return inside(of_period(cases_of(*self._asked), self.view.period), self.view.scope)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The ladder of the cases in work, in the scope."""
        return inside(ladder_of(*self._asked), self.view.scope)

    def figure(self, metric_id: str, **asked: Any) -> Figure:
        """A figure of what is looked at; `asked` as `obhvat.metrics.figure` takes them."""
        return figure(self.store, metric_id, self.view.period, self.view.scope, self.view.day, **asked)

    @property
    def actions(self) -> pd.DataFrame:
        """Every action that who is looking may see."""
        return actions_of(*self._asked)

    def saw(self, numbers: Iterable[str], what: What = "cases") -> None:
        """Write who sees these cases, before they are shown."""
        saw(self.store, self.view, what, cases=numbers)

    def actions_of(self, case_number: str) -> pd.DataFrame:
        return self.actions[self.actions["case_number"] == case_number]


def words(of: str, field: str, code: object) -> str:
    """The caption of an enumeration's code, „–“ when there is none."""
    return _(dataset(of)[field].caption_of(str(code))) if isinstance(code, str) and code else "–"


def each(rows: pd.DataFrame) -> Iterable[Any]:
    """The rows, with their columns as attributes."""
    return rows.itertuples(index=False)


def date_words(value: Any) -> str:
    """„05.02.2024“, or „–“."""
    return "–" if pd.isna(value) else f"{value:%d.%m.%Y}"


def institutions_words(codes: Any) -> str:
    """Institutions of a step, as the register writes them."""
    # Nobody said: None, or NA where others said.
    if not pd.api.types.is_list_like(codes) or not len(codes):
        return "–"
    return ", ".join(_(dataset("actions")["institutions"].caption_of(code)) for code in codes)


def text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def open_cases_table(looked: Looked) -> pd.DataFrame:
    """The cases in work for the list: those first whose next step is owed by whom one acts for, then the most overdue;
    without anything that names a child."""
    steps = looked.steps.assign(is_own=looked.steps["owner"] == party_of(looked.viewer))
    steps = steps.sort_values(["is_own", "late", "days"], ascending=False)
    return pd.DataFrame(
        {
            "№": steps["number"],
            _("Община"): steps["municipality"],
            _("Следва"): steps["next_name"].fillna("–"),
            _("Отговорник"): steps["owner_name"].fillna("–"),
            _("Срок"): pd.to_datetime(steps["due"]).dt.date,
            _("Закъснява, раб. дни"): steps["late"],
            _("Етап"): steps["step_name"],
            _("Дни на този етап"): steps["days"],
            _("Контакт"): [_(CONTACT.get(c, "няма")) for c in steps["contact"]],
            _("Последно действие"): pd.to_datetime(steps["last_action"]).dt.date,
            _("Училище"): [looked.view.name_of(code) if isinstance(code, str) else "–" for code in steps["school"]],
        }
    ).reset_index(drop=True)


def origin(looked: Looked, slice_id: Any, line: Any, entry_id: Any, entries: pd.DataFrame) -> str:
    """Where a row comes from: a line of a file, or who entered it and when."""
    if not pd.isna(entry_id):
        entry = entries[entries["entry_id"] == entry_id]
        if len(entry):
            return _("въведено от {entered_by} на {entered_at}").format(
                entered_by=entry.iloc[0]["entered_by"], entered_at=moment(entry.iloc[0]["entered_at"])
            )
        return _("въведено тук")
    if pd.isna(slice_id) or pd.isna(line):
        return "–"
    return _("{file_of}, ред {line}").format(file_of=file_of(looked.store, int(slice_id)), line=int(line))


def timeline(looked: Looked, case_number: str) -> list[tuple[object, ...]]:
    """The steps of a case in their order: day, what, who by institution and team, contact, what came of it, where it
    is written."""
    entries = entries_of(looked.store, looked.viewer, case_number, looked.known_at, looked.day)
    rows = []
    for step in each(looked.actions_of(case_number)):
        when = f"{step.date:%d.%m.%Y}" + (f", {step.time}" if text(step.time) else "")
        who = institutions_words(step.institutions) + (f"; {step.team}" if text(step.team) else "")
        came = [
            t
            for t in (
                text(step.result),
                own_note_words(step.note_of) if text(step.note_of) else "",
                _("следва: {next_step}").format(next_step=step.next_step) if text(step.next_step) else "",
            )
            if t
        ]
        if not pd.isna(step.next_due):
            came.append(_("срок {next_due:%d.%m.%Y}").format(next_due=step.next_due))
        rows.append(
            (
                when,
                bold(words("actions", "kind", step.kind)),
                who,
                _(CONTACT.get(step.contact, "–")),
                "; ".join(came) or "–",
                origin(looked, step.slice_id, step.line, step.entry_id, entries),
            )
        )
    return rows


def facts(looked: Looked, case: pd.Series) -> Safe:
    """Whose case it is by role, not by name: category, grade and school, signal, reason, status."""
    school = looked.view.name_of(case["school"]) if text(case["school"]) else _("без училище")
    grade = f"{grade_words(int(case['grade']))}, " if not pd.isna(case["grade"]) and case["grade"] > 0 else ""
    status = words("cases", "status", case["status"])
    sure = words("cases", "confidence", case["confidence"])
    pairs = [
        (
            _("Дете"),
            _("{words}; {grade}{school}; без име и ЕГН").format(
                words=words("cases", "category", case["category"]), grade=grade, school=school
            ),
        ),
        (_("Община"), text(case["municipality"])),
        (
            _("Сигнал"),
            _("{opened_on}, от: {words}").format(
                opened_on=day(case["opened_on"]), words=words("cases", "source", case["source"])
            ),
        ),
        (_("Отпадане"), date_words(case["dropped_on"])),
        (_("Причина"), "; ".join(filter(None, [words("cases", "reason", case["reason"]), text(case["reason_note"])]))),
        (
            _("Статус"),
            _("{status} от {date_words}").format(status=status, date_words=date_words(case["status_on"]))
            + (_(" (потвърждение: {sure})").format(sure=sure) if sure != "–" else ""),
        ),
    ]
    if not pd.isna(case["repeat"]) and case["repeat"]:
        pairs.append((_("Повторен"), _("да")))
    return tag("dl", *(tag("div", tag("dt", k), tag("dd", v)) for k, v in pairs), css="facts")


def next_words(step: pd.Series) -> tuple[str, Safe]:
    """What comes next in a case, who owes it and when; and how much it must stand out."""
    if not text(step["next_name"]):
        return "good", joined([_("Няма следваща стъпка: остава да се запише изходът.")])
    due = _(" до {due}").format(due=day(step["due"])) if not pd.isna(step["due"]) else ""
    sentence = [_("Следва: "), bold(step["next_name"]), _(" – отговорник "), bold(step["owner_name"]), due]
    if step["late"]:
        return "act", joined(
            [
                *sentence,
                _("; закъснява {with_word} ").format(with_word=with_word(step["late"])),
                bold(counted(int(step["late"]), "работен ден")),
                ".",
            ]
        )
    return "mind", joined([*sentence[:-1], ended(due)])


def documents_due(case: pd.Series, steps: pd.DataFrame) -> list[str]:
    """Documents a case must have by now: the records of its visits, and proof of its outcome where it is only said."""
    visits = steps[steps["kind"] == "visit"]
    due = [_("протокол по образец за посещението на {v:%d.%m.%Y}").format(v=v) for v in visits["date"]]
    for group, document in DOCUMENTS:
        if case["status_group"] == group and case["confidence"] not in ("document", "police"):
            due.append(document)
    return due
