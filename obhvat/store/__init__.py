"""The store: the DuckDB file with its batches and slices, its key, its history and its backups."""

from obhvat.store.store import Store

__all__ = ["Store"]
