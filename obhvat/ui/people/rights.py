"""Who sees and may do what: the table of all roles, and the line that says why one sees what one sees."""

from __future__ import annotations

from obhvat.language import N_, _
from obhvat.people import ALONE, ROLES, Role, Viewer
from obhvat.people.places import place_words
from obhvat.store import Store
from obhvat.texts import listed, lowered
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


_PLACES = {
    "municipality": N_("само своята община"),
    "school": N_("само своето училище"),
    "institution": N_("само своите случаи"),
}


def show_how() -> None:
    """What it is to work alone and together, and how roles work."""
    html.part(_("Сам и заедно"), _("два начина на работа"))
    html.show(
        html.bullets(
            [
                joined(
                    [
                        bold(_("Сам")),
                        _(
                            " – програмата е на един компютър и никой не влиза. Който работи, вижда всичко като "
                            "„{alone}“. Може да зададе ПИН в „Настройки“."
                        ).format(alone=_(ALONE.role.name)),
                    ]
                ),
                joined(
                    [
                        bold(_("Заедно")),
                        _(
                            " – програмата е на сървър и е пусната с „{command}“. Всеки влиза с име и парола или със "
                            "служебния си адрес и вижда само каквото ролята му дава. Всяко гледане на случай или на "
                            "дете се записва с името му."
                        ).format(command="obhvat serve --together"),
                    ]
                ),
            ]
        )
    )
    html.part(_("Как работят ролите"))
    html.show(
        html.bullets(
            [
                _("Правата дава администраторът на хората от страницата „Хора“. Самият той не вижда случаи и деца."),
                _("Един човек може да има няколко роли. Работи в една от тях и я сменя от горния десен ъгъл."),
                _(
                    "Роля за община, училище или институция дава само нейните случаи и деца; числата на другите места "
                    "се виждат, както ги виждат членовете."
                ),
                _("Никой не дава права на себе си. Последният администратор на хората не губи това право."),
                _(
                    "Право се дава и прекратява от днес или от по-късен ден, никога със задна дата. Прекратеното спира "
                    "да важи веднага, и за който вече е влязъл, а историята остава."
                ),
                _(
                    "Новият получава еднократна парола и при първото влизане избира своя. Забравената не се показва "
                    "на никого: администраторът прави нова еднократна. Който е получил такава, вижда до името си от "
                    "кого и кога; виждат го и експертите от РУО."
                ),
            ]
        )
    )


def in_short(role: Role) -> str:
    """What a role gives, in one line, for who is about to give it."""
    may = listed([lowered(_(right.name)) for right in role.rights]) or _("само гледа")
    return _("Вижда най-много {sees}. Случаи: {whose}. Може: {may}.").format(
        sees=_(_AUDIENCES[role.audience]), whose=_(_CASES[role.cases]), may=may
    )


def show_rights(pages: dict[str, str]) -> None:
    """Every role and why it may what it may. `pages`: address → title, in the language of who is looking."""
    html.part(_("Какво дава всяка роля"), _("и защо; „Помощ“ и изходът са за всички"))
    captions = [_("Роля и основание"), _("Вижда най-много"), _("Чии случаи"), _("Страници"), _("Какво може и защо")]
    html.show(tag("div", html.table(captions, [_row(role, pages) for role in ROLES.values()]), css="rights"))


def _row(role: Role, pages: dict[str, str]) -> tuple[object, ...]:
    may = [joined([bold(_(right.name)), " – ", _(right.why)]) for right in role.rights]
    return (
        joined([bold(_(role.name)), tag("p", _(role.ground), css="quiet")]),
        _(_AUDIENCES[role.audience]) + (f"; {_(_PLACES[role.place])}" if role.place in _PLACES else ""),
        _(_CASES[role.cases]),
        listed([pages[path] for path in role.pages if path in pages]) or "–",
        html.bullets(may) if may else _("Само гледа."),
    )


def why(store: Store, viewer: Viewer) -> html.Safe:
    """„Защо виждам това“: the role one acts in, its scope and its ground, folded."""
    role, place = viewer.role, place_words(store, viewer)
    scope = _("Случаи: {whose}{given}.").format(whose=_(_CASES[role.cases]), given=f" ({place})" if place else "")
    return tag(
        "details",
        tag("summary", _("Защо виждам това")),
        tag("p", _("Работите като „{role}“. ").format(role=_(role.name)), scope, " ", _(role.ground)),
        tag("p", _("Кой какво вижда и защо: „Помощ“, „{part}“.").format(part=_(PART))),
        css="why",
    )
