"""The cases in work, and one of them: what was done, what comes next, and what a person adds. Inside only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from obhvat.cases.children import entries_of, register_tables
from obhvat.cases.entries import add_action, change_status, open_case, withdraw
from obhvat.cases.reach import may_open_in
from obhvat.datasets import dataset
from obhvat.language import _
from obhvat.people.places import party_of
from obhvat.reports.tables import write_workbook
from obhvat.texts import counted, day, ended, moment
from obhvat.ui.cases.tables import (
    Looked,
    documents_due,
    each,
    facts,
    next_words,
    open_cases_table,
    origin,
    timeline,
    words,
)
from obhvat.ui.looks import who_looked
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html, own_name
from obhvat.ui.widgets.form import NO_NAMES, captions, confirmed, do, drawn, show_written
from obhvat.ui.widgets.html import bold, tag

_CASE, _WANTED = "case", "case-wanted"
_MOST = 300


def show(looked: Looked) -> None:
    """The list, and the case chosen from it."""
    looked.saw([*looked.rows["number"], *looked.steps["number"]])
    _list(looked)
    numbers = list(looked.rows["number"])
    if not numbers:
        return
    wanted = st.session_state.pop(_WANTED, None)
    if wanted in numbers:
        st.session_state[_CASE] = wanted
    if st.session_state.get(_CASE) not in numbers:
        st.session_state[_CASE] = open_cases_table(looked)["№"].iloc[0] if len(looked.steps) else numbers[0]
    about = looked.rows.set_index("number", drop=False)

    def status_of(code: str) -> str:
        return words("cases", "status", code)

    chosen = st.selectbox(
        _("Случай"),
        numbers,
        key=_CASE,
        format_func=lambda n: (
            f"{n} · {about.at[n, 'municipality']} · {words('cases', 'status', about.at[n, 'status'])}"
        ),
    )
    _case(looked, about.loc[str(chosen)])


def _list(looked: Looked) -> None:
    table = open_cases_table(looked)
    html.part(_("Случаите в работа"), _("най-закъснелите отгоре; изберете ред, за да видите случая"))
    show_written()
    _owed(looked)
    key = f"cases-{looked.view.scope.municipality}-{looked.view.scope.school}-{drawn()}"

    def pick() -> None:
        if rows := st.session_state[key].selection.rows:
            st.session_state[_CASE] = table["№"].iloc[rows[0]]

    dates = st.column_config.DateColumn(format="DD.MM.YYYY")
    if len(table):
        st.dataframe(
            table.head(_MOST),
            hide_index=True,
            width="stretch",
            height=min(36 * (min(len(table), _MOST) + 1) + 2, 400),
            placeholder="–",
            key=key,
            on_select=pick,
            selection_mode="single-row",
            column_config={_("Срок"): dates, _("Последно действие"): dates},
        )
    else:
        html.notice("good", _("Няма случай в работа."))
    if looked.viewer.may("export"):
        st.download_button(
            _("Изтегли регистъра като Excel"),
            while_open("export", lambda: _workbook(looked)),
            _("случаи-{day:%Y-%m-%d}.xlsx").format(day=looked.day),
            icon=":material/download:",
            on_click="ignore",
            help=_("Случаите и действията заедно с въведеното тук; файлът може да се качи обратно."),
        )
    if looked.viewer.may("enter") and (places := _places(looked)):
        with st.expander(_("Нов случай по сигнал"), type="compact"):
            _new_case(looked, places)


def _owed(looked: Looked) -> None:
    """How many steps are owed by those for whom one looks; they stand first in the list."""
    owed = looked.steps[looked.steps["owner"] == party_of(looked.viewer)]
    if len(owed):
        late = int((owed["late"] > 0).sum())
        how_late = _(", с изтекъл срок – по {late}").format(late=late) if late else ""
        cases = bold(counted(len(owed), "случай"))
        html.show(tag("p", _("Следващата стъпка е ваша по "), cases, how_late, _(": те са отгоре.")))


def _places(looked: Looked) -> list[str]:
    """The municipalities in which who is looking may open a case by the address of the child."""
    places = sorted(looked.view.institutions["municipality"].unique())
    return [place for place in places if may_open_in(looked.viewer, place, _own_school(looked), None)]


def _own_school(looked: Looked) -> str | None:
    """Of whose pupils a school tells: its own."""
    return looked.viewer.given if looked.viewer.role.place == "school" else None


def _workbook(looked: Looked) -> bytes:
    municipality = looked.view.scope.municipality
    tables = register_tables(looked.store, looked.viewer, looked.day, looked.known_at, municipality)
    of_cases = dataset("cases")
    looked.saw(tables[of_cases.file_stem][of_cases["number"].caption], "export_cases")
    return write_workbook(
        tables,
        _("Регистър на случаите и действията към {day}, {place}\nИзтеглен на {known_at} от {current_user}").format(
            day=day(looked.day),
            place=looked.view.place,
            known_at=moment(looked.known_at),
            # Where a file is made no session can be asked.
            current_user=looked.viewer.person,
        ),
    )


def _case(looked: Looked, case: pd.Series) -> None:
    number = str(case["number"])
    looked.saw([number], "case")
    step = looked.steps[looked.steps["number"] == number]
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        html.part(_("Случай {number}").format(number=number), _("към {day}").format(day=day(looked.day)))
        who_looked(looked.store, looked.view, "case", cases=[number])
        if len(step):
            html.notice(*next_words(step.iloc[0]))
        html.show(facts(looked, case))
        rows = timeline(looked, number)
        if rows:
            html.show(
                html.table(
                    [_("Дата"), _("Стъпка"), _("Кой"), _("Контакт"), _("Резултат и какво следва"), _("Откъде е")], rows
                )
            )
        else:
            html.notice("act", _("По случая няма нито едно действие."))
        documents = documents_due(case, looked.actions_of(number))
        if documents:
            html.part(_("Документи"), _("които случаят трябва да има дотук"))
            html.show(html.bullets(documents))
        entries = entries_of(looked.store, looked.viewer, number, looked.known_at, looked.day)
        where = origin(looked, case["slice_id"], case["line"], case["opened_entry"], entries)
        html.quiet(_("Случаят е от: {where}.").format(where=where))
        _entries(looked, entries)
    if looked.viewer.may("enter"):
        with right:
            _add_step(looked, case)
            _set_status(looked, case)


def _entries(looked: Looked, entries: pd.DataFrame) -> None:
    """What was entered here about the case; one's own can be taken back."""
    if entries.empty:
        return
    html.part(_("Въведено тук"), _("нищо не се изтрива: оттегленото остава в историята"))
    for entry in each(entries):
        told, button = st.columns([5, 1], vertical_alignment="center")
        mark = {"withdrawn": _(" – оттеглено"), "uploaded": _(" – важи регистърът"), "entered": _(" – важи въведеното")}
        with told:
            html.show(
                tag(
                    "span",
                    bold(entry.words),
                    f" – {entry.entered_by}, {moment(entry.entered_at)}{mark.get(entry.mark, '')}",
                )
            )
        own = entry.mark != "withdrawn" and looked.viewer.may("enter") and looked.viewer.may_withdraw(entry.entered_by)
        if own and button.button(_("Оттегли"), key=f"withdraw-{entry.entry_id}"):
            do(
                lambda n=entry.entry_id: withdraw(looked.store, n, viewer()),
                _("Оттеглено: {words}.").format(words=entry.words),
            )


def _add_step(looked: Looked, case: pd.Series) -> None:
    number, n = str(case["number"]), drawn()
    html.part(_("Ново действие"), _(NO_NAMES))
    own_name.show()
    kinds, contacts = captions("actions", "kind"), captions("actions", "contact")
    who, own = captions("actions", "institutions"), party_of(looked.viewer)
    with st.form(f"step-{number}-{n}", border=True):
        left, right = st.columns(2)
        kind = left.selectbox(
            _("Вид действие"), [*kinds], None, format_func=kinds.__getitem__, placeholder=_("Изберете"), key=f"kind-{n}"
        )
        on = right.date_input(
            _("Дата"), looked.day, min_value=case["opened_on"].date(), max_value=_today(looked), format="DD.MM.YYYY",
            key=f"on-{n}",
        )  # fmt: skip
        institutions = st.multiselect(
            _("Участвали институции"), [*who], [own] if own else None, format_func=who.__getitem__,
            placeholder=_("Изберете"), key=f"who-{n}",
        )  # fmt: skip
        left, right = st.columns(2)
        contact = left.selectbox(
            _("Осъществен контакт"), [*contacts], None, format_func=contacts.__getitem__,
            placeholder=_("няма опит"), key=f"contact-{n}",
        )  # fmt: skip
        team = right.text_input(_("Екип"), placeholder=_("Екип 3"), key=f"team-{n}")
        result = st.text_input(_("Резултат"), placeholder=_("без имена"), key=f"result-{n}", max_chars=300)
        is_own = st.radio(
            _("Кой вижда резултата"),
            [False, True],
            format_func=lambda own: _("само моята институция") if own else _("всички институции"),
            horizontal=True,
            key=f"note-{n}",
            help=_(
                "Резултат само за институцията Ви не се казва на другите и не влиза в изтегления регистър. Вижда го и "
                "експертът от РУО, който отговаря за регистъра (чл. 5 и 24 от ОРЗД): каквото законът не позволява да "
                "се каже и на него, не се записва тук."
            ),
        )
        left, right = st.columns([1.6, 1])
        next_step = left.text_input(_("Следваща стъпка"), placeholder=_("без имена"), key=f"next-{n}", max_chars=300)
        due = right.date_input(
            _("Срок"), None, min_value=case["opened_on"].date(), max_value=_today(looked) + timedelta(days=366),
            format="DD.MM.YYYY", key=f"due-{n}",
        )  # fmt: skip
        no_names = confirmed("step")
        if not st.form_submit_button(_("Запиши действието"), type="primary", icon=":material/save:"):
            return
    if kind is None or not isinstance(on, date):
        html.notice("act", _("Изберете вида на действието и датата му."))
        return
    do(
        lambda: add_action(
            looked.store,
            number,
            on,
            kind,
            institutions=institutions,
            contact=contact,
            team=team.strip() or None,
            result=result.strip() or None,
            next_step=next_step.strip() or None,
            next_due=due if isinstance(due, date) else None,
            is_own_note=bool(is_own),
            confirmed=no_names,
            viewer=viewer(),
        ),
        ended(
            _("Записано по {number}: {kinds}, {on}{when_seen}").format(
                number=number, kinds=kinds[kind], on=day(on), when_seen=_when_seen(looked, on)
            )
        ),
        "step",
    )


def _set_status(looked: Looked, case: pd.Series) -> None:
    number, n = str(case["number"]), drawn()
    html.part(_("Нов статус"), _("сега: {words}").format(words=words("cases", "status", case["status"])))
    statuses, sure = captions("cases", "status"), captions("cases", "confidence")
    with st.form(f"status-{number}-{n}", border=True):
        status = st.selectbox(
            _("Статус"),
            [*statuses],
            None,
            format_func=statuses.__getitem__,
            placeholder=_("Изберете"),
            key=f"status-{n}",
        )
        left, right = st.columns(2)
        on = left.date_input(
            _("От дата"), looked.day, min_value=case["opened_on"].date(), max_value=_today(looked), format="DD.MM.YYYY",
            key=f"status-on-{n}",
        )  # fmt: skip
        confidence = right.selectbox(
            _("Потвърждение"), [*sure], None, format_func=sure.__getitem__, placeholder=_("няма"), key=f"sure-{n}"
        )
        if not st.form_submit_button(_("Запиши статуса"), icon=":material/save:"):
            return
    if status is None or not isinstance(on, date):
        html.notice("act", _("Изберете статуса и датата му."))
        return
    do(
        lambda: change_status(looked.store, number, status, on, confidence=confidence, viewer=viewer()),
        ended(
            _("Записано по {number}: {statuses} от {on}{when_seen}").format(
                number=number, statuses=statuses[status], on=day(on), when_seen=_when_seen(looked, on)
            )
        ),
    )


def _new_case(looked: Looked, places: list[str]) -> None:
    n = drawn()
    categories, reasons, sources = (captions("cases", name) for name in ("category", "reason", "source"))
    with st.form(f"new-{n}", border=False):
        columns = st.columns([1.3, 1.5, 1, 0.8, 1.4, 1])
        home = columns[0].selectbox(_("Община по адрес"), places, None, placeholder=_("Изберете"), key=f"new-place-{n}")
        category = columns[1].selectbox(
            _("Категория"), [*categories], None, format_func=categories.__getitem__, placeholder=_("Изберете"),
            key=f"new-category-{n}",
        )  # fmt: skip
        on = columns[2].date_input(
            _("Дата на сигнала"), looked.day, min_value=date(2017, 9, 1), max_value=_today(looked), format="DD.MM.YYYY",
            key=f"new-on-{n}",
        )  # fmt: skip
        grade = columns[3].selectbox(_("Випуск"), range(1, 13), None, placeholder=_("няма"), key=f"new-grade-{n}")
        reason = columns[4].selectbox(
            _("Причина"), [*reasons], None, format_func=reasons.__getitem__, placeholder=_("не е известна"),
            key=f"new-reason-{n}",
        )  # fmt: skip
        source = columns[5].selectbox(
            _("Източник"),
            [*sources],
            None,
            format_func=sources.__getitem__,
            placeholder=_("няма"),
            key=f"new-source-{n}",
        )
        html.quiet(_("Номерът се дава от програмата. "), _(NO_NAMES))
        if not st.form_submit_button(_("Открий случая")):
            return
    if home is None or category is None or not isinstance(on, date):
        html.notice("act", _("Изберете общината, категорията и датата на сигнала."))
        return

    def make() -> str:
        number = open_case(
            looked.store,
            municipality=home,
            category=category,
            opened_on=on,
            school=_own_school(looked),
            grade=grade,
            reason=reason,
            source=source,
            viewer=viewer(),
        )
        st.session_state[_WANTED] = number
        return number

    said = _("Открит е случай {{}}, {on}{when_seen}").format(on=day(on), when_seen=_when_seen(looked, on))
    do(make, ended(said))


def _today(looked: Looked) -> date:
    return max(datetime.now().date(), looked.day)


def _when_seen(looked: Looked, on: date) -> str:
    last = looked.view.period.last
    return _("; ще се вижда в периодите след {last}").format(last=day(last)) if on > last else ""
