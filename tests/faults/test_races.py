"""Rules over several rows hold when two callers act at the same moment. SQLite has one writer, and hides much."""

import itertools
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from app.access.founding import found
from app.actor import SYSTEM
from app.errors import Conflict
from app.organizations.models import Level
from app.work import at_the_desk
from tests.conftest import Service
from tests.faults.accounts import journal_faults
from tests.faults.at_once import Call, Callers, callers, codes, delete, patch, post, put, statuses
from tests.faults.counts import many
from tests.town import Json, a_key, a_meeting, a_task, every, made, move, shown

FULL = 100
# Of a quarter in which nothing else here is set: a meeting is closed when no task of its quarter is left.
PERIODS = {"review_period": "2024-Q2", "plan_period": "2024-Q3", "record": "reported"}
DAY = "2024-06-26"
numbers = itertools.count()


@pytest.fixture(scope="module")
def secretaries(service: Service) -> Iterator[Callers]:
    with callers(service, "secretary", 8) as made:
        yield made


@pytest.fixture(scope="module")
def administrators(service: Service) -> Iterator[Callers]:
    with callers(service, "administrator", 8) as made:
        yield made


@pytest.fixture(scope="module")
def secretary(secretaries: Callers) -> httpx.Client:
    return secretaries.clients[0]


@pytest.fixture(scope="module")
def administrator(administrators: Callers) -> httpx.Client:
    return administrators.clients[0]


@pytest.fixture(scope="module", autouse=True)
def _the_journal_adds_up(service: Service) -> Iterator[None]:
    yield
    assert journal_faults(service.engine) == []


@pytest.fixture
def rounds(service: Service) -> range:
    """Where races are found: on PostgreSQL."""
    return range(many(2, FULL) if service.database == "postgresql" else many(1, 10))


def ids_of(service: Service, *names: str) -> list[str]:
    return [str(service.town.bodies[name]) for name in names]


# -- meetings and who takes part


def test_a_meeting_has_one_chair(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    party, office = ids_of(service, "party", "office")
    for turn in rounds:
        meeting = a_meeting(secretary, party)
        path = f"/v1/meetings/{meeting['id']}/participations"
        calls = [post(path, {"organization_id": body, "role": "chair"}) for body in (party, office)]
        if turn % 2:
            mine = [made(secretary.post(path, json={"organization_id": one})) for one in (party, office)]
            calls = [patch(f"/v1/participations/{one['id']}", {"role": "chair"}) for one in mine]
        answers = secretaries.at_once(*calls)
        assert sorted(codes(answers)) in (["201", "conflict"], ["200", "conflict"])
        assert len(every(secretary, path, role="chair")) == 1


def test_a_person_takes_part_once_in_a_role(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    who = str(service.town.people["clerk"])
    for _ in rounds:
        meeting = a_meeting(secretary, party)
        body = {"organization_id": party, "speaker_id": who, "role": "secretary"}
        call = post(f"/v1/meetings/{meeting['id']}/participations", body)
        assert codes(secretaries.at_once(call, call)) == {"201": 1, "conflict": 1}


def test_a_meeting_is_held_once_and_scheduled_once(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        meeting = a_meeting(secretary, party, record="reported")
        path = f"/v1/meetings/{meeting['id']}/transitions"
        for transition in ("schedule", "hold"):
            call = post(path, {"transition": transition})
            assert codes(secretaries.at_once(call, call, call)) == {"201": 1, "invalid-transition": 2}
        assert len(every(secretary, path)) == 2


def test_a_meeting_has_one_successor(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        first = a_meeting(secretary, party)
        body = {"host_organization_id": party, "title": "Kế tiếp", "held_on": "2025-10-04"}
        call = post("/v1/meetings", {**body, "previous_meeting_id": first["id"]})
        assert codes(secretaries.at_once(call, call)) == {"201": 1, "conflict": 1}


def test_a_line_of_meetings_runs_forwards_and_never_in_a_circle(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    """One becomes the successor of the other while that one is put off to a later day, or comes after it."""
    (party,) = ids_of(service, "party")
    for turn in rounds:
        one = a_meeting(secretary, party, held_on="2025-09-04")
        other = a_meeting(secretary, party, held_on="2025-09-05")
        later: Json = {"held_on": "2025-09-06"}
        if turn % 2:
            later["previous_meeting_id"] = other["id"]
        secretaries.at_once(
            patch(f"/v1/meetings/{other['id']}", {"previous_meeting_id": one["id"]}),
            patch(f"/v1/meetings/{one['id']}", later),
        )
        rows = {
            row["id"]: row for row in (shown(secretary.get(f"/v1/meetings/{m['id']}")) for m in (one, other))
        }
        for row in rows.values():
            before = rows.get(row["previous_meeting_id"])
            assert before is None or before["held_on"] <= row["held_on"], rows
        assert not all(row["previous_meeting_id"] for row in rows.values()), rows


def test_a_line_of_meetings_is_not_closed_step_by_step_on_one_day(
    service: Service, secretary: httpx.Client
) -> None:
    (party,) = ids_of(service, "party")
    older = a_meeting(secretary, party, held_on="2025-09-05")
    newer = a_meeting(secretary, party, held_on="2025-09-04")
    for meeting, change, status in (
        (older, {"previous_meeting_id": newer["id"]}, 200),
        (newer, {"held_on": "2025-09-05"}, 422),  # on one day the older comes first, and it comes second
        (newer, {"previous_meeting_id": older["id"]}, 422),
    ):
        answer = secretary.patch(f"/v1/meetings/{meeting['id']}", json=change, headers={"if-match": "*"})
        assert answer.status_code == status, answer.text


def test_a_new_successor_comes_after_a_meeting_that_is_put_off_at_the_same_moment(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    body = {"host_organization_id": party, "title": "Kế tiếp", "held_on": "2025-09-05"}
    for _ in rounds:
        first = a_meeting(secretary, party, held_on="2025-09-04")
        after, moved = secretaries.at_once(
            post("/v1/meetings", {**body, "previous_meeting_id": first["id"]}),
            patch(f"/v1/meetings/{first['id']}", {"held_on": "2025-09-06"}),
        )
        assert (after.status_code == 201) != (moved.status_code == 200), (after.text, moved.text)


# -- the agenda


def test_siblings_made_at_once_stand_one_after_the_other(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        meeting = a_meeting(secretary, party, agenda_items=[{"title": "Cha"}])
        path = f"/v1/meetings/{meeting['id']}/agenda-items"
        (parent,) = every(secretary, path)
        below = post(path, {"title": "Con", "parent_id": parent["id"]})
        beside = post(path, {"title": "Anh em"})
        answers = secretaries.at_once(below, beside, below, beside, below)
        assert statuses(answers) == [201] * 5
        assert places(secretary, meeting) == {None: [0, 1, 2], parent["id"]: [0, 1, 2]}


def test_siblings_stay_in_order_while_some_come_and_some_go(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        meeting = a_meeting(secretary, party, agenda_items=[{"title": name} for name in "abc"])
        path = f"/v1/meetings/{meeting['id']}/agenda-items"
        first, second, _ = every(secretary, path)
        new = post(path, {"title": "Mới"})
        answers = secretaries.at_once(
            delete(f"/v1/agenda-items/{first['id']}"), new, delete(f"/v1/agenda-items/{second['id']}"), new
        )
        assert statuses(answers) == [201, 201, 204, 204]
        assert places(secretary, meeting) == {None: [0, 1, 2]}


def test_of_two_who_order_an_agenda_by_what_they_read_one_comes_too_late(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        meeting, items, path = _agenda(service, secretary)
        tag = secretary.get(path).headers["etag"]
        orders = [put(path, _order(*one), tag) for one in (items[::-1], [*items[1:], items[0]])]
        assert codes(secretaries.at_once(*orders)) == {"200": 1, "precondition-failed": 1}
        assert places(secretary, meeting) == {None: [0, 1, 2]}


def test_two_moves_that_would_make_a_circle_leave_a_tree(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        meeting, (a, b, c), path = _agenda(service, secretary)
        under_a = {"items": [{"id": a}, {"id": b, "parent_id": a}, {"id": c, "parent_id": b}]}
        under_b = {"items": [{"id": b}, {"id": a, "parent_id": b}, {"id": c, "parent_id": a}]}
        new = post(f"/v1/meetings/{meeting['id']}/agenda-items", {"title": "Con", "parent_id": c})
        answers = secretaries.at_once(put(path, under_a), put(path, under_b), new)
        assert all(answer.status_code in {200, 201, 422} for answer in answers)
        assert all(found == list(range(len(found))) for found in places(secretary, meeting).values())
        assert deepest(secretary, meeting) <= 3


def test_items_are_not_carried_on_in_a_circle(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for turn in rounds:
        items = [_agenda(service, secretary)[1][0] for _ in range(2 + turn % 2)]
        for one, before in itertools.pairwise(items[1:]):  # one of the two is carried on from a third
            answer = secretary.patch(
                f"/v1/agenda-items/{one}", json={"carried_from_id": before}, headers={"if-match": "*"}
            )
            assert answer.status_code == 200, answer.text
        calls = [
            patch(f"/v1/agenda-items/{one}", {"carried_from_id": before})
            for one, before in ((items[0], items[1]), (items[-1], items[0]))
        ]
        assert codes(secretaries.at_once(*calls)) == {"200": 1, "validation-error": 1}


def _agenda(service: Service, secretary: httpx.Client) -> tuple[Json, list[str], str]:
    items = [{"title": name} for name in "abc"]
    meeting = a_meeting(secretary, service.town.bodies["party"], agenda_items=items)
    found = every(secretary, f"/v1/meetings/{meeting['id']}/agenda-items")
    return meeting, [one["id"] for one in found], f"/v1/meetings/{meeting['id']}/agenda"


def _order(*ids: str) -> Json:
    return {"items": [{"id": one} for one in ids]}


def places(client: httpx.Client, meeting: Json) -> dict[str | None, list[int]]:
    """The positions below each parent, in the order of the list."""
    found: dict[str | None, list[int]] = {}
    for item in every(client, f"/v1/meetings/{meeting['id']}/agenda-items"):
        found.setdefault(item["parent_id"], []).append(item["position"])
    return found


def deepest(client: httpx.Client, meeting: Json) -> int:
    """How many levels; a circle would be endless, and is told by its items' being under no root."""
    items = every(client, f"/v1/meetings/{meeting['id']}/agenda-items")
    level = {item["id"] for item in items if item["parent_id"] is None}
    reached, depth = len(level), 1
    while below := {item["id"] for item in items if item["parent_id"] in level}:
        level, reached, depth = below, reached + len(below), depth + 1
    assert reached == len(items), items
    return depth


@pytest.mark.parametrize("kind", ["speeches", "findings", "directives"])
def test_what_a_meeting_lists_stays_in_order_while_some_come_some_go_and_some_move(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range, kind: str
) -> None:
    (party,) = ids_of(service, "party")
    body = {
        "speeches": {"attribution_text": "Một đại biểu"},
        "findings": {"kind": "result", "text": "Kết quả"},
        "directives": {"text": "Chỉ đạo"},
    }[kind]
    for _ in rounds:
        path = f"/v1/meetings/{a_meeting(secretary, party)['id']}/{kind}"
        first, second, *_ = [made(secretary.post(path, json=body)) for _ in range(4)]
        answers = secretaries.at_once(
            post(path, {**body, "position": 1}),
            delete(f"/v1/{kind}/{first['id']}"),
            patch(f"/v1/{kind}/{second['id']}", {"position": 3}),
            post(path, body),
        )
        assert [answer.status_code for answer in answers] == [201, 204, 200, 201]
        assert [one["position"] for one in every(secretary, path)] == [0, 1, 2, 3, 4]


# -- tasks


def test_a_task_has_one_lead_whoever_names_it(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    party, front, office = ids_of(service, "party", "front", "office")
    for turn in rounds:
        task = a_task(secretary, party, party)
        path = f"/v1/quarterly-tasks/{task['id']}"
        lists = [[{"organization_id": one, "role": "lead"}] for one in (front, office)]
        calls: list[Call] = [patch(path, {"assignments": one}, '"1"') for one in lists]
        wanted = {"200": 1, "precondition-failed": 1}
        if turn % 2:
            move(secretary, task, "issue")
            said = {"kind": "reassigned", "text": "Đổi"}
            calls = [post(f"{path}/entries", {**said, "assignments": one}) for one in lists]
            wanted = {"201": 2}
        assert codes(secretaries.at_once(*calls)) == wanted
        now = shown(secretary.get(path))
        leads = [one["organization_id"] for one in now["assignments"] if one["role"] == "lead"]
        assert leads == [now["lead_organization_id"]]


def test_a_task_is_issued_once_and_completed_once(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    party, front = ids_of(service, "party", "front")
    for _ in rounds:
        task = a_task(secretary, party, front)
        path = f"/v1/quarterly-tasks/{task['id']}/transitions"
        for transition in ("issue", "report_completion"):
            call = post(path, {"transition": transition})
            assert codes(secretaries.at_once(call, call)) == {"201": 1, "invalid-transition": 1}


def test_tasks_have_parts_one_level_deep_and_never_in_a_circle(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for turn in rounds:
        a, b, c = (a_task(secretary, party)["id"] for _ in range(3))
        pairs = [(a, b), (b, a)] if turn % 2 else [(a, b), (b, c)]
        calls = [patch(f"/v1/quarterly-tasks/{one}", {"parent_id": other}) for one, other in pairs]
        assert codes(secretaries.at_once(*calls)) == {"200": 1, "validation-error": 1}


def test_a_task_lies_in_the_plan_of_its_meeting_also_while_the_plan_changes(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for turn in rounds:
        meeting = a_meeting(secretary, party, plan_period="2025-Q4")
        body = {"issuing_organization_id": party, "title": "Nhiệm vụ", "quarter": "2025-Q4"}
        new = post("/v1/quarterly-tasks", {**body, "set_at_meeting_id": meeting["id"]})
        if turn % 2:
            task = a_task(secretary, party)
            new = patch(f"/v1/quarterly-tasks/{task['id']}", {"set_at_meeting_id": meeting["id"]})
        task_set, planned = secretaries.at_once(
            new, patch(f"/v1/meetings/{meeting['id']}", {"plan_period": "2026-Q1"})
        )
        assert task_set.is_success != planned.is_success, (task_set.text, planned.text)


# -- the loop: reviews, carry-over, the next meeting


def _reviewed(
    service: Service,
    secretary: httpx.Client,
    disposition: str | None = None,
    halls: int = 1,
    year: int = 2024,
) -> tuple[Json, list[str]]:
    """A task, and the paths of meetings at which it is reviewed so."""
    bodies = service.town.bodies
    task = a_task(secretary, bodies["party"], bodies["front"], quarter=f"{year}-Q2")
    move(secretary, task, "issue")
    periods = {**PERIODS, "review_period": f"{year}-Q2", "plan_period": f"{year}-Q3"}
    paths = list[str]()
    for _ in range(halls):
        meeting = a_meeting(secretary, bodies["party"], held_on=DAY, **periods)
        move(secretary, meeting, "hold", effective_on=DAY)
        paths.append(f"/v1/meetings/{meeting['id']}")
        if disposition:
            shown(put(f"{paths[-1]}/task-reviews", _review(task, disposition))(secretary))
    return task, paths


def _review(task: Json, disposition: str) -> Json:
    row = {"task_id": task["id"], "rating": "not_completed", "disposition": disposition}
    return {"items": [{**row, "comment": "Đánh giá"}]}


def _end(secretary: httpx.Client, *tasks: str) -> None:
    """Out of the sheets of the meetings to come."""
    for id in tasks:
        if "cancel" in shown(secretary.get(f"/v1/quarterly-tasks/{id}"))["allowed_transitions"]:
            move(secretary, {"id": id}, "cancel", comment="Hết phép thử")


def test_a_task_is_carried_over_once_whoever_does_it(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for turn in rounds:
        task, paths = _reviewed(service, secretary, "carry_over", halls=1 + turn % 2)
        answers = secretaries.at_once(*[post(f"{path}/carry-over", None) for path in (paths * 4)[:4]])
        rows = [one for answer in answers for one in shown(answer)["items"]]
        assert len({one["successor_id"] for one in rows}) == 1
        assert [one["was_carried_before"] for one in rows].count(False) == 1
        assert len(rows) == 4
        _end(secretary, rows[0]["successor_id"])
        assert shown(secretary.get(f"/v1/quarterly-tasks/{task['id']}"))["status"] == "carried_over"


def test_a_task_that_is_cancelled_while_it_is_carried_over_is_the_one_or_the_other(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        task, (path,) = _reviewed(service, secretary, "carry_over")
        moves = f"/v1/quarterly-tasks/{task['id']}/transitions"
        carried, cancelled = secretaries.at_once(
            post(f"{path}/carry-over", None), post(moves, {"transition": "cancel", "comment": "Thôi"})
        )
        assert (carried.status_code == 200) != (cancelled.status_code == 201), (carried.text, cancelled.text)
        if carried.status_code == 200:
            _end(secretary, carried.json()["items"][0]["successor_id"])


def test_a_task_is_not_recalled_while_its_successor_is_begun(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        task, (path,) = _reviewed(service, secretary, "carry_over")
        (row,) = shown(post(f"{path}/carry-over", None)(secretary))["items"]
        successor = row["successor_id"]
        recalled, begun = secretaries.at_once(
            post(f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "recall"}),
            post(f"/v1/quarterly-tasks/{successor}/transitions", {"transition": "start"}),
        )
        assert (recalled.status_code == 201) != (begun.status_code == 201), (recalled.text, begun.text)
        _end(secretary, task["id"], successor)


def test_of_two_who_review_by_what_they_read_one_comes_too_late(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        task, (path,) = _reviewed(service, secretary)
        tag = secretary.get(f"{path}/review-sheet").headers["etag"]
        calls = [put(f"{path}/task-reviews", _review(task, what), tag) for what in ("continue", "cancel")]
        assert codes(secretaries.at_once(*calls)) == {"200": 1, "precondition-failed": 1}
        assert len(shown(secretary.get(f"{path}/task-reviews"))["items"]) == 1
        _end(secretary, task["id"])


def test_two_meetings_that_cancel_one_task_cancel_it_once(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for _ in rounds:
        task, paths = _reviewed(service, secretary, halls=2)
        calls = [put(f"{path}/task-reviews", _review(task, "cancel")) for path in paths]
        assert codes(secretaries.at_once(*calls)) == {"200": 1, "validation-error": 1}
        kinds = [one["kind"] for one in every(secretary, f"/v1/quarterly-tasks/{task['id']}/entries")]
        assert kinds.count("cancel") == 1


def test_a_meeting_is_followed_once_and_closed_once(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    for turn in rounds:
        task, (path,) = _reviewed(service, secretary, "continue", year=1900 + turn)  # nobody else's quarter
        follow = post(f"{path}/next", {"held_on": "2024-09-26"})
        assert codes(secretaries.at_once(follow, follow, follow)) == {"201": 1, "blocked": 2}
        _end(secretary, task["id"])
        close = post(f"{path}/transitions", {"transition": "close"})
        assert codes(secretaries.at_once(close, close)) == {"201": 1, "invalid-transition": 1}


# -- people, keys, grants


def test_a_person_has_one_open_primary_position(
    service: Service, secretaries: Callers, secretary: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    body = {"title": "Bí thư", "organization_id": party, "is_primary": True}
    for turn in rounds:
        person = made(secretary.post("/v1/speakers", json={"full_name": "Ai", "organization_id": party}))
        path = f"/v1/speakers/{person['id']}/positions"
        calls = [post(path, body), post(path, body)]
        if turn % 2:
            ended = [{**body, "ended_on": "2025-01-01"}, {**body, "is_primary": False}]
            rows = [made(secretary.post(path, json=one)) for one in ended]
            values: tuple[Json, Json] = ({"ended_on": None}, {"is_primary": True})
            calls = [patch(f"/v1/positions/{r['id']}", v) for r, v in zip(rows, values, strict=True)]
        assert sorted(codes(secretaries.at_once(*calls))) in (["201", "conflict"], ["200", "conflict"])
        open_ones = [one for one in every(secretary, path) if one["is_primary"] and not one["ended_on"]]
        assert len(open_ones) == 1


def test_a_principal_has_two_live_keys_at_most(
    service: Service, administrators: Callers, administrator: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        who = made(administrator.post("/v1/principals", json={"name": "Ai", "organization_id": party}))
        path = f"/v1/principals/{who['id']}/keys"
        answers = administrators.at_once(*[post(path, {"label": "khóa"})] * 5)
        assert codes(answers) == {"201": 2, "conflict": 3}
        assert len(every(administrator, path)) == 2


def test_a_role_is_granted_once(
    service: Service, administrators: Callers, administrator: httpx.Client, rounds: range
) -> None:
    (party,) = ids_of(service, "party")
    for _ in rounds:
        who = made(administrator.post("/v1/principals", json={"name": "Ai", "organization_id": party}))
        call = post(f"/v1/principals/{who['id']}/grants", {"role": "reader", "organization_id": party})
        assert codes(administrators.at_once(call, call)) == {"201": 1, "conflict": 1}


def test_a_grant_that_is_revoked_while_its_holder_writes_allows_nothing_afterwards(
    service: Service, secretaries: Callers, administrator: httpx.Client, rounds: range
) -> None:
    """A request that was let in before may end; none that begins after the revocation's answer is let in."""
    (party,) = ids_of(service, "party")
    for _ in rounds:
        who, key = a_key(administrator, UUID(party), ("secretary", UUID(party), None))
        (grant,) = every(administrator, f"/v1/principals/{who['id']}/grants")
        body = {"host_organization_id": party, "title": f"Của {who['id']}", "held_on": "2025-09-04"}
        writes = post("/v1/meetings", body, **{"x-api-key": key["key"]})

        def revokes(client: httpx.Client, grant: Json = grant, writes: Call = writes) -> httpx.Response:
            gone = administrator.delete(f"/v1/grants/{grant['id']}", headers={"if-match": "*"})
            assert gone.status_code == 204, gone.text
            return writes(client)

        *writing, afterwards = secretaries.at_once(writes, writes, writes, revokes)
        assert afterwards.status_code == 403
        assert all(answer.status_code in {201, 403} for answer in writing)


def test_a_tenant_is_founded_once(service: Service, secretaries: Callers, rounds: range) -> None:
    for _ in rounds:
        name = f"Tỉnh {next(numbers)}"

        def begins(_: httpx.Client, name: str = name) -> httpx.Response:
            try:
                work = at_the_desk(service.engine, SYSTEM)
                found(work=work, name=name, level=Level.PROVINCE, principal="Người đầu tiên")
            except Conflict:
                return httpx.Response(409, json={"code": "conflict"}, request=httpx.Request("GET", "/"))
            return httpx.Response(200, request=httpx.Request("GET", "/"))

        assert codes(secretaries.at_once(begins, begins, begins)) == {"200": 1, "conflict": 2}


# -- what is unique


CODED = {
    "meetings": ("party", {"title": "Hội nghị", "held_on": "2025-09-04"}, "host_organization_id"),
    "quarterly-tasks": ("party", {"title": "Nhiệm vụ", "quarter": "2025-Q4"}, "issuing_organization_id"),
    "organizations": (
        "commune",
        {"name": "Thôn", "kind": "village", "line": "other", "level": "village"},
        "parent_id",
    ),
    "speakers": ("party", {"full_name": "Ai"}, "organization_id"),
    "principals": ("party", {"name": "Ai"}, "organization_id"),
}


@pytest.mark.parametrize("noun", CODED)
def test_what_is_unique_is_given_once(
    service: Service, secretaries: Callers, administrators: Callers, rounds: range, noun: str
) -> None:
    body_of, values, member = CODED[noun]
    racing = administrators if noun in {"organizations", "principals"} else secretaries
    body = {**values, member: str(service.town.bodies[body_of])}
    for turn in rounds:
        number = f"X-{next(numbers)}"
        same: Json = {"external_refs": [{"system": "khac", "id": number}]}
        taken = "external-ref-taken"
        if "code" in made(racing.clients[0].post(f"/v1/{noun}", json=body)) and turn % 2:
            same, taken = {"code": number}, "code-taken"
        new = post(f"/v1/{noun}", {**body, **same})
        assert codes(racing.at_once(new, new, new)) == {"201": 1, taken: 2}
        rows = [made(racing.clients[0].post(f"/v1/{noun}", json=body)) for _ in range(2)]
        number += "-2"
        same = {"code": number} if "code" in same else {"external_refs": [{"system": "khac", "id": number}]}
        changes = [patch(f"/v1/{noun}/{row['id']}", same) for row in rows]
        assert codes(racing.at_once(*changes)) == {"200": 1, taken: 1}
