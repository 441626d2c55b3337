import ast
import asyncio
import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Query, Response, UploadFile
from openapi_spec_validator import validate
from pydantic import MISSING, BaseModel, ConfigDict, Field

import app
from app import openapi
from app.errors import problems
from app.http import routes_of
from app.main import create_app
from app.openapi import Operation
from app.paging import Page, PageQuery
from app.schema import ResourceOut, Schema
from app.settings import Settings
from app.types import Json

BY_METHOD = {"get", "post", "put", "patch", "delete"}
VERB_NOUN = re.compile(r"(list|get|create|update|replace|delete)_[a-z0-9_]+")
THING = "0199a000-0000-7000-8000-000000000001"
SPARE = "0199a000-0000-7000-8000-000000000002"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    path = tmp_path_factory.mktemp("openapi") / "minutes.db"
    return create_app(Settings(database_url=f"sqlite:///{path}", allow_weak_durability=True))


@pytest.fixture(scope="module")
def document(service: FastAPI) -> Json:
    return service.openapi()


@pytest.fixture(scope="module")
def operations(service: FastAPI) -> list[Operation]:
    return openapi.operations_of(service)


# -- what holds for every operation


def test_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_has_the_version_of_the_project(document: Json) -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    assert document["info"]["version"] == project["version"]


def test_the_four_nouns_come_first(document: Json) -> None:
    names = [tag["name"] for tag in document["tags"]]
    assert names[:4] == ["meetings", "agenda-items", "speakers", "quarterly-tasks"]
    used = {tag for one in _operations(document) for tag in one["tags"]}
    assert used == set(names)


def test_operation_ids_are_verb_and_noun_and_unique(document: Json) -> None:
    ids = [one["operationId"] for one in _operations(document)]
    assert [one for one in ids if not VERB_NOUN.fullmatch(one)] == []
    assert len(set(ids)) == len(ids)


def test_every_operation_says_in_short_and_at_length_what_it_does(document: Json) -> None:
    wrong = [
        one["operationId"]
        for one in _operations(document)
        if not 0 < len(one["summary"]) <= 100 or one["summary"].endswith(".") or not one.get("description")
    ]
    assert wrong == []


def test_every_operation_needs_a_key_and_documents_its_absence(document: Json) -> None:
    for one in _operations(document):
        assert one["security"] == [{"ApiKey": []}]
        assert "401" in one["responses"]


def test_every_parameter_is_described(document: Json) -> None:
    missing = [
        f"{one['operationId']}: {parameter['name']}"
        for one in _operations(document)
        for parameter in _parameters(document, one)
        if not parameter.get("description")
    ]
    assert missing == []


def test_every_path_parameter_is_filled_in(document: Json) -> None:
    missing = [
        f"{one['operationId']}: {parameter['name']}"
        for one in _operations(document)
        for parameter in _parameters(document, one)
        if parameter["in"] == "path" and not parameter.keys() & {"example", "examples"}
    ]
    assert missing == [], "give the Out model an example (with its id), or a spare_id for DELETE"


def test_every_body_has_an_example(document: Json) -> None:
    missing = [
        one["operationId"]
        for one in _operations(document)
        for content in one.get("requestBody", {}).get("content", {}).values()
        if not content.keys() & {"example", "examples"}
    ]
    assert missing == [], (
        'model_config = ConfigDict(json_schema_extra={"example": {...}}) on the In or Patch model'
    )


def test_every_answer_has_an_example(document: Json) -> None:
    missing = [
        f"{one['operationId']} {status}"
        for one in _operations(document)
        for status, response in one["responses"].items()
        if status.startswith("2") and "content" in response
        if "application/octet-stream" not in response["content"]  # the bytes of a file
        if not response["content"]["application/json"].keys() & {"example", "examples"}
    ]
    assert missing == [], 'model_config = ConfigDict(json_schema_extra={"example": {...}}) on the Out model'


def test_examples_of_bodies_are_accepted(operations: list[Operation]) -> None:
    for one in operations:
        for example in openapi.example_of(one.body).values():
            if one.reads == "multipart/form-data":  # with a file, which the page has the visitor choose
                one.body.model_validate({**example, "file": UploadFile(io.BytesIO(b"a"))})
                continue
            one.body.model_validate_json(json.dumps(example))
            assert "code" not in example or one.method != "POST", (
                f"{one.route.name}: a second try would clash"
            )


def test_examples_of_answers_show_every_member(operations: list[Operation]) -> None:
    models = {one.route.response_model for one in operations if one.route.response_model}
    for model in models:
        for example in openapi.example_of(model).values():
            read = model.model_validate_json(json.dumps(example))
            assert _missing(read, example) == [], model


def test_every_refusal_is_a_problem(document: Json) -> None:
    for one in _operations(document):
        for status, response in one["responses"].items():
            if status >= "4":
                assert list(_resolved(document, response)["content"]) == ["application/problem+json"]


def test_every_code_is_in_the_document(document: Json) -> None:
    problem = document["components"]["schemas"]["Problem"]
    assert problem["properties"]["code"]["enum"] == list(problems())
    for code, kind in problems().items():
        assert f"| `{code}` | {kind.status} | {kind.title.vi} | {kind.title.en} |" in problem["description"]


def test_whatever_a_problem_says_besides_is_in_its_schema(document: Json) -> None:
    kinds = {kind.__name__ for kind in problems().values()}
    said = {
        keyword.arg
        for path in Path(app.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in kinds
        for keyword in call.keywords
    }
    assert {"current_version", "allowed", "blockers"} <= said
    known = document["components"]["schemas"]["Problem"]["properties"]
    assert said - known.keys() <= {"headers", None}


def test_headers_stand_where_they_are_read(document: Json) -> None:
    for path, method, one in _every(document):
        names = {parameter["name"] for parameter in _parameters(document, one) if parameter["in"] == "header"}
        assert ("If-Match" in names) == (method in {"put", "patch", "delete"}), path
        assert ("Idempotency-Key" in names) == (method == "post"), path
        assert ("If-None-Match" in names) == ("304" in one["responses"]), path
        assert ("428" in one["responses"]) == ("412" in one["responses"]), path


def test_what_is_made_says_where(document: Json) -> None:
    for methods in document["paths"].values():
        for method, one in methods.items():
            if "201" in one["responses"]:
                told = {"Location"} | ({"Idempotency-Replayed"} if method == "post" else set())
                assert told <= one["responses"]["201"]["headers"].keys()


def test_collections_go_on_with_a_cursor(document: Json, operations: list[Operation]) -> None:
    pages = {one.route.name for one in operations if openapi.is_page(one.route.response_model)}
    for one in _operations(document):
        if one["operationId"] in pages:
            assert {"limit", "cursor"} <= {parameter["name"] for parameter in _parameters(document, one)}
            assert "Link" in one["responses"]["200"]["headers"]


def test_the_three_calls_to_try_are_calls_that_exist(document: Json) -> None:
    calls = re.findall(
        r'^\d\. .*"http://localhost:8000(/\S+)"`$', document["info"]["description"], re.MULTILINE
    )
    assert len(calls) == 3
    for call in calls:
        parts = urlsplit(call)
        known = {
            parameter["name"] for parameter in _parameters(document, document["paths"][parts.path]["get"])
        }
        assert parse_qs(parts.query).keys() <= known


def test_nothing_of_fastapis_own_errors_is_left(document: Json) -> None:
    assert "HTTPValidationError" not in json.dumps(document)


def test_closed_lists_say_their_words_in_vietnamese(document: Json) -> None:
    assert "`party`: Đảng (Party)" in document["components"]["schemas"]["Line"]["description"]


# -- what is mended, on a noun of the test's own


class ThingIn(Schema):
    model_config = ConfigDict(json_schema_extra={"example": {"title": "Một", "note": None}})

    title: str
    note: str | None = None


class ThingPatch(Schema):
    model_config = ConfigDict(json_schema_extra={"example": {"note": None}})

    title: str | MISSING = MISSING
    note: str | None | MISSING = MISSING


class ThingOut(ResourceOut):
    model_config = ConfigDict(json_schema_extra={"example": {"id": THING, "note": None}, "spare_id": SPARE})

    title: str
    note: str | None


class ThingList(PageQuery):
    within: UUID | None = Field(None, description="Inside this.")


router = routes_of("things", "things")


@router.get("/v1/things", response_model=Page[ThingOut])
async def list_things(wanted: Annotated[ThingList, Query()]) -> Response:
    """The things: all of them."""
    raise NotImplementedError


@router.post("/v1/things", status_code=201, response_model=ThingOut)
async def create_thing(body: ThingIn) -> Response:
    """Make one."""
    raise NotImplementedError


@router.patch("/v1/things/{thing_id}", response_model=ThingOut)
async def update_thing(thing_id: UUID, body: ThingPatch) -> Response:
    """Change it.

    What follows
    is one paragraph.

    - and a list
    """
    raise NotImplementedError


@router.get("/v1/things/{thing_id}", response_model=ThingOut)
async def get_thing(thing_id: UUID) -> Response:
    """One."""
    raise NotImplementedError


@router.delete("/v1/things/{thing_id}", status_code=204)
async def delete_thing(thing_id: UUID) -> Response:
    """Away with it."""
    raise NotImplementedError


@router.put("/v1/things/{thing_id}/closing", response_model=ThingOut)
async def replace_thing_closing(thing_id: UUID) -> Response:
    """Close it."""
    raise NotImplementedError


@pytest.fixture(scope="module")
def things() -> Json:
    app = FastAPI(title="Things")
    app.router.routes.extend(router.routes)
    return openapi.written(app)


def test_nulls_stay_in_examples(things: Json) -> None:
    made = things["paths"]["/v1/things"]["post"]
    assert made["requestBody"]["content"]["application/json"]["example"] == {"title": "Một", "note": None}
    assert made["responses"]["201"]["content"]["application/json"]["example"] == {"id": THING, "note": None}
    listed = things["paths"]["/v1/things"]["get"]["responses"]["200"]["content"]["application/json"]
    assert listed["example"] == {"items": [{"id": THING, "note": None}], "next_cursor": None, "total": None}


def test_optional_parameters_have_one_type(things: Json) -> None:
    schemas = {
        one["name"]: one["schema"] for one in _parameters(things, things["paths"]["/v1/things"]["get"])
    }
    assert schemas["within"] == {"type": "string", "format": "uuid", "maxLength": 36}
    assert schemas["cursor"] == {"type": "string", "maxLength": 2000}


def test_what_a_pattern_refuses_stands_in_the_contract(document: Json) -> None:
    schemas = document["components"]["schemas"]
    emails = [schemas[name]["properties"]["email"] for name in ("SpeakerIn", "SpeakerPatch", "SpeakerOut")]
    assert emails[0]["anyOf"][0] == {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$", "maxLength": 500}
    assert [one["anyOf"] for one in emails] == [emails[0]["anyOf"]] * 3


def test_a_patch_is_a_merge_patch_without_required_members(things: Json) -> None:
    content = things["paths"]["/v1/things/{thing_id}"]["patch"]["requestBody"]["content"]
    assert list(content) == ["application/merge-patch+json"]
    patch = things["components"]["schemas"]["ThingPatch"]
    assert "required" not in patch
    assert patch["properties"]["title"] == {"type": "string"}


def test_titles_that_repeat_a_name_go_and_a_member_called_title_stays(things: Json) -> None:
    assert things["components"]["schemas"]["ThingIn"]["properties"].keys() == {"title", "note"}
    assert "title" not in things["components"]["schemas"]["ThingIn"]


def test_ids_are_filled_in_with_the_examples_and_deletes_with_the_spare_one(things: Json) -> None:
    path = things["paths"]["/v1/things/{thing_id}"]
    assert path["get"]["parameters"][0]["example"] == THING
    assert path["patch"]["parameters"][0]["example"] == THING
    assert path["delete"]["parameters"][0]["example"] == SPARE
    assert things["paths"]["/v1/things/{thing_id}/closing"]["put"]["parameters"][0]["example"] == THING


def test_if_match_is_needed_for_a_state_and_not_for_a_fact(things: Json) -> None:
    state = things["paths"]["/v1/things/{thing_id}"]["patch"]
    fact = things["paths"]["/v1/things/{thing_id}/closing"]["put"]
    assert [one.get("required") for one in _parameters(things, state) if one["name"] == "If-Match"] == [True]
    assert [one.get("required") for one in _parameters(things, fact) if one["name"] == "If-Match"] == [None]
    assert "428" in state["responses"]
    assert "428" not in fact["responses"]


def test_words_come_from_the_docstring(things: Json) -> None:
    patch = things["paths"]["/v1/things/{thing_id}"]["patch"]
    assert patch["summary"] == "Change it"
    assert patch["description"].startswith("Change it.\n\nWhat follows is one paragraph.\n\n- and a list")
    assert patch["description"].endswith("Permission: `things:write`.")
    assert things["paths"]["/v1/things"]["get"]["summary"] == "The things"


# -- how it is served


def test_everybody_may_have_it_and_need_not_fetch_it_twice(service: FastAPI) -> None:
    async def ask(**headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=service)
        async with httpx.AsyncClient(transport=transport, base_url="http://minutes") as client:
            return await client.get("/openapi.json", headers=headers)

    first = asyncio.run(ask())
    assert first.status_code == 200
    assert first.json() == service.openapi()
    again = asyncio.run(ask(**{"If-None-Match": first.headers["etag"]}))
    assert (again.status_code, again.content) == (304, b"")


def _every(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in BY_METHOD
            yield path, method, operation


def _operations(document: Json) -> list[Json]:
    return [operation for _, _, operation in _every(document)]


def _parameters(document: Json, operation: Json) -> list[Json]:
    return [_resolved(document, one) for one in operation.get("parameters", ())]


def _resolved(document: Json, one: Json) -> Json:
    found: Any = one
    if "$ref" in one:
        found = document
        for name in one["$ref"].removeprefix("#/").split("/"):
            found = found[name]
    return dict(found)


def _missing(read: BaseModel, example: Any) -> list[str]:
    """Members that every answer has and the example has not, at any depth."""
    shown = {field.alias or name: name for name, field in type(read).model_fields.items()}
    missing = [
        name for name, here in shown.items() if name not in example and getattr(read, here) is not MISSING
    ]
    for name in shown.keys() & example.keys():
        value = getattr(read, shown[name])
        inner = (
            zip(value, example[name], strict=True) if isinstance(value, list) else [(value, example[name])]
        )
        missing += [f"{name}.{one}" for v, e in inner if isinstance(v, BaseModel) for one in _missing(v, e)]
    return missing + [f"unknown {name}" for name in example if name not in shown]
