"""Serves a store for the double click that started this process: `python -m obhvat.ui STORE [--demo]`.

`obhvat serve` does the same and can more; what reads its options would be imported before the server is. The log that
the double click opened gets what is said, last of all why nothing was started.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from obhvat.folders import prepare_process
from obhvat.ui.starting import begin


def main(path: Path, *, demo: bool) -> None:
    prepare_process()
    try:
        # How a server ends that is stopped.
        with contextlib.suppress(KeyboardInterrupt):
            begin(path, open_browser=False, demo=demo)
    except Exception as error:
        from obhvat.store.trouble import in_one_sentence

        refused = in_one_sentence(error)
        if refused is None:
            raise
        sentence, code = refused
        print(sentence, file=sys.stderr)
        sys.exit(code)


main(Path(sys.argv[1]), demo="--demo" in sys.argv[2:])
