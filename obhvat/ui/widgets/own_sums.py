"""«Провери сбор»: what was understood of somebody's own text, and what of it does not add up."""

from __future__ import annotations

import streamlit as st

from obhvat.language import N_, _
from obhvat.sums import check
from obhvat.texts import listed
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

SUMS = N_("Провери сбор")
"""The tab of the help page."""
_SIGNS = {"good": N_("✓ излиза"), "mind": N_("? за уточняване"), "act": N_("✗ не излиза")}
UNDERSTOOD = (
    (N_("Общо и части"), N_("12 отпаднали: 2 реинтегрирани, 2 извън областта, 2 в чужбина и 6 подлежат")),
    (N_("Дял с n и N"), N_("190 от 3055, 10,8 %")),
    (N_("Средно"), N_("1937 отсъствия на 311 ученици, средно по 6,2 на ученик")),
    (N_("Пъти"), N_("спад 11 пъти от 422 на 59")),
    (N_("Повече и по-малко"), N_("учениците са с 626 по-малко – от 48 392 на 47 766")),
    (N_("Таблица"), N_("поставена от Excel (или с „;“), с ред или колона „Общо“; и списък с по едно число на ред")),
)


def show_own_sums() -> None:
    """The place where a text is pasted, and the answer."""
    html.part(_(SUMS), _("своето изречение или своята таблица, преди да ги изпратите; нищо от тях не се записва"))
    with st.form("own-sums", border=False):
        text = st.text_area(
            _("Изречение или таблица"),
            height=190,
            key="own-sums-text",
            placeholder=UNDERSTOOD[0][1],
        )
        st.form_submit_button(_("Провери"), type="primary")
    if text and text.strip():
        verdicts(text)
    html.part(_("Какво се разбира"))
    html.show(html.table([_("Какво"), _("Например")], [(bold(_(what)), _(example)) for what, example in UNDERSTOOD]))
    html.quiet(
        _(
            "„Близо“, „около“ и „над“ се приемат за закръглено, до 5 на сто. Дати, учебни години, класове, "
            "възрасти и членове от закона не се броят за числа."
        )
    )


def verdicts(text: str) -> None:
    """What was understood of a text, each with whether it adds up, and the numbers that were not checked."""
    answer = check(text)
    kind = (
        "act" if answer.faults else "mind" if any(v.fault for v in answer.verdicts) or not answer.verdicts else "good"
    )
    html.notice(kind, bold(answer.words))
    if not answer.verdicts:
        return
    rows = [
        (
            tag("span", bold(_(_SIGNS[verdict.level])), css="late" if verdict.level == "act" else ""),
            verdict.read,
            bold(verdict.fault) if verdict.fault else "",
        )
        for verdict in answer.verdicts
    ]
    html.show(html.table(["", _("Разбрано"), _("Какво не излиза")], rows))
    if answer.unchecked:
        html.quiet(_("Непроверени числа: {unchecked}.").format(unchecked=listed(answer.unchecked)))
