"""The contract is the committed one, and what breaks callers is told from what does not."""

import difflib
import json
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from app.types import Json
from tests.contract import tools
from tests.contract.breaking import breaking
from tests.contract.snapshot import committed, renew
from tests.program import Program

RULES = tools.HERE / "spectral.yaml"
MEETINGS = "/v1/meetings"
MEETING = "/v1/meetings/{meeting_id}"


@pytest.fixture(scope="module")
def printed(program: Program) -> str:
    return program.run("openapi").stdout


def test_the_contract_is_the_committed_one(printed: str) -> None:
    now, was = json.loads(printed), committed()
    broken = breaking(was, now)
    assert broken == [], "this breaks callers; if it must be: make snapshot BREAKING='why'"
    lines = [json.dumps(one, indent=1, ensure_ascii=False).splitlines() for one in (was, now)]
    changed = difflib.unified_diff(lines[0], lines[1], "committed", "now", n=1, lineterm="")
    assert list(islice(changed, 40)) == [], "renew the contract with: make snapshot"


# -- what breaks callers

Change = Callable[[Json], Any]


def _operation(contract: Json, path: str, method: str) -> Json:
    found: Json = contract["paths"][path][method]
    return found


def _parameter(contract: Json, name: str) -> Json:
    listing = _operation(contract, MEETINGS, "get")["parameters"]
    found: Json = next(one for one in listing if one.get("name") == name)
    return found


def _schema(contract: Json, name: str) -> Json:
    found: Json = contract["components"]["schemas"][name]
    return found


def _member(contract: Json, name: str, member: str) -> Json:
    found: Json = _schema(contract, name)["properties"][member]
    return found


def _new_parameter(*, required: bool) -> Json:
    return {"name": "new", "in": "query", "required": required, "schema": {"type": "string"}}


BREAKING: dict[str, tuple[Change, str]] = {
    "a path is gone": (lambda c: c["paths"].pop("/v1/vocabularies"), "GET /v1/vocabularies: gone"),
    "an operation is gone": (lambda c: c["paths"][MEETING].pop("delete"), f"DELETE {MEETING}: gone"),
    "an operation has another name": (
        lambda c: _operation(c, MEETINGS, "get").update(operationId="list_all_meetings"),
        f"GET {MEETINGS}: operationId list_meetings → list_all_meetings",
    ),
    "an answer is gone": (
        lambda c: _operation(c, MEETINGS, "post")["responses"].pop("201"),
        f"POST {MEETINGS} 201: gone",
    ),
    "a header is gone": (
        lambda c: _operation(c, MEETINGS, "post")["responses"]["201"]["headers"].pop("Location"),
        f"POST {MEETINGS} 201 Location: gone",
    ),
    "a body is of another media type": (
        lambda c: _operation(c, MEETINGS, "post")["requestBody"].update(
            content={"text/plain": {"schema": {"type": "string"}}}
        ),
        f"POST {MEETINGS} body application/json: gone",
    ),
    "the key comes in another header": (
        lambda c: c["components"]["securitySchemes"]["ApiKey"].update(name="Api-Key"),
        "security: ApiKey differs",
    ),
    "a parameter is gone": (
        lambda c: _operation(c, MEETINGS, "get")["parameters"].remove(_parameter(c, "kind")),
        f"GET {MEETINGS} query kind: gone",
    ),
    "a new parameter is required": (
        lambda c: _operation(c, MEETINGS, "get")["parameters"].append(_new_parameter(required=True)),
        f"GET {MEETINGS} query new: now required",
    ),
    "a parameter becomes required": (
        lambda c: _parameter(c, "kind").update(required=True),
        f"GET {MEETINGS} query kind: now required",
    ),
    "a default differs": (
        lambda c: _parameter(c, "limit")["schema"].update(default=20),
        f"GET {MEETINGS} query limit: default 50 → 20",
    ),
    "a maximum is lowered": (
        lambda c: _parameter(c, "limit")["schema"].update(maximum=100),
        f"GET {MEETINGS} query limit: maximum 200 → 100",
    ),
    "a minimum is raised": (
        lambda c: _member(c, "MeetingIn", "title").update(minLength=10),
        "MeetingIn.title: minLength 1 → 10",
    ),
    "a text is limited anew": (
        lambda c: _member(c, "MeetingIn", "title").update(pattern="^[A-Z]"),
        "MeetingIn.title: pattern None → ^[A-Z]",
    ),
    "a body needs a new member": (
        lambda c: (
            _schema(c, "MeetingIn")["properties"].update(new={"type": "string"}),
            _schema(c, "MeetingIn")["required"].append("new"),
        ),
        "MeetingIn.new: now required",
    ),
    "a body's member becomes required": (
        lambda c: _schema(c, "MeetingIn")["required"].append("location"),
        "MeetingIn.location: now required",
    ),
    "a body's member is gone": (
        lambda c: _schema(c, "MeetingIn")["properties"].pop("location"),
        "MeetingIn.location: gone",
    ),
    "a body's member cannot be null": (
        lambda c: _schema(c, "MeetingIn")["properties"].update(location={"type": "string", "maxLength": 500}),
        "MeetingIn.location: type null or string → string",
    ),
    "a word is no longer taken": (
        lambda c: _schema(c, "MeetingKind")["enum"].remove("other"),
        "MeetingKind: no longer takes other",
    ),
    "a sort is no longer taken": (
        lambda c: _parameter(c, "sort")["schema"]["enum"].remove("-title"),
        f"GET {MEETINGS} query sort: no longer takes -title",
    ),
    "an answer's member is gone": (
        lambda c: _schema(c, "MeetingOut")["properties"].pop("title"),
        "MeetingOut.title: gone",
    ),
    "an answer's included member is gone": (
        lambda c: _schema(c, "MeetingOut")["properties"].pop("agenda_items"),
        "MeetingOut.agenda_items: gone",
    ),
    "an answer's member is not always there": (
        lambda c: _schema(c, "MeetingOut")["required"].remove("title"),
        "MeetingOut.title: no longer always there",
    ),
    "an answer's member may be null": (
        lambda c: _schema(c, "MeetingOut")["properties"].update(
            title={"anyOf": [_member(c, "MeetingOut", "title"), {"type": "null"}]}
        ),
        "MeetingOut.title: type string → null or string",
    ),
    "an answer's member is of another type": (
        lambda c: _member(c, "MeetingOut", "version").update(type="string"),
        "MeetingOut.version: type integer → string",
    ),
    "an answer's text may be longer": (
        lambda c: _member(c, "MeetingOut", "title").update(maxLength=1000),
        "MeetingOut.title: maxLength 500 → 1000",
    ),
    "an answer may hold a new word": (
        lambda c: _schema(c, "MeetingStatus")["enum"].append("suspended"),
        "MeetingStatus: may now be suspended",
    ),
    "a row of a page loses a member": (
        lambda c: _schema(c, "PositionOut")["properties"].pop("is_primary"),
        "PositionOut.is_primary: gone",
    ),
}


@pytest.mark.parametrize("what", BREAKING)
def test_a_change_that_breaks_callers_is_named(what: str) -> None:
    change, said = BREAKING[what]
    was, now = committed(), committed()
    change(now)
    assert said in breaking(was, now)


HARMLESS: dict[str, Change] = {
    "nothing": dict.copy,
    "a new path": lambda c: c["paths"].update({"/v1/new": deepcopy(c["paths"][MEETINGS])}),
    "a new operation": lambda c: c["paths"][MEETING].update(put=deepcopy(_operation(c, MEETING, "patch"))),
    "a new answer": lambda c: _operation(c, MEETINGS, "get")["responses"].update(
        {"410": _operation(c, MEETINGS, "get")["responses"]["400"]}
    ),
    "a new parameter that may be absent": lambda c: _operation(c, MEETINGS, "get")["parameters"].append(
        _new_parameter(required=False)
    ),
    "a higher maximum": lambda c: _parameter(c, "limit")["schema"].update(maximum=500),
    "a longer text is taken": lambda c: _member(c, "MeetingIn", "title").update(maxLength=1000),
    "a new member of a body that may be absent": lambda c: _schema(c, "MeetingIn")["properties"].update(
        new={"type": "string"}
    ),
    "a member of a body may be absent": lambda c: _schema(c, "MeetingIn")["required"].remove("title"),
    "a new member of an answer": lambda c: (
        _schema(c, "MeetingOut")["properties"].update(new={"type": "string"}),
        _schema(c, "MeetingOut")["required"].append("new"),
    ),
    "a new order": lambda c: _parameter(c, "sort")["schema"]["enum"].append("status"),
    "a new code of a problem": lambda c: _member(c, "Problem", "code")["enum"].append("new"),
    "an answer is never null any more": lambda c: _schema(c, "MeetingOut")["properties"].update(
        location={"type": "string", "maxLength": 500, "minLength": 1}
    ),
    "other words": lambda c: (
        _operation(c, MEETINGS, "get").update(summary="Other", description="Other"),
        _member(c, "MeetingOut", "title").update(description="Other"),
        _operation(c, MEETINGS, "post")["requestBody"]["content"]["application/json"].update(example={}),
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_adds_breaks_nobody(what: str) -> None:
    was, now = committed(), committed()
    HARMLESS[what](now)
    assert breaking(was, now) == []
    assert (was == now) == (what == "nothing")


# -- the lint rules


def test_each_of_our_lint_rules_finds_its_fault() -> None:
    """A rule whose path matches nothing would be content with everything."""
    ours = set(
        re.findall(r"^  (c\d\d-[a-z0-9-]+|owasp:[a-z0-9:-]+(?=: warn)):", RULES.read_text(), re.MULTILINE)
    )
    assert len(ours) == 14 + 3
    command = (
        tools.node("spectral"),
        "lint",
        "--ruleset",
        RULES,
        "--format",
        "json",
        "--quiet",
        "faulty.json",
    )
    found = json.loads(tools.said(*command, at=tools.HERE, also=(1,)))
    assert ours - {one["code"] for one in found} == set()


# -- how the snapshot is renewed


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    (tmp_path / "openapi.json").write_text(json.dumps(committed()))
    return tmp_path


def _changed_by(change: Change) -> str:
    contract = committed()
    change(contract)
    return json.dumps(contract)


def test_what_only_adds_is_taken_into_the_snapshot(kept: Path) -> None:
    added = _changed_by(HARMLESS["a new path"])
    assert renew(added, "", kept) == 0
    assert (kept / "openapi.json").read_text() == added
    assert not (kept / "broken.md").exists()


def test_what_breaks_callers_needs_a_reason_which_is_kept(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, broken = (kept / "openapi.json").read_text(), _changed_by(BREAKING["a parameter is gone"][0])
    assert renew(broken, "", kept) == 1
    assert f"- GET {MEETINGS} query kind: gone\n" in capsys.readouterr().err
    assert (kept / "openapi.json").read_text() == before
    assert renew(broken, "Kinds are words of the title", kept) == 0
    assert (kept / "openapi.json").read_text() == broken
    reasons = (kept / "broken.md").read_text()
    assert reasons == f"## Kinds are words of the title\n\n- GET {MEETINGS} query kind: gone\n\n"
