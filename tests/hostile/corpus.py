"""Hostile values, where each can stand by the OpenAPI document, and what the answer to any of them must be."""

import http.client
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.db import new_id
from tests.test_contract import NOUNS, Noun, Town, required
from tests.town import ANY, Json, a_meeting, a_task, move, shown

MIB = 1_048_576
JSON_KIND = {"content-type": "application/json"}
FORM = "multipart/form-data"
BY_ANY = {
    400,
    404,
    405,
    413,
    414,
    415,
    429,
    431,
}  # what every operation may answer to what is no request for it
ECHO = "zq7echo"  # in values that are refused, and in no answer to them
Schema = Mapping[str, Any]


# -- the operations, by the document


@dataclass(frozen=True)
class Operation:
    """One method of one path, with ids that are there, as the document has it."""

    method: str
    path: str
    url: str
    statuses: frozenset[int]
    parameters: Mapping[str, tuple[str, Schema]]  # by name: where it stands, and what it may be
    body: Schema | None
    must: str = ""  # the query that it cannot do without

    @property
    def whole(self) -> str:
        """With no more than it must be asked."""
        return f"{self.url}?{self.must}" if self.must else self.url

    def asked(self, query: str) -> str:
        """With this query; what it cannot do without stands before it, unless this says it."""
        said = query.partition("=")[0]
        others = [one for one in self.must.split("&") if one and one.partition("=")[0] != said]
        return f"{self.url}?{'&'.join([*others, query])}"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def named(self, place: str) -> dict[str, Schema]:
        """The parameters that stand there."""
        return {name: schema for name, (where, schema) in self.parameters.items() if where == place}


class Document:
    """The OpenAPI document of a service, without its references."""

    def __init__(self, document: Json, ids: Mapping[str, str]) -> None:
        self._document = document
        self.operations = [
            self._operation(path, method, said, ids)
            for path, methods in document["paths"].items()
            for method, said in methods.items()
            if method in {"get", "post", "put", "patch", "delete"}
        ]

    def followed(self, schema: Schema) -> Schema:
        """The schema itself, wherever it stands; of `T or null`, T."""
        while "$ref" in schema:
            found: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = {**found, **{name: one for name, one in schema.items() if name != "$ref"}}
        others = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
        return {**self.followed(others[0]), "nullable": True} if len(others) == 1 else schema

    def _operation(self, path: str, method: str, said: Schema, ids: Mapping[str, str]) -> Operation:
        parameters = [self.followed(one) for one in said.get("parameters", [])]
        content = said.get("requestBody", {}).get("content", {})
        content = {kind: one for kind, one in content.items() if kind != FORM}  # tests.test_attachments
        return Operation(
            method=method.upper(),
            path=path,
            url=path.format(**ids),
            statuses=frozenset(int(status) for status in said["responses"]),
            parameters={one["name"]: (one["in"], self.followed(one["schema"])) for one in parameters},
            body=self.followed(next(iter(content.values()))["schema"]) if content else None,
            must=required(self._document, path, method, ids).removeprefix("?"),
        )


def is_lawful(one: Operation, answer: httpx.Response) -> None:
    """A status that the operation has, a problem where it is an error, and nothing of what was sent."""
    told = f"{one} → {answer.status_code} {answer.text[:500]}"
    assert answer.status_code in one.statuses | BY_ANY, told
    assert answer.status_code < 500, told
    if answer.is_error and answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json", told
        assert answer.json()["status"] == answer.status_code
        assert ECHO not in answer.text.replace(answer.headers["x-request-id"], ""), told
        assert not re.search(r"Traceback|SELECT |INSERT |sqlite|psycopg|asyncpg", answer.text), told


def pointers(answer: httpx.Response) -> set[str]:
    """What a refusal points at."""
    return {fault["pointer"] for fault in answer.json().get("errors", []) if "pointer" in fault}


# -- bodies that are right, with something in every member that a text can be hidden in


def _refs(number: int) -> list[Json]:
    return [{"system": f"hệ thống {number}", "id": f"{number}"}]


FULL: dict[str, Callable[[Town], Json]] = {
    "meeting": lambda town: {
        "agenda_items": [{"title": "a", "external_refs": _refs(1)}],
        "participations": [{"organization_id": town.bodies["front"], "external_refs": _refs(2)}],
    },
    "quarterly_task": lambda _: {
        "measures": [{"name": "Hộ nghèo", "target": 3}],
        "source_document": {"number": "01-NQ/ĐU"},
    },
    "finding": lambda _: {"kind": "recommendation"},
    "task_of_finding": lambda _: {"measures": [{"name": "Hộ nghèo"}], "source_document": {"number": "01"}},
    "task_of_directive": lambda _: {"measures": [{"name": "Hộ nghèo"}], "source_document": {"number": "02"}},
    "speaker": lambda town: {
        "positions": [
            {"organization_id": town.bodies["office"], "title": "T", "external_refs": _refs(3)},
        ]
    },
    "organization": lambda _: {"former_names": ["Cũ"], "contact": {"address": "Số 1"}},
}


PRINTED: Json = {
    "external_refs": _refs(4),
    "issuer_symbol": "ĐU",
    "document_date": "2025-09-05",
    "place": "Xã Mẫu",
    "sign_as": "T/M BAN THƯỜNG VỤ",
    "signers": [{"role": "chair", "full_name": "Trần A", "title": "Bí thư", "sign_as": "T/M"}],
    "recipients": ["Lưu Văn phòng"],
    "change_note": "Bổ sung",
}


def whole(town: Town, noun: Noun) -> Json:
    """A body of this noun with every list and every inner object that it may have."""
    more = FULL[noun.name](town) if noun.name in FULL else {}
    refs = (
        {}
        if noun.name.endswith(("_transition", "_entry", "_comment")) or noun.name in {"grant", "key"}
        else _refs(4)
    )
    return {**noun.body(town), **more, **({"external_refs": refs} if refs else {})}


def sample(town: Town, one: Operation) -> tuple[str, Json]:
    """Where to send it, and a body that this operation takes: for hostile values to be planted in."""
    for noun in NOUNS:
        if (one.method, one.path) == ("POST", noun.path):
            return town.path(noun), whole(town, noun)
        if (one.method, one.path) == ("PATCH", noun.one):
            members = (one.body or {})["properties"]
            if noun.name in {"minutes", "conclusion_notice"}:
                return one.url, PRINTED
            body = {name: value for name, value in whole(town, noun).items() if name in members}
            return _draft(town) if noun.name == "quarterly_task" else one.url, body
    assert (one.method, one.path) in APART, f"{one}: say here what its body is"
    return APART[one.method, one.path](town)


def _agenda(town: Town) -> tuple[str, Json]:
    meeting = a_meeting(town["secretary"], UUID(town.bodies["party"]), agenda_items=[{"title": "a"}])
    items = shown(town["secretary"].get(f"/v1/meetings/{meeting['id']}/agenda"))["items"]
    return f"/v1/meetings/{meeting['id']}/agenda", {"items": [{"id": item["id"]} for item in items]}


def _reviews(town: Town) -> tuple[str, Json]:
    """A meeting called to review one task."""
    office, party = town["secretary"], UUID(town.bodies["party"])
    task = a_task(office, party, party, quarter="2033-Q1")
    move(office, task, "issue")
    meeting = a_meeting(office, party, review_period="2033-Q1", plan_period="2033-Q2")
    move(office, meeting, "schedule")
    row = {"task_id": task["id"], "rating": "completed", "disposition": "continue", "comment": "Đúng hạn"}
    return f"/v1/meetings/{meeting['id']}/task-reviews", {"items": [row]}


def _next(town: Town) -> tuple[str, Json]:
    periods = {"review_period": "2025-Q3", "plan_period": "2025-Q4"}
    meeting = a_meeting(town["secretary"], UUID(town.bodies["party"]), **periods)
    return f"/v1/meetings/{meeting['id']}/next", {}


def _distribution(town: Town) -> tuple[str, Json]:
    task = a_task(town["secretary"], UUID(town.bodies["party"]))
    named = [town.bodies["front"], town.bodies["office"]]
    return f"/v1/quarterly-tasks/{task['id']}/distribution", {"organization_ids": named}


def _briefing(town: Town) -> tuple[str, Json]:
    """A new one, with a part of each kind."""
    party, known = town.bodies["party"], str(new_id())
    task = {"external_id": known, "issuing_organization_id": party, "title": "Việc", "quarter": "2033-Q2"}
    body = {
        "meeting": {"host_organization_id": party, "title": "Giao ban", "held_on": "2025-09-04"},
        "participations": [{"external_id": known, "organization_id": party}],
        "agenda_items": [{"external_id": known, "title": "Mục"}],
        "speeches": [{"external_id": known, "agenda_item": known, "attribution_text": "Đại biểu"}],
        "findings": [{"external_id": known, "kind": "recommendation", "text": "Đề nghị"}],
        "directives": [{"external_id": known, "text": "Chỉ đạo"}],
        "quarterly_tasks": [
            {
                **task,
                "measures": [{"name": "Hộ nghèo", "target": 3}],
                "source_document": {"number": "01-NQ/ĐU"},
            }
        ],
        "task_reviews": [],
    }
    return f"/v1/briefings/khac/{known}", body


def _file(town: Town) -> tuple[str, Json]:
    return f"/v1/attachments/{town.ids['attachment_id']}", {"description": "a", "external_refs": _refs(5)}


# What makes or changes no noun by itself.
APART: dict[tuple[str, str], Callable[[Town], tuple[str, Json]]] = {
    ("PUT", "/v1/meetings/{meeting_id}/agenda"): _agenda,
    ("PUT", "/v1/meetings/{meeting_id}/task-reviews"): _reviews,
    ("POST", "/v1/meetings/{meeting_id}/next"): _next,
    ("POST", "/v1/quarterly-tasks/{quarterly_task_id}/distribution"): _distribution,
    ("PUT", "/v1/briefings/{system}/{external_id}"): _briefing,
    ("PATCH", "/v1/attachments/{attachment_id}"): _file,
}


def _draft(town: Town) -> str:
    """The task that is there has been issued: little of it can be changed."""
    return f"/v1/quarterly-tasks/{a_task(town['secretary'], UUID(town.bodies['party']))['id']}"


# -- planting: one value into every place that it fits

Fits = Callable[[Schema], bool]
Value = Callable[[Schema, str], Any]  # of a place's schema and its pointer


def planted(document: Document, schema: Schema, body: Any, fits: Fits, value: Value) -> tuple[Any, set[str]]:
    """The body with the value wherever it fits, and the pointers to those places."""
    places: set[str] = set()

    def plant(schema: Schema, body: Any, at: str) -> Any:
        schema = document.followed(schema)
        if fits(schema):
            places.add(at)
            return value(schema, at)
        if isinstance(body, dict):
            return body | {
                name: plant(inner, body.get(name), f"{at}/{name}")
                for name, inner in schema.get("properties", {}).items()
                if name in body or fits(document.followed(inner))
            }
        if isinstance(body, list):
            return [plant(schema["items"], one, f"{at}/{n}") for n, one in enumerate(body)]
        return body

    return plant(schema, body, "#"), places


def is_sent(body: Any) -> bool:
    """Whether it fits into one body: a whole briefing of the longest texts does not."""
    return len(json.dumps(body, ensure_ascii=False).encode()) <= MIB


def is_free_text(schema: Schema) -> bool:
    """A text of the caller's own, rather than a word, a day, an id or an address."""
    return schema.get("type") == "string" and not schema.keys() & {"enum", "format", "pattern", "const"}


def always(one: object) -> Value:
    """The same value in every place."""
    return lambda _, __: one


def has_format(name: str) -> Fits:
    return lambda schema: schema.get("format") == name


def is_word(schema: Schema) -> bool:
    return "enum" in schema


def is_period(schema: Schema) -> bool:
    return str(schema.get("pattern", "")).startswith("^[0-9]{4}")


def is_a(kind: str) -> Fits:
    return lambda schema: schema.get("type") == kind and "enum" not in schema


def is_anything(schema: Schema) -> bool:
    return bool(schema.keys() & {"type", "enum", "anyOf", "const"})


# -- values


def _heap(size: int) -> str:
    return "a" + "\u0301\u0323" * (size // 2)


# Texts that a person may mean, or at least may send: they are kept, in one form.
TEXTS: dict[str, str] = {
    "Vietnamese": "Đảng ủy xã Hòa An, kỳ họp thứ 9",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Nhiệm vụ trọng tâm quý IV"),
    "tone marks the old way": "hoà, thuỷ, khoẻ",
    "tone marks before the circumflex": "Vie\u0323\u0302t, Vie\u0302\u0323t",
    "upper case decomposed đ": "D\u0336 Đ \u0111",
    "zero width": "xã\u200b \u200d\u2060Hòa\ufeff An",
    "right to left override": "\u202exã\u202d \u2066An\u2069\u200f",
    "emoji": "👩🏽\u200d🌾 🇻🇳 1\ufe0f\u20e3",
    "emoji alone": "🇻🇳",
    "an astral letter": "𐐀𝕏𠜎",
    "thirty marks": "a" + "\u0301" * 15 + "\u0323" * 15,
    "marks alone": "\u0301\u0323",
    "letters that grow in lower case": "İßŉǰΐﬃ",
    "letters that grow in NFC": "\u0958\ufb2c\U0001d160",
    "Hangul jamo": "\u1112\u1161\u11ab",
    "quotes and brackets": "\"'`<script>{{7*7}}${7*7}%s%n\\",
    "a formula": "=cmd|' /C calc'!A0",
    "SQL": "'; DROP TABLE meetings; --",
    "patterns of LIKE and of full text search": '%_\\* & | ! ( ) : * <-> NEAR(a b) "',
    "JSON within": '{"a":[1]}',
    "a path": "../../etc/passwd",
    "line breaks": "một\nhai\r\nba\rbốn",
    "separators of lines and spaces of all widths": "a\u2028b\u2029c\u00a0d\u3000e",
    "private and unassigned": "\ue000\U000e0001\U0010fffd\u0378",
    "not a character, of another plane": "\U0001fffe",
    "digits of elsewhere": "٣٤ ४ Ⅳ ²",
    "word of a vocabulary": "null",
}

# Texts that nobody means: each is refused where it stands.
NO_TEXTS: dict[str, str] = {
    "a zero character": "a\u0000b",
    "an escape": "a\u001b[31mb",
    "a bell": "a\u0007b",
    "a tabulator": "a\tb",
    "a delete": "a\u007fb",
    "of the second set of controls": "a\u0085b\u009fc",
    "not a character": "a\ufffe\uffffb",
    "spaces alone": " \u3000\n ",
    "nothing": "",
    "ten thousand marks": _heap(10_000),
    "forty marks": _heap(40),
    "forty marks that are two each": "a" + "\u0f73" * 40,
    "forty marks in order": "a" + "\u0301" * 40,
}

# What a long text is made of, again and again.
LONG: dict[str, str] = {
    "plain": "a",
    "letters with two marks": "ậ",
    "decomposed": "a\u0323\u0302",
    "words": "Hội nghị giao ban quý III ",
    "of another plane": "𐐀",
    "growing in lower case": "ΐ",
    "emoji": "👩🏽\u200d🌾",
    "thirty marks on each": "a" + "\u0301\u0323" * 15,
    "quotes": "\"\\'",
    "dotted": "…",
    "all different": "".join(map(chr, range(0x4E00, 0x9FFF))),
}


def long(unit: str, letters: int) -> str:
    return (unit * (letters // len(unit) + 1))[:letters]


DAYS = ("9999-12-31", "0001-01-01", "2024-02-29", "1582-10-10")
NO_DAYS = (
    "0000-00-00",
    "2025-00-10",
    "2025-02-29",
    "2025-13-01",
    "10000-01-01",
    "-0001-01-01",
    "2025-9-4",
    "20250904",
    "2025-W36-4",
    "2025-09-04T00:00:00Z",
    "2025-09-04\n",
    "٢٠٢٥-09-04",
    f"{ECHO}",
    "",
    "9" * 4000,
)
INSTANTS = (
    "2025-09-04T08:00:00+23:59",
    "2025-09-04T08:00:00-23:59",
    "0001-01-02T00:00:00Z",
    "9999-12-29T23:59:59.999999999Z",
)
NO_INSTANTS = (
    "10000-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2025-09-04T24:00:01Z",
    "2025-09-04T08:00:00+24:00",
    "2025-09-04T08:00:00+07:60",
    "2025-09-04T08:00:00",
    "2025-09-04T08:00:00+0700",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2025-09-04T08:00:00Z\n",
    "2025-09-04T08:00:00.1234567890Z",
    f"{ECHO}",
    "9" * 4000,
)
NO_IDS = (
    "0199a000-0000-7000-8000-00000000000g",
    "0199a000-0000-7000-8000-0000000000",
    "0199a000-0000-7000-8000-000000000000\n",
    "\u0660199a000-0000-7000-8000-000000000000",
    ECHO,
    "",
    "0" * 100_000,
)
ODD_IDS = (  # other ways to write one: refused, or nobody's
    "0199A000-0000-7000-8000-00000000DEAD",
    "urn:uuid:0199a000-0000-7000-8000-00000000dead",
    "{0199a000-0000-7000-8000-00000000dead}",
    "0199a00000007000800000000000dead",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
)
NO_WORDS = (ECHO, "", "DRAFT\u0000", "\u202e", "x" * 100_000)
NO_PERIODS = (
    "2025-Q5",
    "0000-Q1",
    "2025-q4",
    "2025-Q4\n",
    "٢٠٢٥-Q4",
    "2025-M13",
    ECHO,
    "",
    "2025-Q" + "4" * 4000,
)
NO_WHOLE_NUMBERS = (-1, 10**9, 10**38, 1.5, "3", True)
NO_AMOUNTS = (1e13, -1e300, 10**38, "3", True)
NO_TRUTHS = (0, 1, "true", "false", "yes")
OF_ANOTHER_KIND: tuple[Any, ...] = (
    True,
    0,
    -1.5e300,
    ECHO,
    [],
    {},
    [[]],
    [None],
    {"": {"": ECHO}},
    [ECHO] * 300,
)


def text_of(kind: str) -> Value:
    """One of TEXTS at most as long as its place holds, and unlike the one of any other place."""

    def value(schema: Schema, at: str) -> str:
        number = re.sub(r"\D", "", at) or "0"
        unique = f"{next(COUNT)}.{number} " if at.endswith(("/code", "/id", "/system")) else ""
        return (unique + TEXTS[kind])[: schema.get("maxLength", 500)]

    return value


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


COUNT = _count()


def as_kept(text: str) -> str:
    """What is answered where this was sent."""
    return unicodedata.normalize("NFC", text.strip().replace("\r\n", "\n").replace("\r", "\n"))


# As they stand in a URL: what a query parameter may be sent as, whatever it takes.
IN_A_QUERY = (
    "%00",
    "a%00b",
    "%ff%fe",
    "%ed%a0%80",
    "%c0%af",
    "%",
    "%zz",
    "%u0110",
    "%25%30%30",
    "%0d%0aSet-Cookie:%20a=b",
    "%2e%2e%2fetc%2fpasswd",
    "%27%20OR%201=1--",
    "%E2%80%AE%F0%9F%87%BB%F0%9F%87%B3",
    "a" + "%CC%81%CC%A3" * 80,
    "%D9%A3",
    "9" * 4000,
    "-1",
    "1e999",
    "NaN",
    "0x10",
    "1_0",
    "%201",
    "2025-09-04%2023:59",
    "0000-00-00",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
    "2025-W36-4",
    "infinity",
    "0199A000-0000-7000-8000-00000000DEAD",
    "urn:uuid:0199a000-0000-7000-8000-00000000dead",
    "[]",
    "{}",
    "null",
    "true",
    "*",
    ",",
    "a;b",
    "",
    "%C4%90%E1%BA%A3ng%20%E1%BB%A7y",
    f"{ECHO}%00",
    "x" * 8000,
)

# As they stand in a header, where HTTP lets them through.
IN_A_HEADER = (
    b"",
    b" ",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "Đ".encode(),
    b"a\tb",
    b"*",
    b'"',
    b'""',
    b"W/",
    b'W/"1',
    b'"1", "2", *',
    b'"' + b"9" * 4000 + b'"',
    b"-1",
    b"1e999",
    b"NaN",
    b";;;q=q=,,,",
    b"en;q=1e999",
    b"en;q=0.5," * 500,
    b"application/json; charset=\xff",
    b"application/json; charset=utf-16",
    b"application/json; charset=" + b"x" * 4000,
    b"application/json;;;",
    b"APPLICATION/JSON",
    b"multipart/form-data",
    b"*/*;q=",
    b"Bearer x",
    b"mm_" + b"0" * 32 + b"_" + b"0" * 64,
    b"mm_" + "٣".encode() * 16 + b"_x",
    b"[::1",
    b"() { :;}; echo",
    b"%s%n",
    b"x" * 30_000,
    ECHO.encode(),
)


def sent(client: httpx.Client, one: Operation, url: str, body: Any, **headers: str) -> httpx.Response:
    """The body as JSON, on the terms of who may overwrite."""
    content = body if isinstance(body, bytes) else raw(body)
    return client.request(one.method, url, content=content, headers={**JSON_KIND, **ANY, **headers})


def raw(body: Any) -> bytes:
    """JSON in raw Unicode."""
    return json.dumps(body, ensure_ascii=False).encode()


class Wire:
    """A caller who sends the target and the headers as they are written: a client library would mend them."""

    def __init__(self, town: Town, key: str) -> None:
        self.town, self._key = town, key
        self._url = httpx.URL(town.service.url)
        self._connection = http.client.HTTPConnection(self._url.host, self._url.port, timeout=20)

    def close(self) -> None:
        self._connection.close()

    def known_as(self, who: str) -> list[tuple[bytes, bytes]]:
        """As one of the town."""
        return [(b"x-api-key", self.town.service.town.keys[who].encode())]

    def ask(
        self, method: str, target: str, headers: Sequence[tuple[bytes, bytes]] = (), body: bytes = b""
    ) -> httpx.Response:
        """What is answered; by somebody who may do everything, unless a header says otherwise."""
        try:
            return self._ask(method, target, headers, body)
        except (http.client.RemoteDisconnected, BrokenPipeError):
            self._connection.close()  # it had been idle too long; the next request opens another
            return self._ask(method, target, headers, body)

    def _ask(
        self, method: str, target: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> httpx.Response:
        self._connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        default = [(b"host", b"minutes"), (b"x-api-key", self._key.encode())]
        given = {name for name, _ in headers}
        length = [(b"content-length", str(len(body)).encode())] if body else []
        for name, value in [*(one for one in default if one[0] not in given), *length, *headers]:
            self._connection.putheader(name, value)
        self._connection.endheaders(body)
        answer = self._connection.getresponse()
        told, read = answer.getheaders(), answer.read()
        request = httpx.Request(method, self._url.copy_with(raw_path=target.encode()[:2000]))
        return httpx.Response(answer.status, headers=told, content=read, request=request)
