"""Pages of a list, told apart by the last row seen rather than by a number."""

import base64
import binascii
import hashlib
import json
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.requests import Request

from app.errors import InvalidCursor
from app.schema import LARGEST, LATER, Count, Schema, clean
from app.sql import Value

Out = TypeVar("Out", bound=BaseModel)
LONGEST_PAGE = 200
LONGEST_CURSOR = 2000


class PageQuery(Schema):
    """What every list can be asked."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE, description="How many rows a page holds.")] = 50
    cursor: Annotated[
        str | None,
        Field(
            max_length=LONGEST_CURSOR,
            description="`next_cursor` of the page before, with the same filters and sort.",
        ),
    ] = None
    include_total: Annotated[bool, Field(description="Count all rows that match.")] = False
    sort: str = ""  # each list says which


class Page(BaseModel, Generic[Out]):
    """One page. `next_cursor` is null on the last; `total` is null unless it was asked for."""

    model_config = LATER

    items: Annotated[list[Out], Field(max_length=LONGEST_PAGE)]
    next_cursor: Annotated[str, Field(max_length=LONGEST_CURSOR)] | None
    total: Count | None


def question(*asked: object) -> bytes:
    """What a cursor belongs to: it continues this question and no other."""
    return hashlib.blake2b(repr(asked).encode(), digest_size=6).digest()


def cursor(question: bytes, key: str) -> str:
    return base64.urlsafe_b64encode(question + key.encode()).decode().rstrip("=")


def position(cursor: str, wanted: bytes, keys: tuple[Value, ...]) -> dict[str, Any]:
    """The values to continue after, as parameters of the statement."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw[len(wanted) :])
        if raw[: len(wanted)] != wanted or len(values) != len(keys):
            raise InvalidCursor
        return {f"after_{n}": _parse(keys[n].type.python_type, value) for n, value in enumerate(values)}
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidCursor from error


def _parse(kind: type[Any], value: Any) -> Any:
    """A cursor is not signed: whatever it holds must be what its column can hold."""
    if kind is int:
        if not isinstance(value, int) or abs(value) > LARGEST:
            raise InvalidCursor
        return value
    if not isinstance(value, str):
        raise InvalidCursor
    text = clean(value)
    return kind.fromisoformat(text) if hasattr(kind, "fromisoformat") else kind(text)


def next_link(request: Request, cursor: str) -> str:
    """RFC 8288: where the list goes on."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f'<{request.url.path}?{urlencode([*asked, ("cursor", cursor)])}>; rel="next"'
