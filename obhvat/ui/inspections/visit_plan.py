"""Where to go next: schools in the order they should be checked, the week's plan, and what became of earlier ones."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from obhvat.charts import cumulative_coverage, quadrant
from obhvat.inspections.coverage import coverage, cumulative
from obhvat.inspections.next_visits import (
    DONE_RULE,
    ROTATION,
    SCORE,
    STATES,
    plan_of,
    plan_summary,
    planned_against_done,
    ranking,
    save_plan,
    week_of,
)
from obhvat.language import BULGARIAN, _, speaking
from obhvat.metrics import figure
from obhvat.periods import Period, month_of
from obhvat.reports.visit_order import order_document, order_workbook, week_words
from obhvat.scope import oblast_name
from obhvat.scope.days import cases_known_until, checks_day, checks_known_until, default_period
from obhvat.store import Store
from obhvat.texts import counted, day, lowered, moment, number, out_of, percent
from obhvat.ui.filters import View
from obhvat.ui.inspections.draft import Draft
from obhvat.ui.inspections.tables import each
from obhvat.ui.inspections.whole_ranking import whole_ranking
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import drawing, picture
from obhvat.ui.widgets.schools import clicked_row, point_clicked, unique_names

_VISITS, _MOST = 8, 20
_DRAFT, _ADD, _WEEK, _CAPACITY = "visit-draft", "visit-add", "visit-week", "visits-a-week"


def planning_day(store: Store, view: View) -> date:
    """The day schools are ranked on: what is known of checks ends there, whatever period is looked at."""
    today = view.scope.moment.date()
    return checks_day(store, today, view.scope.moment)


def next_week(store: Store, view: View) -> date:
    """The Monday after the newest data of checks and cases."""
    newest = cases_known_until(store, month_of(planning_day(store, view)), view.scope.moment)
    return week_of(newest) + timedelta(days=7)


def show(store: Store, view: View) -> None:
    """The part „План за проверки“ of the page."""
    if view.is_press:
        html.quiet(_("Планът за проверките не е за пресата."))
        return
    today = planning_day(store, view)
    ranked = ranking(store, today, view.scope.moment)
    if ranked.empty:
        html.notice("mind", _("Няма училища в регистъра, които да се подредят."))
        return
    draft = _choose_week(store, ranked, view)
    saved = plan_of(store, draft.week, view.scope.moment)
    inside = view.is_inside and view.viewer.may("plan") and not view.is_narrow
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        if inside:
            _edit(store, draft, saved, ranked, today, view)
        else:
            _read(draft, saved, ranked, view)
    with right:
        _quadrant(store, ranked, draft, saved, inside, view)
    _against_done(store, view)
    whole_ranking(ranked, today, view)


def _choose_week(store: Store, ranked: pd.DataFrame, view: View) -> Draft:
    """The week and how many visits it has room for; a week's draft begins with its saved plan, else as proposed."""
    codes = ranked["school"].tolist()
    left, middle, _unused = st.columns([1, 2, 1.4], gap="large", vertical_alignment="bottom")
    chosen = left.date_input(_("Седмица на"), next_week(store, view), format="DD.MM.YYYY", key=_WEEK)
    week = week_of(chosen if isinstance(chosen, date) else next_week(store, view))
    draft = st.session_state.get(_DRAFT)
    if not isinstance(draft, Draft) or draft.week != week:
        draft = _begin(store, week, codes, view)
        st.session_state[_DRAFT] = draft
        st.session_state[_CAPACITY] = min(max(len(draft.schools), 1), _MOST)
    st.session_state.setdefault(_CAPACITY, min(max(len(draft.schools), 1), _MOST))
    middle.slider(
        _("Колко проверки могат експертите през седмицата"),
        1,
        _MOST,
        key=_CAPACITY,
        on_change=lambda: draft.fit(codes, st.session_state[_CAPACITY]),
    )
    return draft


def _begin(store: Store, week: date, codes: list[str], view: View) -> Draft:
    saved = plan_of(store, week, view.scope.moment)
    if len(saved):
        by_hand = set(saved.loc[saved["added_by_hand"], "school"])
        return Draft(week, saved["school"].tolist(), by_hand)
    return Draft(week, codes[:_VISITS])


def _rows(schools: list[str], ranked: pd.DataFrame, saved: pd.DataFrame) -> pd.DataFrame:
    """The plan's rows in its order: school, name, settlement, municipality, reason. A school that is no longer ranked
    is said as it was saved."""
    columns = ["school", "name", "settlement", "municipality", "reason"]
    either = pd.concat([ranked[columns], saved[columns]]).drop_duplicates("school").set_index("school", drop=False)
    return either.loc[[code for code in schools if code in either.index], columns].reset_index(drop=True)


def _status(draft: Draft, saved: pd.DataFrame) -> None:
    if saved.empty:
        html.quiet(_("Планът още не е запазен: това е предложението по подреждането."))
        return
    who, at, versions = saved.iloc[0][["entered_by", "entered_at", "versions"]]
    again = _(", запазван {versions} пъти").format(versions=number(versions)) if versions > 1 else ""
    html.quiet(_("Запазен от {who} на {at}{again}.").format(who=who, at=moment(at), again=again))
    if draft.schools != saved["school"].tolist():
        html.notice("mind", _("Има промени, които не са запазени."))


def _edit(store: Store, draft: Draft, saved: pd.DataFrame, ranked: pd.DataFrame, today: date, view: View) -> None:
    codes = ranked["school"].tolist()
    html.part(
        _("План за седмицата {week_words}").format(week_words=week_words(draft.week)),
        _("{schools} по реда на посещенията").format(schools=counted(len(draft.schools), "училище")),
    )
    _status(draft, saved)
    rows = _rows(draft.schools, ranked, saved)
    for n, row in enumerate(each(rows), start=1):
        visit, buttons = st.columns([3, 1], gap="small", vertical_alignment="center")
        note = tag("span", _("добавено от експерт"), css="badge") if row.school in draft.by_hand else ""
        with visit:
            html.show(
                tag(
                    "div",
                    tag("b", f"{n}. {view.name_of(row.school)}"),
                    f" · {row.municipality} ",
                    note,
                    tag("small", row.reason),
                    css="visit",
                )
            )
        bar = buttons.container(horizontal=True, gap="xsmall", horizontal_alignment="right", wrap=False)
        for sign, what, act in (
            ("↑", _("Нагоре"), lambda code=row.school: draft.move(code, -1)),
            ("↓", _("Надолу"), lambda code=row.school: draft.move(code, 1)),
            ("✕", _("Премахни"), lambda code=row.school: draft.remove(code)),
        ):
            edge = (sign == "↑" and n == 1) or (sign == "↓" and n == len(rows))
            bar.button(
                sign,
                help=f"{what}: {view.name_of(row.school)}",
                key=f"{what}-{row.school}",
                on_click=act,
                disabled=edge,
            )
    _room(draft, codes)
    left = ranked[~ranked["school"].isin(draft.schools)]
    names = {
        r.school: _("{name_of} – № {place} по ред").format(name_of=view.name_of(r.school), place=r.place)
        for r in each(left)
    }

    def add() -> None:
        if code := st.session_state[_ADD]:
            draft.add(code)
            st.session_state[_ADD] = None

    st.selectbox(
        _("Добави училище"),
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=_("Изберете или пишете част от името"),
        key=_ADD,
        on_change=add,
    )
    bar = st.container(horizontal=True, gap="small")
    with speaking(BULGARIAN):
        rows, notes = _rows(draft.schools, ranking(store, today, view.scope.moment), saved), _notes(today, view)
    if bar.button(_("Запази плана"), type="primary", icon=":material/save:", disabled=rows.empty):
        visits = [(row.school, row.reason, row.school in draft.by_hand) for row in each(rows)]
        save_plan(store, draft.week, visits, viewer())
        st.rerun()
    stem = _("проверки-{week:%Y-%m-%d}").format(week=draft.week)
    bar.download_button(
        _("Списък за заповед"),
        lambda: order_document(rows, draft.week, oblast_name(store), notes),
        f"{stem}.docx",
        icon=":material/description:",
        on_click="ignore",
        disabled=rows.empty,
    )
    bar.download_button(
        "Excel",
        lambda: order_workbook(rows, draft.week, notes),
        f"{stem}.xlsx",
        icon=":material/download:",
        on_click="ignore",
        disabled=rows.empty,
    )
    bar.button(_("Върни предложението"), icon=":material/undo:", on_click=lambda: _propose_again(draft, codes))


def _room(draft: Draft, codes: list[str]) -> None:
    """How the plan compares with what the experts can do."""
    free = st.session_state[_CAPACITY] - len(draft.schools)
    if free > 0:
        bar = st.container(horizontal=True, gap="small", vertical_alignment="center")
        bar.button(
            _("Допълни от подреждането с още {free}").format(free=number(free)),
            icon=":material/playlist_add:",
            on_click=lambda: draft.fit(codes, st.session_state[_CAPACITY]),
        )
    elif free < 0:
        html.notice(
            "mind", _("Планът е с {free} повече, отколкото могат експертите.").format(free=counted(-free, "проверка"))
        )


def _propose_again(draft: Draft, codes: list[str]) -> None:
    draft.schools, draft.by_hand, draft.removed = [], set(), set()
    draft.fit(codes, st.session_state[_CAPACITY])


def _notes(today: date, view: View) -> str:
    return _(
        "Подредено по риск, време от последната проверка, неизпълнени препоръки и разлика с дневника към "
        "{today}\n{ROTATION}\nДанните са към {moment}"
    ).format(today=day(today), ROTATION=_(ROTATION), moment=moment(view.scope.moment))


def _read(draft: Draft, saved: pd.DataFrame, ranked: pd.DataFrame, view: View) -> None:
    """For those who do not make the plan: the saved one, else what is proposed."""
    scope = view.scope
    if len(saved):
        rows = _rows(saved["school"].tolist(), ranked, saved)
        title, note = (
            _("План за седмицата {week_words}").format(week_words=week_words(draft.week)),
            _("запазен, по реда на посещенията"),
        )
    else:
        rows = ranked
        title, note = (
            _("Предложение за седмицата {week_words}").format(week_words=week_words(draft.week)),
            _("план още не е запазен"),
        )
    if scope.school:
        rows = rows[rows["school"] == scope.school]
    elif scope.municipality:
        rows = rows[rows["municipality"] == scope.municipality]
    if saved.empty:
        # Their order would say which of two has the larger share.
        rows = rows.head(st.session_state[_CAPACITY]).sort_values(["municipality", "name"])
    html.part(title, note)
    if rows.empty:
        html.quiet(_("В плана няма училище оттук."))
    html.show(
        *(
            tag("div", tag("b", f"{n}. {view.name_of(r.school)}"), f" · {r.municipality}", tag("small", r.reason),
                css="visit")
            for n, r in enumerate(each(rows), start=1)
        )
    )  # fmt: skip
    if view.is_inside:
        html.quiet(_("Планът е за цялата област: прави се, когато е избрана „Цялата област“."))


def _quadrant(store: Store, ranked: pd.DataFrame, draft: Draft, saved: pd.DataFrame, inside: bool, view: View) -> None:
    html.part(_("Риск и време"), _("дял ученици над месечния праг; границите: средното за областта и средното училище"))
    period = default_period(store, view.scope.moment)
    over = figure(store, "pupils_over_threshold", period, view.scope.of_oblast) if period else None
    sizes = over.counted.set_index("school")["d"] if over is not None and over.has_data else pd.Series(dtype=float)
    shares = view.disclosure.places(over, "school") if over is not None else {}
    hidden = {code for code, share in shares.items() if share.is_hidden}
    shown = ranked[~ranked["school"].isin(hidden)]
    planned = draft.schools if inside or saved.empty else saved["school"].tolist()
    names = unique_names(view, shown["school"])
    points = pd.DataFrame(
        {
            "name": shown["school"].map(names),
            "days": shown["days_since"].where(shown["last_check"].notna()),
            "risk": shown["risk"],
            "pupils": shown["school"].map(sizes),
            "chosen": shown["school"].isin(planned),
        }
    )
    placed = points.dropna(subset="risk")
    if placed.empty:
        html.quiet(_("Няма изпратени отсъствия, от които да се види рискът."))
        return
    table = pd.DataFrame(
        {
            _("Училище"): placed["name"],
            _("Дни от последната проверка"): placed["days"],
            _("Над прага"): [percent(risk, 1, 1) for risk in placed["risk"]],
            _("В плана"): placed["chosen"],
        }
    )
    limit = float(ranked["oblast_risk"].iloc[0])
    says = _("Училища по риск и време от последната проверка; средно за областта {limit} над прага.").format(
        limit=percent(limit, 1, 1)
    )
    picture(
        drawing(quadrant, points, limit, float(ranked["days_since"].median())),
        "quadrant",
        says,
        table,
        on_select=point_clicked("quadrant", names),
    )
    if hidden & set(ranked["school"]):
        html.quiet(_("Училищата, от чийто дял може да се познае дете, не са показани."))
    html.show(tag("p", bold(_("Как се подрежда. ")), _(SCORE)), tag("p", bold(_("Никое не се забравя. ")), _(ROTATION)))


def _against_done(store: Store, view: View) -> None:
    """What became of earlier plans, and how far the coverage is."""
    year = Period(view.period.start_year, "year")
    planned = planned_against_done(store, year, view.scope.moment)
    if view.scope.municipality:
        planned = planned[planned["municipality"] == view.scope.municipality]
    if view.scope.school:
        planned = planned[planned["school"] == view.scope.school]
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        html.part(_("Планирано и направено"), f"{year.label}; {lowered(_(DONE_RULE))}")
        if planned.empty:
            html.quiet(_("За тази учебна година още няма запазен план."))
        else:
            summary = plan_summary(planned)
            rows = [
                [week_words(r.week), number(r.planned), number(r.done), number(r.missed), number(r.waiting)]
                for r in each(summary)
            ]
            whole = ("visits_planned", *(f"visits_planned_as_{state}" for state in STATES))
            total = [_("Всички"), *(number(figure(store, of, year, view.scope).n) for of in whole)]
            captions = [_("Седмица"), _("Планирани"), _("Проверени"), _("Непроверени"), _("Още не се знае")]
            html.show(html.table(captions, rows, numbers=range(1, 5), total=total))
            table = pd.DataFrame(
                {
                    _("Седмица от"): pd.to_datetime(planned["week"]),
                    _("Ред"): planned["place"],
                    _("Училище"): [view.name_of(code) for code in planned["school"]],
                    _("Изпълнение"): planned["state"].map(STATES).map(_),
                    _("Проверено на"): planned["done_on"],
                }
            )
            clicked_row(view, table, planned["school"].tolist(), "planned", 250 if len(table) > 6 else None)
    with right:
        _cumulative(store, planned, year, view)


def _cumulative(store: Store, planned: pd.DataFrame, year: Period, view: View) -> None:
    html.part(
        _("Натрупано покритие"), _("различни проверени училища през {label}, спрямо плана").format(label=year.label)
    )
    rows = coverage(store, year, view.scope)
    done = cumulative(store, year, view.scope)
    checked = figure(store, "schools_inspected", year, view.scope)
    until = checks_known_until(store, view.scope.moment)
    done = done[done["date"] <= pd.Timestamp(until)] if until else done.iloc[:0]
    if done.empty:
        html.quiet(_("За тази учебна година няма качени проверки."))
        return
    plan = _if_done(rows, planned)
    table = pd.concat([done.assign(what=_("проверени")), plan.assign(what=_("по план"))])[["date", "what", "n"]]
    table = table.assign(date=pd.to_datetime(table["date"]).dt.strftime("%d.%m.%Y"))
    table.columns = [_("До"), _("Какво"), _("Училища")]
    says = _("Проверени до {max:%d.%m.%Y}: {n}.").format(
        max=done["date"].max(), n=out_of(checked.n, checked.d, "училище")
    )
    picture(drawing(cumulative_coverage, done, plan, int(checked.d or 0)), "cumulative", says, table)


def _if_done(rows: pd.DataFrame, planned: pd.DataFrame) -> pd.DataFrame:
    """Where the plans lead: by each Friday the schools checked before its week and those of the plans so far."""
    reached: list[tuple[date, int]] = []
    seen: set[str] = set()
    inside = planned[planned["school"].isin(rows["code"])]
    for week, of_week in inside.groupby("week"):
        begins = date.fromisoformat(str(week))
        checked = set(rows.loc[rows["first_check"] < pd.Timestamp(begins), "code"])
        if not reached:
            reached.append((begins, len(checked)))
        seen |= set(of_week["school"])
        reached.append((begins + timedelta(days=4), len(checked | seen)))
    return pd.DataFrame(reached, columns=["date", "n"])
