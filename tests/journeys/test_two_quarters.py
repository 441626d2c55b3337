"""A commune's office through two quarters: every step of the loop, and every wrong step beside it."""

from datetime import timedelta

import pytest

from app.db import today
from tests.journeys.commune import (
    BODIES,
    CALLERS,
    PEOPLE,
    Commune,
    blocked,
    by_code,
    invalid,
    refused,
    replayed,
)
from tests.town import ANY, Json, every, made, shown

TO_COME = str(today() + timedelta(days=2))  # also if midnight comes first
NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.mark.in_turn
def test_two_quarters_from_an_empty_database_to_the_second_closed_meeting(commune: Commune) -> None:
    bodies_people_and_callers(commune)
    a_task_of_the_third_quarter(commune)

    the_briefing_of_quarter_three_is_called(commune)
    it_is_put_off_and_begins(commune)
    who_takes_part(commune)
    what_is_said_and_found(commune)
    it_is_held(commune)
    tasks_come_of_directives_and_findings(commune)
    the_plan_keeps_what_was_set(commune)
    tasks_are_issued(commune)
    the_third_quarter_is_reviewed_and_closed(commune)

    work_goes_on_and_its_progress_is_told(commune)
    a_due_date_is_put_off(commune)
    a_task_rests_and_goes_on(commune)
    completion_is_reported_late_and_confirmed_later(commune)
    what_was_issued_is_cancelled_and_never_deleted(commune)

    the_next_meeting_follows(commune)
    the_briefing_of_quarter_four_is_held(commune)
    its_reviews_are_refused_where_they_are_wrong(commune)
    its_tasks_are_reviewed(commune)
    what_was_decided_is_done(commune)
    nothing_is_carried_without_a_plan(commune)
    a_task_is_carried_over_recalled_and_carried_over_again(commune)
    the_fourth_quarter_is_closed(commune)
    the_quarters_are_counted(commune)
    a_quarter_with_open_tasks_is_not_closed(commune)

    the_journal_tells_the_same_story(commune)


# -- before the first meeting


def bodies_people_and_callers(commune: Commune) -> None:
    (province,) = every(commune.founder, "/v1/organizations")
    commune.bodies["province"] = province["id"]
    for name, body in BODIES.items():
        commune.body(name, *body)
    for name, person in PEOPLE.items():
        commune.person(name, *person)
    for name, caller in CALLERS.items():
        commune.caller(name, *caller)
    commune.callers["founder"] = commune.founder


def a_task(commune: Commune, name: str, lead: str | None, **more: object) -> None:
    """A task that the Party committee sets, in draft."""
    lines = [line(commune, lead, "lead")] if lead else []
    body = {"issuing_organization_id": commune.bodies["party"], "title": name, "assignments": lines, **more}
    commune.tasks[name] = made(commune.secretary.post("/v1/quarterly-tasks", json=body))


def line(commune: Commune, body: str, role: str) -> Json:
    return {"organization_id": commune.bodies[body], "role": role}


def a_task_of_the_third_quarter(commune: Commune) -> None:
    a_task(commune, "start-up", "committee", quarter="2025-Q3", kind="regular")
    made(commune.does("start-up", "issue", effective_on="2025-07-05"))
    made(commune.does("start-up", "report_completion", "committee", effective_on="2025-08-30"))
    made(commune.does("start-up", "confirm", "approver", effective_on="2025-09-01"))


# -- the briefing of quarter III


def the_briefing_of_quarter_three_is_called(commune: Commune) -> None:
    body = {
        "host_organization_id": commune.bodies["party"],
        "title": "Hội nghị giao ban Quý III/2025",
        "review_period": "2025-Q3",
        "plan_period": "2025-Q4",
        "held_on": "2025-09-03",
        "agenda_items": [
            {"title": "Khai mạc", "kind": "opening"},
            {"title": "Đánh giá quý III", "kind": "review"},
            {"title": "Nhiệm vụ quý IV", "kind": "plan"},
            {"title": "Quy chế phối hợp", "kind": "discussion"},
        ],
    }
    wrong = commune.secretary.post("/v1/meetings", json={**body, "plan_period": "2026-Q1"})
    invalid(wrong, {"#/plan_period": "does_not_follow"})
    chair = {"organization_id": commune.bodies["party"], "role": "chair"}
    two = commune.secretary.post("/v1/meetings", json={**body, "participations": [chair, chair]})
    refused(two, 409, "conflict")
    refused(commune.callers["front"].post("/v1/meetings", json=body), 403, "forbidden")
    commune.meetings["third"] = made(commune.secretary.post("/v1/meetings", json=body))
    for item in every(commune.secretary, commune.at("third", "/agenda-items")):
        commune.notes[item["kind"]] = item
    off = {**body, "title": "Họp chuyên đề", "kind": "thematic", "review_period": None, "plan_period": None}
    commune.meetings["called off"] = made(commune.secretary.post("/v1/meetings", json=off))


def it_is_put_off_and_begins(commune: Commune) -> None:
    commune.goes_only("third", "schedule", "hold", "cancel")
    invalid(commune.moves("third", "schedule", effective_on=TO_COME), {"#/effective_on": "in_the_future"})
    made(commune.moves("third", "schedule", effective_on="2025-08-20"))
    commune.goes_only("third", "postpone", "start", "hold", "cancel")
    invalid(commune.moves("third", "postpone"), {"#/comment": "missing"})
    made(commune.moves("third", "postpone", comment="Trùng lịch", effective_on="2025-08-28"))
    commune.goes_only("third", "reschedule", "cancel")
    invalid(commune.moves("third", "reschedule"), {"#/held_on": "missing"})
    made(commune.moves("third", "reschedule", held_on="2025-09-04", effective_on="2025-08-29"))
    invalid(commune.moves("third", "start", held_on="2025-09-05"), {"#/held_on": "extra_forbidden"})
    made(commune.moves("third", "start", effective_on="2025-09-04"))
    commune.goes_only("third", "hold")
    invalid(commune.moves("called off", "cancel"), {"#/comment": "missing"})
    made(commune.moves("called off", "cancel", comment="Không cần nữa"))
    commune.goes_only("called off")


def who_takes_part(commune: Commune) -> None:
    for name, body, who, role in (
        ("chairs", "party", "chair", "chair"),
        ("directs", "party", "deputy", "directing_official"),
        ("attends", "front", "fronter", "delegate"),
    ):
        person = {"organization_id": commune.bodies[body], "speaker_id": commune.people[who], "role": role}
        commune.records("third", "participations", name, **person)
    assert commune.notes["chairs"]["title_snapshot"] == "Bí thư Đảng ủy xã"
    second = {"organization_id": commune.bodies["party"], "speaker_id": commune.people["deputy"]}
    refused(commune.adds("third", "participations", **second, role="chair"), 409, "conflict")
    known = f"/v1/participations/{commune.notes['directs']['id']}"
    refused(commune.secretary.patch(known, json={"role": "chair"}, headers=ANY), 409, "conflict")
    stranger = {"organization_id": commune.bodies["front"], "speaker_id": NOWHERE}
    nobody = refused(commune.adds("third", "participations", **stranger), 404, "not-found")
    assert [one["pointer"] for one in nobody["errors"]] == ["#/speaker_id"]


def what_is_said_and_found(commune: Commune) -> None:
    invalid(commune.adds("third", "speeches", summary="Ai đó nói"), {"#/speaker_id": "missing"})
    speech = commune.records(
        "third",
        "speeches",
        "the deputy's speech",
        kind="directive",
        speaker_id=commune.people["deputy"],
        agenda_item_id=commune.notes["plan"]["id"],
        summary="Bám cơ sở, phối hợp chủ động",
    )
    elsewhere = commune.adds("called off", "findings", kind="result", text="Khác", speech_id=speech)
    invalid(elsewhere, {"#/speech_id": "of_another_meeting"})
    answered = commune.adds("third", "findings", kind="result", text="Tốt", response_text="Vâng")
    invalid(answered, {"#/response_text": "extra_forbidden"})
    for name, kind, text in (
        ("result", "result", "Các cơ quan chủ động nhận việc theo chương trình công tác năm"),
        ("limitation", "limitation", "Thiết bị còn thiếu"),
        ("difficulty", "difficulty", "Nhân sự mới, việc nhiều"),
        ("recommendation", "recommendation", "Đề nghị cấp thêm máy quét"),
    ):
        commune.records("third", "findings", name, kind=kind, text=text)
    cause = {"kind": "cause", "text": "Kinh phí về chậm"}
    commune.records("third", "findings", "cause", **cause, cause_of_id=commune.notes["limitation"]["id"])
    assert commune.notes["result"]["period"] == "2025-Q3"
    for name, text in (
        ("people", "Đẩy mạnh tuyên truyền, vận động nhân dân"),
        ("criticism", "Phát huy vai trò giám sát, phản biện xã hội"),
        ("party building", "Tăng cường xây dựng Đảng"),
        ("targets", "Hoàn thành các chỉ tiêu của năm"),
    ):
        commune.records("third", "directives", name, text=text, speech_id=speech)
    assert commune.notes["people"]["issued_by_id"] == commune.people["deputy"]


def it_is_held(commune: Commune) -> None:
    who = commune.at("third", "/participations")
    missing = {
        "secretary-missing": f"{who}?role=secretary",
        "attendance-open": f"{who}?attendance=invited",
    }
    blocked(commune.moves("third", "hold", effective_on="2025-09-04"), missing)
    clerk = {"organization_id": commune.bodies["office"], "speaker_id": commune.people["clerk"]}
    commune.records("third", "participations", "writes", **clerk, role="secretary", attendance="present")
    for name in ("chairs", "directs", "attends"):
        path = f"/v1/participations/{commune.notes[name]['id']}"
        shown(commune.secretary.patch(path, json={"attendance": "present"}, headers=ANY))
    invalid(
        commune.moves("third", "hold", effective_on=TO_COME),
        {"#/effective_on": "in_the_future"},
    )
    made(commune.moves("third", "hold", effective_on="2025-09-04"))
    commune.goes_only("third", "close")


# -- the tasks of quarter IV

# What becomes of each at the briefing of quarter IV is written behind it.
TASKS = {
    "mobilise": ("directives", "people", "front"),  # continues
    "supervise": ("directives", "criticism", "front"),  # is given more time
    "build": ("directives", "party building", "office"),  # is given to another body
    "fulfil": ("directives", "targets", "committee"),  # is carried over
    "equip": ("findings", "limitation", "committee"),  # is closed, done late
    "survey": ("findings", "difficulty", "office"),  # is cancelled
}


def tasks_come_of_directives_and_findings(commune: Commune) -> None:
    origin = f"/v1/directives/{commune.notes['people']['id']}/quarterly-tasks"
    outside = commune.secretary.post(origin, json={"quarter": "2026-Q1"})
    invalid(outside, {"#/quarter": "outside_plan_period"})
    lead = line(commune, "front", "lead")
    two = {"assignments": [lead, line(commune, "committee", "lead")]}
    invalid(commune.secretary.post(origin, json=two), {"#/assignments/1/role": "second_lead"})
    invalid(
        commune.secretary.post(origin, json={"assignments": [lead, lead]}),
        {"#/assignments/1/role": "second_lead"},
    )
    refused(commune.callers["front"].post(origin, json={}), 403, "forbidden")
    for name, (what, note, _) in TASKS.items():
        path = f"/v1/{what}/{commune.notes[note]['id']}/quarterly-tasks"
        commune.tasks[name] = made(commune.secretary.post(path, json={"due_date": "2025-12-20"}))
        task = commune.tasks[name]
        assert (task["quarter"], task["status"], task["title"]) == (
            "2025-Q4",
            "draft",
            commune.notes[note]["text"],
        )
    assert commune.tasks["mobilise"]["directive_id"] == commune.notes["people"]["id"]
    assert commune.tasks["equip"]["answers_finding_id"] == commune.notes["limitation"]["id"]


def the_plan_keeps_what_was_set(commune: Commune) -> None:
    another = {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
    set_there = f"/v1/quarterly-tasks?set_at_meeting_id={commune.meetings['third']['id']}"
    changed = commune.secretary.patch(commune.at("third"), json=another, headers=ANY)
    blocked(changed, {"tasks-outside": set_there})


def tasks_are_issued(commune: Commune) -> None:
    for name, (_, _, lead) in TASKS.items():
        commune.moves_only(name, "issue", "cancel")
        blocked(
            commune.does(name, "issue", effective_on="2025-09-05"),
            {"lead-missing": commune.of(name, "#/assignments")},
        )
        lines = [line(commune, lead, "lead"), line(commune, "police", "supervising")]
        given = commune.secretary.patch(commune.of(name), json={"assignments": lines}, headers=ANY)
        assert shown(given)["lead_organization_id"] == commune.bodies[lead]
        invalid(commune.does(name, "issue", effective_on=TO_COME), {"#/effective_on": "in_the_future"})
        made(commune.does(name, "issue", effective_on="2025-09-05"))
        commune.moves_only(name, "decline", "start", "report_completion", "cancel")
    assert commune.now("fulfil")["original_due_date"] == "2025-12-20"
    invalid(commune.does("survey", "decline", "founder"), {"#/comment": "missing"})
    refused(commune.does("survey", "issue", "front"), 404, "not-found")
    refused(commune.does("mobilise", "cancel", "front", comment="Thôi"), 403, "forbidden")


# -- closing quarter III


def the_third_quarter_is_reviewed_and_closed(commune: Commune) -> None:
    items = every(commune.secretary, commune.at("third", "/agenda-items"))
    pending = [f"/v1/agenda-items/{one['id']}" for one in items]
    in_the_way = {"agenda_items_pending": pending, "tasks_unreviewed": [commune.of("start-up")]}
    assert commune.checks("third") == in_the_way
    problem = refused(commune.moves("third", "close"), 409, "blocked")
    assert by_code(problem["blockers"]) == in_the_way
    shown(commune.reviews("third", commune.row("start-up", "close", "completed")))
    for path in pending:
        status = "postponed" if path.endswith(commune.notes["discussion"]["id"]) else "done"
        shown(commune.secretary.patch(path, json={"status": status}, headers=ANY))
    assert commune.checks("third") == {}
    closed = made(commune.moves("third", "close", effective_on="2025-09-30"))
    asked = f"/v1/findings/{commune.notes['recommendation']['id']}"
    unsigned = {"minutes_not_signed": [commune.at("third")]}
    assert by_code(closed["warnings"]) == {"recommendations_unanswered": [asked], **unsigned}
    commune.goes_only("third", "reopen")
    invalid(commune.moves("third", "reopen"), {"#/comment": "missing"})
    made(commune.moves("third", "reopen", comment="Ghi nhận trả lời", effective_on="2025-10-01"))
    answer = {"response_text": "Đã cấp hai máy", "response_status": "answered"}
    shown(commune.secretary.patch(asked, json=answer, headers=ANY))
    minutes = made(commune.secretary.post(commune.at("third", "/minutes"), json={}))
    signing = f"/v1/minutes/{minutes['id']}/transitions"
    made(commune.secretary.post(signing, json={"transition": "submit"}))
    refused(commune.secretary.post(signing, json={"transition": "sign"}), 403, "forbidden")
    made(commune.callers["approver"].post(signing, json={"transition": "sign"}))
    assert made(commune.moves("third", "close", effective_on="2025-10-02"))["warnings"] == []
    refused(commune.reviews("third"), 409, "minutes-locked")


# -- the work of quarter IV


def work_goes_on_and_its_progress_is_told(commune: Commune) -> None:
    for name in ("mobilise", "supervise"):
        made(commune.does(name, "start", "front", effective_on="2025-10-06"))
    for name in ("fulfil", "equip"):
        made(commune.does(name, "start", "committee", effective_on="2025-10-06"))
    commune.moves_only("mobilise", "suspend", "report_completion", "cancel")
    said = {"progress_percent": 30, "effective_on": "2025-10-31"}
    refused(commune.tells("mobilise", "progress", "committee", **said), 404, "not-found")  # another body's
    refused(commune.tells("mobilise", "progress", "police", **said), 403, "forbidden")  # it only supervises
    refused(commune.does("mobilise", "report_completion", "police"), 403, "forbidden")
    invalid(commune.tells("mobilise", "progress", "front"), {"#/progress_percent": "missing"})
    late = {"progress_percent": 30, "effective_on": TO_COME}
    invalid(commune.tells("mobilise", "progress", "front", **late), {"#/effective_on": "in_the_future"})
    early = {"progress_percent": 30, "effective_on": "2025-10-05"}
    invalid(
        commune.tells("mobilise", "progress", "front", **early), {"#/effective_on": "before_the_last_entry"}
    )
    early_move = commune.does("mobilise", "suspend", "front", effective_on="2025-10-05")
    invalid(early_move, {"#/effective_on": "before_the_last_entry"})
    made(commune.tells("mobilise", "progress", "front", **said, text="Mười hai thôn đã làm"))
    assert commune.now("mobilise")["progress_percent"] == 30


def a_due_date_is_put_off(commune: Commune) -> None:
    later = {"due_date": "2025-11-30"}
    patched = commune.secretary.patch(commune.of("equip"), json=later, headers=ANY)
    problem = refused(patched, 409, "conflict")
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("#/due_date", "by-entries-only")]
    day = {"effective_on": "2025-10-15"}
    refused(
        commune.tells("equip", "due_date_changed", "committee", **later, text="Xin", **day), 403, "forbidden"
    )
    invalid(commune.tells("equip", "due_date_changed", **later, **day), {"#/text": "missing"})
    made(commune.tells("equip", "due_date_changed", **later, text="Cần sớm hơn", **day))
    task = commune.now("equip")
    assert (task["due_date"], task["original_due_date"]) == ("2025-11-30", "2025-12-20")


def a_task_rests_and_goes_on(commune: Commune) -> None:
    made(commune.does("supervise", "suspend", "front", effective_on="2025-11-03"))
    commune.moves_only("supervise", "resume", "cancel")
    made(commune.does("supervise", "resume", "front", effective_on="2025-11-10"))


def completion_is_reported_late_and_confirmed_later(commune: Commune) -> None:
    """Due on 30 November; done on 5 December, which is late; confirmed on the 12th, which changes nothing."""
    assert commune.now("equip", as_of="2025-12-04")["timeliness"] == "open_overdue"
    made(commune.does("equip", "report_completion", "committee", effective_on="2025-12-05"))
    commune.moves_only("equip", "confirm", "send_back", "cancel")
    refused(commune.does("equip", "confirm", "committee"), 403, "forbidden")
    refused(commune.does("equip", "confirm", "secretary"), 403, "forbidden")
    invalid(commune.does("equip", "send_back", "approver"), {"#/comment": "missing"})
    made(commune.does("equip", "send_back", "approver", comment="Thiếu biên bản", effective_on="2025-12-06"))
    assert commune.now("equip")["completed_on"] is None
    invalid(
        commune.does("equip", "report_completion", "committee", effective_on="2025-12-05"),
        {"#/effective_on": "before_the_last_entry"},
    )
    made(commune.does("equip", "report_completion", "committee", effective_on="2025-12-07"))
    made(commune.does("equip", "confirm", "approver", effective_on="2025-12-12"))
    commune.moves_only("equip", "reopen")
    task = commune.now("equip")
    assert (task["completed_on"], task["timeliness"], task["days_overdue"]) == (
        "2025-12-07",
        "completed_late",
        7,
    )
    closed = commune.tells("equip", "progress", "committee", progress_percent=1, effective_on="2025-12-12")
    refused(closed, 409, "conflict")


def what_was_issued_is_cancelled_and_never_deleted(commune: Commune) -> None:
    refused(commune.secretary.delete(commune.of("survey"), headers=ANY), 409, "conflict")
    invalid(commune.does("survey", "cancel"), {"#/comment": "missing"})
    made(commune.does("survey", "cancel", comment="Nhầm", effective_on="2025-10-10"))
    commune.moves_only("survey", "reopen")
    made(commune.does("survey", "reopen", effective_on="2025-10-10"))
    assert commune.now("survey")["status"] == "assigned"
    a_task(commune, "a slip of the pen", None, quarter="2025-Q4")
    assert commune.secretary.delete(commune.of("a slip of the pen"), headers=ANY).status_code == 204
    refused(commune.secretary.get(commune.of("a slip of the pen")), 404, "not-found")
    refused(commune.secretary.delete(commune.at("third"), headers=ANY), 409, "minutes-locked")


# -- the briefing of quarter IV


def the_next_meeting_follows(commune: Commune) -> None:
    asked = {"held_on": "2025-12-26"}
    would = shown(commune.secretary.post(commune.at("third", "/next?dry_run=true"), json=asked))
    assert (would["review_period"], would["plan_period"]) == ("2025-Q4", "2026-Q1")
    commune.meetings["fourth"] = after = made(commune.adds("third", "next", **asked))
    assert after["title"] == "Hội nghị giao ban Quý IV/2025"
    items = every(commune.secretary, commune.at("fourth", "/agenda-items"))
    assert [(one["title"], one["carried_from_id"]) for one in items] == [
        ("Việc thực hiện kết luận hội nghị trước", None),
        ("Khai mạc", None),
        ("Đánh giá quý III", None),
        ("Nhiệm vụ quý IV", None),
        ("Quy chế phối hợp", commune.notes["discussion"]["id"]),
    ]
    blocked(commune.adds("third", "next", **asked), {"successor-there": commune.at("fourth")})
    by_hand = {"host_organization_id": commune.bodies["party"], "title": "Nữa", **asked}
    third = {"previous_meeting_id": commune.meetings["third"]["id"]}
    refused(commune.secretary.post("/v1/meetings", json={**by_hand, **third}), 409, "conflict")
    too_early = {**by_hand, "held_on": "2025-09-01", **third}
    invalid(commune.secretary.post("/v1/meetings", json=too_early), {"#/previous_meeting_id": "not_before"})


def the_briefing_of_quarter_four_is_held(commune: Commune) -> None:
    refused(commune.reviews("fourth", commune.row("mobilise", "continue")), 409, "conflict")  # a draft
    refused(commune.secretary.post(commune.at("fourth", "/carry-over")), 409, "conflict")
    made(commune.moves("third", "reopen", comment="Còn kịp: hội nghị sau chưa họp"))
    made(commune.moves("third", "close"))
    for who, body, role in (("chair", "party", "chair"), ("clerk", "office", "secretary")):
        person = {"organization_id": commune.bodies[body], "speaker_id": commune.people[who]}
        made(commune.adds("fourth", "participations", **person, role=role, attendance="present"))
    made(commune.moves("fourth", "schedule", effective_on="2025-12-15"))
    made(commune.moves("fourth", "start", effective_on="2025-12-26"))
    made(commune.moves("fourth", "hold", effective_on="2025-12-26"))
    asked = {"kind": "recommendation", "text": "Đề nghị tập huấn"}
    commune.records("fourth", "findings", "training", **asked)
    reopened = commune.moves("third", "reopen", comment="Muộn rồi")
    blocked(reopened, {"successor-held": commune.at("fourth")})


def its_reviews_are_refused_where_they_are_wrong(commune: Commune) -> None:
    sheet = commune.secretary.get(commune.at("fourth", "/review-sheet"))
    on_it = {one["task"]["id"] for one in shown(sheet)["items"]}
    assert on_it == {commune.tasks[name]["id"] for name in TASKS}
    assert commune.checks("fourth")["tasks_unreviewed"] == sorted(commune.of(name) for name in TASKS)
    right = commune.row("mobilise", "continue")
    refused(commune.reviews("fourth", right, tag=None), 428, "precondition-required")
    refused(commune.reviews("fourth", right, tag='W/"1-seen-long-ago"'), 412, "precondition-failed")
    wrong = [
        right,
        right,
        commune.row("start-up", "continue"),
        commune.row("equip", "carry_over"),
        commune.row("build", "close"),
        commune.row("supervise", "reassign", lead_organization_id=NOWHERE, comment="Ai"),
    ]
    nowhere = refused(commune.reviews("fourth", *wrong), 404, "not-found")
    assert [one["pointer"] for one in nowhere["errors"]] == ["#/items/5/lead_organization_id"]
    invalid(
        commune.reviews("fourth", *wrong[:5]),
        {
            "#/items/1/task_id": "twice",
            "#/items/2/task_id": "not_on_the_sheet",
            "#/items/3/disposition": "conflict",
            "#/items/4/disposition": "forbidden",  # whoever reviews does not confirm
        },
    )
    for disposition, said, fault in (
        ("extend", {"comment": "Chờ"}, {"due_date": "missing"}),
        ("extend", {"due_date": "2026-02-01"}, {"comment": "missing"}),
        ("reassign", {"comment": "Chờ"}, {"lead_organization_id": "missing"}),
        ("cancel", {}, {"comment": "missing"}),
        ("continue", {"due_date": "2026-02-01"}, {"due_date": "extra_forbidden"}),
    ):
        answer = commune.reviews("fourth", commune.row("supervise", disposition, **said))
        invalid(answer, {f"#/items/0/{name}": code for name, code in fault.items()})
    assert shown(commune.secretary.get(commune.at("fourth", "/task-reviews"))) == {"items": []}


def the_reviews(commune: Commune) -> list[Json]:
    committee = commune.bodies["committee"]
    return [
        commune.row("mobilise", "continue", assessed_progress=60, comment="Đúng tiến độ"),
        commune.row("supervise", "extend", due_date="2026-01-31", comment="Chờ hướng dẫn"),
        commune.row("build", "reassign", lead_organization_id=committee, comment="Đúng thẩm quyền"),
        commune.row("fulfil", "carry_over", "not_completed", comment="Thiếu vốn"),
        commune.row("equip", "close", "completed"),
        commune.row("survey", "cancel", "no_longer_relevant", comment="Không còn cần"),
    ]


def its_tasks_are_reviewed(commune: Commune) -> None:
    tag = commune.secretary.get(commune.at("fourth", "/review-sheet")).headers["etag"]
    answer = shown(commune.reviews("fourth", *the_reviews(commune), tag=tag))
    assert len(answer["items"]) == len(TASKS)
    refused(commune.reviews("fourth", *the_reviews(commune), tag=tag), 412, "precondition-failed")
    (review,) = every(commune.secretary, commune.of("build", "/reviews"))
    assert review["disposition"] == "reassign"
    again = shown(commune.reviews("fourth", *the_reviews(commune)))
    assert [one["version"] for one in again["items"]] == [1] * len(TASKS)


def what_was_decided_is_done(commune: Commune) -> None:
    supervise, build, survey = (commune.now(name) for name in ("supervise", "build", "survey"))
    assert (supervise["due_date"], supervise["due_beyond_quarter"]) == ("2026-01-31", True)
    assert build["lead_organization_id"] == commune.bodies["committee"]
    assert [one["role"] for one in build["assignments"]] == ["lead", "supervising"]
    assert survey["status"] == "cancelled"
    assert commune.now("mobilise")["status"] == "in_progress"
    kinds = {
        name: [one["kind"] for one in every(commune.secretary, commune.of(name, "/entries"))]
        for name in TASKS
    }
    assert kinds["supervise"][-1] == "due_date_changed"
    assert kinds["build"] == ["issue", "reassigned"]
    assert kinds["survey"] == ["issue", "cancel", "reopen", "cancel"]


def nothing_is_carried_without_a_plan(commune: Commune) -> None:
    unplanned, planned = {"plan_period": None}, {"plan_period": "2026-Q1"}
    shown(commune.secretary.patch(commune.at("fourth"), json=unplanned, headers=ANY))
    nowhere = {"no-quarter-after": f"{commune.at('fourth')}#/plan_period"}
    blocked(commune.secretary.post(commune.at("fourth", "/carry-over")), nowhere)
    rows = the_reviews(commune)
    carried = rows.index(next(one for one in rows if one["disposition"] == "carry_over"))
    invalid(commune.reviews("fourth", *rows), {f"#/items/{carried}/disposition": "no_plan_period"})
    shown(commune.secretary.patch(commune.at("fourth"), json=planned, headers=ANY))


def a_task_is_carried_over_recalled_and_carried_over_again(commune: Commune) -> None:
    carry = commune.at("fourth", "/carry-over")
    by_hand = commune.does("fulfil", "carry_over")
    invalid(by_hand, {"#/transition": "enum"})
    (would,) = shown(commune.secretary.post(f"{carry}?dry_run=true"))["items"]
    assert (would["successor_id"], would["quarter"]) == (None, "2026-Q1")
    (first,) = shown(commune.secretary.post(carry))["items"]
    (again,) = shown(commune.secretary.post(carry))["items"]
    assert again == {**first, "was_carried_before": True}
    commune.moves_only("fulfil", "recall")
    commune.tasks["withdrawn"] = {"id": first["successor_id"]}

    made(commune.does("fulfil", "recall"))
    assert commune.now("fulfil")["status"] == "in_progress"
    gone = commune.now("withdrawn")
    assert (gone["status"], gone["carried_from_id"], gone["carry_count"]) == ("cancelled", None, 0)
    assert commune.checks("fourth")["dispositions_not_carried_out"] == [commune.of("fulfil")]

    (second,) = shown(commune.secretary.post(carry))["items"]
    commune.tasks["fulfil again"] = {"id": second["successor_id"]}
    old, new = commune.now("fulfil"), commune.now("fulfil again")
    assert (old["status"], new["status"], new["quarter"]) == ("carried_over", "assigned", "2026-Q1")
    assert (new["carried_from_id"], new["carry_count"], new["carry_reason"]) == (old["id"], 1, "Thiếu vốn")
    assert (new["root_task_id"], new["root_due_date"]) == (old["id"], "2025-12-20")
    assert new["assignments"] == old["assignments"]
    made(commune.does("fulfil again", "start", "committee"))
    blocked(commune.does("fulfil", "recall"), {"successor-touched": commune.of("fulfil again")})
    left_out = commune.reviews(
        "fourth", *[one for one in the_reviews(commune) if one["disposition"] != "carry_over"]
    )
    invalid(left_out, {"#/items": "carried_over"})


def the_fourth_quarter_is_closed(commune: Commune) -> None:
    """One more task is issued after the reviews: it is not forgotten."""
    a_task(commune, "late", "office", quarter="2025-Q4", kind="ad_hoc")
    made(commune.does("late", "issue"))
    pending = [
        f"/v1/agenda-items/{one['id']}"
        for one in every(commune.secretary, commune.at("fourth", "/agenda-items"))
    ]
    in_the_way = {"agenda_items_pending": pending, "tasks_unreviewed": [commune.of("late")]}
    assert by_code(refused(commune.moves("fourth", "close"), 409, "blocked")["blockers"]) == in_the_way
    for path in pending:
        shown(commune.secretary.patch(path, json={"status": "done"}, headers=ANY))
    rows = [*the_reviews(commune), commune.row("late", "carry_over", "not_started")]
    shown(commune.reviews("fourth", *rows))
    blocked(commune.moves("fourth", "close"), {"dispositions_not_carried_out": commune.of("late")})
    carried = shown(commune.secretary.post(commune.at("fourth", "/carry-over")))["items"]
    assert [one["was_carried_before"] for one in carried] == [True, False]
    closed = made(commune.moves("fourth", "close"))
    unanswered = [f"/v1/findings/{commune.notes['training']['id']}"]
    unsigned = {"minutes_not_signed": [commune.at("fourth")]}
    assert by_code(closed["warnings"]) == {"recommendations_unanswered": unanswered, **unsigned}
    commune.goes_only("fourth", "reopen")  # and so is not closed twice
    refused(commune.reviews("fourth", *rows), 409, "conflict")
    refused(commune.secretary.post(commune.at("fourth", "/carry-over")), 409, "conflict")


def the_quarters_are_counted(commune: Commune) -> None:
    asked = {"organization_id": commune.bodies["party"], "from": "2025-Q3", "to": "2026-Q1"}
    compared = shown(commune.secretary.get("/v1/reports/comparison", params=asked))["items"]
    assert [one["quarter"] for one in compared] == ["2025-Q3", "2025-Q4", "2026-Q1"]
    for one in compared:
        of = {"quarter": one["quarter"], "issuing_organization_id": commune.bodies["party"]}
        tasks = every(commune.secretary, "/v1/quarterly-tasks", **of)
        counted = [task["timeliness"] for task in tasks if task["timeliness"]]
        assert one["cells"]["total"] == len(counted)
        for cell in ("completed_on_time", "completed_late", "open_within_deadline", "open_overdue"):
            assert one["cells"][cell] == counted.count(cell)
        carried = [task for task in tasks if task["status"] == "carried_over"]
        assert one["cells"]["of_which_carried_over"] == len(carried)
    assert compared[1]["cells"]["of_which_carried_over"] > 0
    assert compared[1]["cells"]["completed_late"] > 0


def a_quarter_with_open_tasks_is_not_closed(commune: Commune) -> None:
    of = {"quarter": "2025-Q4", "issuing_organization_id": commune.bodies["party"]}
    final = {"completed", "cancelled", "carried_over"}
    tasks = every(commune.secretary, "/v1/quarterly-tasks", **of)
    left = [f"/v1/quarterly-tasks/{one['id']}" for one in tasks if one["status"] not in final]
    closing = f"/v1/organizations/{commune.bodies['party']}/quarters/2025-Q4/closing"
    refused(commune.secretary.put(closing), 403, "forbidden")
    problem = refused(commune.callers["approver"].put(closing), 409, "blocked")
    assert sorted(one["pointer"] for one in problem["blockers"]) == sorted(left) != []


# -- afterwards

DERIVED = {"allowed_transitions", "timeliness", "days_overdue", "effective_due_date", "due_beyond_quarter"}
DERIVED |= {"resulting_task_id"}


def the_journal_tells_the_same_story(commune: Commune) -> None:
    """Whoever only read the changes has, on an empty copy, what everybody is shown."""
    told = replayed(commune.founder)
    for noun, rows in everything_shown(commune).items():
        assert {one["id"] for one in rows} == {id for id, one in told.items() if one["noun"] == noun}
        for row in rows:
            copy = {name: value for name, value in told[row["id"]].items() if name != "noun"}
            assert copy == {name: value for name, value in row.items() if name not in DERIVED}


def everything_shown(commune: Commune) -> dict[str, list[Json]]:
    """Every row of the loop, as GET shows it."""
    listed = {
        "meeting": "meetings",
        "agenda_item": "agenda-items",
        "speech": "speeches",
        "finding": "findings",
        "directive": "directives",
        "quarterly_task": "quarterly-tasks",
    }
    found = {noun: every(commune.founder, f"/v1/{path}") for noun, path in listed.items()}
    for noun in ("participation", "task_review"):
        found[noun] = []
    for meeting in commune.meetings:
        found["participation"] += every(commune.founder, commune.at(meeting, "/participations"))
        found["task_review"] += shown(commune.founder.get(commune.at(meeting, "/task-reviews")))["items"]
    assert all(found.values())
    return found
