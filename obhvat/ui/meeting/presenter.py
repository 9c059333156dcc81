"""The presenter's view: this slide and the next, what may be said of it, how long it takes, and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from obhvat.language import _
from obhvat.meeting.notes import Notes, Promise
from obhvat.meeting.slide import Slide
from obhvat.ui import room
from obhvat.ui.meeting.slide_view import slide_html
from obhvat.ui.showing import Showing
from obhvat.ui.widgets.html import Safe, bold, bullets, joined, tag

PRESENTER = "presenter"
"""What the address of the presenter's window calls its view."""
_WINDOW = "obhvat-projector"


def addresses(meeting_id: int) -> tuple[str, str]:
    """Where the projector's window and the presenter's are."""
    projector = f"{room.PATH}?meeting={meeting_id}"
    return projector, f"{projector}&view={PRESENTER}"


def opening_link(meeting_id: int) -> Safe:
    """A link that opens the slide in the projector's window and makes the presenter's of this one."""
    projector, presenter = addresses(meeting_id)
    return tag(
        "a", _("Изглед на водещия"), css="button-link", href=projector, data_window=_WINDOW, data_presenter=presenter
    )


def how_html(meeting_id: int) -> Safe:
    """What the key „П“ says over the slide: how to have the presenter's view on another screen."""
    _projector, presenter = addresses(meeting_id)
    return tag(
        "aside",
        tag(
            "p",
            bold(_("Изглед на водещия")),
            _(" – следващият слайд, бележките, часовникът и обещаното на предходните заседания."),
        ),
        tag(
            "p",
            _(
                "Оставете този прозорец на прожектора (F11 – на цял екран), а другия отворете на лаптопа. Двата се "
                "движат заедно."
            ),
        ),
        tag(
            "p",
            tag("a", _("Отвори изгледа на водещия в нов прозорец"), href=presenter, data_window="obhvat-presenter"),
            " (Enter)",
        ),
        css="room-how",
        aria_label=_("Как се отваря изгледът на водещия"),
    )


def presenter_html(slides: Sequence[Slide], shown: Showing, about: str, notes: Notes, meeting_id: int) -> Safe:
    """All of it but the buttons."""
    place, of = shown.place, len(slides)
    slide = slides[place - 1]
    following = slides[place] if place < of else None
    return tag(
        "div",
        tag(
            "section",
            tag("p", _("Сега на прожектора"), css="presenter-caption"),
            tag("div", slide_html(slide, place, of, about), css="presenter-screen"),
            css="presenter-now",
            aria_label=_("Сега на прожектора"),
        ),
        tag(
            "section",
            tag("p", _("Следващ"), css="presenter-caption"),
            tag("div", slide_html(following, place + 1, of, about), css="presenter-screen", aria_hidden="true")
            if following
            else tag("div", _("Това е последният слайд."), css="presenter-screen presenter-end"),
            css="presenter-next",
            aria_label=_("Следващ: {title}").format(title=_(following.title)) if following else _("Няма следващ слайд"),
        ),
        tag("aside", _clocks(shown, of), _touch(meeting_id), _notes(slide, notes), css="presenter-side"),
        css="presenter",
    )


def _clocks(shown: Showing, of: int) -> Safe:
    return tag(
        "dl",
        tag("div", tag("dt", _("Точка")), tag("dd", _clock(shown, whole=False))),
        tag("div", tag("dt", _("Заседание")), tag("dd", _clock(shown, whole=True))),
        tag("div", tag("dt", _("Слайд")), tag("dd", _("{n} от {whole}").format(n=shown.place, whole=of))),
        css="presenter-clocks",
    )


def _clock(shown: Showing, *, whole: bool) -> Safe:
    """A clock that the page goes on with by itself."""
    began = shown.since - (shown.before_all if whole else shown.before)
    # The clock may have been put back meanwhile.
    seconds = max(0, int((datetime.now() - began).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    words = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return tag("time", words, data_since=str(int(began.timestamp() * 1000)))


def _touch(meeting_id: int) -> Safe:
    projector, _presenter = addresses(meeting_id)
    return tag(
        "div",
        tag("p", _("Прожекторът показва този слайд."), css="presenter-in-touch"),
        tag(
            "p",
            _("Няма връзка с прозореца на прожектора. "),
            tag("a", _("Отвори слайда в нов прозорец"), href=projector, data_window=_WINDOW),
            css="presenter-no-touch",
        ),
        css="presenter-touch",
        role="status",
    )


def _notes(slide: Slide, notes: Notes) -> Safe:
    parts = [tag("h2", _(slide.title))]
    if notes.promised:
        parts += [
            tag("h3", _("Обещано на предходни заседания")),
            tag("ul", *map(_promise, notes.promised), css="promises"),
        ]
    if notes.lacking:
        parts += [tag("h3", _("Какво липсва")), bullets(notes.lacking)]
    if notes.meaning:
        parts += [
            tag("h3", _("Какво означава")),
            tag("dl", *(tag("div", tag("dt", name), tag("dd", words)) for name, words in notes.meaning)),
        ]
    if len(parts) == 1:
        parts.append(tag("p", _("Към този слайд няма бележки.")))
    # It may be longer than its place: the keyboard has to reach it to scroll.
    return tag("div", joined(parts), css="presenter-notes", tabindex="0", role="region", aria_label=_("Бележки"))


def _promise(of: Promise) -> Safe:
    state = "promise done" if of.is_done else "promise late" if of.is_late else "promise"
    who = f"{_(of.who) or _('без отговорник')} · {_('до {day}').format(day=of.due) if of.due else _('без срок')} · "
    return tag(
        "li",
        of.text,
        tag("small", who, bold(of.state), _(" · заседание на {held_on}").format(held_on=of.held_on)),
        css=state,
    )
