"""Качване: files in, what was understood, what is wrong, and the commit."""

from __future__ import annotations

import streamlit as st

from obhvat.errors import ObhvatError, StoreChanged
from obhvat.store import Store
from obhvat.texts import counted, number
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_demo, page_file
from obhvat.ui.upload import drop, questions, rows, words
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
        offer_practice(store)
        return
    drop.keep_in_address(dropped)
    _summary(dropped)
    if dropped.changed:
        html.notice("act", dropped.changed)
        if st.button("Прочети отново", type="primary"):
            drop.read_over(store, dropped)
            st.rerun()
    _actions(store, dropped)
    questions.show(store, dropped)
    words.show(store, dropped)
    rows.show(store, dropped)


def _invite(store: Store) -> None:
    html.lead("Пуснете тук всички файлове за месеца наведнъж.")
    html.quiet(
        "Какво е всеки файл се познава по съдържанието му. Колоните с имена и адреси се изпускат, в другите "
        "текстове имената на хора се заменят с „[име]“, ЕГН – с код. Нищо не влиза в данните, преди да натиснете "
        "„Запиши“."
    )
    if is_demo(store):
        html.notice(
            "mind",
            "Отворена е ",
            bold("примерната област"),
            ": каквото качите, ще се смеси с измислените данни. За своята област първо изчистете примера "
            "от страница „Данни“.",
        )


def _committed() -> None:
    done = st.session_state.get("committed")
    if done:
        html.notice("good", done)
        st.page_link(page_file("overview"), label="Към прегледа", icon=":material/arrow_forward:")


def _summary(dropped: Drop) -> None:
    files = dropped.files
    read, good = sum(f.rows_read for f in files), sum(f.rows_good for f in files)
    faulty, elsewhere = read - good, sum(f.rows_elsewhere for f in files)
    of_others = f", от тях {number(elsewhere)} за други области" if elsewhere else ""
    words: list[object] = [
        "Прочетени са " if len(files) != 1 else "Прочетен е ",
        bold(counted(len(files), "файл")),
        f" с {counted(read + elsewhere, 'ред')}{of_others}: {number(good)} {'годни' if good != 1 else 'годен'}",
    ]
    if faulty:
        words += [" и ", bold(f"{number(faulty)} за връщане"), " на подателите"]
    html.lead(*words, ".")
    ready = sum(1 for f in files if f.can_be_committed and not f.doubts)
    waiting = sum(1 for f in files if f.can_be_committed and f.doubts)
    refused = sum(1 for f in files if not f.can_be_committed)
    parts = []
    if ready:
        parts.append(f"{number(ready)} {'готов' if ready == 1 else 'готови'} за запис")
    if waiting:
        parts.append(f"{number(waiting)} {'чака' if waiting == 1 else 'чакат'} потвърждение")
    if refused:
        verb = "не може да се запише" if refused == 1 else "не могат да се запишат"
        parts.append(f"{number(refused)} {verb}")
    html.quiet(f"{' · '.join(parts)} · прочетени за {number(dropped.seconds, 1)} s")


def _actions(store: Store, dropped: Drop) -> None:
    taken = dropped.taken
    n_rows = sum(f.rows_good for f in taken)
    bar = st.container(horizontal=True, gap="small")
    label = f"Запиши {counted(len(taken), 'файл')} · {counted(n_rows, 'ред')}" if taken else "Няма избран файл за запис"
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
                words += f" {counted(done.already, 'файл')} вече {'е записан' if done.already == 1 else 'са записани'}"
                words += " със същото съдържание; втори път не се записва."
            refused = sum(1 for f in dropped.files if not f.can_be_committed)
            if refused:
                words += f" {counted(refused, 'файл')} не {'е записан' if refused == 1 else 'са записани'}."
            if done.rejected:
                back, wait = counted(done.rejected, "ред"), "чака" if done.rejected == 1 else "чакат"
                words += f" {back} {wait} поправка от подателите; файловете за тях са и на страница „Данни“."
            st.session_state["committed"] = words
            st.rerun()
    waiting = [f for f in dropped.files if f.can_be_committed and f.doubts and not dropped.is_taken(f)]
    if waiting and bar.button(f"Потвърди всички забележки ({len(waiting)})"):
        dropped.wanted |= {f.file_no: True for f in waiting}
        st.rerun()
    if any(f.rows_rejected for f in dropped.files):
        bar.download_button(
            "Редове за поправка (ZIP)",
            data=lambda: returned(dropped),
            file_name="за-връщане.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    if bar.button("Изчисти", help="Нищо от тези файлове няма да се запише."):
        drop.put_aside()
        st.rerun()
    _committed()


main(open_store())
