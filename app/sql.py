"""The few words that the two databases say differently."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Float,
    Integer,
    LargeBinary,
    Null,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    case,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from app.types import Id, Moment, Several

Value = ColumnElement[Any] | InstrumentedAttribute[Any]
Member = SQLColumnExpression[Any]
Found = Select[*tuple[Any, ...]]  # rows of any columns
State = TypeVar("State", bound=StrEnum)


def constant(text: str) -> ColumnElement[str]:
    """A word of ours, written into the statement. Never for what a caller sends."""
    return literal_column("'" + text.replace("'", "''") + "'", String())


def whole(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer())


def among(column: Value, parameter: str) -> ColumnElement[bool]:
    """The column is one of several values, given as one parameter."""
    if isinstance(column.type, NullType):
        raise TypeError("Give the column a type: a foreign key alone leaves it open.")
    return _among(column, bindparam(parameter, type_=Several(column.type)))


def by_state(column: Value, moves: Mapping[State, Collection[StrEnum]]) -> ColumnElement[Any]:
    """A state machine as JSON lists: for each state, the names of the moves that leave it."""
    lists = {state: ",".join(f'"{move}"' for move in onward) for state, onward in moves.items()}
    chosen = case(*((column == constant(s), constant(f"[{names}]")) for s, names in lists.items()))
    return type_coerce(chosen, JSON())


class _object(FunctionElement[Any]):
    inherit_cache = True

    def __init__(self, members: Mapping[str, Member]) -> None:
        super().__init__(*chain.from_iterable((constant(name), value) for name, value in members.items()))


class json_object(_object):
    """A JSON object whose members are written alike by both databases."""

    inherit_cache = True
    type = JSON()


class json_array(FunctionElement[Any]):
    inherit_cache = True
    type = JSON()


class json_without(FunctionElement[Any]):
    """A JSON list of objects, each without one member."""

    inherit_cache = True
    type = JSON()


class _collected(FunctionElement[Any]):
    inherit_cache = True
    type = JSON()


class _joined(FunctionElement[Any]):
    inherit_cache = True
    type = JSON()


class _gathered(FunctionElement[Any]):
    inherit_cache = True
    type = JSON()


def json_list(
    members: Mapping[str, Member],
    of: type[Any],
    where: ColumnElement[bool],
    order_by: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    beside: Mapping[Any, ColumnElement[bool]] = {},
) -> ScalarSelect[Any]:
    """The rows that belong to the outer row, as a JSON list of objects: one sub-select, no second query.

    `beside` are rows joined where there are any, for the order.
    """
    rows = select(json_object(members).label("body")).select_from(of).where(where).order_by(*order_by)
    for other, joined in beside.items():
        rows = rows.outerjoin(other, joined)
    rows = rows.correlate_except(of, *beside)
    return select(_collected(rows.subquery().c.body)).scalar_subquery()


def json_rows(rows: Found | CompoundSelect[Any]) -> ScalarSelect[Any]:
    """A statement whose one column, `body`, is a JSON object or the text of one, as a JSON list."""
    body = rows.subquery().c.body
    return select((_collected if isinstance(body.type, JSON) else _joined)(body)).scalar_subquery()


def json_values(
    value: Value,
    of: type[Any],
    where: ColumnElement[bool],
    order_by: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
) -> ScalarSelect[Any]:
    """One column of the rows that belong to the outer row, as a JSON list."""
    rows = select(value.label("body")).where(where).order_by(*order_by).correlate_except(of)
    return select(_gathered(rows.subquery().c.body)).scalar_subquery()


def every_word(text: Value, parameter: str) -> ColumnElement[bool]:
    """Each word of the parameter begins a word of the folded text, in any order."""
    return _every_word(text, bindparam(parameter, type_=Several(String())))


class largest(FunctionElement[int]):
    inherit_cache = True
    type = Integer()


class percent(FunctionElement[float]):
    """The first out of the second in hundredths, to two places; null where that is nothing."""

    inherit_cache = True
    type = Float()


class as_text(FunctionElement[str]):
    inherit_cache = True
    type = String()


class json_text(_object):
    """The same put together as text, for thousands of rows, or one that holds them.

    PostgreSQL looks up the type of each member of each row that it writes itself, and either database copies
    or reads what is already JSON once more.
    """

    inherit_cache = True
    type = String()


class as_bytes(FunctionElement[bytes]):
    """Text as it goes out: what is long need not become text in this process, and bytes again."""

    inherit_cache = True
    type = LargeBinary()


class quarter_end(FunctionElement[Any]):
    """The last day of 2025-Q4 is 2025-12-31."""

    inherit_cache = True
    type = Date()


class days_between(FunctionElement[int]):
    inherit_cache = True
    type = Integer()


class _every_word(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        return self


class transaction_number(FunctionElement[int]):
    """The number of this transaction: 0 on SQLite, which has one writer."""

    inherit_cache = True
    type = BigInteger()


class oldest_open_transaction(FunctionElement[int]):
    """Every transaction with a lower number has ended, as this statement sees it. PostgreSQL only."""

    inherit_cache = True
    type = BigInteger()


class _among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        return self  # else SQLAlchemy writes "= 1" after it for SQLite, and no index is used


def _shown(value: ColumnElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    """A value inside JSON, as the wire wants it."""
    sql, lite = compiler.process(value, **kw), compiler.dialect.name == "sqlite"
    if lite and isinstance(value.type, Boolean):
        return f"json(CASE {sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
    if isinstance(value.type, JSON):
        if lite:  # what SQLite made here and now it knows to be JSON, and need not read again
            return sql if isinstance(value, json_object | json_array) else f"json({sql})"
        return f"({sql})::json"
    if isinstance(value.type, Moment) and not lite:
        return f"to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    return sql


@compiles(json_array)
def _array(element: json_array, compiler: SQLCompiler, **kw: Any) -> str:
    name = "json_array" if compiler.dialect.name == "sqlite" else "json_build_array"
    return f"{name}({', '.join(_shown(value, compiler, **kw) for value in element.clauses)})"


@compiles(json_object)
def _as_object(element: json_object, compiler: SQLCompiler, **kw: Any) -> str:
    shown = [_shown(value, compiler, **kw) for value in element.clauses]
    members = list(zip(shown[::2], shown[1::2], strict=True))
    if compiler.dialect.name == "sqlite":
        return f"json_object({', '.join(f'{name}, {sql}' for name, sql in members)})"
    row = ", ".join(f'{sql} AS "{name[1:-1]}"' for name, sql in members)
    # Faster than json_build_object, and without its limit of 50 members.
    return f"(SELECT row_to_json(shown) FROM (SELECT {row}) AS shown)"  # noqa: S608  compiled by SQLAlchemy


@compiles(json_text)
def _text(element: json_text, compiler: SQLCompiler, **kw: Any) -> str:
    names, values = list(element.clauses)[::2], list(element.clauses)[1::2]
    members, before = list[str](), "{"
    for name, value in zip(names, values, strict=True):
        members.append(f"""'{before}"{compiler.process(name, **kw)[1:-1]}":' || """)
        members.append(f"{_written(value, compiler, **kw)} || ")
        before = ","
    return f"({''.join(members)}'}}')"


def _written(value: ColumnElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    """A value as JSON writes it."""
    lite = compiler.dialect.name == "sqlite"
    if isinstance(value, Null):
        return "'null'"
    if isinstance(value.type, JSON):
        text = compiler.process(value, **kw) if lite else f"CAST({compiler.process(value, **kw)} AS TEXT)"
    elif lite:
        return f"json_quote({_shown(value, compiler, **kw)})"
    elif isinstance(value.type, Id):
        text = f"""'"' || {_shown(value, compiler, **kw)} || '"'"""
    elif isinstance(value.type, Integer):
        text = f"CAST({_shown(value, compiler, **kw)} AS TEXT)"
    else:
        text = f"CAST(to_json({_shown(value, compiler, **kw)}) AS TEXT)"
    return f"coalesce({text}, 'null')"


def _say(kind: type[FunctionElement[Any]], sqlite: str, postgresql: str) -> None:
    def written(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
        template = sqlite if compiler.dialect.name == "sqlite" else postgresql
        return template.format(*(compiler.process(part, **kw) for part in element.clauses))

    compiles(kind)(written)


#     what      SQLite                               PostgreSQL
# json_group_array would read every body once more: a third of what a long list costs
_say(_collected, "'[' || coalesce(group_concat({}, ','), '') || ']'", "coalesce(json_agg({}), '[]'::json)")
_say(
    _joined,
    "'[' || coalesce(group_concat({}, ','), '') || ']'",
    "'[' || coalesce(string_agg({}, ','), '') || ']'",
)
_say(_gathered, "json_group_array({})", "coalesce(json_agg({}), '[]'::json)")
_say(
    json_without,
    "(SELECT json_group_array(json_remove(one.value, '$.' || {1})) FROM json_each({0}) AS one)",
    "(SELECT coalesce(json_agg(CAST(one AS jsonb) - {1}), '[]'::json) FROM json_array_elements({0}) AS one)",
)
_say(_among, "{0} IN (SELECT value FROM json_each({1}))", "{0} = ANY ({1})")
_say(
    _every_word,
    "(NOT EXISTS (SELECT 1 FROM json_each({1}) AS word WHERE instr({0}, word.value) = 0))",
    "(NOT EXISTS (SELECT 1 FROM unnest({1}) AS word WHERE strpos({0}, word) = 0))",
)
_say(transaction_number, "0", "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)")
_say(oldest_open_transaction, "0", "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)")
_say(as_bytes, "CAST({} AS BLOB)", "convert_to({}, 'UTF8')")
_say(as_text, "{}", "CAST({} AS TEXT)")
_say(
    percent,
    "(({0}) * 20000 + ({1})) / nullif(2 * ({1}), 0) / 100.0",
    "CAST((CAST({0} AS BIGINT) * 20000 + CAST({1} AS BIGINT))"
    " / nullif(2 * CAST({1} AS BIGINT), 0) AS DOUBLE PRECISION) / 100",
)
_say(largest, "max({}, {})", "greatest({}, {})")
_say(days_between, "CAST(julianday({1}) - julianday({0}) AS INTEGER)", "({1} - {0})")
_say(
    quarter_end,
    "(substr({0}, 1, 4) || CASE substr({0}, 6)"
    " WHEN 'Q1' THEN '-03-31' WHEN 'Q2' THEN '-06-30' WHEN 'Q3' THEN '-09-30' ELSE '-12-31' END)",
    "make_date(left({0}, 4)::int, right({0}, 1)::int * 3,"
    " CASE WHEN right({0}, 1) IN ('1', '4') THEN 31 ELSE 30 END)",
)
