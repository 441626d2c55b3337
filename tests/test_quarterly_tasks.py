"""The rules of a quarter's tasks, of who answers for them, and of the history nobody changes."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.db import today
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

pytestmark = pytest.mark.in_turn

# domain.md, as far as tasks move without being carried over: {state: {transition: state afterwards}}
MOVES: dict[str, dict[str, str]] = {
    "draft": {"issue": "assigned", "cancel": "cancelled"},
    "assigned": {
        "decline": "draft",
        "start": "in_progress",
        "report_completion": "submitted",
        "cancel": "cancelled",
    },
    "in_progress": {"suspend": "on_hold", "report_completion": "submitted", "cancel": "cancelled"},
    "on_hold": {"resume": "in_progress", "cancel": "cancelled"},
    "submitted": {"confirm": "completed", "send_back": "in_progress", "cancel": "cancelled"},
    "completed": {"reopen": "submitted"},
    "cancelled": {"reopen": "in_progress"},
}
WAY = {
    "draft": [],
    "assigned": ["issue"],
    "in_progress": ["issue", "start"],
    "on_hold": ["issue", "start", "suspend"],
    "submitted": ["issue", "report_completion"],
    "completed": ["issue", "report_completion", "confirm"],
    "cancelled": ["issue", "start", "cancel"],
}
TRANSITIONS = (
    *("issue", "decline", "start", "suspend", "resume", "report_completion", "confirm", "send_back"),
    *("cancel", "reopen"),
)


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def approver(service: Service) -> httpx.Client:
    return service.as_("approver")


@pytest.fixture(scope="module")
def reporter(service: Service) -> httpx.Client:
    return service.as_("reporter")


@pytest.fixture(scope="module")
def party(service: Service) -> Any:
    return service.town.bodies["party"]


@pytest.fixture(scope="module")
def front(service: Service) -> Any:
    return service.town.bodies["front"]


@pytest.fixture(scope="module")
def allmighty(service: Service) -> httpx.Client:
    """Office and approver of the commune at once."""
    commune = service.town.bodies["commune"]
    _, key = a_key(
        service.as_("administrator"), commune, ("secretary", commune, None), ("approver", commune, None)
    )
    return service.client(key["key"])


def path_of(task: Json) -> str:
    return f"/v1/quarterly-tasks/{task['id']}"


def now(client: httpx.Client, task: Json, **asked: Any) -> Json:
    return shown(client.get(path_of(task), params=asked))


def transition(client: httpx.Client, task: Json, name: str, **more: Any) -> httpx.Response:
    said = {"transition": name, "comment": "Lý do", **more}
    return client.post(f"{path_of(task)}/transitions", json=said)


def entry(client: httpx.Client, task: Json, kind: str, **more: Any) -> httpx.Response:
    return client.post(f"{path_of(task)}/entries", json={"kind": kind, "text": "Lý do", **more})


def patch(client: httpx.Client, task: Json, **change: Any) -> httpx.Response:
    return client.patch(path_of(task), json=change, headers=ANY)


def refused(answer: httpx.Response, status: int, code: str, *pointers: str) -> Json:
    """The problem, which is this one."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    if pointers:
        assert [one["pointer"] for one in answer.json()["errors"]] == list(pointers), answer.text
    body: Json = answer.json()
    return body


def standing(client: httpx.Client, issuer: Any, lead: Any, state: str, **more: Any) -> Json:
    """A task in that state; all of it happened on 1 October 2025."""
    task = a_task(client, issuer, lead, **more)
    for step in WAY[state]:
        made(transition(client, task, step, effective_on="2025-10-01"))
    return now(client, task)


# -- the transitions


@pytest.mark.parametrize("state", MOVES)
def test_a_task_moves_as_its_table_says_and_a_refusal_lists_what_is_allowed(
    allmighty: httpx.Client, party: Any, front: Any, state: str
) -> None:
    task = standing(allmighty, party, front, state)
    assert (task["status"], task["allowed_transitions"]) == (state, list(MOVES[state]))
    for name in TRANSITIONS:
        if name not in MOVES[state]:
            problem = refused(transition(allmighty, task, name), 409, "invalid-transition")
            assert problem["allowed"] == list(MOVES[state])
    assert now(allmighty, task) == task
    for name, onward in MOVES[state].items():
        moving = standing(allmighty, party, front, state)
        answer = transition(allmighty, moving, name)
        told = made(answer)
        assert (told["kind"], told["old_values"]["status"], told["new_values"]["status"]) == (
            name,
            state,
            onward,
        )
        after = allmighty.get(path_of(moving))
        assert after.json()["status"] == onward
        assert after.json()["version"] == moving["version"] + 1
        assert answer.headers["etag"].strip('"') == str(after.json()["version"])


def test_the_transitions_and_states_are_those_of_the_table(secretary: httpx.Client) -> None:
    terms = shown(secretary.get("/v1/vocabularies"))["items"]
    known = {one["name"]: {term["value"] for term in one["terms"]} for one in terms}
    assert known["task_transition"] == {*TRANSITIONS, "recall"}  # see tests.test_reviews
    assert known["task_status"] == MOVES.keys() | {"carried_over"}  # by the carry-over operation only


@pytest.mark.parametrize("name", ["decline", "send_back", "cancel"])
def test_declining_sending_back_and_cancelling_need_a_comment(
    allmighty: httpx.Client, party: Any, front: Any, name: str
) -> None:
    task = standing(allmighty, party, front, "submitted" if name == "send_back" else "assigned")
    refused(transition(allmighty, task, name, comment=None), 422, "validation-error", "#/comment")
    assert now(allmighty, task) == task


@pytest.mark.parametrize("state", ["draft", "assigned", "in_progress", "on_hold", "submitted"])
def test_a_cancelled_task_reopens_in_the_state_it_had(
    allmighty: httpx.Client, party: Any, front: Any, state: str
) -> None:
    task = standing(allmighty, party, front, state)
    made(transition(allmighty, task, "cancel"))
    told = made(transition(allmighty, task, "reopen"))
    assert told["new_values"]["status"] == state
    after = now(allmighty, task)
    assert after == task | {"version": after["version"], "updated_at": after["updated_at"]}


def test_a_completed_task_reopens_as_reported_and_keeps_its_day(
    allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(allmighty, party, front, "completed")
    assert task["completed_on"] == "2025-10-01"
    made(transition(allmighty, task, "reopen"))
    after = now(allmighty, task)
    assert (after["status"], after["completed_on"]) == ("submitted", "2025-10-01")


def test_what_is_sent_back_is_open_again(allmighty: httpx.Client, party: Any, front: Any) -> None:
    task = standing(allmighty, party, front, "submitted")
    told = made(transition(allmighty, task, "send_back", comment="Thiếu số liệu"))
    assert (told["old_values"]["completed_on"], told["new_values"]["completed_on"]) == ("2025-10-01", None)
    after = now(allmighty, task, as_of="2025-10-02")
    assert (after["status"], after["completed_on"]) == ("in_progress", None)
    assert after["timeliness"] == "open_within_deadline"


# -- who may


WHO = {
    "secretary": {"issue", "cancel", "reopen", "decline", "start", "suspend", "resume", "report_completion"},
    "approver": {"confirm", "send_back", "reopen"},
    "leading": {"decline", "start", "suspend", "resume", "report_completion"},
    "coordinating": {"decline", "start", "suspend", "resume", "report_completion"},
    "supervising": set[str](),
    "reader": set[str](),
    "auditor": set[str](),
}


@pytest.fixture(scope="module")
def people(service: Service) -> dict[str, httpx.Client]:
    """Callers of the issuing side and of each body that answers for the task."""
    bodies, administrator = service.town.bodies, service.as_("administrator")
    found = {name: service.as_(name) for name in ("secretary", "approver", "reader", "auditor")}
    for name, body in (("leading", "front"), ("coordinating", "committee"), ("supervising", "office")):
        _, key = a_key(administrator, bodies[body], ("reporter", bodies[body], None))
        found[name] = service.client(key["key"])
    return found


@pytest.mark.parametrize("name", TRANSITIONS)
def test_each_side_makes_its_own_transitions(
    service: Service, people: dict[str, httpx.Client], allmighty: httpx.Client, party: Any, name: str
) -> None:
    bodies = service.town.bodies
    lines = [
        {"organization_id": str(bodies[body]), "role": role}
        for role, body in (("lead", "front"), ("coordinating", "committee"), ("supervising", "office"))
    ]
    state = next(state for state, moves in MOVES.items() if name in moves)
    untouched = standing(allmighty, party, None, state, assignments=lines)
    for who, allowed in WHO.items():
        moving = name in allowed
        task = standing(allmighty, party, None, state, assignments=lines) if moving else untouched
        answer = transition(people[who], task, name)
        sees = state != "draft" or who not in {"leading", "coordinating", "supervising"}
        expected = 201 if moving else 403 if sees or who in {"reader", "auditor"} else 404
        assert answer.status_code == expected, (who, answer.text)


def test_an_approver_of_the_leading_body_does_not_confirm_for_the_issuer(
    service: Service, allmighty: httpx.Client, party: Any, front: Any
) -> None:
    _, key = a_key(service.as_("administrator"), front, ("approver", front, None))
    task = standing(allmighty, party, front, "submitted")
    refused(transition(service.client(key["key"]), task, "confirm"), 403, "forbidden")


def test_the_assigned_report_progress_and_the_office_what_others_rely_on(
    people: dict[str, httpx.Client], allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(allmighty, party, front, "in_progress")
    lead = [{"organization_id": str(front), "role": "lead"}]
    said: dict[str, Json] = {
        "progress": {"progress_percent": 10},
        "due_date_changed": {"due_date": "2025-12-01"},
        "reassigned": {"assignments": [*lead, {"organization_id": str(party), "role": "supervising"}]},
        "reclassified": {"field": "health"},
    }
    for kind, more in said.items():
        for who in ("leading", "secretary"):
            expected = 201 if who == "secretary" or kind == "progress" else 403
            assert entry(people[who], task, kind, **more).status_code == expected, (who, kind)


def test_a_body_reports_only_while_it_is_assigned(
    people: dict[str, httpx.Client], service: Service, allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(allmighty, party, front, "in_progress")
    committee = [{"organization_id": str(service.town.bodies["committee"]), "role": "lead"}]
    made(entry(allmighty, task, "reassigned", assignments=committee))
    assert entry(people["leading"], task, "progress", progress_percent=1).status_code == 404
    made(entry(people["coordinating"], task, "progress", progress_percent=1))


# -- issuing


def test_an_issued_task_has_exactly_one_lead(
    service: Service, secretary: httpx.Client, party: Any, front: Any
) -> None:
    committee = str(service.town.bodies["committee"])
    task = a_task(secretary, party, assignments=[{"organization_id": committee, "role": "coordinating"}])
    problem = refused(transition(secretary, task, "issue"), 409, "blocked")
    assert problem["blockers"][0]["code"] == "lead-missing"
    assert problem["blockers"][0]["pointer"] == f"{path_of(task)}#/assignments"
    leads = [{"organization_id": str(one), "role": "lead"} for one in (front, committee)]
    refused(patch(secretary, task, assignments=leads), 422, "validation-error", "#/assignments/1/role")
    shown(patch(secretary, task, assignments=leads[:1]))
    made(transition(secretary, task, "issue"))
    for wrong in ([], leads, [{"organization_id": str(front), "role": "coordinating"}]):
        assert entry(secretary, task, "reassigned", assignments=wrong).status_code == 422


def test_issuing_keeps_the_first_due_date_for_good(secretary: httpx.Client, party: Any, front: Any) -> None:
    given, by_quarter = (
        a_task(secretary, party, front, due_date="2025-11-30"),
        a_task(secretary, party, front),
    )
    assert (given["original_due_date"], given["root_due_date"]) == (None, None)
    for task, due in ((given, "2025-11-30"), (by_quarter, "2025-12-31")):
        made(transition(secretary, task, "issue"))
        made(entry(secretary, task, "due_date_changed", due_date="2025-12-15"))
        after = now(secretary, task)
        assert (after["due_date"], after["effective_due_date"]) == ("2025-12-15", "2025-12-15")
        assert (after["original_due_date"], after["root_due_date"]) == (due, due)


@pytest.mark.parametrize(
    ("quarter", "due", "effective", "beyond"),
    [
        ("2025-Q4", None, "2025-12-31", False),
        ("2025-Q1", None, "2025-03-31", False),
        ("2025-Q2", None, "2025-06-30", False),
        ("2025-Q3", None, "2025-09-30", False),
        ("2025-Q4", "2025-12-31", "2025-12-31", False),
        ("2025-Q4", "2026-01-01", "2026-01-01", True),
        ("2025-Q4", "2025-09-30", "2025-09-30", False),
    ],
)
def test_a_task_is_due_on_its_day_or_at_the_end_of_its_quarter_and_says_if_that_is_beyond(
    secretary: httpx.Client, party: Any, quarter: str, due: str | None, effective: str, beyond: bool
) -> None:
    task = a_task(secretary, party, quarter=quarter, due_date=due)
    assert (task["effective_due_date"], task["due_beyond_quarter"]) == (effective, beyond)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("quarter", "2026-Q1"),
        ("field", "health"),
        ("kind", "regular"),
        ("due_date", "2025-12-01"),
        ("assignments", []),
    ],
)
def test_once_issued_what_others_rely_on_changes_by_entries_only(
    secretary: httpx.Client, party: Any, front: Any, member: str, value: Any
) -> None:
    task = standing(secretary, party, front, "assigned")
    problem = refused(patch(secretary, task, **{member: value, "title": "x"}), 409, "conflict", f"#/{member}")
    assert problem["errors"][0]["code"] == "by-entries-only"
    assert now(secretary, task) == task
    draft = a_task(secretary, party, front)
    assert shown(patch(secretary, draft, **{member: value}))[member] == value


def test_once_issued_the_rest_can_still_be_edited(secretary: httpx.Client, party: Any, front: Any) -> None:
    task = standing(secretary, party, front, "in_progress")
    change = {
        "title": "Rõ hơn",
        "expected_result": "Báo cáo",
        "priority": "urgent",
        "result_summary": "Một phần",
    }
    after = shown(patch(secretary, task, **change))
    assert {name: after[name] for name in change} == change


def test_the_issuer_is_for_good_and_the_status_no_member_of_a_patch(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    task, committee = a_task(secretary, party), str(service.town.bodies["committee"])
    refused(patch(secretary, task, issuing_organization_id=committee), 422, "validation-error")
    for member, value in (("status", "assigned"), ("completed_on", "2025-10-01"), ("progress_percent", 5)):
        refused(patch(secretary, task, **{member: value}), 422, "validation-error", f"#/{member}")


def test_a_declined_task_can_be_given_to_another_body(
    service: Service, secretary: httpx.Client, reporter: httpx.Client, party: Any, front: Any
) -> None:
    """It is a draft again: somehow its bodies must be changed before it is issued again."""
    task = standing(secretary, party, front, "assigned")
    made(transition(reporter, task, "decline"))
    committee = [{"organization_id": str(service.town.bodies["committee"]), "role": "lead"}]
    tried = [
        patch(secretary, task, assignments=committee),
        entry(secretary, task, "reassigned", assignments=committee),
    ]
    assert any(one.is_success for one in tried), [one.text for one in tried]
    made(transition(secretary, task, "issue"))
    assert now(secretary, task)["lead_organization_id"] == str(service.town.bodies["committee"])


# -- entries


def test_an_entry_keeps_old_and_new_values(
    service: Service, secretary: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(secretary, party, front, "in_progress", due_date="2025-11-30", field="health")
    told = made(entry(secretary, task, "progress", progress_percent=40))
    assert (told["old_values"], told["new_values"]) == ({"progress_percent": 0}, {"progress_percent": 40})
    assert told["progress_percent"] == 40
    told = made(entry(secretary, task, "due_date_changed", due_date="2025-12-10"))
    assert (told["old_values"], told["new_values"]) == (
        {"due_date": "2025-11-30"},
        {"due_date": "2025-12-10"},
    )
    told = made(entry(secretary, task, "reclassified", field=None, task_kind="regular", quarter="2026-Q1"))
    assert told["old_values"] == {"field": "health", "kind": "key", "quarter": "2025-Q4"}
    assert told["new_values"] == {"field": None, "kind": "regular", "quarter": "2026-Q1"}
    assert told["text"] == "Lý do"
    assert told["recorded_by"] == "secretary"


def test_reassigning_replaces_the_whole_list_and_keeps_both(
    service: Service, secretary: httpx.Client, party: Any, front: Any
) -> None:
    task, committee = standing(secretary, party, front, "in_progress"), str(service.town.bodies["committee"])
    fronter = str(service.town.people["fronter"])
    wanted = [
        {"organization_id": str(front), "role": "coordinating", "speaker_id": fronter},
        {"organization_id": committee, "role": "lead", "speaker_id": None},
    ]
    told = made(entry(secretary, task, "reassigned", assignments=wanted))
    assert told["old_values"]["assignments"] == task["assignments"]
    assert told["new_values"]["assignments"] == wanted
    after = now(secretary, task)
    assert (after["assignments"], after["lead_organization_id"]) == (wanted, committee)
    assert after["version"] == task["version"] + 1


def test_changing_who_supervises_alone_is_an_entry_too(
    service: Service, secretary: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(secretary, party, front, "assigned")
    wanted = [
        *task["assignments"],
        {"organization_id": str(party), "role": "supervising", "speaker_id": None},
    ]
    made(entry(secretary, task, "reassigned", assignments=wanted))
    after = now(secretary, task)
    assert (after["assignments"], after["version"]) == (wanted, task["version"] + 1)


@pytest.mark.parametrize(
    ("kind", "more", "pointer"),
    [
        ("progress", {}, "#/progress_percent"),
        ("progress", {"progress_percent": 101}, "#/progress_percent"),
        ("progress", {"progress_percent": -1}, "#/progress_percent"),
        ("progress", {"progress_percent": True}, "#/progress_percent"),
        ("progress", {"progress_percent": 5, "due_date": "2025-12-01"}, "#/due_date"),
        ("due_date_changed", {}, "#/due_date"),
        ("due_date_changed", {"due_date": "2025-12-01", "text": None}, "#/text"),
        ("reassigned", {}, "#/assignments"),
        ("reclassified", {"text": None, "field": "health"}, "#/text"),
        ("reclassified", {}, "#/kind"),
        ("reclassified", {"quarter": None}, "#/quarter"),
        ("reclassified", {"task_kind": None}, "#/task_kind"),
        ("issue", {}, "#/kind"),
    ],
)
def test_an_entry_says_what_its_kind_needs_and_no_more(
    secretary: httpx.Client, party: Any, front: Any, kind: str, more: Json, pointer: str
) -> None:
    task = standing(secretary, party, front, "in_progress")
    refused(entry(secretary, task, kind, **more), 422, "validation-error", pointer)
    assert now(secretary, task) == task


@pytest.mark.parametrize("state", MOVES)
def test_entries_are_made_while_a_task_is_open(
    allmighty: httpx.Client, party: Any, front: Any, state: str
) -> None:
    task = standing(allmighty, party, front, state)
    answer = entry(allmighty, task, "progress", progress_percent=5)
    is_open = state in {"assigned", "in_progress", "on_hold", "submitted"}
    assert answer.status_code == (201 if is_open else 409), answer.text


def test_the_new_due_date_does_not_come_before_the_start(
    secretary: httpx.Client, party: Any, front: Any
) -> None:
    """As when the task is set or edited."""
    task = standing(secretary, party, front, "assigned", start_date="2025-11-01", due_date="2025-11-30")
    draft = a_task(secretary, party, front, start_date="2025-11-01")
    refused(patch(secretary, draft, due_date="2025-10-31"), 422, "validation-error", "#/due_date")
    refused(
        entry(secretary, task, "due_date_changed", due_date="2025-10-31"),
        422,
        "validation-error",
        "#/due_date",
    )


def test_what_takes_effect_is_not_in_the_future_and_not_before_what_went_before(
    allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(allmighty, party, front, "in_progress")
    tomorrow = str(today() + timedelta(days=1))
    for wrong in (tomorrow, "2025-09-30"):
        for answer in (
            transition(allmighty, task, "suspend", effective_on=wrong),
            entry(allmighty, task, "progress", progress_percent=1, effective_on=wrong),
        ):
            refused(answer, 422, "validation-error", "#/effective_on")
    made(entry(allmighty, task, "progress", progress_percent=1, effective_on="2025-10-01"))
    made(entry(allmighty, task, "progress", progress_percent=2, effective_on="2025-10-05"))
    refused(transition(allmighty, task, "suspend", effective_on="2025-10-04"), 422, "validation-error")
    told = made(transition(allmighty, task, "suspend"))
    assert told["effective_on"] == str(today())
    made(transition(allmighty, task, "resume", effective_on=str(today())))


def test_the_day_reported_is_the_day_of_completion(
    reporter: httpx.Client, allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = standing(allmighty, party, front, "in_progress")
    told = made(
        transition(
            reporter, task, "report_completion", effective_on="2025-11-20", result_summary="Đã làm xong"
        )
    )
    assert told["new_values"] == {
        "status": "submitted",
        "completed_on": "2025-11-20",
        "progress_percent": 100,
        "result_summary": "Đã làm xong",
    }
    after = now(allmighty, task)
    assert (after["completed_on"], after["progress_percent"]) == ("2025-11-20", 100)
    assert after["result_summary"] == "Đã làm xong"


def test_the_history_is_complete_in_order_and_each_entry_has_its_place(
    allmighty: httpx.Client, party: Any, front: Any
) -> None:
    task = a_task(allmighty, party, front)
    answers = [
        transition(allmighty, task, "issue", effective_on="2025-10-01"),
        entry(allmighty, task, "progress", progress_percent=40, effective_on="2025-10-02"),
        transition(allmighty, task, "report_completion", effective_on="2025-10-03"),
    ]
    for answer in answers:
        assert allmighty.get(answer.headers["location"]).content == answer.content
    told = [made(answer) for answer in answers]
    assert every(allmighty, f"{path_of(task)}/entries") == told
    assert every(allmighty, f"{path_of(task)}/entries", sort="-created_at") == told[::-1]
    assert every(allmighty, f"{path_of(task)}/entries", kind="progress") == [told[1]]
    assert every(allmighty, f"{path_of(task)}/transitions") == [told[0], told[2]]


# -- timeliness


def cell(task: Json, day: date) -> tuple[str | None, int | None]:
    """The four cells, by domain.md."""
    if task["status"] in {"draft", "cancelled"}:
        return None, None
    year, quarter = int(task["quarter"][:4]), int(task["quarter"][-1])
    last = date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
    due = date.fromisoformat(task["due_date"]) if task["due_date"] else last
    done = date.fromisoformat(task["completed_on"]) if task["completed_on"] else None
    if done is not None and done <= day:
        return ("completed_late" if done > due else "completed_on_time"), max(0, (done - due).days)
    return ("open_overdue" if day > due else "open_within_deadline"), max(0, (day - due).days)


def test_timeliness_is_right_on_every_day_around_the_due_date(
    allmighty: httpx.Client, party: Any, front: Any
) -> None:
    named = {"title": "Việc đúng hạn hay quá hạn"}
    tasks = [
        standing(allmighty, party, front, state, quarter=quarter, due_date=due, **named)
        for state in ("draft", "assigned", "on_hold", "cancelled")
        for quarter, due in (("2025-Q4", "2025-11-30"), ("2025-Q4", None), ("2026-Q1", "2026-01-02"))
    ]
    for done in ("2025-11-29", "2025-11-30", "2025-12-01"):
        task = standing(allmighty, party, front, "in_progress", due_date="2025-11-30", **named)
        made(transition(allmighty, task, "report_completion", effective_on=done))
        tasks.append(now(allmighty, task))
    confirmed = standing(allmighty, party, front, "in_progress", due_date="2025-11-30", **named)
    made(transition(allmighty, confirmed, "report_completion", effective_on="2025-11-30"))
    made(transition(allmighty, confirmed, "confirm"))  # today: a late confirmation does not make work late
    tasks.append(now(allmighty, confirmed))
    due_dates = [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 2)]
    asked = {"q": "dung han qua han"}
    for day in sorted({due + timedelta(days=n) for due in due_dates for n in (-1, 0, 1, 2)}):
        rows = every(allmighty, "/v1/quarterly-tasks", as_of=str(day), **asked)
        cells = {task["id"]: cell(task, day) for task in tasks}
        assert {row["id"]: (row["timeliness"], row["days_overdue"]) for row in rows} == cells, day
        for name in {name for name, _ in cells.values()} - {None}:
            found = every(allmighty, "/v1/quarterly-tasks", as_of=str(day), timeliness=name, **asked)
            assert {row["id"] for row in found} == {id for id, one in cells.items() if one[0] == name}, day
    one = now(allmighty, tasks[3], as_of="2025-12-02")
    assert (one["timeliness"], one["days_overdue"]) == ("open_overdue", 2)


def test_on_a_day_before_its_completion_a_task_was_still_open(
    allmighty: httpx.Client, party: Any, front: Any
) -> None:
    """`timeliness` is that of the day asked for."""
    task = standing(allmighty, party, front, "in_progress", due_date="2025-11-30")
    made(transition(allmighty, task, "report_completion", effective_on="2025-12-05"))
    told = [
        (one["timeliness"], one["days_overdue"])
        for one in (now(allmighty, task, as_of=day) for day in ("2025-11-30", "2025-12-02", "2025-12-05"))
    ]
    assert told == [("open_within_deadline", 0), ("open_overdue", 2), ("completed_late", 5)]


def test_without_a_day_it_is_that_of_today(secretary: httpx.Client, party: Any, front: Any) -> None:
    for days, expected in (
        (-1, ("open_overdue", 1)),
        (0, ("open_within_deadline", 0)),
        (1, ("open_within_deadline", 0)),
    ):
        task = a_task(secretary, party, front, due_date=str(today() + timedelta(days=days)))
        made(transition(secretary, task, "issue"))
        after = now(secretary, task)
        assert (after["timeliness"], after["days_overdue"]) == expected


# -- what a task agrees with


@pytest.mark.parametrize(
    ("planned", "quarter", "fits"),
    [
        ("2025-Q4", "2025-Q4", True),
        ("2025-Q4", "2026-Q1", False),
        ("2025-Q4", "2025-Q3", False),
        ("2026-H1", "2026-Q2", True),
        ("2026-H1", "2026-Q3", False),
        ("2026", "2026-Q4", True),
        ("2026-M02", "2026-Q1", True),
        (None, "2030-Q1", True),
    ],
)
def test_a_task_set_at_a_meeting_lies_in_what_that_plans_unless_it_is_ad_hoc(
    secretary: httpx.Client, party: Any, planned: str | None, quarter: str, fits: bool
) -> None:
    meeting = a_meeting(secretary, party, kind="thematic", plan_period=planned)
    body = {
        "issuing_organization_id": str(party),
        "title": "Nhiệm vụ",
        "quarter": quarter,
        "set_at_meeting_id": meeting["id"],
    }
    answer = secretary.post("/v1/quarterly-tasks", json=body)
    if fits:
        made(answer)
    else:
        refused(answer, 422, "validation-error", "#/quarter")
    made(secretary.post("/v1/quarterly-tasks", json={**body, "kind": "ad_hoc"}))


def test_later_changes_are_checked_against_the_meeting_too(
    secretary: httpx.Client, party: Any, front: Any
) -> None:
    meeting = a_meeting(secretary, party, kind="thematic", plan_period="2025-Q4")
    task = a_task(secretary, party, front, set_at_meeting_id=meeting["id"])
    refused(patch(secretary, task, quarter="2026-Q1"), 422, "validation-error", "#/quarter")
    shown(patch(secretary, task, quarter="2026-Q1", kind="ad_hoc"))
    refused(patch(secretary, task, kind="key"), 422, "validation-error", "#/quarter")
    shown(patch(secretary, task, quarter="2025-Q4", kind="key"))
    made(transition(secretary, task, "issue"))
    refused(entry(secretary, task, "reclassified", quarter="2026-Q1"), 422, "validation-error", "#/quarter")
    made(entry(secretary, task, "reclassified", quarter="2026-Q1", task_kind="ad_hoc"))
    other = a_task(secretary, party, quarter="2026-Q1")
    refused(patch(secretary, other, set_at_meeting_id=meeting["id"]), 422, "validation-error", "#/quarter")


def test_the_agenda_item_is_of_the_meeting_that_set_the_task(secretary: httpx.Client, party: Any) -> None:
    first, second = (a_meeting(secretary, party, agenda_items=[{"title": "Giao việc"}]) for _ in range(2))
    (item,) = every(secretary, f"/v1/meetings/{first['id']}/agenda-items")
    task = a_task(secretary, party, set_at_meeting_id=first["id"], agenda_item_id=item["id"])
    for change in ({"set_at_meeting_id": second["id"]}, {"set_at_meeting_id": None}):
        refused(patch(secretary, task, **change), 422, "validation-error", "#/agenda_item_id")
    shown(patch(secretary, task, set_at_meeting_id=None, agenda_item_id=None))


def test_a_task_is_due_after_it_starts(secretary: httpx.Client, party: Any) -> None:
    body = {"issuing_organization_id": str(party), "title": "x", "quarter": "2025-Q4"}
    backwards = {"start_date": "2025-11-02", "due_date": "2025-11-01"}
    refused(
        secretary.post("/v1/quarterly-tasks", json=body | backwards), 422, "validation-error", "#/due_date"
    )
    task = a_task(secretary, party, start_date="2025-11-01", due_date="2025-11-01")
    refused(patch(secretary, task, start_date="2025-11-02"), 422, "validation-error", "#/due_date")


def test_tasks_have_parts_on_one_level_only(secretary: httpx.Client, party: Any) -> None:
    whole = a_task(secretary, party)
    part = a_task(secretary, party, parent_id=whole["id"])
    body = {
        "issuing_organization_id": str(party),
        "title": "x",
        "quarter": "2025-Q4",
        "parent_id": part["id"],
    }
    refused(secretary.post("/v1/quarterly-tasks", json=body), 422, "validation-error", "#/parent_id")
    refused(patch(secretary, whole, parent_id=whole["id"]), 422, "validation-error", "#/parent_id")
    refused(patch(secretary, whole, parent_id=part["id"]), 422, "validation-error", "#/parent_id")
    assert every(secretary, "/v1/quarterly-tasks", parent_id=whole["id"]) == [part]


def test_a_task_that_has_parts_does_not_become_a_part(secretary: httpx.Client, party: Any) -> None:
    whole, above = a_task(secretary, party), a_task(secretary, party)
    a_task(secretary, party, parent_id=whole["id"])
    refused(patch(secretary, whole, parent_id=above["id"]), 422, "validation-error", "#/parent_id")


def test_what_is_done_stays_done_and_is_not_divided_any_more(
    secretary: httpx.Client, approver: httpx.Client, party: Any, front: Any
) -> None:
    whole, other = (a_task(secretary, party, front) for _ in range(2))
    part = a_task(secretary, party, front, parent_id=whole["id"])
    for transition in ("issue", "report_completion", "confirm"):
        move(approver if transition == "confirm" else secretary, whole, transition)
    body = {"issuing_organization_id": str(party), "title": "Phần", "quarter": "2025-Q4"}
    answer = secretary.post("/v1/quarterly-tasks", json={**body, "parent_id": whole["id"]})
    refused(answer, 422, "validation-error", "#/parent_id")
    assert answer.json()["errors"][0]["code"] == "has_ended"
    refused(patch(secretary, other, parent_id=whole["id"]), 422, "validation-error", "#/parent_id")
    shown(patch(secretary, part, parent_id=whole["id"], title="Phần một"))  # as it was


def test_only_who_issued_a_task_divides_it_so_that_it_leaves_nobodys_figures(
    secretary: httpx.Client, party: Any, front: Any
) -> None:
    whole = a_task(secretary, party, front)
    move(secretary, whole, "issue")
    own = {"issuing_organization_id": str(front), "title": "Phần của Mặt trận", "quarter": whole["quarter"]}
    answer = secretary.post("/v1/quarterly-tasks", json={**own, "parent_id": whole["id"]})
    refused(answer, 422, "validation-error", "#/parent_id")
    assert answer.json()["errors"][0]["code"] == "of_another_issuer"
    apart = made(secretary.post("/v1/quarterly-tasks", json=own))
    refused(patch(secretary, apart, parent_id=whole["id"]), 422, "validation-error", "#/parent_id")
    assert every(secretary, "/v1/quarterly-tasks", parent_id=whole["id"]) == []


def test_a_body_stands_once_in_each_role(secretary: httpx.Client, party: Any, front: Any) -> None:
    twice = [{"organization_id": str(front), "role": "supervising"}] * 2
    refused(
        patch(secretary, a_task(secretary, party), assignments=twice),
        422,
        "validation-error",
        "#/assignments/1",
    )
    both = [
        {"organization_id": str(front), "role": role, "speaker_id": None} for role in ("lead", "supervising")
    ]
    assert a_task(secretary, party, assignments=both)["assignments"] == both


def test_lists_are_replaced_whole(service: Service, secretary: httpx.Client, party: Any, front: Any) -> None:
    committee = str(service.town.bodies["committee"])
    task = a_task(secretary, party, front, measures=[{"name": "a", "target": 1}, {"name": "b"}])
    assert task["lead_organization_id"] == str(front)
    lines = [
        {"organization_id": committee, "role": "supervising", "speaker_id": None},
        {"organization_id": committee, "role": "lead", "speaker_id": None},
    ]
    after = shown(patch(secretary, task, assignments=lines, measures=[{"name": "b"}]))
    assert (after["assignments"], after["lead_organization_id"]) == (lines, committee)
    assert [one["name"] for one in after["measures"]] == ["b"]
    after = shown(patch(secretary, task, assignments=[], measures=[]))
    assert (after["assignments"], after["lead_organization_id"], after["measures"]) == ([], None, [])
    for member in ("assignments", "measures"):
        refused(patch(secretary, task, **{member: None}), 422, "validation-error", f"#/{member}")


@pytest.mark.parametrize(
    ("target", "achieved", "percent"),
    [
        (10, 4, 40),
        (3, 1, 33.33),
        (3, 2, 66.67),
        (10, 12.5, 125),
        (10, 0, 0),
        (0, 5, None),
        (None, 5, None),
        (10, None, None),
        (0.3, 0.1, 33.33),
    ],
)
def test_the_percent_of_a_measure_follows_from_target_and_achieved(
    secretary: httpx.Client, party: Any, target: float | None, achieved: float | None, percent: float | None
) -> None:
    measure = {"name": "Số hộ", "unit": "hộ", "target": target, "achieved": achieved}
    task = a_task(secretary, party, measures=[measure])
    assert task["measures"] == [{**measure, "percent": percent}]
    assert now(secretary, task)["measures"] == task["measures"]
    given = patch(secretary, task, measures=[{**measure, "percent": 99}])
    refused(given, 422, "validation-error", "#/measures/0/percent")


# -- deleting


def test_a_draft_that_was_never_issued_is_deleted_with_its_list(
    secretary: httpx.Client, party: Any, front: Any
) -> None:
    task = a_task(secretary, party, front)
    assert secretary.delete(path_of(task), headers=ANY).status_code == 204
    assert secretary.get(path_of(task)).status_code == 404


@pytest.mark.parametrize("state", [*(state for state in MOVES if state != "draft"), "declined", "withdrawn"])
def test_what_was_issued_or_has_a_history_is_never_deleted(
    allmighty: httpx.Client, party: Any, front: Any, state: str
) -> None:
    before = {"declined": "assigned", "withdrawn": "draft"}.get(state, state)
    task = standing(allmighty, party, front, before)
    if state in {"declined", "withdrawn"}:
        made(transition(allmighty, task, "decline" if state == "declined" else "cancel"))
    assert allmighty.delete(path_of(task), headers=ANY).status_code == 409
    assert allmighty.get(path_of(task)).status_code == 200


def test_a_task_that_has_parts_is_not_deleted(secretary: httpx.Client, party: Any) -> None:
    whole = a_task(secretary, party)
    part = a_task(secretary, party, parent_id=whole["id"])
    problem = refused(secretary.delete(path_of(whole), headers=ANY), 409, "blocked")
    pointer = problem["blockers"][0]["pointer"]
    assert shown(secretary.get(pointer))["items"] == [part]


def test_a_code_is_made_where_none_is_given_and_taken_once(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    assert a_task(secretary, party)["code"].startswith("NV-")
    a_task(secretary, party, code="NV-01")
    body = {"issuing_organization_id": str(party), "title": "x", "quarter": "2025-Q4", "code": "NV-01"}
    refused(secretary.post("/v1/quarterly-tasks", json=body), 409, "code-taken")
    a_task(service.as_("stranger"), service.town.bodies["elsewhere"], code="NV-01")


def test_the_first_of_a_lineage_is_its_own_root(secretary: httpx.Client, party: Any) -> None:
    task = a_task(secretary, party)
    assert (task["root_task_id"], task["carried_from_id"], task["carry_count"]) == (task["id"], None, 0)
