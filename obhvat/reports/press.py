"""The press text of a meeting: totals of the oblast in sentences, to be corrected by an editor before it goes out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from obhvat.disclosure import Disclosure
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.decisions import for_the_press, standing
from obhvat.meeting.meetings import Meeting
from obhvat.metrics import Figure
from obhvat.periods import month_name
from obhvat.reports.forms import written
from obhvat.reports.forms.filling import Value
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import MECHANISM, counted, day, ended, listed, lowered, number, out_of, was, was_inside


@speaking(BULGARIAN)
def press_text(store: Store, meeting: Meeting, attendance: pd.DataFrame, decisions: pd.DataFrame) -> str:
    """Title and paragraphs, divided by empty lines. Aggregates of the whole oblast only; a number of children from 1 to
    4 is not written."""
    known_at = meeting.closed_at or store.now()
    asked = {
        name: meeting_figure(store, name, meeting, known_at)
        for name in (
            *("cases_in_work", "cases_returned", "calls", "meetings", "visits", "rounds", "addresses_visited"),
            *("schools_inspected", "schools_reinspected", "inspections", "submissions"),
        )
    }
    disclosure = Disclosure(store, "press")
    together = disclosure.outcomes_together(meeting_figure(store, "cases_total", meeting, known_at))
    secret = together is None or "cases_returned" in together
    few = disclosure.figure(asked["cases_in_work"]).is_hidden
    where = oblast_name(store, known_at)
    held = f"{meeting.held_on.day} {month_name(meeting.held_on.month)} {meeting.held_on.year} г."
    opening = (
        f"На {held} в Областна администрация{f' – {where}' if where else ''} се проведе заседание на Областния "
        f"координационен център по {MECHANISM}. Разгледани бяха резултатите за {meeting.period.label}"
    )
    present = attendance.loc[attendance["present"], "institution"].tolist()
    who = f" В заседанието участваха представители на {_named(present)}." if present else ""
    parts = [
        _title(asked["cases_in_work"], few),
        f"{ended(opening)}{who}",
        _cases(asked, few, secret),
        _work(asked),
        _checks(asked),
    ]
    decided = standing(decisions)
    decided = decided[decided["kind"] == "decision"]
    if len(decided):
        items = [
            f"– {lowered(text.strip().rstrip('.;'))}{_whose(for_the_press(who), due)};"
            for text, who, due in decided[["text", "addressed_to", "due"]].itertuples(index=False, name=None)
        ]
        items[-1] = ended(items[-1][:-1])
        parts.append("\n".join(["Координационният център взе следните решения:", *items]))
    return "\n\n".join(part for part in parts if part)


@speaking(BULGARIAN)
def press_document(store: Store, text: str, meeting: Meeting) -> bytes:
    """The text, as an editor left it, as .docx in the oblast's form: its first line is the title."""
    title, *rest = text.strip().split("\n\n")
    values: dict[str, Value] = {
        "област": oblast_name(store, meeting.closed_at) or "",
        "дата": day(meeting.held_on),
        "заглавие": title,
        "текст": [{"абзац": line} for part in rest for line in part.splitlines()],
    }
    return written(store, "press", values, title)


def _title(cases: Figure, few: bool) -> str:
    if not cases.n or few:
        return "Институциите обсъдиха обхващането и задържането на децата в училище"
    return (
        f"Институциите работят по {counted(int(cases.n), 'случай')} на деца, отпаднали от училище или необхванати в "
        "образователната система"
    )


def _cases(asked: dict[str, Figure], few: bool, secret: bool) -> str:
    """`few`: the cases in work may not be told; `secret`: nor the returned."""
    cases, returned = asked["cases_in_work"], asked["cases_returned"]
    if cases.n is None:
        return ""
    if few:
        outcomes = [
            "Към момента се работи по отделни случаи на деца, отпаднали от училище или необхванати в образователната "
            "система"
        ]
    elif not cases.n:
        outcomes = ["Към момента няма случаи в работа"]
    else:
        outcomes = [
            f"Към момента се работи по {counted(int(cases.n), 'случай')} на деца, отпаднали от училище или "
            "необхванати в образователната система"
        ]
    if returned.n and not secret:
        n = int(returned.n)
        outcomes.append(f"в училище {was_inside('върнат', n, 'дете')} {counted(n, 'дете')}")
    return f"{'; '.join(outcomes)}."


def _work(asked: dict[str, Figure]) -> str:
    """Steps and addresses are not children: any number of them may be written."""
    done = [
        (asked[name], noun)
        for name, noun in (("calls", "разговор"), ("meetings", "среща"), ("visits", "посещение"))
        if asked[name].n
    ]
    sentences = []
    if done:
        words = {"разговор": "по телефон", "среща": "с родители", "посещение": "на адрес"}
        what = [f"{counted(int(steps.n or 0), noun)} {words[noun]}" for steps, noun in done]
        sentences.append(f"Екипите за обхват са провели {listed(what)}")
    rounds, addresses = asked["rounds"].n, asked["addresses_visited"].n
    if rounds:
        n = int(rounds)
        visited = f", при {'който' if n == 1 else 'които'} {was_inside('посетен', addresses, 'адрес')} {counted(int(addresses), 'адрес')}" if addresses else ""  # fmt: skip  # noqa: E501
        sentences.append(f"{was('проведен', n, 'обход').capitalize()} {counted(n, 'обход')}{visited}")
    return ". ".join(sentences) + "." if sentences else ""


def _checks(asked: dict[str, Figure]) -> str:
    schools, more, checks = asked["schools_inspected"], asked["schools_reinspected"], asked["inspections"]
    if not schools.n or schools.d is None or not checks.n:
        return ""
    n = int(checks.n)
    sentence = (
        f"Експертите на РУО извършиха {counted(n, 'проверка')} на присъствието на учениците, на вписването на "
        f"отсъствията и на дейностите за задържане в {out_of(schools.n, schools.d, 'училище')}"
    )
    if more.n:
        sentence += f", в {number(more.n)} от тях – повече от веднъж"
    return f"{sentence}."


_IN_FULL = {
    "областна администрация": "областната администрация",
    "дсп": "дирекциите „Социално подпомагане“",
    "озд": "отделите „Закрила на детето“",
    "мкбппмн": "местните комисии за борба с противообществените прояви на малолетните и непълнолетните",
    "дазд": "Държавната агенция за закрила на детето",
    "грао": "службите по гражданска регистрация",
    "училище": "училищата",
    "образователен медиатор": "образователните медиатори",
}
"""Institutions as a newspaper names them after „представители на“; РУО, МВР and РЗИ are known as they are."""


def _named(institutions: list[str]) -> str:
    """Institutions in a sentence, the municipalities together: „РУО и общините Ведрово и Горун“."""
    word = "община "
    places = [name[len(word) :] for name in institutions if name.casefold().startswith(word)]
    if len(places) < 2:
        return listed(_IN_FULL.get(name.casefold(), lowered(name)) for name in institutions)
    others = [
        _IN_FULL.get(name.casefold(), lowered(name)) for name in institutions if not name.casefold().startswith(word)
    ]
    return f"{', '.join(others)}{' и на ' if others else ''}общините {listed(places)}"


def _whose(who: str, due: Any) -> str:
    told = [f"отговорник: {who}"] if who else []
    told += [] if pd.isna(due) else [f"в срок до {day(due)}"]
    return f" – {', '.join(told)}" if told else ""
