"""Backups by the databases' own means: SQLite's backup interface, pg_dump and pg_restore.

Never a copy of SQLite's file: what stands in the write-ahead log would be missing, and nothing would say so.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import Engine, inspect, text

from app import sqlite
from app.db import keep
from app.upgrading import current, upgrade

HEADER = b"SQLite format 3\x00"
PLAIN = re.compile(r"[:\\]")  # what a password file wants marked


class CannotBackUp(Exception):
    """Why not, and what to do, for the operator."""


def back_up(engine: Engine, into: Path) -> None:
    """Everything acknowledged before it began, in one file of its own. Raises CannotBackUp.

    The file appears under its name when it is whole and on the disk, and is its owner's alone to read.
    """
    if into.exists():
        raise CannotBackUp(f"{into} is there already. Name another file.")
    part = into.with_name(f"{into.name}.{token_hex(4)}.part")
    try:
        part.touch(mode=0o600)
        if engine.dialect.name == "sqlite":
            _out_of_sqlite(engine, part)
        else:
            _postgres("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
        _settle(part)
        os.link(part, into)  # unlike a renaming it never replaces what came there meanwhile
        _settle(into.parent)
    except FileExistsError as error:
        raise CannotBackUp(f"{into} is there already. Name another file.") from error
    except OSError as error:
        raise CannotBackUp(f"{into} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def restore(engine: Engine, out_of: Path) -> None:
    """Into an empty database, which is brought up to date, and begins a new life. Raises CannotBackUp."""
    if inspect(engine).get_table_names():
        raise CannotBackUp("The database holds tables already. Restore into an empty one, then point to it.")
    if not out_of.is_file():
        raise CannotBackUp(f"{out_of} is no file.")
    with out_of.open("rb") as file:
        of_sqlite = file.read(len(HEADER)) == HEADER
    if of_sqlite != (engine.dialect.name == "sqlite"):
        raise CannotBackUp(f"{out_of} is a backup of the other kind of database.")
    if of_sqlite:
        _into_sqlite(engine, out_of)
    else:
        switches = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        _postgres("pg_restore", engine, *switches, str(out_of))
    if current(engine) is None:
        raise CannotBackUp(f"{out_of} is no backup of this service. Empty the database again.")
    upgrade(engine)
    _begin_anew(engine)


def _begin_anew(engine: Engine) -> None:
    """Another cluster counts its transactions from elsewhere: what was before precedes all of them."""
    keep(
        engine,
        text("UPDATE journal SET life = :life").bindparams(life=token_hex(4)),
        text("UPDATE events SET tx = 0 WHERE tx <> 0"),
        text("UPDATE event_audience SET tx = 0 WHERE tx <> 0"),
    )


def _out_of_sqlite(engine: Engine, into: Path) -> None:
    with engine.connect() as connection:
        source: Any = connection.connection.driver_connection
        _copy(source, into)


def _into_sqlite(engine: Engine, out_of: Path) -> None:
    source = sqlite.library.connect(f"{out_of.absolute().as_uri()}?mode=ro", uri=True)
    try:
        _refuse_broken(source)
        with engine.connect() as connection:
            target: Any = connection.connection.driver_connection
            source.backup(target)
    finally:
        source.close()


def _copy(source: Any, into: Path) -> None:
    target = sqlite.library.connect(into)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
        _refuse_broken(target)
    finally:
        target.close()


def _refuse_broken(connection: Any) -> None:
    said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        raise CannotBackUp(f"The database is not whole: {'; '.join(said[:5])}")


def _settle(path: Path) -> None:
    """On the disk: what a file holds; of a folder, the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _postgres(program: str, engine: Engine, *arguments: str) -> None:
    """PostgreSQL's own program, from the PATH. The password waits in a file: a command's words are public."""
    found = shutil.which(program)
    if found is None:
        raise CannotBackUp(f"{program} is not on the PATH. It comes with PostgreSQL's client programs.")
    secret = PLAIN.sub(r"\\\g<0>", str(engine.url.password or ""))
    with NamedTemporaryFile("w") as kept:  # which is its owner's alone to read
        kept.write(f"*:*:*:*:{secret}\n")
        kept.flush()
        url = engine.url._replace(drivername="postgresql", password=None)
        where = url.update_query_dict({"passfile": kept.name}).render_as_string()
        ended = subprocess.run(  # noqa: S603  a program by its whole path, with arguments of our own
            [found, *arguments, f"--dbname={where}"], capture_output=True, text=True, check=False
        )
    if ended.returncode:
        raise CannotBackUp(f"{program}: {ended.stderr.strip()}")
