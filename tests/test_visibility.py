"""Who sees and does what: domain.md's table, on every noun and by every way to look."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.settings import Settings
from tests.conftest import PROOF, SETTINGS, Service, running
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

pytestmark = pytest.mark.in_turn

# Who asks: (at home in, its grants as role, body and lines)
NEWCOMERS: dict[str, tuple[str, list[tuple[str, str, list[str] | None]]]] = {
    "host_office": ("party", [("secretary", "party", None)]),
    "party_line": ("commune", [("reader", "commune", ["party"])]),
    "front_line": ("commune", [("reader", "commune", ["front"])]),
    "state_office": ("committee", [("secretary", "committee", None)]),
}
CALLERS = ("provincial", "secretary", "reader", "reporter", "neighbour", "stranger", *NEWCOMERS)
TENANT = set(CALLERS) - {"stranger"}
OVER_THE_PARTY = {"provincial", "secretary", "reader", "host_office", "party_line"}
OF_ONE_LINE = {"party_line", "front_line"}
OF_THE_FRONT = {"reporter", "front_line"}


@pytest.fixture(scope="module")
def callers(service: Service) -> dict[str, httpx.Client]:
    """Every kind of caller, each with a client of its own."""
    town, administrator = service.town, service.as_("administrator")
    for name, (home, grants) in NEWCOMERS.items():
        given = [(role, town.bodies[body], lines) for role, body, lines in grants]
        _, key = a_key(administrator, town.bodies[home], *given)
        town.keys[name] = key["key"]
    found = {name: service.as_(name) for name in CALLERS}
    return {
        **found,
        "administrator": administrator,
        "approver": service.as_("approver"),
        "nobody": service.client(),
    }


@pytest.fixture(scope="module")
def body(service: Service) -> dict[str, str]:
    return {name: str(id) for name, id in service.town.bodies.items()}


@pytest.fixture(scope="module")
def person(service: Service) -> dict[str, str]:
    return {name: str(id) for name, id in service.town.people.items()}


@pytest.fixture(scope="module")
def office(service: Service) -> httpx.Client:
    """May do everything of meetings and tasks in each body of the commune, and sees what is restricted."""
    bodies = service.town.bodies
    where = [bodies[name] for name in ("commune", "party", "office", "committee", "front")]
    grants = [(role, one, None) for role in ("secretary", "approver") for one in where]
    _, key = a_key(service.as_("administrator"), bodies["commune"], *grants)
    return service.client(key["key"])


def ids(client: httpx.Client, path: str, **asked: Any) -> set[str]:
    return {row["id"] for row in every(client, path, **asked)}


def total(client: httpx.Client, path: str, **asked: Any) -> int:
    return int(shown(client.get(path, params={**asked, "limit": 1, "include_total": True}))["total"])


def refused(answer: httpx.Response, status: int) -> None:
    """Not allowed, or not there: a problem either way, and nothing of what was asked for."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"


# -- meetings and what they contain


def public_and_scheduled(office: httpx.Client, meeting: Json) -> None:
    office.patch(f"/v1/meetings/{meeting['id']}", json={"visibility": "public"}, headers=ANY)
    move(office, meeting, "schedule")


def said_at(client: httpx.Client, meeting: Json, told: str = "x") -> dict[str, str]:
    """Something said, found and directed there: the id of each."""
    bodies: dict[str, Json] = {
        "speeches": {"attribution_text": told},
        "findings": {"kind": "limitation", "text": told},
        "directives": {"text": told},
    }
    path = f"/v1/meetings/{meeting['id']}"
    return {noun: made(client.post(f"{path}/{noun}", json=body))["id"] for noun, body in bodies.items()}


def turned(to: str, *steps: str) -> Callable[[httpx.Client, Json], None]:
    """The meeting is shown so, and moved so."""

    def turn(office: httpx.Client, meeting: Json) -> None:
        office.patch(f"/v1/meetings/{meeting['id']}", json={"visibility": to}, headers=ANY)
        for step in steps:
            move(office, meeting, step, **({"comment": "Bão"} if step in {"postpone", "cancel"} else {}))

    return turn


MEETINGS: dict[str, tuple[Callable[[httpx.Client, Json], None], set[str]]] = {
    "draft": (turned("internal"), OVER_THE_PARTY),
    "public draft": (turned("public"), OVER_THE_PARTY),
    "restricted draft": (turned("restricted"), {"reader", "host_office"}),
    "cancelled draft": (turned("internal", "cancel"), OVER_THE_PARTY),
    "scheduled": (turned("internal", "schedule"), OVER_THE_PARTY | OF_THE_FRONT),
    "postponed": (turned("internal", "schedule", "postpone"), OVER_THE_PARTY | OF_THE_FRONT),
    "held": (turned("internal", "hold"), OVER_THE_PARTY | OF_THE_FRONT),
    "called off": (turned("internal", "schedule", "cancel"), OVER_THE_PARTY | OF_THE_FRONT),
    "restricted": (turned("restricted", "schedule"), {"reader", "host_office", "reporter"}),
    "public": (turned("public", "schedule"), TENANT),
}


@pytest.mark.parametrize("state", MEETINGS)
def test_a_meeting_and_all_it_contains_are_seen_by_whom_its_state_allows_and_by_no_way_by_others(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str], state: str
) -> None:
    turn, allowed = MEETINGS[state]
    token = f"dauhieu{list(MEETINGS).index(state)}x"
    meeting = a_meeting(
        office,
        body["party"],
        title=f"Hội nghị {token}",
        record="reported",
        agenda_items=[{"title": "Khai mạc"}],
        participations=[{"organization_id": body["front"], "attendance": "present"}],
    )
    said_at(office, meeting, token)
    turn(office, meeting)
    inside = {
        noun: [one["id"] for one in every(office, f"/v1/meetings/{meeting['id']}/{noun}")]
        for noun in ("agenda-items", "participations", "transitions", *SAID)
    }
    look = ways_to_see if state in LOOKED_AT_CLOSELY else first_ways_to_see
    for who in CALLERS:
        seen = look(callers[who], meeting["id"], inside, token, body["party"])
        wrong = {way for way, sees in seen.items() if sees != (who in allowed)}
        assert wrong == set(), (who, who in allowed)
    nobody = callers["nobody"]
    for path in (
        f"/v1/meetings/{meeting['id']}",
        "/v1/meetings",
        f"/v1/agenda-items/{inside['agenda-items'][0]}",
    ):
        refused(nobody.get(path), 401)


SAID = ("speeches", "findings", "directives")
LOOKED_AT_CLOSELY = set(MEETINGS) if PROOF else {"restricted", "public"}


def first_ways_to_see(
    client: httpx.Client, id: str, inside: dict[str, list[str]], token: str, _: str
) -> dict[str, bool]:
    """The meeting itself, found and listed, and something that it contains."""
    newest = shown(client.get("/v1/meetings?sort=-created_at&limit=1&include_total=true"))["items"]
    return {
        "one": there(client, f"/v1/meetings/{id}"),
        "search": ids(client, "/v1/meetings", q=token) == {id},
        "newest": id in {one["id"] for one in newest},
        "an item": there(client, f"/v1/agenda-items/{inside['agenda-items'][0]}"),
        **{f"one of {noun}": there(client, f"/v1/{noun}/{inside[noun][0]}") for noun in SAID},
    }


def ways_to_see(
    client: httpx.Client, id: str, inside: dict[str, list[str]], token: str, host: str
) -> dict[str, bool]:
    """Each way to look for a meeting, and whether it shows."""
    path = f"/v1/meetings/{id}"
    found = first_ways_to_see(client, id, inside, token, host) | {
        "with contents": there(
            client, path, include=["agenda_items", "participations", "quarterly_tasks", *SAID]
        ),
        "agenda": there(client, f"{path}/agenda"),
        "total": total(client, "/v1/meetings", q=token) == 1,
        "by host": id in ids(client, "/v1/meetings", host_organization_id=host, q=token),
        "within": id in ids(client, "/v1/meetings", within=host, q=token),
        "items by meeting": bool(ids(client, "/v1/agenda-items", meeting_id=id)),
    }
    for noun in SAID:
        found |= {
            f"{noun} by meeting": ids(client, f"/v1/{noun}", meeting_id=id) == set(inside[noun]),
            f"{noun} by words": ids(client, f"/v1/{noun}", q=token) == set(inside[noun]),
            f"{noun} counted": total(client, f"/v1/{noun}", q=token) == 1,
            f"newest of {noun}": bool(
                ids(client, f"/v1/{noun}", sort="-created_at") & set(inside[noun]),
            ),
        }
    for noun, single in (
        *((noun, noun) for noun in SAID),
        ("agenda-items", "agenda-items"),
        ("participations", "participations"),
        ("transitions", ""),
    ):
        found[f"{noun} inside"] = there(client, f"{path}/{noun}")
        if single:
            found[f"each of {noun}"] = all(there(client, f"/v1/{single}/{one}") for one in inside[noun])
    for one in inside["transitions"]:
        found["each of transitions"] = there(client, f"/v1/meeting-transitions/{one}")
    return found


def there(client: httpx.Client, path: str, **asked: Any) -> bool:
    answer = client.get(path, params=asked)
    if answer.status_code == 404:
        refused(answer, 404)
        return False
    shown(answer)
    return True


def test_a_meeting_of_a_body_is_not_seen_from_beside_it(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    meeting = a_meeting(office, body["committee"], participations=[{"organization_id": body["front"]}])
    move(office, meeting, "schedule")
    seen = {who for who in CALLERS if there(callers[who], f"/v1/meetings/{meeting['id']}")}
    assert seen == {"provincial", "secretary", "reporter", "front_line", "state_office"}


def test_who_leaves_a_meeting_no_longer_sees_it(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    meeting = a_meeting(office, body["party"])
    said = said_at(office, meeting)
    move(office, meeting, "schedule")
    path = f"/v1/meetings/{meeting['id']}"
    for change in ("leave", "swap"):
        joined = made(office.post(f"{path}/participations", json={"organization_id": body["front"]}))
        assert there(callers["reporter"], path)
        assert all(there(callers["reporter"], f"/v1/{noun}/{id}") for noun, id in said.items())
        one = f"/v1/participations/{joined['id']}"
        if change == "leave":
            assert office.delete(one, headers=ANY).status_code == 204
        else:
            shown(office.patch(one, json={"organization_id": body["committee"]}, headers=ANY))
        assert not there(callers["reporter"], path), change
        for noun in ("agenda-items", *SAID):
            assert ids(callers["reporter"], f"/v1/{noun}", meeting_id=meeting["id"]) == set()
        assert not any(there(callers["reporter"], f"/v1/{noun}/{id}") for noun, id in said.items())
    assert there(callers["state_office"], path)


def test_the_tasks_beside_a_meeting_are_those_the_caller_sees(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    meeting = a_meeting(office, body["party"], visibility="public")
    move(office, meeting, "schedule")
    draft = a_task(office, body["party"], body["front"], set_at_meeting_id=meeting["id"])
    given = a_task(office, body["party"], body["front"], set_at_meeting_id=meeting["id"])
    move(office, given, "issue")
    expected = {
        **{who: {draft["id"], given["id"]} for who in OVER_THE_PARTY},
        **{who: {given["id"]} for who in OF_THE_FRONT},
        "neighbour": set[str](),
        "state_office": set[str](),
    }
    for who, tasks in expected.items():
        beside = shown(
            callers[who].get(f"/v1/meetings/{meeting['id']}", params={"include": "quarterly_tasks"})
        )
        assert {one["id"] for one in beside["quarterly_tasks"]} == tasks, who
        (listed,) = [
            one
            for one in every(callers[who], "/v1/meetings", include="quarterly_tasks", code=meeting["code"])
            if one["id"] == meeting["id"]
        ]
        assert listed == beside


# -- tasks


TASKS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "draft": ((), OVER_THE_PARTY),
    "withdrawn": (("cancel",), OVER_THE_PARTY),
    "assigned": (("issue",), OVER_THE_PARTY | OF_THE_FRONT | {"state_office"}),
    "declined": (("issue", "decline"), OVER_THE_PARTY),
    "cancelled": (("issue", "start", "cancel"), OVER_THE_PARTY | OF_THE_FRONT | {"state_office"}),
}


@pytest.mark.parametrize("state", TASKS)
def test_a_task_and_its_history_are_seen_by_whom_its_state_allows_and_by_no_way_by_others(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str], state: str
) -> None:
    steps, allowed = TASKS[state]
    token = f"dauhieu{state}"
    lines = [
        {"organization_id": body["front"], "role": "lead"},
        {"organization_id": body["committee"], "role": "supervising"},
    ]
    task = a_task(office, body["party"], title=f"Nhiệm vụ {token}", assignments=lines)
    for step in steps:
        move(office, task, step, comment="Lý do")
    path = f"/v1/quarterly-tasks/{task['id']}"
    entries = [one["id"] for one in every(office, f"{path}/entries")]
    tasks = "/v1/quarterly-tasks"
    for who in CALLERS:
        client = callers[who]
        seen = {
            "one": there(client, path),
            "search": ids(client, tasks, q=token) == {task["id"]},
            "entries": there(client, f"{path}/entries"),
            "each entry": all(there(client, f"/v1/task-entries/{one}") for one in entries[-1:]),
        }
        if not entries:
            del seen["each entry"]
        if state in {"draft", "assigned"}:
            seen |= {
                "on a day": there(client, path, as_of="2025-10-01"),
                "total": total(client, tasks, q=token) == 1,
                "transitions": there(client, f"{path}/transitions"),
                "by issuer": task["id"] in ids(client, tasks, issuing_organization_id=body["party"], q=token),
                "by lead": task["id"] in ids(client, tasks, lead_organization_id=body["front"], q=token),
                "by role": task["id"]
                in ids(client, tasks, assigned_organization_id=body["committee"], q=token),
                "within": task["id"] in ids(client, tasks, within=body["commune"], q=token),
            }
        assert {way for way, sees in seen.items() if sees != (who in allowed)} == set(), (who, who in allowed)
    refused(callers["nobody"].get(path), 401)


def test_who_is_no_longer_assigned_no_longer_sees_the_task(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    task = a_task(office, body["party"], body["front"])
    move(office, task, "issue")
    path = f"/v1/quarterly-tasks/{task['id']}"
    said = {"kind": "reassigned", "text": "Giao lại"}
    lines = [{"organization_id": body["committee"], "role": "lead"}]
    made(office.post(f"{path}/entries", json={**said, "assignments": lines}))
    assert not there(callers["reporter"], path)
    assert not there(callers["reporter"], f"{path}/entries")
    assert there(callers["state_office"], path)


def test_a_task_that_was_declined_and_then_cancelled_stays_with_its_issuer(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    """A draft is the issuer's own business, also when it is thrown away."""
    task = a_task(office, body["party"], body["front"])
    for step in ("issue", "decline", "cancel"):
        move(office, task, step, comment="Lý do")
    seen = {who for who in CALLERS if there(callers[who], f"/v1/quarterly-tasks/{task['id']}")}
    assert seen == OVER_THE_PARTY


# -- the directory


def test_organizations_and_people_are_a_directory_for_the_whole_tenant(
    callers: dict[str, httpx.Client], body: dict[str, str], person: dict[str, str]
) -> None:
    for who in CALLERS:
        is_theirs = who in TENANT
        for path, lists in (
            (f"/v1/organizations/{body['party']}", "/v1/organizations"),
            (f"/v1/speakers/{person['chair']}", "/v1/speakers"),
        ):
            assert there(callers[who], path) == is_theirs, who
            assert (path.rpartition("/")[2] in ids(callers[who], lists)) == is_theirs, who
        assert there(callers[who], f"/v1/speakers/{person['chair']}/positions") == is_theirs, who
        assert there(callers[who], f"/v1/organizations/{body['elsewhere']}") != is_theirs, who
        assert (person["alien"] in ids(callers[who], "/v1/speakers", q="alien")) != is_theirs, who
    assert ids(callers["stranger"], "/v1/organizations", within=body["province"]) == set()
    found = shown(callers["stranger"].get("/v1/speakers", params={"include_total": True}))
    assert (len(found["items"]), found["total"]) == (1, 1)


def test_private_members_show_to_whoever_may_write_people_of_that_body(
    service: Service,
    callers: dict[str, httpx.Client],
    body: dict[str, str],
    person: dict[str, str],
) -> None:
    administrator, bodies = callers["administrator"], service.town.bodies
    neighbour = made(
        administrator.post(
            "/v1/speakers",
            json={"full_name": "Láng Giềng", "organization_id": body["neighbour_party"], "phone": "0900 111"},
        )
    )
    _, key = a_key(administrator, bodies["commune"], ("secretary", bodies["commune"], ["party"]))
    _, both = a_key(
        administrator,
        bodies["commune"],
        ("reader", bodies["province"], None),
        ("secretary", bodies["commune"], ["front"]),
    )
    _, narrowed = a_key(
        administrator, bodies["commune"], ("secretary", bodies["commune"], None), scopes=["speakers:read"]
    )
    those = {
        **callers,
        "party secretary": service.client(key["key"]),
        "front secretary": service.client(both["key"]),
        "narrowed": service.client(narrowed["key"]),
    }
    expected = {
        "provincial": set[str](),
        "reader": set[str](),
        "reporter": set[str](),
        "narrowed": set[str](),
        "secretary": {"chair", "fronter"},
        "party secretary": {"chair"},
        "front secretary": {"fronter"},
        "neighbour": {"neighbour"},
        "administrator": {"chair", "fronter", "neighbour"},
    }
    named = {"chair": person["chair"], "fronter": person["fronter"], "neighbour": neighbour["id"]}
    for who, told in expected.items():
        listed = {one["id"]: one for one in every(those[who], "/v1/speakers")}
        for name, id in named.items():
            one = shown(those[who].get(f"/v1/speakers/{id}"))
            assert one == listed[id]
            private = (one["email"], one["phone"])
            full = (None, "0900 111") if name == "neighbour" else ("a@b.vn", None)
            assert private == (full if name in told else (None, None)), (who, name)


@pytest.mark.on_both
def test_the_tag_of_a_person_differs_for_who_sees_more(
    callers: dict[str, httpx.Client], person: dict[str, str]
) -> None:
    path = f"/v1/speakers/{person['chair']}"
    tags = {who: callers[who].get(path).headers["etag"] for who in ("secretary", "reader")}
    assert tags["secretary"] != tags["reader"]
    assert callers["reader"].get(path, headers={"if-none-match": tags["secretary"]}).status_code == 200


@pytest.mark.on_both
def test_private_members_are_in_no_change_for_anybody(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    places = latest(callers)
    secrets = {"email": "rat-kin@xa.vn", "phone": "0987 654 321"}
    one = made(
        office.post("/v1/speakers", json={"full_name": "Kín", "organization_id": body["office"], **secrets})
    )
    path = f"/v1/speakers/{one['id']}"
    shown(office.patch(path, json={"email": "kin-hon@xa.vn"}, headers=ANY))
    assert office.delete(path, headers=ANY).status_code == 204
    for who in [*CALLERS, "administrator"]:
        answer = callers[who].get("/v1/changes", params={"cursor": places[who]})
        assert not any(secret in answer.text for secret in ("rat-kin", "kin-hon", "0987")), who
        assert len(shown(answer)["items"]) == (3 if who != "stranger" else 0), who


# -- principals, grants and keys


def test_principals_grants_and_keys_are_for_their_administrators(
    service: Service, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    administrator, front = callers["administrator"], service.town.bodies["front"]
    places = latest(callers)
    who, key = a_key(administrator, front, ("reader", front, None))
    path = f"/v1/principals/{who['id']}"
    (grant,) = every(administrator, f"{path}/grants")
    singles = (path, f"{path}/grants", f"{path}/keys", f"/v1/grants/{grant['id']}", f"/v1/keys/{key['id']}")
    for single in singles:
        assert there(administrator, single)
        for other in ("neighbour", "stranger"):
            assert not there(callers[other], single), other
        for other in set(CALLERS) - {"neighbour", "stranger"}:
            refused(callers[other].get(single), 403)
    assert who["id"] in ids(administrator, "/v1/principals", organization_id=str(front))
    for other in ("neighbour", "stranger"):
        assert who["id"] not in ids(callers[other], "/v1/principals")
        assert ids(callers[other], "/v1/principals", within=body["commune"]) == set()
    told = {
        one: [
            item["name"]
            for item in shown(callers[one].get("/v1/changes", params={"cursor": places[one]}))["items"]
        ]
        for one in (*CALLERS, "administrator")
    }
    assert told["administrator"] == ["principal.created", "grant.created", "key.created"]
    assert {one for one, names in told.items() if names} == {"administrator"}


def test_an_administrator_of_one_line_does_not_see_who_is_at_home_in_another(
    service: Service, callers: dict[str, httpx.Client]
) -> None:
    bodies, administrator = service.town.bodies, callers["administrator"]
    _, key = a_key(administrator, bodies["commune"], ("admin", bodies["commune"], ["party"]))
    of_the_party = service.client(key["key"])
    fronts, _ = a_key(administrator, bodies["front"], ("reader", bodies["front"], None))
    theirs, _ = a_key(administrator, bodies["party"], ("reader", bodies["party"], None))
    assert there(of_the_party, f"/v1/principals/{theirs['id']}")
    assert not there(of_the_party, f"/v1/principals/{fronts['id']}")
    assert fronts["id"] not in ids(of_the_party, "/v1/principals")


# -- grants that are limited, keys that are narrowed


def test_a_grant_limited_to_a_line_writes_for_its_bodies_alone(
    service: Service, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    bodies = service.town.bodies
    _, key = a_key(
        callers["administrator"],
        bodies["commune"],
        ("reader", bodies["commune"], None),
        ("secretary", bodies["commune"], ["party", "state"]),
    )
    limited = service.client(key["key"])
    for host, status in (
        ("party", 201),
        ("office", 201),
        ("committee", 201),
        ("front", 403),
        ("commune", 403),
    ):
        said = {"host_organization_id": body[host], "title": "x", "held_on": "2025-09-04"}
        assert limited.post("/v1/meetings", json=said).status_code == status, host
        asked = {"issuing_organization_id": body[host], "title": "x", "quarter": "2025-Q4"}
        assert limited.post("/v1/quarterly-tasks", json=asked).status_code == status, host
    fronts = a_meeting(callers["secretary"], body["front"])
    assert there(limited, f"/v1/meetings/{fronts['id']}")
    refused(limited.patch(f"/v1/meetings/{fronts['id']}", json={"title": "y"}, headers=ANY), 403)


def test_the_scopes_of_a_key_narrow_what_its_holder_may_do(
    service: Service, callers: dict[str, httpx.Client], office: httpx.Client, body: dict[str, str]
) -> None:
    bodies = service.town.bodies
    commune = bodies["commune"]
    _, key = a_key(
        callers["administrator"],
        commune,
        ("secretary", commune, None),
        scopes=["meetings:read", "meetings:write", "organizations:read", "principals:read"],
    )
    narrowed = service.client(key["key"])
    meeting = a_meeting(narrowed, body["party"])
    assert there(narrowed, f"/v1/meetings/{meeting['id']}")
    for path in ("/v1/quarterly-tasks", "/v1/speakers", "/v1/changes"):
        refused(narrowed.get(path), 403)
    refused(narrowed.get("/v1/principals"), 403)  # its grants do not allow it: a scope adds nothing
    asked = {"issuing_organization_id": body["party"], "title": "x", "quarter": "2025-Q4"}
    refused(narrowed.post("/v1/quarterly-tasks", json=asked), 403)
    assert ids(narrowed, "/v1/meetings") == ids(callers["secretary"], "/v1/meetings")


def test_a_key_for_meetings_alone_shows_no_tasks_beside_them(
    service: Service, callers: dict[str, httpx.Client], office: httpx.Client, body: dict[str, str]
) -> None:
    commune = service.town.bodies["commune"]
    _, key = a_key(callers["administrator"], commune, ("secretary", commune, None), scopes=["meetings:read"])
    meeting = a_meeting(office, body["party"])
    a_task(office, body["party"], set_at_meeting_id=meeting["id"])
    path = f"/v1/meetings/{meeting['id']}"
    answer = service.client(key["key"]).get(path, params={"include": "quarterly_tasks"})
    assert answer.status_code == 403 or answer.json()["quarterly_tasks"] == [], answer.text


@pytest.mark.on_both
def test_a_key_that_follows_changes_is_told_of_what_its_scopes_may_read_alone(
    service: Service, callers: dict[str, httpx.Client], office: httpx.Client, body: dict[str, str]
) -> None:
    bodies = service.town.bodies
    _, key = a_key(
        callers["administrator"],
        bodies["commune"],
        ("secretary", bodies["commune"], None),
        ("admin", bodies["commune"], None),
        scopes=["changes:read", "meetings:read"],
    )
    follower = service.client(key["key"])
    place = shown(follower.get("/v1/changes?cursor=latest"))["next_cursor"]
    a_meeting(office, body["party"])
    a_task(office, body["party"])
    a_key(callers["administrator"], bodies["front"], ("reader", bodies["front"], None))
    told = {one["name"] for one in shown(follower.get("/v1/changes", params={"cursor": place}))["items"]}
    assert told == {"meeting.created"}


# -- allowed, not allowed, not visible


Write = tuple[str, str, Json | None]


@pytest.fixture(scope="module")
def hidden(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str], person: dict[str, str]
) -> dict[str, str]:
    """Rows of the party's own, that the neighbour does not see; and public ones, that it does."""
    rows: dict[str, str] = {"person": person["chair"], "party": body["party"]}
    for kind in ("internal", "public"):
        meeting = a_meeting(
            office,
            body["party"],
            visibility=kind,
            agenda_items=[{"title": "Khai mạc"}],
            participations=[{"organization_id": body["party"]}],
        )
        move(office, meeting, "schedule")
        path = f"/v1/meetings/{meeting['id']}"
        rows |= {f"{kind}_{noun}": id for noun, id in said_at(office, meeting).items()}
        rows |= {
            f"{kind}_meeting": meeting["id"],
            f"{kind}_item": every(office, f"{path}/agenda-items")[0]["id"],
            f"{kind}_participation": every(office, f"{path}/participations")[0]["id"],
        }
    for kind, lead in (
        ("internal", "front"),
        ("public", "committee"),
    ):  # the second one is shown to the committee
        task = a_task(office, body["party"], body[lead])
        move(office, task, "issue")
        rows[f"{kind}_task"] = task["id"]
    position = {"organization_id": body["party"], "title": "Bí thư"}
    rows["position"] = made(office.post(f"/v1/speakers/{person['chair']}/positions", json=position))["id"]
    return rows


def writes(rows: dict[str, str], kind: str) -> Iterator[Write]:
    """Every write on what a meeting or task of that kind is."""
    meeting, item = f"/v1/meetings/{rows[f'{kind}_meeting']}", f"/v1/agenda-items/{rows[f'{kind}_item']}"
    participation = f"/v1/participations/{rows[f'{kind}_participation']}"
    task = f"/v1/quarterly-tasks/{rows[f'{kind}_task']}"
    yield "PATCH", meeting, {"title": "Của tôi"}
    yield "DELETE", meeting, None
    yield "POST", f"{meeting}/transitions", {"transition": "start"}
    yield "POST", f"{meeting}/agenda-items", {"title": "Của tôi"}
    yield "POST", f"{meeting}/participations", {"organization_id": rows["party"]}
    yield "PUT", f"{meeting}/agenda", {"items": [{"id": rows[f"{kind}_item"]}]}
    yield "PATCH", item, {"title": "Của tôi"}
    yield "DELETE", item, None
    yield "PATCH", participation, {"attendance": "absent"}
    yield "DELETE", participation, None
    for noun, new in (
        ("speeches", {"attribution_text": "Của tôi"}),
        ("findings", {"kind": "result", "text": "Của tôi"}),
        ("directives", {"text": "Của tôi"}),
    ):
        one = f"/v1/{noun}/{rows[f'{kind}_{noun}']}"
        yield "POST", f"{meeting}/{noun}", {**new, "position": 0}
        yield "PATCH", one, new
        yield "PATCH", one, {"position": 0}
        yield "DELETE", one, None
    for noun in ("findings", "directives"):
        one = f"/v1/{noun}/{rows[f'{kind}_{noun}']}/quarterly-tasks"
        yield "POST", one, {"title": "Của tôi", "quarter": "2025-Q4"}
    yield "PATCH", task, {"title": "Của tôi"}
    yield "DELETE", task, None
    yield "POST", f"{task}/transitions", {"transition": "cancel", "comment": "x"}
    yield "POST", f"{task}/transitions", {"transition": "confirm"}
    yield "POST", f"{task}/entries", {"kind": "due_date_changed", "due_date": "2025-12-01", "text": "x"}


def directory_writes(rows: dict[str, str]) -> Iterator[Write]:
    """Every write on people and bodies."""
    person, party = f"/v1/speakers/{rows['person']}", rows["party"]
    yield "POST", "/v1/speakers", {"full_name": "x", "organization_id": party}
    yield "PATCH", person, {"full_name": "x"}
    yield "DELETE", person, None
    yield "POST", f"{person}/positions", {"organization_id": party, "title": "x"}
    yield "PATCH", f"/v1/positions/{rows['position']}", {"title": "x"}
    yield "DELETE", f"/v1/positions/{rows['position']}", None
    yield "PATCH", f"/v1/organizations/{party}", {"name": "x"}
    yield "DELETE", f"/v1/organizations/{party}", None
    cell = {"parent_id": party, "name": "x", "kind": "other", "line": "other", "level": "village"}
    yield "POST", "/v1/organizations", cell


def tried(client: httpx.Client, write: Write) -> httpx.Response:
    method, path, said = write
    return client.request(method, path, json=said, headers=ANY)


def test_what_is_not_visible_is_not_there_for_any_write(
    callers: dict[str, httpx.Client], hidden: dict[str, str]
) -> None:
    for who in ("neighbour", "stranger"):
        for write in writes(hidden, "internal"):
            refused(tried(callers[who], write), 404)
    for write in directory_writes(hidden):
        refused(tried(callers["stranger"], write), 404)


def test_what_is_visible_and_not_allowed_there_is_forbidden(
    callers: dict[str, httpx.Client], hidden: dict[str, str]
) -> None:
    for write in writes(hidden, "public"):
        who = "state_office" if "/quarterly-tasks/" in write[1] else "neighbour"
        refused(tried(callers[who], write), 403)
    for write in directory_writes(hidden):
        refused(tried(callers["neighbour"], write), 403)


def test_what_is_allowed_nowhere_is_forbidden_even_where_nothing_is_visible(
    callers: dict[str, httpx.Client], hidden: dict[str, str]
) -> None:
    for who in ("reader", "provincial", "party_line"):
        for kind in ("internal", "public"):
            for write in writes(hidden, kind):
                refused(tried(callers[who], write), 403)
        for write in directory_writes(hidden):
            refused(tried(callers[who], write), 403)


def test_without_a_credential_nothing_is_written_nor_read(
    callers: dict[str, httpx.Client], hidden: dict[str, str]
) -> None:
    for write in (*writes(hidden, "public"), *directory_writes(hidden)):
        answer = tried(callers["nobody"], write)
        refused(answer, 401)
        assert answer.headers["www-authenticate"]
    for key in ("", "x", "mm_1_2", f"mm_{'0' * 32}_{'0' * 64}"):
        refused(callers["nobody"].get("/v1/meetings", headers={"x-api-key": key}), 401)


@pytest.mark.on_both
def test_nothing_of_all_that_was_refused_was_done(
    office: httpx.Client, hidden: dict[str, str], body: dict[str, str]
) -> None:
    for kind in ("internal", "public"):
        meeting = shown(
            office.get(f"/v1/meetings/{hidden[f'{kind}_meeting']}", params={"include": "agenda_items"})
        )
        assert (meeting["title"], meeting["status"], len(meeting["agenda_items"])) == (
            "Hội nghị giao ban",
            "scheduled",
            1,
        )
        assert shown(office.get(f"/v1/quarterly-tasks/{hidden[f'{kind}_task']}"))["status"] == "assigned"
        assert there(office, f"/v1/participations/{hidden[f'{kind}_participation']}")
        for noun in SAID:
            (one,) = every(office, f"/v1/meetings/{meeting['id']}/{noun}")
            assert (one["id"], one["version"]) == (hidden[f"{kind}_{noun}"], 1)
        for member, noun in (("directive_id", "directives"), ("answers_finding_id", "findings")):
            assert every(office, "/v1/quarterly-tasks", **{member: hidden[f"{kind}_{noun}"]}) == []
    assert shown(office.get(f"/v1/organizations/{body['party']}"))["version"] == 1


# -- every id is resolved through what the caller sees


@pytest.fixture(scope="module")
def foreign(
    callers: dict[str, httpx.Client], body: dict[str, str], person: dict[str, str]
) -> dict[str, dict[str, str]]:
    """An id of each kind from another tenant, and from a neighbour whose rows are not visible."""
    found = {"stranger": {"organization": body["elsewhere"], "speaker": person["alien"]}, "neighbour": {}}
    for who, host in (("stranger", "elsewhere"), ("neighbour", "neighbour_party")):
        meeting = a_meeting(callers[who], body[host], agenda_items=[{"title": "x"}])
        found[who] |= {
            "meeting": meeting["id"],
            "item": every(callers[who], f"/v1/meetings/{meeting['id']}/agenda-items")[0]["id"],
            "task": a_task(callers[who], body[host])["id"],
            **said_at(callers[who], meeting),
        }
    return found


@pytest.mark.parametrize("whose", ["stranger", "neighbour"])
def test_an_id_in_a_body_that_the_caller_does_not_see_is_not_there(
    office: httpx.Client, body: dict[str, str], foreign: dict[str, dict[str, str]], whose: str
) -> None:
    other, party = foreign[whose], body["party"]
    mine = a_meeting(
        office, party, participations=[{"organization_id": party}], agenda_items=[{"title": "x"}]
    )
    task = a_task(office, party, body["front"])
    issued = a_task(office, party, body["front"])
    move(office, issued, "issue")
    path = f"/v1/meetings/{mine['id']}"
    item = f"/v1/agenda-items/{every(office, f'{path}/agenda-items')[0]['id']}"
    said = {noun: f"/v1/{noun}/{id}" for noun, id in said_at(office, mine).items()}
    cause = {"kind": "cause", "text": "x", "cause_of_id": other["findings"]}
    participation = f"/v1/participations/{every(office, f'{path}/participations')[0]['id']}"
    set_task = {"issuing_organization_id": party, "title": "x", "quarter": "2025-Q4"}
    hold = {"host_organization_id": party, "title": "x", "held_on": "2025-09-04"}
    cases: list[tuple[str, str, str, Json]] = [
        ("POST", "/v1/meetings", "previous_meeting_id", {**hold, "previous_meeting_id": other["meeting"]}),
        ("PATCH", path, "previous_meeting_id", {"previous_meeting_id": other["meeting"]}),
        ("POST", f"{path}/agenda-items", "parent_id", {"title": "x", "parent_id": other["item"]}),
        ("POST", f"{path}/agenda-items", "carried_from_id", {"title": "x", "carried_from_id": other["item"]}),
        ("PATCH", item, "carried_from_id", {"carried_from_id": other["item"]}),
        (
            "POST",
            "/v1/meetings",
            "agenda_items/0/carried_from_id",
            {**hold, "agenda_items": [{"title": "x", "carried_from_id": other["item"]}]},
        ),
        (
            "POST",
            "/v1/quarterly-tasks",
            "set_at_meeting_id",
            {**set_task, "set_at_meeting_id": other["meeting"]},
        ),
        ("POST", "/v1/quarterly-tasks", "agenda_item_id", {**set_task, "agenda_item_id": other["item"]}),
        ("POST", "/v1/quarterly-tasks", "parent_id", {**set_task, "parent_id": other["task"]}),
        (
            "PATCH",
            f"/v1/quarterly-tasks/{task['id']}",
            "set_at_meeting_id",
            {"set_at_meeting_id": other["meeting"]},
        ),
        ("PATCH", f"/v1/quarterly-tasks/{task['id']}", "parent_id", {"parent_id": other["task"]}),
        *_of_the_same_meeting(path, said, other),
        ("POST", f"{path}/findings", "cause_of_id", cause),
        ("PATCH", said["findings"], "cause_of_id", {"kind": "cause", "cause_of_id": other["findings"]}),
        ("POST", "/v1/quarterly-tasks", "directive_id", {**set_task, "directive_id": other["directives"]}),
        (
            "POST",
            "/v1/quarterly-tasks",
            "answers_finding_id",
            {**set_task, "answers_finding_id": other["findings"]},
        ),
        (
            "PATCH",
            f"/v1/quarterly-tasks/{task['id']}",
            "directive_id",
            {"directive_id": other["directives"]},
        ),
        (
            "PATCH",
            f"/v1/quarterly-tasks/{task['id']}",
            "answers_finding_id",
            {"answers_finding_id": other["findings"]},
        ),
    ]
    if "organization" in other:
        there, they = other["organization"], other["speaker"]
        cases += [
            ("POST", "/v1/meetings", "host_organization_id", {**hold, "host_organization_id": there}),
            (
                "POST",
                "/v1/meetings",
                "participations/1/organization_id",
                {**hold, "participations": [{"organization_id": party}, {"organization_id": there}]},
            ),
            (
                "POST",
                "/v1/meetings",
                "participations/0/speaker_id",
                {**hold, "participations": [{"organization_id": party, "speaker_id": they}]},
            ),
            (
                "POST",
                "/v1/meetings",
                "agenda_items/0/presenter_id",
                {**hold, "agenda_items": [{"title": "x", "presenter_id": they}]},
            ),
            *_who_and_for_whom(path, said, there, they),
            ("POST", f"{path}/participations", "organization_id", {"organization_id": there}),
            (
                "POST",
                f"{path}/participations",
                "substitute_for_id",
                {"organization_id": party, "substitute_for_id": they},
            ),
            ("PATCH", participation, "organization_id", {"organization_id": there}),
            ("PATCH", participation, "speaker_id", {"speaker_id": they}),
            (
                "POST",
                f"{path}/agenda-items",
                "presenting_organization_id",
                {"title": "x", "presenting_organization_id": there},
            ),
            ("PATCH", item, "presenter_id", {"presenter_id": they}),
            (
                "POST",
                "/v1/quarterly-tasks",
                "issuing_organization_id",
                {**set_task, "issuing_organization_id": there},
            ),
            ("POST", "/v1/quarterly-tasks", "issued_by_id", {**set_task, "issued_by_id": they}),
            (
                "POST",
                "/v1/quarterly-tasks",
                "assignments/0/organization_id",
                {**set_task, "assignments": [{"organization_id": there, "role": "lead"}]},
            ),
            (
                "PATCH",
                f"/v1/quarterly-tasks/{task['id']}",
                "assignments/0/speaker_id",
                {"assignments": [{"organization_id": party, "role": "lead", "speaker_id": they}]},
            ),
            (
                "POST",
                f"/v1/quarterly-tasks/{issued['id']}/entries",
                "assignments/0/organization_id",
                {
                    "kind": "reassigned",
                    "text": "x",
                    "assignments": [{"organization_id": there, "role": "lead"}],
                },
            ),
            ("POST", "/v1/speakers", "organization_id", {"full_name": "x", "organization_id": there}),
            (
                "POST",
                "/v1/speakers",
                "positions/0/organization_id",
                {
                    "full_name": "x",
                    "organization_id": party,
                    "positions": [{"organization_id": there, "title": "x"}],
                },
            ),
        ]
    for method, where, pointer, sent in cases:
        answer = office.request(method, where, json=sent, headers=ANY)
        assert answer.status_code == 404, (method, where, pointer, answer.text)
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{pointer}"], (
            method,
            where,
            answer.text,
        )


Case = tuple[str, str, str, Json]
SAID_SO: dict[str, Json] = {
    "speeches": {"attribution_text": "x"},
    "findings": {"kind": "result", "text": "x"},
    "directives": {"text": "x"},
}


def _of_the_same_meeting(path: str, mine: dict[str, str], other: dict[str, str]) -> Iterator[Case]:
    """What a speech, a finding and a directive name of what their meeting contains."""
    for noun, body in SAID_SO.items():
        members = {"agenda_item_id": other["item"], "speech_id": other["speeches"]}
        for member, id in members.items():
            if (noun, member) != ("speeches", "speech_id"):
                yield "POST", f"{path}/{noun}", member, {**body, member: id}
                yield "PATCH", mine[noun], member, {member: id}


def _who_and_for_whom(path: str, mine: dict[str, str], there: str, they: str) -> Iterator[Case]:
    """The people and bodies that they name."""
    for noun, member, id in (
        ("speeches", "speaker_id", they),
        ("speeches", "organization_id", there),
        ("findings", "organization_id", there),
        ("directives", "issued_by_id", they),
    ):
        yield "POST", f"{path}/{noun}", member, {**SAID_SO[noun], member: id}
        yield "PATCH", mine[noun], member, {member: id}
    for noun in ("findings", "directives"):
        tasks, lead = f"{mine[noun]}/quarterly-tasks", {"organization_id": there, "role": "lead"}
        known = {"quarter": "2025-Q4"}
        yield "POST", tasks, "issued_by_id", {**known, "issued_by_id": they}
        yield "POST", tasks, "assignments/0/organization_id", {**known, "assignments": [lead]}


def test_what_a_restricted_meeting_directs_and_finds_is_not_there_for_whoever_is_above_it(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    """The commune's secretary may write tasks of the party, and does not see its restricted meeting."""
    secretary, party = callers["secretary"], body["party"]
    restricted = a_meeting(office, party, visibility="restricted", plan_period="2025-Q4")
    said = said_at(office, restricted)
    set_task = {"issuing_organization_id": party, "title": "x", "quarter": "2025-Q4"}
    for member, noun in (("directive_id", "directives"), ("answers_finding_id", "findings")):
        answer = secretary.post("/v1/quarterly-tasks", json={**set_task, member: said[noun]})
        refused(answer, 404)
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{member}"]
        refused(secretary.post(f"/v1/{noun}/{said[noun]}/quarterly-tasks", json={}), 404)
        assert made(office.post(f"/v1/{noun}/{said[noun]}/quarterly-tasks", json={}))[member] == said[noun]
    mine = f"/v1/meetings/{a_meeting(secretary, party)['id']}"
    for noun, member, id in (
        ("findings", "speech_id", said["speeches"]),
        ("findings", "cause_of_id", said["findings"]),
        ("directives", "speech_id", said["speeches"]),
    ):
        answer = secretary.post(f"{mine}/{noun}", json={"text": "x", "kind": KIND_OF[noun], member: id})
        refused(answer, 404)
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{member}"]


KIND_OF = {"findings": "cause", "directives": "instruction"}


def test_an_administrator_cannot_name_bodies_of_another_tenant(
    service: Service, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    administrator = callers["administrator"]
    who, _ = a_key(administrator, service.town.bodies["front"])
    there = body["elsewhere"]
    for path, member, said in (
        ("/v1/principals", "organization_id", {"name": "x"}),
        (f"/v1/principals/{who['id']}/grants", "organization_id", {"role": "reader"}),
        (
            "/v1/organizations",
            "parent_id",
            {"name": "x", "kind": "other", "line": "other", "level": "village"},
        ),
    ):
        answer = administrator.post(path, json={**said, member: there})
        refused(answer, 404)
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{member}"]


@pytest.mark.parametrize("whose", ["stranger", "neighbour"])
def test_an_id_in_a_query_that_the_caller_does_not_see_finds_nothing(
    office: httpx.Client, foreign: dict[str, dict[str, str]], whose: str
) -> None:
    other = foreign[whose]
    cases = {
        "/v1/meetings": {"previous_meeting_id": other["meeting"]},
        "/v1/agenda-items": {"meeting_id": other["meeting"]},
        "/v1/quarterly-tasks": {
            "set_at_meeting_id": other["meeting"],
            "parent_id": other["task"],
            "directive_id": other["directives"],
            "answers_finding_id": other["findings"],
        },
        "/v1/speeches": {"meeting_id": other["meeting"], "agenda_item_id": other["item"]},
        "/v1/findings": {
            "meeting_id": other["meeting"],
            "agenda_item_id": other["item"],
            "speech_id": other["speeches"],
            "cause_of_id": other["findings"],
        },
        "/v1/directives": {
            "meeting_id": other["meeting"],
            "agenda_item_id": other["item"],
            "speech_id": other["speeches"],
        },
    }
    if "organization" in other:
        there = other["organization"]
        cases["/v1/meetings"] |= dict.fromkeys(
            ("host_organization_id", "within", "participating_organization_id"), there
        )
        cases["/v1/quarterly-tasks"] |= dict.fromkeys(
            ("issuing_organization_id", "lead_organization_id", "assigned_organization_id", "within"), there
        )
        cases |= {
            "/v1/organizations": {"parent_id": there, "within": there},
            "/v1/speakers": {"organization_id": there, "within": there},
        }
        cases["/v1/agenda-items"] |= {"presenter_id": other["speaker"]}
        cases["/v1/speeches"] |= {"speaker_id": other["speaker"], "organization_id": there}
        cases["/v1/findings"] |= {"organization_id": there}
        cases["/v1/directives"] |= {"issued_by_id": other["speaker"]}
    for path, asked in cases.items():
        for name, value in asked.items():
            found = shown(office.get(path, params={name: value, "include_total": True}))
            assert (found["items"], found["total"]) == ([], 0), (path, name)
    for path in (
        f"/v1/meetings/{other['meeting']}/agenda",
        f"/v1/meetings/{other['meeting']}/agenda-items",
        f"/v1/meetings/{other['meeting']}/participations",
        f"/v1/meetings/{other['meeting']}/transitions",
        *(f"/v1/meetings/{other['meeting']}/{noun}" for noun in SAID),
        *(f"/v1/{noun}/{other[noun]}" for noun in SAID),
        f"/v1/quarterly-tasks/{other['task']}/entries",
        f"/v1/quarterly-tasks/{other['task']}/transitions",
    ):
        refused(office.get(path), 404)
        refused(office.get(path, headers={"if-none-match": "*"}), 404)


# -- keys that end


def test_a_revoked_key_an_inactive_holder_and_a_lost_grant_are_refused_at_the_next_request(
    service: Service, callers: dict[str, httpx.Client]
) -> None:
    administrator, front = callers["administrator"], service.town.bodies["front"]
    who, key = a_key(administrator, front, ("reader", front, None))
    second = made(administrator.post(f"/v1/principals/{who['id']}/keys", json={"label": "thay"}))
    first_client, second_client = service.client(key["key"]), service.client(second["key"])
    assert administrator.post(f"/v1/principals/{who['id']}/keys", json={"label": "ba"}).status_code == 409
    assert {one.get("/v1/meetings").status_code for one in (first_client, second_client)} == {200}
    shown(administrator.put(f"/v1/keys/{key['id']}/revocation"))
    refused(first_client.get("/v1/meetings"), 401)
    assert second_client.get("/v1/meetings").status_code == 200
    path = f"/v1/principals/{who['id']}"
    shown(administrator.patch(path, json={"is_active": False}, headers=ANY))
    refused(second_client.get("/v1/meetings"), 401)
    shown(administrator.patch(path, json={"is_active": True}, headers=ANY))
    assert second_client.get("/v1/meetings").status_code == 200
    (grant,) = every(administrator, f"{path}/grants")
    assert administrator.delete(f"/v1/grants/{grant['id']}", headers=ANY).status_code == 204
    refused(second_client.get("/v1/meetings"), 403)


def test_a_key_is_refused_from_the_moment_on_that_it_expires(
    service: Service, callers: dict[str, httpx.Client]
) -> None:
    front = service.town.bodies["front"]
    ends = datetime.now(UTC) + timedelta(seconds=1)
    _, key = a_key(callers["administrator"], front, ("reader", front, None), expires_at=ends.isoformat())
    client = service.client(key["key"])
    assert client.get("/v1/meetings").status_code == 200
    time.sleep(max(0, (ends - datetime.now(UTC)).total_seconds()) + 0.01)
    refused(client.get("/v1/meetings"), 401)


def test_a_narrowed_key_makes_none_that_may_do_more(
    service: Service, callers: dict[str, httpx.Client]
) -> None:
    """Else whoever holds it would hold what it was narrowed to keep from them."""
    administrator, front = callers["administrator"], service.town.bodies["front"]
    scopes = ["principals:read", "principals:write"]
    _, narrow = a_key(administrator, front, ("admin", front, None), scopes=scopes)
    holder = service.client(narrow["key"])
    who = made(holder.post("/v1/principals", json={"name": "Người khác", "organization_id": str(front)}))
    keys = f"/v1/principals/{who['id']}/keys"
    for wide in (None, ["meetings:read"], [*scopes, "meetings:read"]):
        told = holder.post(keys, json={"label": "rộng", "scopes": wide})
        assert (told.status_code, told.json()["code"]) == (403, "forbidden"), wide
        assert "scopes" in told.json()["detail"]
    assert every(administrator, keys) == []
    assert made(holder.post(keys, json={"label": "hẹp", "scopes": scopes[:1]}))["scopes"] == scopes[:1]


def test_the_last_use_that_a_key_shows_is_never_called_unchanged(
    service: Service, callers: dict[str, httpx.Client]
) -> None:
    administrator, front = callers["administrator"], service.town.bodies["front"]
    who, key = a_key(administrator, front, ("reader", front, None))
    paths = (f"/v1/keys/{key['id']}", f"/v1/principals/{who['id']}/keys")
    before = {path: administrator.get(path) for path in paths}
    assert service.client(key["key"]).get("/v1/meetings").status_code == 200
    deadline = time.monotonic() + 3
    while administrator.get(paths[0]).json()["last_used_at"] is None and time.monotonic() < deadline:
        time.sleep(0.02)
    for path in paths:
        again = administrator.get(path, headers={"if-none-match": before[path].headers.get("etag", "none")})
        assert again.status_code == 200, path


# -- validators and the feed


def latest(callers: dict[str, httpx.Client]) -> dict[str, str]:
    """Where the feed of each caller stands: a place in time, the same for all."""
    place = shown(callers["secretary"].get("/v1/changes?cursor=latest"))["next_cursor"]
    return {who: place for who in callers if who != "nobody"}


@contextmanager
def noticed(callers: dict[str, httpx.Client], path: str) -> Iterator[dict[str, list[str]]]:
    """Who is told of what is done within: by the feed, and by a list's validator. They agree."""
    places, told = latest(callers), dict[str, list[str]]()
    places = {who: place for who, place in places.items() if who not in {"approver", "administrator"}}
    tags = {who: callers[who].get(path).headers["etag"] for who in places}
    yield told
    for who, place in places.items():
        again = callers[who].get(path, headers={"if-none-match": tags[who]})
        changes = shown(callers[who].get("/v1/changes", params={"cursor": place}))["items"]
        told[who] = [one["name"] for one in changes]
        if changes or who not in OF_ONE_LINE:  # whom a look-up may cost that tells the lines apart
            assert (again.status_code == 200) == bool(changes), (who, told[who])


def who_heard(told: dict[str, list[str]], *names: str) -> set[str]:
    """Exactly these changes, each once, for everybody who heard anything."""
    assert all(heard in ([], list(names)) for heard in told.values()), told
    return {who for who, heard in told.items() if heard} & set(CALLERS)


@pytest.mark.on_both
def test_of_a_change_hear_exactly_those_who_see_it_before_or_after(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    lists = "/v1/meetings?limit=1"
    with noticed(callers, lists) as told:
        meeting = a_meeting(office, body["party"])
    assert who_heard(told, "meeting.created") == OVER_THE_PARTY
    path = f"/v1/meetings/{meeting['id']}"
    with noticed(callers, lists) as told:
        joined = made(office.post(f"{path}/participations", json={"organization_id": body["front"]}))
    assert who_heard(told, "participation.created") == OVER_THE_PARTY
    with noticed(callers, lists) as told:
        move(office, meeting, "schedule")
    assert who_heard(told, "meeting.scheduled") == OVER_THE_PARTY | OF_THE_FRONT
    with noticed(callers, lists) as told:
        made(office.post(f"{path}/agenda-items", json={"title": "Khai mạc"}))
    assert who_heard(told, "agenda_item.created") == OVER_THE_PARTY | OF_THE_FRONT
    with noticed(callers, lists) as told:
        said = said_at(office, meeting)
    names = ("speech.created", "finding.created", "directive.created")
    assert who_heard(told, *names) == OVER_THE_PARTY | OF_THE_FRONT
    for visibility, heard in (
        ("public", TENANT),
        ("restricted", TENANT),
        ("internal", OVER_THE_PARTY | OF_THE_FRONT),
    ):
        with noticed(callers, lists) as told:
            shown(office.patch(path, json={"visibility": visibility}, headers=ANY))
        assert who_heard(told, "meeting.updated") == heard, visibility
        see = heard if visibility == "public" else {"reader", "host_office", "reporter"}
        see = see if visibility != "internal" else OVER_THE_PARTY | OF_THE_FRONT
        with noticed(callers, lists) as told:
            change = {"text": f"Đang {visibility}"}
            shown(office.patch(f"/v1/findings/{said['findings']}", json=change, headers=ANY))
        assert who_heard(told, "finding.updated") == see, visibility
    with noticed(callers, lists) as told:
        assert office.delete(f"/v1/directives/{said['directives']}", headers=ANY).status_code == 204
    assert who_heard(told, "directive.deleted") == OVER_THE_PARTY | OF_THE_FRONT
    with noticed(callers, lists) as told:
        assert office.delete(f"/v1/participations/{joined['id']}", headers=ANY).status_code == 204
    assert who_heard(told, "participation.deleted") == OVER_THE_PARTY | OF_THE_FRONT
    with noticed(callers, lists) as told:
        shown(office.patch(path, json={"title": "Khác"}, headers=ANY))
    assert who_heard(told, "meeting.updated") == OVER_THE_PARTY
    draft = a_meeting(office, body["party"])
    with noticed(callers, lists) as told:
        assert office.delete(f"/v1/meetings/{draft['id']}", headers=ANY).status_code == 204
    assert who_heard(told, "meeting.deleted") == OVER_THE_PARTY


@pytest.mark.on_both
def test_of_a_task_hear_its_issuer_and_from_its_assignment_on_its_bodies(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    lists, both = "/v1/quarterly-tasks?limit=1", OVER_THE_PARTY | OF_THE_FRONT
    with noticed(callers, lists) as told:
        task = a_task(office, body["party"], body["front"])
    assert who_heard(told, "quarterly_task.created") == OVER_THE_PARTY
    for transition, name in (("issue", "assigned"), ("decline", "declined"), ("issue", "assigned")):
        with noticed(callers, lists) as told:
            move(office, task, transition, comment="Lý do")
        assert who_heard(told, f"quarterly_task.{name}") == both, transition
    lines = [{"organization_id": body["committee"], "role": "lead"}]
    with noticed(callers, lists) as told:
        said = {"kind": "reassigned", "text": "x", "assignments": lines}
        made(office.post(f"/v1/quarterly-tasks/{task['id']}/entries", json=said))
    assert who_heard(told, "quarterly_task.reassigned") == both | {"state_office"}
    with noticed(callers, lists) as told:
        made(
            office.post(
                f"/v1/quarterly-tasks/{task['id']}/entries", json={"kind": "progress", "progress_percent": 9}
            )
        )
    assert who_heard(told, "quarterly_task.progressed") == OVER_THE_PARTY | {"state_office"}


@pytest.mark.on_both
def test_of_the_directory_hears_the_tenant(
    office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    with noticed(callers, "/v1/speakers?limit=1") as told:
        made(office.post("/v1/speakers", json={"full_name": "Mới", "organization_id": body["front"]}))
    assert who_heard(told, "speaker.created") == TENANT
    cell = {
        "parent_id": body["party"],
        "name": "Chi bộ",
        "kind": "party_cell",
        "line": "party",
        "level": "village",
    }
    with noticed(callers, "/v1/organizations?limit=1") as told:
        made(callers["administrator"].post("/v1/organizations", json=cell))
    assert who_heard(told, "organization.created") == TENANT


@pytest.mark.on_both
def test_a_list_is_new_to_whoever_is_granted_more(
    service: Service, office: httpx.Client, callers: dict[str, httpx.Client], body: dict[str, str]
) -> None:
    administrator, bodies = callers["administrator"], service.town.bodies
    who, key = a_key(administrator, bodies["front"], ("reader", bodies["front"], None))
    client = service.client(key["key"])
    meeting = a_meeting(office, body["committee"])
    tag = client.get("/v1/meetings").headers["etag"]
    assert client.get("/v1/meetings", headers={"if-none-match": tag}).status_code == 304
    grant = {"role": "reader", "organization_id": body["committee"]}
    made(administrator.post(f"/v1/principals/{who['id']}/grants", json=grant))
    again = client.get("/v1/meetings?limit=200", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert meeting["id"] in {one["id"] for one in again.json()["items"]}


@pytest.mark.on_both
def test_two_callers_who_see_different_rows_have_different_tags(
    callers: dict[str, httpx.Client],
) -> None:
    tags = [callers[who].get("/v1/meetings").headers["etag"] for who in CALLERS]
    assert len(set(tags)) == len(tags)
    for who, tag in zip(CALLERS, tags, strict=True):
        for other in CALLERS:
            same = callers[other].get("/v1/meetings", headers={"if-none-match": tag}).status_code == 304
            assert same == (who == other)


# -- without a credential


@pytest.fixture(scope="module")
def open_house(service: Service) -> Iterator[Service]:
    """The same data, served by one who shows public meetings to everybody."""
    settings = Settings(
        database_url=service.database_url, allow_weak_durability=True, public_reading=True, **SETTINGS
    )
    with running(settings) as started:
        started.town = service.town
        yield started


def test_a_public_meeting_is_shown_without_a_credential_where_that_is_set(
    service: Service, open_house: Service, office: httpx.Client, body: dict[str, str]
) -> None:
    passer_by, rows = open_house.client(), dict[str, str]()
    for visibility, steps in (
        ("public", ["schedule"]),
        ("public", []),
        ("internal", ["schedule"]),
        ("restricted", ["schedule"]),
    ):
        meeting = a_meeting(
            office,
            body["party"],
            visibility=visibility,
            agenda_items=[{"title": "Khai mạc"}],
            participations=[{"organization_id": body["front"]}],
        )
        said_at(office, meeting)
        for step in steps:
            move(office, meeting, step)
        rows[f"{visibility} {' '.join(steps) or 'draft'}"] = meeting["id"]
    a_task(office, body["party"], body["front"], set_at_meeting_id=rows["public schedule"])
    listed = ids(passer_by, "/v1/meetings")
    for name, id in rows.items():
        is_public, path = name == "public schedule", f"/v1/meetings/{id}"
        assert (id in listed) == is_public, name
        for way in (
            path,
            f"{path}/agenda",
            f"{path}/agenda-items",
            f"{path}/participations",
            f"{path}/transitions",
            *(f"{path}/{noun}" for noun in SAID),
        ):
            assert there(passer_by, way) == is_public, (name, way)
        for noun in ("agenda-items", *SAID):
            assert bool(ids(passer_by, f"/v1/{noun}", meeting_id=id)) == is_public, name
    beside = shown(
        passer_by.get(
            f"/v1/meetings/{rows['public schedule']}",
            params={"include": ["agenda_items", "participations", *SAID]},
        )
    )
    assert [len(beside[noun]) for noun in SAID] == [1, 1, 1]
    assert (len(beside["agenda_items"]), len(beside["participations"])) == (1, 1)
    tasks = passer_by.get(f"/v1/meetings/{rows['public schedule']}", params={"include": "quarterly_tasks"})
    assert tasks.status_code in {401, 403} or tasks.json()["quarterly_tasks"] == []
    shown(
        office.patch(f"/v1/meetings/{rows['public schedule']}", json={"visibility": "internal"}, headers=ANY)
    )
    assert not there(passer_by, f"/v1/meetings/{rows['public schedule']}")


@pytest.mark.parametrize("path", ["quarterly-tasks", "speakers", "organizations", "changes", "principals"])
def test_nothing_else_is_shown_without_a_credential(open_house: Service, path: str) -> None:
    answer = open_house.client().get(f"/v1/{path}")
    refused(answer, 401)
    assert answer.headers["www-authenticate"]


def test_a_credential_that_does_not_hold_is_refused_though_none_would_do(
    open_house: Service, hidden: dict[str, str]
) -> None:
    refused(open_house.client(f"mm_{'0' * 32}_{'0' * 64}").get("/v1/meetings"), 401)
    for write in writes(hidden, "public"):
        refused(tried(open_house.client(), write), 401)


def test_what_is_shown_without_a_credential_has_validators_too(
    open_house: Service, office: httpx.Client, body: dict[str, str]
) -> None:
    passer_by = open_house.client()
    meeting = a_meeting(office, body["party"], visibility="public")
    tag = passer_by.get("/v1/meetings").headers["etag"]
    assert passer_by.get("/v1/meetings", headers={"if-none-match": tag}).status_code == 304
    move(office, meeting, "schedule")
    again = passer_by.get("/v1/meetings", headers={"if-none-match": tag})
    assert (again.status_code, UUID(again.json()["items"][0]["id"]).version) == (200, 7)
