"""The copies of the store: how old the last one is, making one, and where they are."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.people import copying
from obhvat.store import Store, copies
from obhvat.store.backup import what_a_copy_is
from obhvat.store.copies import KEPT_DAYS, KEPT_MONTHS, KEPT_WEEKS, Copy
from obhvat.store.owner import is_private
from obhvat.store.pseudonyms import key_path
from obhvat.texts import counted, moment, size
from obhvat.ui.session import daily_copies, viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_SAID = "said-of-copies"
_OLD = 7


def show(store: Store) -> None:
    """The last copy, a button for another, and the settings."""
    html.part(_("Копия на базата"), _("всичко записано в един файл; връща се, ако базата се повреди или изгуби"))
    made = copies.copies(store)
    _last(store, made)
    if kind_and_words := st.session_state.pop(_SAID, None):
        html.notice(*kind_and_words)
    if daily_copies.failed:
        html.notice("act", _("Дневното копие не е направено. {failed}").format(failed=daily_copies.failed))
    bar = st.container(horizontal=True, gap="medium", vertical_alignment="center")
    if bar.button(_("Направи копие сега"), icon=":material/backup:", key="copy"):
        _make(store)
        st.rerun()
    wanted = copies.is_daily(store)
    daily = bar.toggle(
        _("По едно копие на ден, ако е записано нещо ново"),
        value=wanted,
        key="daily-copies",
        help=_(
            "Прави се само докато програмата работи. От дневните копия остава последното за всеки от "
            "последните {KEPT_DAYS}, {KEPT_WEEKS} и {KEPT_MONTHS} с копие; по-старите се изтриват. "
            "Направените с бутона не се изтриват."
        ).format(
            KEPT_DAYS=counted(KEPT_DAYS, "ден"),
            KEPT_WEEKS=counted(KEPT_WEEKS, "седмица"),
            KEPT_MONTHS=counted(KEPT_MONTHS, "месец"),
        ),
    )
    if daily != wanted:
        copying.choose_daily(store, viewer(), daily)
        st.rerun()
    with st.expander(_("Папка, връщане и кои копия има"), type="compact"):
        _details(store, made)


def _last(store: Store, made: list[Copy]) -> None:
    recorded = store.last_recorded()
    if not made:
        words = _("Няма копие. Ако файлът на базата се повреди или изгуби, записаното не може да се върне.")
        html.notice("mind", words)
        return
    now = datetime.now()
    known = copies.made_until(store, now)
    if not known:
        words = _(
            "Последното копие е с дата напред, {made_at}: часовникът на компютъра е бил напред. Дали след него има "
            "нови записи, не се знае; направете копие."
        ).format(made_at=moment(made[0].made_at))
        html.notice("mind", words)
        return
    last = known[0]
    is_behind = recorded is not None and recorded > last.made_at
    since = _("След него има нови записи.") if is_behind else _("След него не е записвано нищо.")
    words = [
        bold(_("Последното копие е {age}").format(age=_age(last.made_at))),
        _(" – от {made_at}, {size}. {since}").format(made_at=moment(last.made_at), size=size(last.size), since=since),
    ]
    if is_behind and (now - last.made_at).days >= _OLD:
        html.notice("mind", *words)
    else:
        html.show(tag("p", *words))


def _age(made_at: datetime) -> str:
    """„отпреди 3 часа“"""
    age = datetime.now() - made_at
    if age.days:
        return _("отпреди {days}").format(days=counted(age.days, "ден"))
    hours = age.seconds // 3600
    return _("отпреди {hours}").format(hours=counted(hours, "час")) if hours else _("отпреди по-малко от час")


def _make(store: Store) -> None:
    try:
        with st.spinner(_("Прави се копие и се чете цялото…")):
            copy = copying.make(store, viewer(), datetime.now())
    except ObhvatError as error:
        st.session_state[_SAID] = ("act", str(error))
        return
    words = _("Копието е в „{path}“ и е прочетено цяло.").format(path=copy.path)
    if not is_private(copy.path):
        words += _(" Тази папка не пази права: копието може да се прочете от всеки, който има достъп до нея.")
    st.session_state[_SAID] = ("good", words)


def _details(store: Store, made: list[Copy]) -> None:
    folder = str(copies.folder_of(store))
    chosen = st.text_input(
        _("Папка за копията"), value=folder, key="copies-folder", help=_("Празно поле е папката до базата.")
    )
    if chosen != folder:
        try:
            copying.choose_folder(store, viewer(), chosen)
        except ObhvatError as error:
            html.notice("act", str(error))
        else:
            st.rerun()
    html.quiet(what_a_copy_is(key_path(store.path).name))
    path = made[0].path if made else _("КОПИЕ")
    html.show(
        tag(
            "p",
            _(
                "Връщането спира работата на всички за малко и крие записаното след копието, затова се прави "
                "с команда, която първо казва какво излиза от изглед: "
            ),
            tag("code", f'obhvat restore "{path}" --store "{store.path}"'),
        )
    )
    if made:
        st.dataframe(
            pd.DataFrame(
                {
                    _("Направено на"): [f"{copy.made_at:%d.%m.%Y %H:%M}" for copy in made],
                    _("Как"): [_how(copy) for copy in made],
                    _("Големина"): [size(copy.size) for copy in made],
                    _("Файл"): [copy.path.name for copy in made],
                }
            ),
            hide_index=True,
            alt=_("Копията в папката"),
        )


def _how(copy: copies.Copy) -> str:
    if copy.is_of_older:
        return _("преди обновяване")
    return _("дневно") if copy.is_daily else _("поискано")
