"""What the files of a meeting's documents are called and who signs them: in Bulgarian, as they are, whoever looks."""

from __future__ import annotations

from datetime import date
from typing import Literal

from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.meetings import Meeting

CHAIR = "областен управител"
"""Who chairs and signs, by post, until somebody says otherwise."""
_FOR = {"members": "за-членовете", "press": "за-пресата"}


def protocol_name(meeting: Meeting) -> str:
    return f"протокол-{meeting.held_on:%Y-%m-%d}.docx"


def slides_name(meeting: Meeting, audience: Literal["members", "press"]) -> str:
    return f"слайдове-{meeting.held_on:%Y-%m-%d}-{_FOR[audience]}.pdf"


def figures_name(meeting: Meeting) -> str:
    return f"числа-{meeting.held_on:%Y-%m-%d}.xlsx"


@speaking(BULGARIAN)
def report_name(meeting: Meeting) -> str:
    period = meeting.period.label.removesuffix(" г.").replace(" ", "-").replace("/", "-")
    return f"отчет-МОН-{period}.docx"


def press_name(meeting: Meeting) -> str:
    return f"съобщение-{meeting.held_on:%Y-%m-%d}.docx"


def letters_name(on_day: date) -> str:
    return f"писма-{on_day:%Y-%m-%d}.zip"
