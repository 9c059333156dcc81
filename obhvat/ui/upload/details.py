"""A file in detail: how it was read, its columns, what is wrong, its first rows."""

from __future__ import annotations

import streamlit as st

from obhvat.ingest import FileReport
from obhvat.ingest.report import what_is_in
from obhvat.language import _
from obhvat.people.log import looked
from obhvat.store import Store
from obhvat.texts import listed, noun, number, size
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import viewer
from obhvat.ui.upload import mapping, returned, words
from obhvat.ui.upload.drop import Drop
from obhvat.ui.upload.questions import ask
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag

_REASONS = 40


def show(store: Store, dropped: Drop, report: FileReport) -> None:
    """What is under a file's row once it is opened."""
    upload, no = dropped.upload, report.file_no
    read_as = [report.kind]
    if report.encoding:
        read_as.append(_("кодиране {encoding}").format(encoding=report.encoding))
    if report.delimiter:
        read_as.append(
            _("разделител „{part}“").format(part=_("табулация") if report.delimiter == chr(9) else report.delimiter)
        )
    if report.header_lines:
        read_as.append(_("заглавие на ред {map}").format(map=listed(map(str, report.header_lines))))
    html.quiet(f"{' · '.join(read_as)} · {size(report.size)}")
    if report.changes:
        html.show(tag("p", report.changes.words))
    if report.notes:
        html.show(html.bullets(report.notes))
    if report.table is not None and report.dataset is None:
        mapping.explain_columns(store, dropped, report)
        return
    if report.columns or report.header_lines:
        mapping.read_otherwise(store, dropped, report)
        answered = [q for q in report.questions if q.said]
        for place, question in zip(st.columns(max(3, len(answered))), answered, strict=False):
            with place:
                ask(store, dropped, report, question)
    if report.unclear_schools:
        mapping.point_out_schools(store, dropped, report)
    words.told(store, dropped, report)
    if report.rows_rejected:
        _reasons(store, dropped, report)
    left, right = st.columns([1, 2.2], gap="large")
    if report.columns:
        with left:
            html.part(_("Колоните"))
            html.show(
                html.table(
                    [_("Във файла"), _("Разбрана като")], [(c.caption or "–", _use(report, c)) for c in report.columns]
                )
            )
    shown = upload.preview(no) if report.rows_good else None
    if shown is not None and len(shown):
        looked(store, viewer(), "rows", place=what_is_in([report]), n=len(shown))
        with right:
            html.part(_("Първите годни редове"), _("както ще се запишат; кодът на детето не се показва"))
            st.dataframe(shown, hide_index=True, placeholder="–", key=f"preview-{no}", alt=_("Първите годни редове"))


def _use(report: FileReport, column) -> str:
    if column.field and report.dataset and column.field in report.dataset:
        caption = report.dataset[column.field].caption
        return f"{caption} · {column.part}" if column.part else caption
    if column.looks_like_id:
        return _("прилича на ЕГН – не се записва")
    return _("лични данни – не се записват") if column.use == "personal" else _("не се ползва")


def _reasons(store: Store, dropped: Drop, report: FileReport) -> None:
    upload, no, who = dropped.upload, report.file_no, viewer()
    n = report.rows_rejected
    html.part(_("{n} {n2} за връщане").format(n=number(n), n2=noun(n, "ред")), _("останалите ще се запишат"))
    why = upload.complaints(no)
    shown = [(number(c.n_rows), c.column or "–", c.reason, c.where) for c in why[:_REASONS]]
    html.show(html.table([_("Редове"), _("Колона"), _("Какво да се поправи"), _("Къде")], shown, numbers=[0]))
    if len(why) > _REASONS:
        html.quiet(_("Показани са {REASONS}-те най-чести; всички са във файла за връщане.").format(REASONS=_REASONS))
    name = upload.names_of_rejected()[no]
    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        _("Excel за подателя"),
        data=while_open("upload", lambda: returned.workbook(store, who, dropped, no)),
        file_name=f"{name}.xlsx",
        on_click="ignore",
        icon=":material/download:",
        key=f"xlsx-{no}",
    )
    bar.download_button(
        _("CSV за подателя"),
        data=while_open("upload", lambda: returned.text(store, who, dropped, no)),
        file_name=f"{name}.csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"csv-{no}",
    )
