"""Oblasts that sign files, without a store each: what they send is written here, and a store of the country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from viewers import expert

from obhvat.country.export import definition_of, figures_file
from obhvat.country.importing import Imported, import_figures
from obhvat.country.keys import public_pem
from obhvat.country.oblasts import trust
from obhvat.country.signed import About, sign
from obhvat.country.told import Told
from obhvat.metrics import metric
from obhvat.periods import month_period
from obhvat.store import Store

JANUARY, MADE = date(2024, 1, 1), datetime(2024, 2, 5, 8, tzinfo=UTC)
WHO = expert("Експерт")


def told(metric_id: str, n: float | None, d: float | None = None, *, period: str = "2024-01", why: str = "") -> Told:
    """A figure of a metric as an oblast tells it."""
    of = metric(metric_id)
    return Told(
        metric=of.id,
        name=of.name,
        unit=of.unit,
        kind=of.kind,
        period=period,
        day=None,
        definition=definition_of(of),
        threshold=of.rule_words,
        text="скрито" if why else "няма данни" if n is None else f"{n} от {d}" if d else f"{n}",
        value=n,
        n=n,
        d=d,
        why=why,
        reporting=40,
        places=40,
    )


@dataclass(frozen=True)
class Oblast:
    """One that has a key of its own."""

    name: str
    key: Ed25519PrivateKey

    @property
    def pem(self) -> bytes:
        return public_pem(self.key.public_key()).encode()

    def file(self, *rows: Told, month: date = JANUARY, later: timedelta = timedelta()) -> tuple[str, bytes]:
        """What it sends of a month, made so much later than it usually is."""
        about = About(self.name, month, MADE + later, "0.2.0")
        return f"{self.name}-{month:%Y-%m}.jsonl", sign(about, rows, self.key)


def of_month(
    over: int, pupils: int, inspected: int, schools: int, month: date = JANUARY, *, visits: int = 21
) -> list[Told]:
    """A month of an oblast, so far as the page compares it."""
    key = month_period(month).key
    return [
        told("cases_in_work", 14, period=key),
        told("pupils_over_threshold", over, pupils, period=key),
        told("schools_inspected", inspected, schools, period="2023"),
        told("visits", visits, period=key),
    ]


@pytest.fixture(scope="session")
def oblasts() -> list[Oblast]:
    """Four, of which the last has sent nothing yet where `country` is asked for."""
    return [Oblast(name, Ed25519PrivateKey.generate()) for name in ("Бистрец", "Ведрово", "Каменград", "Ясеново")]


@pytest.fixture
def country(store: Store, oblasts: list[Oblast]) -> Store:
    """A store of the country in which all of them are enrolled, and nothing more."""
    for oblast in oblasts:
        trust(store, oblast.name, oblast.pem, WHO)
    return store


def brought(country: Store, *files: tuple[str, bytes]) -> list[Imported]:
    return import_figures(country, files, WHO)


@pytest.fixture(scope="session")
def own_month(demo_store: Store) -> tuple[Store, bytes]:
    """The invented oblast, for reading only, and its file of January 2024."""
    _name, data = figures_file(demo_store, JANUARY)
    return demo_store, data


def without_signature(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1])


def with_definition(rows: Sequence[Told], definition: str) -> list[Told]:
    return [replace(row, definition=definition) for row in rows]
