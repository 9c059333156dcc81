"""One row a file, those with something to decide first."""

from __future__ import annotations

import streamlit as st

from obhvat.ingest import FileReport
from obhvat.ingest.checking.used_words import taken
from obhvat.ingest.checking.waiting import waiting_words
from obhvat.ingest.report import what_is_in
from obhvat.language import N_, _
from obhvat.people.log import looked
from obhvat.store import Store
from obhvat.store.history import slice_words
from obhvat.texts import counted, number
from obhvat.ui.session import viewer
from obhvat.ui.upload import details
from obhvat.ui.upload.drop import Drop
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, tag

_SHOWN = 30
_ROW = [0.3, 11, 1.2]


def _gravity(report: FileReport) -> tuple[int, str]:
    if not report.can_be_committed:
        return 0, report.title
    return (1 if report.doubts else 2 if report.rows_rejected else 3), report.title


_STATES = {
    0: ("refused", N_("не може да се запише")),
    1: ("waiting", N_("чака потвърждение")),
    2: ("partly", N_("готов, с редове за поправка")),
    3: ("ready", N_("готов")),
}


def show(store: Store, dropped: Drop) -> None:
    """One row a file, those with something to decide first."""
    files = sorted(dropped.files, key=_gravity)
    pages = -(-len(files) // _SHOWN)
    page = st.pagination(pages, key="files-page") if pages > 1 else 1
    _unused, head, _unused = st.columns(_ROW)
    words = (_("Файл"), _("Какво е"), _("Подател"), _("За кога"))
    counts = (_("Редове"), _("Годни"), _("За връщане"))
    cells = [*(tag("span", w) for w in words), *(tag("span", c, css="n") for c in counts)]
    with head:
        html.show(tag("div", *cells, css="files head"))
    for report in files[(page - 1) * _SHOWN : page * _SHOWN]:
        _row(store, dropped, report)


def _row(store: Store, dropped: Drop, report: FileReport) -> None:
    no = report.file_no
    box, words, more = st.columns(_ROW, vertical_alignment="top")
    if report.can_be_committed:
        key = f"take-{dropped.no}-{no}"
        st.session_state[key] = dropped.is_taken(report)
        box.checkbox(
            _("Запиши „{plain}“").format(plain=html.plain(report.title)),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: dropped.wanted.update({no: st.session_state[key]}),
        )
    with words:
        html.show(_row_words(store, dropped, report))
    is_open = st.session_state.get("open-file") == no
    asks = report.table is not None and report.dataset is None
    if more.button(
        _("Скрий") if is_open else _("Посочи") if asks else _("Подробно"), key=f"more-{no}", type="tertiary"
    ):
        st.session_state["open-file"] = None if is_open else no
        st.rerun()
    if is_open:
        with st.container(border=True):
            details.show(store, dropped, report)


def _row_words(store: Store, dropped: Drop, report: FileReport) -> Safe:
    css, state = map(_, _STATES[_gravity(report)[0]])
    remarks = [report.refused] if report.refused else [d.text for d in report.doubts]
    if report.read_words:
        remarks.append(report.read_words)
    if report.joined and not report.refused:
        remarks.append(report.joined.words)
    if report.changes and not report.refused:
        remarks.append(report.changes.words)
    if report.unclear_schools:
        n = len(report.unclear_schools)
        words = _("не е ясна: посочете я") if n == 1 else _("не са ясни: посочете ги")
        remarks.append(_("{n} {words} в „Подробно“.").format(n=counted(n, "институция"), words=words))
    if report.unclear_words:
        n = len(report.unclear_words)
        alike = _("прилича на допустима") if n == 1 else _("приличат на допустими")
        remarks.append(_("{n} {alike}: отговорете по-горе.").format(n=counted(n, "дума"), alike=alike))
    by_case = dropped.upload.waiting(report.file_no)
    if waiting := waiting_words(by_case):
        looked(store, viewer(), "cases", cases=sorted(map(str, by_case["case_number"])), place=what_is_in([report]))
        remarks.append(waiting)
    remarks += taken(report.words)
    cells = (
        tag("span", tag("b", report.title), tag("em", state, css=css)),
        tag("span", report.kind),
        tag("span", _sender(dropped, report)),
        tag("span", _when(report)),
        tag("span", number(report.rows_read + report.rows_elsewhere), css="n"),
        tag("span", number(report.rows_good), css="n"),
        tag(
            "span",
            number(report.rows_rejected) if report.rows_rejected else "–",
            css="n bad" if report.rows_rejected else "n",
        ),
        *(tag("p", remark, css=css) for remark in remarks),
    )
    return tag("div", *cells, css="files")


def _sender(dropped: Drop, report: FileReport) -> str:
    codes = report.school_codes
    if len(codes) == 1:
        schools = dropped.upload.reference.schools
        names = schools.loc[schools["code"] == codes[0], "name"].tolist()
        return f"{names[0]} · {codes[0]}" if names else _("институция {codes}").format(codes=codes[0])
    if codes:
        return counted(len(codes), "институция")
    places = sorted({part.municipality for part in report.slices if part.municipality and part.n_rows})
    if len(places) == 1:
        return _("община {places}").format(places=places[0])
    return counted(len(places), "община") if places else "–"


def _when(report: FileReport) -> str:
    if not report.months or report.dataset is None:
        return "–"
    labels = sorted({part.label for part in report.slices})
    return slice_words(report.dataset, report.months[0], report.months[-1], labels)
