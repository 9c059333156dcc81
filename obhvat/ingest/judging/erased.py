"""Children whose data were erased on request, in files that would bring them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.knowing.reference import Reference
from obhvat.language import _
from obhvat.people.child_requests import mark_of_erased
from obhvat.texts import counted


def erased_again(tables: Sequence[Checked], staging: Staging, reference: Reference) -> Mapping[int, int]:
    """By file: of how many erased children it tells. Most stores have erased none, and then nothing is asked."""
    store = reference.store
    marks = {mark for (mark,) in store.rows("select mark from erased_children")} if store else set()
    found: Counter[int] = Counter()
    if not store or not marks:
        return found
    for of in {t.dataset.name: t.dataset for t in tables}.values():
        if not any(field.type == "pupil" for field in of.fields):
            continue
        rows = staging.read(f"select distinct file_no, pupil from staged_{of.name} where pupil is not null")
        for file_no, pupil in zip(rows["file_no"].tolist(), rows["pupil"].tolist(), strict=True):
            found[file_no] += mark_of_erased(store.key, pupil) in marks
    return +found


def erased_words(n: int) -> str:
    """What asks about them; it does not tell who they are."""
    return _(
        "Във файла има {children}, чиито данни са изтрити по искане (чл. 17 от ОРЗД). Записан, той ги връща. "
        "Потвърдете само ако има ново основание да се пазят; иначе поискайте файл без тях."
    ).format(children=counted(n, "дете"))
