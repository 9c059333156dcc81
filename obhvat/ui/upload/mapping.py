"""The mapping step: what a file's columns are, where only a person knows; and reading a file otherwise."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from obhvat.datasets import Dataset, all_datasets, dataset
from obhvat.ingest import ColumnAnswers, FileAnswers, FileReport, signature
from obhvat.ingest.knowing.guess import guess_columns, guess_dataset, sample_words
from obhvat.ingest.knowing.senders import is_limited
from obhvat.ingest.reading.encodings import ENCODING_NAMES
from obhvat.ingest.reading.form import DELIMITER_NAMES
from obhvat.ingest.undoing import forget_profile
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import listed, number
from obhvat.ui.session import viewer
from obhvat.ui.upload import drop
from obhvat.ui.upload.drop import Drop
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag

_COLUMNS = [2.2, 2.6, 2.6, 1]
_NOT_USED = ""
_HEADER_LINES = 30


def told(dropped: Drop, title: str) -> FileAnswers:
    """What was said of a file so far."""
    return dropped.told.get(title, FileAnswers())


def explain_columns(store: Store, dropped: Drop, report: FileReport) -> None:
    """Our guess a column with its confidence and sample values beside it, to be corrected and read again."""
    table, key = report.table, f"map-{dropped.no}-{report.file_no}"
    assert table is not None
    reference = dropped.upload.reference
    answers = told(dropped, report.title)
    likely = answers.dataset or guess_dataset(table, reference).name
    html.part(
        _("Какво са колоните?"),
        _("посочва се веднъж: при записа се запомня за всички файлове с тези заглавия")
        if not is_limited(viewer())
        else _("посоченото важи за тези файлове"),
    )
    names = [d.name for d in all_datasets()]
    chosen = st.selectbox(
        _("Какво е файлът?"),
        names,
        index=names.index(likely),
        format_func=lambda name: _(dataset(name).title),
        key=f"{key}-what",
    )
    wanted = dataset(chosen)
    captions = table.header or ("",) * table.width
    guesses = guess_columns(table, wanted, reference)
    head = st.columns(_COLUMNS)
    for place, words in zip(head, (_("Във файла"), _("Стойности"), _("Е в обхват"), _("Сигурност")), strict=True):
        with place:
            html.show(tag("span", words, css="quiet"))
    fields: list[str | None] = []
    options = [_NOT_USED, *(f.name for f in wanted.printed)]
    for n, (caption, guess) in enumerate(zip(captions, guesses, strict=True)):
        left, middle, right, sure = st.columns(_COLUMNS, vertical_alignment="center")
        with left:
            html.show(tag("b", caption or _("колона {n}").format(n=n + 1)))
        with middle:
            html.show(tag("span", sample_words(table, n, reference) or _("празна")))
        answer = right.selectbox(
            _("Какво е „{plain}“?").format(plain=html.plain(caption or str(n + 1))),
            options,
            index=options.index(guess.field or _NOT_USED),
            format_func=lambda name: _caption(wanted, name),
            label_visibility="collapsed",
            key=f"{key}-{chosen}-{n}",
        )
        with sure:
            html.show(tag("span", _sure(guess.confidence) if answer == guess.field else "" if guess.field else "–"))
        fields.append(answer or None)
    used = [f for f in fields if f]
    twice = [wanted[f].caption for f in dict.fromkeys(used) if used.count(f) > 1]
    if twice:
        html.notice("mind", _("Две колони не може да са едно и също: {twice}.").format(twice=listed(twice)))
    if st.button(_("Прочети така"), type="primary", disabled=bool(twice) or not used, key=f"{key}-go"):
        again = replace(answers, dataset=None, mapping=ColumnAnswers(chosen, tuple(fields)))
        drop.read_again(store, dropped, report.title, again)
        st.session_state["open-file"] = report.file_no
        st.rerun()


def _caption(wanted: Dataset, name: str) -> str:
    if not name:
        return _("не се ползва")
    caption = _(wanted[name].caption)
    return f"{caption} *" if wanted[name].required else caption


def _sure(confidence: float) -> str:
    return f"{number(100 * confidence)} %"


def read_otherwise(store: Store, dropped: Drop, report: FileReport) -> None:
    """What was detected, each to be changed by one choice."""
    key = f"read-{dropped.no}-{report.file_no}"
    answers = told(dropped, report.title)
    places = iter(st.columns(4, vertical_alignment="bottom"))
    changed: FileAnswers | None = None
    of_file = report.title
    if report.delimiter:
        encodings = list(dict.fromkeys([report.encoding, *ENCODING_NAMES]))
        encoding = next(places).selectbox(
            _("Кодиране"), encodings, format_func=lambda e: _(ENCODING_NAMES.get(e, e)), key=f"{key}-encoding"
        )
        delimiters = list(dict.fromkeys([report.delimiter, *DELIMITER_NAMES]))
        delimiter = next(places).selectbox(
            _("Разделител"), delimiters, format_func=lambda d: _(DELIMITER_NAMES.get(d, d)), key=f"{key}-delimiter"
        )
        if (encoding, delimiter) != (report.encoding, report.delimiter):
            of_file = report.name
            changed = replace(told(dropped, of_file), encoding=encoding, delimiter=delimiter)
    first = report.header_lines[0] if report.header_lines else 1
    lines = sorted({first, *range(1, _HEADER_LINES + 1)})
    line = next(places).selectbox(_("Заглавието е на ред"), lines, index=lines.index(first), key=f"{key}-line")
    if line != first:
        changed = replace(answers, header_line=line)
    names = [report.dataset.name] if report.dataset else [""]
    names += [d.name for d in all_datasets() if d.name not in names]
    what = next(places).selectbox(
        _("Какво е"),
        names,
        format_func=lambda name: _(dataset(name).title) if name else _("непознат"),
        key=f"{key}-what",
    )
    if what != names[0]:
        changed = replace(answers, dataset=what, mapping=None)
    if changed:
        drop.read_again(store, dropped, of_file, changed)
        st.session_state["open-file"] = report.file_no
        st.rerun()
    if report.table is not None and report.layout == "mapped":
        _about_profile(store, dropped, report, answers)


def _about_profile(store: Store, dropped: Drop, report: FileReport, answers: FileAnswers) -> None:
    """A table whose columns a person explained: change it, or forget it."""
    assert report.table is not None
    assert report.dataset is not None
    key = f"profile-{dropped.no}-{report.file_no}"
    bar = st.container(horizontal=True, gap="small")
    if bar.button(_("Промени колоните"), key=f"{key}-change"):
        drop.read_again(store, dropped, report.title, replace(answers, dataset=report.dataset.name, mapping=None))
        st.session_state["open-file"] = report.file_no
        st.rerun()
    sign = signature(report.table.header or ())
    may = sign in dropped.upload.reference.profiles and viewer().may("settle")
    if may and bar.button(_("Забрави съответствието"), key=f"{key}-forget"):
        forget_profile(store, viewer(), sign)
        drop.read_again(store, dropped, report.title, replace(answers, mapping=None))
        st.rerun()


def point_out_schools(store: Store, dropped: Drop, report: FileReport) -> None:
    """Institutions that the file does not name surely: a person says which of the register each is."""
    names = dropped.school_labels
    html.part(
        _("Коя институция е това?"),
        _("посоченото се запомня при записа") if not is_limited(viewer()) else _("посоченото важи за тези файлове"),
    )
    answers: dict[str, str] = {}
    for n, school in enumerate(report.unclear_schools[:_ASKED]):
        likely = [c for c in school.match.candidates if c in names]
        rest = [c for c in names if c not in likely]
        answer = st.selectbox(
            _("{plain} ({n_rows} р.)").format(plain=html.plain(school.words), n_rows=number(school.n_rows)),
            [*likely, *rest],
            index=None,
            format_func=lambda code: names[code],
            placeholder=_("Изберете институция"),
            key=f"school-{dropped.no}-{report.file_no}-{n}",
        )
        if answer:
            answers[school.said] = answer
    if st.button(_("Прочети така"), type="primary", disabled=not answers, key=f"schools-{dropped.no}-{report.file_no}"):
        drop.read_with_aliases(store, dropped, answers)
        st.session_state["open-file"] = report.file_no
        st.rerun()


_ASKED = 20
