"""The demonstration: an invented oblast, loaded through the same door as everyone's files."""

from __future__ import annotations

from collections.abc import Callable

from obhvat.demo.files import Demo
from obhvat.ingest import Committed, commit, read_files
from obhvat.store import Store

USER = "примерни данни"


def load_demo(store: Store, progress: Callable[[int, int], None] | None = None) -> Committed:
    """Make the files, read and check them, and commit them with the moments they would have arrived at."""
    files = Demo().files()
    upload = read_files([f.source for f in files], store, progress=progress)
    try:
        by_name = {f.source.safe_name: f.at for f in files}
        times = {report.file_no: by_name[report.name] for report in upload.files}
        committed = commit(upload, store, who=USER, times=times)
    finally:
        upload.close()
    store.remember("demo", "yes")
    return committed
