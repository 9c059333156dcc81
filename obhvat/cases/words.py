"""A case, a status and a step in one sentence each, as people compare two versions of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from obhvat.datasets import dataset
from obhvat.language import _
from obhvat.texts import day, listed

Row = Mapping[str, Any]


def action_words(row: Row) -> str:
    """„телефонен разговор на 13.02.2024 г., 10:30 ч.; участвали: РУО и училище; контакт: не е открит“."""
    when = _("{caption} на {date}").format(caption=_caption("actions", "kind", row["kind"]), date=day(row["date"]))
    institutions = row["institutions"] if _is_said(row["institutions"]) else ()
    who = listed(_caption("actions", "institutions", code) for code in institutions)
    return "; ".join(
        [
            _("{when}, {time} ч.").format(when=when, time=row["time"]) if _is_said(row["time"]) else when,
            *_part(row, "team", _("екип")),
            *([_("участвали: {who}").format(who=who)] if who else []),
            *_part(row, "contact", _("контакт"), lambda code: _caption("actions", "contact", code)),
            *_part(row, "result", _("резултат")),
            *([own_note_words(row["note_of"])] if _is_said(row.get("note_of")) else []),
            *_part(row, "next_step", _("следва")),
            *_part(row, "next_due", _("срок"), day),
        ]
    )


def own_note_words(note_of: str) -> str:
    """Of a result that is kept to one institution: „бележка само за ДСП“."""
    role, _unused, given = note_of.partition(":")
    whose = {"expert": _("РУО"), "coordinator": _("община {place}").format(place=given), "school": _("училището")}
    return _("бележка само за {whose}").format(whose=whose.get(role, given))


def status_words(row: Row) -> str:
    """„в чужбина от 10.02.2024 г.; потвърждение: МВР“."""
    status = _caption("cases", "status", row["status"])
    since = _(" от {status_on}").format(status_on=day(row["status_on"])) if _is_said(row["status_on"]) else ""
    sure = _part(row, "confidence", _("потвърждение"), lambda code: _caption("cases", "confidence", code))
    return "; ".join([f"{status}{since}", *sure])


def case_words(row: Row) -> str:
    """„отпаднал; Каменград; училище 9000101; випуск 7; сигнал от 12.10.2023 г.“."""
    return "; ".join(
        [
            _caption("cases", "category", row["category"]),
            row["municipality"],
            *_part(row, "school", _("училище")),
            *_part(row, "grade", _("випуск"), lambda grade: str(int(grade))),
            _("сигнал от {opened_on}").format(opened_on=day(row["opened_on"])),
            *_part(row, "dropped_on", _("отпадане на"), day),
            *_part(row, "reason", _("причина"), lambda code: _caption("cases", "reason", code)),
            *_part(row, "source", _("източник"), lambda code: _caption("cases", "source", code)),
            *([_("повторен")] if _is_said(row["repeat"]) and row["repeat"] else []),
        ]
    )


WORDS: Mapping[str, Callable[[Row], str]] = {"action": action_words, "status": status_words, "case": case_words}


def _caption(of: str, field: str, code: str) -> str:
    return _(dataset(of)[field].caption_of(code))


def _is_said(value: Any) -> bool:
    return not pd.api.types.is_scalar(value) or not pd.isna(value)


def _part(row: Row, name: str, caption: str, words: Callable[[Any], str] = str) -> list[str]:
    return [f"{caption}: {words(row[name])}"] if _is_said(row[name]) else []
