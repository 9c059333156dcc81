"""Bytes → text → table → fields → checked rows, one module a step: source, text (workbook), table, fields,
staging. `read_files` takes a drop through them, `commit` stores what was accepted."""

from obhvat.ingest.commit import Committed, commit, current_user
from obhvat.ingest.fields import Said, signature
from obhvat.ingest.report import FileReport, Question, Told
from obhvat.ingest.source import Source
from obhvat.ingest.upload import Upload, read_files

__all__ = [
    "Committed",
    "FileReport",
    "Question",
    "Said",
    "Source",
    "Told",
    "Upload",
    "commit",
    "current_user",
    "read_files",
    "signature",
]
