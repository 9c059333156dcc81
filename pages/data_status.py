"""Данни: who sent what and when, the history of files, what each changed, and undoing."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from obhvat.datasets import dataset
from obhvat.demo import clear_demo
from obhvat.ingest import current_user
from obhvat.ingest.upload import fault_reasons, rejected_table
from obhvat.metrics import TO_DO, submission_months
from obhvat.periods import MONTH_NAMES, month_label
from obhvat.reports.tables import write_workbook
from obhvat.store import Store
from obhvat.store.history import changes, history, mark, rejected_of, slice_words
from obhvat.texts import counted, listed, moment, number
from obhvat.ui.filters import View, choose
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_demo, is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, joined, tag

# State → what stands in the cell, what it means.
CELLS = {
    "submitted": ("✓", "файлът е качен"),
    "elsewhere": ("НЕИСПУО", "подадено в НЕИСПУО, файлът не е качен тук"),
    "declared": ("✓ 0", "подадено, че няма отсъствия"),
    "unsigned": ("✎ ?", "подадено, но неподписано"),
    "zeros": ("0 ?", "нито един неизвинен час в цялото училище"),
    "doubled": ("×2 ?", "отсъствия, които изглеждат удвоени"),
    "missing": ("липсва", "нищо не е подадено"),
    "ahead": ("·", "още никой не е подал"),
}
_CSS = {"elsewhere": "declared", "zeros": "suspicious", "doubled": "suspicious"}
STATES = {
    "current": "в сила",
    "partly": "отчасти заменен",
    "replaced": "заменен от по-нов",
    "undone": "отменен",
}


def main(store: Store) -> None:
    """The page: the matrix first, then the files it is made of."""
    view = choose(store)
    states = submission_months(store, view.period, view.scope)
    if states.empty:
        html.lead("Няма зареден регистър на институциите за този период.")
        html.notice("mind", "Качете регистъра: по него се знае кой трябва да подава.")
    else:
        _sentence(states, view)
        if view.audience != "press":
            _legend(states)
            html.show(_matrix(states))
    if view.audience != "press":
        _history(store, view)
    if is_demo(store):
        _demo(store)


def _sentence(states: pd.DataFrame, view: View) -> None:
    due = states[states["state"] != "ahead"]
    if due.empty:
        html.lead(f"Още никой не е подал отсъствия за {view.period.label}")
        return
    schools = due[due["level"] == "school"]
    bad = schools[schools["state"] == "missing"]
    lacking = bad["school"].nunique()
    of = schools["school"].nunique()
    html.lead(
        bold(f"{number(of - lacking)} от {counted(of, 'училище')}"),
        f" {'е подало' if of - lacking == 1 else 'са подали'} отсъствията за всеки месец",
        f" – {view.place}, {view.period.label}",
    )
    if view.audience == "press":
        html.show(tag("p", "За пресата числата са само за областта.", css="quiet"))
        return
    todo = [(s, due[due["state"] == s]) for s in TO_DO]
    lines: list[object] = []
    for state, rows in todo:
        if len(rows):
            lines.append(joined([bold(f"{CELLS[state][1].capitalize()}: "), _places(rows)]))
    if lines:
        html.notice("act" if lacking else "mind", html.bullets(lines))
    else:
        html.notice("good", "Няма липсващи и съмнителни месеци.")


def _places(rows: pd.DataFrame) -> str:
    """„ОУ „Росица“ (5 месеца), СУ „Пчелица“ (октомври 2023)“"""
    found = []
    for name, months in rows.groupby("name", sort=False)["month"]:
        when = month_label(months.iloc[0].date()) if len(months) == 1 else counted(len(months), "месец")
        found.append(f"{name} ({when})")
    return f"{listed(found)}."


def _legend(states: pd.DataFrame) -> None:
    present = [s for s in CELLS if s in set(states["state"])]
    html.show(
        tag(
            "div",
            *(tag("span", tag("span", CELLS[s][0], css=f"matrix-key {_CSS.get(s, s)}"), CELLS[s][1]) for s in present),
            css="legend matrix-legend",
        )
    )


def _matrix(states: pd.DataFrame) -> Safe:
    """Institutions by months, under their municipalities."""
    months = sorted(states["month"].unique())
    head = tag("tr", tag("th", "Институция", scope="col"), *(tag("th", _month(m), scope="col") for m in months))
    body: list[Safe] = []
    for municipality, inside in states.groupby("municipality", sort=False):
        n = inside["school"].nunique()
        title = f"{municipality} · {counted(n, 'институция')}"
        body.append(tag("tr", tag("th", title, scope="rowgroup", colspan=str(len(months) + 1)), css="place"))
        for code, rows in inside.groupby("school", sort=False):
            by_month = dict(zip(rows["month"], rows["state"], strict=True))
            first = rows.iloc[0]
            name = tag("th", f"{first['name']}, {first['settlement']}", tag("small", f" {code}"), scope="row")
            body.append(tag("tr", name, *(_cell(by_month[m]) for m in months)))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), css="matrix", tabindex="0")


def _month(month: pd.Timestamp) -> str:
    return f"{MONTH_NAMES[month.month]} {month.year}"


def _cell(state: str) -> Safe:
    shown, means = CELLS[state]
    return tag("td", tag("span", shown, css=_CSS.get(state, state), title=means))


def _history(store: Store, view: View) -> None:
    batches = everything = history(store)
    if view.scope.school:
        batches = batches[batches["school"] == view.scope.school]
    elif view.scope.municipality:
        inside = view.institutions.loc[view.institutions["municipality"] == view.scope.municipality, "code"]
        batches = batches[batches["school"].isin(inside)]
    html.part("Качени файлове", "най-новите отгоре; нищо записано не се губи, отмяната може да се върне")
    if batches.empty:
        html.show(tag("p", "Няма качени файлове за избраното място.", css="quiet"))
        return
    st.dataframe(
        _history_table(batches), hide_index=True, placeholder="–", key="history", height=330, alt="Качените файлове"
    )
    ids = [int(n) for n in batches["batch_id"]]
    labels = {
        int(row["batch_id"]): f"{row['batch_id']} · {row['file_name']} · {row['committed_at']:%d.%m.%Y}"
        for _, row in batches.iterrows()
    }
    chosen = st.selectbox("Подробности за файл", ids, format_func=labels.__getitem__, key="batch")
    if chosen in labels:
        row = batches[batches["batch_id"] == chosen].iloc[0]
        _batch(store, row, everything.loc[everything["upload_id"] == row["upload_id"], "batch_id"])


def _history_table(batches: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "№": batches["batch_id"],
            "Качен на": [f"{m:%d.%m.%Y %H:%M}" for m in batches["committed_at"]],
            "От": batches["committed_by"],
            "Файл": batches["file_name"],
            "Какво е": [dataset(name).title for name in batches["dataset"]],
            "За кога": [_when(row) for _, row in batches.iterrows()],
            "Записани редове": batches["rows_good"],
            "Върнати редове": batches["rows_rejected"],
            "Състояние": [STATES[s] for s in batches["state"]],
        }
    )


def _when(row: pd.Series) -> str:
    return slice_words(dataset(row["dataset"]), row["first_period"].date(), row["last_period"].date(), row["labels"])


def _batch(store: Store, row: pd.Series, upload_ids: pd.Series) -> None:
    """One file: what it changed, what was confirmed, what was handed back, and the undo.

    `upload_ids` are the files that were committed together with it.
    """
    batch_id, state = int(row["batch_id"]), str(row["state"])
    left, right = st.columns([2.4, 1], gap="large")
    with left:
        html.show(
            tag(
                "p",
                bold(row["file_name"]),
                f" · {dataset(row['dataset']).title} · {counted(int(row['rows_good']), 'ред')} · {STATES[state]}"
                f" · качен на {moment(row['committed_at'])} от {row['committed_by']}",
            )
        )
        html.show(tag("p", changes(store, batch_id).words))
        confirmed = [str(d) for d in row["doubts"]]
        if confirmed:
            html.show(tag("p", "Потвърдено при записа:", css="quiet"), html.bullets(confirmed))
    with right:
        if row["rows_rejected"]:
            n = int(row["rows_rejected"])
            st.download_button(
                f"{counted(n, 'ред')} за поправка",
                data=lambda: _rejected(store, batch_id, str(row["dataset"])),
                file_name=f"{row['file_name']}-за-поправка.xlsx",
                on_click="ignore",
                icon=":material/download:",
                width="stretch",
            )
        undone = state == "undone"
        label = "Върни файла в сила" if undone else "Отмени файла"
        help_ = (
            "Редовете му отново се броят."
            if undone
            else "Редовете му спират да се броят и остава предишният файл. Нищо не се изтрива."
        )
        word = "redo" if undone else "undo"
        if st.button(label, help=help_, width="stretch", key="undo"):
            mark(store, [batch_id], word, current_user())
            st.rerun()
        together = [int(n) for n in upload_ids]
        label = "Върни цялото качване" if undone else "Отмени цялото качване"
        if len(together) > 1 and st.button(
            f"{label} ({counted(len(together), 'файл')})", help=help_, width="stretch", key="undo-all"
        ):
            mark(store, together, word, current_user())
            st.rerun()


def _rejected(store: Store, batch_id: int, name: str) -> bytes:
    captions, rows, faults = rejected_of(store, batch_id)
    reasons: dict[int, str] = _by_line(
        fault_reasons(dataset(name), faults)[["line", "reason"]].itertuples(index=False, name=None)
    )
    return write_workbook({"За поправка": rejected_table(captions, rows, reasons)})


def _by_line(reasons: Iterable[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for line, reason in reasons:
        found[line] = f"{found[line]} {reason}" if line in found else reason
    return found


def _demo(store: Store) -> None:
    html.part("Примерната област", "измислени данни за проба; вашите файлове остават")
    if st.button("Изчисти примерната област", icon=":material/delete:"):
        n = clear_demo(store)
        st.session_state["cleared"] = f"Изчистени са {counted(n, 'файл')} на примерната област."
        st.rerun()


store = open_store()
if "cleared" in st.session_state:
    html.notice("good", st.session_state.pop("cleared"))
if is_empty(store):
    offer_start(store)
else:
    main(store)
