"""The HTTP edge: who may come in, the strict JSON request, and problems as answers."""

import json
import logging
import math
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar, NoReturn, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors, validation
from app.db import new_id
from app.errors import Fault, Problem, Words

SAFE = {"GET", "HEAD"}
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
DEEPEST = 50
LONGEST_NUMBER = 40
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}", re.ASCII)
log = logging.getLogger("app")
Handler = TypeVar("Handler", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[Handler], Handler]:
    """The permission of an operation, where it is not the area's own for reading or writing."""

    def declared(handler: Handler) -> Handler:
        handler.__dict__["permission"] = permission  # a mark, read by Route
        return handler

    return declared


class Route(APIRoute):
    """An operation: first who asks and whether anything allows it, then the body, then the handler."""

    area: ClassVar[str] = ""

    @property
    def permission(self) -> str:
        """What a caller needs somewhere, to be let in at all; empty: any caller."""
        declared = getattr(self.endpoint, "permission", None)
        if declared is not None or not self.area:
            return declared or ""
        return f"{self.area}:{'read' if SAFE & set(self.methods or ()) else 'write'}"

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, permission = super().get_route_handler(), self.permission
        takes_body, is_patch = self.body_field is not None, "PATCH" in (self.methods or ())

        async def guarded(request: Request) -> Response:
            service = request.app.state
            actor = request.state.actor = await service.authenticate(request)
            service.limits.spend(request, actor)
            if permission and not actor.allows(permission):
                raise errors.Forbidden(
                    Words(f"Cần quyền {permission}.", f"This needs the permission {permission}.")
                )
            if takes_body:
                request = await read_json(request, service.settings.body_bytes, is_patch=is_patch)
            return await handle(request)

        return guarded


def routes_of(area: str, tag: str) -> APIRouter:
    """A router whose operations need `area:read` or `area:write`, and stand under this tag."""
    return APIRouter(tags=[tag], route_class=type(f"{area.title()}Route", (Route,), {"area": area}))


class JsonRequest(Request):
    """A request whose JSON has been read, strictly, once."""

    async def json(self) -> Any:
        return self.state.json


async def read_json(request: Request, most: int, *, is_patch: bool) -> Request:
    """Read the body as JSON: bounded, UTF-8, no duplicate member, no NaN, not too deep."""
    raw = await _body(request, most)
    if not raw:
        return request
    _check_kind(request, is_patch=is_patch)
    read = JsonRequest(request.scope, request.receive)
    read._body = raw  # noqa: SLF001  where Starlette keeps a body that has been read
    read.state.json = parse(raw)
    return read


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and len(length) < LONGEST_NUMBER and int(length) > most:
        raise errors.ContentTooLarge(most=most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise errors.ContentTooLarge(most=most)
        parts.append(part)
    return b"".join(parts)


def _check_kind(request: Request, *, is_patch: bool) -> None:
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    known = {JSON, MERGE_PATCH} if is_patch else {JSON}
    charset = re.search(r'charset\s*=\s*"?([^";\s]+)', rest)
    if kind.strip() in known and (charset is None or charset[1] in {"utf-8", "utf8"}):
        return
    name = "Accept-Patch" if is_patch else "Accept-Post"
    raise errors.UnsupportedMediaType(headers={name: ", ".join(sorted(known))})


def parse(raw: bytes) -> Any:
    """JSON that means one thing; raises MalformedRequest."""
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


def _malformed(code: str) -> Problem:
    words = Words("JSON không hợp lệ", "This is not JSON that can be read")
    return errors.MalformedRequest(errors=[Fault("body", "#", code, words)])


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


def language(headers: Headers) -> str:
    """Vietnamese, or English where the caller prefers it among the two."""
    best, chosen = 0.0, "vi"
    for part in headers.get("accept-language", "").split(","):
        name, _, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", rest)
        quality = float(weight[1]) if weight else (0.0 if rest else 1.0)
        found = name.strip().lower().partition("-")[0]
        if found in {"vi", "en"} and quality > best:
            best, chosen = quality, found
    return chosen


def rendered(request: Request, problem: Problem) -> Response:
    """RFC 9457, in the caller's language."""
    tongue = language(request.headers)
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": getattr(problem.title, tongue),
        "status": problem.status,
        "code": problem.code,
        "detail": getattr(problem.detail, tongue),
        "instance": quote(request.url.path, safe="/:@!$&'()*+,;=-._~"),
        "request_id": getattr(request.state, "request_id", None),
    }
    if problem.errors:
        body["errors"] = [_told(fault, tongue) for fault in problem.errors]
    body |= problem.members
    headers = {"Content-Language": tongue, "Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


def _told(fault: Fault, tongue: str) -> Mapping[str, str]:
    said = {"code": fault.code, "detail": getattr(fault.words, tongue)}
    if fault.where == "body":
        return {"pointer": fault.name, **said}
    return {"parameter": fault.name, "in": fault.where, **said}


def on_problem(request: Request, error: Exception) -> Response:
    return rendered(request, error if isinstance(error, Problem) else Problem())


def on_invalid(request: Request, error: Exception) -> Response:
    """A query, path or header that cannot be read is a 400; a body that is wrong is a 422."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = validation.faults(found)
    unread = any(fault.where != "body" for fault in told)
    number = len(found)
    detail = Words(f"{number} lỗi", f"{number} error{'s' if number > 1 else ''}")
    return rendered(
        request, (errors.MalformedRequest if unread else errors.ValidationError)(detail, errors=told)
    )


def on_http(request: Request, error: Exception) -> Response:
    """What the router itself answers: no such path, or not this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == errors.MethodNotAllowed.status:
        allowed = ", ".join(methods_of(request.app, request.url.path))
        return rendered(request, errors.MethodNotAllowed(headers={"Allow": allowed}))
    kinds: dict[int, type[Problem]] = {404: errors.NotFound, 400: errors.MalformedRequest}
    return rendered(request, kinds.get(status, Problem)())


def on_database(request: Request, error: Exception) -> Response:
    return rendered(request, of_database(error))


def of_database(error: Exception) -> Problem:
    """What the database refused, in words the caller understands."""
    if isinstance(error, StaleDataError):
        return errors.Stale()
    if isinstance(error, IntegrityError):
        said = str(error.orig)
        if "external_refs" in said:
            return errors.ExternalRefTaken()
        return errors.CodeTaken() if re.search(r"\.code|_code", said) else errors.Conflict()
    if isinstance(error, PoolTimeout | OperationalError):
        log.warning("database unavailable: %s", type(error).__name__)
        return errors.Unavailable(headers={"Retry-After": "1"})
    log.error("the database refused a statement", exc_info=error)
    return Problem()


def methods_of(app: FastAPI, path: str) -> list[str]:
    """Every method that a path answers."""
    found = {
        method
        for route in app.router.routes
        if isinstance(route, APIRoute) and route.path_regex.match(path)
        for method in route.methods or ()
    }
    if not found:
        return []
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


class Edge:
    """What holds for every answer: its request id, HEAD and OPTIONS, its limits, and no bare failure."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        asked = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = asked if REQUEST_ID.fullmatch(asked) else str(new_id())
        method, started = scope["method"], False
        policy = scope["app"].state.limits.policy if scope["path"].startswith("/v1") else None

        async def sent(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _finish(MutableHeaders(scope=message), state, policy)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            if method == "OPTIONS":
                await self._options(scope, receive, sent)
            else:
                await self.app({**scope, "method": "GET"} if method == "HEAD" else scope, receive, sent)
        except Exception as error:
            log.exception("request %s failed", state["request_id"])
            if started:
                raise
            problem = of_database(error) if isinstance(error, StatementError | DBAPIError) else Problem()
            await rendered(Request(scope), problem)(scope, receive, sent)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = methods_of(scope["app"], scope["path"])
        if not allowed:
            await rendered(Request(scope), errors.NotFound())(scope, receive, send)
            return
        headers = {"Allow": ", ".join(allowed)}
        if "PATCH" in allowed:
            headers["Accept-Patch"] = f"{JSON}, {MERGE_PATCH}"
        if "POST" in allowed:
            headers["Accept-Post"] = JSON
        await Response(status_code=204, headers=headers)(scope, receive, send)


def _finish(headers: MutableHeaders, state: Mapping[str, Any], policy: str | None) -> None:
    headers["X-Request-Id"] = state["request_id"]
    headers["X-Content-Type-Options"] = "nosniff"
    if policy:
        headers["RateLimit-Policy"] = policy
        if "rate" in state:
            headers["RateLimit"] = state["rate"]
    tag = headers.get("etag", "")
    if "content-encoding" in headers and tag.startswith('"'):
        headers["ETag"] = f"W/{tag}"  # the packed bytes are not those that the strong tag names


def install(app: FastAPI) -> None:
    """Every way in which a request can go wrong ends as a problem."""
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for kind in (StaleDataError, IntegrityError, PoolTimeout, OperationalError):
        app.add_exception_handler(kind, on_database)
