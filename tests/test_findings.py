"""What a meeting found and directed: causes, recommendations, directives, and the tasks that come of them."""

from typing import Any

import httpx
import pytest

from app.db import new_id
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.test_speeches import refused
from tests.town import ANY, Json, a_key, a_meeting, every, made, move, shown

pytestmark = pytest.mark.in_turn

KINDS = ("result", "limitation", "difficulty", "cause", "lesson", "recommendation")


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture
def meeting(service: Service, secretary: httpx.Client) -> str:
    """Where a new meeting stands, that reviews one quarter and plans another."""
    periods = {"review_period": "2025-Q3", "plan_period": "2025-Q4"}
    return f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'], **periods)['id']}"


@pytest.fixture
def other(service: Service, secretary: httpx.Client) -> str:
    """Where another meeting stands, that names no period."""
    return f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"


def find(client: httpx.Client, meeting: str, kind: str = "result", **more: Any) -> Json:
    return made(client.post(f"{meeting}/findings", json={"kind": kind, "text": "Nội dung", **more}))


def direct(client: httpx.Client, meeting: str, **more: Any) -> Json:
    return made(client.post(f"{meeting}/directives", json={"text": "Rà soát", **more}))


# -- findings


def test_a_finding_is_about_what_the_meeting_reviews_unless_it_says_otherwise(
    secretary: httpx.Client, meeting: str, other: str
) -> None:
    assert find(secretary, meeting)["period"] == "2025-Q3"
    assert find(secretary, other)["period"] is None
    own = find(secretary, meeting, period="2025-9M")
    assert own["period"] == "2025-9M"
    one = f"/v1/findings/{own['id']}"
    assert shown(secretary.patch(one, json={"period": None}, headers=ANY))["period"] is None
    answer = secretary.post(f"{meeting}/findings", json={"kind": "result", "text": "x", "period": "Q3"})
    refused(answer, "period", "period_format")


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_cause_explains_and_only_a_limitation_or_a_difficulty(
    secretary: httpx.Client, meeting: str, kind: str
) -> None:
    limitation = find(secretary, meeting, "limitation")["id"]
    said = {"kind": kind, "text": "x", "cause_of_id": limitation}
    answer = secretary.post(f"{meeting}/findings", json=said)
    if kind == "cause":
        assert made(answer)["cause_of_id"] == limitation
    else:
        refused(answer, "cause_of_id", "extra_forbidden")
        one = f"/v1/findings/{find(secretary, meeting, kind)['id']}"
        answer = secretary.patch(one, json={"cause_of_id": limitation}, headers=ANY)
        refused(answer, "cause_of_id", "extra_forbidden")
    explained = find(secretary, meeting, kind)["id"]
    answer = secretary.post(
        f"{meeting}/findings", json={"kind": "cause", "text": "x", "cause_of_id": explained}
    )
    if kind in {"limitation", "difficulty"}:
        assert every(secretary, "/v1/findings", cause_of_id=explained) == [made(answer)]
    else:
        refused(answer, "cause_of_id", "has_no_causes")


def test_a_cause_that_becomes_something_else_explains_nothing_any_more(
    secretary: httpx.Client, meeting: str
) -> None:
    limitation = find(secretary, meeting, "limitation")["id"]
    one = f"/v1/findings/{find(secretary, meeting, 'cause', cause_of_id=limitation)['id']}"
    refused(secretary.patch(one, json={"kind": "lesson"}, headers=ANY), "cause_of_id", "extra_forbidden")
    said = {"kind": "lesson", "cause_of_id": None}
    assert shown(secretary.patch(one, json=said, headers=ANY))["kind"] == "lesson"


def test_what_has_causes_stays_something_that_has_causes(secretary: httpx.Client, meeting: str) -> None:
    limitation = find(secretary, meeting, "limitation")["id"]
    one, cause = f"/v1/findings/{limitation}", find(secretary, meeting, "cause", cause_of_id=limitation)
    for kind in set(KINDS) - {"limitation", "difficulty"}:
        refused(secretary.patch(one, json={"kind": kind}, headers=ANY), "kind", "has_causes")
    assert shown(secretary.patch(one, json={"kind": "difficulty"}, headers=ANY))["kind"] == "difficulty"
    assert secretary.delete(f"/v1/findings/{cause['id']}", headers=ANY).status_code == 204
    assert shown(secretary.patch(one, json={"kind": "lesson"}, headers=ANY))["kind"] == "lesson"


def test_nothing_is_the_cause_of_itself(secretary: httpx.Client, meeting: str) -> None:
    """Also not a limitation that becomes a cause in the same request."""
    for kind in ("limitation", "cause"):
        id = find(secretary, meeting, kind)["id"]
        said = {"kind": "cause", "cause_of_id": id}
        answer = secretary.patch(f"/v1/findings/{id}", json=said, headers=ANY)
        assert answer.status_code == 422, answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == ["#/cause_of_id"]


def test_what_a_finding_or_a_directive_names_is_of_its_meeting(
    secretary: httpx.Client, meeting: str, other: str
) -> None:
    limitation = find(secretary, other, "limitation")["id"]
    speech = made(secretary.post(f"{other}/speeches", json={"attribution_text": "x"}))["id"]
    for noun, body, member, foreign in (
        ("findings", {"kind": "cause", "text": "x"}, "cause_of_id", limitation),
        ("findings", {"kind": "result", "text": "x"}, "speech_id", speech),
        ("directives", {"text": "x"}, "speech_id", speech),
    ):
        answer = secretary.post(f"{meeting}/{noun}", json={**body, member: foreign})
        refused(answer, member, "of_another_meeting")
        one = f"/v1/{noun}/{made(secretary.post(f'{meeting}/{noun}', json=body))['id']}"
        refused(secretary.patch(one, json={member: foreign}, headers=ANY), member, "of_another_meeting")
        refused(secretary.patch(one, json={member: str(new_id())}, headers=ANY), member, "not-found", 404)


# -- recommendations, and what is answered to them


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "recommendation"])
def test_only_a_recommendation_is_answered(secretary: httpx.Client, meeting: str, kind: str) -> None:
    said = {"response_status": "answered", "response_text": "Đã bố trí"}
    answer = secretary.post(f"{meeting}/findings", json={"kind": kind, "text": "x", **said})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("#/response_status", "extra_forbidden"),
        ("#/response_text", "extra_forbidden"),
    ]
    row = find(secretary, meeting, kind)
    assert (row["response_status"], row["response_text"]) == (None, None)
    for name, value in said.items():
        answer = secretary.patch(f"/v1/findings/{row['id']}", json={name: value}, headers=ANY)
        refused(answer, name, "extra_forbidden")


def test_a_recommendation_is_open_until_it_is_answered_or_referred(
    secretary: httpx.Client, meeting: str
) -> None:
    row = find(secretary, meeting, "recommendation")
    assert (row["response_status"], row["response_text"]) == ("open", None)
    assert find(secretary, meeting, "recommendation", response_text="Rồi")["response_status"] == "answered"
    asked = {"kind": "recommendation", "text": "x", "response_status": "answered"}
    refused(secretary.post(f"{meeting}/findings", json=asked), "response_text", "missing")
    one = f"/v1/findings/{row['id']}"
    answered = {"response_status": "answered"}
    refused(secretary.patch(one, json=answered, headers=ANY), "response_text", "missing")
    refused(secretary.patch(one, json={"response_status": None}, headers=ANY), "response_status", "missing")
    referred = shown(secretary.patch(one, json={"response_status": "referred"}, headers=ANY))
    assert (referred["response_status"], referred["response_text"]) == ("referred", None)
    full = shown(secretary.patch(one, json={**answered, "response_text": "Đã bố trí"}, headers=ANY))
    assert (full["response_status"], full["response_text"]) == ("answered", "Đã bố trí")
    refused(secretary.patch(one, json={"response_text": None}, headers=ANY), "response_text", "missing")
    assert every(secretary, f"{meeting}/findings", response_status="answered")[0] == full
    reopened = {"response_status": "open"}
    refused(secretary.patch(one, json=reopened, headers=ANY), "response_status", "answered")
    shown(secretary.patch(one, json={**reopened, "response_text": None}, headers=ANY))
    said = shown(secretary.patch(one, json={"response_text": "Đã cấp"}, headers=ANY))
    assert (said["response_status"], said["response_text"]) == ("answered", "Đã cấp")
    asked |= {**reopened, "response_text": "Rồi"}
    refused(secretary.post(f"{meeting}/findings", json=asked), "response_status", "answered")


def test_what_becomes_a_recommendation_is_open_and_what_ceases_to_be_one_has_no_answer(
    secretary: httpx.Client, meeting: str
) -> None:
    one = f"/v1/findings/{find(secretary, meeting, 'lesson')['id']}"
    asked = shown(secretary.patch(one, json={"kind": "recommendation"}, headers=ANY))
    assert asked["response_status"] == "open"
    refused(secretary.patch(one, json={"kind": "lesson"}, headers=ANY), "response_status", "extra_forbidden")
    said = {"kind": "lesson", "response_status": None}
    assert shown(secretary.patch(one, json=said, headers=ANY))["response_status"] is None


# -- finding them again


def test_findings_and_directives_are_found_by_what_they_say_and_name(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    chair, front = str(service.town.people["chair"]), str(service.town.bodies["front"])
    speech = made(secretary.post(f"{meeting}/speeches", json={"attribution_text": "x"}))["id"]
    token, id = f"tk{new_id().hex[:10]}", meeting.rpartition("/")[2]
    about = {"text": f"Đẩy mạnh số hóa {token}", "field": "digital_transformation", "speech_id": speech}
    finding = find(secretary, meeting, "recommendation", **about, organization_id=front, period="2025-M09")
    directive = direct(secretary, meeting, **about, kind="decision", issued_by_id=chair)
    find(secretary, meeting)
    direct(secretary, meeting)
    common = ({"field": "digital_transformation"}, {"speech_id": speech}, {"q": f"{token} so hoa DAY"})
    for noun, row, own in (
        (
            "findings",
            finding,
            (
                {"kind": "recommendation"},
                {"organization_id": front},
                {"response_status": "open"},
                {"period": "2025-M09"},
            ),
        ),
        ("directives", directive, ({"kind": "decision"}, {"issued_by_id": chair})),
    ):
        for asked in (*common, *own):
            assert every(secretary, f"/v1/{noun}", meeting_id=id, **asked) == [row], (noun, asked)
            assert every(secretary, f"{meeting}/{noun}", **asked) == [row], (noun, asked)
        assert every(secretary, f"/v1/{noun}", q=f"{token} mat tran") == []
    said = {"response_status": "referred", "response_text": "Chuyển Sở"}
    finding = shown(secretary.patch(f"/v1/findings/{finding['id']}", json=said, headers=ANY))
    assert every(secretary, "/v1/findings", q=f"chuyen so {token}") == [finding]
    changed = shown(secretary.patch(f"/v1/directives/{directive['id']}", json={"text": token}, headers=ANY))
    assert every(secretary, "/v1/directives", q=token) == [changed]
    assert every(secretary, "/v1/directives", q=f"{token} day manh") == []


# -- directives


def test_a_directive_takes_over_who_gave_it_and_where_from_its_speech(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    person, chair = str(service.town.people["clerk"]), str(service.town.people["chair"])
    items = [made(secretary.post(f"{meeting}/agenda-items", json={"title": "x"}))["id"] for _ in range(2)]
    said = {"speaker_id": person, "title_snapshot": "Chủ trì", "agenda_item_id": items[0]}
    speech = made(secretary.post(f"{meeting}/speeches", json=said))["id"]
    taken = direct(secretary, meeting, speech_id=speech)
    assert [taken[name] for name in ("issued_by_id", "title_snapshot", "agenda_item_id", "kind")] == [
        person,
        "Chủ trì",
        items[0],
        "instruction",
    ]
    named = direct(secretary, meeting, speech_id=speech, issued_by_id=person)  # the same, said as well
    assert (named["issued_by_id"], named["title_snapshot"]) == (person, "Chủ trì")
    own = direct(secretary, meeting, speech_id=speech, agenda_item_id=items[1], title_snapshot="Bí thư")
    assert (own["issued_by_id"], own["title_snapshot"], own["agenda_item_id"]) == (person, "Bí thư", items[1])
    another = direct(secretary, meeting, speech_id=speech, issued_by_id=chair)
    assert (another["issued_by_id"], another["title_snapshot"]) == (chair, None)
    by_words = made(secretary.post(f"{meeting}/speeches", json={"attribution_text": "Đại diện"}))["id"]
    assert direct(secretary, meeting, speech_id=by_words)["issued_by_id"] is None
    # What is changed of the speech afterwards leaves the directive as it was given.
    other = {"speaker_id": chair, "title_snapshot": "Khác", "agenda_item_id": items[1]}
    shown(secretary.patch(f"/v1/speeches/{speech}", json=other, headers=ANY))
    assert shown(secretary.get(f"/v1/directives/{taken['id']}")) == taken


def test_who_gives_a_directive_comes_with_the_title_of_the_day(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    party = str(service.town.bodies["party"])
    position = {"organization_id": party, "title": "Bí thư", "started_on": "2025-09-04"}
    later = {"organization_id": party, "title": "Nguyên Bí thư", "started_on": "2025-09-05"}
    body = {"full_name": "Người mới", "organization_id": party, "positions": [position, later]}
    person = made(secretary.post("/v1/speakers", json=body))["id"]
    row = direct(secretary, meeting, issued_by_id=person)
    assert row["title_snapshot"] == "Bí thư"
    one = f"/v1/directives/{row['id']}"
    nobody = shown(secretary.patch(one, json={"issued_by_id": None}, headers=ANY))
    assert (nobody["issued_by_id"], nobody["title_snapshot"]) == (None, None)
    assert shown(secretary.patch(one, json={"issued_by_id": person}, headers=ANY))["title_snapshot"] == (
        "Bí thư"
    )


# -- deletion


def test_what_is_named_by_others_is_not_deleted_and_says_by_what(
    secretary: httpx.Client, meeting: str
) -> None:
    speech = made(secretary.post(f"{meeting}/speeches", json={"attribution_text": "x"}))["id"]
    limitation = find(secretary, meeting, "limitation", speech_id=speech)["id"]
    cause = find(secretary, meeting, "cause", cause_of_id=limitation)["id"]
    directive = direct(secretary, meeting, speech_id=speech)["id"]
    tasks = [
        made(secretary.post(f"/v1/{path}/quarterly-tasks", json={}))["id"]
        for path in (f"directives/{directive}", f"findings/{cause}")
    ]
    blocked = {
        f"/v1/speeches/{speech}": {
            "used-by-directives": f"/v1/directives?speech_id={speech}",
            "used-by-findings": f"/v1/findings?speech_id={speech}",
        },
        f"/v1/findings/{limitation}": {"used-by-findings": f"/v1/findings?cause_of_id={limitation}"},
        f"/v1/findings/{cause}": {
            "used-by-quarterly-tasks": f"/v1/quarterly-tasks?answers_finding_id={cause}"
        },
        f"/v1/directives/{directive}": {
            "used-by-quarterly-tasks": f"/v1/quarterly-tasks?directive_id={directive}"
        },
    }
    for url, expected in blocked.items():
        answer = secretary.delete(url, headers=ANY)
        assert (answer.status_code, answer.json()["code"]) == (409, "blocked")
        assert {one["code"]: one["pointer"] for one in answer.json()["blockers"]} == expected
        for pointer in expected.values():
            assert len(every(secretary, pointer.split("?")[0], **_query(pointer))) == 1
    gone = [f"/v1/quarterly-tasks/{one}" for one in tasks]
    gone += [f"/v1/findings/{cause}", f"/v1/findings/{limitation}", f"/v1/directives/{directive}"]
    for url in (*gone, f"/v1/speeches/{speech}"):
        assert secretary.delete(url, headers=ANY).status_code == 204, url


def _query(pointer: str) -> dict[str, str]:
    name, _, value = pointer.partition("?")[2].partition("=")
    return {name: value}


# -- tasks that come of them


def test_a_task_of_a_directive_knows_what_its_directive_and_meeting_say(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    chair = str(service.town.people["chair"])
    item = made(secretary.post(f"{meeting}/agenda-items", json={"title": "Kết luận"}))["id"]
    about = {"issued_by_id": chair, "agenda_item_id": item, "field": "budget_finance"}
    directive = direct(secretary, meeting, **about, text="Duy tu đường liên thôn")
    path = f"/v1/directives/{directive['id']}/quarterly-tasks"
    answer = secretary.post(path, json={})
    task = made(answer)
    assert answer.headers["location"] == f"/v1/quarterly-tasks/{task['id']}"
    expected = {
        "title": "Duy tu đường liên thôn",
        "field": "budget_finance",
        "quarter": "2025-Q4",
        "issuing_organization_id": str(service.town.bodies["party"]),
        "set_at_meeting_id": meeting.rpartition("/")[2],
        "agenda_item_id": item,
        "directive_id": directive["id"],
        "answers_finding_id": None,
        "issued_by_id": chair,
        "status": "draft",
        "kind": "key",
        "assignments": [],
    }
    assert {name: task[name] for name in expected} == expected
    assert shown(secretary.get(answer.headers["location"])) == task
    assert every(secretary, "/v1/quarterly-tasks", directive_id=directive["id"]) == [task]


def test_a_task_of_a_finding_answers_it(service: Service, secretary: httpx.Client, meeting: str) -> None:
    finding = find(secretary, meeting, "difficulty", text="Thiếu máy quét", field="digital_transformation")
    lead = {"organization_id": str(service.town.bodies["committee"]), "role": "lead", "speaker_id": None}
    said = {
        "title": "Mua máy quét",
        "field": "budget_finance",
        "kind": "follow_up",
        "priority": "high",
        "issued_by_id": str(service.town.people["chair"]),
        "assignments": [lead],
        "due_date": "2025-11-30",
        "expected_result": "Hai máy",
    }
    measures = [{"name": "Máy", "unit": "chiếc", "target": 2, "achieved": 1}]
    document = {"number": "12-NQ/ĐU", "date": "2025-08-01", "excerpt": "x"}
    more = {"measures": measures, "source_document": document}
    task = made(secretary.post(f"/v1/findings/{finding['id']}/quarterly-tasks", json={**said, **more}))
    known = {"answers_finding_id": finding["id"], "directive_id": None, "quarter": "2025-Q4"}
    assert {name: task[name] for name in (*said, *known)} == {**said, **known}
    assert task["measures"][0]["percent"] == 50
    assert task["source_document"] == document
    plain = made(secretary.post(f"/v1/findings/{finding['id']}/quarterly-tasks", json={}))
    assert (plain["title"], plain["field"]) == ("Thiếu máy quét", "digital_transformation")
    assert plain["issued_by_id"] is None
    both = every(secretary, "/v1/quarterly-tasks", answers_finding_id=finding["id"])
    assert {one["id"] for one in both} == {task["id"], plain["id"]}


@pytest.mark.parametrize(
    ("plan", "quarter"),
    [("2025-Q4", "2025-Q4"), ("2025-M11", "2025-Q4"), ("2026-H1", "2026-Q1"), ("2026", "2026-Q1")],
)
def test_the_quarter_of_such_a_task_is_the_first_that_the_meeting_plans(
    service: Service, secretary: httpx.Client, plan: str, quarter: str
) -> None:
    body = {"kind": "thematic", "plan_period": plan}
    meeting = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'], **body)['id']}"
    path = f"/v1/directives/{direct(secretary, meeting)['id']}/quarterly-tasks"
    assert made(secretary.post(path, json={}))["quarter"] == quarter
    refused(secretary.post(path, json={"quarter": "2031-Q2"}), "quarter", "outside_plan_period")
    said = {"quarter": "2031-Q2", "kind": "ad_hoc"}
    assert made(secretary.post(path, json=said))["quarter"] == "2031-Q2"


@pytest.mark.parametrize("noun", ["directives", "findings"])
def test_where_the_meeting_plans_no_period_the_quarter_is_asked_for(
    secretary: httpx.Client, other: str, noun: str
) -> None:
    row = direct(secretary, other) if noun == "directives" else find(secretary, other)
    path = f"/v1/{noun}/{row['id']}/quarterly-tasks"
    for nothing in ({}, {"quarter": None}, {"title": "Có tên"}):
        refused(secretary.post(path, json=nothing), "quarter", "missing")
    assert made(secretary.post(path, json={"quarter": "2025-Q4"}))["quarter"] == "2025-Q4"


@pytest.mark.parametrize("noun", ["directives", "findings"])
def test_a_long_text_is_cut_where_it_becomes_a_title(
    secretary: httpx.Client, meeting: str, noun: str
) -> None:
    for text, title in (
        ("- Số hóa hồ sơ;\n- Mua máy quét.", "- Số hóa hồ sơ; - Mua máy quét."),  # one line
        ("đ" * 500, "đ" * 500),
        ("đ" * 501, "đ" * 500),
        ("ấ" * 40_000, "ấ" * 500),
        ("x" * 499 + " y" * 300, "x" * 499),  # a title does not end in a space
        ("👩🏽‍🌾" * 400, ("👩🏽‍🌾" * 400)[:500]),
    ):
        said = {"text": text}
        row = direct(secretary, meeting, **said) if noun == "directives" else find(secretary, meeting, **said)
        task = made(secretary.post(f"/v1/{noun}/{row['id']}/quarterly-tasks", json={}))
        assert task["title"] == title
        assert row["text"] == text


def test_all_that_such_a_task_names_is_looked_up(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    path = f"/v1/directives/{direct(secretary, meeting)['id']}/quarterly-tasks"
    alien, elsewhere = str(service.town.people["alien"]), str(service.town.bodies["elsewhere"])
    lead = {"organization_id": elsewhere, "role": "lead"}
    for pointer, said in (
        ("issued_by_id", {"issued_by_id": alien}),
        ("parent_id", {"parent_id": str(new_id())}),
        ("assignments/0/organization_id", {"assignments": [lead]}),
    ):
        refused(secretary.post(path, json=said), pointer, "not-found", 404)
    for foreign in ("issuing_organization_id", "set_at_meeting_id", "directive_id", "agenda_item_id"):
        answer = secretary.post(path, json={foreign: str(new_id())})
        refused(answer, foreign, "extra_forbidden")


@pytest.mark.parametrize("noun", ["directives", "findings"])
def test_who_may_not_write_tasks_of_the_host_sets_none(
    service: Service, secretary: httpx.Client, noun: str
) -> None:
    """The meeting is public: the neighbour reads it, and writes tasks at home alone."""
    bodies = service.town.bodies
    row = a_meeting(secretary, bodies["party"], visibility="public", plan_period="2025-Q4")
    meeting = f"/v1/meetings/{row['id']}"
    one = direct(secretary, meeting) if noun == "directives" else find(secretary, meeting)
    path = f"/v1/{noun}/{one['id']}/quarterly-tasks"
    neighbour, body = service.as_("neighbour"), {"title": "Của tôi"}
    assert neighbour.post(path, json=body).status_code == 404
    move(secretary, row, "schedule")
    assert shown(neighbour.get(f"/v1/{noun}/{one['id']}")) == one
    for who, status in (("neighbour", 403), ("reader", 403), ("reporter", 403), ("stranger", 404)):
        assert service.as_(who).post(path, json=body).status_code == status, who
    scopes = ["meetings:read", "meetings:write", "quarterly_tasks:read"]
    _, narrowed = a_key(
        service.as_("administrator"),
        bodies["commune"],
        ("secretary", bodies["commune"], None),
        scopes=scopes,
    )
    assert service.client(narrowed["key"]).post(path, json=body).status_code == 403
    member = "directive_id" if noun == "directives" else "answers_finding_id"
    assert every(secretary, "/v1/quarterly-tasks", **{member: one["id"]}) == []
