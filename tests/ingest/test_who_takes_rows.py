"""Rows that go back are taken by who looks at the page: a file is made where no session can be asked."""

from __future__ import annotations

from drops import ABSENCES_HEAD, absence, put, register, table

from obhvat.people import ROLES, Viewer
from obhvat.people.log import log_of
from obhvat.store import Store
from obhvat.ui.upload.drop import Drop
from obhvat.ui.upload.returned import returned, text, workbook

ANNA, BORIS = Viewer("Анна", ROLES["expert"]), Viewer("Борис", ROLES["expert"])


def test_each_who_takes_rows_is_in_the_log(read, store: Store):
    put(store, register())
    dropped = Drop(
        read(table(ABSENCES_HEAD, absence("дете-0"), absence("дете-1", "-1")), store=store), 0.0, None, {}, {}
    )
    assert workbook(store, ANNA, dropped, 0)
    assert text(store, BORIS, dropped, 0)
    assert returned(store, ANNA, dropped)
    assert [(look.person, look.what, look.n) for look in log_of(store).looks()] == [
        ("Анна", "export_rows", 1),
        ("Борис", "export_rows", 1),
        ("Анна", "export_rows", 1),
    ]
