"""What holds for every answer, whoever gives it: pure ASGI around the whole application."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import StatementError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.db import new_id
from app.errors import Problem
from app.limits import address
from app.problems import of_database, rendered
from app.strict_json import JSON, MERGE_PATCH

REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}", re.ASCII)
log = logging.getLogger("app")


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
        limits = scope["app"].state.limits if scope["path"].startswith("/v1/") else None

        async def sent(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                _finish(headers, state)
                if limits:
                    headers["RateLimit-Policy"] = limits.policy
                    headers["RateLimit"] = state.get("rate") or limits.of_an_address(address(Request(scope)))
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
            problem = of_database(error) if isinstance(error, StatementError) else Problem()
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


def _finish(headers: MutableHeaders, state: Mapping[str, Any]) -> None:
    headers["X-Request-Id"] = state["request_id"]
    headers["X-Content-Type-Options"] = "nosniff"
    tag = headers.get("etag", "")
    if "content-encoding" in headers and tag.startswith('"'):
        headers["ETag"] = f"W/{tag}"  # the packed bytes are not those that the strong tag names
