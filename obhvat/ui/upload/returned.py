"""Rows that go back to their sender, and files to practise with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import streamlit as st

from obhvat.demo.files import Demo
from obhvat.language import _
from obhvat.reports.returned import returned_workbook
from obhvat.store import Store
from obhvat.ui.upload.drop import Drop


def returned(dropped: Drop) -> bytes:
    """The rows of every file that go back, a workbook each, as a ZIP."""
    names = dropped.upload.names_of_rejected()
    return _zipped([(f"{name}.xlsx", workbook(dropped, file_no)) for file_no, name in names.items()])


def workbook(dropped: Drop, file_no: int) -> bytes:
    """The rows of one file that go back."""
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
    """In the invented oblast: a month's files with mistakes, to be dropped."""
    if store.remembered("demo") == Demo.name:
        st.download_button(
            _("Файлове за упражнение: февруари 2024 г., с грешки (ZIP)"),
            data=_practice_files,
            file_name=_("февруари-2024-за-упражнение.zip"),
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
