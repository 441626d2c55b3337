"""Column types: what they are in Python, in each database, and therefore on the wire."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, String, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

Json = dict[str, Any]
JsonList = list[dict[str, Any]]


def to_milliseconds(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def wire(moment: datetime) -> str:
    """An instant as every answer writes it: 2026-01-05T10:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def plain(value: Any) -> Any:
    """Any column's value as JSON has it."""
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, Enum):
        return value.value
    known = value is None or isinstance(value, bool | int | float | str | list | dict)
    return value if known else str(value)


class Id(TypeDecorator[UUID]):
    """A UUID; in SQLite the same 36 characters that callers see."""

    impl = Uuid
    cache_ok = True

    @property
    def python_type(self) -> type[UUID]:
        return UUID

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(36) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return str(value) if value and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return UUID(value) if value and dialect.name == "sqlite" else value


class Moment(TypeDecorator[datetime]):
    """An instant, to the millisecond; in SQLite the text that callers see, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(24) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return wire(value) if dialect.name == "sqlite" else to_milliseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if value and dialect.name == "sqlite" else value


class Several(TypeDecorator[Sequence[Any]]):
    """Any number of values in one parameter, so that their number does not change the SQL."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(self.of))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        process = self.of.dialect_impl(dialect).bind_processor(dialect) if dialect.name == "sqlite" else None
        values = [process(one) if process else one for one in value or ()]
        return json.dumps(values) if dialect.name == "sqlite" else values
