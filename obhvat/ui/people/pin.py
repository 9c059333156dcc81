"""„ПИН и заключване“ of the settings: setting, changing and taking away the PIN."""

from __future__ import annotations

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.people import pin
from obhvat.texts import counted
from obhvat.ui.people import lock
from obhvat.ui.session import is_together, store_path
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

PART = N_("ПИН и заключване")
_SAID = "said-of-pin"


def show() -> None:
    """What the PIN is for, and the one form; where people sign in, that there is none."""
    if is_together():
        html.quiet(_("ПИН е за който работи сам на компютъра си. Тук всеки влиза със своето име."))
        return
    path, has = store_path(), lock.is_set()
    quiet = counted(lock.QUIET_MINUTES, "минута")
    if has:
        html.show(tag("p", _("ПИН "), bold(_("е зададен")), "."))
    else:
        html.show(tag("p", _("ПИН "), bold(_("не е зададен")), _(": програмата е отворена за всеки на този екран.")))
    html.quiet(
        _(
            "С ПИН се отварят вътрешният изглед, „Заседание“, „Качване“, „Данни“ и „Настройки“. "
            "Заключва се след {quiet} без работа, при режим за залата и с „Заключи“ горе вдясно; решенията в залата "
            "се записват и тогава. След десет грешни опита се чака все по-дълго."
        ).format(quiet=quiet)
    )
    if said := st.session_state.pop(_SAID, ""):
        html.notice("good", said)
    with st.form("set-pin", border=False, clear_on_submit=True), st.container(width=420):
        now = _asked(_("Сегашен ПИН"), "pin-now") if has else ""
        new = _asked(_("Нов ПИН ({LEAST}–{MOST} цифри)").format(LEAST=pin.LEAST, MOST=pin.MOST), "pin-new")
        again = _asked(_("Новият ПИН още веднъж"), "pin-again")
        bar = st.container(horizontal=True, gap="small")
        sets = bar.form_submit_button(_("Смени ПИН") if has else _("Задай ПИН"), type="primary")
        clears = has and bar.form_submit_button(_("Премахни ПИН"))
    html.quiet(
        _("Забравен ПИН се премахва от този компютър и този потребител в командния ред с „{command}“.").format(
            command="obhvat pin clear"
        )
    )
    if not sets and not clears:
        return
    try:
        if has:
            lock.open_with(now)
        if clears:
            pin.clear_pin(path)
        elif new != again:
            raise ObhvatError(_("Двата пъти ПИН е различен. Напишете го отново."))
        else:
            pin.set_pin(path, new)
            lock.let_in()
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state[_SAID] = _("ПИН е премахнат.") if clears else _("Новият ПИН е в сила.")
    st.rerun()


def _asked(label: str, key: str) -> str:
    return st.text_input(label, type="password", key=key, autocomplete="off") or ""
