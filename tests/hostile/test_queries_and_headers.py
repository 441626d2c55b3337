"""Promise 14, all that is not a body: every query parameter, every header, the path, and HTTP itself."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing

import httpx
import pytest

from app.asking import MOST
from tests.conftest import PROOF
from tests.hostile import corpus
from tests.hostile.corpus import ECHO, Document, Operation, Wire, is_lawful
from tests.test_contract import NOUNS, Town, is_a_problem
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too


@pytest.fixture(scope="module")
def wire(town: Town, powerful: httpx.Client) -> Iterator[Wire]:
    with closing(Wire(town, powerful.headers["x-api-key"])) as opened:
        yield opened


@pytest.fixture(scope="module")
def reads(document: Document) -> list[Operation]:
    return [one for one in document.operations if one.method == "GET"]


# -- queries


OF_SOMETHING = {"from", "version", "since"}  # numbers of what may not be there


def test_no_value_of_any_query_parameter_is_more_than_a_400(wire: Wire, reads: list[Operation]) -> None:
    """In the short form each parameter meets some of the values, and each value some of the parameters."""
    number, step = 0, 1 if PROOF else 17
    for one in reads:
        for name in one.named("query"):
            number += 1
            for value in corpus.IN_A_QUERY[number % step :: step]:
                if name != "wait" or not value.removeprefix("%20").isdigit():
                    answer = wire.ask("GET", one.asked(f"{name}={value}"))
                    is_named = name in OF_SOMETHING or (name == "organization_id" and name in one.must)
                    unknown = {404} if is_named else set()
                    assert answer.status_code in {200, 400} | unknown, (
                        str(one),
                        name,
                        value[:60],
                        answer.text,
                    )
                    is_lawful(one, answer)


def test_every_text_that_is_searched_for_is_answered(powerful: httpx.Client, reads: list[Operation]) -> None:
    texts = [*corpus.TEXTS.values(), *corpus.NO_TEXTS.values()]
    lists = [one for one in reads if {"q", "code"} & one.parameters.keys()]
    assert len(lists) >= 4
    for number, one in enumerate(lists):
        for name in {"q", "code"} & one.parameters.keys():
            for text in texts if PROOF else texts[number % 4 :: 4]:
                answer = powerful.get(one.url, params={name: text[: 200 if name == "q" else 60]})
                assert answer.status_code in {200, 400}, (str(one), name, text[:60], answer.text)
                is_lawful(one, answer)


@pytest.mark.in_turn
def test_a_parameter_that_is_repeated_is_a_400_unless_it_is_a_list(
    wire: Wire, reads: list[Operation]
) -> None:
    for one in reads:
        for name, schema in one.named("query").items():
            answer = wire.ask("GET", one.asked(f"{name}={ECHO}&{name}={ECHO}"))
            is_lawful(one, answer)
            codes = {(fault["parameter"], fault["code"]) for fault in answer.json().get("errors", [])}
            assert ((name, "repeated") in codes) == (schema["type"] != "array"), (str(one), name, codes)


MANY: dict[str, str] = {
    "names": "&".join(f"{n:x}=" for n in range(10_000)),
    "values": "&".join(["sort=x"] * 7_000),
    "commas": "include=" + "," * 60_000,
    "commas of many": "&".join(["include=" + "a," * 900] * 30),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("query", MANY.values(), ids=MANY)
def test_a_query_of_more_values_than_anybody_asks_for_is_one_fault(
    wire: Wire, reads: list[Operation], query: str
) -> None:
    assert MOST < 1001
    lists = [
        one for one in reads if "sort" in one.parameters and ("include" in one.parameters or "=x" in query)
    ]
    assert lists
    for one in lists:
        told = is_a_problem(wire.ask("GET", f"{one.url}?{query}"), 400, "malformed-request")
        assert [fault["code"] for fault in told["errors"]] == ["too_many"]


@pytest.mark.in_turn
def test_a_longer_page_than_is_promised_is_a_400_on_every_list(wire: Wire, reads: list[Operation]) -> None:
    lists = [one for one in reads if "limit" in one.parameters]
    assert len(lists) > 20
    for one in lists:
        most = 500 if one.path == "/v1/changes" else 200
        told = is_a_problem(wire.ask("GET", one.asked(f"limit={most + 1}")), 400, "malformed-request")
        assert [fault["parameter"] for fault in told["errors"]] == ["limit"], str(one)


# -- headers

# Any request may bring these, whatever its operation says.
GENERAL = (
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "content-encoding",
    "content-type",
    "cookie",
    "expect",
    "host",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "origin",
    "range",
    "user-agent",
    "x-api-key",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-http-method-override",
    "x-request-id",
)


@pytest.mark.in_turn
def test_no_value_of_any_header_is_more_than_a_refusal(wire: Wire, town: Town, document: Document) -> None:
    """In the short form each operation meets some of the headers, and each header most of the values."""
    number, step = 0, 19 if PROOF else 97
    for one in (
        document.operations if PROOF or town.service.database == "sqlite" else document.operations[::5]
    ):
        for name in GENERAL:
            number += 1
            for value in corpus.IN_A_HEADER[number % step :: step]:
                if one.method == "DELETE" and name == "if-match" and re.search(rb"[*1]", value):
                    continue  # it would go, and others need it
                others = {"if-match": b'"99"', **({"content-type": b"application/json"} if one.body else {})}
                headers = [
                    (n.encode(), v) for n, v in {**others, name: value}.items()
                ]  # 99: so that all stays
                answer = wire.ask(one.method, one.whole, headers, b"{}" if one.body else b"")
                is_lawful(one, answer)
                if name == "x-api-key":
                    is_a_problem(answer, 401, "unauthorized")


@pytest.mark.in_turn
def test_a_tag_longer_than_the_document_says_is_a_400_that_names_the_header(
    wire: Wire, document: Document
) -> None:
    for one in document.operations:
        name = {"PATCH": "If-Match", "PUT": "If-Match", "DELETE": "If-Match"}.get(one.method, "If-None-Match")
        if one.body is None and name == "If-Match" and one.method == "PUT":
            continue  # a fact, which nobody needs to have seen
        if name in one.parameters:
            url, right = corpus.sample(wire.town, one) if one.body else (one.whole, {})
            kind = [(b"content-type", b"application/json")] if one.body else []
            tag = b'"' + b"9" * one.parameters[name][1]["maxLength"] + b'"'
            body = corpus.raw(right) if one.body else b""
            told = is_a_problem(wire.ask(one.method, url, [(name.lower().encode(), tag), *kind], body), 400)
            assert [(fault["parameter"], fault["in"]) for fault in told["errors"]] == [(name, "header")], str(
                one
            )


KEYS = (b"", b"x" * 256, b"\xff", "Đ".encode(), b"a\tb", b"x" * 255, b"a b", b"%00", b'"')


def test_an_idempotency_key_is_kept_or_refused_by_name(wire: Wire, town: Town) -> None:
    for noun in NOUNS:
        for key in KEYS if PROOF or noun.name == "speaker" else KEYS[:2]:
            path, body = town.path(noun), corpus.raw(noun.body(town))
            headers = [
                *wire.known_as(noun.who),
                (b"content-type", b"application/json"),
                (b"idempotency-key", key),
            ]
            answer = wire.ask("POST", path, headers, body)
            if answer.status_code == 400:
                told = is_a_problem(answer, 400, "malformed-request")
                assert [fault["parameter"] for fault in told["errors"]] == ["Idempotency-Key"]
            else:
                again = wire.ask("POST", path, headers, body)
                assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")


# -- paths

PATHS = (
    "/v1/%00",
    "/v1/meetings/%00",
    "/v1/meetings%00",
    "/v1/%ff%fe",
    "/v1/meetings/%ed%a0%80",
    "/v1/meetings/%2e%2e",
    "/v1/meetings/../meetings",
    "//v1/meetings",
    "/v1//meetings",
    "/V1/meetings",
    "/v1/meetings;a=b",
    "/v1/meetings/%252e",
    "/v1/meetings/%0d%0aX:%20y",
    "/v1/meetings/{meeting_id}",
    "/v1/meetings/'",
    "/v1/meetings/" + "a" * 30_000,
    "/v1/" + "a/" * 10_000,
    "/v1/%E2%80%AE",
    "/problems/%00",
    "/problems/..%2f..%2fetc%2fpasswd",
    "/problems/" + "a" * 30_000,
    "/docs/%00",
    "/docs/..%2f..%2fpyproject.toml",
    "/.well-known/%00",
    "/healthz/%00",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.mark.in_turn
def test_a_path_that_leads_nowhere_is_a_problem(wire: Wire) -> None:
    for number, path in enumerate(PATHS):
        for method in METHODS if PROOF else METHODS[number % 3 :: 3]:
            answer = wire.ask(method, path, [(b"if-match", b"*")])
            assert answer.status_code in {400, 404, 405} | ({204} if method == "OPTIONS" else set()), path
            if method != "HEAD" and answer.is_error:
                assert answer.headers["content-type"] == "application/problem+json", path


# -- HTTP itself: what no client library would send. The server answers some of it before the service is asked.


def text(*lines: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


GET = b"GET /v1/meetings HTTP/1.1"
POST = b"POST /v1/meetings HTTP/1.1"
A = b"Host: a"
RAW: dict[str, bytes] = {
    "a host that is none": text(GET, b"Host: ["),
    "no host": text(GET),
    "two hosts": text(GET, A, b"Host: b"),
    "a host of bytes": text(b"GET /v1/nothing HTTP/1.1", b"Host: \xff\xfe:99999999"),
    "two keys": text(GET, A, b"X-API-Key: x", b"X-API-Key: y"),
    "an absolute target": text(b"GET http://evil.example/v1/meetings HTTP/1.1", A),
    "a target that is none": text(b"GET http://[/v1/meetings HTTP/1.1", A),
    "a target of bytes": text(b"GET /v1/\xff\xfe HTTP/1.1", A),
    "a query of bytes": text(b"GET /v1/meetings?q=\xff HTTP/1.1", A),
    "a zero in the target": text(b"GET /v1/a\x00b HTTP/1.1", A),
    "a target of 64 KiB": text(b"GET /v1/" + b"a" * 65_536 + b" HTTP/1.1", A),
    "a query of 64 KiB": text(b"GET /v1/meetings?q=" + b"a" * 65_536 + b" HTTP/1.1", A),
    "a query of 1 MiB": text(b"GET /v1/meetings?q=" + b"a" * 1_048_576 + b" HTTP/1.1", A),
    "a method that is none": text(b"MINUTES /v1/meetings HTTP/1.1", A),
    "a tunnel": text(b"CONNECT a.example:443 HTTP/1.1", A),
    "all that is": text(b"OPTIONS * HTTP/1.1", A),
    "HTTP/0.9": text(b"GET /v1/meetings"),
    "HTTP/9.9": text(b"GET /v1/meetings HTTP/9.9", A),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a header without a colon": text(GET, A, b"garbage"),
    "a header that is folded": text(GET, A, b"X-A: a", b" b"),
    "a zero in a header": text(GET, A, b"X-Request-Id: a\x00b"),
    "a bare return in a header": text(GET, A, b"X-Request-Id: a\rb"),
    "two lengths": text(POST, A, b"Content-Length: 2", b"Content-Length: 3", body=b"{}"),
    "a length and chunks": text(
        POST, A, b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + GET + b"\r\n\r\n"
    ),
    "a length of thirty digits": text(POST, A, b"Content-Length: " + b"9" * 30),
    "a length with a sign": text(POST, A, b"Content-Length: +2", body=b"{}"),
    "chunks that are none": text(POST, A, b"Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n"),
    "an encoding that is none": text(POST, A, b"Transfer-Encoding: gzip", body=b"{}"),
    "a websocket": text(
        *(GET, A, b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13"),
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("sent", RAW.values(), ids=RAW)
def test_what_is_no_http_is_refused_and_the_next_caller_is_served(
    town: Town, powerful: httpx.Client, sent: bytes
) -> None:
    statuses = answered(town.service.url, sent)
    assert statuses, "no answer"
    assert set(statuses) <= {200, 204, 400, 401, 403, 404, 405, 414, 415, 431}, statuses
    assert powerful.get("/v1/meetings?limit=1").status_code == 200


def answered(url: str, sent: bytes) -> Sequence[int]:
    """The status of each answer that is given until the connection closes or falls silent."""
    host = httpx.URL(url)
    with socket.create_connection((host.host, host.port or 80), timeout=2) as connection:
        read = b""
        try:
            connection.sendall(sent)
            while part := connection.recv(65_536):
                read += part
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass  # it has said all that it will
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", read)]
