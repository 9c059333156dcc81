"""The Word forms of the documents: a person takes one, changes it in Word, and gives it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from obhvat.language import N_, _
from obhvat.reports.forms import all_forms, change_form, form_in_force
from obhvat.reports.forms.checking import BadForm, checked, filled
from obhvat.reports.forms.declared import Field, Form
from obhvat.store import Store
from obhvat.store.word_forms import form_changes, form_then
from obhvat.texts import moment, size
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_HELP = (
    N_(
        "Полетата се пишат между двойни скоби, например {{ председател }}, и се заменят с данните. Шрифтът и "
        "цветът са тези, с които е написано полето."
    ),
    N_(
        "{{ начало решения }} … {{ край решения }} огражда това, което се повтаря за всяко решение: цели "
        "редове, ред на таблица или думи в изречение."
    ),
    N_("{{ няма решения }} … {{ край решения }} огражда това, което се печата, когато няма нито едно."),
    N_("Гербът се вмъква като картина; поле може да има и в горния и долния колонтитул."),
)


def show(store: Store) -> None:
    """A form at a time: what is in force, the form to take and to give back, what stands in it."""
    html.quiet(
        _(
            "Протоколът, отчетът и съобщението се печатат по бланка на Word. Изтеглете я, сменете герба, "
            "адреса и думите и я качете; числата идват от програмата."
        )
    )
    forms = all_forms()
    name = st.segmented_control(
        _("Документ"),
        [*forms],
        default=next(iter(forms)),
        format_func=lambda n: _(forms[n].title),
        required=True,
        key="form",
    )
    form = forms[name or next(iter(forms))]
    if saved := st.session_state.pop("saved-form", ""):
        html.notice("good", saved)
    changes = form_changes(store, form.name)
    is_own = changes.empty or bool(changes["n_bytes"].isna().iloc[0])
    if is_own:
        html.show(tag("p", _("В сила е "), bold(_("първоначалната бланка")), "."))
    else:
        set_at, set_by = changes["set_at"].iloc[0], changes["set_by"].iloc[0]
        html.show(
            tag(
                "p",
                _("В сила е "),
                bold(_("вашата бланка")),
                _(", качена на {set_at} ({set_by}).").format(set_at=moment(set_at), set_by=set_by),
            )
        )
    bar = st.container(horizontal=True, gap="small")
    bar.download_button(
        _("Изтегли бланката"),
        lambda: form_in_force(store, form.name),
        _("бланка-{file}.docx").format(file=form.file),
        icon=":material/description:",
        on_click="ignore",
        type="primary",
    )
    _trial(bar, form, lambda: form_in_force(store, form.name))
    may = viewer().may("settings")
    if may and not changes.empty and bar.button(_("Върни предишната бланка"), key="form-before"):
        before = form_then(store, int(changes["entry_id"].iloc[1])) if len(changes) > 1 else None
        _put_back(store, form, before, _("Върната е предишната бланка."))
    if may and bar.button(_("Върни първоначалната бланка"), disabled=is_own, key="form-own"):
        _put_back(store, form, None, _("Върната е първоначалната бланка."))
    if may:
        _given(store, form, len(changes))
    with st.expander(_("Какво може да се напише в бланката")):
        html.show(html.bullets(map(_, _HELP)))
        html.show(html.table((_("Поле"), _("Какво е"), _("Пример")), list(_rows(form.fields))))
    if not changes.empty:
        rows = [
            (
                moment(at),
                by,
                _("първоначалната бланка") if missing else _("качена бланка, {size}").format(size=size(int(n_bytes))),
            )
            for at, by, n_bytes, missing in zip(
                changes["set_at"], changes["set_by"], changes["n_bytes"], changes["n_bytes"].isna(), strict=True
            )
        ]
        html.show(tag("div", html.table((_("Кога"), _("Кой"), _("Какво е в сила оттогава")), rows), css="versions"))


def _trial(place, form: Form, content, key: str = "trial") -> None:
    place.download_button(
        _("Изтегли пробен документ"),
        lambda: filled(content(), form.trial(), form.title),
        _("проба-{file}.docx").format(file=form.file),
        icon=":material/preview:",
        on_click="ignore",
        help=_("Бланката, попълнена с измислени данни."),
        key=f"form-{key}",
    )


def _given(store: Store, form: Form, n_changes: int) -> None:
    """A form given back: what is wrong with it, or a trial document and the button that keeps it."""
    given = st.file_uploader(_("Качете променената бланка (.docx)"), "docx", key=f"given-{form.name}-{n_changes}")
    if given is None:
        return
    content = given.getvalue()
    try:
        good = checked(form, content)
    except BadForm as error:
        html.notice("act", bold(_("Бланката не е записана. ")), str(error))
        return
    html.notice("good", _("Бланката е наред. Вижте пробния документ и я запазете."))
    bar = st.container(horizontal=True, gap="small")
    if bar.button(_("Запази бланката"), type="primary", key="form-keep"):
        change_form(store, form.name, content, viewer())
        st.session_state["saved-form"] = _("Бланката е записана. Документите се печатат по нея.")
        st.rerun()
    _trial(bar, form, lambda: good, "trial-given")


def _put_back(store: Store, form: Form, content: bytes | None, said: str) -> None:
    change_form(store, form.name, content, viewer())
    st.session_state["saved-form"] = said
    st.rerun()


def _rows(fields: Sequence[Field], within: str = "") -> Iterable[tuple[str, str, str]]:
    """A row a field, those of a list under it."""
    for field in fields:
        must = _(" (задължително)") if field.required else ""
        where = (
            _("{meaning}; само в „{within}“").format(meaning=_(field.meaning), within=within)
            if within
            else _(field.meaning)
        )
        if field.kind == "list":
            yield (
                _("{{{{ начало {name} }}}} … {{{{ край {name} }}}}").format(name=field.name),
                f"{where}{must}",
                _("повтаря се"),
            )
            yield from _rows(field.fields, field.name)
        else:
            example = _("таблица; полето стои само на ред") if field.kind == "table" else field.example
            yield f"{{{{ {field.name} }}}}", f"{where}{must}", example
