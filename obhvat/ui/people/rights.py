"""Who sees and may do what: the table of all roles, and the line that says why one sees what one sees."""

from __future__ import annotations

from obhvat.language import N_, _
from obhvat.people import ALONE, ROLES, Role, Viewer
from obhvat.texts import listed
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, joined, tag

PART = N_("Кой какво вижда")
_AUDIENCES = {
    "internal": N_("случаи и ученици поотделно"),
    "members": N_("числата; по общини и училища без тези от 1 до 4 деца"),
    "press": N_("общи числа за областта"),
}
_CASES = {
    "all": N_("всички в областта"),
    "municipality": N_("на децата от общината, по адрес или по училище"),
    "partner": N_("в които институцията участва или отговаря за стъпка"),
    "school": N_("на учениците на училището"),
    "none": N_("нито един"),
}


def show_rights(pages: dict[str, str]) -> None:
    """Every role and why it may what it may. `pages`: address → title, in the language of who is looking."""
    html.quiet(
        _(
            "Който работи на този компютър, работи като „{alone}“ и вижда всичко. Таблицата казва какво се полага на "
            "другите участници в Механизма: кой изглед да им покажете и какво да им дадете."
        ).format(alone=_(ALONE.role.name))
    )
    captions = [_("Роля и основание"), _("Вижда най-много"), _("Чии случаи"), _("Страници"), _("Какво може и защо")]
    html.show(html.table(captions, [_row(role, pages) for role in ROLES.values()]))


def _row(role: Role, pages: dict[str, str]) -> tuple[object, ...]:
    may = [joined([bold(_(right.name)), " – ", _(right.why)]) for right in role.rights]
    return (
        joined([bold(_(role.name)), tag("p", _(role.ground), css="quiet")]),
        _(_AUDIENCES[role.audience]),
        _(_CASES[role.cases]),
        listed([pages[path] for path in role.pages if path in pages]) or "–",
        html.bullets(may) if may else _("Само гледа."),
    )


def why(viewer: Viewer) -> html.Safe:
    """„Защо виждам това“: the role one acts in, its scope and its ground, folded."""
    role = viewer.role
    scope = _("Случаи: {whose}{given}.").format(
        whose=_(_CASES[role.cases]), given=f" ({viewer.given})" if viewer.given else ""
    )
    return tag(
        "details",
        tag("summary", _("Защо виждам това")),
        tag("p", _("Работите като „{role}“. ").format(role=_(role.name)), scope, " ", _(role.ground)),
        tag("p", _("Кой какво вижда и защо: „Помощ“, „{part}“.").format(part=_(PART))),
        css="why",
    )
