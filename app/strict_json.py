"""The strict JSON request: bounded, UTF-8, meaning one thing only."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from fastapi import Request

from app import errors
from app.arriving import arriving
from app.errors import Fault, Problem, Words

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
DEEPEST = 50
MOST_VALUES = 50_000  # the reviews of 5,000 tasks, the most that one body may bring, have 40,000
LONGEST_NUMBER = 40

SAYINGS: Mapping[str, Words] = {
    "json_invalid": Words("JSON không hợp lệ", "This is not JSON that can be read"),
    "json_too_deep": Words(f"Lồng nhau quá {DEEPEST} tầng", f"It is nested deeper than {DEEPEST}"),
    "json_too_many": Words(f"Nhiều nhất {MOST_VALUES} giá trị", f"At most {MOST_VALUES} values"),
}

TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


class JsonRequest(Request):
    """A request whose JSON has been read, strictly, once."""

    async def json(self) -> Any:
        return self.state.json


async def read_json(request: Request, most: int, seconds: float, *, is_patch: bool) -> Request:
    """Read the body as JSON: bounded, UTF-8, no duplicate member, no NaN, not too deep."""
    async with arriving(seconds):
        raw = await _body(request, most)
    read = JsonRequest(request.scope, request.receive)
    read._body = raw  # noqa: SLF001  where Starlette keeps a body that has been read
    if raw:
        _check_kind(request, is_patch=is_patch)
        read.state.json = parse(raw)
    return read


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and len(length) < LONGEST_NUMBER and int(length) > most:
        raise errors.ContentTooLarge(most=most)
    read = bytearray()  # a list of parts would take forty bytes for each, and each may be one byte
    async for part in request.stream():
        if len(read) + len(part) > most:
            raise errors.ContentTooLarge(most=most)
        read += part
    return bytes(read)


def _check_kind(request: Request, *, is_patch: bool) -> None:
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    known = {JSON, MERGE_PATCH} if is_patch else {JSON}
    charset = re.search(r'charset\s*=\s*"?([^";\s]+)', rest)
    if kind.strip() in known and (charset is None or charset[1] in {"utf-8", "utf8"}):
        return
    name = "Accept-Patch" if is_patch else "Accept-Post"
    raise errors.UnsupportedMediaType(headers={name: ", ".join(sorted(known))})


def parse(raw: bytes) -> Any:
    """JSON that means one thing, and is no more than a body needs; raises MalformedRequest."""
    if values(raw) > MOST_VALUES and values(TEXT.sub(b"", raw)) > MOST_VALUES:
        raise _malformed("json_too_many")
    try:
        read = json.loads(
            raw.decode(),
            object_pairs_hook=_members,
            parse_constant=_refuse,
            parse_float=_number,
            parse_int=_whole,
        )
        if b"\\u" in raw:
            json.dumps(read, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        raise _malformed("json_invalid") from error
    if _depth(read) > DEEPEST:
        raise _malformed("json_too_deep")
    return read


def values(raw: bytes) -> int:
    """At most so many values are in it: each follows a comma, or is the first of its list or object."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _malformed(code: str) -> Problem:
    return errors.MalformedRequest(errors=[Fault("body", "#", code, SAYINGS[code])])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError
    return value


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError
    return int(digits)


def _depth(value: Any) -> int:
    deepest, rest = 0, [(value, 1)]
    while rest and deepest <= DEEPEST:
        one, depth = rest.pop()
        if isinstance(one, dict | list):
            deepest = max(deepest, depth)
            rest += [(inner, depth + 1) for inner in (one.values() if isinstance(one, dict) else one)]
    return deepest
