"""Cases and the work on them: as each stood on a day, by every register known; and what was done between two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial

import pandas as pd

from recount.files import Row
from recount.known import Known, Place, Rows, Span, added, year_start

STATUS_GROUPS = {
    "подлежи на обхват (в работа)": "in_work",
    "незаписан": "in_work",
    "реинтегриран": "returned",
    "записан за първи път": "returned",
    "записан повторно след отпадане": "returned",
    "записан след завръщане от чужбина": "returned",
    "в друга област": "other_oblast",
    "записан в друга област": "other_oblast",
    "в чужбина": "abroad",
    "неоткрит на адреса": "not_found",
    "няма информация": "not_found",
    "отказ на родителя": "refused",
    "навършил 16 г.": "other",
    "починал или хоспитализиран": "other",
}
IN_WORK = "подлежи на обхват (в работа)"
REASONS = {
    "социални и семейни причини": "social_family",
    "голям брой отсъствия": "absences",
    "слаб успех": "weak_marks",
    "нежелание": "unwilling",
    "заминали в чужбина": "abroad",
    "болест": "illness",
    "преместване": "moved",
    "ваксини": "vaccination",
    "други": "other",
    "": None,
}
STEPS = {
    "проучване на случая": "study",
    "телефонен разговор": "call",
    "среща с родител": "meeting",
    "посещение на адрес": "visit",
    "физическо посещение на адрес": "visit",
    "справка МВР": "police_check",
    "справка ГРАО": "grao_check",
    "уведомяване на ОЗД/РДСП": "child_protection",
    "насочване към социална услуга": "social_service",
    "насочване към ДПС/МКБППМН": "child_police",
    "АУАН": "act",
    "наказателно постановление": "penalty",
    "записване": "enrolment",
    "включване в подкрепа/медиатор": "support",
}
KINDS = tuple(dict.fromkeys(STEPS.values()))
NAMED_STEPS = {"call": "calls", "meeting": "meetings", "visit": "visits"}
OWNERS = (
    *("governor", "ruo", "municipality", "police", "health", "social"),
    *("grao", "school", "child_protection", "commission", "dazd", "mediator"),
)
INSTITUTIONS = {
    "училище": "school",
    "община": "municipality",
    "РУО": "ruo",
    "ОД на МВР": "police",
    "ОЗД": "child_protection",
    "ДСП": "social",
}
REACHED = ("да", "отказ")


@dataclass(frozen=True)
class Case:
    """A case as it stood on a day; whose it is and where in its newest wording."""

    number: str
    child: str
    place: Place
    opened: date
    reason: str | None
    group: str
    since: date
    is_dated: bool
    """Whether the status has a date of its own; else it is from the day of its register."""
    is_listed: bool
    """Whether its register up to the day, or a later one, still has it."""
    told_on: date
    """The day of the register that says its status."""


class Registers:
    """Registers of cases, or of steps: of the oblast, or of one municipality when no row is of another."""

    def __init__(self, rows: pd.DataFrame, municipalities: Iterable[str], events: Mapping[str, date]) -> None:
        self.rows = rows.sort_values(["as_of", "file"], kind="stable")
        self.earliest_event = events
        self.days: dict[str, list[tuple[date, int]]] = {municipality: [] for municipality in municipalities}
        """Municipality → the registers that tell of it: their day and file."""
        for _, of_file in self.rows.groupby(["as_of", "file"]):
            as_of, file = of_file["as_of"].iloc[0], int(of_file["file"].iloc[0])
            told = set(of_file["municipality"])
            for municipality in told if len(told) == 1 else self.days:
                self.days.setdefault(municipality, []).append((as_of, file))

    @cached_property
    def newest(self) -> date | None:
        return max((day for registers in self.days.values() for day, _ in registers), default=None)

    def can_tell(self, municipality: str, period: Span, *, of_oblast: bool) -> bool:
        """Whether a register, of the municipality or of anybody, is not older than the period, and the period not older
        than what its first ones tell."""
        days = [day for day, _ in self.days.get(municipality, ())]
        newest = self.newest if of_oblast else max(days, default=None)
        if not days or not newest or newest < period.first:
            return False
        return period.last >= self.since(municipality)

    def since(self, municipality: str) -> date:
        """From when on something is told of a municipality; the last of all days where nothing is."""
        days = [day for day, _ in self.days.get(municipality, ())]
        first = year_start(min(days)) if days else date.max
        return min(first, self.earliest_event.get(municipality, date.max))

    def before(self, municipality: str, day: date) -> int | None:
        """The file of the newest register up to a day."""
        return max((one for one in self.days.get(municipality, ()) if one[0] <= day), default=(None, None))[1]


class Cases:
    """What was known of cases at a moment."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.ever = cache(self._ever)
        self.places = cache(self._places)

    def _whole(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows in force: of registers of one place and day those of the newest."""
        rows = rows[rows["file"] < self.known.n_files]
        told = rows.groupby("file")["municipality"].agg(lambda of_file: ";".join(sorted(set(of_file))))
        rows = rows.assign(of=[told[file] if ";" not in told[file] else "" for file in rows["file"]])
        return self.known.in_force(rows, "of", "as_of").drop(columns="of")

    def _registers(self, rows: pd.DataFrame, *dates: str) -> Registers:
        days = rows.melt("municipality", [*dates])[["municipality", "value"]].dropna()
        earliest = {m: of_place.min() for m, of_place in days.groupby("municipality")["value"]}
        return Registers(rows, dict.fromkeys(self.known.institutions["municipality"]), earliest)

    @cached_property
    def _register_rows(self) -> pd.DataFrame:
        return self._whole(self.known.raw.cases)

    @cached_property
    def _is_accepted(self) -> pd.Series:
        """A row with a status of a later day than its register's cannot be right and is given back."""
        rows = self._register_rows
        return rows["since"].isna() | (rows["since"] <= rows["as_of"])

    @cached_property
    def registers(self) -> Registers:
        return self._registers(self._register_rows[self._is_accepted], "opened", "since")

    @cached_property
    def of_number(self) -> dict[str, list[Row]]:
        """Case number → its rows in all registers, the newest last."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.registers.rows.to_dict("records"):
            rows[row["case"]].append(row)
        return rows

    @cached_property
    def step_registers(self) -> Registers:
        rows = self.known.raw.steps
        of_case = {number: rows[-1]["municipality"] for number, rows in self.of_number.items()}
        told = [own or of_case.get(n, "") for own, n in zip(rows["municipality"], rows["case"], strict=True)]
        return self._registers(self._whole(rows.assign(municipality=told)), "day")

    @cached_property
    def steps(self) -> list[Row]:
        """Every step once, in its newest wording, with the place of its case; of an unknown case there is none."""
        rows = self.step_registers.rows.drop_duplicates(["case", "day", "kind", "n"], keep="last")
        steps = []
        for row in rows[rows["case"].isin(self.of_number)].to_dict("records"):
            place = (row["municipality"], self.of_number[row["case"]][-1]["school"])
            steps.append({**row, "kind": STEPS[row["kind"]], "place": place})
        return steps

    @cached_property
    def steps_of(self) -> dict[str, list[Row]]:
        steps: dict[str, list[Row]] = defaultdict(list)
        for step in self.steps:
            steps[step["case"]].append(step)
        return steps

    def day(self, period: Span) -> date:
        """The period's last day, but not after today nor after the newest register."""
        days = [self.registers.newest, self.step_registers.newest]
        return min(self.known.last_day(period), max([day for day in days if day], default=date.max))

    def _ever(self, day: date) -> list[Case]:
        """Every case that was opened by a day, also when it has left its register since."""
        found = []
        for number, rows in self.of_number.items():
            newest = rows[-1]
            in_files = {row["file"] for row in rows}
            before = self.registers.before(newest["municipality"], day)
            is_listed = before is None or before in in_files or any(row["as_of"] > day for row in rows)
            if newest["opened"] > day:
                continue
            since, told_on, is_dated, status = self.status(number, day)
            place = (newest["municipality"], newest["school"])
            group, reason = STATUS_GROUPS[status], REASONS[newest["reason"]]
            about = (number, newest["child"], place, newest["opened"], reason, group, since)
            found.append(Case(*about, is_dated, is_listed, told_on))
        return found

    def stock(self, day: date) -> list[Case]:
        """Those that had not left it."""
        return [case for case in self.ever(day) if case.is_listed]

    def status(self, number: str, day: date) -> tuple[date, date, bool, str]:
        """Since when a case had which status on a day, by the register of which day, and whether it has a date of its
        own: the last with a date not after the day, by any register."""
        rows = self.of_number[number]
        statuses = [
            (row["since"] or row["as_of"], row["as_of"], row["file"], bool(row["since"]), row["status"]) for row in rows
        ]
        in_work = (rows[-1]["opened"], rows[-1]["as_of"], 0, True, IN_WORK)
        since, told_on, _, is_dated, status = max((one for one in statuses if one[0] <= day), default=in_work)
        return since, told_on, is_dated, status

    def in_work(self, day: date) -> list[Case]:
        return [case for case in self.stock(day) if case.group == "in_work"]

    def of_period(self, period: Span) -> list[Case]:
        """Cases that were open at some time in the period, as they stood on its day."""
        stock = self.stock(self.day(period))
        return [case for case in stock if case.group == "in_work" or case.since >= period.first]

    def _places(self, period: Span, registers: str = "registers") -> dict[Place, bool]:
        # A case stays as it was told; of steps each municipality tells for itself.
        can_tell = cache(partial(getattr(self, registers).can_tell, of_oblast=registers == "registers"))
        return {place: can_tell(place[0], period) for place in self.known.open_in(period)}

    def counted(
        self, period: Span, cases: Iterable[Case], is_counted: Callable[[Case], bool], rejected: bool | None = None
    ) -> Rows:
        """Cases by place; `rejected` says whether the lines that were not accepted are counted or only in the whole."""
        rows = [(case.place, is_counted(case), 1) for case in cases]
        if rejected is not None:
            rows += [((line["municipality"], ""), rejected, 1) for line in self._rejected(self.day(period))]
        return added(self.places(period), rows)

    def _rejected(self, day: date) -> list[Row]:
        """Lines that were not accepted and are of no other case, as cases: opened by a day and not left since."""
        rows = self._register_rows[~self._is_accepted]
        rows = rows[~rows["case"].isin(self.of_number) & (rows["opened"] <= day)]
        stand = [
            row["as_of"] > day or self.registers.before(row["municipality"], day) == row["file"]
            for row in rows.to_dict("records")
        ]
        return rows[stand].drop_duplicates("case").to_dict("records")

    def _children(
        self, period: Span, cases: Iterable[Case], is_counted: Callable[[Case], bool], is_total: bool
    ) -> Rows:
        """Each child once, where its newest case is, of those in work if it has any; a case without an identifier is
        a child of its own."""
        newest: dict[str, Case] = {}
        for case in sorted(cases, key=lambda case: (case.group == "in_work", case.opened, case.number)):
            newest[case.child or f"случай {case.number}"] = case
        return self.counted(period, newest.values(), is_counted, is_total)

    def answers(self, period: Span) -> dict[str, Rows]:
        """Metric → its rows."""
        cases = self.of_period(period)
        groups = dict.fromkeys(STATUS_GROUPS.values())
        by_group = {
            f"cases_{group}": self.counted(period, cases, lambda case, group=group: case.group == group, False)
            for group in groups
        }
        by_reason = {
            f"cases_by_reason_{code}": self.counted(period, cases, lambda case, code=code: case.reason == code)
            for code in dict.fromkeys(REASONS.values())
            if code
        }
        return {
            **by_group,
            **by_reason,
            "cases_total": self.counted(period, cases, lambda case: True, True),
            "cases_rejected": self.counted(period, cases, lambda case: False, True),
            "children_in_work": self._children(period, cases, lambda case: case.group == "in_work", False),
            "children_total": self._children(period, cases, lambda case: True, True),
            "cases_without_reason": self.counted(period, cases, lambda case: case.reason is None),
            **self._of_steps(period),
        }

    def _of_steps(self, period: Span) -> dict[str, Rows]:
        places = self.places(period, "step_registers")
        last = self.known.last_day(period)
        done = [step for step in self.steps if period.first <= step["day"] <= last]
        answers = {}
        for kind in KINDS:
            of_kind = [step for step in done if step["kind"] == kind]
            in_cases = {(step["place"], step["case"]) for step in of_kind}
            name = NAMED_STEPS.get(kind, f"steps_{kind}")
            answers[name] = added(places, ((step["place"], 1, 1) for step in of_kind))
            answers[f"cases_with_{kind}"] = added(places, ((place, 1, 1) for place, _ in in_cases))
        studied = {step["case"]: step["day"] for step in self._newest_first("study")}
        visits = [step for step in done if step["kind"] == "visit"]
        answers["visits_after_study"] = added(
            places, ((step["place"], studied.get(step["case"], date.max) <= step["day"], 1) for step in visits)
        )
        for owner in OWNERS:
            taking_part = ((step["place"], owner in institutions_of(step), 1) for step in done)
            answers[f"steps_with_{owner}"] = added(places, taking_part)
        return answers | self._of_visits(visits, places, last)

    def _of_visits(self, visits: list[Row], places: Mapping[Place, bool], last: date) -> dict[str, Rows]:
        """What came of the visits in cases: whether anybody was reached at one, whether the child came back since the
        first of them."""
        of_case: dict[str, list[Row]] = defaultdict(list)
        for visit in sorted(visits, key=lambda visit: visit["day"]):
            of_case[visit["case"]].append(visit)
        ends = {case.number: case for case in self.stock(last)}
        reached, back = [], []
        for number, of_this in of_case.items():
            place, contacts = of_this[0]["place"], [visit["contact"] for visit in of_this]
            if any(contacts):
                reached.append((place, any(contact in REACHED for contact in contacts), 1))
            end = ends.get(number)
            if end and (end.group != "returned" or end.is_dated):
                back.append((place, end.group == "returned" and end.since >= of_this[0]["day"], 1))
        return {"cases_reached_at_visit": added(places, reached), "cases_returned_after_visit": added(places, back)}

    def _newest_first(self, kind: str) -> list[Row]:
        of_kind = [step for step in self.steps if step["kind"] == kind]
        return sorted(of_kind, key=lambda step: step["day"], reverse=True)


def institutions_of(row: Row) -> set[str]:
    """Who took part in a step or a round."""
    return {INSTITUTIONS[name] for name in row["institutions"]}
