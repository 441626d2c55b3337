"""The minutes of a meeting: drafted once, submitted after it was held, signed by somebody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import checking
from app.db import today
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_key, a_meeting, every, made, move, shown

pytestmark = pytest.mark.in_turn

# {state: {transition: state afterwards}}
MOVES: dict[str, dict[str, str]] = {
    "draft": {"submit": "in_review"},
    "in_review": {"request_changes": "changes_requested", "withdraw": "draft", "sign": "signed"},
    "changes_requested": {"submit": "in_review"},
    "signed": {"issue": "issued", "open_amendment": "amendment_open"},
    "issued": {"open_amendment": "amendment_open"},
    "amendment_open": {"sign_amendment": "signed"},
}
WAY = {
    "draft": [],
    "in_review": ["submit"],
    "changes_requested": ["submit", "request_changes"],
    "signed": ["submit", "sign"],
    "issued": ["submit", "sign", "issue"],
    "amendment_open": ["submit", "sign", "open_amendment"],
}
TRANSITIONS = (
    *("submit", "request_changes", "withdraw", "sign", "issue", "open_amendment", "sign_amendment"),
)
BY_THE_APPROVER = {"request_changes", "sign", "sign_amendment"}
HELD_ON = "2025-09-04"


@pytest.fixture(scope="module")
def secretary(service: Service) -> Iterator[httpx.Client]:
    yield service.as_("secretary")
    assert list(checking.faults(service.engine)) == []


@pytest.fixture(scope="module")
def approver(service: Service) -> httpx.Client:
    return service.as_("approver")


@pytest.fixture(scope="module")
def party(service: Service) -> Any:
    return service.town.bodies["party"]


def a_held_meeting(client: httpx.Client, host: Any, **more: Any) -> Json:
    meeting = a_meeting(client, host, held_on=HELD_ON, **{"record": "reported", **more})
    move(client, meeting, "hold", effective_on=HELD_ON)
    return meeting


def minutes_of(client: httpx.Client, meeting: Json) -> Json:
    return made(client.post(f"/v1/meetings/{meeting['id']}/minutes", json={}))


def told(client: httpx.Client, minutes: Json, transition: str, **more: Any) -> httpx.Response:
    said = {"transition": transition, **more}
    return client.post(f"/v1/minutes/{minutes['id']}/transitions", json=said)


def now(client: httpx.Client, minutes: Json) -> Json:
    return shown(client.get(f"/v1/minutes/{minutes['id']}"))


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def blocked(answer: httpx.Response) -> dict[str, str]:
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked"), answer.text
    return {one["code"]: one["pointer"] for one in answer.json()["blockers"]}


@pytest.fixture
def brought(secretary: httpx.Client, approver: httpx.Client, party: Any) -> Any:
    """Minutes of a meeting of their own, in a state."""

    def bring(state: str) -> Json:
        minutes = minutes_of(secretary, a_held_meeting(secretary, party))
        for transition in WAY[state]:
            who = approver if transition in BY_THE_APPROVER else secretary
            move(who, minutes, transition, comment="Lý do")
        return now(secretary, minutes)

    return bring


# -- one for each meeting


def test_a_meeting_has_minutes_once_and_they_are_found_by_it(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party)
    path = f"/v1/meetings/{meeting['id']}/minutes"
    assert secretary.get(path).status_code == 404
    first = secretary.post(path, json={"external_refs": [{"system": "eoffice", "id": meeting["id"]}]})
    minutes = made(first)
    assert {
        name: minutes[name] for name in ("meeting_id", "status", "submitted_by", "allowed_transitions")
    } == {
        "meeting_id": meeting["id"],
        "status": "draft",
        "submitted_by": None,
        "allowed_transitions": ["submit"],
    }
    assert first.headers["location"] == f"/v1/minutes/{minutes['id']}"
    found = secretary.get(path)
    assert (shown(found), found.headers["etag"]) == (minutes, first.headers["etag"])
    assert found.text == secretary.get(first.headers["location"]).text == first.text
    assert every(secretary, "/v1/minutes", meeting_id=meeting["id"]) == [minutes]
    again = secretary.post(path, json={})
    assert blocked(again) == {"minutes-there": f"/v1/minutes/{minutes['id']}"}


@pytest.mark.on_both
def test_several_who_begin_the_minutes_at_once_begin_them_once(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    callers = [service.as_("secretary") for _ in range(4)]
    for _ in range(5):
        path = f"/v1/meetings/{a_meeting(secretary, party)['id']}/minutes"
        with ThreadPoolExecutor(4) as at_once:
            answers = list(at_once.map(lambda caller, path=path: caller.post(path, json={}), callers))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


def test_minutes_are_seen_by_whoever_sees_the_meeting(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    front, reporter = service.town.bodies["front"], service.as_("reporter")
    meeting = a_meeting(secretary, party, participations=[{"organization_id": str(front)}])
    path = f"/v1/minutes/{minutes_of(secretary, meeting)['id']}"
    assert reporter.get(path).status_code == 404
    move(secretary, meeting, "schedule")
    minutes = shown(reporter.get(path))
    assert minutes in every(reporter, "/v1/minutes")
    assert shown(reporter.get(f"/v1/meetings/{meeting['id']}/minutes")) == minutes
    for stranger in (service.as_("stranger"), service.as_("neighbour")):
        assert stranger.get(path).status_code == 404
        assert stranger.get(f"/v1/meetings/{meeting['id']}/minutes").status_code == 404
        assert minutes not in every(stranger, "/v1/minutes")


# -- their states


@pytest.mark.parametrize("state", MOVES)
def test_minutes_move_as_their_table_says_and_a_refusal_lists_what_is_allowed(
    secretary: httpx.Client, approver: httpx.Client, brought: Any, state: str
) -> None:
    for transition in TRANSITIONS:
        minutes = brought(state)
        assert minutes["allowed_transitions"] == list(MOVES[state])
        who = approver if transition in BY_THE_APPROVER else secretary
        answer = told(who, minutes, transition, comment="Lý do")
        if transition in MOVES[state]:
            fact = made(answer)
            assert (fact["from_status"], fact["to_status"]) == (state, MOVES[state][transition])
            assert answer.headers["location"] == f"/v1/minutes-transitions/{fact['id']}"
            assert shown(secretary.get(answer.headers["location"])) == fact
            after = secretary.get(f"/v1/minutes/{minutes['id']}")
            assert (after.json()["status"], after.headers["etag"]) == (
                MOVES[state][transition],
                answer.headers["etag"],
            )
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "invalid-transition")
            assert answer.json()["allowed"] == list(MOVES[state])
            assert now(secretary, minutes) == minutes


def test_the_history_is_kept_in_order_with_who_and_why(
    secretary: httpx.Client, approver: httpx.Client, party: Any
) -> None:
    minutes = minutes_of(secretary, a_held_meeting(secretary, party))
    move(secretary, minutes, "submit", effective_on="2025-09-05")
    move(approver, minutes, "request_changes", comment="Thiếu phần kết luận")
    move(secretary, minutes, "submit")
    move(approver, minutes, "sign", effective_on=str(today()))
    rows = every(secretary, f"/v1/minutes/{minutes['id']}/transitions")
    assert [(one["transition"], one["recorded_by"], one["comment"]) for one in rows] == [
        ("submit", "secretary", None),
        ("request_changes", "approver", "Thiếu phần kết luận"),
        ("submit", "secretary", None),
        ("sign", "approver", None),
    ]
    assert [one["effective_on"] for one in rows] == ["2025-09-05", *[str(today())] * 3]
    last = now(secretary, minutes)
    assert (last["status"], last["submitted_by"], last["version"]) == ("signed", "secretary", 5)


def test_requesting_changes_needs_a_comment(approver: httpx.Client, brought: Any) -> None:
    minutes = brought("in_review")
    assert faults(told(approver, minutes, "request_changes")) == {"#/comment": "missing"}


def test_what_takes_effect_is_between_the_meeting_and_today(secretary: httpx.Client, brought: Any) -> None:
    minutes = brought("draft")
    tomorrow = str(today() + timedelta(1))
    assert faults(told(secretary, minutes, "submit", effective_on=tomorrow)) == {
        "#/effective_on": "in_the_future"
    }
    assert faults(told(secretary, minutes, "submit", effective_on="2025-09-03")) == {
        "#/effective_on": "before_the_meeting"
    }


def test_minutes_are_submitted_once_the_meeting_was_held(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, record="reported")
    minutes = minutes_of(secretary, meeting)
    there = {"meeting-not-held": f"/v1/meetings/{meeting['id']}"}
    assert blocked(told(secretary, minutes, "submit")) == there
    move(secretary, meeting, "schedule")
    assert blocked(told(secretary, minutes, "submit")) == there
    move(secretary, meeting, "hold")
    move(secretary, meeting, "close")
    made(told(secretary, minutes, "submit"))


def test_who_submitted_minutes_does_not_sign_them(
    service: Service, approver: httpx.Client, brought: Any, party: Any
) -> None:
    roles = [(role, party, None) for role in ("secretary", "approver")]
    both = service.client(a_key(service.as_("administrator"), party, *roles)[1]["key"])
    minutes = brought("draft")
    made(told(both, minutes, "submit"))
    assert blocked(told(both, minutes, "sign")) == {"signer-submitted": f"/v1/minutes/{minutes['id']}"}
    made(told(both, minutes, "request_changes", comment="Tự thấy sót"))
    made(told(both, minutes, "submit"))
    made(told(approver, minutes, "sign"))
    other = brought("in_review")  # by the secretary
    made(told(both, other, "sign"))


def test_each_side_makes_its_own_transitions(
    service: Service, secretary: httpx.Client, approver: httpx.Client, brought: Any, party: Any
) -> None:
    minutes = brought("draft")
    assert told(approver, minutes, "submit").status_code == 403
    assert told(service.as_("reader"), minutes, "submit").status_code == 403
    made(told(secretary, minutes, "submit"))
    for transition in ("sign", "request_changes"):
        assert told(secretary, minutes, transition, comment="x").status_code == 403
    assert told(approver, minutes, "withdraw").status_code == 403
    front = service.town.bodies["front"]
    theirs = service.client(a_key(service.as_("administrator"), front, ("approver", front, None))[1]["key"])
    assert told(theirs, minutes, "sign").status_code == 404
    narrow, key = a_key(
        service.as_("administrator"), party, ("approver", party, None), scopes=["meetings:read"]
    )
    assert narrow["id"]
    assert told(service.client(key["key"]), minutes, "sign").status_code == 403
    made(told(approver, minutes, "sign"))


@pytest.mark.on_both
def test_minutes_that_are_withdrawn_or_signed_at_once_are_the_one_or_the_other(
    service: Service, secretary: httpx.Client, brought: Any
) -> None:
    callers = [service.as_(who) for who in ("secretary", "approver")]
    for _ in range(5):
        minutes = brought("in_review")
        with ThreadPoolExecutor(2) as at_once:
            answers = list(
                at_once.map(
                    lambda caller, transition, minutes=minutes: told(caller, minutes, transition),
                    callers,
                    ("withdraw", "sign"),
                )
            )
        assert sorted(one.status_code for one in answers) == [201, 409]
        last = every(secretary, f"/v1/minutes/{minutes['id']}/transitions")[-1]
        assert now(secretary, minutes)["status"] == last["to_status"]


def test_several_who_sign_at_once_sign_one_version_under_one_number(
    service: Service, secretary: httpx.Client, brought: Any
) -> None:
    callers = [service.as_("approver") for _ in range(4)]
    for _ in range(5):
        minutes = brought("in_review")
        with ThreadPoolExecutor(4) as at_once:
            answers = list(at_once.map(lambda caller, one=minutes: told(caller, one, "sign"), callers))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
        refused = {one.json()["code"] for one in answers if one.status_code == 409}
        assert refused == {"invalid-transition"}
        moves = every(secretary, f"/v1/minutes/{minutes['id']}/transitions")
        assert [one["transition"] for one in moves].count("sign") == 1
        assert [one["number"] for one in every(secretary, f"/v1/minutes/{minutes['id']}/versions")] == [1]


# -- what stands on them


@pytest.mark.parametrize("state", ["in_review", "changes_requested", "signed"])
def test_only_a_draft_is_deleted(secretary: httpx.Client, brought: Any, state: str) -> None:
    minutes = brought(state)
    refused = secretary.delete(f"/v1/minutes/{minutes['id']}", headers=ANY)
    assert (refused.status_code, refused.json()["code"], refused.json()["status_now"]) == (
        409,
        "conflict",
        state,
    )


def test_a_draft_that_was_never_submitted_is_deleted_and_begun_anew(
    secretary: httpx.Client, approver: httpx.Client, brought: Any
) -> None:
    minutes = brought("draft")
    path = f"/v1/minutes/{minutes['id']}"
    assert approver.delete(path, headers=ANY).status_code == 403
    assert secretary.delete(path).status_code == 428
    assert secretary.delete(path, headers=ANY).status_code == 204
    assert secretary.get(path).status_code == 404
    again = minutes_of(secretary, {"id": minutes["meeting_id"]})
    made(told(secretary, again, "submit"))
    made(told(secretary, again, "withdraw"))
    refused = secretary.delete(f"/v1/minutes/{again['id']}", headers=ANY)
    assert blocked(refused) == {"used-by-minutes-transitions": f"/v1/minutes/{again['id']}/transitions"}


def test_a_meeting_that_has_minutes_is_not_deleted(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party)
    minutes_of(secretary, meeting)
    refused = secretary.delete(f"/v1/meetings/{meeting['id']}", headers=ANY)
    assert blocked(refused) == {"used-by-minutes": f"/v1/meetings/{meeting['id']}/minutes"}


def test_closing_warns_of_a_minuted_meeting_until_its_minutes_are_signed(
    secretary: httpx.Client, approver: httpx.Client, party: Any
) -> None:
    came = [
        {"organization_id": str(party), "role": role, "attendance": "present"}
        for role in ("chair", "secretary")
    ]
    meeting = a_held_meeting(secretary, party, record="minuted", participations=came)
    path = f"/v1/meetings/{meeting['id']}"

    def warned() -> dict[str, str]:
        warnings = shown(secretary.get(f"{path}/closing-checks"))["warnings"]
        return {one["code"]: one["pointer"] for one in warnings}

    assert warned() == {"minutes_not_signed": path}
    minutes = minutes_of(secretary, meeting)
    there = {"minutes_not_signed": f"/v1/minutes/{minutes['id']}"}
    assert warned() == there
    made(told(secretary, minutes, "submit"))
    assert warned() == there
    closed = move(secretary, meeting, "close")  # it warns, and lets the meeting be closed
    assert {one["code"]: one["pointer"] for one in closed["warnings"]} == there
    made(told(approver, minutes, "sign"))
    assert warned() == {}
    move(secretary, meeting, "reopen", comment="Bổ sung")
    assert move(secretary, meeting, "close")["warnings"] == []
    assert now(secretary, minutes)["status"] == "signed"


def test_a_meeting_taken_from_a_report_needs_no_minutes(secretary: httpx.Client, party: Any) -> None:
    meeting = a_held_meeting(secretary, party)
    assert shown(secretary.get(f"/v1/meetings/{meeting['id']}/closing-checks"))["warnings"] == []
