"""Files that a command names: read, checked against the store, and recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

from obhvat.door.wishes import Telling, Wish
from obhvat.ingest import FileAnswers, FileReport, Source, Upload, commit, read_files
from obhvat.ingest.checking.used_words import UsedWord, taken
from obhvat.ingest.checking.waiting import waiting_words
from obhvat.ingest.knowing.words import said_anywhere
from obhvat.ingest.report import what_is_in
from obhvat.people import ALONE
from obhvat.people.account import alone
from obhvat.people.log import looked
from obhvat.store import Store

REASONS_SHOWN = 20


def check(store: Store | None, wish: Wish, telling: Telling) -> dict[str, Any]:
    """What is understood of the files, as a table or, when it is wished, as `reports` for a machine."""
    with _read(store, wish, telling) as upload:
        if store is not None:
            looked(store, ALONE, "rows", place=what_is_in(upload.files), n=sum(f.rows_read for f in upload.files))
        refused, in_doubt = any(f.refused for f in upload.files), any(f.doubts for f in upload.files)
        told = {"reports": [_report(upload, f) for f in upload.files]} if wish["as_json"] else _told(upload)
        return told | {"exit_code": _exit_code(upload, refused, in_doubt)}


def record(store: Store, wish: Wish, telling: Telling) -> dict[str, Any]:
    """The same, and what was recorded of them; files with doubts only when `confirm` is true."""
    with _read(store, wish, telling) as upload:
        waiting = [f for f in upload.files if f.can_be_committed and f.doubts and not wish["confirm"]]
        ready = [f.file_no for f in upload.files if f.can_be_committed and (wish["confirm"] or not f.doubts)]
        if wish["rejected"]:
            returned = sum(f.rows_rejected for f in upload.files)
            looked(store, ALONE, "export_rows", place=what_is_in(upload.files), n=returned)
            _write_rejected(upload, Path(wish["rejected"]))
        told = _told(upload) | {"waiting": [f.title for f in waiting]}
        if ready:
            files = [upload.files[n] for n in ready]
            looked(store, ALONE, "upload", place=what_is_in(files), n=sum(f.rows_good for f in files))
            with telling("Запис") as progress:
                done = commit(upload, store, alone(), ready, progress=progress)
            told["recorded"] = {"files": len(done.batch_ids), "rows": done.rows, "already": done.already}
        some_left = bool(waiting) or any(f.refused for f in upload.files)
        return told | {"exit_code": _exit_code(upload, not ready and not waiting, some_left)}


@contextlib.contextmanager
def _read(store: Store | None, wish: Wish, telling: Telling) -> Generator[Upload]:
    sources = [Source.of_path(Path(path)) for path in wish["files"]]
    told = {"": FileAnswers(**wish["told"])}
    with telling("Четене") as progress:
        aliases = {said_anywhere(word): means for word, means in wish["words"].items()}
        upload = read_files(sources, store, oblast=wish["oblast"], told=told, aliases=aliases, progress=progress)
    with contextlib.closing(upload):
        yield upload


def _exit_code(upload: Upload, nothing_read: bool, some_left: bool) -> int:
    if nothing_read:
        return 2
    return 3 if some_left or any(f.rows_rejected for f in upload.files) else 0


def _told(upload: Upload) -> dict[str, Any]:
    """A line a file, and why rows of it were not accepted, each kind once."""
    files = []
    for f in upload.files:
        joined = list(filter(None, (f.read_words, f.joined.words if f.joined else "")))
        why = upload.complaints(f.file_no)
        files.append(
            {
                "title": f.title,
                "kind": f.kind,
                "read": f.rows_read + f.rows_elsewhere,
                "good": f.rows_good,
                "rejected": f.rows_rejected,
                "remarks": f.refused or " ".join([*joined, *taken(f.words), *(d.text for d in f.doubts)]),
                "waiting": waiting_words(upload.waiting(f.file_no)),
                "words": [_word(w) for w in f.unclear_words],
                "reasons": [complaint.words for complaint in why[:REASONS_SHOWN]],
                "more_reasons": max(0, len(why) - REASONS_SHOWN),
            }
        )
    return {"files": files}


def _word(w: UsedWord) -> dict[str, Any]:
    """A word that a person may say the meaning of."""
    likely = [w.captions[code] for code in w.offers]
    return {"column": w.caption, "word": w.text, "rows": w.n_rows, "likely": likely, "may_be": w.likely}


def _write_rejected(upload: Upload, folder: Path) -> None:
    """The rows to hand back, a workbook a file."""
    from obhvat.reports.returned import returned_workbook

    folder.mkdir(parents=True, exist_ok=True)
    for file_no, name in upload.names_of_rejected().items():
        rows, title = upload.rejected_rows(file_no), upload.title_of_rejected(file_no)
        (folder / f"{name}.xlsx").write_bytes(returned_workbook(rows, title, upload.complaints(file_no)))


def _report(upload: Upload, report: FileReport) -> dict[str, Any]:
    """One file as the machine-readable report gives it."""
    rejected = upload.rejected(report.file_no).astype("object")
    return {
        "name": report.name,
        "sheet": report.sheet or None,
        "layout": report.layout or None,
        "dataset": report.dataset.name if report.dataset else None,
        "encoding": report.encoding or None,
        "delimiter": report.delimiter or None,
        "header_lines": list(report.header_lines),
        "left_out": [{"line": line, "what": what} for line, what in report.left_out],
        "columns": [
            {"caption": c.caption, "became": c.field or c.use, "use": c.use, "field": c.field, "part": c.part or None}
            for c in report.columns
        ],
        "schools": report.school_codes,
        "periods": [p.isoformat() for p in report.months if p.year > 1900],
        "rows_read": report.rows_read,
        "rows_elsewhere": report.rows_elsewhere,
        "rows_good": report.rows_good,
        "rows_rejected": report.rows_rejected,
        "rejected": rejected.where(rejected.notna(), None).to_dict("records"),
        "changes": report.changes and {w: getattr(report.changes, w) for w in ("added", "gone", "changed", "same")},
        "questions": [{"field": q.field.name, "answer": q.answer, "said": q.said} for q in report.questions],
        "unclear_schools": [{"said": s.words, "candidates": s.match.candidates} for s in report.unclear_schools],
        "unclear_words": [_word(w) for w in report.unclear_words],
        "warnings": [{"code": d.code, "text": d.text} for d in report.doubts],
        "notes": report.notes,
        "refused": report.refused,
    }
