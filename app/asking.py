"""What is asked, read by its model at once, and with no more faults than anybody mends."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, cast, get_origin

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Given = dict[str, Any]
MOST = 1000  # values of one query, and faults of one body: both could be tens of thousands


def read_at_once(dependant: Dependant) -> Dependant:
    """The same operation, its models read by us. The document is still made from the original.

    FastAPI looks at each of the twenty fields of a query in turn, and writes down each of a body's faults.
    """
    dependant = replace(dependant, body_params=[_bounded(one) for one in dependant.body_params])
    models: list[tuple[str, Any]] = [(one.name, one.field_info.annotation) for one in dependant.query_params]
    if not all(isinstance(kind, type) and issubclass(kind, BaseModel) for _, kind in models):
        return dependant
    ours = [Dependant(call=reader_of(kind), name=name, request_param_name="request") for name, kind in models]
    return replace(dependant, query_params=[], dependencies=[*dependant.dependencies, *ours])


class Body(ModelField):
    """A body's model. To write a fault down takes longer than to find it, so of too many there is but one."""

    def __post_init__(self) -> None:
        """Nothing: the model reads the body itself, where FastAPI would build another like it around it."""

    def validate(
        self,
        value: Any,
        values: Any = None,  # noqa: ARG002  as FastAPI calls it
        *,
        loc: tuple[int | str, ...] = (),
    ) -> tuple[Any, list[Given]]:
        try:
            return self._model.model_validate(value), []
        except ValidationError as error:
            if error.error_count() > MOST:
                return None, [{"type": "too_many_faults", "loc": loc}]
            return None, [{**one, "loc": (*loc, *one["loc"])} for one in error.errors(include_url=False)]

    @property
    def _model(self) -> type[BaseModel]:
        return cast("type[BaseModel]", self.field_info.annotation)


def _bounded(body: ModelField) -> ModelField:
    return Body(field_info=body.field_info, name=body.name, mode=body.mode, config=body.config)


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
