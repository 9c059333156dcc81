"""Long texts held in memory in a tenth of their room: they may not be put on a disk, and are read from the beginning
each time."""

from __future__ import annotations

import ctypes
import gc
import sys
from dataclasses import dataclass
from typing import BinaryIO, cast

import pyarrow as pa

_CODEC = "zstd"
_BLOCK = 4 << 20


@dataclass(frozen=True)
class Packed:
    """Bytes that are unpacked as they are read, and of how many."""

    buffer: pa.Buffer
    size: int

    @classmethod
    def of(cls, data: bytes) -> Packed:
        out = pa.BufferOutputStream()
        with pa.CompressedOutputStream(out, _CODEC) as packing, memoryview(data) as held:
            for start in range(0, len(data), _BLOCK):
                packing.write(held[start : start + _BLOCK])
        return cls(out.getvalue(), len(data))

    def open(self) -> BinaryIO:
        """For reading from the beginning; there is no going back."""
        return cast(BinaryIO, pa.CompressedInputStream(pa.BufferReader(self.buffer), _CODEC))


def give_back_memory() -> None:
    """What is free already goes back to the system: it is kept for later use otherwise."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    # Only the usual C library of Linux has it.
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
