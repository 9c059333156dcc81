"""What was done, what came of it and whether it lasted, and which entries are worth a question."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.cases.children import repeat_dropouts, signals_of
from obhvat.cases.durations import FEWEST, durations, survival
from obhvat.cases.gaming import signal_counts, statutory_days
from obhvat.cases.published import checks, yields
from obhvat.cases.stayed import DAYS, OUTCOMES
from obhvat.charts import survival_curve, yield_dots
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.language import N_, _
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.metrics import Figure
from obhvat.metrics.work import came, taking_part, work_done
from obhvat.texts import NO_DATA, counted, noun, number, out_of, trimmed
from obhvat.ui.cases.tables import Looked, date_words, each
from obhvat.ui.shell import page_file
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.own_sums import SUMS
from obhvat.ui.widgets.picture import drawing, picture

# Work that is reported in public; how often a child was sent elsewhere or a parent fined is for inside.
_PUBLIC = ("study", "call", "meeting", "visit", "police_check", "grao_check", "round", "address")
_SIGNALS = {
    "before_report": N_("Еднакви записи преди отчет"),
    "same_entry": N_("Еднакви записи в един ден"),
    "no_attempt": N_("Изход без опит"),
    "same_minute": N_("Посещения в една и съща минута"),
    "many_visits": N_("Много посещения на един екип в един ден"),
    "same_child": N_("Едно дете в няколко случая"),
}


def show_done(looked: Looked) -> None:
    """Each kind of work for itself, who took part, and what came of it beside other oblasts."""
    if _only_inside(looked):
        return
    view = looked.view
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        _work(looked)
        _taking_part(looked)
    with right:
        _yield(looked)
    published = checks()
    html.part(_("Какво не се равнява другаде"), _("публикувани числа, които не излизат"))
    with st.expander(_("Показване на {published}").format(published=number(len(published))), type="compact"):
        html.show(
            html.table(
                [_("Какво е публикувано"), _("Къде")], [(check.sentence, _source(check.source)) for check in published]
            )
        )
    if st.button(_("Провери своето изречение или таблица"), icon=":material/rule:", help=_("Преди да ги изпратите.")):
        st.switch_page(page_file("help"), query_params={"tab": _(SUMS)})
    if view.scope.school:
        html.quiet(_("Обходите са на общини, не на училища."))


def _only_inside(looked: Looked) -> bool:
    if looked.is_closed:
        html.quiet(looked.why_closed)
    return looked.is_closed


def _source(address: str) -> html.Safe:
    return tag("span", address, css="quiet", translate="no")


def _work(looked: Looked) -> None:
    html.part(_("Свършена работа"), _("всеки вид сам за себе си: обход, посещение, случай и дете не се събират"))
    done = work_done(looked.store, looked.view.period, looked.view.scope, looked.view.day)
    if not looked.is_inside:
        done = done[done["kind"].isin(_PUBLIC)]
    shown = done[done["n"].isna() | (done["n"] > 0) | done["kind"].isin(_PUBLIC)]
    rows = [
        (bold(kind.name) if kind.kind in ("visit", "round", "address") else kind.name, _n(kind.n), _n(kind.cases, "–"))
        for kind in each(shown)
    ]
    captions = [_("Вид"), _("Брой"), _("В различни случаи")]
    if not looked.is_inside:
        captions, rows = captions[:2], [row[:2] for row in rows]
    html.show(html.table(captions, rows, numbers=[1, 2]))


def _n(value: float | None, none: str = NO_DATA) -> str:
    return _(none) if pd.isna(value) else number(value)


def _taking_part(looked: Looked) -> None:
    html.part(_("Кой участва"), _("в стъпки по случаите и в обходи; едно действие на двама се брои на двамата"))
    institutions = taking_part(looked.store, looked.view.period, looked.view.scope, looked.view.day)
    # Who took part in nothing is left out, unless nobody sent what it would be counted from.
    rows = [
        (institution.name, _n(institution.steps), _n(institution.rounds))
        for institution in each(institutions)
        if pd.isna(institution.steps) or pd.isna(institution.rounds) or institution.steps or institution.rounds
    ]
    html.show(html.table([_("Институция"), _("Стъпки"), _("Обходи")], rows, numbers=[1, 2]))


def _yield(looked: Looked) -> None:
    """Visited, found, returned: ours and what others have published."""
    rounds, addresses = looked.figure("rounds"), looked.figure("addresses_visited")
    found, returned = looked.figure("rounds_found"), looked.figure("rounds_returned")
    html.part(_("Какво дават обходите"), _("върнати деца на 100 посетени адреса, до публикуваното от други области"))
    if rounds.has_data:
        html.show(tag("p", *_said(looked, addresses, found, returned), css="said"))
    else:
        html.quiet(_("Няма качен регистър на обходите за този период."))
    others = yields()
    rows = pd.DataFrame(
        {
            "name": others["name"] + ", " + others["when"],
            "value": others["per_100"],
            "is_ours": False,
            "note": [
                f"{counted(r.returned, 'върнато дете')}, {counted(int(r.addresses), r.unit)}" for r in each(others)
            ],
        }
    )
    ours = came(returned)
    if ours.per_100 is not None and not looked.view.disclosure.figure(returned).is_hidden:
        note = f"{counted(ours.n or 0, 'върнато дете')}, {counted(int(ours.of), 'адрес')}"
        rows.loc[len(rows)] = [_("Тук, {short}").format(short=looked.view.period.short), ours.per_100, True, note]
    table = pd.DataFrame(
        {
            _("Къде"): others["name"],
            _("Кога"): others["when"],
            _("Посетени"): others["addresses"],
            _("Какво е посетено"): [noun(5, unit) for unit in others["unit"]],
            _("Открити"): others["found"],
            _("Върнати"): others["returned"],
            _("На 100"): others["per_100"].round(1),
            _("Източник"): others["source"],
        }
    )
    says = _("Върнати на 100: ") + ", ".join(f"{r.name} {trimmed(r.value)}" for r in each(rows))
    picture(drawing(yield_dots, rows), "yield", says, table)
    html.quiet(
        _("Другите броят адреси, посещения или деца, и не по едно и също време: сравнява се порядъкът, не десетите.")
    )
    visits, visited = looked.figure("visits"), looked.figure("cases_with_visit")
    if looked.is_inside and visited.n:
        reached = _of(looked.figure("cases_reached_at_visit"), _("до семейството се е стигнало в"))
        back = _of(looked.figure("cases_returned_after_visit"), _("върнати след посещението са"))
        html.show(
            tag(
                "p",
                _("Посещения по случаи: {n} в {n2}; ").format(n=number(visits.n), n2=counted(int(visited.n), "случай")),
                f"{reached}; {back}.",
                css="said",
            )
        )


def _said(looked: Looked, addresses: Figure, found: Figure, returned: Figure) -> list[object]:
    parts: list[object] = [bold(counted(int(addresses.n or 0), "адрес")), " → "]
    for figure, one, many in ((found, _("открито"), _("открити")), (returned, _("върнато"), _("върнати"))):
        shown = looked.view.disclosure.figure(figure)
        is_told = figure.n is not None and not shown.is_hidden
        told = f"{number(figure.n)} {one if figure.n == 1 else many}"
        parts += [
            bold(told if is_told else f"{many}: {shown.text if shown.is_hidden else _(NO_DATA)}"),
            " → ",
        ]
    parts.pop()
    ours = came(returned)
    if ours.per_100 is not None and not looked.view.disclosure.figure(returned).is_hidden:
        parts.append(_(": по {per_100} на 100 адреса").format(per_100=trimmed(ours.per_100)))
        if ours.interval:
            low, high = ours.interval
            parts.append(
                _(" (при толкова адреси може да е от {low} до {high})").format(low=trimmed(low), high=trimmed(high))
            )
    return parts


def _of(figure: Figure, words: str) -> str:
    return f"{words} {out_of(figure.n, figure.d)}" if figure.d else f"{words}: {_(NO_DATA)}"


def show_stayed(looked: Looked) -> None:
    """Whether the returned have stayed, who dropped out again, and how long it all takes."""
    if _only_inside(looked):
        return
    left, right = st.columns([1, 1.1], gap="large")
    with left:
        _stayed(looked)
        _repeated(looked)
    with right:
        _durations(looked)
        _survival(looked)


def _stayed(looked: Looked) -> None:
    html.part(_("Върнати и останали"), _("всички върнати досега, по отсъствията и списъците след връщането"))
    of_days = {days: [looked.figure(f"returns_{outcome}_{days}") for outcome in OUTCOMES] for days in DAYS}
    if looked.view.disclosure.hides(*(answer.n for answers in of_days.values() for answer in answers)):
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    rows = []
    for days, answers in of_days.items():
        stayed, left, unknown, too_early = (int(answer.n or 0) for answer in answers)
        numbers = map(number, (left, unknown, too_early, answers[0].d or 0))
        rows.append((_("след {days}").format(days=counted(days, "ден")), bold(out_of(stayed, stayed + left)), *numbers))
    captions = [_("Кога"), _("Останали"), _("Напуснали пак"), _("Не се знае"), _("Рано е"), _("Всички върнати")]
    html.show(html.table(captions, rows, numbers=range(1, 6)))
    unlinked = int(looked.figure("returns_unlinked").n or 0)
    if unlinked and looked.is_inside:
        why = _("без ЕГН/ЛНЧ в регистъра или без дата на връщането")
        html.quiet(_("{unlinked} не може да се проследи: {why}.").format(unlinked=counted(unlinked, "случай"), why=why))


def _repeated(looked: Looked) -> None:
    repeated = looked.figure("cases_repeated")
    few = looked.view.disclosure.hides(repeated.n)
    words = _("{n} в действащите регистри").format(n=counted(int(repeated.n or 0), "случай"))
    html.part(repeated.metric.name, _(SMALL_ARE_HIDDEN) if few else words)
    if not looked.is_inside or not repeated.n:
        return
    again = repeat_dropouts(looked.store, looked.viewer, looked.day, looked.known_at, looked.view.scope)
    looked.saw(again["number"])
    rows = [
        (case.number, case.municipality, date_words(case.opened_on), date_words(case.returned_before),
         _("по регистъра") if case.flagged else _("по историята"))
        for case in each(again)
    ]  # fmt: skip
    html.show(html.table(["№", _("Община"), _("Сигнал"), _("Връщан преди"), _("Откъде се знае")], rows))


def _durations(looked: Looked) -> None:
    spans = durations(looked.store, looked.day, looked.known_at, looked.view.scope)
    html.part(
        _("Колко време минава"), _("за половината случаи, в календарни дни; и незавършените се броят, докато се знаят")
    )
    rows = [
        (span.name, _("още не е") if pd.isna(span.median) else counted(int(span.median), "ден"),
         *(number(looked.figure(f"cases_{part}_{span.what}").n) for part in ("timed", "waiting", "untimed")))
        for span in each(spans)
    ]  # fmt: skip
    captions = [_("Какво"), _("За половината"), _("Случаи"), _("Още не се е случило"), _("Не се знае")]
    if not looked.is_inside:
        captions, rows = captions[:3], [row[:3] for row in rows]
    html.show(html.table(captions, rows, numbers=range(1, len(captions))))


def _survival(looked: Looked) -> None:
    curves = survival(looked.store, looked.day, looked.known_at)
    html.part(_("Колко случая остават отворени"), _("дял от случаите без изход, по дни от сигнала"))
    if not curves:
        html.quiet(_("Твърде малко случаи за крива: трябват поне {FEWEST}.").format(FEWEST=FEWEST))
        return
    if not looked.is_inside:
        curves = dict([next(iter(curves.items()))])
    table = pd.concat([curve.assign(place=place) for place, curve in curves.items()])
    table = pd.DataFrame(
        {
            _("Къде"): table["place"],
            _("Ден"): table["time"].astype(int),
            _("Без изход, %"): (100 * table["surviving"]).round(1),
            _("Наблюдавани"): table["at_risk"].astype(int),
        }
    )
    says = _("Дял без изход: ") + ", ".join(
        _("{place} – {part} % след {iloc} дни").format(
            place=place, part=number(100 * curve["surviving"].iloc[-1]), iloc=int(curve["time"].iloc[-1])
        )
        for place, curve in curves.items()
    )
    picture(drawing(survival_curve, curves, height=420), "survival", says, table)


def show_signals(looked: Looked) -> None:
    """Entries that look as if they were written for the report: questions, not accusations."""
    if _only_inside(looked):
        return
    view = looked.view
    met_on = previous_meeting_day(looked.store, looked.day, looked.known_at)
    days = [*statutory_days(view.period), *([met_on] if met_on else [])]
    counts = signal_counts(looked.store, view.period, looked.day, looked.known_at, days, view.scope.municipality)
    html.part(_("Записи за проверка"), _("записи, които приличат на писани за отчета; въпрос, не обвинение"))
    if not counts:
        html.notice("good", _("Няма записи, които да пораждат въпрос."))
        return
    if not looked.is_inside:
        rows = [(_(name), number(counts[kind])) for kind, name in _SIGNALS.items() if kind in counts]
        total = (_("Всички"), number(sum(counts.values())))
        html.show(html.table([_("Какво"), _("Записи")], rows, numbers=[1], total=total))
        return
    entries = signals_of(looked.store, looked.viewer, view.period, looked.day, looked.known_at, days)
    if view.scope.municipality:
        entries = entries[entries["municipality"] == view.scope.municipality]
    looked.saw(number for numbers in entries["numbers"] for number in numbers)
    rows = [
        (_(_SIGNALS[signal.kind]), signal.words, _("няколко") if pd.isna(signal.municipality) else signal.municipality,
         ", ".join(signal.numbers), date_words(signal.date))
        for signal in each(entries)
    ]  # fmt: skip
    html.show(html.table([_("Какво"), _("Въпросът"), _("Община"), _("Случаи"), _("Дата")], rows))
