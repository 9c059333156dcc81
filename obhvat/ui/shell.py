"""What every page stands in: the frame, the navigation, the store, and what is said when there is none."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

from obhvat.country.oblasts import is_country
from obhvat.errors import ObhvatError
from obhvat.folders import app_folder
from obhvat.language import N_, _, current
from obhvat.people import Role
from obhvat.scope import oblast_name
from obhvat.store import Store
from obhvat.store.trouble import clock_is_behind
from obhvat.texts import out_of
from obhvat.ui import ahead, logs, room, showing
from obhvat.ui.filters import forget_audience, restore_address
from obhvat.ui.languages import choose_language, language_links
from obhvat.ui.people import lock
from obhvat.ui.session import demo_work, is_together, open_store, role, start_demo, viewer
from obhvat.ui.signing import corner
from obhvat.ui.widgets import html

_HERE = Path(__file__).parent

# url path, title, what it is for. The file is pages/<path>.py.
PAGES = (
    ("overview", N_("Преглед"), N_("Първата страница на заседанието: случаи, проверки, отсъствия, подаване.")),
    ("risk", N_("Риск"), N_("Кой е над праговете, защо и за кого не са предприети действия.")),
    ("cases", N_("Случаи"), N_("По колко случая се работи, как се събират и кой е отговорник за следващата стъпка.")),
    ("inspections", N_("Проверки"), N_("Кои училища са проверени, какво е установено и кои да се проверят първо.")),
    ("school", N_("Училище"), N_("Всичко за едно училище на един екран.")),
    ("meeting", N_("Заседание"), N_("Решения, присъствие, дневен ред, документи и режимът за прожектора.")),
    ("room", N_("Зала"), N_("Заседанието на прожектора, на цял екран, без дете и без случай; Esc излиза.")),
    (
        "backtest",
        N_("Проверка на правилата"),
        N_("Предсказват ли правилата: кого са отбелязали и кой е напуснал след това."),
    ),
    ("upload", N_("Качване"), N_("Нови файлове от училища и регистри: какво е разбрано, какво е сгрешено, запис.")),
    ("data_status", N_("Данни"), N_("Кой какво е подал, история на качванията, отмяна.")),
    ("settings", N_("Настройки"), N_("Праговете на правилата за риск, с източника до всеки, и историята им.")),
    ("people", N_("Хора"), N_("Кой има достъп, до какво, откога и докога; пароли за влизане и история на правата.")),
    ("help", N_("Помощ"), N_("Определения на показателите, образци на файлове, как се работи.")),
)
ROOM, MEETING, _PEOPLE, _HELP = "room", "meeting", "people", "help"
COUNTRY_PAGES = (
    ("country", N_("Страна"), N_("Областите една до друга: кои са извън очакваното и къде работата изостава.")),
    PAGES[-1],
)
"""Of a store of the country, which has no row of a child: then there are no others."""
# Reached from other pages, not from the menu, except by a school and by who is there for nothing else.
HIDDEN = ("school", "people")


def page_file(path: str) -> Path:
    """Where the file of a page is, by its url path."""
    return app_folder() / "pages" / f"{path}.py"


def page_titles() -> dict[str, str]:
    """Url path → title, in the language of who is looking."""
    return {path: _(title) for path, title, _note in PAGES}


@cache
def _style() -> str:
    return (_HERE / "theme.css").read_text("utf-8")


def _frame() -> None:
    st.set_page_config(page_icon=str(_HERE / "assets" / "icon.png"), layout="wide")
    st.html(f"<style>{_style()}</style>")
    # Bulgarian letterforms and the reader's voice depend on the language of the page.
    st.html(f"<script>document.documentElement.lang='{current()}'</script>", unsafe_allow_javascript=True)
    room.listen()
    corner.watch()
    st.logo(str(_HERE / "assets" / "logo.svg"), size="large")


def run() -> None:
    """Draw the frame and the page that was asked for."""
    ahead.wait()
    restore_address()
    choose_language()
    _frame()
    locked = room.is_on()
    try:
        acts_as = role()
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    # What the ministry was sent is for the press: whoever may come in may see it.
    of_country = _is_of_country()
    own = frozenset(page[0] for page in COUNTRY_PAGES) if of_country else pages_of(acts_as)
    every = COUNTRY_PAGES if of_country else PAGES
    first = next(page for page in every if page[0] in own)
    pages = [
        st.Page(
            # In room mode every other address leads back to the room.
            open_room if locked and path != ROOM else page_file(path),
            title=_(title),
            # The first page answers at the root, but Streamlit keeps its path, too.
            url_path="root" if path == first[0] else path,
            help=_(note),
            default=path == first[0],
            visibility="visible"
            if path in own and (path not in HIDDEN or path in (acts_as.place, first[0]))
            else "hidden",
        )
        for path, title, note in every
    ]

    def open_first() -> None:
        st.switch_page(page_file(first[0]), query_params=st.query_params.to_dict())

    pages.append(
        st.Page(open_room if locked else open_first, title=_(first[1]), url_path=first[0], visibility="hidden")
    )
    chosen = st.navigation(pages, position="hidden" if locked else "top")
    if room.is_left():
        if chosen.url_path == ROOM:
            st.switch_page(next(page for page in pages if page.url_path == MEETING))
        room.tell_it_is_left()
    st.set_page_config(page_title=_("{title} · обхват").format(title=chosen.title))
    is_own = locked or chosen.url_path in {*own, ""}
    if demo_work.running:
        _show_demo_progress()
        return
    try:
        store = open_store()
    except ObhvatError as error:
        html.lead(_("Базата не може да се отвори."))
        html.notice("act", str(error))
        return
    if not locked and (chosen.url_path != ROOM or not is_own):
        _where(store)
        if recorded := store.recorded_ahead():
            html.notice("mind", clock_is_behind(recorded))
        lock.watch()
        if chosen.url_path in lock.GUARDED and not lock.is_open():
            lock.ask()
            return
    if not is_own:
        _not_for(acts_as)
        return
    with logs.slow(chosen.url_path or first[0]):
        guarded(chosen.run)


def pages_of(acts_as: Role) -> frozenset[str]:
    """The pages a role has, by their addresses. Who works alone prepares the register of people."""
    return frozenset({*acts_as.pages, _HELP, *(() if is_together() else (_PEOPLE,))})


def _is_of_country() -> bool:
    """Whether the store is one of the country. One that cannot be opened says so later."""
    if demo_work.running:
        return False
    try:
        return is_country(open_store())
    except ObhvatError:
        return False


def _not_for(acts_as: Role) -> None:
    html.lead(_("Ролята „{role}“ няма тази страница.").format(role=_(acts_as.name)))
    html.quiet(_("Нейните страници са в менюто горе; кой какво вижда и защо е в „Помощ“."))


def guarded(part: Callable[[], None]) -> None:
    """Draw a part, or say why it cannot be drawn."""
    try:
        part()
    except ObhvatError as error:
        html.notice("act", str(error))
    except Exception as error:
        _say_broken(error)


def _say_broken(error: Exception) -> None:
    """A mistake of ours."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    html.notice(
        "act",
        _(
            "В програмата има грешка и страницата не може да се покаже. Записаните данни са цели. "
            "Презаредете страницата; ако се повтори, съобщете: {name}, {name2}, ред {lineno}, № {trace}."
        ).format(name=type(error).__name__, name2=Path(at.filename).name, lineno=at.lineno, trace=logs.broken(error)),
    )


def _where(store: Store) -> None:
    """Whose data it is and in which language, in the corner of every page."""
    oblast = oblast_name(store)
    place = _("Област {oblast} ").format(oblast=oblast) if oblast else f"{_('Страна')} " if is_country(store) else ""
    name = html.tag("span", place, css="oblast") if place else ""
    demo = html.tag("span", _("примерни данни"), css="badge") if is_demo(store) else ""
    whose = html.tag("div", name, demo)
    html.show(
        html.tag("div", whose, html.tag("div", lock.where_to_lock(), corner.who(), language_links()), css="where")
    )


def open_room(**address: str) -> None:
    """Go to room mode."""
    st.switch_page(page_file(ROOM), query_params=address)


def leave_room() -> None:
    """Leave room mode for the page of the meeting, as the members see it."""
    showing.stop()
    room.leave()
    forget_audience()
    st.rerun()


def draw(page: Callable[[Store], None]) -> None:
    """Draw a page from the store; while there is nothing in it, what to do first."""
    store = open_store()
    if is_empty(store):
        offer_start(store)
    else:
        page(store)


def is_empty(store: Store) -> bool:
    """Whether nothing was ever committed."""
    return store.rows("select count(*) from batches") == [(0,)]


def is_demo(store: Store) -> bool:
    """Whether the store holds the invented oblast."""
    return store.remembered("demo") is not None


def _show_demo_progress() -> None:
    html.lead(_("Подготвя се примерната област."))
    bar = st.progress(0.0)
    # What stood there before would stay, grey, until all is read.
    for _row in range(6):
        st.empty()
    while demo_work.running:
        share = demo_work.done / demo_work.of if demo_work.of else 0.0
        words = (
            _("Прочетени {done}").format(done=out_of(demo_work.done, demo_work.of, "файл"))
            if demo_work.of
            else _("Създават се файловете")
        )
        bar.progress(min(share, 1.0), words)
        demo_work.ended.wait(0.4)
    if demo_work.error:
        html.notice("act", _("Примерната област не можа да се създаде: {error}").format(error=demo_work.error))
        return
    st.rerun()


def offer_start(store: Store) -> None:
    """What an empty store says: what to do next, and the demonstration."""
    may = role()
    if not may.may("upload"):
        html.lead(_("Още няма данни."))
        html.quiet(_("Качват ги експертите от РУО, общините и училищата. Щом бъдат записани, ще се виждат тук."))
        return
    html.lead(_("Още няма данни. Качете регистъра на институциите и файловете на училищата."))
    html.show(
        html.tag(
            "p",
            _(
                "Започнете с регистъра: по него се познават общините и училищата. После пуснете наведнъж "
                "месечните файлове с отсъствия, регистъра на случаите и проверките."
            ),
            css="quiet",
        )
    )
    bar = st.container(horizontal=True, gap="small")
    if bar.button(_("Към качването на файлове"), type="primary", icon=":material/upload_file:"):
        st.switch_page(page_file("upload"))
    if not may.may("undo"):
        return
    if bar.button(_("Разгледай примерна област"), help=_("Измислени данни на измислена област, за проба.")):
        start_demo(viewer())
        st.rerun()
    html.show(
        html.tag(
            "p",
            _(
                "Примерната област е измислена: шест общини, 40 училища, две учебни години. Може да се "
                "изчисти от страница „Данни“."
            ),
            css="quiet",
        )
    )
