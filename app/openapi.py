"""The OpenAPI document: what FastAPI generates, mended, with what every operation shares."""

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning

from app import openapi_parts, tags
from app.forms import FORM
from app.openapi_parts import headers
from app.paging import Page
from app.strict_json import JSON, MERGE_PATCH
from app.types import Json
from app.vocabulary import Vocabulary

VERSION = "0.1.0"
SAID = {
    200: "As it stands now.",
    201: "Made; the body is what the next GET shows.",
    204: "Done; nothing to show.",
}
CREATED = 201
OCTETS = "application/octet-stream"  # for an attachment of whatever kind
LENGTHS = {"uuid": 36, "date": 10, "date-time": 35}
SORT = "The order of the rows; `-` turns it around."
Ids = Mapping[str, Json]


def install(app: FastAPI) -> None:
    """Let `app.openapi()` give the document, and serve it to everybody at /openapi.json."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = written(app)
        return app.openapi_schema

    @cache
    def packed() -> tuple[str, str]:
        text = json.dumps(document(), ensure_ascii=False, separators=(",", ":"))
        return text, f'"{tags.digest(text.encode())}"'

    def shown(request: Request) -> Response:  # in a thread: the first time it takes a while
        text, tag = packed()
        known = {"ETag": tag, "Cache-Control": "no-cache"}
        if tags.same(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=known)
        return Response(text, media_type=JSON, headers=known)

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to mend it
    app.add_api_route("/openapi.json", shown, include_in_schema=False)


def written(app: FastAPI) -> Json:
    """The whole document."""
    operations = operations_of(app)
    with warnings.catch_warnings():  # that FastAPI hushes too, but not of models that are built when used
        warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
        document = _of_fastapi(app)
    document["security"] = [{"ApiKey": []}]
    ids = _ids(operations)
    for one in operations:
        one.mend(document["paths"][one.path][one.method.lower()], ids)
    refused = sorted(set().union(*(one.refusals for one in operations)))
    document["components"] = {
        "schemas": {**_schemas(document["components"]["schemas"]), "Problem": openapi_parts.problem()},
        "responses": {f"Problem{status}": openapi_parts.refusal(status) for status in refused},
        "parameters": openapi_parts.PARAMETERS,
        "headers": {
            name: {"description": said, "schema": {"type": "string"}}
            for name, said in openapi_parts.HEADERS.items()
        },
        "securitySchemes": {"ApiKey": openapi_parts.KEY},
    }
    return document


def _of_fastapi(app: FastAPI) -> Json:
    return get_openapi(
        title=app.title,
        version=VERSION,
        description=openapi_parts.DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": said} for name, said in openapi_parts.TAGS.items()],
        servers=[{"url": "/"}],
        contact={"name": "Whoever runs this server"},
        license_info={"name": "Proprietary"},
    )


@dataclass(frozen=True)
class Operation:
    """One operation, and what follows from its route."""

    route: APIRoute
    method: str

    @property
    def path(self) -> str:
        return self.route.path_format

    @property
    def body(self) -> Any:
        return self.route.body_field and self.route.body_field.field_info.annotation

    @property
    def reads(self) -> str:
        """The kind of its body."""
        return FORM if getattr(self.route, "takes_file", False) else JSON

    @property
    def sends_file(self) -> bool:
        """Whether it answers with the bytes of a file."""
        return self.method == "GET" and OCTETS in self.route.responses.get(200, {}).get("content", {})

    @property
    def is_tagged(self) -> bool:
        """Whether it answers with an ETag.

        All do but the feed, whose cursor says what is new, and lists of what no event tells: the last use
        of a key, and a link of a chain.
        """
        members = getattr(self.route.response_model, "model_fields", {})
        rows = get_args(members["items"].annotation) if "items" in members else ()
        shown = [name for row in rows for name in getattr(row, "model_fields", {})]
        tagged = bool(members) and "has_more" not in members and not {"last_used_at", "jws"} & set(shown)
        return self.sends_file or tagged

    @property
    def needs_if_match(self) -> bool:
        """What replaces or removes a state; a PUT without a body only states a fact."""
        return self.method in {"PATCH", "DELETE"} or (self.method == "PUT" and self.body is not None)

    @property
    def refusals(self) -> set[int]:
        """Every status by which it can refuse."""
        found = {400, 401, 403, 429, 500, 503}
        found |= {int(status) for status in self.route.responses if int(status) >= 400}  # noqa: PLR2004  refusals begin there
        if "{" in self.path or self.body is not None:
            found |= {404}
        if self.method != "GET":
            found |= {409}
        if self.needs_if_match:
            found |= {412, 428}
        if self.body is not None:
            found |= {408, 413, 415, 422}
        if self.method == "POST":
            found |= {422}  # an Idempotency-Key that came with another body
        return found

    def mend(self, found: Json, ids: Ids) -> None:
        """Complete what FastAPI wrote of it."""
        said = _joined(self.route.description)
        permission = getattr(self.route, "permission", "")
        found["operationId"] = self.route.name
        found["tags"] = found["tags"][-1:]  # its own, where it has one besides its router's
        found["summary"] = re.split(r"[.;:](?:\s|$)", said, maxsplit=1)[0].replace("`", "")
        found["description"] = f"{said}\n\nPermission: `{permission}`." if permission else said
        found["security"] = [{"ApiKey": []}]
        own = [self._parameter(one, ids) for one in found.get("parameters", ())]
        found["parameters"] = own + [{"$ref": f"#/components/parameters/{name}"} for name in self._shared()]
        if "requestBody" in found:
            content = {**found["requestBody"]["content"][self.reads], **example_of(self.body)}
            # one kind, though a PATCH takes both: generators choose wrongly between two of one schema
            found["requestBody"]["content"] = {MERGE_PATCH if self.method == "PATCH" else self.reads: content}
        self._mend_responses(found["responses"])

    def _parameter(self, found: Json, ids: Ids) -> Json:
        name = found["name"]
        if found["in"] == "path":
            found.setdefault("description", f"Which {name.removesuffix('_id').replace('_', ' ')}.")
            if "examples" in found:  # the only one: the page would show a list to choose it from
                found["example"] = next(iter(found.pop("examples").values()))["value"]
            else:
                found |= _id_example(ids.get(name, {}), is_removed=self.method == "DELETE")
        elif name == "sort":
            found.setdefault("description", SORT)
        found["schema"] = _without_null(found["schema"])
        found["schema"].pop("description", None)  # it stands at the parameter
        if shown := found["schema"].pop("examples", None):  # the page fills in only what stands here
            found["example"] = shown[0]
        _tidy(found["schema"])
        return found

    def _shared(self) -> Iterator[str]:
        if self.method == "PUT" and CREATED in self.route.responses:
            yield "IfMatchUnlessNew"
        elif self.needs_if_match:
            yield "IfMatch"
        elif self.method == "PUT":
            yield "IfMatchNotNeeded"
        elif self.method == "POST":
            yield "IdempotencyKey"
        elif self.is_tagged:
            yield "IfNoneMatch"

    def _mend_responses(self, responses: Json) -> None:
        responses.pop("422", None)  # FastAPI's own, in a shape that this service never answers
        for status, response in responses.items():
            if int(status) not in self.refusals:
                self._mend_success(int(status), response)
        if self.method == "GET" and self.is_tagged:
            responses["304"] = {"description": "Nothing has changed since.", "headers": headers("ETag")}
        for refused in sorted(self.refusals):
            responses[str(refused)] = {"$ref": f"#/components/responses/Problem{refused}"}

    def _mend_success(self, status: int, response: Json) -> None:
        declared = self.route.responses.get(status, {})
        response["description"] = declared.get("description", SAID[status])
        sent = {
            "ETag": self.is_tagged and "content" in response,
            "Location": status == CREATED,
            "Content-Disposition": self.sends_file,
            "Link": is_page(self.route.response_model),
            "Idempotency-Replayed": self.method == "POST",
            "X-Request-Id": True,
            "RateLimit": True,
            "RateLimit-Policy": True,
        }
        response["headers"] = headers(*(name for name, is_sent in sent.items() if is_sent))
        if JSON in response.get("content", {}):
            response["content"][JSON] |= example_of(declared.get("model", self.route.response_model))


def operations_of(app: FastAPI) -> list[Operation]:
    """Those that the document shows, in the order of their routes."""
    routes = [route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]
    return [Operation(route, method) for route in routes for method in sorted(route.methods or ())]


def example_of(model: Any) -> Json:
    """The example that stands beside the model; of a page, one with that of its rows.

    It is taken from the model and not from what FastAPI wrote, which has lost the nulls.
    """
    if not is_page(model):
        return {name: value for name, value in _beside(model).items() if name == "example"}
    rows = [example_of(of) for of in model.__pydantic_generic_metadata__["args"]]
    if not all(rows):
        return {}
    return {"example": {"items": [row["example"] for row in rows], "next_cursor": None, "total": None}}


def _beside(model: Any) -> Json:
    extra = getattr(model, "model_config", {}).get("json_schema_extra")
    return extra if isinstance(extra, dict) else {}


def is_page(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Page)


def _ids(operations: list[Operation]) -> Ids:
    """What stands beside the models of single resources, by the path parameter that names one."""
    named = (
        (re.fullmatch(r"/v1/[a-z-]+/\{(\w+)\}", one.path), one) for one in operations if one.method == "GET"
    )
    return {name[1]: _beside(one.route.response_model) for name, one in named if name}


def _id_example(beside: Json, *, is_removed: bool) -> Json:
    """A row of the example data: for DELETE a spare one, on which nothing stands."""
    found = beside.get("spare_id") if is_removed else beside.get("example", {}).get("id")
    return {"example": found} if found else {}


def _joined(docstring: str) -> str:
    """Lines that were broken for the editor become paragraphs: the page would show each break."""
    return re.sub(r"(?<!\n)\n(?![\n*|-])", " ", docstring)


def _without_null(schema: Json) -> Json:
    """An optional parameter is left out; there is no null in a query."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**kinds[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _tidy(schema: Json) -> None:
    """Pydantic titles everything with its own name, and does not say how long a UUID is."""
    schema.pop("title", None)
    if schema.get("format") in LENGTHS:
        schema.setdefault("maxLength", LENGTHS[schema["format"]])
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    inner += [
        schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)
    ]
    for one in inner:
        _tidy(one)


def _schemas(found: Json) -> Json:
    """The components: without FastAPI's own problem, with the labels of closed vocabularies."""
    kept = {
        name: one for name, one in found.items() if name not in {"HTTPValidationError", "ValidationError"}
    }
    for schema in kept.values():
        _tidy(schema)
        for name in ("example", "spare_id"):  # the example stands, with its nulls, where it is used
            schema.pop(name, None)
    for kind in Vocabulary.__subclasses__():
        if kind.__name__ in kept:
            labels = [f"- `{one.value}`: {one.label_vi} ({one.label_en})" for one in kind]
            kept[kind.__name__]["description"] = "\n".join(
                [kept[kind.__name__].get("description", ""), "", *labels]
            )
    return kept
