"""The files a person dropped on the page: read once, held in memory, until they are committed or put aside."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from obhvat.errors import StoreChanged
from obhvat.ingest import Committed, FileAnswers, FileReport, Source, Upload, commit, read_files
from obhvat.ingest.reading.packed import give_back_memory
from obhvat.ingest.report import what_is_in
from obhvat.language import N_, _
from obhvat.people.log import looked
from obhvat.store import Store
from obhvat.texts import capitalized, counted, number, out_of, was, with_word
from obhvat.ui.session import viewer

_DROP = "drop"
_ADDRESS = "waiting"
_RECORDING, _NOT_RECORDED = "recording", "not recorded"
# By token, what became of files whose recording was begun while this program runs; or how many were recorded.
_outcomes: dict[str, str] = {}
_SAID: dict[str | None, tuple[str, str]] = {
    _RECORDING: (
        "mind",
        N_("Записът на файловете, които бяха оставени тук, още не е свършил. Презаредете след малко."),
    ),
    _NOT_RECORDED: (
        "act",
        N_("Записът на файловете, които бяха оставени тук, е прекъснат и нищо от тях не е записано. Качете ги отново."),
    ),
    None: (
        "act",
        N_(
            "Страницата или програмата е пусната наново, а файлове, които чакат запис, не се пазят: качете "
            "ги отново. Ако някой вече е записан, ще бъде познат и няма да се запише втори път; записаните "
            "се виждат в „Данни“."
        ),
    ),
}
_UPLOADER = "uploader"
# Bytes of files whose memory is worth looking for: that takes a tenth of a second.
_LARGE = 10_000_000


@dataclass
class Drop:
    """What was dropped and what was understood of it."""

    upload: Upload
    seconds: float
    oblast: str | None
    told: dict[str, FileAnswers]
    """What the person said of each file."""
    aliases: dict[str, str]
    """What the person said that words and unclear institutions mean."""
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    """By what the address of the page knows these files after the session is lost; it says nothing of them."""
    no: int = field(default_factory=itertools.count().__next__)
    wanted: dict[int, bool] = field(default_factory=dict)
    """What the person said of a file: commit it or not."""
    changed: str = ""
    """What somebody recorded that the files were compared with; they must be read again."""

    @property
    def files(self) -> list[FileReport]:
        return self.upload.files

    def is_taken(self, report: FileReport) -> bool:
        """Files with nothing to confirm are committed unless a person said no; the others when one said yes."""
        return report.can_be_committed and self.wanted.get(report.file_no, not report.doubts)

    @property
    def school_labels(self) -> dict[str, str]:
        """Code → an institution in a box where one is chosen, in the order of their names."""
        schools = self.upload.reference.schools.sort_values("name")
        labels = schools["name"] + ", " + schools["settlement"].fillna("") + " · " + schools["code"]
        return dict(zip(schools["code"], labels, strict=True))

    @property
    def taken(self) -> list[FileReport]:
        return [f for f in self.files if self.is_taken(f)]


def current() -> Drop | None:
    """What was dropped in this session and is not committed yet."""
    return st.session_state.get(_DROP)


def keep_in_address(drop: Drop) -> None:
    """Let whoever reloads the page be told what became of these files."""
    st.query_params[_ADDRESS] = drop.token


def what_became_of_lost() -> tuple[str, str] | None:
    """What is said, and how, where the address names files that this session does not have: the page was loaded again,
    or the program was."""
    token = st.query_params.get(_ADDRESS)
    if not token or st.session_state.get("committed"):
        return None
    outcome = _outcomes.get(token)
    if outcome in _SAID:
        kind, words = _SAID[outcome]
        return kind, _(words)
    return (
        "good",
        _("Преди страницата да се презареди, записът завърши. {outcome}").format(outcome=outcome),
    )


def put_aside() -> None:
    """Forget the dropped files: nothing of them was written anywhere."""
    st.query_params.pop(_ADDRESS, None)
    st.session_state.pop("open-file", None)
    drop = st.session_state.pop(_DROP, None)
    if drop:
        drop.upload.close()


def receive(store: Store) -> None:
    """Draw the place where files are dropped; read and check what falls there."""
    turn = st.session_state.setdefault(_UPLOADER, 0)
    files = st.file_uploader(
        _("Файлове от училища, РУО и общини: месечни отсъствия, регистри, образци (CSV, Excel, ODS, Parquet, ZIP)"),
        accept_multiple_files=True,
        key=f"{_UPLOADER}-{turn}",
    )
    if not files:
        return
    size = sum(file.size for file in files)
    sources = [_received(file) for file in files]
    if size > _LARGE:
        give_back_memory()
    st.session_state[_UPLOADER] = turn + 1
    st.session_state.pop("committed", None)
    read(store, sources)
    st.rerun()


def _received(file: UploadedFile) -> Source:
    """An uploaded file, of which Streamlit keeps nothing: otherwise it would keep it until the session ends."""
    source = Source.uploaded(file.name, file.getvalue())
    context = get_script_run_ctx()
    if context:
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # ty: ignore[missing-attribute]
    file.close()
    return source


def read(
    store: Store,
    sources: Sequence[Source],
    oblast: str | None = None,
    told: dict[str, FileAnswers] | None = None,
    aliases: dict[str, str] | None = None,
) -> None:
    """Read and check files, with progress; what was dropped before is put aside."""
    begun = time.monotonic()
    bar = st.progress(0.0, _("Четене на файловете"))

    def tell(done: int, of: int) -> None:
        seconds = number(time.monotonic() - begun, 1)
        words = _("Прочетени {done} · {seconds} s").format(done=out_of(done, of, "файл"), seconds=seconds)
        bar.progress(
            done / of, words if done < of else _("Проверяват се редовете на {of}").format(of=counted(of, "файл"))
        )

    upload = read_files(sources, store, oblast=oblast, told=told, aliases=aliases, sender=viewer(), progress=tell)
    bar.empty()
    put_aside()
    st.session_state[_DROP] = Drop(upload, time.monotonic() - begun, oblast, told or {}, aliases or {})


def read_over(store: Store, drop: Drop) -> None:
    """Read the same files again, because what they are compared with has changed: what was confirmed is asked anew."""
    read(store, drop.upload.sources, drop.oblast, drop.told, drop.aliases)


def read_again(store: Store, drop: Drop, title: str, told: FileAnswers) -> None:
    """Read the same files with what a person said of one of them."""
    wanted = drop.wanted
    read(store, drop.upload.sources, drop.oblast, drop.told | {title: told}, drop.aliases)
    again = current()
    if again:
        again.wanted |= wanted


def read_with_aliases(store: Store, drop: Drop, aliases: dict[str, str]) -> None:
    """Read the same files with what a person said that words and unclear institutions mean."""
    wanted = drop.wanted
    read(store, drop.upload.sources, drop.oblast, drop.told, drop.aliases | aliases)
    again = current()
    if again:
        again.wanted |= wanted


def recorded_words(done: Committed) -> str:
    """„Записани са 2 файла с 40 реда.“, „Записан е 1 файл със 7 реда.“"""
    if not done.batch_ids:
        return _("Нищо ново не е записано.")
    n = len(done.batch_ids)
    files, rows = counted(n, "файл"), counted(done.rows, "ред")
    return f"{capitalized(was('записан', n, 'файл'))} {files} {with_word(done.rows)} {rows}."


def commit_taken(store: Store, drop: Drop) -> Committed:
    """Commit the taken files; the others are read again, because what they are compared with has changed.

    Raises DiskFull, StoreBusy or StoreChanged with nothing stored and everything dropped still here.
    """
    taken = {f.file_no for f in drop.taken}
    begun = time.monotonic()
    bar = st.progress(0.0, _("Запис"))

    def tell(done: int, of: int) -> None:
        seconds = number(time.monotonic() - begun, 1)
        bar.progress(
            done / max(of, 1), _("Записани {done} · {seconds} s").format(done=out_of(done, of, "ред"), seconds=seconds)
        )

    looked(store, viewer(), "upload", place=what_is_in(drop.taken), n=sum(f.rows_good for f in drop.taken))
    _outcomes[drop.token] = _RECORDING
    try:
        done = commit(drop.upload, store, viewer(), sorted(taken), progress=tell)
        _outcomes[drop.token] = recorded_words(done)
    except BaseException as error:
        # A page that is left stops its script, too, and with it the transaction.
        _outcomes[drop.token] = _NOT_RECORDED
        if isinstance(error, StoreChanged):
            drop.changed = str(error)
        raise
    finally:
        bar.empty()
    left = {f.file_hash for f in drop.files if f.can_be_committed and f.file_no not in taken}
    sources = [s for s in drop.upload.sources if s.hash_with(store.key) in left]
    put_aside()
    if sources:
        read(store, sources, drop.oblast, drop.told, drop.aliases)
    return done
