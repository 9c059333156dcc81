"""Качване: files in, what was understood, what is wrong, and the commit."""

from __future__ import annotations

import streamlit as st

from obhvat.errors import ObhvatError, StoreChanged
from obhvat.language import _
from obhvat.store import Store
from obhvat.texts import counted, number
from obhvat.ui.people.lock import while_open
from obhvat.ui.session import open_store, viewer
from obhvat.ui.shell import is_demo, page_file
from obhvat.ui.upload import drop, own, questions, rows, words
from obhvat.ui.upload.drop import Drop
from obhvat.ui.upload.returned import offer_practice, returned
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold


def main(store: Store) -> None:
    """The page: a place to drop files, then one row a file."""
    dropped = drop.current()
    if dropped is None:
        if lost := drop.what_became_of_lost():
            html.notice(*lost)
        _invite(store)
        drop.receive(store)
        _committed()
        own.show(store)
        offer_practice(store)
        return
    drop.keep_in_address(dropped)
    _summary(dropped)
    if dropped.changed:
        html.notice("act", dropped.changed)
        if st.button(_("Прочети отново"), type="primary"):
            drop.read_over(store, dropped)
            st.rerun()
    _actions(store, dropped)
    questions.show(store, dropped)
    words.show(store, dropped)
    rows.show(store, dropped)


def _invite(store: Store) -> None:
    html.lead(_("Пуснете тук всички файлове за месеца наведнъж."))
    html.quiet(
        _(
            "Какво е всеки файл се познава по съдържанието му. Колоните с имена и адреси се изпускат, в "
            "другите текстове имената на хора се заменят с „[име]“, ЕГН – с код. Нищо не влиза в данните, "
            "преди да натиснете „Запиши“."
        )
    )
    if is_demo(store):
        html.notice(
            "mind",
            _("Отворена е "),
            bold(_("примерната област")),
            _(": каквото качите, ще се смеси с измислените данни."),
            _(" За своята област първо изчистете примера от страница „Данни“.") if viewer().may("undo") else "",
        )


def _committed() -> None:
    done = st.session_state.get("committed")
    if done:
        html.notice("good", done)
        st.page_link(page_file("overview"), label=_("Към прегледа"), icon=":material/arrow_forward:")


def _summary(dropped: Drop) -> None:
    files = dropped.files
    read, good = sum(f.rows_read for f in files), sum(f.rows_good for f in files)
    faulty, elsewhere = read - good, sum(f.rows_elsewhere for f in files)
    of_others = _(", от тях {elsewhere} за други области").format(elsewhere=number(elsewhere)) if elsewhere else ""
    words: list[object] = [
        _("Прочетени са ") if len(files) != 1 else _("Прочетен е "),
        bold(counted(len(files), "файл")),
        _(" с {read}{of_others}: {good} {part}").format(
            read=counted(read + elsewhere, "ред"),
            of_others=of_others,
            good=number(good),
            part=_("годни") if good != 1 else _("годен"),
        ),
    ]
    if faulty:
        words += [_(" и "), bold(_("{faulty} за връщане").format(faulty=number(faulty))), _(" на подателите")]
    html.lead(*words, ".")
    ready = sum(1 for f in files if f.can_be_committed and not f.doubts)
    waiting = sum(1 for f in files if f.can_be_committed and f.doubts)
    refused = sum(1 for f in files if not f.can_be_committed)
    parts = []
    if ready:
        parts.append(
            _("{ready} {part} за запис").format(ready=number(ready), part=_("готов") if ready == 1 else _("готови"))
        )
    if waiting:
        parts.append(
            _("{waiting} {part} потвърждение").format(
                waiting=number(waiting), part=_("чака") if waiting == 1 else _("чакат")
            )
        )
    if refused:
        verb = _("не може да се запише") if refused == 1 else _("не могат да се запишат")
        parts.append(f"{number(refused)} {verb}")
    html.quiet(
        _("{join} · прочетени за {seconds} s").format(join=" · ".join(parts), seconds=number(dropped.seconds, 1))
    )


def _actions(store: Store, dropped: Drop) -> None:
    taken, who = dropped.taken, viewer()
    n_rows = sum(f.rows_good for f in taken)
    bar = st.container(horizontal=True, gap="small")
    label = (
        _("Запиши {taken} · {n_rows}").format(taken=counted(len(taken), "файл"), n_rows=counted(n_rows, "ред"))
        if taken
        else _("Няма избран файл за запис")
    )
    if bar.button(label, type="primary", disabled=not taken):
        try:
            done = drop.commit_taken(store, dropped)
        except StoreChanged:
            st.rerun()
        except ObhvatError as error:
            html.notice("act", str(error))
        else:
            words = drop.recorded_words(done)
            if done.already:
                words += _(" {already} вече {part}").format(
                    already=counted(done.already, "файл"),
                    part=_("е записан") if done.already == 1 else _("са записани"),
                )
                words += _(" със същото съдържание; втори път не се записва.")
            refused = sum(1 for f in dropped.files if not f.can_be_committed)
            if refused:
                words += _(" {refused} не {part}.").format(
                    refused=counted(refused, "файл"), part=_("е записан") if refused == 1 else _("са записани")
                )
            if done.rejected:
                back, wait = counted(done.rejected, "ред"), _("чака") if done.rejected == 1 else _("чакат")
                told = (
                    _(" {back} {wait} поправка от подателите; файловете за тях са и на страница „Данни“.")
                    if "data_status" in who.role.pages
                    else _(" {back} {wait} поправка: качете ги отново, щом са верни.")
                )
                words += told.format(back=back, wait=wait)
            st.session_state["committed"] = words
            st.rerun()
    waiting = [f for f in dropped.files if f.can_be_committed and f.doubts and not dropped.is_taken(f)]
    if waiting and bar.button(_("Потвърди всички забележки ({waiting})").format(waiting=len(waiting))):
        dropped.wanted |= {f.file_no: True for f in waiting}
        st.rerun()
    if any(f.rows_rejected for f in dropped.files):
        bar.download_button(
            _("Редове за поправка (ZIP)"),
            data=while_open("upload", lambda: returned(store, who, dropped)),
            file_name=_("за-връщане.zip"),
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    if bar.button(_("Изчисти"), help=_("Нищо от тези файлове няма да се запише.")):
        drop.put_aside()
        st.rerun()
    _committed()


main(open_store())
