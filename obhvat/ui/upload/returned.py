"""Rows that go back to their sender, and files to practise with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import streamlit as st

from obhvat.demo.files import Demo
from obhvat.ingest.report import what_is_in
from obhvat.language import BULGARIAN, _, speaking
from obhvat.people import Viewer
from obhvat.people.log import looked
from obhvat.reports.returned import returned_workbook
from obhvat.reports.tables import write_csv
from obhvat.store import Store
from obhvat.ui.session import viewer
from obhvat.ui.upload.drop import Drop


def returned(store: Store, who: Viewer, dropped: Drop) -> bytes:
    """The rows of every file that go back, a workbook each, as a ZIP. `who` takes them: where it is made no session
    can be asked."""
    names = dropped.upload.names_of_rejected()
    _goes_back(store, who, dropped, [*names])
    return _zipped([(f"{name}.xlsx", _workbook(dropped, file_no)) for file_no, name in names.items()])


def workbook(store: Store, who: Viewer, dropped: Drop, file_no: int) -> bytes:
    """The rows of one file that go back."""
    _goes_back(store, who, dropped, [file_no])
    return _workbook(dropped, file_no)


def text(store: Store, who: Viewer, dropped: Drop, file_no: int) -> bytes:
    """The same as CSV."""
    _goes_back(store, who, dropped, [file_no])
    return write_csv(dropped.upload.rejected_rows(file_no), title=dropped.upload.title_of_rejected(file_no))


@speaking(BULGARIAN)
def _goes_back(store: Store, who: Viewer, dropped: Drop, file_nos: Sequence[int]) -> None:
    """Write who takes the rows of these files."""
    files = [f for f in dropped.files if f.file_no in file_nos]
    looked(store, who, "export_rows", place=what_is_in(files), n=sum(f.rows_rejected for f in files))


@speaking(BULGARIAN)
def _workbook(dropped: Drop, file_no: int) -> bytes:
    upload = dropped.upload
    rows, title = upload.rejected_rows(file_no), upload.title_of_rejected(file_no)
    return returned_workbook(rows, title, upload.complaints(file_no))


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def _practice_files() -> bytes:
    return _zipped([(s.name, s.data) for s in Demo().practice_files()])


def offer_practice(store: Store) -> None:
    """In the invented oblast: a month's files of all schools with mistakes, to be dropped by who takes them all."""
    if store.remembered("demo") == Demo.name and viewer().role.place == "oblast":
        st.download_button(
            _("Файлове за упражнение: февруари 2024 г., с грешки (ZIP)"),
            data=_practice_files,
            file_name=_("февруари-2024-за-упражнение.zip"),
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
