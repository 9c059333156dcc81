"""The slides of a meeting, built from the live figures, for its members or for the press.

No slide names a case, a child or a class, whoever looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import pandas as pd

from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.absence_slides import risk_slide, submissions_slide
from obhvat.meeting.case_slides import places_slide, reasons_slide, sanctions_slide, stayed_slide
from obhvat.meeting.clock import for_press, meeting_duties
from obhvat.meeting.decisions import KINDS, TO_DO, Kind, decisions, standing, to_follow
from obhvat.meeting.figure_slides import (
    About,
    at_most,
    cases_slide,
    findings_slide,
    inspections_slide,
    new_slide,
    overdue_slide,
    shown_words,
    source,
    work_slide,
)
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.said import without_cases
from obhvat.meeting.since import day_words
from obhvat.meeting.slide import Slide
from obhvat.metrics import why_no_cases
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.texts import (
    capitalized,
    counted,
    day,
    ended,
    listed,
    lowered,
    moment,
    noun,
    number,
    out_of,
    was,
    was_inside,
)

_SINCE = (
    "cases_in_work",
    "cases_returned",
    "schools_inspected",
    "pupils_over_threshold",
    "submissions",
    "visits",
    "rounds",
)
_MOST_PAST = 2
_MOST_TERMS = 5


@speaking(BULGARIAN)
def slides(
    store: Store, meeting: Meeting, audience: Literal["members", "press"], known_at: datetime | None = None
) -> list[Slide]:
    """The slides of a meeting's agenda in its order, as known at a moment; now, without one.

    A slide about the meeting before is left out when there was none.
    """
    about = About(store, meeting, audience, known_at or store.now())
    made = (_written(about, item) if isinstance(item, Slide) else _BUILDERS[item](about) for item in meeting.agenda)
    return [slide for slide in made if slide is not None]


@speaking(BULGARIAN)
def about_words(store: Store, meeting: Meeting) -> str:
    """What stands below every slide: the oblast, the meeting, the period and the moment the numbers are of."""
    where = oblast_name(store)
    at = moment(meeting.closed_at or store.now())
    held = f"заседание на {day(meeting.held_on)}" if meeting.meeting_id else f"преглед към {day(meeting.held_on)}"
    return " · ".join([*([f"Област {where}"] if where else []), held, meeting.period.label, f"данни към {at}"])


def _written(about: About, slide: Slide) -> Slide:
    title, sentence = (without_cases(about.store, text) for text in (slide.title, slide.sentence))
    return replace(slide, title=title, sentence=sentence)


def since_last_slide(about: About) -> Slide | None:
    """What changed since the meeting before."""
    if about.previous is None:
        return None
    figures = [about.figure(name) for name in _SINCE if about.disclosure.tells_alone(name)]
    changes = [(now, about.compared(now)) for now in figures if now.value is not None]
    rows = [
        (
            now.metric.name,
            "" if then.before is None else number(then.before),
            # Beside a number before, the same of now: „39“, not „39 от 40“.
            shown_words(about, now) if then.before is None else number(now.value),
            then.much,
        )
        for now, then in changes
    ]
    captions = ("Показател", f"На {day_words(about.previous, about.meeting.held_on)}", "Сега", "Промяна")
    cases, change = figures[0], about.compared(figures[0])
    if cases.n is None or about.is_small(cases):
        words = capitalized(why_no_cases(cases)) if cases.n is None else f"Случаите в работа са {about.few}"
        return new_slide("since_last", ended(words), columns=captions, rows=at_most(rows))
    sentence = f"В работа {'е' if cases.n == 1 else 'са'} {counted(int(cases.n), 'случай')}"
    if not cases.n:
        sentence = "Няма случаи в работа"
    return new_slide(
        "since_last",
        ended(" – ".join(filter(None, (sentence, change.of_the_same or change.words)))),
        figure=number(cases.n),
        figure_note=f"{noun(cases.n, 'случай')} в работа",
        change=change.words,
        columns=captions,
        rows=at_most(rows),
        picture="change",
        data=tuple(
            (now.metric.name, None if about.is_small(now) else float(now.value or 0), then.before)
            for now, then in changes
        ),
        source=source(cases),
    )


def decisions_last_slide(about: About) -> Slide | None:
    """What the meeting before decided, what older ones did and is not done yet, and what became of it."""
    if about.previous is None:
        return None
    followed = to_follow(about.store, about.meeting.held_on, about.known_at)
    is_last = followed["meeting"] == pd.Timestamp(about.previous)
    # What was only proposed stands below, but nobody decided it.
    decided, older = followed[is_last & (followed["kind"] == "decision")], followed[~is_last]
    then = day_words(about.previous, about.meeting.held_on)
    if followed.empty:
        return new_slide("decisions_last", f"На {then} няма записани решения.")
    done = int((decided["state"] == "done").sum())
    waiting = int(older["state"].isin(TO_DO).sum())
    # What is late stands first, then what waits longest: it is not what falls off the slide.
    is_done = ~followed["state"].isin(TO_DO)
    in_order = followed.assign(is_done=is_done).sort_values(["is_done", "late"], ascending=[True, False], kind="stable")
    rows = [
        (f"{row['n']} от {row['meeting']:%d.%m.%Y}", row["text"], about.who(row["addressed_to"]), row["words"])
        for _, row in in_order.iterrows()
    ]
    carried = f"{was_inside('изпълнен', done, 'решение')} {number(done)}" if done else "не е изпълнено нито едно"
    words = f"От {counted(len(decided), 'решение')}, {'взето' if len(decided) == 1 else 'взети'} на {then}, {carried}"
    return new_slide(
        "decisions_last",
        ended(words if len(decided) else f"На {then} няма записани решения"),
        figure=out_of(done, len(decided)) if len(decided) else "",
        figure_note="изпълнени решения" if len(decided) else "",
        change=f"от по-ранни заседания {_left(waiting)}" if waiting else "",
        columns=("№", "Решение", "Отговорник", "Изпълнение"),
        rows=at_most(rows),
        picture="decisions",
        data=tuple(
            (number_of, float(late), float(state == "done") if state in (*TO_DO, "done") else None)
            for (number_of, *_), late, state in zip(rows, in_order["late"], in_order["state"], strict=True)
        ),
    )


def _left(n: int) -> str:
    return f"{'остава 1 неизпълнено решение' if n == 1 else f'остават {number(n)} неизпълнени решения'}"


def clock_slide(about: About) -> Slide:
    """What is due next. The press sees only what the law says."""
    held_on = about.meeting.held_on
    due = meeting_duties(about.store, about.meeting, about.known_at)
    if about.is_press:
        due = for_press(due)
    past, coming = due[due["days_left"] < 0], due[due["days_left"] >= 0]
    # Some of what is past, the newest, stands before what is to come; the rest is counted.
    n = max(_MOST_PAST, _MOST_TERMS - 1 - len(coming))
    shown = pd.concat([past.tail(n), coming, past.iloc[: max(len(past) - n, 0)]])
    rows = [
        (f"{row['due']:%d.%m.%Y}", str(row["title"]), str(row["who"]), _left_words(int(row["days_left"])))
        for _, row in shown.iterrows()
    ]
    told = new_slide(
        "clock", "През следващите 60 дни няма срок.", columns=("Срок", "Задължение", "Отговорник", "До срока")
    )
    if len(coming):
        first, left = coming.iloc[0], int(coming.iloc[0]["days_left"])
        until = day_words(first["due"], held_on)
        when = f"До {until} {_days_words(left)}" if left else "Срокът е днес"
        sentence = ended(f"{when}: {lowered(first['title'])}")
        # The number is in the sentence: the table needs the width.
        told = replace(told, sentence=sentence)
    left = tuple((title, float(days)) for (_, title, *_), days in zip(rows, shown["days_left"], strict=True))
    return replace(told, rows=at_most(rows, _MOST_TERMS), picture="dates", data=left)


def _left_words(days: int) -> str:
    if days == 0:
        return "днес"
    return f"изтекъл преди {counted(-days, 'ден')}" if days < 0 else counted(days, "ден")


def _days_words(days: int) -> str:
    return f"{'остава' if days == 1 else 'остават'} {counted(days, 'ден')}"


def proposals_slide(about: About) -> Slide:
    """What was proposed and decided in this meeting."""
    entered = decisions(about.store, about.meeting.held_on, about.known_at)
    entered = standing(entered[entered["meeting"] == pd.Timestamp(about.meeting.held_on)])
    if entered.empty:
        return new_slide("proposals", "Няма нови предложения.")
    counts = {kind: int((entered["kind"] == kind).sum()) for kind in KINDS}
    told = [
        (participle, counts[kind], name)
        for kind, participle, name in (
            ("proposal", "внесен", "предложение"),
            ("good_practice", "представен", "добра практика"),
            ("decision", "взет", "решение"),
        )
        if counts[kind]
    ]
    sentence = listed(
        f"{was_inside(*of) if nth and nth == len(told) - 1 else was(*of)} {counted(*of[1:])}"
        for nth, of in enumerate(told)
    )
    if len(told) == 1 and counts["decision"]:
        sentence = f"няма нови предложения; {sentence}"
    rows = [
        (
            f"{KINDS[row['kind']]} {row['n']}",
            row["text"],
            about.who(row["proposed_by"]),
            about.who(row["addressed_to"]),
            "" if pd.isna(row["due"]) else f"{row['due']:%d.%m.%Y}",
        )
        # Decisions stand on the closing slide, with who does what by when.
        for _, row in entered[entered["kind"] != "decision"].iterrows()
    ]
    return new_slide(
        "proposals",
        f"{capitalized(sentence)}.",
        figure=number(len(entered)),
        figure_note=_entered_words(counts),
        columns=("№", "Текст", "Вносител", "Отговорник", "Срок"),
        rows=at_most(rows),
        picture="dates",
    )


def _entered_words(counts: Mapping[Kind, int]) -> str:
    """What the number of a meeting's proposals, practices and decisions counts."""
    kinds: dict[Kind, str] = {"proposal": "предложение", "good_practice": "добра практика", "decision": "решение"}
    given = [(counts[kind], name) for kind, name in kinds.items() if counts[kind]]
    if len(given) == 1:
        return noun(*given[0])
    return listed(noun(2, name) for _, name in given)


def closing_slide(about: About) -> Slide:
    """Who does what by when: what this meeting decided, by its terms."""
    entered = decisions(about.store, about.meeting.held_on, about.known_at)
    is_ours = (entered["meeting"] == pd.Timestamp(about.meeting.held_on)) & entered["state"].isin(TO_DO)
    to_do = entered[is_ours & (entered["kind"] == "decision")].sort_values("due", kind="stable", na_position="last")
    if to_do.empty:
        return new_slide("closing", "Още няма взети решения.")
    words = f"{was('взет', len(to_do), 'решение').capitalize()} {counted(len(to_do), 'решение')}"
    if to_do["due"].notna().any():
        words += f"; първият срок е {day_words(to_do['due'].iloc[0].date(), about.meeting.held_on)}"
    rows = [
        (
            "без срок" if pd.isna(row["due"]) else day_words(row["due"].date(), about.meeting.held_on),
            row["text"],
            about.who(row["addressed_to"]),
        )
        for _, row in to_do.iterrows()
    ]
    columns = ("Срок", "Решение", "Отговорник")
    return new_slide("closing", ended(words), columns=columns, rows=at_most(rows), picture="dates")


_BUILDERS: Mapping[str, Callable[[About], Slide | None]] = MappingProxyType(
    {
        "since_last": since_last_slide,
        "decisions_last": decisions_last_slide,
        "cases": cases_slide,
        "places": places_slide,
        "overdue": overdue_slide,
        "work": work_slide,
        "reasons": reasons_slide,
        "stayed": stayed_slide,
        "inspections": inspections_slide,
        "findings": findings_slide,
        "risk": risk_slide,
        "submissions": submissions_slide,
        "sanctions": sanctions_slide,
        "clock": clock_slide,
        "proposals": proposals_slide,
        "closing": closing_slide,
    }
)
