"""Makes the demonstration for the server that started this process: `python -m obhvat.demo STORE`.

It prints „done of“ a line as files are read, and `LET_GO` when the store is closed: to end takes it a while longer.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from obhvat.demo import LET_GO, load_demo
from obhvat.folders import make_files_private
from obhvat.store import Store
from obhvat.store.store import CONFIG


def main(path: Path) -> None:
    make_files_private()
    # A process of seconds, beside one that is starting: to look for garbage, and a second thread for tables of a few
    # rows, take a tenth each and make it no quicker.
    gc.disable()
    CONFIG["threads"] = 1
    with Store(path) as store:
        if store.rows("select count(*) from batches") == [(0,)]:
            load_demo(store, lambda done, of: print(done, of, flush=True))
    print(LET_GO, flush=True)


main(Path(sys.argv[1]))
