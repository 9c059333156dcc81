"""The files that were recorded: what each changed, what was handed back, and undoing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from obhvat.cases.children import rejected_for, waiting_steps_for
from obhvat.datasets import Dataset, dataset
from obhvat.ingest.checking.rejected import complaints, fault_reasons, rejected_table
from obhvat.ingest.checking.waiting import waiting_words
from obhvat.ingest.knowing.known import answer_words
from obhvat.ingest.reading.returned import title_line
from obhvat.ingest.undoing import mark, may_mark
from obhvat.language import BULGARIAN, _, speaking
from obhvat.layouts import layout, layout_title
from obhvat.reports.returned import returned_workbook
from obhvat.store import Store
from obhvat.store.cleaning import replaced
from obhvat.store.history import STATES, changes, history, numbers_words, slice_words
from obhvat.texts import counted, moment
from obhvat.ui.filters import View
from obhvat.ui.looks import saw
from obhvat.ui.people.lock import while_open
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_REASONS = 8


def show(store: Store, view: View) -> None:
    """The files of the place that is looked at, and one of them in detail."""
    batches = everything = history(store)
    is_inside = _is_inside(view)
    if view.scope.school:
        batches = batches[batches["school"] == view.scope.school]
    elif view.scope.municipality:
        inside = view.institutions.loc[view.institutions["municipality"] == view.scope.municipality, "code"]
        batches = batches[batches["school"].isin(inside)]
    if is_inside:
        by_case = waiting_steps_for(store, view.viewer, store.now())
        if waiting := waiting_words(by_case):
            saw(store, view, "cases", cases=by_case["case_number"])
            html.notice("mind", waiting)
    html.part(_("Качени файлове"), _("най-новите отгоре; нищо записано не се губи, отмяната може да се върне"))
    if names := replaced(store):
        html.quiet(
            _(
                "На {at} имена на хора в записаното дотогава са заменени с „[име]“: {words}. По-старите "
                "резервни копия още ги съдържат: изтрийте ги и направете ново."
            ).format(at=moment(names.at), words=names.words)
        )
    if batches.empty:
        html.quiet(_("Няма качени файлове за избраното място."))
        return
    question = ("history", view.period, view.scope.municipality, view.scope.school, is_inside)
    st.dataframe(
        store.kept(question, view.scope.moment, lambda: _history_table(batches, view)),
        hide_index=True,
        placeholder="–",
        key="history",
        height=330,
        alt=_("Качените файлове"),
    )
    ids = [int(n) for n in batches["batch_id"]]
    labels = {
        int(batch_id): f"{batch_id} · {name} · {at:%d.%m.%Y}"
        for batch_id, name, at in zip(batches["batch_id"], batches["file_name"], batches["committed_at"], strict=True)
    }
    chosen = st.selectbox(_("Подробности за файл"), ids, format_func=labels.__getitem__, key="batch")
    if chosen in labels:
        row = batches[batches["batch_id"] == chosen].iloc[0]
        _batch(store, row, everything.loc[everything["upload_id"] == row["upload_id"], "batch_id"], view)


def _history_table(batches: pd.DataFrame, view: View) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "№": batches["batch_id"],
            _("Качен на"): [f"{m:%d.%m.%Y %H:%M}" for m in batches["committed_at"]],
            _("От"): batches["committed_by"],
            _("Файл"): batches["file_name"],
            _("Какво е"): [_(dataset(name).title) for name in batches["dataset"]],
            _("За кога"): [_when(row) for row in batches.to_dict("records")],
            _("Записани редове"): batches["rows_good"],
            _("Редове за поправка"): batches["rows_rejected"],
            _("Състояние"): [_(STATES[s]) for s in batches["state"]],
        }
    )
    # A row of a school's file is a child.
    return table if _is_inside(view) else table.drop(columns=[_("Записани редове"), _("Редове за поправка")])


def _is_inside(view: View) -> bool:
    """Whether rows of files are told: to who looks after all of them."""
    return view.is_inside and view.viewer.may("settle")


def _when(row: Mapping[Hashable, Any]) -> str:
    return slice_words(dataset(row["dataset"]), row["first_period"].date(), row["last_period"].date(), row["labels"])


def _batch(store: Store, row: pd.Series, upload_ids: pd.Series, view: View) -> None:
    """One file: for inside what it changed, what was confirmed and what was handed back; and the undo.

    `upload_ids` are the files that were committed together with it.
    """
    batch_id, state = int(row["batch_id"]), str(row["state"])
    left, right = st.columns([2.4, 1], gap="large")
    with left:
        html.show(
            tag(
                "p",
                bold(row["file_name"]),
                _(" · {title} · {STATES} · качен на {committed_at} от {committed_by}").format(
                    title=_(dataset(row["dataset"]).title),
                    STATES=_(STATES[state]),
                    committed_at=moment(row["committed_at"]),
                    committed_by=row["committed_by"],
                ),
            )
        )
        if layout_title(row["layout"]) and "excused" in layout(row["layout"]).waives:
            html.show(tag("p", _("Във файла няма извинени отсъствия: за времето му те не са известни, а не нула.")))
        if _is_inside(view):
            html.show(tag("p", changes(store, batch_id).words))
        else:
            html.quiet(_("Колко реда има и какво е върнато, се вижда във вътрешния изглед: ред от файла е дете."))
        if row["rows_rejected"] and _is_inside(view):
            html.show(tag("p", _("Върнато:"), css="quiet"), html.bullets(_why_returned(store, row, view)))
        confirmed = [str(d) for d in row["doubts"]] if _is_inside(view) else []
        if confirmed:
            html.show(tag("p", _("Потвърдено при записа:"), css="quiet"), html.bullets(confirmed))
    with right:
        if row["rows_rejected"] and _is_inside(view) and view.viewer.may("export"):
            n = int(row["rows_rejected"])
            st.download_button(
                _("{n} за поправка").format(n=counted(n, "ред")),
                data=while_open("export", lambda: _rejected(store, row, view)),
                file_name=_("{file_name}-за-поправка.xlsx").format(file_name=row["file_name"]),
                on_click="ignore",
                icon=":material/download:",
                width="stretch",
            )
        if not may_mark(store, view.viewer, [batch_id]):
            return
        undone = state == "undone"
        label = _("Върни файла в сила") if undone else _("Отмени файла")
        help_ = (
            _("Редовете му отново се броят.")
            if undone
            else _("Редовете му спират да се броят и остава предишният файл. Нищо не се изтрива.")
        )
        word = "redo" if undone else "undo"
        if st.button(label, help=help_, width="stretch", key="undo"):
            mark(store, view.viewer, [batch_id], word)
            st.rerun()
        together = [int(n) for n in upload_ids]
        label = _("Върни цялото качване") if undone else _("Отмени цялото качване")
        if (
            len(together) > 1
            and may_mark(store, view.viewer, together)
            and st.button(f"{label} ({counted(len(together), 'файл')})", help=help_, width="stretch", key="undo-all")
        ):
            mark(store, view.viewer, together, word)
            st.rerun()


def _why_returned(store: Store, row: pd.Series, view: View) -> list[str]:
    """Each kind of fault once."""
    _unused, _unused, faults = rejected_for(store, view.viewer, int(row["batch_id"]))
    why = complaints(fault_reasons(dataset(str(row["dataset"])), faults))
    more = [_("и още {why} грешки").format(why=counted(len(why) - _REASONS, "вид"))] if len(why) > _REASONS else []
    return [*(complaint.words for complaint in why[:_REASONS]), *more]


@speaking(BULGARIAN)
def _rejected(store: Store, row: pd.Series, view: View) -> bytes:
    captions, rows, faults = rejected_for(store, view.viewer, int(row["batch_id"]))
    wanted = dataset(str(row["dataset"]))
    saw(store, view, "export_rows", n=len(rows), place=f"{wanted.title}, {numbers_words([int(row['batch_id'])])}")
    reasons = fault_reasons(wanted, faults)
    by_line: dict[int, str] = reasons.groupby("line", sort=False)["reason"].agg(" ".join).to_dict()
    mark = row["mark"] if isinstance(row["mark"], str) else None
    n, of = int(row["rows_rejected"]), int(row["rows_read"])
    title = title_line(mark, str(row["file_name"]), n, of, _of_all_rows(wanted, row))
    return returned_workbook(rejected_table(captions, rows, by_line), title, complaints(reasons))


def _of_all_rows(wanted: Dataset, row: pd.Series) -> dict[str, str]:
    """What a file may have said of all its rows at once, by caption, in words: as the parts of the store it is of."""
    values = {
        "school": row["school"] if row["n_schools"] == 1 else None,
        "date": row["first_period"].date().isoformat(),
        "school_year": str(row["first_period"].year),
        "enum": row["labels"][0].split()[0] if len(row["labels"]) == 1 and row["labels"][0] else None,
    }
    return {_(f.caption): answer_words(f, value) for f in wanted.fields if f.file_wide and (value := values[f.type])}
