"""The ministry of the invented country: what each of its oblasts sends, signed by itself, in one store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from obhvat.country.export import figures_file
from obhvat.country.importing import import_figures
from obhvat.country.keys import public_pem, signing_key
from obhvat.country.oblasts import is_country, trust
from obhvat.country.signed import read_signed
from obhvat.errors import ObhvatError
from obhvat.people.account import alone
from obhvat.store import Store


def gather(country: Store, stores: Sequence[Path], progress: Callable[[int, int], None]) -> list[str]:
    """Have each store of an invented oblast sign its newest month, enrol it and take its file. Returns the oblasts.

    Only of invented ones, as nobody has the stores of many real ones, and into a store where nothing else is: the pages
    say that it is invented, though the oblasts' names are real. Raises ObhvatError for any other.
    """
    if is_country(country) and country.remembered("demo") is None:
        raise ObhvatError(
            f"В „{country.path.name}“ са вписани истински области. Посочете друга база с --store: измислените числа не "
            "се смесват с тях."
        )
    names = []
    for n, path in enumerate(stores, start=1):
        with Store(path, create=False) as oblast:
            if oblast.remembered("demo") is None:
                raise ObhvatError(
                    f"„{path.name}“ не е измислена област. Истинските изпращат файл: „obhvat figures export“ при тях, "
                    "„obhvat country import“ тук."
                )
            file = figures_file(oblast)
            key = signing_key(oblast.path).public_key()
        names.append(read_signed(*file).about.oblast)
        country.remember("demo", "country")
        trust(country, names[-1], public_pem(key).encode(), alone())
        import_figures(country, [file], alone())
        progress(n, len(stores))
    return names
