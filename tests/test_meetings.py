"""The rules of meetings and of who takes part in them, over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.db import today
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_key, a_meeting, every, made, move, shown

pytestmark = pytest.mark.in_turn

# domain.md, as far as meetings move without their closing checks: {state: {transition: state afterwards}}
MOVES = {
    "draft": {"schedule": "scheduled", "hold": "held", "cancel": "cancelled"},
    "scheduled": {"postpone": "postponed", "start": "in_progress", "hold": "held", "cancel": "cancelled"},
    "postponed": {"reschedule": "scheduled", "cancel": "cancelled"},
    "in_progress": {"hold": "held"},
    "held": {"close": "closed"},
    "closed": {"reopen": "held"},
    "cancelled": {},
}
WAY = {
    "draft": [],
    "scheduled": ["schedule"],
    "postponed": ["schedule", "postpone"],
    "in_progress": ["schedule", "start"],
    "held": ["hold"],
    "closed": ["hold", "close"],
    "cancelled": ["cancel"],
}
SAID = {
    "schedule": {},
    "postpone": {"comment": "Bão"},
    "reschedule": {"held_on": "2025-09-05"},
    "start": {},
    "hold": {},
    "close": {},
    "reopen": {"comment": "Bổ sung"},
    "cancel": {"comment": "Không họp nữa"},
}


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def party(service: Service) -> Any:
    return service.town.bodies["party"]


def refused(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> Json:
    """The problem, which is this one."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    if pointer is not None:
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], answer.text
    body: Json = answer.json()
    return body


def transition(client: httpx.Client, meeting: Json, name: str, **more: Any) -> httpx.Response:
    said = {"transition": name, **SAID[name], **more}
    return client.post(f"/v1/meetings/{meeting['id']}/transitions", json=said)


def now(client: httpx.Client, meeting: Json) -> Json:
    return shown(client.get(f"/v1/meetings/{meeting['id']}"))


# -- the transitions


@pytest.mark.parametrize("state", MOVES)
def test_a_meeting_moves_as_its_table_says_and_a_refusal_lists_what_is_allowed(
    secretary: httpx.Client, party: Any, state: str
) -> None:
    def in_that_state() -> Json:
        meeting = a_meeting(secretary, party, record="reported")
        for step in WAY[state]:
            made(transition(secretary, meeting, step))
        return now(secretary, meeting)

    standing = in_that_state()
    assert standing["status"] == state
    assert standing["allowed_transitions"] == list(MOVES[state])
    for name in SAID:
        if name not in MOVES[state]:
            problem = refused(transition(secretary, standing, name), 409, "invalid-transition")
            assert problem["allowed"] == list(MOVES[state])
    assert now(secretary, standing) == standing
    for name, onward in MOVES[state].items():
        meeting = in_that_state()
        answer = transition(secretary, meeting, name)
        assert {name: made(answer)[name] for name in ("transition", "from_status", "to_status")} == {
            "transition": name,
            "from_status": state,
            "to_status": onward,
        }
        after = secretary.get(f"/v1/meetings/{meeting['id']}")
        assert after.json()["status"] == onward
        assert after.json()["version"] == meeting["version"] + 1
        assert answer.headers["etag"] == after.headers["etag"]


def test_a_transition_is_a_fact_with_a_place_of_its_own_and_the_history_lists_it(
    secretary: httpx.Client, party: Any
) -> None:
    meeting = a_meeting(secretary, party)
    answers = [
        transition(secretary, meeting, "schedule", effective_on="2025-09-01", comment="Theo lịch"),
        transition(secretary, meeting, "postpone"),
    ]
    for answer in answers:
        assert secretary.get(answer.headers["location"]).content == answer.content
    history = every(secretary, f"/v1/meetings/{meeting['id']}/transitions")
    assert history == [answer.json() for answer in answers]
    assert [(one["effective_on"], one["comment"]) for one in history] == [
        ("2025-09-01", "Theo lịch"),
        (str(today()), "Bão"),
    ]
    assert {one["recorded_by"] for one in history} == {"secretary"}


@pytest.mark.parametrize("name", ["postpone", "cancel"])
def test_postponing_and_cancelling_need_a_comment(secretary: httpx.Client, party: Any, name: str) -> None:
    meeting = a_meeting(secretary, party)
    transition(secretary, meeting, "schedule")
    refused(transition(secretary, meeting, name, comment=None), 422, "validation-error", "#/comment")
    assert now(secretary, meeting)["status"] == "scheduled"


def test_a_transition_never_took_effect_in_the_future(secretary: httpx.Client, party: Any) -> None:
    meeting, tomorrow = a_meeting(secretary, party), str(today() + timedelta(days=1))
    answer = transition(secretary, meeting, "schedule", effective_on=tomorrow)
    refused(answer, 422, "validation-error", "#/effective_on")


def test_rescheduling_names_the_new_day_and_takes_the_old_hours_away(
    secretary: httpx.Client, party: Any
) -> None:
    hours = {"starts_at": "2025-09-04T08:00:00+07:00", "ends_at": "2025-09-04T11:00:00+07:00"}
    meeting = a_meeting(secretary, party, **hours)
    transition(secretary, meeting, "schedule")
    transition(secretary, meeting, "postpone")
    refused(transition(secretary, meeting, "reschedule", held_on=None), 422, "validation-error", "#/held_on")
    elsewhen = transition(secretary, meeting, "reschedule", starts_at="2025-09-06T08:00:00+07:00")
    refused(elsewhen, 422, "validation-error", "#/starts_at")
    made(transition(secretary, meeting, "reschedule"))
    after = now(secretary, meeting)
    assert (after["held_on"], after["starts_at"], after["ends_at"]) == ("2025-09-05", None, None)


@pytest.mark.parametrize("name", ["schedule", "hold", "cancel"])
def test_only_rescheduling_takes_another_day(secretary: httpx.Client, party: Any, name: str) -> None:
    meeting = a_meeting(secretary, party, record="reported")
    answer = transition(secretary, meeting, name, held_on="2025-09-05")
    refused(answer, 422, "validation-error", "#/held_on")


def test_the_status_moves_by_transitions_only(secretary: httpx.Client, party: Any) -> None:
    path = f"/v1/meetings/{a_meeting(secretary, party)['id']}"
    answer = secretary.patch(path, json={"status": "held"}, headers=ANY)
    refused(answer, 422, "validation-error", "#/status")


# -- what holding needs


def attends(client: httpx.Client, meeting: Json, body: Any, **more: Any) -> Json:
    said = {"organization_id": str(body), "attendance": "present", **more}
    return made(client.post(f"/v1/meetings/{meeting['id']}/participations", json=said))


def test_holding_names_each_thing_that_is_missing_and_where_to_mend_it(
    secretary: httpx.Client, party: Any
) -> None:
    meeting = a_meeting(secretary, party)
    invited = attends(secretary, meeting, party, attendance="invited")
    problem = refused(transition(secretary, meeting, "hold"), 409, "blocked")
    codes = [one["code"] for one in problem["blockers"]]
    assert codes == ["chair-missing", "secretary-missing", "attendance-open"]
    found = [shown(secretary.get(one["pointer"]))["items"] for one in problem["blockers"]]
    assert found == [[], [], [invited]]


def test_each_thing_that_is_mended_is_no_longer_in_the_way(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party)
    left = attends(secretary, meeting, party, attendance="invited")

    def codes() -> list[str]:
        problem = refused(transition(secretary, meeting, "hold"), 409, "blocked")
        return [one["code"] for one in problem["blockers"]]

    attends(secretary, meeting, party, role="chair")
    assert codes() == ["secretary-missing", "attendance-open"]
    attends(secretary, meeting, party, role="secretary")
    assert codes() == ["attendance-open"]
    secretary.patch(f"/v1/participations/{left['id']}", json={"attendance": "excused"}, headers=ANY)
    assert made(transition(secretary, meeting, "hold"))["warnings"] == []
    assert now(secretary, meeting)["status"] == "held"


def test_what_holding_asked_for_stays_while_it_may_be_corrected(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    meeting, front = a_meeting(secretary, party), service.town.bodies["front"]
    chair, writer = (attends(secretary, meeting, party, role=role) for role in ("chair", "secretary"))
    guest = attends(secretary, meeting, front, role="guest")
    made(transition(secretary, meeting, "hold"))

    def at(one: Json) -> str:
        return f"/v1/participations/{one['id']}"

    late = {"organization_id": str(front), "role": "observer"}
    for answer, code in (
        (secretary.delete(at(chair), headers=ANY), "chair-missing"),
        (secretary.patch(at(chair), json={"role": "delegate"}, headers=ANY), "chair-missing"),
        (secretary.delete(at(writer), headers=ANY), "secretary-missing"),
        (secretary.patch(at(guest), json={"attendance": "invited"}, headers=ANY), "attendance-open"),
        (secretary.post(f"/v1/meetings/{meeting['id']}/participations", json=late), "attendance-open"),
    ):
        problem = refused(answer, 409, "blocked")
        assert [one["code"] for one in problem["blockers"]] == [code]
    shown(secretary.patch(at(chair), json={"organization_id": str(front)}, headers=ANY))
    attends(secretary, meeting, front, role="observer")
    attends(secretary, meeting, front, role="secretary")
    assert secretary.delete(at(writer), headers=ANY).status_code == 204
    assert secretary.delete(at(guest), headers=ANY).status_code == 204


def test_for_a_meeting_taken_from_a_report_they_are_warnings_and_stay_in_its_history(
    secretary: httpx.Client, party: Any
) -> None:
    meeting = a_meeting(secretary, party, record="reported")
    attends(secretary, meeting, party, attendance="invited")
    told = made(transition(secretary, meeting, "hold"))
    assert [one["code"] for one in told["warnings"]] == [
        "chair-missing",
        "secretary-missing",
        "attendance-open",
    ]
    assert every(secretary, f"/v1/meetings/{meeting['id']}/transitions") == [told]


def test_a_meeting_is_not_held_before_its_day(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, record="reported", held_on=str(today() + timedelta(days=1)))
    refused(transition(secretary, meeting, "hold"), 422, "validation-error")
    today_s = a_meeting(secretary, party, record="reported", held_on=str(today()))
    made(transition(secretary, today_s, "hold"))


@pytest.mark.parametrize("name", ["start", "hold"])
def test_nothing_of_a_meeting_takes_effect_before_its_day(
    secretary: httpx.Client, party: Any, name: str
) -> None:
    to_come = a_meeting(secretary, party, record="reported", held_on=str(today() + timedelta(days=1)))
    move(secretary, to_come, "schedule")
    refused(transition(secretary, to_come, name), 422, "validation-error", "#/transition")
    past = a_meeting(secretary, party, record="reported", held_on="2025-09-04")
    move(secretary, past, "schedule", effective_on="2025-08-20")
    for transitioned in (name, "close") if name == "hold" else (name,):
        answer = transition(secretary, past, transitioned, effective_on="2025-09-03")
        refused(answer, 422, "validation-error", "#/effective_on")
        move(secretary, past, transitioned, effective_on="2025-09-04")


def test_the_reference_conference_can_be_recorded_with_what_its_report_tells(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    """A date and no hour, no chair, no secretary, before the quarter that it reviews has ended."""
    front, directing = service.town.bodies["front"], service.town.people["chair"]
    meeting = a_meeting(
        secretary,
        party,
        title="Hội nghị giao ban Quý III/2025",
        kind="quarterly_briefing",
        audience="các cơ quan tham mưu, giúp việc, Ủy ban MTTQ và các tổ chức chính trị - xã hội",
        review_period="2025-Q3",
        plan_period="2025-Q4",
        record="reported",
        participations=[
            {"organization_id": str(front), "attendance": "present"},
            {
                "organization_id": str(party),
                "speaker_id": str(directing),
                "role": "directing_official",
                "attendance": "present",
            },
        ],
    )
    assert (meeting["held_on"], meeting["starts_at"], meeting["ends_at"]) == ("2025-09-04", None, None)
    told = made(transition(secretary, meeting, "hold"))
    assert [one["code"] for one in told["warnings"]] == ["chair-missing", "secretary-missing"]


def test_another_meeting_of_the_kind_for_the_same_period_is_a_warning_to_who_sees_it(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    alike = {"kind": "quarterly_briefing", "review_period": "2019-Q2", "record": "reported"}
    first = a_meeting(secretary, party, **alike)
    assert "similar-meeting" not in similar(secretary, first)
    again = a_meeting(secretary, party, **alike)
    assert similar(secretary, again)["similar-meeting"] == f"/v1/meetings/{first['id']}"
    for other in (
        a_meeting(secretary, party, **alike | {"review_period": "2019-Q3"}),
        a_meeting(secretary, party, **alike | {"kind": "thematic"}),
        a_meeting(secretary, service.town.bodies["office"], **alike),
        a_meeting(secretary, party, kind="quarterly_briefing", record="reported"),
    ):
        assert "similar-meeting" not in similar(secretary, other)
    for one in (first, again):
        made(transition(secretary, one, "cancel", comment="Ghi hai lần"))
    assert "similar-meeting" not in similar(secretary, a_meeting(secretary, party, **alike))


def test_a_meeting_that_the_caller_does_not_see_is_no_warning(service: Service, party: Any) -> None:
    alike = {"kind": "quarterly_briefing", "review_period": "2019-Q4", "record": "reported"}
    _, key = a_key(service.as_("administrator"), party, ("secretary", party, None))
    a_meeting(service.client(key["key"]), party, visibility="restricted", **alike)
    secretary = service.as_("secretary")
    assert "similar-meeting" not in similar(secretary, a_meeting(secretary, party, **alike))


def similar(client: httpx.Client, meeting: Json) -> dict[str, str]:
    """What it is scheduled with: the pointer of each warning."""
    told = made(transition(client, meeting, "schedule"))
    return {one["code"]: one["pointer"] for one in told["warnings"]}


# -- who takes part


def a_speaker(client: httpx.Client, home: Any, *positions: Json) -> Json:
    body = {"full_name": "Trần Thị Bình", "organization_id": str(home), "positions": list(positions)}
    return made(client.post("/v1/speakers", json=body))


def title_of(client: httpx.Client, meeting: Json, body: Any, speaker: Json, **more: Any) -> str | None:
    title: str | None = attends(client, meeting, body, speaker_id=speaker["id"], **more)["title_snapshot"]
    return title


def test_the_title_is_that_of_the_day_and_stays_when_positions_change(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    former = {
        "organization_id": str(party),
        "title": "Phó Bí thư",
        "started_on": "2020-01-01",
        "ended_on": "2025-09-04",
    }
    present = {
        "organization_id": str(party),
        "title": "Bí thư",
        "started_on": "2025-09-05",
        "is_primary": True,
    }
    speaker = a_speaker(secretary, party, former, present)
    last_day, next_day = (a_meeting(secretary, party, held_on=f"2025-09-0{n}") for n in (4, 5))
    then = attends(secretary, last_day, party, speaker_id=speaker["id"])
    assert then["title_snapshot"] == "Phó Bí thư"
    assert title_of(secretary, next_day, party, speaker) == "Bí thư"
    for position in every(secretary, f"/v1/speakers/{speaker['id']}/positions"):
        path = f"/v1/positions/{position['id']}"
        shown(secretary.patch(path, json={"title": "Chủ tịch"}, headers=ANY))
        assert secretary.delete(path, headers=ANY).status_code == 204
    assert shown(secretary.get(f"/v1/participations/{then['id']}")) == then


def test_the_title_can_be_given_and_edited(secretary: httpx.Client, party: Any) -> None:
    speaker = a_speaker(secretary, party, {"organization_id": str(party), "title": "Bí thư"})
    meeting = a_meeting(secretary, party)
    given = attends(secretary, meeting, party, speaker_id=speaker["id"], title_snapshot="Chủ trì thay")
    assert given["title_snapshot"] == "Chủ trì thay"
    edited = {"title_snapshot": "Phó Bí thư Thường trực"}
    answer = shown(secretary.patch(f"/v1/participations/{given['id']}", json=edited, headers=ANY))
    assert answer["title_snapshot"] == "Phó Bí thư Thường trực"
    same = {"speaker_id": speaker["id"], "attendance": "late"}
    again = shown(secretary.patch(f"/v1/participations/{given['id']}", json=same, headers=ANY))
    assert again["title_snapshot"] == "Phó Bí thư Thường trực"


def test_the_title_is_the_one_in_that_body_the_primary_first(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    office = service.town.bodies["office"]
    speaker = a_speaker(
        secretary,
        party,
        {"organization_id": str(party), "title": "Ủy viên", "started_on": "2019-01-01"},
        {"organization_id": str(office), "title": "Chánh Văn phòng", "started_on": "2020-01-01"},
        {
            "organization_id": str(party),
            "title": "Phó Bí thư",
            "started_on": "2021-01-01",
            "is_primary": True,
        },
    )
    meeting = a_meeting(secretary, party)
    assert title_of(secretary, meeting, party, speaker, role="chair") == "Phó Bí thư, Ủy viên"
    assert title_of(secretary, meeting, office, speaker) == "Chánh Văn phòng"
    of_none = service.town.bodies["front"]
    assert (
        title_of(secretary, meeting, of_none, speaker, role="guest") == "Phó Bí thư, Ủy viên, Chánh Văn phòng"
    )


def test_a_body_alone_and_a_person_without_a_position_have_no_title(
    secretary: httpx.Client, party: Any
) -> None:
    meeting = a_meeting(secretary, party)
    assert attends(secretary, meeting, party)["title_snapshot"] is None
    assert title_of(secretary, meeting, party, a_speaker(secretary, party)) is None


def test_a_representative_named_later_gets_the_title_of_the_day_too(
    secretary: httpx.Client, party: Any
) -> None:
    speaker = a_speaker(secretary, party, {"organization_id": str(party), "title": "Bí thư"})
    invited = attends(secretary, a_meeting(secretary, party), party, attendance="invited")
    path = f"/v1/participations/{invited['id']}"
    answer = shown(secretary.patch(path, json={"speaker_id": speaker["id"]}, headers=ANY))
    assert answer["title_snapshot"] == "Bí thư"


def test_another_representative_does_not_inherit_the_title_of_the_first(
    secretary: httpx.Client, party: Any
) -> None:
    first = a_speaker(secretary, party, {"organization_id": str(party), "title": "Bí thư"})
    second = a_speaker(secretary, party, {"organization_id": str(party), "title": "Văn thư"})
    one = attends(secretary, a_meeting(secretary, party), party, speaker_id=first["id"])
    path = f"/v1/participations/{one['id']}"
    answer = shown(secretary.patch(path, json={"speaker_id": second["id"]}, headers=ANY))
    assert answer["title_snapshot"] == "Văn thư"


def test_a_meeting_has_one_chair(service: Service, secretary: httpx.Client, party: Any) -> None:
    meeting, other = a_meeting(secretary, party), a_meeting(secretary, party)
    attends(secretary, meeting, party, role="chair")
    attends(secretary, other, party, role="chair")
    front = {"organization_id": str(service.town.bodies["front"])}
    path = f"/v1/meetings/{meeting['id']}/participations"
    refused(secretary.post(path, json={**front, "role": "chair"}), 409, "conflict", "#/role")
    second = attends(secretary, meeting, service.town.bodies["front"], role="co_chair")
    answer = secretary.patch(f"/v1/participations/{second['id']}", json={"role": "chair"}, headers=ANY)
    refused(answer, 409, "conflict", "#/role")
    chairs = every(secretary, path, role="chair")
    assert [one["organization_id"] for one in chairs] == [str(party)]


def test_a_meeting_made_with_two_chairs_is_not_made_at_all(secretary: httpx.Client, party: Any) -> None:
    chair = {"organization_id": str(party), "role": "chair"}
    body = {
        "host_organization_id": str(party),
        "title": "Hai chủ trì",
        "held_on": "2025-09-04",
        "code": "HAI",
    }
    answer = secretary.post("/v1/meetings", json={**body, "participations": [chair, chair]})
    refused(answer, 409, "conflict", "#/participations/1/role")
    assert every(secretary, "/v1/meetings", code="HAI") == []


def test_a_person_takes_part_once_in_a_role(secretary: httpx.Client, party: Any) -> None:
    meeting, speaker = a_meeting(secretary, party), a_speaker(secretary, party)
    person = {"organization_id": str(party), "speaker_id": speaker["id"]}
    path = f"/v1/meetings/{meeting['id']}/participations"
    made(secretary.post(path, json=person))
    refused(secretary.post(path, json=person), 409, "conflict", "#/speaker_id")
    made(secretary.post(path, json={**person, "role": "secretary"}))


# -- what a meeting's members agree on


@pytest.mark.parametrize(
    ("reviewed", "planned", "fits"),
    [
        ("2025-Q3", "2025-Q4", True),
        ("2025-Q4", "2026-Q1", True),
        ("2025-9M", "2025-Q4", True),
        ("2025-H1", "2025-H2", True),
        ("2025-H2", "2026-Q1", True),
        ("2025-M12", "2026-M01", True),
        ("2025", "2026", True),
        ("2025-Q3", None, True),
        (None, "2025-Q4", True),
        ("2025-Q3", "2025-Q3", False),
        ("2025-Q3", "2026-Q1", False),
        ("2025-Q4", "2025-Q1", False),
        ("2025-Q3", "2025-Q2", False),
        ("2025-Q3", "2025-9M", False),
        ("2025", "2025-Q4", False),
    ],
)
def test_what_a_quarterly_briefing_plans_follows_what_it_reviews(
    secretary: httpx.Client, party: Any, reviewed: str | None, planned: str | None, fits: bool
) -> None:
    periods = {"review_period": reviewed, "plan_period": planned}
    body = {"host_organization_id": str(party), "title": "Giao ban", "held_on": "2025-09-04", **periods}
    answer = secretary.post("/v1/meetings", json=body)
    if fits:
        made(answer)
    else:
        refused(answer, 422, "validation-error", "#/plan_period")
    made(secretary.post("/v1/meetings", json={**body, "kind": "thematic"}))


def test_changing_one_period_is_checked_against_the_other(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, review_period="2025-Q3", plan_period="2025-Q4")
    path = f"/v1/meetings/{meeting['id']}"
    for change in ({"plan_period": "2026-Q1"}, {"review_period": "2025-Q4"}):
        refused(secretary.patch(path, json=change, headers=ANY), 422, "validation-error", "#/plan_period")
    shown(secretary.patch(path, json={"review_period": "2025-Q4", "plan_period": "2026-Q1"}, headers=ANY))
    thematic = a_meeting(secretary, party, kind="thematic", review_period="2025-Q3", plan_period="2026-Q1")
    change = {"kind": "quarterly_briefing"}
    answer = secretary.patch(f"/v1/meetings/{thematic['id']}", json=change, headers=ANY)
    refused(answer, 422, "validation-error", "#/plan_period")


def test_a_similar_meeting_is_not_refused(secretary: httpx.Client, party: Any) -> None:
    for _ in range(2):
        a_meeting(secretary, party, review_period="2025-Q3", plan_period="2025-Q4")


@pytest.mark.parametrize(
    ("starts_at", "fits"),
    [
        ("2025-09-04T00:00:00+07:00", True),
        ("2025-09-04T23:59:59.999+07:00", True),
        ("2025-09-03T17:00:00Z", True),
        ("2025-09-04T16:59:59Z", True),
        ("2025-09-03T16:59:59Z", False),
        ("2025-09-04T17:00:00Z", False),
        ("2025-09-04T23:30:00-05:00", False),
    ],
)
def test_the_day_it_is_held_is_the_day_in_viet_nam_at_which_it_starts(
    secretary: httpx.Client, party: Any, starts_at: str, fits: bool
) -> None:
    body = {"host_organization_id": str(party), "title": "x", "held_on": "2025-09-04", "starts_at": starts_at}
    answer = secretary.post("/v1/meetings", json=body)
    if fits:
        made(answer)
    else:
        refused(answer, 422, "validation-error", "#/starts_at")


def test_the_day_and_the_hour_are_changed_together(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, starts_at="2025-09-04T08:00:00+07:00")
    path = f"/v1/meetings/{meeting['id']}"
    refused(secretary.patch(path, json={"held_on": "2025-09-05"}, headers=ANY), 422, "validation-error")
    both = {"held_on": "2025-09-05", "starts_at": "2025-09-05T08:00:00+07:00"}
    assert shown(secretary.patch(path, json=both, headers=ANY))["starts_at"] == "2025-09-05T01:00:00.000Z"
    shown(secretary.patch(path, json={"held_on": "2025-09-06", "starts_at": None}, headers=ANY))


def test_a_meeting_does_not_end_before_it_begins(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, starts_at="2025-09-04T08:00:00+07:00")
    path = f"/v1/meetings/{meeting['id']}"
    answer = secretary.patch(path, json={"ends_at": "2025-09-04T07:59:00+07:00"}, headers=ANY)
    refused(answer, 422, "validation-error", "#/ends_at")


def test_a_meeting_follows_an_earlier_one_which_has_one_successor(
    secretary: httpx.Client, party: Any
) -> None:
    first = a_meeting(secretary, party, held_on="2025-06-04")
    second = a_meeting(secretary, party, previous_meeting_id=first["id"])
    body = {"host_organization_id": str(party), "title": "x", "held_on": "2025-12-04"}
    refused(
        secretary.post("/v1/meetings", json={**body, "previous_meeting_id": first["id"]}),
        409,
        "conflict",
        "#/previous_meeting_id",
    )
    early = {**body, "held_on": "2025-09-03", "previous_meeting_id": second["id"]}
    refused(secretary.post("/v1/meetings", json=early), 422, "validation-error", "#/previous_meeting_id")
    itself = {"previous_meeting_id": second["id"]}
    answer = secretary.patch(f"/v1/meetings/{second['id']}", json=itself, headers=ANY)
    refused(answer, 422, "validation-error", "#/previous_meeting_id")
    assert every(secretary, "/v1/meetings", previous_meeting_id=first["id"]) == [second]


def test_meetings_never_follow_each_other_in_a_circle(secretary: httpx.Client, party: Any) -> None:
    first = a_meeting(secretary, party)
    second = a_meeting(secretary, party, previous_meeting_id=first["id"])
    circle = {"previous_meeting_id": second["id"]}
    answer = secretary.patch(f"/v1/meetings/{first['id']}", json=circle, headers=ANY)
    refused(answer, 422, "validation-error", "#/previous_meeting_id")


def test_a_meeting_is_not_moved_past_the_one_that_follows_it(secretary: httpx.Client, party: Any) -> None:
    first = a_meeting(secretary, party, held_on="2025-06-04")
    a_meeting(secretary, party, held_on="2025-09-04", previous_meeting_id=first["id"])
    answer = secretary.patch(f"/v1/meetings/{first['id']}", json={"held_on": "2025-12-04"}, headers=ANY)
    refused(answer, 422, "validation-error", "#/held_on")


def test_the_plan_period_is_kept_while_tasks_that_were_set_lie_in_it(
    secretary: httpx.Client, party: Any
) -> None:
    meeting = a_meeting(secretary, party, review_period="2025-Q3", plan_period="2025-Q4")
    body = {"issuing_organization_id": str(party), "title": "Nhiệm vụ", "quarter": "2025-Q4"}
    made(secretary.post("/v1/quarterly-tasks", json={**body, "set_at_meeting_id": meeting["id"]}))
    change = {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
    answer = secretary.patch(f"/v1/meetings/{meeting['id']}", json=change, headers=ANY)
    assert answer.status_code in {409, 422}, answer.text


# -- making and deleting


def test_a_meeting_is_made_with_its_contents_or_not_at_all(secretary: httpx.Client, party: Any) -> None:
    body = {
        "host_organization_id": str(party),
        "title": "Trọn vẹn",
        "held_on": "2025-09-04",
        "code": "TRON-VEN",
    }
    items, wrong = (
        [{"title": "Khai mạc"}, {"title": "Bế mạc"}],
        {"organization_id": str(party), "headcount": -1},
    )
    answer = secretary.post("/v1/meetings", json={**body, "agenda_items": items, "participations": [wrong]})
    refused(answer, 422, "validation-error", "#/participations/0/headcount")
    whole = {**body, "agenda_items": items, "participations": [{"organization_id": str(party)}]}
    meeting = made(secretary.post("/v1/meetings", json=whole))
    path = f"/v1/meetings/{meeting['id']}"
    beside = shown(secretary.get(path, params={"include": ["agenda_items", "participations"]}))
    assert [one["title"] for one in beside["agenda_items"]] == ["Khai mạc", "Bế mạc"]
    assert beside["agenda_items"] == every(secretary, f"{path}/agenda-items")
    assert beside["participations"] == every(secretary, f"{path}/participations")


def test_a_code_is_taken_once_in_a_tenant(service: Service, secretary: httpx.Client, party: Any) -> None:
    a_meeting(secretary, party, code="GB-01")
    body = {"host_organization_id": str(party), "title": "x", "held_on": "2025-09-04", "code": "GB-01"}
    refused(secretary.post("/v1/meetings", json=body), 409, "code-taken")
    a_meeting(service.as_("stranger"), service.town.bodies["elsewhere"], code="GB-01")
    assert a_meeting(secretary, party)["code"].startswith("HN-")


def test_what_stands_on_a_meeting_keeps_it_and_is_named(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(
        secretary,
        party,
        agenda_items=[{"title": "Khai mạc"}],
        participations=[{"organization_id": str(party)}],
    )
    path = f"/v1/meetings/{meeting['id']}"
    problem = refused(secretary.delete(path, headers=ANY), 409, "blocked")
    assert [one["code"] for one in problem["blockers"]] == ["used-by-agenda-items", "used-by-participations"]
    for noun in ("agenda-items", "participations"):
        for one in every(secretary, f"{path}/{noun}"):
            assert secretary.delete(f"/v1/{noun}/{one['id']}", headers=ANY).status_code == 204
    assert secretary.delete(path, headers=ANY).status_code == 204
    assert secretary.get(path).status_code == 404


def test_each_blocker_points_at_something_that_can_be_asked_for(secretary: httpx.Client, party: Any) -> None:
    speaker = a_speaker(secretary, party, {"organization_id": str(party), "title": "Bí thư"})
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "Khai mạc", "presenter_id": speaker["id"]}])
    attends(secretary, meeting, party, speaker_id=speaker["id"])
    transition(secretary, meeting, "schedule")
    for path in (f"/v1/meetings/{meeting['id']}", f"/v1/speakers/{speaker['id']}"):
        problem = refused(secretary.delete(path, headers=ANY), 409, "blocked")
        pointers = [
            one["pointer"] for one in problem["blockers"] if one["pointer"]
        ]  # null: it is listed nowhere
        answers = {pointer: secretary.get(pointer).status_code for pointer in pointers}
        assert set(answers.values()) == {200}, answers


def test_the_states_of_a_meeting_are_those_of_the_domain(secretary: httpx.Client) -> None:
    terms = shown(secretary.get("/v1/vocabularies"))["items"]
    known = {one["name"]: [term["value"] for term in one["terms"]] for one in terms}
    assert set(known["meeting_status"]) == set(MOVES)
    assert set(known["meeting_transition"]) == set(SAID)


def test_a_move_by_the_helper_is_a_transition(secretary: httpx.Client, party: Any) -> None:
    assert move(secretary, a_meeting(secretary, party), "schedule")["to_status"] == "scheduled"
