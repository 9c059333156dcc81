"""`obhvat forget`: says what is due, and forgets it only when that is confirmed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from program import command
from small_oblast import listing, put, register

from obhvat.people.forgetting import due
from obhvat.store import Store


def test_it_says_what_is_due_asks_and_forgets(store: Store) -> None:
    put(store, register(), at=datetime(2015, 9, 1))
    put(store, listing("9000101", date(2015, 9, 20), 3), at=datetime(2015, 9, 20))
    store.close()
    asked = ("forget", "--store", store.path)
    folder = Path(store.path).parent

    said = command(*asked, "--due", "--dry-run", folder=folder)
    assert said.returncode == 0
    assert "Списъци, отсъствия и оценки по деца, учебната 2015/2016 г.: 3 реда (5 години от края на" in said.stdout

    refused = command(*asked, "--due", folder=folder)
    assert refused.returncode == 1
    assert "--yes" in refused.stderr

    done = command(*asked, "--due", "--yes", folder=folder)
    assert done.returncode == 0
    assert "Протокол за заличаване на данни" in done.stdout
    with Store(store.path) as opened:
        assert opened.rows("select count(*) from pupils") == [(0,)]
        assert due(opened, date.today()) == ()

    assert command(*asked, "--due", folder=folder).stdout.startswith("Няма данни с изтекъл срок за пазене.")
