"""The third step: the cells of known tables become checked rows in the staging, and this says how many and of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from obhvat.datasets import Dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.checking.date_order import dates_said
from obhvat.ingest.checking.joining import Joined, join
from obhvat.ingest.checking.named_schools import NamedSchool
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.checking.texts import NAME, SHORT_YEAR
from obhvat.ingest.checking.used_words import UsedWord, taken
from obhvat.ingest.knowing.known import Known
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.reading.opened import Refused
from obhvat.language import B_, N_, _
from obhvat.periods import next_month
from obhvat.store.history import SlicePart
from obhvat.texts import counted, listed, number


@dataclass(frozen=True)
class Checked:
    """A table whose rows are in the staging, with what they add up to."""

    known: Known
    rows_read: int = 0
    rows_good: int = 0
    rows_stored: int = 0
    """Rows of the store the good ones become: a line of exam results becomes one a subject."""
    slices: tuple[SlicePart, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that are not data, with what they are."""
    unclear_schools: tuple[NamedSchool, ...] = ()
    """Institutions that a person must point out."""
    matched_schools: tuple[tuple[str, str, str], ...] = ()
    """Institutions known by name and place: what the file says, the name and the code."""
    words: tuple[UsedWord, ...] = ()
    """Words of lists that are written otherwise than the list has them."""
    oblasts: tuple[str, ...] = ()
    """To choose from when a register holds several."""
    rows_elsewhere: int = 0
    """Rows of other oblasts, beside those read."""
    notes: tuple[str, ...] = ()
    joined: Joined | None = None
    """The file whose corrected rows these are."""

    @property
    def file_no(self) -> int:
        return self.known.file_no

    @property
    def dataset(self) -> Dataset:
        return self.known.dataset

    @property
    def months(self) -> list[date]:
        """The months or dates of its slices, in order."""
        return sorted({part.period for part in self.slices})

    @property
    def school_codes(self) -> list[str]:
        return sorted({part.school for part in self.slices if part.school})


def check(
    tables: Sequence[Known],
    staging: Staging,
    reference: Reference,
    aliases: Mapping[str, str],
    oblast: str | None,
) -> list[Checked | Refused[Checked]]:
    """Read and check the tables of one dataset, those of one form together.

    `aliases` is what a person said that words and unclear institutions mean; `oblast` chooses from a register of
    several.
    """
    groups: dict[object, list[Known]] = defaultdict(list)
    checked: list[Checked | Refused[Checked]] = []
    for known in tables:
        if known.recognised.declared:
            # Nothing to read, and nothing is wrong with that.
            checked.append(Checked(known, slices=(known.recognised.declared,)))
            continue
        # A long file can turn out unreadable halfway, so it is read apart from the others.
        alone = known.file_no if known.table.further else None
        form = known.recognition
        groups[(form.columns, form.of_parts, form.layout, tuple(sorted(known.given)), alone)].append(known)
    for group in groups.values():
        try:
            of_group = _read(group, staging, reference, aliases)
        except UnreadableFile as error:
            for known in group:
                staging.forget(known.dataset, known.file_no)
            checked += [Refused(Checked(known, left_out=known.table.left_out), str(error)) for known in group]
            continue
        if group[0].dataset.name == "schools":
            checked += [_of_one_oblast(table, staging, oblast) for table in of_group]
        else:
            checked += of_group
    return _counted(checked, staging, reference)


def _read(tables: Sequence[Known], staging: Staging, reference: Reference, aliases: Mapping[str, str]) -> list[Checked]:
    """Tables of one form. Raises UnreadableFile when a later piece of a long file cannot be read."""
    outcome = staging.add(tables, aliases)
    of_file: dict[int, list[NamedSchool]] = defaultdict(list)
    for school in outcome.schools:
        of_file[school.file_no].append(school)
    words_of_file: dict[int, list[UsedWord]] = defaultdict(list)
    for word in outcome.words:
        words_of_file[word.file_no].append(word)
    checked = []
    for known in tables:
        schools, words = of_file[known.file_no], tuple(words_of_file[known.file_no])
        left_out = (*known.table.left_out, *outcome.left_out.get(known.file_no, ()))
        checked.append(
            Checked(
                known,
                left_out=tuple(sorted(left_out)),
                unclear_schools=tuple(s for s in schools if s.match.code is None),
                matched_schools=tuple(_matched(s, reference) for s in schools if s.match.by_name),
                words=words,
                notes=(
                    *taken(words),
                    *dates_said(outcome.dates, known.file_no),
                    *_of_changed(known, outcome.changed),
                ),
            )
        )
    return checked


def _of_changed(known: Known, n_cells: Mapping[tuple[int, str], int]) -> tuple[str, ...]:
    """What is said of names of people that were found in texts and in the file's name, and of years that were short."""
    notes = []
    if n := n_cells.get((known.file_no, NAME), 0):
        notes.append(_("Имена на хора са заменени с „[име]“ в {n}.").format(n=counted(n, "клетка")))
    if n := n_cells.get((known.file_no, SHORT_YEAR), 0):
        notes.append(
            _("Годината е с две цифри в {n} и е прочетена като 20.., например „25“ като 2025.").format(
                n=counted(n, "клетка")
            )
        )
    if B_("[име]") in known.recognised.opened.title:
        notes.append(_("Името на човек в името на файла или на листа е заменено с „[име]“."))
    return tuple(notes)


def _matched(school: NamedSchool, reference: Reference) -> tuple[str, str, str]:
    name = reference.schools.loc[reference.schools["code"] == school.match.code, "name"].iloc[0]
    return school.words, name, school.match.code or ""


def _of_one_oblast(checked: Checked, staging: Staging, oblast: str | None) -> Checked | Refused[Checked]:
    """Of a register of several oblasts keep one; without a choice the register is refused until it is made."""
    file_no = checked.file_no
    oblasts = sorted(staging.different("schools", "oblast", file_no))
    if len(oblasts) < 2:
        return checked
    chosen = next((o for o in oblasts if oblast and o.casefold() == oblast.casefold()), None)
    n_rows = _n_rows(staging, file_no)
    staging.keep_oblast(checked.dataset, file_no, chosen, checked.known.recognition.index_of("oblast"))
    elsewhere = n_rows - _n_rows(staging, file_no) if chosen else 0
    checked = replace(checked, oblasts=tuple(oblasts), rows_elsewhere=elsewhere)
    if chosen is None:
        return Refused(
            checked,
            _("Регистърът е за {oblasts}. Изберете коя да се качи.").format(oblasts=counted(len(oblasts), "област")),
        )
    return replace(
        checked, notes=(_("От {oblasts} области се качва {chosen}.").format(oblasts=len(oblasts), chosen=chosen),)
    )


def _n_rows(staging: Staging, file_no: int) -> int:
    counts = """
    select
        (select count(*) from staged_schools where file_no = $file_no)
        + (select count(*) from bad_rows where file_no = $file_no)
    """
    [(n,)] = staging.rows(counts, {"file_no": file_no})
    return n


def _counted(
    tables: Sequence[Checked | Refused[Checked]], staging: Staging, reference: Reference
) -> list[Checked | Refused[Checked]]:
    """The same with their rows and slices, and refused when no row is good."""
    datasets = {t.dataset.name: t.dataset for t in tables if isinstance(t, Checked)}
    if not datasets:
        return list(tables)
    [dataset] = datasets.values()
    joined = [table if isinstance(table, Refused) else _joined(table, staging, reference) for table in tables]
    slices, n_bad = staging.slices(dataset), staging.bad_counts()
    good_lines = _good_lines(dataset, staging) if dataset.name in staging.in_parts else {}
    without_mean = _without_mean(staging) if dataset.name == "results" else {}
    done: list[Checked | Refused[Checked]] = []
    for table in joined:
        if isinstance(table, Refused) or table.known.recognised.declared:
            done.append(table)
            continue
        n_stored = sum(part.n_rows for part in slices[table.file_no])
        n_good = good_lines.get(table.file_no, n_stored)
        silent = table.joined.silent if table.joined else _silent(dataset, slices[table.file_no], reference)
        table = replace(
            table,
            rows_read=n_good + n_bad.get(table.file_no, 0),
            rows_good=n_good,
            rows_stored=n_stored,
            rows_elsewhere=table.rows_elsewhere + sum(what == "other_oblast" for _unused, what in table.left_out),
            slices=(*slices[table.file_no], *silent),
            notes=(*table.notes, *_notes(table), *without_mean.get(table.file_no, ())),
        )
        if not n_good and (day := _waits_since(table, staging)):
            table = replace(table, slices=(SlicePart("", "", day, "", 0),))
            done.append(table)
            continue
        why = _("Няма нито един годен ред. Вижте причините и върнете файла на подателя.")
        done.append(table if n_good else Refused(table, why))
    return done


def _waits_since(table: Checked, staging: Staging) -> date | None:
    """The day of a file of steps none of which is good, but some wait for nothing but their case."""
    if table.dataset.name != "actions":
        return None
    column = table.known.recognition.index_of("as_of")
    [(day,)] = staging.rows(
        f"""
        select max(to_date({"$given" if column is None else "cells[$column]"}))
        from bad_rows
        where file_no = $file_no and len(list_filter(faults, lambda fault: fault.rule <> 'case')) = 0
        """,
        {"file_no": table.file_no}
        | ({"given": table.known.given.get("as_of")} if column is None else {"column": column + 1}),
    )
    return day


def _joined(table: Checked, staging: Staging, reference: Reference) -> Checked | Refused[Checked]:
    if table.known.recognised.opened.returned is None:
        return table
    try:
        parts = staging.slices(table.dataset)[table.file_no]
        return replace(table, joined=join(table.known, parts, staging, reference) if parts else None)
    except UnreadableFile as error:
        return Refused(table, str(error))


def _good_lines(dataset: Dataset, staging: Staging) -> dict[int, int]:
    """By file: lines that are good, where a line becomes several rows of the store."""
    return dict(staging.rows(f"select file_no, count(distinct line) from staged_{dataset.name} group by file_no"))


def _without_mean(staging: Staging) -> dict[int, tuple[str]]:
    """By file: what is said of results that have pupils and no mean of them."""
    counts = staging.rows(
        "select file_no, count(*) from staged_results where examined > 0 and average is null group by file_no"
    )
    return {
        no: (_("Без среден успех, макар че има явили се: {n} (нула, тире или думи).").format(n=counted(n, "резултат")),)
        for no, n in counts
    }


def _silent(dataset: Dataset, slices: list[SlicePart], reference: Reference) -> list[SlicePart]:
    """The slices a file replaces by its silence (see datasets.Slice), beside those it has rows for."""
    silent: list[SlicePart] = []
    named = {part.municipality for part in slices}
    if dataset.slice.register and len(named) > 1:
        last = max(part.period for part in slices)
        missing = sorted(set(reference.municipalities().values()) - named)
        silent = [SlicePart("", m, last, "", 0) for m in missing]
    if dataset.slice.span and slices:
        months = {part.period for part in slices}
        month = min(months)
        while month < max(months):
            month = next_month(month)
            if month not in months:
                silent.append(SlicePart("", "", month, "", 0))
    return silent


_NOT_DATA = {
    "title": N_("заглавие"),
    "numbering": N_("номерация"),
    "repeated": N_("повторено заглавие"),
    "total": N_("сбор"),
    "footnote": N_("бележка"),
    "trailer": N_("последен ред на формата"),
    "no_results": N_("без нито един резултат"),
    "office": N_("РУО, не училище"),
}
_LINES_NAMED = 12


def _notes(table: Checked) -> list[str]:
    """Which columns and lines were left out, and why."""
    notes = []
    columns = table.known.recognition.columns
    for words, captions in (
        (N_("Лични данни, които не се записват"), [c.caption for c in columns if c.use == "personal" and c.caption]),
        (N_("Прилича на ЕГН и не се записва"), [c.caption for c in columns if c.looks_like_id]),
        (N_("Колони, които не се ползват"), [c.caption for c in columns if c.use == "unused" and c.caption]),
    ):
        if captions:
            notes.append(f"{_(words)}: {listed(f'„{c}“' for c in captions)}.")
    for what, word in _NOT_DATA.items() if table.left_out else ():
        lines = [str(line) for line, why in table.left_out if why == what]
        if lines:
            more = _(" и още {n}").format(n=number(len(lines) - _LINES_NAMED)) if len(lines) > _LINES_NAMED else ""
            named = f"{', '.join(lines[:_LINES_NAMED])}{more}" if more else listed(lines)
            notes.append(_("Не е данни ({what}): ред {lines}.").format(what=_(word), lines=named))
    return notes
