"""Every operation of the contract × every role × every place: permission decides, and a refusal tells nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from app.actor import EVERY_PERMISSION
from app.minutes.vocabulary import MINUTES_MOVES
from app.settings import Settings
from tests.conftest import PROOF, ROOT, SETTINGS, Service, running
from tests.permission_matrix import (
    BESIDES,
    CARRIES_OUT,
    DECIDED,
    ELEMENTS,
    NAMES,
    OF_ITS_OWNER,
    PLACES,
    READS,
    ROLES,
    TABLE,
    WRITES_ITS_OWNER,
    Json,
    Row,
    of_one_line,
    seeing_all,
)
from tests.permission_town import CLOSED, MARKS, SYSTEM, Asker, Land, Told, token, unknown

METHODS = ("get", "post", "put", "patch", "delete")
# How each role is granted: where, on which lines, and what else besides.
KINDS: dict[str, tuple[Any, ...]] = {"in its own body": ("own",)}
if PROOF:  # over the commune, and limited to the line of its own; or seeing the whole province besides
    KINDS |= {"of one line": ("parent", ["party"]), "overseeing": ("own", None, ("reader", "province", None))}


@dataclass(frozen=True)
class Operation:
    """One operation, as the service's own document tells it."""

    name: str
    method: str
    path: str
    told: Json
    document: Json

    @cached_property
    def parameters(self) -> list[Json]:
        return [self._resolved(one) for one in self.told.get("parameters", [])]

    @cached_property
    def noun(self) -> str:
        """What its path names: agenda_item."""
        named = [one["name"] for one in self.parameters if one["in"] == "path" and one["name"] != "quarter"]
        if "external_id" in named:  # what is put there says itself where it belongs
            return "external" if self.method == "GET" else ""
        return named[0].removesuffix("_id") if named else ""

    @cached_property
    def is_conditional(self) -> bool:
        """Whether it wants to know what was read."""
        return any(one["name"] == "If-Match" and one.get("example") for one in self.parameters)

    @property
    def is_a_list(self) -> bool:
        """Of all that a caller sees, inside nothing."""
        return bool(TABLE[self.name][0].shows) and not self.noun

    @property
    def permission(self) -> str:
        """What it declares that a caller needs; nothing, where any caller will do."""
        return str(self.told["description"].partition("Permission: `")[2].removesuffix("`."))

    @property
    def successes(self) -> set[int]:
        return {int(status) for status in self.told["responses"] if status.startswith("2")}

    def at(self, where: Mapping[str, str]) -> str:
        known = {"noun": where.get(self.noun, ""), "external": where.get("external", unknown())}
        path = self.path.replace("{quarter}", CLOSED).replace("{system}", SYSTEM)
        path = path.replace("{external_id}", known["external"]).replace(f"{{{self.noun}_id}}", known["noun"])
        return f"{path}?{urlencode(wanted)}" if (wanted := self._wanted(where)) else path

    def _wanted(self, where: Mapping[str, str]) -> Json:
        """What its query must say: whose report, of which quarters."""
        must = [p["name"] for p in self.parameters if p["in"] == "query" and p.get("required")]
        return {name: where["body"] if name == "organization_id" else CLOSED for name in must}

    def asks(self, name: str) -> Json | None:
        """The schema of a query parameter, where it takes it."""
        return next((p["schema"] for p in self.parameters if (p["name"], p["in"]) == (name, "query")), None)

    @property
    def sorts(self) -> list[str]:
        return list((self.asks("sort") or {}).get("enum", []))

    def choices(self, name: str) -> list[str]:
        """What a query parameter may be, one at a time; nothing, where it is not taken."""
        schema = self.asks(name) or {}
        schema = schema.get("items", schema)
        named = schema["$ref"].rpartition("/")[2] if "$ref" in schema else ""
        schema = self.document["components"]["schemas"].get(named, schema)
        return list(schema.get("enum", []))

    @property
    def ids_asked_for(self) -> list[str]:
        """The query parameters that take ids."""
        return [
            one["name"]
            for one in self.parameters
            if one["in"] == "query"
            and "uuid" in {_format(one["schema"]), _format(one["schema"].get("items"))}
        ]

    @property
    def ids_in_the_body(self) -> list[tuple[str, ...]]:
        """The way to each: a member, or the list's member and its elements' schema before it."""
        content = self.told.get("requestBody", {}).get("content", {})
        return list(self._ids(next(iter(content.values()))["schema"])) if content else []

    def _ids(self, schema: Json) -> Iterator[tuple[str, ...]]:
        name = schema["$ref"].rpartition("/")[2]
        for member, told in self.document["components"]["schemas"][name].get("properties", {}).items():
            for one in told.get("anyOf", [told]):
                if _format(one) == "uuid":
                    yield name, member
                elif "$ref" in one.get("items", {}):
                    yield from ((name, member, *deeper) for deeper in self._ids(one["items"]))

    def _resolved(self, one: Json) -> Json:
        if "$ref" not in one:
            return one
        found: Json = self.document["components"]["parameters"][one["$ref"].rpartition("/")[2]]
        return found


def _format(schema: Json | None) -> str:
    return str((schema or {}).get("format", ""))


@pytest.fixture(scope="module")
def contract(service: Service) -> dict[str, Operation]:
    """The operations of the document that the running service serves, by name."""
    document = service.client().get("/openapi.json").json()
    return {
        told["operationId"]: Operation(told["operationId"], method.upper(), path, told, document)
        for path, item in document["paths"].items()
        for method, told in item.items()
        if method in METHODS
    }


@pytest.fixture(scope="module")
def land(service: Service) -> Iterator[Land]:
    made = Land(service)
    yield made
    made.close()


@pytest.fixture(scope="module")
def of_kind(land: Land) -> Callable[[str], dict[str, Asker]]:
    return cache(lambda kind: land.of_each_role(*KINDS[kind]))


@pytest.fixture(scope="module")
def roles(of_kind: Callable[[str], dict[str, Asker]]) -> dict[str, Asker]:
    return of_kind("in its own body")


@pytest.fixture(scope="module")
def nobody(land: Land) -> Asker:
    return land.asker()


@pytest.fixture(scope="module")
def clerk(land: Land) -> Asker:
    """May do all that a role may, in its own body."""
    return land.caller(*((role, "own", None) for role in ROLES))


# -- the matrix


def test_every_operation_has_a_row_and_every_row_an_operation(contract: dict[str, Operation]) -> None:
    assert set(TABLE) == set(contract)


@pytest.mark.parametrize("name", ["create_minutes_transition", "create_conclusion_notice_transition"])
def test_every_move_of_a_document_has_a_row(name: str) -> None:
    moves = {(move, state) for state, allowed in MINUTES_MOVES.items() for move in allowed}
    rows = [(row.says({})["transition"], row.state) for row in TABLE[name] if row.says]
    assert sorted(rows) == sorted(moves)


@pytest.mark.in_turn
@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("kind", KINDS)
def test_each_role_gets_in_each_place_what_the_domain_says(
    land: Land,
    contract: dict[str, Operation],
    of_kind: Callable[[str], dict[str, Asker]],
    kind: str,
    name: str,
) -> None:
    for row in rows_of(name):
        walk(land, contract[name], told_to(kind, contract[name], row), of_kind(kind))


@pytest.mark.in_turn
@pytest.mark.parametrize("name", TABLE)
def test_nothing_is_done_or_shown_without_a_credential(
    land: Land, contract: dict[str, Operation], nobody: Asker, name: str
) -> None:
    for row in rows_of(name):
        unsigned(land, contract[name], row, nobody)


def told_to(kind: str, one: Operation, row: Row) -> Row:
    if kind == "of one line":
        return of_one_line(row)
    return seeing_all(row, reads=one.method == "GET") if kind == "overseeing" else row


def rows_of(name: str) -> list[Row]:
    """All of them; but for a proof, one of those that only the name of a transition tells apart."""
    return list(TABLE[name] if PROOF else {str(row.answers): row for row in TABLE[name]}.values())


def some(one: Operation, row: Row, role: str) -> tuple[str, ...]:
    """All places. But for a proof, where no row is looked at, one; else the ends, one between, and each answer."""
    places = PLACES[row.where]
    if PROOF or not row.has(role):
        return places if PROOF else places[:1]
    turn = list(TABLE).index(one.name) + len(role)
    chosen = (places[0], places[turn % len(places)], places[-1])
    of_each_answer = {row.answer(role, place): place for place in (*places, *chosen)}
    return tuple(dict.fromkeys((*chosen, *of_each_answer.values())))


def walk(land: Land, one: Operation, row: Row, roles: Mapping[str, Asker]) -> None:
    """What is refused first, on rows that stay as they are; then what is allowed, on rows of its own."""
    if one.is_a_list:
        for role, asker in roles.items():
            listed(land, one, row, role, asker)
        return
    before = land.state()
    for role, asker in roles.items():
        refused(land, one, row, role, asker)
    assert land.state() == before, f"{one.name}: something was done all the same"
    for role, asker in roles.items():
        for place in some(one, row, role):
            if row.answer(role, place) == "ok":
                succeeds(land, one, row, asker, (role, place))


def asked(
    asker: Asker, one: Operation, row: Row, where: Mapping[str, str], if_match: str | None = "*"
) -> Told:
    said = row.says(where) if row.says else None
    given = {"if_match": if_match} if one.is_conditional and if_match else {}
    return asker.ask(one.method, one.at(where), said, **given)


def refused(land: Land, one: Operation, row: Row, role: str, asker: Asker) -> None:
    """With the status of the table; where it is not seen, or nowhere allowed, as if nothing were there.

    Nor do the conditions of a write tell: they are looked at once it is allowed.
    """
    of_nothing = asked(asker, one, row, gone(land, one, row)) if row.where != "nowhere" else None
    conditioned = set[str]()
    for place in some(one, row, role):
        expected, where = row.answer(role, place), land.at[row.where][place]
        if expected == "ok":
            continue
        told, cell = asked(asker, one, row, where), (one.name, role, place)
        assert told.status == int(expected), (*cell, told.body)
        if of_nothing and (expected == "404" or not row.has(role)):
            assert told.tells == of_nothing.tells, cell
        if one.is_conditional and row.has(role) and expected not in conditioned:
            conditioned.add(expected)
            for condition in (None, '"999999"'):
                assert asked(asker, one, row, where, condition).tells == told.tells, (*cell, condition)


def gone(land: Land, one: Operation, row: Row) -> dict[str, str]:
    """Where the same request is about something that never was."""
    own = land.at[row.where][PLACES[row.where][0]]
    return {**own, one.noun or "body": unknown()}


def succeeds(land: Land, one: Operation, row: Row, asker: Asker, cell: tuple[str, str]) -> None:
    reads = one.method == "GET"
    where = land.at[row.where][cell[1]] if reads else land.fresh(row, one.noun, cell[1])
    before = [] if reads else land.state()
    told = asked(asker, one, row, where)
    assert told.status in one.successes, (one.name, cell, told.body)
    assert reads or land.state() != before, (one.name, cell)
    if row.shows:
        assert where[row.shows] in {each["id"] for each in told.json["items"]}, (one.name, cell)


def unsigned(land: Land, one: Operation, row: Row, nobody: Asker) -> None:
    before = land.state()
    for place in some(one, row, ""):
        told = asked(nobody, one, row, land.at[row.where][place])
        assert (told.status, "www-authenticate" in told.headers) == (401, True), (one.name, place)
    assert land.state() == before, f"{one.name}: something was done all the same"


def listed(land: Land, one: Operation, row: Row, role: str, asker: Asker, **more: str) -> None:
    """A list holds exactly what stands where the role sees it; and counts no more."""
    if not row.has(role):
        assert asker.ask("GET", one.path).status == 403, (one.name, role)
        return
    found = every_id(asker, one.path, **dict(parse_qsl(row.asks)), **more)
    for place in PLACES[row.where]:
        sees = row.answer(role, place) == "ok"
        assert (land.at[row.where][place][row.shows] in found) == sees, (one.name, role, place, more)


def every_id(asker: Asker, path: str, **more: str) -> list[str]:
    """All ids of a list, page by page; its total is their number, and where it ends it names no next page."""
    ids = list[str]()
    onward, total = f"{path}?{urlencode({'limit': '200', 'include_total': 'true', **more})}", None
    while onward:
        told = asker.ask("GET", onward)
        assert told.status == 200, told.body
        ids += [each["id"] for each in told.json["items"]]
        total = told.json["total"]
        assert ("link" in told.headers) == (told.json["next_cursor"] is not None)
        onward = told.headers["link"].partition(">")[0].removeprefix("<") if "link" in told.headers else ""
    assert total == len(ids) == len(set(ids))
    return ids


# -- without a credential, where public meetings are shown


@pytest.fixture(scope="module")
def passer_by(service: Service) -> Iterator[Asker]:
    """Nobody in particular, where that is enough to read what is public."""
    settings = Settings(
        database_url=service.database_url, allow_weak_durability=True, public_reading=True, **SETTINGS
    )
    with running(settings) as started:
        asker = Asker(started.url)
        yield asker
        asker.close()


@pytest.mark.in_turn
@pytest.mark.parametrize("name", TABLE)
def test_without_a_credential_public_meetings_are_shown_where_that_is_set_and_nothing_else(
    land: Land, contract: dict[str, Operation], passer_by: Asker, name: str
) -> None:
    one, row = contract[name], TABLE[name][0]
    if not row.no_key:
        unsigned(land, one, row, passer_by)
        return
    seen = shown_to_nobody(row)
    if one.is_a_list:
        listed(land, one, seen, "nobody", passer_by)
        return
    refused(land, one, seen, "nobody", passer_by)
    for place in PLACES[row.where]:
        if seen.answer("nobody", place) == "ok":
            succeeds(land, one, seen, passer_by, ("nobody", place))


def shown_to_nobody(row: Row) -> Row:
    return Row(row.where, {"nobody": row.no_key}, shows=row.shows)


def test_without_a_credential_the_tasks_beside_a_public_meeting_ask_for_one(
    land: Land, passer_by: Asker
) -> None:
    for path in ("/v1/meetings", f"/v1/meetings/{land.at['meeting']['public']['meeting']}"):
        told = passer_by.ask("GET", f"{path}?include=quarterly_tasks")
        assert (told.status, "www-authenticate" in told.headers) == (401, True)


# -- keys that were narrowed

Keyed = Callable[[frozenset[str]], Asker]


@pytest.fixture(scope="module")
def keyed(land: Land) -> Keyed:
    """May do all that a role may, in its own body, by a key with these scopes."""
    everything = [(role, "own", None) for role in ("secretary", "approver", "reporter", "admin")]
    return cache(lambda scopes: land.caller(*everything, scopes=sorted(scopes)))


@pytest.mark.in_turn
@pytest.mark.parametrize("name", [name for name in TABLE if name != "list_vocabularies"])
def test_a_key_narrowed_to_what_an_operation_needs_is_answered_and_one_without_any_of_that_is_not(
    land: Land, contract: dict[str, Operation], keyed: Keyed, name: str
) -> None:
    one = contract[name]
    for row in rows_of(name):
        for needed, place in ways_in(one, row).items():
            answered_with(land, one, row, (keyed(needed), keyed(EVERY_READ)), place)
            lacking = {left_out: keyed(all_but(left_out, one, row, place)) for left_out in needed}
            before = land.state()
            for left_out, asker in lacking.items():
                turned_away(land, one, row, asker, left_out, place)
            assert land.state() == before, f"{name}: something was done all the same"


EVERY_READ = frozenset(one for one in EVERY_PERMISSION if one.endswith(":read"))


def ways_in(one: Operation, row: Row) -> dict[frozenset[str], str]:
    """What is needed for it, role by role, and the first place where that role may."""
    ways = dict[frozenset[str], str]()
    for role in ROLES:
        allowed = (place for place in PLACES[row.where] if row.answer(role, place) == "ok")
        if place := next(allowed, None):
            ways.setdefault(frozenset({one.permission, *besides(one, row, role)}), place)
    return ways


def besides(one: Operation, row: Row, role: str) -> Iterator[str]:
    """What is needed besides what it declares."""
    if one.name in BESIDES:
        yield BESIDES[one.name]
    if one.name in CARRIES_OUT:
        yield CARRIES_OUT[one.name]
    if one.name in OF_ITS_OWNER:
        yield READS[row.where]
    if role in decided_by(one, row):
        yield decided_by(one, row)[role]


def decided_by(one: Operation, row: Row) -> Mapping[str, str]:
    """What is needed at the row, by the role that has it."""
    files = one.permission == "attachments:write"
    return WRITES_ITS_OWNER[row.where] if files else DECIDED.get(one.permission, {})


def all_but(left_out: str, one: Operation, row: Row, place: str) -> frozenset[str]:
    """Everything else; where another role may do it there as well, nor what that one needs."""
    decided = decided_by(one, row)
    same = {decided[role] for role in decided if row.answer(role, place) == "ok"}
    return EVERY_PERMISSION - (same if left_out in same else {left_out})


def answered_with(land: Land, one: Operation, row: Row, askers: tuple[Asker, Asker], place: str) -> None:
    """The first is answered, and what is read as for the other, who may read everything."""
    reads = one.method == "GET"
    where = land.at[row.where][place] if reads else land.fresh(row, one.noun, place)
    told = asked(askers[0], one, row, where)
    assert told.status in one.successes, (one.name, place, told.body)
    if reads and one.name != "list_changes":  # which tells of what else may be read
        assert told.body == asked(askers[1], one, row, where).body


def turned_away(land: Land, one: Operation, row: Row, asker: Asker, left_out: str, place: str) -> None:
    """By the name of what is lacking, and as if nothing were there, where it is not decided at the row."""
    if one.name in CARRIES_OUT and left_out == CARRIES_OUT[one.name]:
        return
    told = asked(asker, one, row, land.at[row.where][place])
    if left_out in decided_by(one, row).values():
        assert told.status == 403, (one.name, left_out, told.body)
        return
    if one.name in OF_ITS_OWNER and left_out != one.permission:
        assert told.status == 404, (one.name, left_out, told.body)
    else:
        assert (told.status, left_out in told.json["detail"]) == (403, True), (one.name, left_out, told.body)
    if row.where != "nowhere":
        assert told.tells == asked(asker, one, row, gone(land, one, row)).tells, (one.name, left_out)


@pytest.mark.in_turn
def test_a_key_without_an_area_is_shown_nothing_of_it_wherever_that_stands(
    land: Land, contract: dict[str, Operation], keyed: Keyed
) -> None:
    places, told, answered = land.marked(), {area: set[str]() for area in MARKS}, set[str]()
    narrow = {area: keyed(EVERY_PERMISSION - {f"{area}:read"}) for area in MARKS}
    whole, gets = (
        keyed(EVERY_PERMISSION),
        {name: one for name, one in contract.items() if one.method == "GET"},
    )
    for one in gets.values():
        for path in {path for where in places for path in in_every_way(one, where)}:
            shown = whole.ask("GET", path)
            assert shown.status in {200, 404}, (path, shown.body)  # the one after it has no minutes yet
            answered |= {one.name} if shown.status == 200 else set()
            for area in (area for area, mark in MARKS.items() if shown_in(mark, shown)):
                told[area].add(one.name)
                less = narrow[area].ask("GET", path)
                hidden = less.status in {403, 404} or not shown_in(MARKS[area], less)
                assert hidden != (one.name in NAMED.get(area, ())), (area, path)
    assert answered == set(gets)
    beside = {area: {one for one in told[area] if gets[one].permission != f"{area}:read"} for area in MARKS}
    assert beside == SHOWN_BESIDE


# A figure is told by the name of the body whose it is.
NAMED = {"organizations": {"get_quarterly_tasks_report", "get_reviews_report"}}
# Which operations show something of another area than that whose permission they declare: those looked at here.
SHOWN_BESIDE = {
    "organizations": {"list_changes", *NAMED["organizations"]},
    "speakers": {"list_changes"},
    "principals": {"list_changes"},
    "attachments": {"list_changes"},
    "meetings": {
        *("list_changes", "get_attachment", "list_meeting_attachments", "list_agenda_item_attachments"),
        *("list_minutes_attachments", "list_conclusion_notice_attachments"),
    },
    "quarterly_tasks": {
        *("list_changes", "get_attachment", "list_task_entry_attachments", "list_meetings", "get_meeting"),
        *("get_closing_checks", "get_review_sheet", "get_task_reviews", "get_task_review", "get_briefing"),
        *("list_minutes_comments", "get_minutes_comment", "list_conclusion_notice_comments"),
        *("get_minutes_record", "get_conclusion_notice_record", "get_meeting_minutes"),
        *("get_meeting_conclusion_notice", "get_minutes_version", "get_minutes_proof"),
    },
}


PRINTED_AS_TEXT = {"json", "csv", "svg", "html", "markdown", "md"}


def in_every_way(one: Operation, where: Mapping[str, str]) -> Iterator[str]:
    """The path of a GET: as it is, with each thing beside, as each file that is text, looking for each mark."""
    path, since = one.at(where), f"limit=500&cursor={where['since']}"
    path += "&" if "?" in path else "?"
    yield path + (since if one.name == "list_changes" else TABLE[one.name][0].asks)
    marked = f"&q={MARKS[one.permission.partition(':')[0]]}" if one.asks("q") else ""
    yield from (f"{path}include={beside}{marked}" for beside in one.choices("include"))
    yield from (f"{path}format={kind}" for kind in one.choices("format") if kind in PRINTED_AS_TEXT)
    if one.asks("version"):
        yield f"{path}version=0"
    if one.asks("q"):
        yield from (f"{path}q={mark}&include_total=true" for mark in MARKS.values())


def shown_in(mark: str, told: Told) -> bool:
    return mark in told.body.decode(errors="replace")


# -- every id that is sent is resolved through what the caller sees

UNSEEN = {
    "meeting": ("meeting", ("sibling", "restricted", "unannounced", "elsewhere")),
    "agenda_item": ("meeting", ("sibling", "restricted", "unannounced", "elsewhere")),
    "speech": ("meeting", ("sibling", "restricted", "unannounced", "elsewhere")),
    "finding": ("meeting", ("sibling", "restricted", "unannounced", "elsewhere")),
    "directive": ("meeting", ("sibling", "restricted", "unannounced", "elsewhere")),
    "quarterly_task": ("task", ("sibling", "unissued", "elsewhere")),
    "organization": ("body", ("elsewhere",)),
    "speaker": ("body", ("elsewhere",)),
}


def named(one: Operation, *way: str) -> str:
    """What an id names. A member that nobody said it of fails here."""
    within, member = way[-2:] if len(way) > 1 else (one.name, way[0])
    return NAMES.get(f"{within}.{member}") or NAMES[member]


@pytest.mark.in_turn
@pytest.mark.parametrize("name", TABLE)
def test_an_id_in_a_body_that_the_caller_does_not_see_is_as_one_of_nothing(
    land: Land, contract: dict[str, Operation], clerk: Asker, name: str
) -> None:
    one = contract[name]
    ways = [(way, row_with(way, land, name)) for way in one.ids_in_the_body]
    rows = {id(row): land.fresh(row, one.noun, "own") for _, row in ways}
    before, of_nothing = land.state(), []
    for way, row in ways:
        where, (family, places) = rows[id(row)], UNSEEN[named(one, *way)]
        of_nothing.append(sent(clerk, one, row, where, way, unknown()))
        assert of_nothing[-1].status in {404, 422}, (name, way, of_nothing[-1].body)
        for place in places if PROOF else (places[len(of_nothing) % len(places)], "elsewhere"):
            hidden = land.at[family][place][named(one, *way)]
            assert sent(clerk, one, row, where, way, hidden).tells == of_nothing[-1].tells, (way, place)
    assert land.state() == before
    for (way, row), told in zip(ways, of_nothing, strict=True):
        where = rows[id(row)]
        mine = mine_of(land, where, named(one, *way))
        assert sent(clerk, one, row, where, way, mine).tells != told.tells, (name, way)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "name", [name for name in TABLE if name.startswith(("create_", "update_", "replace_"))]
)
def test_an_id_in_a_body_of_an_area_that_the_key_leaves_out_is_as_one_of_nothing(
    land: Land, contract: dict[str, Operation], keyed: Keyed, name: str
) -> None:
    one = contract[name]
    for way in one.ids_in_the_body:
        area, row = AREAS.get(named(one, *way), ""), row_with(way, land, name)
        if not area or one.permission.startswith(area):
            continue
        narrow = keyed(frozenset(scope for scope in EVERY_PERMISSION if not scope.startswith(f"{area}:")))
        where = land.fresh(row, one.noun, "own")
        mine = mine_of(land, where, named(one, *way))
        before = land.state()
        told, of_nothing = (sent(narrow, one, row, where, way, id) for id in (mine, unknown()))
        assert (told.status, told.tells) == (of_nothing.status, of_nothing.tells), (name, way)
        assert land.state() == before


# Of which area what an id names is; bodies and people are a directory, which everybody sees.
AREAS = dict.fromkeys(("meeting", "agenda_item", "speech", "finding", "directive"), "meetings")
AREAS["quarterly_task"] = "quarterly_tasks"


def row_with(way: tuple[str, ...], land: Land, name: str) -> Row:
    """A row of the table whose body has that member, or may have it."""
    rows = [row for row in TABLE[name] if row.says]
    says = (row for row in rows if row.says and way[1] in row.says(land.at[row.where]["own"]))
    return next(says, rows[0])


def mine_of(land: Land, where: Mapping[str, str], noun: str) -> str:
    """One of the kind that the caller sees; of the same meeting, where there is one."""
    for another in ("second_item", "second_finding"):
        if noun.endswith(another.removeprefix("second_")) and another in where:
            return where[another]
    if noun in {"speech", "directive"} and noun in where:
        return where[noun]
    if noun == "quarterly_task":  # which may get a part, and is told by that from then on
        return land.task("own")[noun]
    return land.at[UNSEEN[noun][0]]["own"][noun]


def sent(
    asker: Asker, one: Operation, row: Row, where: Mapping[str, str], way: tuple[str, ...], id: str
) -> Told:
    body = deepcopy(row.says(where)) if row.says else {}
    put(body, way[1:], id, where)
    given = {"if_match": "*"} if one.is_conditional else {}
    return asker.ask(one.method, one.at(where), body, **given)


def put(body: Json, way: tuple[str, ...], id: str, where: Mapping[str, str]) -> None:
    """The id, at the end of the way; into the last element of a list."""
    if len(way) == 1:
        body[way[0]] = id
        return
    elements = body.setdefault(way[0], [])
    if not elements:
        elements.append(ELEMENTS[way[1]](where))
    put(elements[-1], way[2:], id, where)


@pytest.mark.in_turn
@pytest.mark.parametrize("name", [name for name in TABLE if name.startswith("list_")])
def test_an_id_in_a_query_that_the_caller_does_not_see_is_as_one_of_nothing(
    land: Land, contract: dict[str, Operation], clerk: Asker, name: str
) -> None:
    one, row = contract[name], TABLE[name][0]
    path = one.at(land.at[row.where][PLACES[row.where][0]])
    counted = "&include_total=true" if one.asks("include_total") else ""
    for parameter in one.ids_asked_for:
        noun = named(one, parameter)
        family, places = UNSEEN[noun]
        of_nothing = found(clerk.ask("GET", f"{path}?{parameter}={unknown()}{counted}"))
        for place in places:
            hidden = land.at[family][place][noun]
            asked_for = clerk.ask("GET", f"{path}?{parameter}={hidden}{counted}")
            assert found(asked_for) == of_nothing, (name, parameter, place)
        assert of_nothing["items"] == []


def found(told: Told) -> Json:
    """What a list shows. The place in time that the feed answers with moves by itself."""
    assert told.status == 200, told.body
    shown = told.json
    if "has_more" in shown:
        del shown["next_cursor"]
    return shown


# -- lists in every order, searches, validators, the feed


@pytest.mark.in_turn
@pytest.mark.parametrize("name", [name for name in TABLE if name.startswith("list_")])
def test_no_order_filter_or_search_finds_or_counts_what_the_caller_does_not_see(
    land: Land, contract: dict[str, Operation], roles: dict[str, Asker], name: str
) -> None:
    one, row = contract[name], TABLE[name][0]
    role = "admin" if "admin" in row.answers else "reader"
    asker = roles[role]
    if one.is_a_list:
        for sort in one.sorts:
            listed(land, one, row, role, asker, sort=sort, limit="60")
        if one.asks("within"):
            listed(land, one, row, role, asker, within=land.body("province"))
    elif one.sorts:
        inside = one.at(land.at[row.where]["own"])
        orders = [set(every_id(asker, inside, sort=sort, limit="1")) for sort in one.sorts]
        assert all(order == set(every_id(asker, inside)) for order in orders)
    if one.asks("q") and one.is_a_list:
        for place in PLACES[row.where]:
            ids = every_id(asker, one.path, q=token(row.where, place))
            sees = row.answer(role, place) == "ok"
            assert (land.at[row.where][place][row.shows] in ids, bool(ids)) == (sees, sees), (name, place)


def change_unseen(land: Land) -> None:
    """Something of every kind, made and changed where own sees nothing of it."""
    for place in ("sibling", "restricted", "unannounced", "elsewhere", "parent"):
        land.meeting(place)
    for place in ("sibling", "restricted", "elsewhere", "parent"):
        land.minuted(place)
    for place, state in (("sibling", "assigned"), ("unissued", "draft"), ("elsewhere", "completed")):
        land.task(place, state)
    for place in ("sibling", "parent", "elsewhere"):
        land.key(place)
        land.grant(place)
    land.organization("elsewhere")
    land.position("elsewhere")
    meeting = land.at["meeting"]["restricted"]["meeting"]
    land.touch("child", f"/v1/meetings/{meeting}", {"summary": "Kín"})


def test_what_happens_out_of_sight_changes_no_validator_and_is_in_no_feed(
    land: Land, contract: dict[str, Operation], roles: dict[str, Asker]
) -> None:
    askers = {role: roles[role] for role in (ROLES if PROOF else ("reader", "admin"))}
    paths = {role: tagged(land, contract, role) for role in askers}
    place = askers["reader"].ask("GET", "/v1/changes?cursor=latest").json["next_cursor"]
    tags = {role: settled(asker, paths[role]) for role, asker in askers.items()}
    change_unseen(land)
    for role, asker in askers.items():
        for path, tag in zip(paths[role], tags[role], strict=True):
            told = asker.ask("GET", path, if_none_match=tag)
            assert (told.status, told.headers["etag"]) == (304, tag), (role, path)
        for narrowed in ("", f"&within={land.body('province')}", "&types=meeting&types=key"):
            told = asker.ask("GET", f"/v1/changes?cursor={place}{narrowed}")
            assert (told.json["items"], told.json["has_more"]) == ([], False), (role, narrowed)
    land.meeting("own")
    for role, asker in askers.items():
        for path, tag in zip(paths[role], tags[role], strict=True):
            assert asker.ask("GET", path, if_none_match=tag).status == 200, (role, path)


UNTAGGED = {"list_keys", "list_minutes_links"}


def tagged(land: Land, contract: Mapping[str, Operation], role: str) -> list[str]:
    """Every list that has a validator, at its own."""
    return [
        one.at(land.at[TABLE[name][0].where]["own"])
        for name, one in contract.items()
        if name.startswith("list_") and one.sorts and TABLE[name][0].has(role) and name not in UNTAGGED
    ]


def settled(asker: Asker, paths: list[str]) -> list[str]:
    """The validators, once no transaction is open that came before."""
    deadline, before = time.monotonic() + 10, list[str]()
    while (now := [asker.ask("GET", path).headers["etag"] for path in paths]) != before:
        assert time.monotonic() < deadline
        before = now
    return now


def test_the_feed_tells_each_role_of_exactly_what_it_sees(
    land: Land, contract: dict[str, Operation], roles: dict[str, Asker]
) -> None:
    gets = {name: one.noun for name, one in contract.items() if name == f"get_{one.noun}"}
    of_nouns = {noun: TABLE[name][0] for name, noun in (gets | BY_ANOTHER_NAME).items()}
    facts = {
        *("meeting_transition", "minutes_transition", "conclusion_notice_transition", "task_entry"),
        *("minutes_comment", "minutes_version"),
    }
    told_of = {noun: row for noun, row in of_nouns.items() if noun not in facts}
    for role, asker in roles.items():
        subjects = followed(asker)
        for noun, row in told_of.items():
            for place in PLACES[row.where]:
                sees = row.answer(role, place) == "ok"
                assert (land.at[row.where][place][noun] in subjects) == sees, (role, noun, place)


BY_ANOTHER_NAME = {"get_quarter_closing": "quarter_closing"}  # its path names whose it is


def followed(asker: Asker) -> set[str]:
    """The subjects of all changes from the first one on."""
    subjects, onward, more = set[str](), "", True
    while more:
        told = asker.ask("GET", f"/v1/changes?limit=500{onward}").json
        subjects |= {one["subject_id"] for one in told["items"]}
        onward, more = f"&cursor={told['next_cursor']}", told["has_more"]
    return subjects


# -- what stands in the way, or clashes, and is not seen

Stands = Callable[[Land, Mapping[str, str]], list[Json]]


@dataclass(frozen=True)
class Clash:
    """A request about a meeting of the caller's, and what stands in its way: one that it sees, two it does not."""

    method: str
    noun: str
    said: Json | None
    seen: Stands
    unseen: Stands


def a_task_of(place: str, number: int) -> Stands:
    """Tasks set under the meeting's item."""

    def stands(land: Land, at: Mapping[str, str]) -> list[Json]:
        set_at = {"set_at_meeting_id": at["meeting"], "agenda_item_id": at["agenda_item"]}
        return [task_of(land, place, **set_at) for _ in range(number)]

    return stands


def a_successor(visibility: str) -> Stands:
    """The meeting after it, of the same host."""
    return lambda land, at: [
        meeting_of(land, "child", visibility=visibility, previous_meeting_id=at["meeting"])
    ]


def meeting_of(land: Land, place: str, **more: Any) -> Json:
    said = {"host_organization_id": land.bodies[place], "title": "Kín đáo", "held_on": "2025-09-05"}
    return land.made(place, "/v1/meetings", {**said, **more})


def task_of(land: Land, place: str, **more: Any) -> Json:
    said = {"issuing_organization_id": land.bodies[place], "title": "Kín đáo", "quarter": "2025-Q4"}
    return land.made(place, "/v1/quarterly-tasks", {**said, **more})


TASKS = (a_task_of("own", 1), a_task_of("sibling", 2))
MEETINGS = (a_successor("internal"), a_successor("restricted"))
CLASHES = {
    "an item, deleted": Clash("DELETE", "agenda_item", None, *TASKS),
    "a meeting, deleted": Clash("DELETE", "meeting", None, *TASKS),
    "what a meeting plans": Clash("PATCH", "meeting", {"plan_period": "2026-Q1"}, *TASKS),
    "a meeting with one after it, deleted": Clash("DELETE", "meeting", None, *MEETINGS),
    "a meeting with one after it, moved": Clash("PATCH", "meeting", {"held_on": "2025-09-20"}, *MEETINGS),
}


@pytest.mark.parametrize("name", CLASHES)
def test_what_stands_in_the_way_unseen_is_told_no_further_than_that_there_is_something(
    land: Land, clerk: Asker, name: str
) -> None:
    clash = CLASHES[name]
    mine, yours = land.meeting("child"), land.meeting("child")
    clash.seen(land, mine)
    hidden = clash.unseen(land, yours)
    seen, unseen = (against(clerk, clash, at) for at in (mine, yours))
    assert seen.status in {409, 422}, seen.body
    assert without(unseen, yours) == without(seen, mine)
    for one in hidden:
        said = {str(one[member]) for member in ("id", "code", "title", "held_on") if member in one}
        assert not any(each in unseen.body.decode() for each in said)


def against(asker: Asker, clash: Clash, at: Mapping[str, str]) -> Told:
    path = f"/v1/{clash.noun.replace('_', '-')}s/{at[clash.noun]}"
    return asker.ask(clash.method, path, clash.said, if_match="*")


def without(told: Told, ids: Mapping[str, str]) -> str:
    """What it says, whatever row it is about."""
    said = told.body.decode().replace(str(told.json["request_id"]), "")
    for noun, id in ids.items():
        said = said.replace(id, noun)
    return said


def test_a_task_set_at_a_meeting_that_is_not_seen_does_not_tell_what_the_meeting_plans(
    land: Land, clerk: Asker
) -> None:
    meeting = meeting_of(land, "sibling", plan_period="2025-H2")
    task = task_of(land, "own", set_at_meeting_id=meeting["id"])
    path = f"/v1/quarterly-tasks/{task['id']}"
    assert clerk.ask("GET", f"/v1/meetings/{meeting['id']}").status == 404
    told = clerk.ask("PATCH", path, {"quarter": "2026-Q1"}, if_match="*")
    assert told.status == 422, told.body
    assert "2025-H2" not in told.body.decode()


def test_a_code_or_reference_that_is_taken_unseen_is_told_as_one_that_is_seen(
    land: Land, clerk: Asker
) -> None:
    for make, path in ((meeting_of, "/v1/meetings"), (task_of, "/v1/quarterly-tasks")):
        for member, value in (("code", lambda place: f"MA-{place}"), ("external_refs", a_reference)):
            told = {}
            for place in ("own", "sibling", "elsewhere"):
                said = {member: value(place)}
                taken = make(land, place, **said)
                again = {name: taken[name] for name in SAID if name in taken}
                home = {name: land.bodies["own"] for name in HOMES if name in taken}
                told[place] = clerk.ask("POST", path, {**again, **home, **said})
            assert told["elsewhere"].status == 201, told["elsewhere"].body
            assert told["own"].status == 409
            assert told["sibling"].tells == told["own"].tells


SAID, HOMES = ("title", "held_on", "quarter"), ("host_organization_id", "issuing_organization_id")


def a_reference(place: str) -> list[Json]:
    return [{"system": "qlvb", "id": f"so-{place}"}]


def test_a_meeting_that_is_followed_unseen_is_told_as_one_that_is_seen_to_be(
    land: Land, clerk: Asker
) -> None:
    told = []
    for visibility in ("internal", "restricted"):
        at = land.meeting("child")
        meeting_of(land, "child", visibility=visibility, previous_meeting_id=at["meeting"])
        said = {"host_organization_id": land.bodies["child"], "title": "Kế tiếp", "held_on": "2025-09-06"}
        told.append(clerk.ask("POST", "/v1/meetings", {**said, "previous_meeting_id": at["meeting"]}))
    assert told[0].status == 409
    assert told[0].tells == told[1].tells


@pytest.mark.parametrize("asks", ["next", "reopen"])
def test_a_meeting_that_is_followed_unseen_does_not_name_what_follows_it(
    land: Land, clerk: Asker, asks: str
) -> None:
    before = meeting_of(land, "child", record="reported")
    moved(land, "child", before, "hold", "close")
    restricted = {"visibility": "restricted", "previous_meeting_id": before["id"]}
    after = meeting_of(land, "child", record="reported", **restricted)
    moved(land, "child", after, "hold")
    path = f"/v1/meetings/{before['id']}"
    if asks == "next":
        told = clerk.ask("POST", f"{path}/next", {})
    else:
        told = clerk.ask("POST", f"{path}/transitions", {"transition": "reopen", "comment": "Sửa"})
    assert told.status == 409, told.body
    assert not any(after[member] in told.body.decode() for member in ("id", "code", "held_on"))
    assert clerk.ask("GET", told.json["blockers"][0]["pointer"]).status == 200


def moved(land: Land, place: str, meeting: Json, *steps: str) -> None:
    for step in steps:
        land.made(place, f"/v1/meetings/{meeting['id']}/transitions", {"transition": step})


# -- the loop: what a meeting reviews, for who sees the meeting and not each task


def test_what_a_meeting_must_review_is_named_as_far_as_the_caller_sees_it(
    land: Land, roles: dict[str, Asker]
) -> None:
    guests = [{"organization_id": land.bodies["own"]}]
    meeting = meeting_of(land, "sibling", **BRIEFING, participations=guests)
    moved(land, "sibling", meeting, "schedule")
    theirs, ours = land.task("sibling")["quarterly_task"], land.task("assigned")["quarterly_task"]
    for way in ("closing-checks", "review-sheet"):
        path = f"/v1/meetings/{meeting['id']}/{way}"
        whole = land.office.ask("GET", path).body.decode()
        assert theirs in whole
        assert ours in whole
        for role, asker in roles.items():
            told = asker.ask("GET", path)
            assert told.status == 200, told.body
            assert (theirs in told.body.decode(), token("task", "sibling") in told.body.decode()) == (
                False,
                False,
            )
            assert ours in told.body.decode(), role


BRIEFING = {"review_period": "2025-Q4", "plan_period": "2026-Q1", "record": "reported"}


@pytest.fixture
def of_the_place(land: Land) -> Asker:
    """The office of the commune's own line: it keeps the commune's meetings, and sees no task of its bodies."""
    return land.caller(("secretary", "parent", ["other"]), home="parent")


def test_a_task_that_is_not_seen_stands_in_the_way_of_closing_unnamed(
    land: Land, of_the_place: Asker
) -> None:
    meeting, task = with_a_task_of_a_body_below(land)
    said, path = {"transition": "close"}, f"/v1/meetings/{meeting['id']}"
    assert of_the_place.ask("GET", f"/v1/quarterly-tasks/{task['id']}").status == 404
    assert of_the_place.ask("GET", f"{path}/closing-checks").json["blockers"] == []
    told = of_the_place.ask("POST", f"{path}/transitions", said)
    assert (told.status, told.json["blockers"]) == (409, [])
    named = land.office.ask("POST", f"{path}/transitions", said)
    assert task["id"] in named.json["blockers"][0]["pointer"]


def test_a_review_that_is_not_seen_is_not_taken_back(land: Land, of_the_place: Asker) -> None:
    meeting, task = with_a_task_of_a_body_below(land)
    path = f"/v1/meetings/{meeting['id']}/task-reviews"
    row = {"task_id": task["id"], "rating": "not_started", "disposition": "continue"}
    assert land.office.ask("PUT", path, {"items": [row]}, if_match="*").status == 200
    told = of_the_place.ask("PUT", path, {"items": []}, if_match="*")
    assert (told.status, told.json["items"]) == (200, [])
    assert [one["task_id"] for one in land.office.ask("GET", path).json["items"]] == [task["id"]]


def with_a_task_of_a_body_below(land: Land) -> tuple[Json, Json]:
    """A briefing of the commune that was held, and the task that a body below it set there."""
    meeting = meeting_of(land, "parent", review_period="2025-Q2", plan_period="2025-Q3", record="reported")
    lines = [{"organization_id": land.front, "role": "lead"}]
    more = {"quarter": "2025-Q2", "kind": "ad_hoc", "assignments": lines}
    task = task_of(land, "sibling", set_at_meeting_id=meeting["id"], **more)
    land.made("sibling", f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "issue"})
    moved(land, "parent", meeting, "hold")
    return meeting, task


# -- Idempotency-Key


def test_the_idempotency_key_of_another_answers_nothing_of_theirs(
    land: Land, contract: dict[str, Operation], roles: dict[str, Asker]
) -> None:
    """Neither to a colleague who may do the same, nor to who may not."""
    others = {"colleague": land.caller(("secretary", "own", None)), "reader": roles["reader"]}
    others["neighbour"] = land.caller(("secretary", "sibling", None), home="sibling")
    said = {"title": "Một lần"}
    path = f"/v1/meetings/{land.meeting('own')['meeting']}/agenda-items"
    first = roles["secretary"].ask("POST", path, said, idempotency_key="mot")
    again = roles["secretary"].ask("POST", path, said, idempotency_key="mot")
    assert (first.status, again.json["id"]) == (201, first.json["id"])
    told = {who: asker.ask("POST", path, said, idempotency_key="mot") for who, asker in others.items()}
    assert {who: one.status for who, one in told.items()} == {
        "colleague": 201,
        "reader": 403,
        "neighbour": 404,
    }
    assert told["colleague"].json["id"] != first.json["id"]
    assert "idempotency-replayed" not in told["colleague"].headers
    of_nothing = f"/v1/meetings/{unknown()}/agenda-items"
    for who in ("reader", "neighbour"):
        unused = others[who].ask("POST", of_nothing, said, idempotency_key="hai")
        assert told[who].tells == unused.tells, who
    reused = others["colleague"].ask("POST", path, {"title": "Khác"}, idempotency_key="ba")
    assert reused.status == 201


# -- two workers


@contextmanager
def workers(database_url: str, number: int) -> Iterator[str]:
    """As an operator serves: several processes that share a port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    known = {"MINUTES_DATABASE_URL": database_url, "MINUTES_ALLOW_WEAK_DURABILITY": "true"}
    known |= {"MINUTES_DRAIN_SECONDS": "0", "MINUTES_LOG_LEVEL": "error"}
    words = ["serve", "--workers", str(number), "--port", port]
    serving = subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        env={**os.environ, **known},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.terminate()
        with suppress(subprocess.TimeoutExpired):
            serving.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(serving.pid, signal.SIGKILL)
        serving.wait(10)


def one_of_each(land: Land, url: str, key: str) -> tuple[Asker, Asker]:
    """A connection to each of two workers: each counts a caller's requests by itself, and says what is left."""
    deadline, first, before = time.monotonic() + 120, dict[str, Asker](), 60
    while time.monotonic() < deadline:
        asker = land.asker(key, url)
        try:
            told = asker.ask("GET", "/v1/vocabularies")
        except ConnectionError:  # not up yet
            time.sleep(0.1)
            continue
        left, seconds = (part.partition("=")[2] for part in told.headers["ratelimit"].split(";")[1:3])
        if int(seconds) > before:  # in a new minute they count anew
            first.clear()
        before = int(seconds)
        if first.setdefault(left, asker) is not asker:
            return first[left], asker
    raise AssertionError


@contextmanager
def two_at_once(land: Land) -> Iterator[Callable[[str], tuple[Asker, Asker]]]:
    """Two workers of one service. SQLite is for one: a second service in this process will do, but for a proof."""
    database = land.service.database_url
    if land.service.database == "sqlite" and not PROOF:
        settings = Settings(database_url=database, allow_weak_durability=True, **SETTINGS)
        with running(settings) as second:
            yield lambda key: (land.asker(key), land.asker(key, second.url))
        return
    with workers(database, 2) as url:
        yield lambda key: one_of_each(land, url, key)


def test_what_is_revoked_is_refused_at_the_next_request_of_every_worker(land: Land) -> None:
    path = f"/v1/meetings/{land.at['meeting']['own']['meeting']}"
    with two_at_once(land) as connections:
        for take, expected in ((revoke_the_key, 401), (take_the_grant, 403), (retire, 401)):
            who, key = land.principal_with(("reader", "own", None))
            pair = connections(key["key"])
            assert [asker.ask("GET", path).status for asker in pair] == [200, 200]
            take(land, who, key)
            assert [asker.ask("GET", path).status for asker in pair] == [expected] * 2


def revoke_the_key(land: Land, who: Json, key: Json) -> None:
    assert land.administrator.ask("PUT", f"/v1/keys/{key['id']}/revocation").status == 200


def take_the_grant(land: Land, who: Json, key: Json) -> None:
    (grant,) = every_id(land.administrator, f"/v1/principals/{who['id']}/grants")
    assert land.administrator.ask("DELETE", f"/v1/grants/{grant}", if_match="*").status == 204


def retire(land: Land, who: Json, key: Json) -> None:
    path = f"/v1/principals/{who['id']}"
    assert land.administrator.ask("PATCH", path, {"is_active": False}, if_match="*").status == 200
