"""What stops for confirmation: a file that is probably not what its sender meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.before import Live, before, by_part
from obhvat.ingest.judging.doubled import doubled_classes, doubled_words
from obhvat.ingest.judging.erased import erased_again, erased_words
from obhvat.ingest.judging.same_child import cases_of_one_child, several_cases_words
from obhvat.ingest.knowing.reference import LiveSlice, Reference
from obhvat.language import _
from obhvat.layouts import layout, layout_title
from obhvat.people.forgetting import kind_of
from obhvat.people.keeping import Through
from obhvat.periods import Period, month_label, month_of, next_month, school_year_of_month
from obhvat.store.history import SlicePart
from obhvat.texts import counted, day, listed, moment, number

_SHRINK = 0.9
_FEW = 5
_LISTED = 5


@dataclass(frozen=True)
class Doubt:
    """One reason to stop: its code, and what says the sentence to confirm."""

    code: str
    say: Callable[[], str]

    @property
    def text(self) -> str:
        """The sentence in the language of who is looking. It is kept with a commit, in Bulgarian."""
        return self.say()


def doubts_of(
    tables: Sequence[Checked],
    staging: Staging,
    reference: Reference,
    live: Mapping[str, Sequence[LiveSlice]],
    today: date,
) -> dict[int, tuple[Doubt, ...]]:
    """By file: what must be confirmed before it is committed (DESIGN §2 «Batches»).

    `live` is what stands in the store, by dataset.
    """
    loaded = reference.loaded_at([_hash(t) for t in tables])
    datasets = {t.dataset.name: t.dataset for t in tables}.values()
    erased = erased_again(datasets, staging, reference.store.key, reference.erased) if reference.store else {}
    rows_of = {name: by_part(slices, lambda part: part.n_rows) for name, slices in live.items()}
    absences = [t for t in tables if t.dataset.name == "absences"]
    expected = _expected_months(absences, live.get("absences", []))
    same_slice = _same_slice(tables)
    # A class of fewer is never said to be doubled.
    is_long = any(t.rows_stored >= _FEW for t in absences)
    doubled = doubled_classes(absences, staging, reference, live["absences"]) if is_long else {}
    registers = [t for t in tables if t.dataset.name == "cases"]
    same_child = cases_of_one_child(registers, staging, reference) if registers else {}
    dropped_months = Counter(t.months[0] for t in absences if len(t.months) == 1)
    doubts = {}
    for table in tables:
        of_table = [
            *_declared_empty(table),
            *_loaded_before(table, loaded),
            *_without_register(table, reference),
            *_of_forgotten_years(table, reference.forgotten),
            *_against_name(table),
            *_known_by_name(table),
            *_of_returned(table, reference),
            *_against_live(table, rows_of[table.dataset.name]),
        ]
        if table.dataset.name == "absences":
            of_table += _against_expected(table, expected, today)
            if not any(d.code == "other_month" for d in of_table):
                of_table += _against_drop(table, dropped_months)
        if table.file_no in same_child:
            of_table.append(Doubt("same_child", partial(several_cases_words, same_child[table.file_no])))
        if table.file_no in erased:
            of_table.append(Doubt("erased", partial(erased_words, erased[table.file_no])))
        of_table += same_slice.get(table.file_no, ())
        if table.dataset.name == "absences" and table.file_no in doubled:
            of_table.append(Doubt("doubled", partial(doubled_words, doubled[table.file_no])))
        doubts[table.file_no] = tuple(of_table)
    return doubts


def _hash(table: Checked) -> str:
    return table.known.recognised.opened.file.file_hash


def _declared_empty(table: Checked) -> list[Doubt]:
    if not table.known.recognised.declared:
        return []
    return [
        Doubt(
            "empty",
            lambda: _("Файлът е празен. Ако училището е подписало декларация „Липсват отсъствия“, потвърдете го."),
        )
    ]


def _loaded_before(table: Checked, loaded: Mapping[str, datetime]) -> list[Doubt]:
    at = loaded.get(_hash(table))
    return [Doubt("same_file", lambda: _("Същият файл вече е качен на {at}.").format(at=moment(at)))] if at else []


def _without_register(table: Checked, reference: Reference) -> list[Doubt]:
    if table.dataset.name == "schools" or not reference.schools.empty:
        return []
    return [
        Doubt(
            "no_register",
            lambda: _("Няма качен регистър на институциите и кодовете не са проверени. Качете първо регистъра."),
        )
    ]


def _of_forgotten_years(table: Checked, forgotten: Mapping[str, Through]) -> list[Doubt]:
    gone = forgotten_years(table.dataset.name, table.slices, forgotten)
    return [Doubt("forgotten", lambda: _forgotten_again(gone, forgotten[kind_of(table.dataset.name)]))] if gone else []


def forgotten_years(dataset: str, parts: Sequence[SlicePart], forgotten: Mapping[str, Through]) -> list[int]:
    """The school years of a file whose rows were deleted: it would bring them back."""
    kind = kind_of(dataset)
    if kind not in forgotten:
        return []
    to = forgotten[kind].school_year
    last = Period(to, "year").last
    # Files of months and lists of September are of the school year that begins.
    years = {school_year_of_month(part.period) for part in parts if kind == "children" or part.period <= last}
    return sorted(year for year in years if year <= to)


def _forgotten_again(years: Sequence[int], of: Through) -> str:
    return _(
        "Данните за {years} са заличени с изтекъл срок на {day}. Записани отново, те пак ще са с изтекъл срок, а "
        "числата за годината няма да се покажат."
    ).format(years=listed(Period(year, "year").label for year in years), day=day(of.at))


def _known_by_name(table: Checked) -> list[Doubt]:
    if not table.matched_schools:
        return []

    def say() -> str:
        return _("Институции без код са познати по име и място: {schools}. Потвърдете, че са същите.").format(
            schools=_some([_match_words(*match) for match in table.matched_schools])
        )

    return [Doubt("schools_by_name", say)]


def _match_words(said: str, name: str, code: str) -> str:
    return _("„{said}“ е {name} ({code})").format(said=said, name=name, code=code)


def _some(items: Sequence[str]) -> str:
    """„а, б и в“; of more than are named „а, б и в и още 4“."""
    named = listed(items[:_LISTED])
    more = len(items) - _LISTED
    return _("{named} и още {more}").format(named=named, more=more) if more > 0 else named


def _of_returned(table: Checked, reference: Reference) -> list[Doubt]:
    returned, joined = table.known.recognised.opened.returned, table.joined
    if returned is None or reference.store is None:
        return []
    if joined is None and not returned.is_whole:
        return [
            Doubt(
                "returned_alone",
                lambda: _(
                    "Това са поправени редове, но първият ред със знака на файла липсва и не се познава към кой файл "
                    "са. Потвърдете само ако тук са всички редове: другите за същото ще отпаднат."
                ),
            )
        ]
    if joined and (n := joined.n_same_key):
        return [
            Doubt(
                "returned_same_key",
                lambda: _("Поправените редове заменят и {rows} от приетите, които са със същия ключ.").format(
                    rows=counted(n, "ред")
                ),
            )
        ]
    return []


def _against_name(table: Checked) -> list[Doubt]:
    """The national file's name says school and month; a content of another school is somebody's mistake."""
    form = table.known.recognition.layout
    if layout_title(form) is None:
        return []
    in_name = layout(form).from_file_name(table.known.recognised.opened.file.name)
    if not in_name or not table.school_codes:
        return []
    doubts = []
    if in_name["school"].lstrip("0") not in table.school_codes:
        doubts.append(
            Doubt(
                "other_school",
                lambda: _("Името на файла е за институция {school}, а редовете са за {schools}.").format(
                    school=in_name["school"], schools=listed(table.school_codes)
                ),
            )
        )
    month = date(int(in_name["school_year"]) + (int(in_name["month"]) < 9), int(in_name["month"]), 1)
    if month not in table.months:
        doubts.append(
            Doubt(
                "other_month",
                lambda: _("Името на файла е за {month}, а редовете са за {months}").format(
                    month=month_label(month), months=listed(map(month_label, table.months))
                ),
            )
        )
    return doubts


def _against_live(table: Checked, live: Live) -> list[Doubt]:
    """A slice that shrinks by more than a tenth; for registers and lists, against the newest before it."""
    shrunk: list[tuple[SlicePart, int]] = []
    for row in table.slices:
        was = before(table, row, live) or 0
        if was >= _FEW and row.n_rows < _SHRINK * was:
            shrunk.append((row, was))
    if not shrunk:
        return []

    def say() -> str:
        return _(
            "Редовете намаляват с повече от една десета спрямо качените ({shrunk}). Проверете дали файлът е пълен."
        ).format(shrunk=_some([f"{_where(row)}: {number(was)} → {number(row.n_rows)}" for row, was in shrunk]))

    return [Doubt("shrinks", say)]


def _where(row: SlicePart) -> str:
    if row.municipality:
        return row.municipality
    return _("институция {code}").format(code=row.school) if row.school else _period_words(row.period)


def _period_words(period: date) -> str:
    if period.year == 1900:
        return _("целият регистър")
    return month_label(period) if period.day == 1 else day(period)


def _expected_months(tables: Sequence[Checked], live: Sequence[LiveSlice]) -> dict[str, date]:
    """Of each school the first month after its newest one that the drop does not bring, too; of new schools the month
    most files of the drop are for."""
    newest: dict[str, date] = {}
    for part in live:
        newest[part.school] = max(part.period, newest.get(part.school, part.period))
    expected = {school: _after(period) for school, period in newest.items()}
    brought = {(part.school, part.period) for t in tables for part in t.slices}
    for school, month in expected.items():
        while (school, month) in brought:
            month = _after(month)
        expected[school] = month
    singles = [t for t in tables if len(t.months) == 1]
    months = Counter(t.months[0] for t in singles)
    if len(singles) >= 3:
        most, count = months.most_common(1)[0]
        if count >= 2 / 3 * len(singles):
            for table in singles:
                for code in table.school_codes:
                    expected.setdefault(code, most)
    return expected


def _after(month: date) -> date:
    """The next month with lessons."""
    following = next_month(month)
    return following.replace(month=9) if following.month in (7, 8) else following


def _against_expected(table: Checked, expected: Mapping[str, date], today: date) -> list[Doubt]:
    doubts = []
    for row in table.slices:
        if row.period == month_of(today):
            doubts.append(Doubt("unfinished_month", partial(_unfinished, row.period)))
        wanted = expected.get(row.school)
        if wanted and row.period > wanted:
            doubts.append(Doubt("unexpected_month", partial(_unexpected, row, wanted)))
    return doubts


def _unfinished(month: date) -> str:
    return _("{month} още не е приключил.").format(month=month_label(month).capitalize())


def _unexpected(row: SlicePart, wanted: date) -> str:
    return _("Файлът е за {month}, а от институция {school} се очаква {wanted}").format(
        month=month_label(row.period), school=row.school, wanted=month_label(wanted)
    )


def _against_drop(table: Checked, months: Counter[date]) -> list[Doubt]:
    """A month of another year among files of one month: somebody sent an old file. `months` of the whole drop."""
    most, count = months.most_common(1)[0] if months else (None, 0)
    if most is None or count < _FEW or count < 2 / 3 * months.total() or len(table.months) != 1:
        return []
    month = table.months[0]
    if month.month != most.month or month.year == most.year:
        return []
    return [Doubt("other_year", partial(_other_year, most, month))]


def _other_year(most: date, month: date) -> str:
    return _("Останалите файлове са за {most}, а този е за {month}").format(
        most=month_label(most), month=month_label(month)
    )


def _same_slice(tables: Sequence[Checked]) -> dict[int, list[Doubt]]:
    """Two files of one drop for the same part of the store: the later would silently win."""
    first: dict[tuple[object, ...], Checked] = {}
    doubts: dict[int, list[Doubt]] = {}
    for table in tables:
        for row in table.slices:
            key = (table.dataset.name, row.school, row.municipality, row.period, row.label)
            other = first.setdefault(key, table)
            if other is not table and table.file_no not in doubts:
                title = other.known.recognised.opened.title
                doubts[table.file_no] = [Doubt("same_slice", partial(_same_words, title))]
    return doubts


def _same_words(title: str) -> str:
    return _("За същото има и друг файл: „{title}“. Ще остане последният.").format(title=title)
