"""What holds for every answer, whoever gives it: pure ASGI around the whole application."""

import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import StatementError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors, logs
from app.db import new_id
from app.errors import Problem
from app.forms import FORM
from app.limits import address
from app.problems import of_database, rendered
from app.settings import Settings
from app.strict_json import JSON, MERGE_PATCH

REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}", re.ASCII)
LONGEST = 500  # bytes of a path that are logged
log = logging.getLogger("app")
requests = logging.getLogger("app.requests")  # whose level says whether each leaves a line


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


def _takes_file(app: FastAPI, path: str) -> bool:
    return any(
        getattr(route, "takes_file", False) and route.path_regex.match(path)
        for route in app.router.routes
        if isinstance(route, APIRoute)
    )


class Edge:
    """What holds for every answer: its request id, HEAD and OPTIONS, its limits, its line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, state, service = Headers(scope=scope), scope.setdefault("state", {}), scope["app"].state
        asked = headers.get("x-request-id", "")
        is_one = REQUEST_ID.fullmatch(asked) and not logs.SECRETS.search(asked)  # it is kept for good
        state["request_id"] = asked if is_one else str(new_id())
        logs.within(request_id=state["request_id"])
        method, began, status = scope["method"], time.perf_counter(), 0
        limits = service.limits if scope["path"].startswith("/v1/") else None

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                finished = MutableHeaders(scope=message)
                _finish(finished, state, leaving=service.leaving)
                if limits:
                    finished["RateLimit-Policy"] = limits.policy
                    finished["RateLimit"] = state.get("rate") or limits.of_an_address(address(Request(scope)))
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"} if method == "HEAD" else scope
        try:
            if method == "OPTIONS" and not _asked_by_a_browser(headers, service.settings):
                await _options(scope, receive, sent)
            else:
                await self.app(inner, receive, sent)
        finally:
            _account(inner, method, status, time.perf_counter() - began)


class Net:
    """No bare failure: what nobody foresaw is logged whole, and answered as a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except ClientDisconnect:
            return  # who sent it went away before it was whole: nobody is left to be told
        except Exception as error:
            log.exception("request failed")
            if started:
                raise
            problem = of_database(error) if isinstance(error, StatementError) else Problem()
            await rendered(Request(scope), problem)(scope, receive, sent)


def _asked_by_a_browser(headers: Headers, settings: Settings) -> bool:
    """Before a page of another origin calls; the answer is the CORS middleware's."""
    return bool(settings.origins) and "access-control-request-method" in headers


async def _options(scope: Scope, receive: Receive, send: Send) -> None:
    allowed = methods_of(scope["app"], scope["path"])
    if not allowed:
        await rendered(Request(scope), errors.NotFound())(scope, receive, send)
        return
    headers = {"Allow": ", ".join(allowed)}
    if "PATCH" in allowed:
        headers["Accept-Patch"] = f"{JSON}, {MERGE_PATCH}"
    if "POST" in allowed:
        headers["Accept-Post"] = FORM if _takes_file(scope["app"], scope["path"]) else JSON
    await Response(status_code=204, headers=headers)(scope, receive, send)


def _finish(headers: MutableHeaders, state: Mapping[str, Any], *, leaving: bool) -> None:
    headers["X-Request-Id"] = state["request_id"]
    headers["X-Content-Type-Options"] = "nosniff"
    if leaving:
        headers["Connection"] = "close"  # the next request of this caller finds another worker
    tag = headers.get("etag", "")
    if "content-encoding" in headers and tag.startswith('"'):
        headers["ETag"] = f"W/{tag}"  # the packed bytes are not those that the strong tag names


def _account(scope: Scope, method: str, status: int, seconds: float) -> None:
    """One line and one count: of the query and of what the body held, nothing; status 0 if it broke off."""
    route = getattr(scope.get("route"), "path", "none")
    scope["app"].state.metrics.observe(method, route, status, seconds)
    if not requests.isEnabledFor(logging.INFO):
        return
    state, client = scope["state"], scope.get("client")
    actor = state.get("actor")
    scope["app"].state.requests.info(
        "request",
        method=method,
        path=scope.get("raw_path", b"")[:LONGEST].decode("latin-1"),
        route=route,
        status=status,
        code=state.get("code"),
        ms=round(seconds * 1000, 2),
        client=client[0] if client else None,
        principal=str(actor.principal_id) if actor else None,
    )
