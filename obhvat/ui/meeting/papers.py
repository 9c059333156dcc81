"""The documents of a meeting: protocol, report to the ministry, press text, workbook and the slides as PDF."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.meeting.decisions import KINDS, STATES, decisions, standing, to_follow
from obhvat.meeting.freeze import shown_slides
from obhvat.meeting.meetings import Meeting, attendance
from obhvat.reports.figures import figures_workbook, slide_tables
from obhvat.reports.ministry import ministry_report
from obhvat.reports.press import press_document, press_text
from obhvat.reports.protocol import protocol
from obhvat.reports.slides_pdf import slides_pdf
from obhvat.store import Store
from obhvat.texts import day, moment
from obhvat.ui.widgets import html
from obhvat.ui.widgets.own_sums import verdicts


def papers(store: Store, meeting: Meeting) -> None:
    """A button a document. They are made when they are asked for."""
    name = f"{meeting.held_on:%Y-%m-%d}"
    period = meeting.period.label.removesuffix(" г.").replace(" ", "-").replace("/", "-")
    known_at = meeting.closed_at or store.now()
    html.part(
        "Документи",
        "числата са същите като на екрана"
        + (f", към {moment(meeting.closed_at)}" if meeting.closed_at else "; след закриване не се променят"),
    )
    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        "Протокол (Word)",
        lambda: protocol(
            store,
            meeting,
            attendance(store, meeting.meeting_id),
            shown_slides(store, meeting, "members"),
            _own(store, meeting),
            to_follow(store, meeting.held_on, meeting.closed_at),
        ),
        f"протокол-{name}.docx",
        icon=":material/description:",
        on_click="ignore",
        type="primary",
    )
    for label, audience in (("Слайдове за членовете (PDF)", "members"), ("Слайдове за пресата (PDF)", "press")):
        bar.download_button(
            label,
            lambda audience=audience: slides_pdf(
                shown_slides(store, meeting, audience),
                f"Заседание на {day(meeting.held_on)}",
                f"данни към {moment(known_at)}",
            ),
            f"слайдове-{name}-{'за-членовете' if audience == 'members' else 'за-пресата'}.pdf",
            icon=":material/slideshow:",
            on_click="ignore",
        )
    bar.download_button(
        "Всички таблици (Excel)",
        lambda: figures_workbook(
            store,
            meeting,
            known_at,
            {
                **slide_tables(shown_slides(store, meeting, "members")),
                "Решения": _decided(store, meeting),
            },
        ),
        f"числа-{name}.xlsx",
        icon=":material/table:",
        on_click="ignore",
    )
    bar.download_button(
        "Отчет до МОН (Word)",
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
        f"отчет-МОН-{period}.docx",
        icon=":material/assignment:",
        on_click="ignore",
        help="Подава се до 30 ноември и до 30 април.",
    )
    html.quiet("Бланките на протокола, отчета и съобщението се сменят в „Настройки“, „Бланки и документи“.")
    html.part("Съобщение за пресата", "само общи числа за областта; редактирайте го тук, преди да го изтеглите")
    text = st.text_area(
        "Текст",
        press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting)),
        height=420,
        key=f"press-{meeting.meeting_id}",
    )
    if text.strip():
        st.download_button(
            "Изтегли съобщението (Word)",
            lambda: press_document(store, text, meeting),
            f"съобщение-{name}.docx",
            icon=":material/newspaper:",
            on_click="ignore",
        )
        html.part("Провери сбор", "сборовете, дяловете и сравненията в текста, преди да го изпратите")
        verdicts(text)
    else:
        html.quiet("Съобщението е празно.")


def _own(store: Store, meeting: Meeting) -> pd.DataFrame:
    """What was proposed in the meeting and what was decided and not dropped, as it stood when it was closed."""
    every = decisions(store, meeting.held_on, meeting.closed_at)
    return standing(every[every["meeting"].dt.date == meeting.held_on])


def _decided(store: Store, meeting: Meeting) -> pd.DataFrame:
    """Every decision up to the meeting, as a sheet."""
    every = decisions(store, meeting.held_on, meeting.closed_at)
    return pd.DataFrame(
        {
            "Заседание": every["meeting"].dt.date,
            "№": every["n"],
            "Вид": every["kind"].map(KINDS),
            "Текст": every["text"],
            "Вносител": every["proposed_by"],
            "Отговорник": every["addressed_to"],
            "Срок": [None if pd.isna(due) else due.date() for due in every["due"]],
            "Състояние": every["state"].map(STATES),
            "Изпълнение": every["outcome"],
        }
    )
