"""A column of a part as it was read: its different values, each with its faults, and the number of each row's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Texts = tuple[str | None, ...]
Fault = dict[str, Any]
"""n, the check's place among all, field, rule, value and limit."""


@dataclass(frozen=True)
class Column:
    """A field's values in a part: of each row the number of its value, and by number the values and their faults."""

    numbers: np.ndarray
    values: pa.Array
    faulty: np.ndarray
    faults: Mapping[int, Sequence[Fault]]
    texts: Mapping[Texts, int]
    """Numbers by texts: the field's own first, then those of others its value is made of."""

    @property
    def faulty_rows(self) -> np.ndarray:
        return self.faulty[self.numbers]

    def own_texts(self) -> pa.Array:
        """Of each row the field's own text."""
        return self._coded(pa.array([key[0] for key in self.texts], pa.string()))

    def mapped(self, of_value: Callable[[Any], Any], arrow_type: pa.DataType) -> pa.Array:
        """Of each row what a function makes of its value."""
        return self._coded(pa.array(map(of_value, self.values.to_pylist()), arrow_type))

    def as_arrow(self) -> pa.Array:
        """The values of the rows, each different one kept once."""
        return self._coded(self.values)

    def _coded(self, values: pa.Array) -> pa.Array:
        if pa.types.is_list(values.type):
            return values.take(pa.array(self.numbers, pa.int32()))
        small = next(t for t in (np.int16, np.int32) if len(values) <= np.iinfo(t).max)
        missing = values.is_null().to_numpy(zero_copy_only=False)
        if missing.all():
            return pa.nulls(len(self.numbers), values.type)
        # A missing value is a missing number: nulls among the values themselves are not read by everybody.
        indices = pa.array(self.numbers.astype(small), mask=missing[self.numbers] if missing.any() else None)
        return pa.DictionaryArray.from_arrays(indices, pc.fill_null(values, values.drop_null()[0]))
