"""What anyone may fetch to verify signed minutes: the keys, the forms as JSON Schemas, and the script."""

import json
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from sqlalchemy import Dialect, select

from app import tags
from app.errors import NotFound
from app.minutes.links import SigningKey
from app.minutes.proof import ALGORITHM, Link, Proof
from app.minutes.record import MinutesRecord
from app.prepared import Statement, written
from app.sql import as_text

# A published form never changes: what is recorded otherwise gets the next number, and this one stays.
FORMS: Mapping[str, type[BaseModel]] = {
    "minutes-record/1": MinutesRecord,
    "minutes-link/1": Link,
    "minutes-proof/1": Proof,
}
SCRIPT = Path(__file__).with_name("verify.py")  # not imported: few processes verify
DIALECT = "https://json-schema.org/draft/2020-12/schema"
A_WHILE, FOR_GOOD = "public, max-age=300", "public, max-age=86400"


def install(app: FastAPI) -> None:
    """Routes outside the OpenAPI document, for everybody."""
    add = partial(app.add_api_route, include_in_schema=False)
    add("/.well-known/minutes-keys.json", key_set)
    add("/.well-known/minutes-verify.py", script)
    add("/schemas/{name}/{number}", form)


async def key_set(request: Request) -> Response:
    """Every key that ever signed, as a JWK Set (RFC 7517)."""
    lane = request.app.state.lane
    rows = await lane.fetch(_keys(lane.dialect).sql, [])
    known = [{**json.loads(row[0]), "alg": ALGORITHM, "use": "sig"} for row in rows]
    return _given(request, json.dumps({"keys": known}), "application/jwk-set+json", A_WHILE)


async def script(request: Request) -> Response:
    """What `python -m app verify` runs, to be run alone."""
    return _given(request, _script(), "text/x-python; charset=utf-8", A_WHILE)


async def form(request: Request, name: str, number: str) -> Response:
    if f"{name}/{number}" not in FORMS:
        raise NotFound
    said = json.dumps(schema(f"{name}/{number}"), ensure_ascii=False)
    return _given(request, said, "application/schema+json", FOR_GOOD)


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a form."""
    made = FORMS[name].model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": f"/schemas/{name}", **made}


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


@cache
def _keys(dialect: Dialect) -> Statement:
    return written(
        select(as_text(SigningKey.public_jwk)).order_by(SigningKey.made_at, SigningKey.id), dialect
    )


def _given(request: Request, body: str, media_type: str, kept: str) -> Response:
    headers = {"ETag": f'"{tags.digest(body.encode())}"', "Cache-Control": kept}
    if tags.same(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
