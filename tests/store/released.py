"""Keep a store of this version, so that every later one is tried on it. At a release, on its commit, from the checkout:

    python tests/store/released.py

It makes `tests/store/released_stores/VERSION.zip`: a store with the example files of data/templates and with work of
every kind, all of it invented; its key; a copy of it; what this version says of it; and this script, which made it. An
earlier version's ZIP is never made anew: the script in it speaks that version's words.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from obhvat import __version__
from obhvat.cases import entered, entries
from obhvat.cases.terms import default_terms, set_terms
from obhvat.folders import app_folder
from obhvat.indicators.thresholds import rules_of, set_rules
from obhvat.ingest import Source, commit, read_files
from obhvat.ingest.undoing import mark
from obhvat.inspections.next_visits import save_plan
from obhvat.meeting import decisions, freeze, meetings
from obhvat.metrics import all_metrics
from obhvat.metrics.figures import figure
from obhvat.people import ALONE
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.store.backup import backup

WHO = replace(ALONE, person="примерни данни")
STORES = Path(__file__).with_name("released_stores")
TEMPLATES = app_folder() / "data" / "templates"
ARRIVED, WORKED = datetime(2024, 2, 6, 9), datetime(2024, 3, 11, 9)
PERIODS = ("2023", "2023-I", "2023-10", "2023-11")
PLACES = ((None, None), ("Каменград", None), ("Ведрово", None), (None, "9000101"))
HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"


def month(number: int, *missed: float) -> Source:
    """A month of the first school of the examples, of the same children."""
    rows = [f"9000101;2023/2024;{number:02};примерен-{n:04};7;7а;2;{m}" for n, m in enumerate(missed, start=1)]
    return Source(f"отсъствия-{number:02}.csv", "\n".join([HEAD, *rows]).encode())


def put(store: Store, at: datetime, *sources: Source) -> list[int]:
    upload = read_files(sources, store, today=at.date())
    try:
        assert [(f.refused, f.rows_rejected) for f in upload.files] == [(None, 0)] * len(sources)
        return commit(upload, store, WHO, times={f.file_no: at for f in upload.files}).batch_ids
    finally:
        upload.close()


def moments(at: datetime) -> Iterator[datetime]:
    while True:
        yield (at := at + timedelta(minutes=1))


def work(store: Store) -> None:
    """What is not in files: steps and outcomes of cases, settings, a plan, a meeting from its opening to its end."""
    at = moments(WORKED)
    entries.add_action(
        store, "КГ-001", date(2024, 2, 20), "visit", institutions=("police", "school"), contact="made", time="10:30",
        team="Екип 3", result="родителят обеща", next_step="ново посещение", next_due=date(2024, 2, 27), viewer=WHO,
        at=next(at),
    )  # fmt: skip
    entries.change_status(
        store, "КГ-001", "reintegrated", date(2024, 3, 1), confidence="document", viewer=WHO, at=next(at)
    )
    # Before the term ends: later versions do not count a case that was opened after the period, and 0.1.0 did.
    entries.open_case(
        store, municipality="Ведрово", category="dropped_out", opened_on=date(2024, 1, 22), school="9000151",
        viewer=WHO, at=next(at),
    )  # fmt: skip
    step = default_terms().steps[0]
    set_terms(store, {step.code: (step.owner, step.working_days + 1)}, WHO, next(at))
    rule = rules_of(store).on[0]
    set_rules(store, {rule.id: replace(rule, value=rule.value + 1)}, WHO, next(at))
    save_plan(store, date(2024, 3, 18), [("9000101", "непроверено", False), ("9000102", "", True)], WHO, next(at))
    held = meetings.open_meeting(
        store, WORKED.date(), parse_period("2023-I"), "областен управител", viewer=WHO, at=next(at)
    )
    came = meetings.invited(store)[0]
    meetings.set_attendance(store, held.meeting_id, came, True, "експерт", viewer=WHO, at=next(at))
    decisions.add(
        store, held.meeting_id, "decision", "Месечни срещи с медиаторите", "РУО", "общини", date(2024, 4, 30),
        viewer=WHO, at=next(at),
    )  # fmt: skip
    freeze.close_meeting(store, held.meeting_id, WHO, next(at))


def figures_of(store: Store, asked: Iterable[tuple[str, str, str | None, str | None]]) -> list[list[Any]]:
    """Of what is asked, as metric, period, municipality, school: the same with value, n, d, where there is a value."""
    found = ((of, figure(store, of[0], parse_period(of[1]), Scope(*of[2:]))) for of in asked)
    return [[*of, told.value, told.n, told.d] for of, told in found if told.value is not None]


def work_of(store: Store) -> dict[str, list[Any]]:
    """What was frozen, as metric, municipality, value, n, d; texts of the decisions; entries about a case: what, when,
    by whom."""
    kept = freeze.frozen(store, 1).dropna(subset="value")[["metric", "municipality", "value", "n", "d"]]
    about = entered.entries_of(store, "КГ-001")
    return {
        "frozen": kept.astype(object).where(kept.notna(), None).to_numpy().tolist(),
        "decisions": decisions.decisions(store, date(2024, 6, 1))["text"].tolist(),
        "entered": about[["what", "entered_at", "entered_by"]].astype(str).to_numpy().tolist(),
    }


def make(folder: Path) -> None:
    """Fill a store, copy it, take one more file back, and record what is said of it then."""
    with Store(folder / "obhvat.duckdb") as store:
        put(store, ARRIVED, *(Source(file.name, file.read_bytes()) for file in sorted(TEMPLATES.glob("*.csv"))))
        put(store, ARRIVED + timedelta(hours=1), month(11, 3, 12.5, 0.5))
        work(store)
        backup(store, folder / "copy.duckdb")
        undone = put(store, WORKED + timedelta(hours=3), month(12, 1, 2, 6))
        mark(store, WHO, undone, "undo", WORKED + timedelta(hours=4))
        asked = ((counted.id, period, *place) for counted in all_metrics() for period in PERIODS for place in PLACES)
        said = {"figures": figures_of(store, asked)} | work_of(store)
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


def pack(folder: Path, made_by: Path, version: str) -> Path:
    """A ZIP, because no store and no key is in the repository by itself: here the name says that it was meant."""
    archive = STORES / f"{version}.zip"
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_LZMA) as packed:
        for file in (*sorted(folder.iterdir()), made_by):
            packed.write(file, file.name)
    return archive


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch))
        print(pack(Path(scratch), Path(__file__), __version__))
