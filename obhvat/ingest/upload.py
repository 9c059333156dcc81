"""An upload: the files of one drop, taken through the steps together, and what a person needs to decide about each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from time import monotonic

import pandas as pd

from obhvat.datasets import NAMES, Dataset, dataset
from obhvat.events import happened
from obhvat.ingest.answers import FileAnswers
from obhvat.ingest.checking.checked import Checked, check
from obhvat.ingest.checking.rejected import Complaint, complaints, fault_reasons, rejected_table
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.checking.waiting import waiting_steps
from obhvat.ingest.judging.judged import judge
from obhvat.ingest.knowing.known import Known, Recognised, know, recognise_file
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.senders import Sender, are_own, may_bring
from obhvat.ingest.reading.archive import unpacked
from obhvat.ingest.reading.opened import Refused, open_file
from obhvat.ingest.reading.packed import give_back_memory
from obhvat.ingest.reading.parted import together
from obhvat.ingest.reading.returned import title_line
from obhvat.ingest.reading.source import Source
from obhvat.ingest.report import FileReport, Step, report_of
from obhvat.language import B_, BULGARIAN, _, speaking
from obhvat.store import Store
from obhvat.store.pseudonyms import throwaway_key

_MANY_ROWS = 100_000
# What Windows keeps out of the name of a file; a sheet may have it in its own.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


class Upload:
    """The files of one drop, staged. Close it when done: what it holds is in memory only."""

    def __init__(
        self,
        sources: Sequence[Source],
        reference: Reference,
        staging: Staging,
        files: list[FileReport],
        aliases: Mapping[str, str],
    ) -> None:
        self.sources = sources
        self.aliases = aliases
        """What a person said that words and unclear institutions mean, in this upload."""
        self.reference = reference
        self.staging = staging
        self.files = files

    def close(self) -> None:
        """Whoever still holds this, as a button of a page does until it is drawn again, holds nothing of the files."""
        self.sources = []
        self.staging.close()
        if sum(f.rows_read for f in self.files) > _MANY_ROWS:
            give_back_memory()

    def datasets_of(self, file_nos: Iterable[int]) -> list[Dataset]:
        """Datasets of the chosen files, in the order they are committed."""
        wanted = set(file_nos)
        chosen = {f.dataset.name for f in self.files if f.dataset and f.file_no in wanted}
        return [dataset(name) for name in NAMES if name in chosen]

    def rejected(self, file_no: int, limit: int | None = None) -> pd.DataFrame:
        """Rows that were not accepted: columns line, column, value, rule, reason; one row a fault."""
        report = self.files[file_no]
        if report.dataset is None or not report.rows_rejected:
            return pd.DataFrame(columns=["line", "column", "value", "rule", "reason"])
        faults = self.staging.read(
            f"""
            select line, fault.field, fault.rule, fault.value, fault."limit"
            from (select line, unnest(faults) as fault from bad_rows where file_no = $file_no)
            order by line
            {"" if limit is None else f"limit {int(limit)}"}
            """,
            {"file_no": file_no},
        )
        return fault_reasons(report.dataset, faults)

    @speaking(BULGARIAN)
    def rejected_rows(self, file_no: int) -> pd.DataFrame:
        """The same rows for the school: line, the cells under their captions, and the reasons in the last column."""
        report = self.files[file_no]
        reasons = self.rejected(file_no).groupby("line", sort=True)["reason"].agg(" ".join).to_dict()
        rows = self.staging.read(
            "select line, cells from bad_rows where file_no = $file_no order by line", {"file_no": file_no}
        )
        return rejected_table([c.caption for c in report.columns], rows, reasons)

    def complaints(self, file_no: int) -> list[Complaint]:
        """Why rows were not accepted, each kind once."""
        return complaints(self.rejected(file_no)) if self.files[file_no].rows_rejected else []

    def waiting(self, file_no: int) -> pd.DataFrame:
        """Columns case_number, n: rows with which nothing is wrong but that nobody knows their case."""
        report = self.files[file_no]
        if not report.rows_rejected or report.dataset is None or report.dataset.name != "actions":
            return pd.DataFrame(columns=["case_number", "n"])
        return self.staging.read(
            """
            select faults[1].value as case_number, count(*) as n
            from bad_rows
            where file_no = $file_no and len(list_filter(faults, lambda fault: fault.rule <> 'case')) = 0
            group by case_number
            order by case_number
            """,
            {"file_no": file_no},
        )

    @speaking(BULGARIAN)
    def names_of_rejected(self) -> dict[int, str]:
        """By file, the name of the file with its rows that go back, without a suffix; no two are alike, though two
        sheets come of one file, and files of two folders may have one name."""
        names, alike = {}, Counter()
        for report in self.files:
            if report.rows_rejected:
                parts = (Path(report.name).stem, report.sheet, B_("за-поправка"))
                name = _NOT_IN_NAMES.sub("_", "-".join(filter(None, parts)))
                alike[name.casefold()] += 1
                nth = alike[name.casefold()]
                names[report.file_no] = name if nth == 1 else f"{name}-{nth}"
        return names

    @speaking(BULGARIAN)
    def title_of_rejected(self, file_no: int) -> str:
        """What stands above them in the file that goes back: by it the corrected rows are known."""
        report = self.files[file_no]
        return title_line(report.mark, report.sent_as, report.rows_rejected, report.rows_read, report.given)

    def preview(self, file_no: int, limit: int = 20) -> pd.DataFrame:
        """The first accepted rows as they will be stored, under Bulgarian captions; pseudonyms are left out."""
        report = self.files[file_no]
        if report.dataset is None:
            return pd.DataFrame()
        shown = [f for f in report.dataset.fields if f.stored and f.type != "pupil"]
        rows = self.staging.read(
            f"""
            select line, {", ".join(f.name for f in shown)}
            from staged_{report.dataset.name}
            where file_no = $file_no
            order by line
            limit {int(limit)}
            """,
            {"file_no": file_no},
        )
        for f in shown:
            if f.type in ("date", "month"):
                form = "%d.%m.%Y" if f.type == "date" else "%m.%Y"
                rows[f.name] = [None if v is pd.NaT else f"{v:{form}}" for v in rows[f.name]]
            elif f.type == "enum":
                rows[f.name] = [f.caption_of(v) if isinstance(v, str) else v for v in rows[f.name]]
            elif f.type == "set":
                rows[f.name] = [
                    ", ".join(map(f.caption_of, v)) if isinstance(v, Iterable) else None for v in rows[f.name]
                ]
        return rows.rename(columns={"line": _("Ред"), **{f.name: f.caption for f in shown}})


def read_files(
    sources: Sequence[Source],
    store: Store | None,
    *,
    today: date | None = None,
    oblast: str | None = None,
    told: Mapping[str, FileAnswers] | None = None,
    aliases: Mapping[str, str] | None = None,
    sender: Sender = None,
    progress: Callable[[int, int], None] | None = None,
) -> Upload:
    """Read, recognise and check files; nothing is committed.

    `oblast` chooses from a register of several, or from a table of which nothing else says it; `told` is what a person
    said of files, by title, or by "" of all; `aliases` what is meant where it is unclear (NamedSchool.said,
    UsedWord.said → code); `sender` is who brings them, whose rows may be of one place only; `progress` is told (files
    read, of how many). A file that cannot be read is refused in its report, the others go on.
    """
    begun, today = monotonic(), today or date.today()
    told, aliases = told or {}, aliases or {}
    reference = Reference.of(store, sender)
    key = store.key if store else throwaway_key()
    staging = Staging(key, today)
    sources = together(unpacked(sources))
    steps: list[Step | Refused] = []
    for n, source in enumerate(sources, start=1):
        steps += recognise_file(open_file(source, told, key), reference.profiles, told)
        if progress:
            progress(n, len(sources))
    steps = [_of_all(step) if _is_of_all(step, sender) else step for step in steps]
    for step in steps:
        recognised = step.at if isinstance(step, Refused) else step
        if isinstance(recognised, Recognised):
            staging.prepare(recognised.dataset)

    def check_all(name: str) -> None:
        known: list[Known] = []
        for file_no, step in enumerate(steps):
            if isinstance(step, Recognised) and step.dataset.name == name:
                steps[file_no] = outcome = know(file_no, step, told, reference, today, oblast)
                known += [outcome] if isinstance(outcome, Known) else []
        if known:
            staging.set_reference(reference, dataset(name))
            for outcome in check(known, staging, reference, aliases, oblast):
                steps[_file_no(outcome)] = _of_sender(outcome, staging, reference)

    # What others refer to is checked first: the register, then the cases.
    for name in NAMES:
        check_all(name)
        if any(isinstance(step, Checked) and step.dataset.name == name for step in steps):
            reference = _with_checked(reference, staging, name)
        if name == "actions" and reference.new_cases is not None:
            brought = [part for s in steps if isinstance(s, Checked) and s.dataset.name == name for part in s.slices]
            for source in waiting_steps(reference.new_cases["number"], reference, brought):
                steps += recognise_file(open_file(source, told, key), reference.profiles, told)
                staging.prepare(dataset(name))
            check_all(name)
    for judged in judge([s for s in steps if isinstance(s, Checked)], staging, reference, today, told):
        steps[(judged.at if isinstance(judged, Refused) else judged).checked.file_no] = judged
    upload = Upload(sources, reference, staging, [report_of(no, step) for no, step in enumerate(steps)], aliases)
    refused, rows = sum(bool(f.refused) for f in upload.files), sum(f.rows_read for f in upload.files)
    happened("read", files=len(sources), refused=refused, rows=rows, seconds=round(monotonic() - begun, 3))
    return upload


def _is_of_all(step: Step | Refused[Step], sender: Sender) -> bool:
    """Whether a file would replace what is of more than the sender's place."""
    return isinstance(step, Recognised) and not may_bring(sender, step.dataset)


def _of_all(step: Step | Refused[Step]) -> Refused[Step]:
    assert isinstance(step, Recognised)
    return Refused(
        step, _("„{what}“ се качва от експерт от РУО: файлът е за цялата област.").format(what=_(step.dataset.title))
    )


def _of_sender(
    outcome: Checked | Refused[Checked], staging: Staging, reference: Reference
) -> Checked | Refused[Checked]:
    """The same, unless it would replace what is of others: then nothing of it stays here, as corrected rows bring those
    beside which they stood."""
    if isinstance(outcome, Refused) or are_own(reference.sender, outcome.slices, reference.schools):
        return outcome
    staging.forget(outcome.dataset, outcome.file_no)
    return Refused(
        Checked(outcome.known, left_out=outcome.left_out),
        _("Файлът заменя данни и на други училища или общини. Изпратете го на РУО."),
    )


def _file_no(outcome: Checked | Refused[Checked]) -> int:
    return outcome.at.file_no if isinstance(outcome, Refused) else outcome.file_no


def _with_checked(reference: Reference, staging: Staging, name: str) -> Reference:
    """As the reference would be with what this upload brings."""
    if name == "schools":
        # Of two registers in one drop the later file is the one that will be current.
        schools = staging.read(
            """
            select code, name, kind, oblast, municipality, settlement
            from staged_schools
            qualify row_number() over (partition by code order by file_no desc) = 1
            order by code
            """
        )
        return reference.with_schools(schools) if len(schools) else reference
    if name == "cases":
        cases = staging.read(
            """
            select number, any_value(municipality) as municipality, min(opened_on) as opened_on
            from staged_cases
            group by number
            """
        )
        return reference.with_cases(cases)
    return reference
