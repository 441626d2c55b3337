"""Problems as answers: RFC 9457, in the caller's language; and what the database refused, in words."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from app import errors
from app.errors import Fault, Problem

log = logging.getLogger("app")


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
    request.state.code = problem.code
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
    if "blockers" in problem.members:
        body["blockers"] = [_in_one(blocker, tongue) for blocker in problem.members["blockers"]]
    headers = {"Content-Language": tongue, "Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


def _in_one(blocker: Mapping[str, str], tongue: str) -> Mapping[str, str]:
    """A blocker says the same in both languages: `detail_vi` and `detail_en` become `detail`."""
    kept = {name: value for name, value in blocker.items() if not name.startswith("detail_")}
    return {**kept, "detail": blocker[f"detail_{tongue}"]}


def _told(fault: Fault, tongue: str) -> Mapping[str, str]:
    said = {"code": fault.code, "detail": getattr(fault.words, tongue)}
    if fault.where == "body":
        return {"pointer": fault.name, **said}
    return {"parameter": fault.name, "in": fault.where, **said}


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
        said = str(getattr(error, "orig", error)).partition("\n")[0]  # what comes after may name values
        log.warning("database unavailable: %s: %s", type(error).__name__, said)
        return errors.Unavailable(headers={"Retry-After": "1"})
    log.error("the database refused a statement", exc_info=error)
    return Problem()
