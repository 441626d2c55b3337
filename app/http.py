"""Operations: who may come in, the body they take, and every way in which one can go wrong."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from app import errors, validation
from app.actor import Actor
from app.asking import read_at_once
from app.edge import methods_of
from app.errors import Fault, Problem, Words
from app.forms import read_form
from app.problems import of_database, rendered
from app.strict_json import read_json

SAFE = {"GET", "HEAD"}
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

    @property
    def takes_file(self) -> bool:
        """Whether its body is a form with a file, and no JSON."""
        return self.body_field is not None and isinstance(self.body_field.field_info, params.File)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        whole, self.dependant = self.dependant, read_at_once(self.dependant)
        handle, permission = super().get_route_handler(), self.permission
        self.dependant = whole
        takes_query = bool(whole.query_params)
        takes_body, is_patch = self.body_field is not None, "PATCH" in (self.methods or ())
        takes_file = self.takes_file

        async def guarded(request: Request) -> Response:
            service = request.app.state
            actor = request.state.actor = await service.authenticate(request)
            service.limits.spend(request, actor)
            if permission and not actor.allows(permission):
                raise _not_allowed(actor, permission)
            if request.scope["query_string"] and not takes_query:
                raise _not_asked_here(request)
            if takes_file:
                request = await read_form(request, service.settings.request_seconds)
            elif takes_body:
                bounds = service.settings.body_bytes, service.settings.request_seconds
                request = await read_json(request, *bounds, is_patch=is_patch)
            return await handle(request)

        return guarded


def _not_allowed(actor: Actor, permission: str) -> Problem:
    """Who has shown no credential is asked for one; who has is told what it lacks."""
    if actor.principal_id is None:
        return errors.Unauthorized(headers={"WWW-Authenticate": errors.Unauthorized.CHALLENGE})
    return errors.Forbidden.without(permission)


def _not_asked_here(request: Request) -> Problem:
    """Every parameter of an operation that takes none, by name."""
    known = validation.SAYINGS["extra_forbidden"]
    faults = [Fault("query", name, "extra_forbidden", known) for name in dict(request.query_params)]
    return errors.MalformedRequest(errors=faults)


def routes_of(area: str, tag: str) -> APIRouter:
    """A router whose operations need `area:read` or `area:write`, and stand under this tag."""
    return APIRouter(tags=[tag], route_class=type(f"{area.title()}Route", (Route,), {"area": area}))


def on_problem(request: Request, error: Exception) -> Response:
    return rendered(request, error if isinstance(error, Problem) else Problem())


def on_invalid(request: Request, error: Exception) -> Response:
    """A query, path or header that cannot be read is a 400; a body that is wrong is a 422."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = validation.faults(found)
    unread = any(fault.where != "body" for fault in told)
    number = max(len(found), len(told))
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


def install(app: FastAPI) -> None:
    """Every way in which a request can go wrong ends as a problem."""
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for kind in (StaleDataError, IntegrityError, PoolTimeout, OperationalError):
        app.add_exception_handler(kind, on_database)
