"""What is done before Streamlit is imported, which takes longest of a start: the maker of the demonstration and the
import of pandas are begun, so that all work at once."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from importlib import import_module
from pathlib import Path

from obhvat.folders import packed_demo
from obhvat.language import _

PORT = 8501
_HERE = "127.0.0.1"


def begin(
    path: Path,
    port: int = PORT,
    *,
    open_browser: bool,
    together: bool = False,
    names: Sequence[str] = (),
    copies_in: Path | None = None,
    demo: bool = False,
    log: str = "text",
) -> None:
    """Start the application as `obhvat.ui.server.serve` on that port or another that is free, and block until it is
    stopped. Its log is lines of JSON where `log` is „json“. Raises as `serve`."""
    builder = None
    # What is carried is there in a moment, and without another process; where copies are kept the store is told at the
    # start, when the other would still hold it.
    if demo and not copies_in and not path.exists() and not packed_demo().exists():
        command = [sys.executable, "-m", "obhvat.demo", str(path)]
        builder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    # All of it stays: to look for garbage among it takes a sixth of its import.
    gc.disable()
    with _tables_meanwhile():
        from obhvat.ui import logs, server
    gc.freeze()
    gc.enable()
    if log == "json":
        logs.write_lines()
    free = free_port(port)
    if log == "text":
        words = _("обхват работи на {address} (спиране: Ctrl+C)").format(address=f"http://{_HERE}:{free}")
        print(words, file=sys.stderr, flush=True)
    try:
        server.serve(
            path,
            free,
            open_browser=open_browser,
            together=together,
            names=names,
            copies_in=copies_in,
            demo=demo,
            demo_builder=builder,
        )
    finally:
        if builder:
            builder.terminate()


@contextlib.contextmanager
def _tables_meanwhile() -> Generator[None]:
    """Import on Windows, in a thread beside, what Streamlit does not import and we do; it imports neither of us. Each
    file takes a while to open there, and of two waits one is left; elsewhere it would only be in the way."""
    beside = threading.Thread(target=lambda: [import_module(name) for name in ("pandas", "pyarrow")], name="tables")
    if os.name != "nt":
        yield
        return
    beside.start()
    try:
        yield
    finally:
        beside.join()


def free_port(wanted: int) -> int:
    """A port on which nobody answers and one may: the wanted one, one of the next, or whichever the system gives.
    Windows keeps whole ranges for itself, on which nobody answers."""
    return next(filter(_is_free, range(wanted, wanted + 20)), None) or _given_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Windows asks three times, in two seconds, where nobody answers.
        probe.settimeout(0.2)
        if probe.connect_ex((_HERE, port)) == 0:
            return False
    with contextlib.suppress(OSError), socket.socket() as mine:
        if os.name != "nt":
            # As the server does: an application that has just stopped has left the port to us.
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        mine.bind((_HERE, port))
        return True
    return False


def _given_port() -> int:
    with socket.socket() as mine:
        mine.bind((_HERE, 0))
        return mine.getsockname()[1]
