"""What a newer register leaves out, and what its sender is asked about that: whose register it is, and whether the
steps that are not in it were withdrawn.

Nobody's old case stays or vanishes without a word. The answers are kept with the batch: of the first as slices without
rows, of the second as the code `withdrawn_steps`, which the view of the steps reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from obhvat.datasets import Field, Value
from obhvat.ingest.answers import NO_ANSWERS, FileAnswers, Question
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.ingest.knowing.senders import is_limited
from obhvat.language import _, ngettext
from obhvat.store.history import SlicePart
from obhvat.texts import counted, listed

WHOSE, LEFT_OUT_STEPS = "register_of", "left_out_steps"
"""What a person's answer is given for."""
WITHDRAWN = "withdrawn_steps"
"""The code of a batch whose sender said that the steps it leaves out were withdrawn."""

_IN_WORK = """
select municipality, count(*) as n
from case_rows($known_at, $day)
where status_group = 'in_work'
group by municipality
"""
_STEPS = """
select municipality, case_number, date, kind, n
from uploaded_steps($known_at, date '9999-12-31')
where period < $day and case_number in (select unnest($numbers::varchar[]))
"""
_STAGED_STEPS = """
select distinct coalesce(municipality, '') as municipality, case_number, date, kind, n
from staged_actions
where file_no = $file_no
"""
_KEY = ["case_number", "date", "kind", "n"]


@dataclass(frozen=True)
class LeftOut:
    """What is asked about what a register leaves out, and what was answered."""

    questions: tuple[Question, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """To be confirmed as long as nothing is answered."""
    settled: tuple[Doubt, ...] = ()
    """What was answered; kept with the batch."""
    slices: tuple[SlicePart, ...] = ()
    """Registers without rows: of municipalities that have no case in a register of the whole oblast."""


def left_out_of(
    tables: Sequence[Checked],
    staging: Staging,
    reference: Reference,
    live_slices: Mapping[str, Sequence[LiveSlice]],
    told: Mapping[str, FileAnswers],
) -> dict[int, LeftOut]:
    """By file: what is asked of the registers of cases and of steps among the tables of one upload. `live_slices` are
    those of the store, by dataset."""
    if reference.store is None:
        return {}
    asked = {}
    for table in tables:
        title = table.known.recognised.opened.title
        answers = {**told.get("", NO_ANSWERS).given, **told.get(title, NO_ANSWERS).given}
        if table.dataset.name == "cases":
            if is_limited(reference.sender):
                # It is of its sender's municipality; what is in work in others is not for that sender to know.
                continue
            asked[table.file_no] = _of_cases(table, tables, reference, live_slices["cases"], answers.get(WHOSE))
        elif table.dataset.name == "actions" and live_slices["actions"]:
            asked[table.file_no] = _of_steps(table, staging, reference, answers.get(LEFT_OUT_STEPS))
    return asked


def _of_cases(
    table: Checked, tables: Sequence[Checked], reference: Reference, live: Sequence[LiveSlice], answer: str | None
) -> LeftOut:
    """A register of the oblast, or of its municipalities only, where the registers before it had several together."""
    if not table.slices:
        return LeftOut()
    day, told = max(table.months), {part.municipality for part in table.slices}
    others = [part.municipality for t in tables if t is not table and t.dataset.name == "cases" for part in t.slices]
    newest: dict[str, date] = {}
    of_batch: dict[int, set[str]] = defaultdict(set)
    live = [part for part in live if part.period < day]
    for part in live:
        newest[part.municipality] = max(part.period, newest.get(part.municipality, part.period))
        of_batch[part.batch_id].add(part.municipality)
    older = {p.municipality for p in live if p.period == newest[p.municipality] and len(of_batch[p.batch_id]) > 1}
    missing = sorted(older - told - set(others))
    # The question of what is in work is a large one: it is asked of the few registers that leave places out.
    in_work = _in_work(reference, day) if missing else {}
    waiting = {place: in_work[place] for place in missing if place in in_work}
    if not waiting:
        return LeftOut()
    of_oblast = Value("oblast", _("цялата област"))
    of_part = Value("part", _("само на {ours}").format(ours=_municipalities(told)))
    field = Field(WHOSE, _("Чий е регистърът"), "enum", values=(of_oblast, of_part))
    question = Question(field, answer, answer is not None)
    if answer == of_oblast.code:
        silent = sorted({*reference.municipalities().values(), *missing} - told - set(others))
        empty = tuple(SlicePart("", place, day, "", 0) for place in silent)
        return LeftOut((question,), settled=(Doubt("whole_register", partial(_whole, waiting)),), slices=empty)
    if answer == of_part.code:
        return LeftOut((question,), settled=(Doubt("part_of_register", partial(_part, told, waiting)),))
    return LeftOut((question,), (Doubt("whose_register", partial(_whose, told, waiting)),))


def _whole(waiting: Mapping[str, int]) -> str:
    return _("Регистърът е на цялата област: случаите в работа на {places} са отпаднали от него.").format(
        places=_places(waiting)
    )


def _part(told: Collection[str], waiting: Mapping[str, int]) -> str:
    return _("Регистърът е само на {ours}: случаите в работа на {places} остават.").format(
        ours=_municipalities(told), places=_places(waiting)
    )


def _whose(told: Collection[str], waiting: Mapping[str, int]) -> str:
    return _(
        "Това е регистърът на цялата област или само на {ours}? По-старият регистър има случаи в работа и на "
        "{places}; без отговор те остават в работа."
    ).format(ours=_municipalities(told), places=_places(waiting))


def _places(waiting: Mapping[str, int]) -> str:
    return listed(f"{place} ({counted(n, 'случай')})" for place, n in waiting.items())


def _municipalities(names: Collection[str]) -> str:
    return ngettext("община {names}", "общините {names}", len(names)).format(names=listed(sorted(names)))


def _in_work(reference: Reference, day: date) -> dict[str, int]:
    assert reference.store is not None
    return dict(reference.store.rows(_IN_WORK, {"known_at": reference.known_at, "day": day}))


def _of_steps(table: Checked, staging: Staging, reference: Reference, answer: str | None) -> LeftOut:
    """Steps that older registers have in the cases that this one tells of, and this one has not."""
    if not table.slices:
        return LeftOut()
    assert reference.store is not None
    steps = staging.read(_STAGED_STEPS, {"file_no": table.file_no})
    asked = {"known_at": reference.known_at, "day": max(table.months), "numbers": sorted(set(steps["case_number"]))}
    older = reference.store.read(_STEPS, asked).fillna({"municipality": ""})
    older = older[older["municipality"].isin(steps["municipality"])]
    both = older.merge(steps[_KEY], on=_KEY, how="left", indicator=True)
    missing = both[both["_merge"] == "left_only"]
    if missing.empty:
        return LeftOut()
    about = len(missing), missing["case_number"].nunique()
    stay, withdrawn = Value("not_repeated", _("само не са повторени")), Value("withdrawn", _("оттеглени са"))
    field = Field(LEFT_OUT_STEPS, _("Действията, които липсват"), "enum", values=(stay, withdrawn))
    question = Question(field, answer or stay.code, answer is not None)
    if answer == withdrawn.code:
        return LeftOut((question,), settled=(Doubt(WITHDRAWN, partial(_withdrawn, *about)),))
    if answer == stay.code:
        return LeftOut((question,), settled=(Doubt("not_repeated_steps", partial(_not_repeated, *about)),))
    return LeftOut((question,), (Doubt("left_out_steps", partial(_left_out, *about)),))


def _withdrawn(steps: int, cases: int) -> str:
    return _("Оттеглени: {how_many}.").format(how_many=_how_many(steps, cases))


def _not_repeated(steps: int, cases: int) -> str:
    return _("Не са повторени и остават: {how_many}.").format(how_many=_how_many(steps, cases))


def _left_out(steps: int, cases: int) -> str:
    return _(
        "Регистърът не повтаря {how_many}. Оттеглени ли са действията, или само не са повторени? Без отговор остават."
    ).format(how_many=_how_many(steps, cases))


def _how_many(steps: int, cases: int) -> str:
    return _("{steps} по {cases} от по-стар регистър").format(
        steps=counted(steps, "действие"), cases=counted(cases, "случай")
    )
