"""Promise 14, bodies: the hostile corpus on every operation of the document that takes one."""

import http.client
import json
import select
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.strict_json import MOST_VALUES
from app.validation import MOST
from tests.conftest import PROOF, Service
from tests.hostile import corpus
from tests.hostile.corpus import Document, Fits, Operation, is_lawful, planted, pointers, sample, sent
from tests.test_contract import Town, is_a_problem, set_otherwise
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, a_meeting, made, shown

MIB = 1 << 20


# -- too much of it

TOO_LARGE: dict[str, bytes] = {
    "200,000 members": json.dumps({f"m{n}": n for n in range(200_000)}).encode(),
    "an array of three million": b"[" + b"1," * 3_000_000 + b"1]",
}
TOO_MANY: dict[str, bytes] = {
    "members": json.dumps({f"m{n}": n for n in range(MOST_VALUES + 1)}).encode(),
    "elements": b'{"title": [' + b"1," * MOST_VALUES + b"1]}",
    "empty objects": b'{"items": [' + b"{}," * 300_000 + b"{}]}",
    "empty lists, nested": b'{"items": [' + b",".join([b"[" * 48 + b"]" * 48] * 9_000) + b"]}",
    "members of many objects": json.dumps(
        {"agenda_items": [{f"m{n}": 1 for n in range(600)}] * 100}
    ).encode(),
    "short texts": b'{"title": [' + b'"",' * 100_000 + b'""]}',
    "never closed": b'{"title": [' + b"1," * 500_000,
}


@pytest.mark.in_turn
@pytest.mark.parametrize("raw", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_body_beyond_the_limit_is_a_413_on_every_operation(
    powerful: httpx.Client, town: Town, writes: list[Operation], raw: bytes
) -> None:
    for one in never_stored(town, writes if PROOF else writes[::3]):
        is_a_problem(sent(powerful, one, one.url, raw), 413, "content-too-large")


@pytest.mark.in_turn
@pytest.mark.parametrize("raw", TOO_MANY.values(), ids=TOO_MANY)
def test_more_values_than_any_body_needs_are_a_400_on_every_operation(
    powerful: httpx.Client, town: Town, writes: list[Operation], raw: bytes
) -> None:
    for one in never_stored(town, writes if PROOF else writes[::3]):
        told = is_a_problem(sent(powerful, one, one.url, raw), 400, "malformed-request")
        assert [fault["code"] for fault in told["errors"]] == ["json_too_many"], str(one)


@pytest.mark.in_turn
def test_commas_and_brackets_within_a_text_are_no_values(powerful: httpx.Client, town: Town) -> None:
    """The limit counts what follows a comma or a bracket, outside of texts."""
    text = ', [ { \\" \\\\ ' * 3_000
    body = {"host_organization_id": town.bodies["party"], "title": "x", "held_on": "2025-09-04"}
    answer = powerful.post("/v1/meetings", json={**body, "summary": text})
    assert answer.status_code == 201, answer.text
    assert answer.json()["summary"] == text.strip()


@pytest.mark.in_turn
def test_as_many_reviews_as_one_body_may_bring_are_read(
    powerful: httpx.Client, town: Town, writes: list[Operation]
) -> None:
    """What the limit of values must let pass. One member is wrong, so that none is kept."""
    one = next(one for one in writes if one.path.endswith("/task-reviews"))
    url, body = sample(town, one)
    review = {
        **body["items"][0],
        "comment": "b",
        "assessed_progress": 3,
        "due_date": None,
        "lead_organization_id": None,
    }
    body["items"] = [review] * (one.body or {})["properties"]["items"]["maxItems"]
    body["items"][-1] = {**review, "comment": 1}
    answer = sent(powerful, one, url, body)
    assert pointers(answer) == {f"#/items/{len(body['items']) - 1}/comment"}


@pytest.mark.in_turn
def test_more_faults_than_anybody_mends_are_one(powerful: httpx.Client, writes: list[Operation]) -> None:
    raw = corpus.raw({f"m{n}": n for n in range(MOST_VALUES - 1)})
    for one in writes[::11]:
        told = is_a_problem(sent(powerful, one, one.url, raw), 422, "validation-error")
        assert [(fault["pointer"], fault["code"]) for fault in told["errors"]] == [("#", "too_many_faults")]


# -- sent slowly, or never


@pytest.mark.in_turn
@pytest.mark.parametrize("is_chunked", [False, True], ids=["by its length", "in chunks"])
def test_a_hundred_mebibytes_are_refused_before_they_are_sent(
    town: Town, writes: list[Operation], *, is_chunked: bool
) -> None:
    for one in never_stored(town, writes):
        status, kind, size = trickled(town, one, is_chunked=is_chunked)
        assert (status, kind) == (413, "application/problem+json"), str(one)
        assert size <= (8 * MIB if is_chunked else 0), f"{one}: answered after {size:,} bytes"


def trickled(town: Town, one: Operation, *, is_chunked: bool) -> tuple[int, str | None, int]:
    """A body of 100 MiB, sent only until it is answered: the status, the kind, and how much was sent."""
    connection = begun(town.service, one, None if is_chunked else 100 * MIB)
    sock = connection.sock
    size = 0
    while is_chunked and size < 100 * MIB and not select.select([sock], [], [], 0)[0]:
        sock.sendall(b"%x\r\n%s\r\n" % (65_536, b" " * 65_536))
        size += 65_536
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.headers["content-type"], size


def begun(service: Service, one: Operation, length: int | None) -> http.client.HTTPConnection:
    """A request whose head is sent, for a body of that length; without one, in chunks."""
    host = httpx.URL(service.url)
    connection = http.client.HTTPConnection(host.host, host.port, timeout=20)
    connection.putrequest(one.method, one.url)
    is_for_administrators = one.path.startswith(("/v1/organizations", "/v1/principals"))
    known = {
        "x-api-key": service.town.keys["administrator" if is_for_administrators else "secretary"],
        "content-type": "application/json",
        "if-match": "*",
        "accept-language": "en",
        **({"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}),
    }
    for name, value in known.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection


@pytest.mark.in_turn
@pytest.mark.parametrize("is_chunked", [False, True], ids=["by its length", "in chunks"])
def test_a_body_that_comes_byte_by_byte_is_a_408_in_time_on_every_operation(
    town: Town, writes: list[Operation], *, is_chunked: bool
) -> None:
    with set_otherwise(town, request_seconds=1) as service:
        opened = [(one, begun(service, one, None if is_chunked else 1_000)) for one in writes]
        waiting, began = [connection.sock for _, connection in opened], time.monotonic()
        while waiting and time.monotonic() - began < 10:
            for sock in waiting:
                sock.sendall(b"1\r\n \r\n" if is_chunked else b" ")
            time.sleep(0.1)
            answered = select.select(waiting, [], [], 0)[0]
            waiting = [sock for sock in waiting if sock not in answered]
        assert waiting == [], f"{len(waiting)} of {len(opened)} are still waited for"
        for one, connection in opened:
            answer = connection.getresponse()
            told = json.loads(answer.read())
            assert (answer.status, told["code"]) == (408, "request-timeout"), str(one)
            assert told["title"] == "The body came too slowly"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["connection"] == "close"
            assert 408 in one.statuses, str(one)
        figures = service.client().get("/metrics").text.splitlines()
        counted = [line for line in figures if line.startswith("http_requests_total{") and '"408"' in line]
        assert sum(float(line.rpartition(" ")[2]) for line in counted) == len(opened)


# -- every member, with what it cannot be

WRONG: Mapping[str, tuple[Fits, Sequence[Any]]] = {
    "day": (corpus.has_format("date"), corpus.NO_DAYS),
    "instant": (corpus.has_format("date-time"), corpus.NO_INSTANTS),
    "id": (corpus.has_format("uuid"), corpus.NO_IDS),
    "word": (corpus.is_word, corpus.NO_WORDS),
    "period": (corpus.is_period, corpus.NO_PERIODS),
    "whole number": (corpus.is_a("integer"), corpus.NO_WHOLE_NUMBERS),
    "amount": (corpus.is_a("number"), corpus.NO_AMOUNTS),
    "truth": (corpus.is_a("boolean"), corpus.NO_TRUTHS),
    "text": (corpus.is_free_text, tuple(corpus.NO_TEXTS.values())),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("kind", WRONG)
def test_what_a_member_cannot_be_is_a_422_that_points_at_each_place(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation], kind: str
) -> None:
    fits, values = WRONG[kind]
    tried, step = 0, 1 if PROOF else 5
    for number, (one, url, right) in enumerate(samples(town, never_stored(town, writes))):
        for value in values[number % step :: step]:
            body, places = planted(document, one.body or {}, right, fits, corpus.always(value))
            if places and corpus.is_sent(body):
                answer = sent(powerful, one, url, body)
                is_lawful(one, answer)
                assert (answer.status_code, pointers(answer)) == (422, places), (str(one), repr(value)[:60])
                tried += 1
    assert tried or town.service.database != "sqlite"


@pytest.mark.in_turn
def test_a_value_of_another_kind_is_refused_wherever_it_stands(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation]
) -> None:
    step = 1 if PROOF else 3
    for number, (one, url, _) in enumerate(samples(town, never_stored(town, writes))):
        members = (one.body or {})["properties"]
        for value in corpus.OF_ANOTHER_KIND[number % step :: step]:
            answer = sent(powerful, one, url, dict.fromkeys(members, value))
            is_lawful(one, answer)
            wrong = {f"#/{name}" for name in members if not allows(document, members[name], value)}
            assert answer.status_code == 422 or not wrong, str(one)
            told = {"/".join(at.split("/")[:2]) for at in pointers(answer)}
            # the whole, or the first hundred, where more is wrong than is told
            assert wrong <= told or told == {"#"} or len(answer.json()["errors"]) == MOST, str(one)


def allows(document: Document, schema: corpus.Schema, value: object) -> bool:
    """Whether a member takes JSON of this kind at all."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    known = document.followed(schema).get("type")
    return kinds[type(value)] == known or (type(value) is int and known == "number")


# -- every member, with what is at the edge of what it can be

AT_THE_EDGE: Mapping[str, tuple[Fits, Sequence[Any]]] = {
    "day": (corpus.has_format("date"), corpus.DAYS),
    "instant": (corpus.has_format("date-time"), corpus.INSTANTS),
    "id": (corpus.has_format("uuid"), corpus.ODD_IDS),
}


@pytest.mark.parametrize("kind", AT_THE_EDGE)
def test_what_is_at_the_edge_gets_an_answer_that_the_document_knows(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation], kind: str
) -> None:
    """In the short form each operation meets some of the values, and each value some of the operations."""
    fits, values = AT_THE_EDGE[kind]
    step = 1 if PROOF else 4
    for number, value in enumerate(values):
        for one, url, right in samples(town, writes[number % step :: step]):
            body, places = planted(document, one.body or {}, right, fits, corpus.always(value))
            if places:
                is_lawful(one, sent(powerful, one, url, body))


def test_a_text_that_somebody_may_mean_is_kept_in_every_member(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation]
) -> None:
    """In the short form each operation meets some of the texts, and each text some of the operations."""
    step = 1 if PROOF else 10
    for number, kind in enumerate(corpus.TEXTS):
        for one, url, right in samples(town, writes[number % step :: step]):
            body, places = planted(document, one.body or {}, right, corpus.is_free_text, corpus.text_of(kind))
            if places:
                answer = sent(powerful, one, url, body)
                is_lawful(one, answer)
                if "external_id" in one.path:
                    continue  # some of its texts are the ids by which its parts name each other
                assert answer.status_code in {200, 201}, (kind, str(one), answer.text)
                for name, value in body.items():
                    if f"#/{name}" in places and name in answer.json():
                        assert answer.json()[name] == corpus.as_kept(value), (kind, str(one), name)


def test_what_follows_from_a_meeting_at_the_edge_is_at_the_edge_or_refused(
    powerful: httpx.Client, town: Town
) -> None:
    """Days and titles that nobody sent, but that are made of those that somebody did."""
    party, periods = UUID(town.bodies["party"]), {"review_period": "2025-Q1", "plan_period": "2025-Q2"}
    last = a_meeting(powerful, party, **{**periods, "held_on": "9999-12-31"})
    answer = powerful.post(f"/v1/meetings/{last['id']}/next", json={})
    is_a_problem(answer, 422, "validation-error")
    assert pointers(answer) == {"#/held_on"}
    long = a_meeting(powerful, party, **periods, title=("Quý I/2025 Quý II/2025 " * 30)[:500])
    after = made(powerful.post(f"/v1/meetings/{long['id']}/next", json={}))
    assert len(after["title"]) <= 500
    same = powerful.patch(f"/v1/meetings/{after['id']}", json={"title": after["title"]}, headers=ANY)
    assert shown(same) == after


def samples(town: Town, writes: Sequence[Operation]) -> Iterator[tuple[Operation, str, Any]]:
    """Each operation with a place to send to and a body that is right."""
    for one in writes:
        url, body = sample(town, one)
        yield one, url, body


def never_stored(town: Town, values: Sequence[Any]) -> Sequence[Any]:
    """What is refused before any database is asked is tried whole on one of the two; with PROOF=1 on both."""
    return values if PROOF or town.service.database == "sqlite" else values[::5]
