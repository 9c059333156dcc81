"""The documents of a meeting: protocol, report to the ministry, press text, workbook and the slides as PDF."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.language import BULGARIAN, _, speaking
from obhvat.meeting.decisions import decisions, standing, to_follow
from obhvat.meeting.freeze import shown_slides
from obhvat.meeting.meetings import Meeting, attendance
from obhvat.reports.figures import decisions_table, figures_workbook, slide_tables
from obhvat.reports.ministry import ministry_report
from obhvat.reports.names import figures_name, press_name, protocol_name, report_name, slides_name
from obhvat.reports.press import press_document, press_text
from obhvat.reports.protocol import protocol
from obhvat.reports.slides_pdf import meeting_pdf
from obhvat.store import Store
from obhvat.texts import moment
from obhvat.ui.people.lock import while_open
from obhvat.ui.widgets import html
from obhvat.ui.widgets.own_sums import verdicts


def papers(store: Store, meeting: Meeting) -> None:
    """A button a document. They are made when they are asked for, in Bulgarian."""
    known_at = meeting.closed_at or store.now()
    html.part(
        _("Документи"),
        _("числата са същите като на екрана, към {moment}").format(moment=moment(meeting.closed_at))
        if meeting.closed_at
        else _("числата са същите като на екрана; след закриване не се променят"),
    )
    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        _("Протокол (Word)"),
        while_open(
            "documents",
            speaking(BULGARIAN)(
                lambda: protocol(
                    store,
                    meeting,
                    attendance(store, meeting.meeting_id),
                    shown_slides(store, meeting, "members"),
                    _own(store, meeting),
                    to_follow(store, meeting.held_on, meeting.closed_at),
                )
            ),
        ),
        protocol_name(meeting),
        icon=":material/description:",
        on_click="ignore",
        type="primary",
    )
    for label, audience in ((_("Слайдове за членовете (PDF)"), "members"), (_("Слайдове за пресата (PDF)"), "press")):
        bar.download_button(
            label,
            while_open(
                "documents",
                lambda audience=audience: meeting_pdf(shown_slides(store, meeting, audience), meeting, known_at),
            ),
            slides_name(meeting, audience),
            icon=":material/slideshow:",
            on_click="ignore",
        )
    bar.download_button(
        _("Всички таблици (Excel)"),
        while_open(
            "documents",
            lambda: figures_workbook(
                store,
                meeting,
                known_at,
                {
                    **slide_tables(shown_slides(store, meeting, "members")),
                    **decisions_table(decisions(store, meeting.held_on, meeting.closed_at)),
                },
            ),
        ),
        figures_name(meeting),
        icon=":material/table:",
        on_click="ignore",
    )
    bar.download_button(
        _("Отчет до МОН (Word)"),
        while_open(
            "documents",
            lambda: ministry_report(
                store,
                meeting,
                known_at,
                _own(store, meeting),
                [
                    slide.sentence
                    for slide in shown_slides(store, meeting, "members")
                    if slide.figure and slide.key != "proposals"
                ],
            ),
        ),
        report_name(meeting),
        icon=":material/assignment:",
        on_click="ignore",
        help=_("Подава се до 30 ноември и до 30 април."),
    )
    html.quiet(_("Бланките на протокола, отчета и съобщението се сменят в „Настройки“, „Бланки и документи“."))
    html.part(_("Съобщение за пресата"), _("само общи числа за областта; редактирайте го тук, преди да го изтеглите"))
    text = st.text_area(
        _("Текст"),
        press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting)),
        height=420,
        key=f"press-{meeting.meeting_id}",
    )
    if text.strip():
        st.download_button(
            _("Изтегли съобщението (Word)"),
            while_open("documents", lambda: press_document(store, text, meeting)),
            press_name(meeting),
            icon=":material/newspaper:",
            on_click="ignore",
        )
        html.part(_("Провери сбор"), _("сборовете, дяловете и сравненията в текста, преди да го изпратите"))
        verdicts(text)
    else:
        html.quiet(_("Съобщението е празно."))


def _own(store: Store, meeting: Meeting) -> pd.DataFrame:
    """What was proposed in the meeting and what was decided and not dropped, as it stood when it was closed."""
    every = decisions(store, meeting.held_on, meeting.closed_at)
    return standing(every[every["meeting"].dt.date == meeting.held_on])
