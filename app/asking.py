"""The query of a list, read by its model at once: FastAPI looks at each of its twenty fields in turn."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Given = dict[str, Any]
MOST = 1000  # values of one query, of which 64 KiB could hold as many as it has bytes


def read_at_once(dependant: Dependant) -> Dependant:
    """The same operation, its query model read by us. The document is still made from the original."""
    models: list[tuple[str, Any]] = [(one.name, one.field_info.annotation) for one in dependant.query_params]
    if not all(isinstance(kind, type) and issubclass(kind, BaseModel) for _, kind in models):
        return dependant
    ours = [Dependant(call=reader_of(kind), name=name, request_param_name="request") for name, kind in models]
    return replace(dependant, query_params=[], dependencies=[*dependant.dependencies, *ours])


def reader_of(model: type[BaseModel]) -> Callable[[Request], Coroutine[Any, Any, BaseModel]]:
    """A dependency that gives the query as this model, or says all that is wrong with it."""
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}

    async def read(request: Request) -> BaseModel:
        given, again = _gathered(request, lists)
        try:
            wanted = model.model_validate(given)
        except ValidationError as error:
            wrong = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
            raise RequestValidationError([*again, *wrong]) from error
        if again:
            raise RequestValidationError(again)
        return wanted

    return read


def _gathered(request: Request, lists: set[str]) -> tuple[Given, list[Given]]:
    """Each parameter with its value or values; one that takes a single value may stand but once.

    `include` takes its names one by one or divided by commas.
    """
    given: Given = {}
    again: list[Given] = []
    asked = 0
    for name, value in request.query_params.multi_items():
        values = value.split(",", MOST) if name == "include" else [value]
        asked += len(values)
        if asked > MOST:
            raise RequestValidationError([{"type": "too_many", "loc": ("query", name)}])
        if name in lists:
            given.setdefault(name, []).extend(values)
        elif name in given:
            again.append({"type": "repeated", "loc": ("query", name)})
        else:
            given[name] = value
    return given, again
