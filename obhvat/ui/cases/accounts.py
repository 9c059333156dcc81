"""How the cases add up: now, at the meeting before and a year ago; by municipality; by reason."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from obhvat.cases.children import doubts_of, lines_left_out
from obhvat.cases.reasons import REASONS, reason_mapping
from obhvat.charts import reconciliation_bars, waterfall
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.language import N_, _
from obhvat.meeting.meetings import previous_meeting_day
from obhvat.metrics import CASE_PARTS, figure, metric
from obhvat.metrics.accounts import SEVERAL, Accounts, by_municipality, moments, part_words
from obhvat.texts import NO_DATA, counted, listed, number
from obhvat.ui.cases.tables import Looked, each
from obhvat.ui.place_filters import WHOLE_OBLAST
from obhvat.ui.widgets import html
from obhvat.ui.widgets.picture import drawing, picture

_SMALL = N_("Под областта се показват само случаите в работа.")


def show(looked: Looked) -> None:
    """The reconciliation, where each part is from, and why children left."""
    if looked.is_closed:
        html.quiet(_(SMALL_ARE_HIDDEN), f" {_(_SMALL)}" if looked.is_narrow else "")
        return
    view = looked.view
    met_on = previous_meeting_day(looked.store, looked.day, looked.known_at)
    now, *before = moments(looked.store, view.period, view.scope, met_on, view.day)
    if view.is_press:
        total = figure(looked.store, "cases_total", view.period, view.scope, view.day)
        _for_press(now, view.disclosure.outcomes_together(total))
        return
    if _is_open(looked, now):
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    every = [now, *(then for then in before if not _is_open(looked, then))]
    if now.rejected:
        rows = _("; редовете са по-долу") if looked.is_inside else ""
        html.notice(
            "act",
            _("{lines} от регистъра, отделно в сбора: изходът не се знае{rows}.").format(
                lines=_lines(now.rejected), rows=rows
            ),
        )
    left, right = st.columns([1, 1.1], gap="large")
    with left:
        _waterfall(now)
    with right:
        _moments(every)
    if looked.is_inside and not looked.is_narrow:
        _places(looked)
    left, right = st.columns(2, gap="large")
    with left:
        if looked.is_inside:
            _ends(every)
        else:
            _places_outside(looked)
    with right:
        _reasons(looked)
    if looked.is_inside:
        _behind(looked, now)


def _is_open(looked: Looked, of: Accounts) -> bool:
    """Whether from the oblast's cases those of a municipality could be computed."""
    in_work, total = (
        figure(looked.store, name, of.period, looked.view.scope, of.day) for name in ("cases_in_work", "cases_total")
    )
    disclosure = looked.view.disclosure
    return disclosure.figure(in_work).is_hidden or disclosure.outcomes_together(total) is None


def _equation(now: Accounts) -> str:
    return listed(part_words(part.group, part.n) for part in now.by_group() if part.n)


def _lines(n: int) -> str:
    return _("{n} неприет ред").format(n=number(n)) if n == 1 else _("{n} неприети реда").format(n=number(n))


def _for_press(now: Accounts, together: frozenset[str] | None) -> None:
    """Printed numbers: as many together as keep the small ones from being computed."""
    if together is None:
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    html.part(_heading(now))
    rows = [(part.name, number(part.n)) for part in now.by_group() if part.key not in together]
    if together:
        rows.append((_("Други изходи"), number(sum(part.n for part in now.by_group() if part.key in together))))
    html.show(html.table([_("Изход"), _("Случаи")], rows, numbers=[1], total=(_("Всички"), number(now.total))))


def _heading(now: Accounts) -> str:
    return _("Разпределение на {total}").format(total=counted(now.total, "случай"))


def _waterfall(now: Accounts) -> None:
    html.part(_heading(now), _equation(now))
    shown = [part for part in now.by_group() if part.n]
    if not shown:
        html.quiet(_("Няма нито един случай в регистъра за този период."))
        return
    table = pd.DataFrame([(part.name, part.n) for part in now.by_group()], columns=[_("Част"), _("Случаи")])
    table.loc[len(table)] = [_("Всички"), now.total]
    drawn = drawing(waterfall, (_("Всички"), now.total), [(part.key, part.name, part.n) for part in shown])
    picture(drawn, "accounts", _("Водопад: {sentence}.").format(sentence=now.sentence), table)


def _moments(every: list[Accounts]) -> None:
    html.part(_("Сега и преди"), _("същото на предходното заседание и преди година"))
    columns = [
        (_title(accounts), [(part.key, part.name, part.n) for part in accounts.by_group() if part.n])
        for accounts in every
    ]
    names = {part.key: part.name for accounts in every for part in accounts.by_group()}
    table = pd.DataFrame({_("Част"): names.values()})
    for accounts in every:
        parts = {part.key: part.n for part in accounts.by_group()}
        table[_title(accounts)] = [parts.get(key, 0) for key in names]
    table.loc[len(table)] = [_("Всички"), *(accounts.total for accounts in every)]
    says = ". ".join(f"{_title(accounts)}: {accounts.sentence}" for accounts in every)
    picture(drawing(reconciliation_bars, columns), "moments", says, table)


def _title(accounts: Accounts) -> str:
    on_day = f"{accounts.day:%d.%m.%Y}"
    when = "" if on_day in accounts.label else _(", към {on_day}").format(on_day=on_day)
    period = accounts.period.short.replace(" ", "\u00a0")
    return f"{accounts.label}{when} ({period})"


def _places_outside(looked: Looked) -> None:
    """What the first page shows of municipalities, too: the cases in work, the small numbers hidden."""
    view = looked.view
    whole = figure(looked.store, "cases_in_work", view.period, view.scope, view.day)
    shown = view.disclosure.places(whole)
    # Hidden ones come last, by name: their place among the others would say how many they are.
    in_order = sorted(shown, key=lambda place: (shown[place].is_hidden, -(shown[place].value or 0), place))
    rows = [(municipality, shown[municipality].text) for municipality in in_order]
    has_hidden = any(of.is_hidden for of in shown.values())
    adds_up = (
        _("на малките числа се казва само порядъкът") if has_hidden else _("сборът на редовете е числото за областта")
    )
    html.part(_("По общини"), _("случаи в работа; {adds_up}").format(adds_up=adds_up))
    captions = [_("Община"), metric("cases_in_work").name]
    total = (_(WHOLE_OBLAST), view.disclosure.figure(whole).text)
    html.show(html.table(captions, rows, numbers=[1], total=total))


def _places(looked: Looked) -> None:
    """The same by municipality; each row and each column adds up."""
    view = looked.view
    municipalities = by_municipality(looked.store, view.period, view.scope, view.day).sort_values(
        ["total", "municipality"], ascending=[False, True], na_position="last"
    )
    optional = ("cases_rejected", "unknown")
    shown = [name for name in (*CASE_PARTS, "unknown", "total") if name not in optional or municipalities[name].sum()]
    others = {"unknown": _("Непознат статус"), "total": _("Всички")}
    captions = [others.get(name) or metric(name).name for name in shown]
    rows = [(row["municipality"], *(_cell(row[name]) for name in shown)) for row in municipalities.to_dict("records")]
    total = (_(WHOLE_OBLAST), *(_cell(municipalities[name].sum()) for name in shown))
    note = _("сборът на всеки ред и на всяка колона е числото в края им")
    if (municipalities["municipality"] == _(SEVERAL)).any():
        note += _("; „{SEVERAL}“ са редове, за които не се знае чии са").format(SEVERAL=_(SEVERAL))
    html.part(_("По общини"), note)
    html.show(html.table([_("Община"), *captions], rows, numbers=range(1, len(shown) + 1), total=total))


def _cell(n: float | None) -> str:
    return _(NO_DATA) if pd.isna(n) else number(n)


def _ends(every: list[Accounts]) -> None:
    """Every outcome there was, „в чужбина“ by how sure it is."""
    html.part(_("Подробно по изход"), _("„в чужбина“ по това колко е сигурно: документ, МВР или сведения на близки"))
    parts = [[part.n for part in accounts.parts] for accounts in every]
    names = [part.name for part in every[0].parts]
    rows = [(name, *map(number, ns)) for name, *ns in zip(names, *parts, strict=True) if any(ns)]
    total = (_("Всички"), *(number(accounts.total) for accounts in every))
    captions = [_("Изход"), *(_title(accounts) for accounts in every)]
    html.show(html.table(captions, rows, numbers=range(1, len(captions)), total=total))


def _reasons(looked: Looked) -> None:
    html.part(_("Защо"), _("причините по списъка на министерството, за всички случаи на периода"))
    without = looked.figure("cases_without_reason")
    numbers = {_(value.caption): looked.figure(f"cases_by_reason_{value.code}").n for value in REASONS}
    parts = looked.view.disclosure.kinds(
        {name: int(n or 0) for name, n in (numbers | {_("не е посочена"): without.n}).items()}
    )
    rows = [(name, shown.text) for name, shown in parts.items()]
    html.show(html.table([_("Причина"), _("Случаи")], rows, numbers=[1], total=(_("Всички"), number(without.d))))
    with st.expander(_("Кое за какво се приема"), type="compact"):
        mapping = reason_mapping()
        mapping.columns = [_("Казано"), _("По списъка на министерството"), _("Чий списък"), _("Бележка")]
        st.dataframe(mapping, hide_index=True, width="stretch", placeholder="–", key="reason-mapping")


def _behind(looked: Looked, now: Accounts) -> None:
    """The lines that were not accepted, and what may have been counted twice."""
    for note in now.notes:
        html.notice("mind", note)
    asked = looked.store, looked.viewer, now.day, looked.known_at, looked.view.scope
    left_out, doubts = lines_left_out(*asked), doubts_of(*asked)
    if len(left_out):
        html.part(_("Неприети редове"), _("какво не е прието и защо; поправете файла и го качете отново"))
        rows = [
            (row.file, number(row.line), row.why, "–" if pd.isna(row.municipality) else row.municipality)
            for row in each(left_out)
        ]
        html.show(html.table([_("Файл"), _("Ред"), _("Защо"), _("Община")], rows, numbers=[1]))
    if len(doubts):
        looked.saw(doubts["number"])
        html.part(_("Под въпрос"), _("може да е броено два пъти"))
        html.show(html.table([_("Случай"), _("Какво")], [(row.number, row.words) for row in each(doubts)]))
