"""Lists: pages that neither skip nor repeat, what they can be asked, and the order of Vietnamese names."""

import base64
import json
import random
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.db import Base, Resource, new_id
from app.findings.models import Directive, Finding
from app.findings.vocabulary import DirectiveKind, FindingKind
from app.meetings.models import AgendaItem, Meeting
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    MeetingFormat,
    MeetingKind,
    Record,
    Visibility,
)
from app.organizations.models import Level, Line, Organization, OrganizationKind
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.vocabulary import Priority, TaskKind, TaskStatus
from app.speakers.models import Speaker
from app.speeches.models import Speech
from app.speeches.vocabulary import SpeechKind
from app.text import person_sort_key, sort_key
from tests.conftest import Service
from tests.papers import LINKS, PAPERS, Makes, owners
from tests.town import Json, a_meeting, a_task, made, shown

some = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NAMES = ["An", "Ân", "ấn", "an", "Đào", "Dao", "Đặng Văn Bình", "Đặng Văn bính", "Ủy ban", "Uỷ ban", "1", "Ž"]
CODES = ["a", "B", "b", "Ä", "đ", "2", "10", "ab", "~", "_"]
DAYS = [date(1, 1, 2), date(2025, 9, 3), date(2025, 9, 4), date(2025, 12, 31), date(9999, 12, 30)]


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def provincial(service: Service) -> httpx.Client:
    """Sees a whole province, so that the database goes another way for the same pages."""
    return service.as_("provincial")


@pytest.fixture(scope="module")
def administrator(service: Service) -> httpx.Client:
    return service.as_("administrator")


# -- walking the pages


@dataclass(frozen=True)
class Noun:
    """A list of one noun inside one body, how its rows are made, and the keys that it can be sorted by."""

    list: Callable[[UUID], str]
    row: Makes
    sorts: dict[str, Callable[[Json], Any]]
    inside: str = "body"  # of a place
    id: Callable[[Json], Any] = itemgetter("id")
    alone: bool = True  # nothing else is in the list of a new place


BY_TIME: dict[str, Callable[[Json], Any]] = {"created_at": lambda _: 0}


def _plain(place: dict[str, Any], n: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": place["tenant_id"],
        "code": f"{CODES[n % len(CODES)]} {new_id().hex}",
    }


def _organization(place: dict[str, Any], n: int) -> Organization:
    kind = {"kind": OrganizationKind.OTHER, "line": Line.OTHER, "level": Level.VILLAGE, "former_names": []}
    return Organization(**_plain(place, n), **kind, name=NAMES[n % len(NAMES)], parent_id=place["body"])


def _speaker(place: dict[str, Any], n: int) -> Speaker:
    known = {"id": new_id(), "tenant_id": place["tenant_id"]}
    return Speaker(**known, full_name=NAMES[n % len(NAMES)], organization_id=place["body"])


def _meeting(place: dict[str, Any], n: int) -> Meeting:
    words = {
        "kind": MeetingKind.OTHER,
        "format": MeetingFormat.ONLINE,
        "visibility": Visibility.INTERNAL,
        "record": Record.MINUTED,
    }
    said = {"title": NAMES[n % len(NAMES)], "held_on": DAYS[n % len(DAYS)]}
    return Meeting(**_plain(place, n), **words, **said, host_organization_id=place["body"])


def _task(place: dict[str, Any], n: int) -> QuarterlyTask:
    said = {"title": "T", "kind": TaskKind.KEY, "priority": Priority.NORMAL, "quarter": f"2025-Q{n % 4 + 1}"}
    due = DAYS[n % len(DAYS)] if n % 2 else None
    return QuarterlyTask(**_plain(place, n), **said, due_date=due, issuing_organization_id=place["body"])


def _issued(place: dict[str, Any], n: int) -> QuarterlyTask:
    """One that is due."""
    task = _task(place, n)
    task.status, task.due_date = TaskStatus.ASSIGNED, min(task.due_date or DAYS[3], DAYS[3])
    return task


def _carried(place: dict[str, Any], n: int) -> QuarterlyTask:
    """The last of a lineage of so many."""
    task = _task(place, n)
    task.status, task.carry_count = TaskStatus.ASSIGNED, 1 + n % 4
    return task


def _item(place: dict[str, Any], n: int) -> AgendaItem:
    words = {"kind": AgendaItemKind.OTHER, "status": AgendaItemStatus.PENDING, "title": "A"}
    known = {"id": new_id(), "tenant_id": place["tenant_id"], "host_id": place["body"]}
    return AgendaItem(**known, **words, meeting_id=place["meeting"], position=n % 7)


def _listed(place: dict[str, Any], n: int) -> dict[str, Any]:
    known = {"id": new_id(), "tenant_id": place["tenant_id"], "host_id": place["body"]}
    return {**known, "meeting_id": place["meeting"], "position": n % 7}


def _speech(place: dict[str, Any], n: int) -> Speech:
    return Speech(**_listed(place, n), kind=SpeechKind.REPORT, attribution_text=NAMES[n % len(NAMES)])


def _finding(place: dict[str, Any], n: int) -> Finding:
    return Finding(**_listed(place, n), kind=FindingKind.RESULT, text=NAMES[n % len(NAMES)])


def _directive(place: dict[str, Any], n: int) -> Directive:
    return Directive(**_listed(place, n), kind=DirectiveKind.DECISION, text=NAMES[n % len(NAMES)])


IN_A_MEETING: dict[str, Makes] = {
    "agenda-items": _item,
    "speeches": _speech,
    "findings": _finding,
    "directives": _directive,
}
NOUNS = {
    "organizations": Noun(
        lambda body: f"/v1/organizations?parent_id={body}",
        _organization,
        {"name": lambda one: sort_key(one["name"]), "code": lambda one: one["code"].encode(), **BY_TIME},
    ),
    "speakers": Noun(
        lambda body: f"/v1/speakers?organization_id={body}",
        _speaker,
        {"full_name": lambda one: person_sort_key(one["full_name"]), **BY_TIME},
    ),
    "meetings": Noun(
        lambda body: f"/v1/meetings?host_organization_id={body}",
        _meeting,
        {"held_on": itemgetter("held_on"), "title": lambda one: sort_key(one["title"]), **BY_TIME},
        alone=False,
    ),
    "quarterly-tasks": Noun(
        lambda body: f"/v1/quarterly-tasks?issuing_organization_id={body}",
        _task,
        {
            "effective_due_date": lambda one: one["effective_due_date"],
            "code": lambda one: one["code"].encode(),
            **BY_TIME,
        },
    ),
    "reports/due": Noun(
        lambda body: f"/v1/reports/due?as=issuer&organization_id={body}",
        _issued,
        {"effective_due_date": lambda one: one["effective_due_date"]},
    ),
    "reports/carry-over-chains": Noun(
        lambda body: f"/v1/reports/carry-over-chains?min_count=1&organization_id={body}",
        _carried,
        {"carry_count": lambda one: one["carry_count"]},
    ),
    **{
        noun: Noun(
            f"/v1/meetings/{{}}/{noun}".format,
            row,
            {"position": itemgetter("position"), **BY_TIME},
            "meeting",
        )
        for noun, row in IN_A_MEETING.items()
    },
    **{
        noun: Noun(one.path.format, one.row, BY_TIME, one.inside, alone=one.inside != "body")
        for noun, one in PAPERS.items()
    },
    "minutes-links": Noun(
        LINKS.path.format,
        LINKS.row,
        {"position": lambda one: one["link"]["position"]},
        id=lambda one: one["link"]["position"],
    ),
}
WRITTEN = {*PAPERS, "minutes-links"}
SORTS = [(noun, way + sort) for noun, how in NOUNS.items() for sort in how.sorts for way in ("", "-")]


@pytest.mark.in_turn
@pytest.mark.parametrize(("noun", "sort"), SORTS)
@settings(parent=some, max_examples=3)
@given(numbers=st.lists(st.integers(0, 40), max_size=14), limit=st.integers(1, 5))
def test_walking_the_pages_shows_every_row_once_and_in_order(
    service: Service,
    secretary: httpx.Client,
    provincial: httpx.Client,
    noun: str,
    sort: str,
    numbers: list[int],
    limit: int,
) -> None:
    how = NOUNS[noun]
    place = a_place_with_papers(service, len(numbers)) if noun in WRITTEN else a_place(service)
    stored(service, *(how.row(place, n) for n in numbers))
    url, key = how.list(place[how.inside]), how.sorts[sort.removeprefix("-")]
    for client in (secretary, provincial):
        pages = list(walk(client, url, sort=sort, limit=limit))
        rows = [one for page in pages for one in page["items"]]
        others = 0 if how.alone else 1  # the meeting of the place itself, or its minutes
        assert len({how.id(one) for one in rows}) == len(rows) == len(numbers) + others
        keys = [(key(one), how.id(one)) for one in rows]
        assert keys == sorted(keys, reverse=sort.startswith("-"))
        assert all(len(page["items"]) == limit for page in pages[:-1])
        assert 0 < len(pages[-1]["items"]) <= limit or not rows


@pytest.mark.parametrize(
    ("noun", "sort"), [one for one in SORTS if one[0] in {"meetings", "quarterly-tasks"}]
)
def test_while_others_write_no_row_comes_twice_and_none_that_stood_throughout_is_skipped(
    service: Service, secretary: httpx.Client, noun: str, sort: str
) -> None:
    how, place = NOUNS[noun], a_place(service)
    stood: list[Any] = [how.row(place, n) for n in range(24)]
    stored(service, *stood)
    url = how.list(place["body"])
    with others_writing(service, noun, place) as written:
        rows = [one for page in walk(secretary, url, sort=sort, limit=3) for one in page["items"]]
    assert written, "nobody wrote meanwhile"
    ids = [one["id"] for one in rows]
    assert len(set(ids)) == len(ids)
    assert {str(one.id) for one in stood} - set(ids) == set()
    key = how.sorts[sort.removeprefix("-")]
    keys = [(key(one), one["id"]) for one in rows]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_rows_of_the_last_day_of_the_calendar_are_not_skipped(
    service: Service, secretary: httpx.Client
) -> None:
    """Asyncpg takes date.max for infinity: a cursor with it would come after every row of that day."""
    place = a_place(service)
    for day in (date.min, date.max):
        rows = [_meeting(place, 0), _meeting(place, 0), _meeting(place, 0)]
        for one in rows:
            one.held_on = day
        stored(service, *rows)
    url = f"/v1/meetings?host_organization_id={place['body']}"
    for sort in ("held_on", "-held_on"):
        found = [one["held_on"] for page in walk(secretary, url, sort=sort, limit=2) for one in page["items"]]
        assert sorted(found) == ["0001-01-01"] * 3 + ["2025-09-04"] + ["9999-12-31"] * 3


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("held_on_gte=9999-12-31", 1),
        ("held_on_lte=0001-01-01", 1),
        ("held_on_gte=0001-01-01", 3),
        ("held_on_lte=9999-12-31", 3),
    ],
)
def test_the_first_and_last_days_of_the_calendar_filter_as_any_other(
    service: Service, secretary: httpx.Client, asked: str, number: int
) -> None:
    place = a_place(service)
    first, last = _meeting(place, 0), _meeting(place, 0)
    first.held_on, last.held_on = date.min, date.max
    stored(service, first, last)
    page = shown(secretary.get(f"/v1/meetings?host_organization_id={place['body']}&{asked}"))
    assert len(page["items"]) == number


# -- cursors, limits, totals


def test_a_cursor_continues_its_own_question_and_no_other(service: Service, secretary: httpx.Client) -> None:
    place = a_place(service)
    stored(service, *(_meeting(place, n) for n in range(4)))
    asked = {"host_organization_id": str(place["body"]), "sort": "title", "limit": "2"}
    cursor = shown(secretary.get("/v1/meetings", params=asked))["next_cursor"]
    assert secretary.get("/v1/meetings", params={**asked, "cursor": cursor}).status_code == 200
    assert secretary.get("/v1/meetings", params={**asked, "cursor": cursor, "limit": "3"}).status_code == 200
    for other in (
        {"sort": "-title"},
        {"sort": "held_on"},
        {"status": "draft"},
        {"q": "an"},
        {"host_organization_id": str(service.town.bodies["party"])},
        {"within": str(place["body"])},
        {"held_on_gte": "2025-01-01"},
    ):
        answer = secretary.get("/v1/meetings", params={**asked, **other, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor"), other
    answer = secretary.get("/v1/speakers", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


HOSTILE = [
    "",
    "x",
    "====",
    "nonsense",
    "💥",
    "a" * 1999,
    "a" * 2001,
    base64.urlsafe_b64encode(b"[" * 1400).decode(),
    base64.urlsafe_b64encode(b"\x00" * 6 + b"[" * 1400).decode(),
    base64.urlsafe_b64encode(b'\x00\x00\x00\x00\x00\x00["a","b"]').decode(),
]


@pytest.mark.in_turn
@pytest.mark.parametrize("cursor", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/changes"])
def test_what_is_no_cursor_is_a_400(secretary: httpx.Client, path: str, cursor: str) -> None:
    assert secretary.get(path, params={"cursor": cursor}).status_code in ({200, 400} if not cursor else {400})


PARTS: list[Any] = [
    None,
    True,
    5,
    -1,
    10**30,
    1.5,
    "",
    "\x00",
    "a" * 900,
    "2025-09-04",
    "9999-99-99",
    str(UUID(int=0)),
    [],
    ["x"],
    {},
]


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "url",
    [
        "/v1/meetings?sort=title&limit=1",
        "/v1/meetings?sort=held_on&limit=1",
        "/v1/meetings?sort=created_at&limit=1",
        "/v1/meetings/{meeting}/agenda-items?limit=1",
        "/v1/meetings/{meeting}/findings?limit=1",
        "/v1/minutes?within={body}&sort=created_at&limit=1",
        "/v1/minutes/{minutes}/versions?sort=created_at&limit=1",
        "/v1/meetings/{meeting}/attachments?sort=created_at&limit=1",
        "/v1/organizations/{body}/minutes-links?limit=1",
        "/v1/reports/due?as=issuer&limit=1",
        "/v1/reports/carry-over-chains?min_count=1&limit=1",
        "/v1/changes?limit=1",
    ],
)
def test_a_cursor_that_somebody_altered_is_never_a_failure_of_the_service(
    service: Service, secretary: httpx.Client, url: str
) -> None:
    """It is opaque, not secret: whoever decodes it may send what he likes."""
    place = a_place_with_papers(service, 2)
    rows = [_meeting, _item, _finding, _issued, _carried, LINKS.row]
    rows += [PAPERS[name].row for name in ("minutes", "minutes versions", "meeting files")]
    stored(service, *(row(place, n) for n in range(2) for row in rows))
    url = url.format(**place)
    raw = base64.urlsafe_b64decode(shown(secretary.get(url))["next_cursor"] + "===")
    head, keys = raw[:6], 1 if "created_at" in url else 2
    good = json.loads(raw[6:]) if "changes" not in url else [""] * keys
    altered = [
        head + json.dumps([*good[:place], part, *good[place + 1 :]]).encode()
        for place, part in product(range(keys), PARTS)
    ]
    altered += [head + json.dumps(part).encode() for part in PARTS] + [head + b"[" * 1400, head, b""]
    altered += [b"9.9", b"9223372036854775808.1", b"1.99999999999999999999", b"-1.-1", b"1", "१.१".encode()]
    failed = []
    for one in altered:
        cursor = base64.urlsafe_b64encode(one).decode().rstrip("=")
        answer = secretary.get(url, params={**dict(parse_qsl(urlsplit(url).query)), "cursor": cursor})
        if answer.status_code not in {200, 400}:
            failed.append((answer.status_code, one[6:60]))
    assert failed == []


@pytest.mark.in_turn
@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/organizations", "/v1/changes"])
def test_a_limit_out_of_bounds_is_a_400_that_names_it(secretary: httpx.Client, path: str) -> None:
    most = 500 if path == "/v1/changes" else 200
    for limit in ("1", str(most)):
        assert secretary.get(path, params={"limit": limit}).status_code == 200
    for limit in ("0", "-1", str(most + 1), "", "x", "1.5", "true", "null", "9" * 30, "1e2", "٣"):
        answer = secretary.get(path, params={"limit": limit})
        assert answer.status_code == 400, limit
        assert [one["parameter"] for one in answer.json()["errors"]] == ["limit"]


def test_a_filter_takes_200_values_and_no_more(service: Service, secretary: httpx.Client) -> None:
    here, others = str(service.town.bodies["party"]), [str(new_id()) for _ in range(200)]
    a_meeting(secretary, here)
    found = shown(secretary.get("/v1/meetings", params={"host_organization_id": [*others[1:], here]}))
    assert {one["host_organization_id"] for one in found["items"]} == {here}
    refused = secretary.get("/v1/meetings", params={"host_organization_id": [*others, here]})
    assert refused.status_code == 400
    faults = [(one["parameter"], one["code"]) for one in refused.json()["errors"]]
    assert faults == [("host_organization_id", "too_long")]


def test_a_page_holds_fifty_rows_unless_asked(service: Service, secretary: httpx.Client) -> None:
    place = a_place(service)
    stored(service, *(_speaker(place, n) for n in range(51)))
    page = shown(secretary.get(f"/v1/speakers?organization_id={place['body']}"))
    assert (len(page["items"]), page["total"]) == (50, None)
    assert page["next_cursor"]


def test_the_link_leads_to_the_next_page_of_the_same_question(
    service: Service, secretary: httpx.Client
) -> None:
    place = a_place(service)
    stored(service, *(_meeting(place, n) for n in range(5)))
    asked = [("host_organization_id", str(place["body"])), ("sort", "-title"), ("limit", "2")]
    asked += [("kind", "other"), ("kind", "thematic"), ("include", "agenda_items")]
    url, rows = str(httpx.URL("/v1/meetings", params=asked)), []
    while url:
        answer = secretary.get(url)
        page = shown(answer)
        rows += page["items"]
        link = answer.headers.get("link")
        assert (link is None) == (page["next_cursor"] is None)
        url = link.removeprefix("<").partition(">")[0] if link else ""
        if link:
            assert link.endswith('>; rel="next"')
            again = parse_qsl(urlsplit(url).query)
            assert again == [*asked, ("cursor", page["next_cursor"])]
    assert len({one["id"] for one in rows}) == len(rows) == 6
    assert all("agenda_items" in one for one in rows)


def test_a_total_counts_all_that_match_and_only_when_asked(service: Service, secretary: httpx.Client) -> None:
    place = a_place(service)
    stored(service, *(_meeting(place, n) for n in range(7)), *(_item(place, n) for n in range(3)))
    url = f"/v1/meetings?host_organization_id={place['body']}&limit=3"
    assert [page["total"] for page in walk(secretary, url)] == [None, None, None]
    assert [page["total"] for page in walk(secretary, url, include_total="true")] == [8, 8, 8]
    assert shown(secretary.get(f"{url}&q=uy&include_total=true"))["total"] == 0
    items = f"/v1/meetings/{place['meeting']}/agenda-items?limit=1&include_total=true"
    assert shown(secretary.get(items))["total"] == 3


def test_a_total_counts_only_what_the_caller_sees(service: Service, secretary: httpx.Client) -> None:
    a_meeting(service.as_("neighbour"), service.town.bodies["neighbour_party"])
    theirs = service.town.bodies["neighbour_party"]
    page = shown(secretary.get(f"/v1/meetings?host_organization_id={theirs}&include_total=true"))
    assert (page["items"], page["total"]) == ([], 0)


# -- filters


def test_filters_are_joined_by_and_and_a_repeated_one_is_or(
    service: Service, secretary: httpx.Client
) -> None:
    party, title = str(service.town.bodies["party"]), f"Lọc {new_id().hex}"
    for kind, day in (("thematic", "2025-01-01"), ("other", "2025-02-01"), ("extraordinary", "2025-03-01")):
        a_meeting(secretary, UUID(party), kind=kind, held_on=day, title=title)

    def found(*asked: tuple[str, str]) -> set[str]:
        page = shown(secretary.get("/v1/meetings", params=[("q", title), *asked]))
        return {one["kind"] for one in page["items"]}

    assert found(("kind", "thematic")) == {"thematic"}
    assert found(("kind", "thematic"), ("kind", "other")) == {"thematic", "other"}
    assert found(("kind", "thematic"), ("kind", "other"), ("held_on_gte", "2025-02-01")) == {"other"}
    assert found(("held_on_gte", "2025-02-01"), ("held_on_lte", "2025-02-01")) == {"other"}
    assert found(("kind", "thematic"), ("status", "held")) == set()
    both = ("host_organization_id", party), ("host_organization_id", str(service.town.bodies["front"]))
    assert found(*both) == {"thematic", "other", "extraordinary"}


def test_include_takes_names_divided_by_commas(service: Service, secretary: httpx.Client) -> None:
    """api.md: `include=a,b`."""
    meeting = a_meeting(secretary, service.town.bodies["party"])
    for url in (f"/v1/meetings/{meeting['id']}", "/v1/meetings"):
        answer = secretary.get(f"{url}?include=agenda_items,participations")
        assert answer.status_code == 200, answer.text
        shows = answer.json()["items"][0] if "items" in answer.json() else answer.json()
        assert {"agenda_items", "participations"} <= shows.keys()
    assert secretary.get("/v1/meetings?include=agenda_items,nonsense").status_code == 400


def test_due_dates_filter_by_the_effective_one(service: Service, secretary: httpx.Client) -> None:
    party, title = service.town.bodies["party"], f"Hạn {new_id().hex}"
    for due in (None, "2025-11-30", "2026-01-15"):
        a_task(secretary, party, due_date=due, title=title)

    def found(**asked: str) -> list[str]:
        page = shown(secretary.get("/v1/quarterly-tasks", params={"q": title, **asked}))
        return [one["effective_due_date"] for one in page["items"]]

    assert found() == ["2025-11-30", "2025-12-31", "2026-01-15"]
    assert found(due_date_lt="2025-12-31") == ["2025-11-30"]
    assert found(due_date_lte="2025-12-31") == ["2025-11-30", "2025-12-31"]
    assert found(due_date_gt="2025-12-31") == ["2026-01-15"]
    assert found(due_date_gte="2025-12-31") == ["2025-12-31", "2026-01-15"]


def test_within_is_the_body_and_all_below_it_and_the_plain_filter_is_that_body_alone(
    service: Service, secretary: httpx.Client, administrator: httpx.Client
) -> None:
    town = service.town
    told = f"Cây {new_id().hex}"
    for body in ("party", "office", "front"):
        a_meeting(secretary, town.bodies[body], title=f"{told} {body}")
        a_task(secretary, town.bodies[body], title=f"{told} {body}")
        person = {"full_name": f"{told} {body}", "organization_id": str(town.bodies[body])}
        made(secretary.post("/v1/speakers", json=person))
    lists = {
        "/v1/meetings": ("host_organization_id", "title"),
        "/v1/quarterly-tasks": ("issuing_organization_id", "title"),
        "/v1/speakers": ("organization_id", "full_name"),
    }
    for path, (named, shows) in lists.items():

        def found(path: str = path, shows: str = shows, **asked: str) -> set[str]:
            page = shown(secretary.get(path, params={"q": told, **asked}))
            return {one[shows].rpartition(" ")[2] for one in page["items"]}

        assert found(within=str(town.bodies["commune"])) == {"party", "office", "front"}
        assert found(within=str(town.bodies["party"])) == {"party", "office"}
        assert found(within=str(town.bodies["office"])) == {"office"}
        assert found(within=str(town.bodies["neighbour"])) == set()
        assert found(within=str(town.bodies["elsewhere"])) == set()
        assert found(within=str(new_id())) == set()
        assert found(**{named: str(town.bodies["party"])}) == {"party"}
    inside = shown(secretary.get("/v1/organizations", params={"within": str(town.bodies["front"])}))
    assert [one["id"] for one in inside["items"]] == [str(town.bodies["front"])]
    inside = shown(secretary.get("/v1/organizations", params={"within": str(town.bodies["neighbour"])}))
    assert {one["name"] for one in inside["items"]} == {"Xã Bình Yên", "Đảng ủy xã Bình Yên"}
    callers = shown(administrator.get("/v1/principals", params={"within": str(town.bodies["commune"])}))
    assert {one["name"] for one in callers["items"]} >= {"secretary", "approver", "reader", "reporter"}
    assert "neighbour" not in {one["name"] for one in callers["items"]}


# -- q: words, in any order, blind to accents

SPELLINGS = [
    ("Đảng ủy xã Hòa An", ["đảng ủy", "dang uy", "DANG UY", "Đảng uỷ", "hoà an", "an hòa", "xa  dang", "uỷ"]),
    ("Ủy ban Mặt trận Tổ quốc", ["uy ban", "ỦY BAN", "tổ quốc ủy ban", "mat tran", "quoc to", "mặt-trận"]),
    ("Nguyễn Thị Ướt", ["nguyen uot", "Ướt", "thi nguyễn"]),
    ("Đồng Đăng", ["dong dang", "đồng", "Dong"]),
    ("Văn phòng số 12/QĐ-UB", ["12", "qd ub", "QĐ", "ub 12 so"]),
]


@pytest.mark.parametrize(("name", "queries"), SPELLINGS)
def test_a_name_is_found_however_its_accents_are_typed(
    service: Service, secretary: httpx.Client, name: str, queries: list[str]
) -> None:
    place = a_place(service)
    row = _organization(place, 0)
    row.name = name
    stored(service, row)
    for query, decompose in product(queries, (False, True)):
        typed = unicodedata.normalize("NFD" if decompose else "NFC", query)
        page = shown(secretary.get("/v1/organizations", params={"parent_id": str(place["body"]), "q": typed}))
        assert [one["name"] for one in page["items"]] == [name], query


@pytest.mark.parametrize("query", ["đảng ủy xã bình", "zzz", "hoa anh", "dang uy xa hoa an phuong"])
def test_every_word_of_the_query_must_occur(service: Service, secretary: httpx.Client, query: str) -> None:
    place = a_place(service)
    row = _organization(place, 0)
    row.name = "Đảng ủy xã Hòa An"
    stored(service, row)
    page = shown(secretary.get("/v1/organizations", params={"parent_id": str(place["body"]), "q": query}))
    assert page["items"] == []


vietnamese = st.text("aàảãáạăằâấbcdđeêệghiklmnoôơớpqrstuưứửvxyỷ", min_size=1, max_size=7)


@some
@given(words=st.lists(vietnamese, min_size=1, max_size=6), data=st.data())
def test_any_words_of_a_title_find_it_in_any_order_with_or_without_accents(
    service: Service, secretary: httpx.Client, words: list[str], data: st.DataObject
) -> None:
    place = a_place(service)
    row = _meeting(place, 0)
    row.title = " ".join(words)
    stored(service, row)
    asked = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=6))
    typed = [data.draw(st.sampled_from([_bare(word), word.upper(), _decomposed(word)])) for word in asked]
    query = {"host_organization_id": str(place["body"]), "q": "  ".join(typed)}
    assert str(row.id) in {one["id"] for one in shown(secretary.get("/v1/meetings", params=query))["items"]}
    query["q"] += " qqqq"
    assert shown(secretary.get("/v1/meetings", params=query))["items"] == []


@pytest.mark.parametrize(
    "asked",
    ["q=", "q=%20", "q=!%3F", "q=%00", "q=%27%3B--", "q=%25", "q=_", "q=%5C", "q=%F0%9F%92%A5", "q=%FF"],
)
def test_no_query_is_too_odd_to_answer(secretary: httpx.Client, asked: str) -> None:
    for path in (
        *("organizations", "speakers", "meetings", "quarterly-tasks"),
        *("speeches", "findings", "directives"),
    ):
        assert secretary.get(f"/v1/{path}?{asked}").status_code in {200, 400}


def test_what_like_takes_for_a_pattern_is_only_text(service: Service, secretary: httpx.Client) -> None:
    place = a_place(service)
    stored(service, *(_organization(place, n) for n in range(5)))
    page = shown(secretary.get("/v1/organizations", params={"parent_id": str(place["body"]), "q": "a%o"}))
    assert page["items"] == []


# -- the order of names

ALPHABET = [
    "a",
    "ă",
    "â",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "ê",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "ô",
    "ơ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "ư",
    "v",
    "x",
    "y",
]
TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]
BODIES = [
    "Ban Dân vận",
    "Bản Đôn",
    "Ban Tổ chức",
    "Ban Xây dựng Đảng",
    "Công an xã",
    "Dân quân",
    "Đảng ủy",
    "Hội Cựu chiến binh",
    "Hội đồng nhân dân",
    "Ủy ban kiểm tra",
    "Ủy ban nhân dân",
    "Văn phòng",
]
PEOPLE = ["Trần Văn An", "Lê Thị Ánh", "Ngô Bình", "Đỗ Dũng", "Bùi Đức", "Vũ Đức", "Phạm Thanh", "Lê Thành"]


@pytest.mark.parametrize("names", [ALPHABET, TONES, BODIES], ids=["letters", "tones", "bodies"])
@pytest.mark.parametrize("noun", ["organizations", "meetings"])
def test_names_sort_as_vietnamese_does_alike_on_every_database(
    service: Service, secretary: httpx.Client, noun: str, names: list[str]
) -> None:
    place = a_place(service)
    for name in random.Random(1).sample(names, len(names)):
        row = _organization(place, 0) if noun == "organizations" else _meeting(place, 0)
        setattr(row, "name" if noun == "organizations" else "title", name)
        stored(service, row)
    member, url = "name", f"/v1/organizations?parent_id={place['body']}"
    if noun == "meetings":  # those of the first day, without the meeting of the place itself
        member, url = "title", f"/v1/meetings?host_organization_id={place['body']}&held_on_lte={DAYS[0]}"
    for sort, expected in ((member, names), (f"-{member}", names[::-1])):
        rows = [one for page in walk(secretary, url, sort=sort, limit=7) for one in page["items"]]
        assert [one[member] for one in rows] == expected


def test_people_sort_by_their_given_name(service: Service, secretary: httpx.Client) -> None:
    place = a_place(service)
    for name in random.Random(1).sample(PEOPLE, len(PEOPLE)):
        row = _speaker(place, 0)
        row.full_name = name
        stored(service, row)
    page = shown(secretary.get(f"/v1/speakers?organization_id={place['body']}"))
    assert [one["full_name"] for one in page["items"]] == PEOPLE


# -- rows, places, pages


def a_place(service: Service) -> dict[str, Any]:
    """A new body of the commune, with one meeting, so that a list of it holds nothing else."""
    town = service.town
    tenant = town.bodies["province"]
    body = _organization({"tenant_id": tenant, "body": town.bodies["party"]}, 0)
    place: dict[str, Any] = {"tenant_id": tenant, "body": body.id}
    meeting = _meeting(place, 2)
    place["meeting"] = meeting.id
    stored(service, body, meeting)
    return place


def a_place_with_papers(service: Service, many: int) -> dict[str, Any]:
    """The same with a task and what papers are listed in, and so many meetings that have none yet."""
    place = a_place(service)
    task, meetings = _task(place, 0), [_meeting(place, n) for n in range(many)]
    place |= {"task": task.id, "meetings": iter([one.id for one in meetings])}
    stored(service, task, *meetings, *owners(place))
    return place


def stored(service: Service, *rows: Base) -> None:
    with Session(service.engine, expire_on_commit=False) as db, db.begin():
        for row in rows:
            db.add(row)
            db.flush()
            if isinstance(row, Resource):
                row.settle(db, anew=True)


def walk(client: httpx.Client, url: str, **asked: Any) -> Iterator[Json]:
    """Every page, by its cursor."""
    given = [*parse_qsl(urlsplit(url).query), *((name, str(value)) for name, value in asked.items())]
    onward: list[tuple[str, str]] = []
    for _ in range(200):
        page = shown(client.get(urlsplit(url).path, params=[*given, *onward]))
        yield page
        if page["next_cursor"] is None:
            return
        onward = [("cursor", page["next_cursor"])]
    pytest.fail(f"the pages of {url} never end")


@contextmanager
def others_writing(service: Service, noun: str, place: dict[str, Any]) -> Iterator[list[Json]]:
    """Somebody creates, changes and deletes rows of the same list until the block ends."""
    client, written, done = service.as_("secretary"), list[Json](), threading.Event()
    draw = random.Random(7)
    failed: list[Exception] = []

    def write() -> None:
        try:
            while not done.is_set():
                day = date(2025, 9, 4) + timedelta(days=draw.randint(-9, 9))
                if noun == "meetings":
                    row = a_meeting(client, place["body"], title=draw.choice(NAMES), held_on=str(day))
                else:
                    code = f"{draw.choice(CODES)} {new_id().hex}"
                    row = a_task(client, place["body"], code=code, due_date=str(day))
                written.append(row)
                if draw.random() < 0.3:
                    gone = client.delete(f"/v1/{noun}/{row['id']}", headers={"if-match": "*"})
                    assert gone.status_code == 204, gone.text
        except Exception as error:  # noqa: BLE001  told in the thread that waits for it
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        done.set()
        thread.join()
    assert failed == []


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(one for one in letters if not unicodedata.combining(one)).replace("đ", "d")


def _decomposed(word: str) -> str:
    return unicodedata.normalize("NFD", word)
