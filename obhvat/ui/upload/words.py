"""Words that files write otherwise than the list has them: a person says once what is meant, for all rows alike."""

from __future__ import annotations

import streamlit as st

from obhvat.ingest import FileReport
from obhvat.ingest.checking.used_words import UsedWord
from obhvat.ingest.knowing.senders import is_limited
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.ui.session import viewer
from obhvat.ui.upload import drop
from obhvat.ui.upload.drop import Drop
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_COLUMNS = [2.6, 2.4, 1, 1.2]
_SHOWN = 12


def show(store: Store, dropped: Drop) -> None:
    """A row a word, the likeliest chosen already."""
    by_word: dict[str, list[UsedWord]] = {}
    for report in dropped.files:
        for word in report.unclear_words:
            by_word.setdefault(word.said, []).append(word)
    if not by_word:
        return
    html.part(_("Тези думи значат ли това?"), answers_hold())
    answers = {}
    for n, (said, words) in enumerate(list(by_word.items())[:_SHOWN]):
        answers[said] = _row(store, dropped, f"word-{dropped.no}-{n}", words)
    if len(by_word) > _SHOWN:
        html.quiet(_("Още {by_word} ще се покажат след тези.").format(by_word=counted(len(by_word) - _SHOWN, "дума")))
    if len(answers) > 1 and st.button(
        _("Да за всички ({answers})").format(answers=len(answers)), type="primary", key=f"words-{dropped.no}"
    ):
        _take(store, dropped, answers)


def answers_hold() -> str:
    """For how long an answer holds: what a school or a municipality says of its words is not said for others."""
    if is_limited(viewer()):
        return _("отговорът важи за всички редове с думата в тези файлове")
    return _("отговорът важи за всички редове с думата и се помни при записа")


def told(store: Store, dropped: Drop, report: FileReport) -> None:
    """What a person said of words of a file, to be said otherwise."""
    words = [word for word in report.words if word.means and word.is_told]
    if not words:
        return
    html.part(_("Приети по отговор"), _("ако думата значи друго, изберете го"))
    for n, word in enumerate(words):
        says, means, _unused = st.columns([2.6, 2.4, 2.2], vertical_alignment="center")
        with says:
            html.show(
                tag(
                    "span",
                    bold(f"„{word.text}“"),
                    _(" в „{caption}“ ({n_rows}) значи").format(
                        caption=word.caption, n_rows=counted(word.n_rows, "ред")
                    ),
                )
            )
        codes = list(word.captions)
        now = next(code for code in codes if word.captions[code] == word.means)
        chosen = means.selectbox(
            _("Какво значи „{plain}“").format(plain=html.plain(word.text)),
            codes,
            index=codes.index(now),
            format_func=lambda code, captions=word.captions: captions[code],
            label_visibility="collapsed",
            key=f"told-{dropped.no}-{report.file_no}-{n}",
        )
        if chosen != now:
            drop.read_with_aliases(store, dropped, {word.said: chosen})
            st.session_state["open-file"] = report.file_no
            st.rerun()


def _row(store: Store, dropped: Drop, key: str, words: list[UsedWord]) -> str:
    word = words[0]
    says, means, yes, _unused = st.columns(_COLUMNS, vertical_alignment="center")
    with says:
        rows = counted(sum(w.n_rows for w in words), "ред")
        html.show(
            tag(
                "span",
                bold(f"„{word.text}“"),
                _(" в „{caption}“ ({rows}) значи").format(caption=word.caption, rows=rows),
            )
        )
    chosen = means.selectbox(
        _("Какво значи „{plain}“").format(plain=html.plain(word.text)),
        [*word.offers, *(code for code in word.captions if code not in word.offers)],
        format_func=lambda code: word.captions[code],
        label_visibility="collapsed",
        key=key,
    )
    if yes.button(_("Да"), key=f"{key}-yes", width="stretch"):
        _take(store, dropped, {word.said: chosen})
    return chosen


def _take(store: Store, dropped: Drop, answers: dict[str, str]) -> None:
    drop.read_with_aliases(store, dropped, answers)
    st.rerun()
