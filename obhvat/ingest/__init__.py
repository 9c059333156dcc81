"""An upload, step by step. Each step takes the value of the one before and returns a frozen one of its own:

    reading/    bytes → text or workbook → grid → tables                              Opened
    knowing/    table → which dataset, which column is which field, or a question     Known
    checking/   fields → typed rows and their faults, in SQL                          Checked
    judging/    what it would change in the store, and what is doubtful about it      Judged

Where a table gets no further it is `Refused`, with the value it reached. `upload` takes the files of one drop through
the steps and puts the reports together; `commit` stores what was accepted.
"""

from obhvat.ingest.answers import ColumnAnswers, FileAnswers, Question
from obhvat.ingest.commit import Committed, commit
from obhvat.ingest.knowing.fields import signature
from obhvat.ingest.reading.source import Source
from obhvat.ingest.report import FileReport
from obhvat.ingest.upload import Upload, read_files

__all__ = [
    "ColumnAnswers",
    "Committed",
    "FileAnswers",
    "FileReport",
    "Question",
    "Source",
    "Upload",
    "commit",
    "read_files",
    "signature",
]
