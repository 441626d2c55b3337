"""The one SQLite library of this process, and the settings under which it loses nothing."""

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    library = sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as library
    except ImportError:  # no wheel for this machine: the standard library's, behind the same gate
        import sqlite3 as library

Connection = library.Connection

# Before 3.51.3 a reset of the write-ahead log could corrupt the file, so there the old journal is used.
SAFE_WAL = library.sqlite_version_info >= (3, 51, 3)
JOURNAL, SYNCHRONOUS = ("wal", "FULL") if SAFE_WAL else ("delete", "EXTRA")
PATIENCE = 10  # seconds that a writer waits for others
STEPS = 100_000  # of SQLite's machine between two looks at the clock: about a millisecond
LEVELS = ("OFF", "NORMAL", "FULL", "EXTRA")


def prepare(connection: Any, *, durable: bool = True) -> None:
    """Set what is set per connection. `isolation_level` is off: we say BEGIN ourselves."""
    connection.isolation_level = None
    be_patient(connection)
    for pragma in (
        f"journal_mode={JOURNAL}",
        f"synchronous={SYNCHRONOUS if durable else 'OFF'}",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def be_patient(connection: Any, seconds: float = PATIENCE) -> None:
    """So long it waits for a file that another process writes to."""
    connection.execute(f"PRAGMA busy_timeout={max(0, round(seconds * 1000))}")


def weaknesses(connection: Any) -> list[str]:
    """What of the settings did not take: read back, since SQLite ignores what it cannot do."""
    wanted = {
        "journal_mode": JOURNAL,
        "synchronous": LEVELS.index(SYNCHRONOUS),
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    return [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]


def read_only(path: str) -> Connection:
    """A connection that cannot write, for the read lane."""
    connection = library.connect(path, isolation_level=None, cached_statements=1024, check_same_thread=False)
    be_patient(connection)
    for pragma in ("query_only=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Clock:
    """Gives up what a connection does when its time is over: SQLite itself has no such limit."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self.seconds = seconds
        self.start()
        connection.set_progress_handler(self._is_over, STEPS)

    def start(self) -> None:
        """From now on, the whole time again."""
        self._until = time.monotonic() + self.seconds

    def _is_over(self) -> bool:
        return time.monotonic() > self._until


def described() -> str:
    """For the log at start-up."""
    return f"SQLite {library.sqlite_version}, journal {JOURNAL}, synchronous {SYNCHRONOUS}, {sys.platform}"
