"""No update is lost: every PATCH, PUT and DELETE, and every POST that changes what is there, by many at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from fastapi.routing import APIRoute

from app.main import ROUTERS
from tests import files
from tests.conftest import Service, Tell
from tests.faults.accounts import journal_faults
from tests.faults.at_once import Callers, delete, patch, post, put, statuses
from tests.faults.counts import many
from tests.town import ANY, Json, a_key, a_meeting, a_task, made, move, shown

WRITERS = many(3, 8)
UPDATES = {"postgresql": many(2, 40), "sqlite": many(2, 40)}  # of each writer
ROUNDS = {"postgresql": many(2, 100), "sqlite": many(1, 10)}
VILLAGE = {"kind": "village", "line": "other", "level": "village"}
numbers = count()


@dataclass(frozen=True)
class Mutable:
    """A resource to change: who may, what one looks like, and the member that counts the changes."""

    who: str
    make: Callable[[httpx.Client, Service], Json]
    path: str
    counter: str = "title"


def _in_a_meeting(what: str, body: Callable[[Service], Json]) -> Callable[[httpx.Client, Service], Json]:
    def make(client: httpx.Client, service: Service) -> Json:
        meeting = a_meeting(client, service.town.bodies["party"])
        return made(client.post(f"/v1/meetings/{meeting['id']}/{what}", json=body(service)))

    return make


def _an_organization(client: httpx.Client, service: Service) -> Json:
    body = {"parent_id": str(service.town.bodies["commune"]), "name": "0", **VILLAGE}
    return made(client.post("/v1/organizations", json=body))


def _a_speaker(client: httpx.Client, service: Service) -> Json:
    body = {"full_name": "0", "organization_id": str(service.town.bodies["party"])}
    return made(client.post("/v1/speakers", json=body))


def _a_position(client: httpx.Client, service: Service) -> Json:
    speaker = _a_speaker(client, service)
    body = {"title": "0", "organization_id": str(service.town.bodies["party"])}
    return made(client.post(f"/v1/speakers/{speaker['id']}/positions", json=body))


def _a_principal(client: httpx.Client, service: Service) -> Json:
    body = {"name": "0", "organization_id": str(service.town.bodies["party"])}
    return made(client.post("/v1/principals", json=body))


def _a_grant(client: httpx.Client, service: Service) -> Json:
    who, where = _a_principal(client, service), str(service.town.bodies["party"])
    return made(
        client.post(f"/v1/principals/{who['id']}/grants", json={"role": "reader", "organization_id": where})
    )


def _a_file(client: httpx.Client, service: Service) -> Json:
    meeting = a_meeting(client, service.town.bodies["party"])
    path, file = f"/v1/meetings/{meeting['id']}/attachments", {"file": ("a.pdf", files.PDF)}
    return made(client.post(path, files=file, data={"description": "0"}))


def _participant(service: Service) -> Json:
    return {"organization_id": str(service.town.bodies["front"]), "title_snapshot": "0"}


MUTABLE = {
    "meetings": Mutable(
        "secretary", lambda c, s: a_meeting(c, s.town.bodies["party"], title="0"), "/v1/meetings"
    ),
    "agenda-items": Mutable(
        "secretary", _in_a_meeting("agenda-items", lambda _: {"title": "0"}), "/v1/agenda-items"
    ),
    "participations": Mutable(
        "secretary", _in_a_meeting("participations", _participant), "/v1/participations", "title_snapshot"
    ),
    "speeches": Mutable(
        "secretary",
        _in_a_meeting("speeches", lambda _: {"attribution_text": "0"}),
        "/v1/speeches",
        "attribution_text",
    ),
    "findings": Mutable(
        "secretary",
        _in_a_meeting("findings", lambda _: {"kind": "result", "text": "0"}),
        "/v1/findings",
        "text",
    ),
    "directives": Mutable(
        "secretary", _in_a_meeting("directives", lambda _: {"text": "0"}), "/v1/directives", "text"
    ),
    "attachments": Mutable("secretary", _a_file, "/v1/attachments", "description"),
    "speakers": Mutable("secretary", _a_speaker, "/v1/speakers", "full_name"),
    "positions": Mutable("secretary", _a_position, "/v1/positions"),
    "quarterly-tasks": Mutable(
        "secretary", lambda c, s: a_task(c, s.town.bodies["party"], title="0"), "/v1/quarterly-tasks"
    ),
    "organizations": Mutable("administrator", _an_organization, "/v1/organizations", "name"),
    "principals": Mutable("administrator", _a_principal, "/v1/principals", "name"),
}
MUTABLE |= {
    name: Mutable("secretary", _in_a_meeting(there, lambda _: {}), f"/v1/{name}", "place")
    for name, there in (("minutes", "minutes"), ("conclusion-notices", "conclusion-notice"))
}
DELETABLE = {
    **MUTABLE,
    "grants": Mutable("administrator", _a_grant, "/v1/grants"),
}
REPLACED = {  # PUT, each tried below
    "/v1/meetings/{meeting_id}/agenda",
    "/v1/meetings/{meeting_id}/task-reviews",
    "/v1/briefings/{system}/{external_id}",
    "/v1/keys/{key_id}/revocation",
    "/v1/organizations/{organization_id}/quarters/{quarter}/closing",  # for good, by tests.test_reports
}


@pytest.fixture(scope="module", autouse=True)
def _the_journal_adds_up(service: Service) -> Iterator[None]:
    yield
    assert journal_faults(service.engine) == []


def test_every_route_that_changes_something_is_tried_here() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    changing = {(method, route.path_format) for route in routes for method in route.methods or ()}
    nouns = {"PATCH": MUTABLE, "DELETE": DELETABLE}
    tried = {
        (method, f"{noun.path}/{{{_one_of(noun.path)}_id}}")
        for method, those in nouns.items()
        for noun in those.values()
    }
    tried |= {("PUT", path) for path in REPLACED}
    assert {one for one in changing if one[0] in {"PATCH", "PUT", "DELETE"}} == tried


def _one_of(path: str) -> str:
    """/v1/agenda-items: agenda_item."""
    plural = path.removeprefix("/v1/").replace("-", "_")
    if plural == "minutes":
        return plural
    return plural.removesuffix("es" if plural.endswith("ches") else "s")


@pytest.mark.in_turn
@pytest.mark.parametrize("noun", MUTABLE)
def test_of_many_who_read_and_write_none_overwrites_another(service: Service, noun: str, tell: Tell) -> None:
    one = MUTABLE[noun]
    row = one.make(service.as_(one.who), service)
    path = f"{one.path}/{row['id']}"

    def add_one(client: httpx.Client, seen: httpx.Response) -> httpx.Response:
        number = int(seen.json()[one.counter] or 0) + 1
        tag = seen.headers["etag"]
        return client.patch(path, json={one.counter: str(number)}, headers={"if-match": tag})

    done, refused = _in_turn(service, one.who, path, add_one)
    last = shown(service.as_(one.who).get(path))
    assert last[one.counter] == str(done)
    assert last["version"] == 1 + done
    tell(f"{service.database}, {noun}: {done} updates, {refused} times 412, none lost")


def test_of_many_who_order_an_agenda_none_overwrites_another(service: Service, tell: Tell) -> None:
    secretary = service.as_("secretary")
    items = [{"title": name} for name in "abc"]
    meeting = a_meeting(secretary, service.town.bodies["party"], agenda_items=items)
    path = f"/v1/meetings/{meeting['id']}/agenda"

    def move_the_first_to_the_end(client: httpx.Client, seen: httpx.Response) -> httpx.Response:
        ids = [{"id": item["id"]} for item in seen.json()["items"]]
        body = {"items": [*ids[1:], ids[0]]}
        return client.put(path, json=body, headers={"if-match": seen.headers["etag"]})

    turns, refused = _in_turn(service, "secretary", path, move_the_first_to_the_end)
    last = shown(secretary.get(path))["items"]
    assert "".join(item["title"] for item in last) == "abc"[turns % 3 :] + "abc"[: turns % 3]
    assert {item["version"] for item in last} == {1 + turns}
    tell(f"{service.database}, agenda: {turns} orders, {refused} times 412, none lost")


def test_of_many_who_review_at_once_none_overwrites_another(service: Service, tell: Tell) -> None:
    secretary, party = service.as_("secretary"), service.town.bodies["party"]
    meeting = a_meeting(secretary, party, held_on="2025-12-26", review_period="2025-Q4")
    move(secretary, meeting, "schedule")
    task = a_task(secretary, party, party)
    move(secretary, task, "issue")
    path = f"/v1/meetings/{meeting['id']}/task-reviews"
    row = {"task_id": task["id"], "rating": "completed", "disposition": "continue", "comment": "0"}
    shown(secretary.put(path, json={"items": [row]}, headers=ANY))

    def add_one(client: httpx.Client, seen: httpx.Response) -> httpx.Response:
        (found,) = seen.json()["items"]
        body = {"items": [{**row, "comment": str(int(found["comment"]) + 1)}]}
        return client.put(path, json=body, headers={"if-match": seen.headers["etag"]})

    done, refused = _in_turn(service, "secretary", path, add_one)
    (last,) = shown(secretary.get(path))["items"]
    assert (last["comment"], last["version"]) == (str(done), 1 + done)
    tell(f"{service.database}, reviews: {done} puts, {refused} times 412, none lost")


def test_of_many_who_hand_in_one_briefing_none_overwrites_another(service: Service, tell: Tell) -> None:
    secretary, party = service.as_("secretary"), str(service.town.bodies["party"])
    path = "/v1/briefings/khac/lost-updates"
    item = {"external_id": "lost-updates", "title": "Mục", "minutes_text": "0"}
    meeting = {"host_organization_id": party, "title": "Giao ban", "held_on": "2025-09-04"}
    made(secretary.put(path, json={"meeting": meeting, "agenda_items": [item]}))

    def add_one(client: httpx.Client, seen: httpx.Response) -> httpx.Response:
        body = seen.json()
        body["agenda_items"][0]["minutes_text"] = str(int(body["agenda_items"][0]["minutes_text"]) + 1)
        return client.put(path, json=body, headers={"if-match": seen.headers["etag"]})

    done, refused = _in_turn(service, "secretary", path, add_one)
    (last,) = shown(secretary.get(path))["agenda_items"]
    assert last["minutes_text"] == str(done)
    tell(f"{service.database}, briefings: {done} puts, {refused} times 412, none lost")


def _in_turn(
    service: Service, who: str, path: str, update: Callable[[httpx.Client, httpx.Response], httpx.Response]
) -> tuple[int, int]:
    """So often each writer changes what it saw last, and reads again where that is too old.

    Answers how many changes were taken, and how many were not.
    """

    def write(client: httpx.Client) -> Counter[int]:
        seen, told = client.get(path), Counter[int]()
        for _ in range(UPDATES[service.database]):
            answer = update(client, seen)
            assert answer.status_code in {200, 412}, answer.text
            told[answer.status_code] += 1
            if answer.status_code == 200:
                seen = answer
                continue
            assert answer.headers["etag"] != seen.headers["etag"]
            seen = client.get(path)
        return told

    clients = [service.as_(who) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        told = sum(pool.map(write, clients), Counter[int]())
    assert told[200] >= UPDATES[service.database]  # whoever is refused, another one went before
    return told[200], told[412]


@pytest.mark.in_turn
@pytest.mark.parametrize("noun", MUTABLE)
def test_of_many_who_overwrite_on_purpose_each_leaves_its_version(service: Service, noun: str) -> None:
    one = MUTABLE[noun]
    row = one.make(service.as_(one.who), service)
    path = f"{one.path}/{row['id']}"

    def overwrite(client: httpx.Client) -> None:
        for _ in range(many(2, 40)):
            answer = client.patch(path, json={one.counter: f"{next(numbers) + 1}"}, headers=ANY)
            assert answer.status_code == 200, answer.text

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(overwrite, [service.as_(one.who) for _ in range(WRITERS)]))
    assert shown(service.as_(one.who).get(path))["version"] == 1 + WRITERS * many(2, 40)


def test_of_many_reports_and_transitions_each_is_an_entry_and_a_version(service: Service) -> None:
    secretary, bodies = service.as_("secretary"), service.town.bodies
    task = a_task(secretary, bodies["party"], bodies["front"])
    for transition in ("issue", "start"):
        move(secretary, task, transition)
    path = f"/v1/quarterly-tasks/{task['id']}"
    moved = threading.Semaphore(0)

    def report(client: httpx.Client) -> None:
        for _ in range(many(3, 40)):
            said = {"kind": "progress", "progress_percent": next(numbers) % 101}
            answer = client.post(f"{path}/entries", json=said)
            assert answer.status_code == 201, answer.text
            for transition in ("suspend", "resume"):
                turned = client.post(f"{path}/transitions", json={"transition": transition})
                assert turned.status_code in {201, 409}, turned.text
                if turned.status_code == 201:
                    moved.release()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(report, [service.as_("secretary") for _ in range(WRITERS)]))
    changes = WRITERS * many(3, 40)
    while moved.acquire(blocking=False):
        changes += 1
    assert shown(secretary.get(path))["version"] == 3 + changes


@pytest.fixture
def two(service: Service, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Callers]]:
    """Callers for a race, by whom they call as."""
    started = list[Callers]()

    def of(who: str) -> Callers:
        started.append(Callers(service, service.town.keys[who], 5))
        return started[-1]

    yield of
    for made_here in started:
        made_here.close()


@pytest.mark.in_turn
@pytest.mark.parametrize("noun", DELETABLE)
def test_a_delete_and_a_change_at_once_are_one_before_the_other(
    service: Service, two: Callable[[str], Callers], noun: str
) -> None:
    one = DELETABLE[noun]
    racing = two(one.who)
    for _ in range(ROUNDS[service.database]):
        row = one.make(racing.clients[0], service)
        path = f"{one.path}/{row['id']}"
        calls = [delete(path), delete(path, '"1"')]
        if noun in MUTABLE:
            calls.append(patch(path, {one.counter: "1"}))
        first, second, *rest = racing.at_once(*calls)
        gone = 410 if noun == "attachments" else 404  # what is known of a file stays
        assert first.status_code in {204, gone}
        assert second.status_code in {204, gone, 412}
        assert [first.status_code, second.status_code].count(204) == 1
        assert all(answer.status_code in {200, gone} for answer in rest)
        shows = f"{path}/content" if noun == "attachments" else path
        assert racing.clients[0].get(shows).status_code == gone


def test_a_key_is_revoked_once_however_many_say_so(service: Service, two: Callable[[str], Callers]) -> None:
    racing = two("administrator")
    for _ in range(ROUNDS[service.database]):
        _, key = a_key(racing.clients[0], service.town.bodies["party"])
        path = f"/v1/keys/{key['id']}/revocation"
        answers = racing.at_once(*[put(path, None) for _ in range(5)])
        assert statuses(answers) == [200] * 5
        assert {answer.json()["version"] for answer in answers} == {2}
        assert len({answer.json()["revoked_at"] for answer in answers}) == 1


CHILDREN: dict[str, tuple[str, str, dict[str, str]]] = {
    "meetings": ("{path}/agenda-items", "secretary", {"title": "Mới"}),
    "speeches": ("/v1/meetings/{meeting_id}/directives", "secretary", {"text": "Mới", "speech_id": "{id}"}),
    "findings": ("{path}/quarterly-tasks", "secretary", {"quarter": "2025-Q4"}),
    "directives": ("{path}/quarterly-tasks", "secretary", {"quarter": "2025-Q4"}),
    "participants": ("{path}/participations", "secretary", {"organization_id": "{party}"}),
    "speakers": ("{path}/positions", "secretary", {"title": "Mới", "organization_id": "{party}"}),
    "quarterly-tasks": (
        "/v1/quarterly-tasks",
        "secretary",
        {"issuing_organization_id": "{party}", "title": "Con", "quarter": "2025-Q4", "parent_id": "{id}"},
    ),
    "agenda-items": (
        "/v1/meetings/{meeting_id}/agenda-items",
        "secretary",
        {"title": "Con", "parent_id": "{id}"},
    ),
    "organizations": ("/v1/organizations", "administrator", {"parent_id": "{id}", "name": "Con", **VILLAGE}),
    "principals": ("{path}/grants", "administrator", {"role": "reader", "organization_id": "{party}"}),
    "keys": ("{path}/keys", "administrator", {"label": "khóa"}),
}
PARENTS = {"participants": "meetings", "keys": "principals"}


@pytest.mark.in_turn
@pytest.mark.parametrize("child", CHILDREN)
def test_nothing_is_made_below_what_is_deleted_at_the_same_moment(
    service: Service, two: Callable[[str], Callers], child: str
) -> None:
    where, who, body = CHILDREN[child]
    one, racing = MUTABLE[PARENTS.get(child, child)], two(who)
    for _ in range(ROUNDS[service.database]):
        row = one.make(racing.clients[0], service)
        path = f"{one.path}/{row['id']}"
        known = {"path": path, "party": service.town.bodies["party"], **row}
        new = post(where.format(**known), {name: value.format(**known) for name, value in body.items()})
        gone, new_one = racing.at_once(delete(path), new)
        assert (gone.status_code == 204) != (new_one.status_code == 201), (gone.text, new_one.text)
        assert gone.status_code in {204, 409}
        assert new_one.status_code in {201, 404, 409}
