"""Whoever follows GET /v1/changes misses nothing and sees nothing twice, whatever is written meanwhile."""

import base64
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.actor import SYSTEM
from app.db import connect, new_id, one_transaction
from app.events import Event
from app.meetings.models import Meeting
from app.speakers.models import Speaker
from app.work import Work, at_the_desk
from tests.conftest import PROOF, Service
from tests.town import ANY, Json, a_key, a_meeting, every, made, move, shown

WRITERS = 8
DAY = date(2025, 9, 4)
CHANGES = {
    "postgresql": 2000 * PROOF or 600,
    "sqlite": 2000 * PROOF or 160,
}
LONGEST = {"postgresql": 0.02, "sqlite": 0.002}  # seconds between flush and commit


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def party(service: Service) -> UUID:
    return service.town.bodies["party"]


def page(client: httpx.Client, cursor: str | None = None, **asked: Any) -> Json:
    given = {"cursor": cursor} if cursor else {}
    return shown(client.get("/v1/changes", params={**asked, **given}))


def latest(client: httpx.Client) -> str:
    return str(page(client, "latest")["next_cursor"])


# -- a race


class Undone(Exception):
    """A transaction that is given up."""


@dataclass
class Writer:
    """Makes changes of its own rows, in transactions of one to three, from a thread of its own."""

    service: Service
    number: int
    host: UUID
    tenant: UUID
    committed: dict[str, int]  # what each board shows at least
    engine: Engine
    known: list[UUID] = field(default_factory=list)
    done: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        self.board, self.person, self.count = new_id(), new_id(), 0

    def run(self, changes: int) -> int:
        self.begin(work=at_the_desk(self.engine, SYSTEM))
        while self.done < changes:
            known, count = list(self.known), self.count
            try:
                made = self.change(work=at_the_desk(self.engine, SYSTEM))
            except Undone:
                self.known, self.count = known, count
                continue
            self.done += made
            self.committed[f"BANG-{self.number}"] = self.count
            time.sleep(LONGEST[self.service.database])  # a turn for the others
        return self.done

    @one_transaction
    def begin(self, *, work: Work) -> None:
        work.add(self._meeting(self.board, "0", f"BANG-{self.number}"))
        work.add(
            Speaker(
                id=self.person,
                tenant_id=self.tenant,
                organization_id=self.host,
                full_name=f"Người {self.number}",
            )
        )

    @one_transaction
    def change(self, *, work: Work) -> int:
        number = self.chance.randint(1, 3)
        for _ in range(number):
            self._once(work)
        time.sleep(self.chance.uniform(0, LONGEST[self.service.database]))
        if self.chance.random() < 0.1:
            raise Undone
        return number

    def _once(self, work: Work) -> None:
        choice = self.chance.randint(0, 4)
        if choice == 0 or not self.known:
            self.known.append(new_id())
            work.add(self._meeting(self.known[-1], "Mới", None))
        elif choice == 1:
            gone = self.known.pop(self.chance.randrange(len(self.known)))
            work.remove(work.db.get_one(Meeting, gone))
        elif choice == 2:
            self.count += 1
            work.change(work.db.get_one(Meeting, self.board), "updated", title=str(self.count))
        elif choice == 3:
            name = f"Người {self.number} {self.chance.random()}"
            work.change(work.db.get_one(Speaker, self.person), "updated", full_name=name)
        else:
            meeting = work.db.get_one(Meeting, self.chance.choice(self.known))
            work.change(meeting, "updated", title=f"Tên {self.chance.random()}")

    def _meeting(self, id: UUID, title: str, code: str | None) -> Meeting:
        return Meeting(
            id=id,
            tenant_id=self.tenant,
            host_organization_id=self.host,
            code=code or f"X-{id.hex[-12:]}",
            title=title,
            kind="thematic",
            held_on=DAY,
            format="in_person",
            visibility="internal",
            record="minuted",
        )


def follow(client: httpx.Client, start: str, over: threading.Event, **asked: Any) -> list[Json]:
    """All changes from there, page by page, until there is nothing more after the end."""
    found, cursor = [], start
    while True:
        is_over = over.is_set()
        answer = page(client, cursor, **asked)
        found += answer["items"]
        assert answer["next_cursor"]
        cursor = answer["next_cursor"]
        if is_over and not answer["items"] and not answer["has_more"]:
            return found


def never_stale(
    client: httpx.Client, path: str, committed: dict[str, int], over: threading.Event
) -> dict[int, int]:
    """A list with its validator: what had been acknowledged before it was asked for is in what it stands for."""
    body: Json = {}
    tag, statuses = "", {200: 0, 304: 0}
    while not over.is_set():
        least = dict(committed)
        answer = client.get(path, headers={"if-none-match": tag} if tag else {})
        statuses[answer.status_code] += 1
        if answer.status_code == 200:
            body, tag = answer.json(), answer.headers["etag"]
        boards = {row["code"]: int(row["title"]) for row in body["items"]}
        behind = {
            code: (boards.get(code), number)
            for code, number in least.items()
            if boards.get(code, -1) < number
        }
        assert behind == {}, (answer.status_code, behind)
    return statuses


@pytest.fixture(scope="module")
def race(service: Service, party: UUID) -> dict[str, Any]:
    """Eight writers, and those who follow them meanwhile by the feed and by validators."""
    over, committed = threading.Event(), dict[str, int]()
    tenant = service.town.bodies["province"]
    engine = connect(service.database_url, pool_size=WRITERS, durable=False)  # SQLite: one, in turn
    writers = [Writer(service, n, party, tenant, committed, engine) for n in range(WRITERS)]
    _, key = a_key(service.as_("administrator"), party, ("reader", party, None))
    service.town.keys["narrow"] = key["key"]
    start = latest(service.as_("provincial"))
    with Session(service.engine) as db:
        first = db.scalar(select(func.max(Event.seq))) or 0
    boards = "/v1/meetings?" + "&".join(f"code=BANG-{n}" for n in range(WRITERS))
    with ThreadPoolExecutor(WRITERS + 6) as at_once:
        followers = {
            "wide": at_once.submit(follow, service.as_("provincial"), start, over, limit=500),
            "narrow": at_once.submit(follow, service.as_("narrow"), start, over, limit=7),
            "speakers": at_once.submit(
                follow, service.as_("provincial"), start, over, types="speaker", limit=50
            ),
            "within": at_once.submit(
                follow, service.as_("secretary"), start, over, within=str(party), limit=50
            ),
        }
        readers = [
            at_once.submit(never_stale, service.as_(who), boards, committed, over)
            for who in ("provincial", "narrow")
        ]
        share = CHANGES[service.database] // WRITERS
        done: list[Future[int]] = [at_once.submit(writer.run, share) for writer in writers]
        try:
            made = sum(one.result() for one in done)
        finally:
            time.sleep(0.05)
            over.set()
        told = {name: follower.result() for name, follower in followers.items()}
        statuses = [reader.result() for reader in readers]
    engine.dispose()
    with Session(service.engine) as db:
        events = db.execute(select(Event.seq, Event.noun, Event.tx).where(Event.seq > first)).all()
    return {"events": events, "told": told, "statuses": statuses, "made": made}


def test_a_follower_misses_nothing_and_sees_nothing_twice(race: dict[str, Any], service: Service) -> None:
    assert len(race["events"]) >= race["made"] >= CHANGES[service.database] * 0.9
    for name, told in race["told"].items():
        expected = sorted(one.seq for one in race["events"] if name != "speakers" or one.noun == "speaker")
        assert sorted(int(one["id"]) for one in told) == expected, name


def test_the_race_was_one(race: dict[str, Any], service: Service) -> None:
    """Numbers were drawn in another order than transactions began, or nothing was proved."""
    order = [one.seq for one in sorted(race["events"], key=lambda one: (one.tx, one.seq))]
    assert (order != sorted(order)) == (service.database == "postgresql")
    assert all(statuses[200] > 5 for statuses in race["statuses"])


def test_replaying_the_feed_gives_what_the_database_has(
    race: dict[str, Any], service: Service, party: UUID
) -> None:
    client = service.as_("provincial")
    for name in ("wide", "narrow", "within"):
        state = dict[str, Json]()
        for one in race["told"][name]:
            if one["name"].endswith(".deleted"):
                assert state.pop(one["subject_id"])["version"] == one["version"]
                continue
            row = state.setdefault(one["subject_id"], {"version": 0})
            assert one["version"] == row["version"] + 1, "each subject's changes come in their order"
            row |= {member: change["new"] for member, change in one["changes"].items()}
            row["version"] = one["version"]
        meetings = every(client, "/v1/meetings", host_organization_id=str(party))
        speakers = [one for one in every(client, "/v1/speakers") if one["id"] in state]
        assert {
            id: (row["version"], row.get("title", row.get("full_name"))) for id, row in state.items()
        } == {
            row["id"]: (row["version"], row.get("title", row.get("full_name"))) for row in meetings + speakers
        }, name


def test_a_list_was_never_called_unchanged_when_it_was_changed(race: dict[str, Any]) -> None:
    """Checked at each answer, in the race itself; here only that there were answers of both kinds or many."""
    assert all(sum(statuses.values()) > 8 for statuses in race["statuses"])


# -- a transaction that stays open


@contextmanager
def open_transaction(service: Service, act: Callable[[Work], Any]) -> Iterator[Callable[[], None]]:
    """Something is done and not yet committed, until the function that is given is called."""
    engine = connect(service.database_url, pool_size=1, durable=False)
    flushed, go = threading.Event(), threading.Event()

    @one_transaction
    def held(*, work: Work) -> None:
        act(work)
        flushed.set()
        assert go.wait(30)

    thread = threading.Thread(target=lambda: held(work=at_the_desk(engine, SYSTEM)))
    thread.start()
    assert flushed.wait(30)

    def commit() -> None:
        go.set()
        thread.join(30)

    try:
        yield commit
    finally:
        commit()
        engine.dispose()


def renamed(id: str, title: str) -> Callable[[Work], None]:
    return lambda work: work.change(work.db.get_one(Meeting, UUID(id)), "updated", title=title)


def test_what_an_open_transaction_may_precede_waits_for_it(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    first = a_meeting(secretary, party)
    if service.database == "sqlite":
        pytest.skip("SQLite has one writer: nothing overtakes it")
    cursor = latest(secretary)
    with open_transaction(service, renamed(first["id"], "Sớm hơn")) as commit:
        second = a_meeting(secretary, party)
        meanwhile = page(secretary, cursor)
        assert meanwhile["items"] == []
        assert page(secretary, meanwhile["next_cursor"])["items"] == []
        commit()
        told = page(secretary, meanwhile["next_cursor"])["items"]
    assert [(one["name"], one["subject_id"]) for one in told] == [
        ("meeting.updated", first["id"]),
        ("meeting.created", second["id"]),
    ]


def test_a_list_is_new_after_each_commit_in_whatever_order_transactions_end(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    if service.database == "sqlite":
        pytest.skip("SQLite has one writer: transactions end in their order")
    meeting = a_meeting(secretary, party, code="TRE")
    path = "/v1/meetings?limit=200&sort=-created_at"

    def tagged() -> tuple[str, str]:
        answer = secretary.get(path)
        return answer.headers["etag"], answer.text

    def same(tag: str) -> bool:
        return secretary.get(path, headers={"if-none-match": tag}).status_code == 304

    before = tagged()
    with open_transaction(service, renamed(meeting["id"], "Muộn")) as commit:
        assert same(before[0])
        a_meeting(secretary, party)
        between = tagged()
        assert between[1] != before[1]
        assert not same(before[0])
        commit()
        assert not same(between[0])
        after = tagged()
    assert after[1] not in {before[1], between[1]}
    assert same(after[0])


def test_following_from_the_latest_place_hears_of_what_was_open_then(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    if service.database == "sqlite":
        pytest.skip("SQLite has one writer")
    meeting = a_meeting(secretary, party)
    with open_transaction(service, renamed(meeting["id"], "Khi đang mở")) as commit:
        cursor = latest(secretary)
        commit()
        told = page(secretary, cursor)["items"]
    assert [one["subject_id"] for one in told] == [meeting["id"]]


# -- what it can be asked


def test_a_walk_of_small_pages_tells_the_same_as_one_of_large_ones(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    start = latest(secretary)
    made_now = [a_meeting(secretary, party)["id"] for _ in range(5)]
    whole = page(secretary, start)
    assert [one["subject_id"] for one in whole["items"]] == made_now
    assert whole["has_more"] is False
    told: list[Any] = []
    cursor, more = start, True
    while more:
        small = page(secretary, cursor, limit=2)
        assert small["has_more"] == (len(told) + 2 < 5)
        told += small["items"]
        cursor, more = small["next_cursor"], small["has_more"]
    assert told == whole["items"]
    for from_here in (cursor, whole["next_cursor"]):
        again = page(secretary, from_here)
        assert (again["items"], again["has_more"]) == ([], False)
        assert again["next_cursor"]
    a_meeting(secretary, party)
    assert len(page(secretary, cursor)["items"]) == 1


def test_without_a_cursor_it_begins_at_the_beginning(service: Service, secretary: httpx.Client) -> None:
    names = [one["name"] for one in page(secretary, limit=3)["items"]]
    assert names == ["organization.created"] * 3


def test_types_keep_names_and_nouns(service: Service, secretary: httpx.Client, party: UUID) -> None:
    start = latest(secretary)
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "Khai mạc"}])
    move(secretary, meeting, "schedule")
    body = {"full_name": "Người mới", "organization_id": str(party)}
    made(secretary.post("/v1/speakers", json=body))
    for types, names in (
        (["meeting"], ["meeting.created", "meeting.scheduled"]),
        (["meeting.scheduled"], ["meeting.scheduled"]),
        (["speaker", "agenda_item.created"], ["agenda_item.created", "speaker.created"]),
        (["position"], []),
        (["meeting.unheard_of"], []),
    ):
        answer = page(secretary, start, types=types)
        assert [one["name"] for one in answer["items"]] == names, types
        onward = page(secretary, answer["next_cursor"], types=types)
        assert (onward["items"], onward["has_more"]) == ([], False)
    for wrong in ("Meeting", "meeting.", "a.b.c", "meeting;", ""):
        refused = secretary.get("/v1/changes", params={"types": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "types"), wrong


def test_within_keeps_what_a_body_and_those_below_it_answer_for(service: Service, party: UUID) -> None:
    client, body = service.as_("administrator"), service.town.bodies
    office, front = service.as_("secretary"), str(body["front"])
    start = latest(client)
    meeting, other = a_meeting(office, party), a_meeting(office, front)
    speaker = made(
        office.post("/v1/speakers", json={"full_name": "Dời", "organization_id": str(body["office"])})
    )
    shown(office.patch(f"/v1/speakers/{speaker['id']}", json={"organization_id": front}, headers=ANY))
    expected = {
        "party": [("meeting.created", meeting), ("speaker.created", speaker), ("speaker.updated", speaker)],
        "office": [("speaker.created", speaker), ("speaker.updated", speaker)],
        "front": [("meeting.created", other), ("speaker.updated", speaker)],
        "neighbour": [],
        "elsewhere": [],
    }
    expected["commune"] = [expected["party"][0], expected["front"][0], *expected["party"][1:]]
    for where, told in expected.items():
        items = page(client, start, within=str(body[where]))["items"]
        assert [(one["name"], one["subject_id"]) for one in items] == [
            (name, row["id"]) for name, row in told
        ], where


def test_the_deletion_of_a_body_is_told_within_what_it_stood_under(service: Service, party: UUID) -> None:
    client = service.as_("administrator")
    cell = {
        "parent_id": str(party),
        "name": "Chi bộ",
        "kind": "party_cell",
        "line": "party",
        "level": "village",
    }
    start = latest(client)
    made_now = made(client.post("/v1/organizations", json=cell))
    assert client.delete(f"/v1/organizations/{made_now['id']}", headers=ANY).status_code == 204
    names = [one["name"] for one in page(client, start, within=str(party))["items"]]
    assert names == ["organization.created", "organization.deleted"]


def test_a_request_waits_until_something_happens(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    waiting, start = service.as_("secretary"), latest(secretary)
    with ThreadPoolExecutor(1) as beside:
        began = time.monotonic()
        held = beside.submit(page, waiting, start, wait=20)
        time.sleep(0.3)
        assert not held.done()
        meeting = a_meeting(secretary, party)
        told = held.result(10)
    assert [one["subject_id"] for one in told["items"]] == [meeting["id"]]
    assert 0.3 <= time.monotonic() - began < 5


def test_a_request_that_waited_in_vain_can_be_asked_again(
    service: Service, secretary: httpx.Client, party: UUID
) -> None:
    neighbour, start = service.as_("neighbour"), latest(service.as_("neighbour"))
    a_meeting(secretary, party)  # which the neighbour does not see
    began = time.monotonic()
    told = page(neighbour, start, wait=1)
    assert 0.9 <= time.monotonic() - began < 5
    assert (told["items"], told["has_more"]) == ([], False)
    mine = a_meeting(neighbour, service.town.bodies["neighbour_party"])
    assert [one["subject_id"] for one in page(neighbour, told["next_cursor"])["items"]] == [mine["id"]]


def written(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!",
        "Latest",
        "latest ",
        "ünïcode",
        written("1"),
        written("1."),
        written("-1.2"),
        written("1.2.3"),
        written("1.²"),
        written(f"{2**63}.0"),
        written(f"0.{2**63}"),
        written(f"{'9' * 30}.0"),
        written("1.2") + "AAAA",
        "x" * 201,
    ],
)
def test_a_cursor_that_is_none_is_refused(secretary: httpx.Client, cursor: str) -> None:
    answer = secretary.get("/v1/changes", params={"cursor": cursor})
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in {"invalid-cursor", "malformed-request"}


def test_the_cursor_of_another_list_is_refused(secretary: httpx.Client, party: UUID) -> None:
    for _ in range(2):
        a_meeting(secretary, party)
    other = shown(secretary.get("/v1/meetings?limit=1"))["next_cursor"]
    answer = secretary.get("/v1/changes", params={"cursor": other})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    answer = secretary.get("/v1/meetings", params={"cursor": latest(secretary)})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=501", "limit=x", "wait=-1", "wait=31", "within=x", "cursor=", "type=meeting"]
)
def test_what_cannot_be_asked_is_named(secretary: httpx.Client, asked: str) -> None:
    answer = secretary.get(f"/v1/changes?{asked}")
    assert answer.status_code == 400, answer.text


def test_a_page_holds_up_to_five_hundred(service: Service) -> None:
    assert len(page(service.as_("provincial"), limit=500)["items"]) <= 500
    assert page(service.as_("provincial"), limit=1)["has_more"] is True


def test_a_caller_who_sees_nothing_is_told_nothing(service: Service) -> None:
    stranger = service.as_("stranger")
    start = latest(stranger)
    a_meeting(service.as_("secretary"), service.town.bodies["party"], visibility="public")
    told = page(stranger, start)
    assert (told["items"], told["has_more"]) == ([], False)
