"""The letters out: whom there is something to write, each as a document and as a text for an e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from obhvat.language import B_, BULGARIAN, _, ngettext, speaking
from obhvat.meeting.letters import Letter, Letters, letters
from obhvat.meeting.prepared import About
from obhvat.people import Viewer
from obhvat.people.log import looked
from obhvat.reports.letters import Sender, archive, file_name, letter_document, letter_text
from obhvat.reports.names import CHAIR, letters_name
from obhvat.scope import oblast_name
from obhvat.texts import capitalized, counted
from obhvat.ui.people.lock import while_open
from obhvat.ui.widgets import html
from obhvat.workdays import add_workdays

_WORKDAYS_TO_ANSWER = 5


def show(about: About, viewer: Viewer) -> None:
    """The letters of the place that is looked at, for who writes them. Only for inside."""
    if not (viewer.may("settle") and viewer.may("export")):
        return
    html.part(_("Писма"), _("до училищата и институциите: какво липсва, какво да се поправи и какво е с изтекъл срок"))
    if not about.disclosure.is_inside:
        html.quiet(_("Писмата съдържат случаи по номер и се правят само във вътрешния изглед."))
        return
    made = letters(about, viewer)
    if not made.letters:
        html.notice("good", _("Няма на кого да се пише: няма липсващи данни и стъпки с изтекъл срок."))
        return
    today = datetime.now().date()
    columns = st.columns([1, 1.4, 2.4, 1.4], vertical_alignment="bottom")
    answer_by = columns[0].date_input(
        _("Отговор до"), add_workdays(today, _WORKDAYS_TO_ANSWER), min_value=today, format="DD.MM.YYYY"
    )
    signs = columns[1].text_input(_("Подписва"), capitalized(CHAIR), help=_("Длъжност, без име."))
    due = answer_by if isinstance(answer_by, date) else add_workdays(today, _WORKDAYS_TO_ANSWER)
    sender = Sender(oblast_name(about.store), capitalized(signs.strip()) or capitalized(CHAIR), today, due)
    by_name = {_label(letter): letter for letter in made.letters}
    chosen = by_name.get(str(columns[2].selectbox(_("Получател"), [*by_name], key="letter-to")), made.letters[0])
    columns[3].download_button(
        _("Всички {letters} (ZIP)").format(letters=counted(len(made.letters), "писмо")),
        while_open("export", lambda: _archive(about, viewer, made.letters, sender)),
        letters_name(today),
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/folder_zip:",
        width="stretch",
    )
    looked(about.store, viewer, "letters", cases=chosen.cases, place=chosen.recipient)
    _one(about, viewer, chosen, sender)
    _rest(made)


def _label(letter: Letter) -> str:
    return f"{letter.recipient} – {letter.subject}"


@speaking(BULGARIAN)
def _archive(about: About, viewer: Viewer, made: Sequence[Letter], sender: Sender) -> bytes:
    cases = [number for letter in made for number in letter.cases]
    looked(
        about.store, viewer, "export_letters", cases=cases, place=B_("до {n}").format(n=counted(len(made), "получател"))
    )
    return archive(made, sender)


def _document(about: About, viewer: Viewer, letter: Letter, sender: Sender) -> bytes:
    looked(about.store, viewer, "export_letters", cases=letter.cases, place=letter.recipient)
    return letter_document(letter, sender)


def _one(about: About, viewer: Viewer, letter: Letter, sender: Sender) -> None:
    said, way = st.columns([5.2, 1.4], vertical_alignment="bottom")
    with said:
        html.quiet(_("Текст за имейл: копирайте го с бутона горе вдясно в полето."))
    way.download_button(
        _("Писмото (Word)"),
        while_open("export", lambda: _document(about, viewer, letter, sender)),
        file_name(letter, sender),
        on_click="ignore",
        icon=":material/description:",
        width="stretch",
    )
    st.code(letter_text(letter, sender), language=None, wrap_lines=True)


def _rest(made: Letters) -> None:
    """Who gets no letter, and what could not be written to anybody."""
    for n, why in (
        (made.unaddressed, _("в случая не е посочено училище от регистъра")),
        (made.elsewhere, _("училището е в друга община; писмото до него е в „Цялата област“")),
    ):
        if n:
            told = ngettext(
                "{steps} на училище не влиза в писмо: {why}.", "{steps} на училище не влизат в писмо: {why}.", n
            )
            html.notice("mind", told.format(steps=counted(n, "стъпка"), why=why))
    if made.without:
        with st.expander(
            _("Без писмо: {recipients} – няма какво да им се пише").format(
                recipients=counted(len(made.without), "получател")
            )
        ):
            html.show(html.bullets(made.without))
