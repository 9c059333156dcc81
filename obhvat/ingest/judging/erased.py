"""Children whose data were erased on request, in files that would bring them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from obhvat.datasets import Dataset
from obhvat.ingest.checking.staging import Staging
from obhvat.language import _
from obhvat.people.child_requests import mark_of_erased
from obhvat.texts import counted


def erased_again(datasets: Iterable[Dataset], staging: Staging, key: str, marks: Collection[str]) -> Mapping[int, int]:
    """By file: of how many of the children with these marks it tells. Most stores have erased none, and then nothing is
    asked."""
    found: Counter[int] = Counter()
    for of in datasets if marks else ():
        if not any(field.type == "pupil" for field in of.fields):
            continue
        rows = staging.read(f"select distinct file_no, pupil from staged_{of.name} where pupil is not null")
        for file_no, pupil in zip(rows["file_no"].tolist(), rows["pupil"].tolist(), strict=True):
            found[file_no] += mark_of_erased(key, pupil) in marks
    return +found


def erased_words(n: int) -> str:
    """What asks about them; it does not tell who they are."""
    return _(
        "Във файла има {children}, чиито данни са изтрити по искане (чл. 17 от ОРЗД). Записан, той ги връща. "
        "Потвърдете само ако има ново основание да се пазят; иначе поискайте файл без тях."
    ).format(children=counted(n, "дете"))
