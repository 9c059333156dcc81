"""Качване: files in, what was understood, what is wrong, and the commit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from obhvat.datasets import Field
from obhvat.demo.files import Demo
from obhvat.errors import ObhvatError
from obhvat.ingest import FileReport, Question, Told
from obhvat.reports.tables import write_csv, write_workbook
from obhvat.store import Store
from obhvat.store.history import slice_words
from obhvat.texts import counted, listed, noun, number, size
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_demo
from obhvat.ui.upload import drop, mapping
from obhvat.ui.upload.drop import Drop
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, tag

_SHOWN = 30
_REASONS = 200
_ASKED_IN_A_ROW = 3
_ROW = [0.3, 11, 1.2]


def main(store: Store) -> None:
    """The page: a place to drop files, then one row a file."""
    dropped = drop.current()
    if dropped is None:
        _invite(store)
        drop.receive(store)
        _committed()
        _practice(store)
        return
    _summary(dropped)
    _actions(store, dropped)
    _choices(store, dropped)
    _rows(store, dropped)


def _invite(store: Store) -> None:
    html.lead("Пуснете тук всички файлове за месеца наведнъж.")
    html.show(
        tag(
            "p",
            "Какво е всеки файл се познава по съдържанието му. Имена и адреси не се записват, ЕГН се заменя с код. "
            "Нищо не влиза в данните, преди да натиснете „Запиши“.",
            css="quiet",
        )
    )
    if is_demo(store):
        html.notice(
            "mind",
            "Отворена е ",
            bold("примерната област"),
            ": каквото качите, ще се смеси с измислените данни. За своята област първо изчистете примера "
            "от страница „Данни“.",
        )


def _committed() -> None:
    done = st.session_state.get("committed")
    if done:
        html.notice("good", done)
        st.page_link("pages/overview.py", label="Към прегледа", icon=":material/arrow_forward:")


def _practice(store: Store) -> None:
    if is_demo(store):
        st.download_button(
            "Файлове за упражнение: февруари 2024 г., с грешки (ZIP)",
            data=_practice_files,
            file_name="февруари-2024-за-упражнение.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )


def _practice_files() -> bytes:
    return _zipped([(s.name, s.data) for s in Demo().practice_files()])


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def _summary(dropped: Drop) -> None:
    files = dropped.files
    read, good = sum(f.rows_read for f in files), sum(f.rows_good for f in files)
    returned = read - good
    said: list[object] = [
        "Прочетени са " if len(files) != 1 else "Прочетен е ",
        bold(counted(len(files), "файл")),
        f" с {counted(read, 'ред')}: {number(good)} {'годни' if good != 1 else 'годен'}",
    ]
    if returned:
        said += [" и ", bold(f"{number(returned)} за връщане"), " на подателите"]
    html.lead(*said, ".")
    ready = sum(1 for f in files if f.can_be_committed and not f.doubts)
    waiting = sum(1 for f in files if f.can_be_committed and f.doubts)
    refused = sum(1 for f in files if not f.can_be_committed)
    parts = [f"{number(ready)} {'готов' if ready == 1 else 'готови'} за запис"]
    if waiting:
        parts.append(f"{number(waiting)} {'чака' if waiting == 1 else 'чакат'} потвърждение")
    if refused:
        words = "не може да се запише" if refused == 1 else "не могат да се запишат"
        parts.append(f"{number(refused)} {words}")
    html.show(tag("p", f"{' · '.join(parts)} · прочетени за {number(dropped.seconds, 1)} s", css="quiet"))


def _actions(store: Store, dropped: Drop) -> None:
    taken = dropped.taken
    rows = sum(f.rows_good for f in taken)
    bar = st.container(horizontal=True, gap="small")
    label = f"Запиши {counted(len(taken), 'файл')} · {counted(rows, 'ред')}" if taken else "Няма избран файл за запис"
    if bar.button(label, type="primary", disabled=not taken):
        try:
            done = drop.commit_taken(store, dropped)
        except ObhvatError as error:
            html.notice("act", str(error))
        else:
            words = f"Записани са {counted(len(done.batch_ids), 'файл')} и {counted(done.rows, 'ред')}."
            refused = sum(1 for f in dropped.files if not f.can_be_committed)
            if refused:
                words += f" {counted(refused, 'файл')} не {'е записан' if refused == 1 else 'са записани'}."
            if done.rejected:
                returned, wait = counted(done.rejected, "ред"), "чака" if done.rejected == 1 else "чакат"
                words += f" {returned} {wait} поправка от подателите; файловете за тях са и на страница „Данни“."
            st.session_state["committed"] = words
            st.rerun()
    waiting = [f for f in dropped.files if f.can_be_committed and f.doubts and not dropped.is_taken(f)]
    if waiting and bar.button(f"Потвърди всички забележки ({len(waiting)})"):
        dropped.said |= {f.file_no: True for f in waiting}
        st.rerun()
    if any(f.rows_rejected for f in dropped.files):
        bar.download_button(
            "Редове за връщане (ZIP)",
            data=lambda: _returned(dropped),
            file_name="за-връщане.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    if bar.button("Изчисти", help="Нищо от тези файлове няма да се запише."):
        drop.put_aside()
        st.rerun()
    _committed()


def _returned(dropped: Drop) -> bytes:
    return _zipped(
        [
            (_returned_name(f), write_workbook({"За поправка": dropped.upload.rejected_rows(f.file_no)}))
            for f in dropped.files
            if f.rows_rejected
        ]
    )


def _returned_name(report: FileReport) -> str:
    sheet = f"-{report.sheet}" if report.sheet else ""
    return f"{Path(report.name).stem}{sheet}-за-поправка.xlsx"


def _choices(store: Store, dropped: Drop) -> None:
    """What the program cannot know by itself: whose register it is, and as of which day."""
    for report in dropped.files:
        if report.choices:
            oblasts = list(report.choices)
            chosen = st.selectbox(
                f"Коя област да се зареди от „{html.plain(report.title)}“?",
                oblasts,
                index=oblasts.index(dropped.oblast) if dropped.oblast in oblasts else None,
                placeholder="Изберете област",
                key=f"oblast-{report.file_no}",
            )
            if chosen and chosen != dropped.oblast:
                drop.read(store, dropped.upload.sources, chosen, dropped.told, dropped.schools)
                st.rerun()
    asking = [(f, q) for f in dropped.files for q in f.questions if not q.said]
    for n in range(0, len(asking), _ASKED_IN_A_ROW):
        for place, (report, question) in zip(
            st.columns(_ASKED_IN_A_ROW), asking[n : n + _ASKED_IN_A_ROW], strict=False
        ):
            with place:
                _ask(store, dropped, report, question)


def _ask(store: Store, dropped: Drop, report: FileReport, question: Question) -> None:
    """A value for all rows of a file that the file itself does not say, or says only in its title."""
    f = question.field
    words = f"{f.caption} за „{html.plain(report.title)}“"
    key = f"ask-{dropped.no}-{report.file_no}-{f.name}"
    if f.type == "date":
        assumed = date.fromisoformat(question.answer) if question.answer else None
        said = st.date_input(words, assumed, format="DD.MM.YYYY", max_value=date.today(), key=key)
        answer = said.isoformat() if isinstance(said, date) else None
    else:
        options = _options(dropped, f)
        answer = st.selectbox(
            words,
            list(options),
            index=list(options).index(question.answer) if question.answer in options else None,
            format_func=lambda code: options[code],
            placeholder="Изберете",
            key=key,
        )
    if answer and answer != question.answer:
        told = dropped.told.get(report.title, Told())
        given = {**told.given, f.name: answer}
        drop.read_again(store, dropped, report.title, replace(told, given=given))
        st.rerun()


def _options(dropped: Drop, f: Field) -> dict[str, str]:
    """Code → words of what may be answered."""
    if f.type == "school":
        known = dropped.upload.reference.schools.sort_values("name")
        return dict(zip(known["code"], known["name"] + " · " + known["code"], strict=True))
    if f.type == "school_year":
        this = date.today().year
        return {str(year): f"{year}/{year + 1}" for year in range(this, this - 15, -1)}
    return {v.code: v.caption for v in f.values}


def _gravity(report: FileReport) -> tuple[int, str]:
    if not report.can_be_committed:
        return 0, report.title
    return (1 if report.doubts else 2 if report.rows_rejected else 3), report.title


_STATES = {
    0: ("refused", "не може да се запише"),
    1: ("waiting", "чака потвърждение"),
    2: ("partly", "готов, с редове за връщане"),
    3: ("ready", "готов"),
}


def _rows(store: Store, dropped: Drop) -> None:
    """One row a file, those with something to decide first."""
    files = sorted(dropped.files, key=_gravity)
    pages = -(-len(files) // _SHOWN)
    page = st.pagination(pages, key="files-page") if pages > 1 else 1
    _, head, _ = st.columns(_ROW)
    words = ("Файл", "Какво е", "Подател", "За кога")
    counts = ("Редове", "Годни", "За връщане")
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
            f"Запиши „{html.plain(report.title)}“",
            key=key,
            label_visibility="collapsed",
            on_change=lambda: dropped.said.update({no: st.session_state[key]}),
        )
    with words:
        html.show(_row_words(dropped, report))
    is_open = st.session_state.get("open-file") == no
    asks = report.table is not None and report.dataset is None
    if more.button("Скрий" if is_open else "Посочи" if asks else "Подробно", key=f"more-{no}", type="tertiary"):
        st.session_state["open-file"] = None if is_open else no
        st.rerun()
    if is_open:
        with st.container(border=True):
            _details(store, dropped, report)


def _row_words(dropped: Drop, report: FileReport) -> Safe:
    css, state = _STATES[_gravity(report)[0]]
    remarks = [report.refused] if report.refused else [d.text for d in report.doubts]
    if report.changes and not report.refused:
        remarks.append(report.changes.words)
    if report.unclear_schools:
        n = len(report.unclear_schools)
        words = "не е ясна: посочете я" if n == 1 else "не са ясни: посочете ги"
        remarks.append(f"{counted(n, 'институция')} {words} в „Подробно“.")
    cells = (
        tag("span", tag("b", report.title), tag("em", state, css=css)),
        tag("span", report.kind),
        tag("span", _sender(dropped, report)),
        tag("span", _when(report)),
        tag("span", number(report.rows_read), css="n"),
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
        known = dropped.upload.reference.schools
        names = known.loc[known["code"] == codes[0], "name"].tolist()
        return f"{names[0]} · {codes[0]}" if names else f"институция {codes[0]}"
    if codes:
        return counted(len(codes), "институция")
    places = sorted({part.municipality for part in report.slices if part.municipality and part.n_rows})
    if len(places) == 1:
        return f"община {places[0]}"
    return counted(len(places), "община") if places else "–"


def _when(report: FileReport) -> str:
    if not report.months or report.dataset is None:
        return "–"
    labels = sorted({part.label for part in report.slices})
    return slice_words(report.dataset, report.months[0], report.months[-1], labels)


def _details(store: Store, dropped: Drop, report: FileReport) -> None:
    upload, no = dropped.upload, report.file_no
    read_as = [report.kind]
    if report.encoding:
        read_as.append(f"кодиране {report.encoding}")
    if report.delimiter:
        read_as.append(f"разделител „{'табулация' if report.delimiter == chr(9) else report.delimiter}“")
    if report.header_lines:
        read_as.append(f"заглавие на ред {listed(map(str, report.header_lines))}")
    html.show(tag("p", f"{' · '.join(read_as)} · {size(report.size)}", css="quiet"))
    if report.changes:
        html.show(tag("p", report.changes.words))
    if report.notes:
        html.show(html.bullets(report.notes))
    if report.table is not None and report.dataset is None:
        mapping.explain_columns(store, dropped, report)
        return
    if report.columns or report.header_lines:
        mapping.read_otherwise(store, dropped, report)
        known = [q for q in report.questions if q.said]
        for place, question in zip(st.columns(max(3, len(known))), known, strict=False):
            with place:
                _ask(store, dropped, report, question)
    if report.unclear_schools:
        mapping.point_out_schools(store, dropped, report)
    if report.rows_rejected:
        _reasons(dropped, report)
    left, right = st.columns([1, 2.2], gap="large")
    if report.columns:
        with left:
            html.part("Колоните")
            html.show(
                html.table(
                    ["Във файла", "Разбрана като"], [(c.caption or "–", _use(report, c)) for c in report.columns]
                )
            )
    shown = upload.preview(no) if report.rows_good else None
    if shown is not None and len(shown):
        with right:
            html.part("Първите годни редове", "както ще се запишат; кодът на детето не се показва")
            st.dataframe(shown, hide_index=True, placeholder="–", key=f"preview-{no}", alt="Първите годни редове")


def _use(report: FileReport, column) -> str:
    if column.field and report.dataset and column.field in report.dataset:
        caption = report.dataset[column.field].caption
        return f"{caption} · {column.part}" if column.part else caption
    if column.looks_like_id:
        return "прилича на ЕГН – не се записва"
    return "лични данни – не се записват" if column.use == "personal" else "не се ползва"


def _reasons(dropped: Drop, report: FileReport) -> None:
    upload, no = dropped.upload, report.file_no
    n = report.rows_rejected
    html.part(f"{number(n)} {noun(n, 'ред')} за връщане", "останалите ще се запишат")
    reasons = upload.rejected(no, _REASONS).drop(columns="rule")
    reasons.columns = ["Ред във файла", "Колона", "Стойност", "Какво да се поправи"]
    html.show(html.table(list(reasons.columns), reasons.fillna("").itertuples(index=False, name=None)))
    if n > _REASONS:
        html.show(tag("p", f"Показани са първите {_REASONS}; всички са във файла за връщане.", css="quiet"))
    name = Path(_returned_name(report)).stem
    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        "Excel за подателя",
        data=lambda: write_workbook({"За поправка": upload.rejected_rows(no)}),
        file_name=f"{name}.xlsx",
        on_click="ignore",
        icon=":material/download:",
        key=f"xlsx-{no}",
    )
    bar.download_button(
        "CSV за подателя",
        data=lambda: write_csv(upload.rejected_rows(no)),
        file_name=f"{name}.csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"csv-{no}",
    )


main(open_store())
