"""A statement written once for a database: its SQL as the driver takes it, and how values come and go.

SQLAlchemy writes it, from expressions; building and looking up an expression at every request would cost
more than most of our queries do.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Executable
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Processor = Callable[[Any], Any] | None


class Statement(NamedTuple):
    """`daily`: whether the answer depends on what day it is."""

    sql: str
    takes: tuple[tuple[str, Processor], ...]
    gives: tuple[Processor, ...]
    constants: Mapping[str, Any]
    is_positional: bool
    daily: bool
    mark: str  # which statement it is, for validators

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in their places, each as this driver wants it."""
        known = {**self.constants, **given} if self.constants else given
        return [process(known[name]) if process else known[name] for name, process in self.takes]

    def run(self, db: Session, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """In the transaction of a session, past its unit of work: flush before what must be seen here."""
        rows = db.connection().exec_driver_sql(self.sql, self._bound(given))
        return [self._read(row) for row in rows] if self.gives else []

    def run_many(self, db: Session, each: Iterable[Mapping[str, Any]]) -> None:
        """The same for several rows, without an answer."""
        rows = [self._bound(given) for given in each]
        if rows:
            db.connection().exec_driver_sql(self.sql, rows)

    def _bound(self, given: Mapping[str, Any]) -> Any:  # as the driver's paramstyle has it
        values = self.values(given)
        if self.is_positional:
            return tuple(values)
        return {name: value for (name, _), value in zip(self.takes, values, strict=True)}

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            read(value) if read and value is not None else value
            for read, value in zip(self.gives, row, strict=True)
        )


def written(statement: Executable, dialect: Dialect) -> Statement:
    """Write it for a database. The parameters are those that `bindparam` names."""
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every statement has it
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(statement)
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    binds = {name: compiled.binds[name] for name in names or ()}
    into = {n: b.type.dialect_impl(dialect).bind_processor(dialect) for n, b in binds.items()}
    given_back = (one.type for one in compiled._result_columns)  # noqa: SLF001  it has no public name
    outof = (kind.dialect_impl(dialect).result_processor(dialect, None) for kind in given_back)
    return Statement(
        str(compiled),
        tuple((name, into[name]) for name in names or ()),
        tuple(outof),
        {name: bind.value for name, bind in binds.items() if not bind.required},
        compiled.positional,
        daily="today" in binds,
        mark=hashlib.blake2b(str(compiled).encode(), digest_size=8).hexdigest(),
    )
