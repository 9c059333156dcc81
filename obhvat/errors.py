"""Errors a user can act on. Each says in one Bulgarian sentence what happened and what to do."""


class ObhvatError(Exception):
    """A failure that is the user's to resolve; `str(error)` is shown as it is, without a traceback."""

    exit_code = 1


class StoreBusy(ObhvatError):
    """The store is open in another process."""

    exit_code = 4


class StoreUnusable(ObhvatError):
    """The store, its key or a backup cannot be used as it is."""

    exit_code = 5


class DiskFull(ObhvatError):
    """A commit could not be written; nothing of it is visible."""

    exit_code = 6


class StoreChanged(ObhvatError):
    """Somebody recorded something that a waiting upload was compared with; it must be read again."""

    exit_code = 7


class UnreadableFile(ObhvatError):
    """A file of which no table can be read."""

    exit_code = 2


class UnknownTable(UnreadableFile):
    """A table whose columns nobody explained yet: a person can."""


class UnknownName(ObhvatError):
    """A metric, municipality, school or period that does not exist."""

    exit_code = 2


class NotAllowed(ObhvatError):
    """The role of who asks does not give it: another person or another role may."""
