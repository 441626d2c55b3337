"""The agenda: a tree at most three deep, whose positions are 0 to n-1 whatever is done to it."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_meeting, every, made, shown

pytestmark = pytest.mark.in_turn

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture
def meeting(service: Service, secretary: httpx.Client) -> str:
    """Where a new meeting stands."""
    return f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"


def add(
    client: httpx.Client, meeting: str, title: str = "Mục", parent: str | None = None, **more: Any
) -> Json:
    return made(client.post(f"{meeting}/agenda-items", json={"title": title, "parent_id": parent, **more}))


def tree(client: httpx.Client, meeting: str) -> list[Json]:
    """The items of the agenda, as it is read aloud."""
    items: list[Json] = shown(client.get(f"{meeting}/agenda"))["items"]
    return items


def put(client: httpx.Client, meeting: str, places: list[Json], tag: str = "*") -> httpx.Response:
    return client.put(f"{meeting}/agenda", json={"items": places}, headers={"if-match": tag})


def assert_whole(items: list[Json]) -> None:
    """Positions are 0..n-1, at most three levels, parents before children, siblings in order."""
    depth: dict[str | None, int] = {None: 0}
    siblings: defaultdict[str | None, list[int]] = defaultdict(list)
    for one in items:
        assert one["parent_id"] in depth, "a parent stands after its child"
        depth[one["id"]] = depth[one["parent_id"]] + 1
        siblings[one["parent_id"]].append(one["position"])
    assert max(depth.values()) <= 3
    assert all(positions == list(range(len(positions))) for positions in siblings.values())
    assert [one["id"] for one in items] == read_aloud(items, None)


def read_aloud(items: list[Json], parent: str | None) -> list[str]:
    """Each item, then what is below it."""
    below = sorted((one for one in items if one["parent_id"] == parent), key=lambda one: int(one["position"]))
    return [id for one in below for id in (one["id"], *read_aloud(items, one["id"]))]


def titles(items: list[Json]) -> list[str]:
    return [one["title"] for one in items]


# -- one by one


def test_an_item_comes_after_its_siblings(secretary: httpx.Client, meeting: str) -> None:
    first, second = add(secretary, meeting, "1"), add(secretary, meeting, "2")
    below = [add(secretary, meeting, f"1.{n}", first["id"]) for n in (1, 2)]
    assert [one["position"] for one in (first, second, *below)] == [0, 1, 0, 1]
    assert titles(tree(secretary, meeting)) == ["1", "1.1", "1.2", "2"]


def test_an_agenda_is_three_levels_deep_at_most(secretary: httpx.Client, meeting: str) -> None:
    parent = None
    for level in range(3):
        parent = add(secretary, meeting, str(level), parent)["id"]
    answer = secretary.post(f"{meeting}/agenda-items", json={"title": "4", "parent_id": parent})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/parent_id"
    assert answer.json()["errors"][0]["code"] == "too_deep"


def test_the_parent_of_an_item_is_of_the_same_meeting(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    other = add(secretary, f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}")
    answer = secretary.post(f"{meeting}/agenda-items", json={"title": "x", "parent_id": other["id"]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/parent_id")


def test_the_place_of_an_item_is_no_member_of_its_patch(secretary: httpx.Client, meeting: str) -> None:
    item = add(secretary, meeting)
    for change in ({"position": 1}, {"parent_id": None}, {"meeting_id": item["meeting_id"]}):
        answer = secretary.patch(f"/v1/agenda-items/{item['id']}", json=change, headers=ANY)
        assert answer.status_code == 422, change


def test_an_item_that_has_parts_is_not_deleted(secretary: httpx.Client, meeting: str) -> None:
    parent = add(secretary, meeting)
    add(secretary, meeting, parent=parent["id"])
    answer = secretary.delete(f"/v1/agenda-items/{parent['id']}", headers=ANY)
    assert (answer.status_code, answer.json()["blockers"][0]["code"]) == (409, "used-by-agenda-items")


def test_a_deletion_closes_the_gap_among_its_siblings_alone(secretary: httpx.Client, meeting: str) -> None:
    items = [add(secretary, meeting, str(n)) for n in range(4)]
    below = [add(secretary, meeting, f"3.{n}", items[3]["id"]) for n in range(3)]
    assert secretary.delete(f"/v1/agenda-items/{items[1]['id']}", headers=ANY).status_code == 204
    assert secretary.delete(f"/v1/agenda-items/{below[0]['id']}", headers=ANY).status_code == 204
    left = tree(secretary, meeting)
    assert titles(left) == ["0", "2", "3", "3.1", "3.2"]
    assert [(one["position"], one["version"]) for one in left] == [(0, 1), (1, 2), (2, 2), (0, 2), (1, 2)]


def test_the_three_ways_to_list_the_items_agree(secretary: httpx.Client, meeting: str) -> None:
    first = add(secretary, meeting, "1")
    add(secretary, meeting, "2")
    add(secretary, meeting, "1.1", first["id"])
    items = tree(secretary, meeting)
    id = meeting.rpartition("/")[2]
    assert shown(secretary.get(meeting, params={"include": "agenda_items"}))["agenda_items"] == items
    by_id = sorted(items, key=lambda one: str(one["id"]))
    assert every(secretary, "/v1/agenda-items", meeting_id=id) == by_id
    assert every(secretary, f"{meeting}/agenda-items", sort="created_at") == by_id
    by_position = sorted(items, key=lambda one: (one["position"], one["id"]))
    assert every(secretary, f"{meeting}/agenda-items") == by_position


# -- as a whole


@pytest.fixture
def five(secretary: httpx.Client, meeting: str) -> list[str]:
    """0, 1, 1.0, 1.0.0, 2 in one meeting."""
    ids = [add(secretary, meeting, str(n))["id"] for n in range(2)]
    ids.append(add(secretary, meeting, "1.0", ids[1])["id"])
    ids.append(add(secretary, meeting, "1.0.0", ids[2])["id"])
    return [*ids, add(secretary, meeting, "2")["id"]]


def test_the_whole_tree_is_put_in_another_order_in_one_request(
    secretary: httpx.Client, meeting: str, five: list[str]
) -> None:
    zero, one, inner, innermost, two = five
    places = [{"id": two}, {"id": zero, "parent_id": two}, {"id": inner}, {"id": one}, {"id": innermost}]
    answer = put(secretary, meeting, places)
    assert answer.status_code == 200, answer.text
    assert titles(answer.json()["items"]) == ["2", "0", "1.0", "1", "1.0.0"]
    again = secretary.get(f"{meeting}/agenda")
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
    assert_whole(again.json()["items"])


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        (lambda ids: [{"id": one} for one in ids[:-1]], "#/items", "missing"),
        (lambda _: [], "#/items", "missing"),
        (lambda ids: [{"id": one} for one in [*ids, str(uuid4())]], "#/items/5/id", "not_of_this_meeting"),
        (lambda ids: [{"id": one} for one in [*ids[:-1], ids[0]]], "#/items/4/id", "twice"),
        (lambda ids: [{"id": one} for one in [*ids, ids[0]]], "#/items/5/id", "twice"),
        (
            lambda ids: [{"id": ids[0], "parent_id": ids[1]}, *({"id": one} for one in ids[1:])],
            "#/items/0/parent_id",
            "parent_not_before",
        ),
        (
            lambda ids: [{"id": ids[0], "parent_id": ids[0]}, *({"id": one} for one in ids[1:])],
            "#/items/0/parent_id",
            "parent_not_before",
        ),
        (
            lambda ids: [*({"id": one} for one in ids[:4]), {"id": ids[4], "parent_id": str(uuid4())}],
            "#/items/4/parent_id",
            "parent_not_before",
        ),
        (
            lambda ids: [
                {"id": one, "parent_id": above} for one, above in zip(ids, [None, *ids[:-1]], strict=True)
            ],
            "#/items/3/parent_id",
            "too_deep",
        ),
    ],
)
def test_an_order_that_does_not_fit_moves_nothing(
    secretary: httpx.Client, meeting: str, five: list[str], wrong: Any, pointer: str, code: str
) -> None:
    before = secretary.get(f"{meeting}/agenda")
    answer = put(secretary, meeting, wrong(five))
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    after = secretary.get(f"{meeting}/agenda")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


def test_an_item_of_another_meeting_is_foreign_to_the_order(
    service: Service, secretary: httpx.Client, meeting: str, five: list[str]
) -> None:
    other = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"
    places = [{"id": one} for one in [*five, add(secretary, other)["id"]]]
    answer = put(secretary, meeting, places)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/items/5/id")
    assert titles(tree(secretary, other)) == ["Mục"]


def test_an_order_is_compared_with_the_agenda_that_the_caller_has_seen(
    secretary: httpx.Client, meeting: str, five: list[str]
) -> None:
    places = [{"id": one} for one in five]
    seen = secretary.get(f"{meeting}/agenda").headers["etag"]
    missing = secretary.put(f"{meeting}/agenda", json={"items": places})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-required")
    shown(secretary.patch(f"/v1/agenda-items/{five[0]}", json={"title": "Tên mới"}, headers=ANY))
    present = secretary.get(f"{meeting}/agenda").headers["etag"]
    assert present != seen
    stale = put(secretary, meeting, places, seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition-failed")
    assert stale.headers["etag"] == present
    assert put(secretary, meeting, places, present).status_code == 200
    assert put(secretary, meeting, places, present).status_code == 412
    assert put(secretary, meeting, places, "*").status_code == 200


def test_the_same_order_again_changes_nothing(secretary: httpx.Client, meeting: str) -> None:
    ids = [add(secretary, meeting, str(n))["id"] for n in range(3)]
    before = secretary.get(f"{meeting}/agenda")
    answer = put(secretary, meeting, [{"id": one} for one in ids], before.headers["etag"])
    assert (answer.status_code, answer.content) == (200, before.content)
    assert answer.headers["etag"] == before.headers["etag"]


def test_an_unchanged_agenda_is_not_sent_again(
    secretary: httpx.Client, meeting: str, five: list[str]
) -> None:
    tag = secretary.get(f"{meeting}/agenda").headers["etag"]
    same = secretary.get(f"{meeting}/agenda", headers={"if-none-match": tag})
    assert (same.status_code, same.headers["etag"], same.content) == (304, tag, b"")
    shown(secretary.patch(f"/v1/agenda-items/{five[0]}", json={"title": "Tên mới"}, headers=ANY))
    assert secretary.get(f"{meeting}/agenda", headers={"if-none-match": tag}).status_code == 200


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 9)),
        st.tuples(st.just("add"), st.none()),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("order"), st.randoms(use_true_random=False)),
    ),
    min_size=3,
    max_size=14,
)


@FEW
@given(steps=STEPS)
def test_positions_are_whole_whatever_is_done(
    service: Service, secretary: httpx.Client, steps: list[tuple[str, Any]]
) -> None:
    meeting = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"
    for what, how in steps:
        items = tree(secretary, meeting)
        assert_whole(items)
        if what == "add":
            parent = items[how % len(items)]["id"] if items and how is not None else None
            answer = secretary.post(f"{meeting}/agenda-items", json={"title": "x", "parent_id": parent})
            assert (answer.status_code == 422) == (parent is not None and depth_of(items, parent) == 3)
        elif what == "delete" and items:
            gone = items[how % len(items)]["id"]
            answer = secretary.delete(f"/v1/agenda-items/{gone}", headers=ANY)
            assert (answer.status_code == 409) == any(one["parent_id"] == gone for one in items)
        elif what == "order":
            places, depth = [], dict[str | None, int]({None: 0})
            for one in how.sample(items, len(items)):
                parent = how.choice([above for above, deep in depth.items() if deep < 3])
                places.append({"id": one["id"], "parent_id": parent})
                depth[one["id"]] = depth[parent] + 1
            ordered = put(secretary, meeting, places).json()["items"]
            by_id = {one["id"]: one for one in ordered}
            assert {id: one["parent_id"] for id, one in by_id.items()} == {
                place["id"]: place["parent_id"] for place in places
            }
    assert_whole(tree(secretary, meeting))


def depth_of(items: list[Json], id: str) -> int:
    above = {one["id"]: one["parent_id"] for one in items}
    deep, at = 0, id
    while at is not None:
        deep, at = deep + 1, above[at]
    return deep


# -- at the same time


@pytest.mark.on_both
def test_positions_are_whole_after_additions_orders_and_deletions_at_once(
    secretary: httpx.Client, meeting: str
) -> None:
    ids = [add(secretary, meeting, str(n))["id"] for n in range(6)]
    wanted: list[tuple[str, str, Json]] = [
        ("POST", f"{meeting}/agenda-items", {"title": "mới"}),
        ("PUT", f"{meeting}/agenda", {"items": [{"id": one} for one in reversed(ids)]}),
        ("DELETE", f"/v1/agenda-items/{ids[0]}", {}),
        ("POST", f"{meeting}/agenda-items", {"title": "mới"}),
        ("DELETE", f"/v1/agenda-items/{ids[3]}", {}),
        ("POST", f"{meeting}/agenda-items", {"title": "trong", "parent_id": ids[5]}),
    ]
    with ThreadPoolExecutor(len(wanted)) as at_once:
        answers = at_once.map(
            lambda one: secretary.request(one[0], one[1], json=one[2] or None, headers=ANY).status_code,
            wanted,
        )
        assert max(answers) < 500
    assert_whole(tree(secretary, meeting))


@pytest.mark.on_both
def test_siblings_are_deleted_at_once_by_whoever_does_not_ask_for_their_state(
    service: Service, secretary: httpx.Client
) -> None:
    """`If-Match: *` says that it does not matter what moved meanwhile."""
    answers: list[int] = []
    for _ in range(4):
        meeting = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"
        ids = [add(secretary, meeting, str(n))["id"] for n in range(6)]
        with ThreadPoolExecutor(6) as at_once:
            answers += at_once.map(
                lambda id: secretary.delete(f"/v1/agenda-items/{id}", headers=ANY).status_code, ids
            )
        assert_whole(tree(secretary, meeting))
    assert answers == [204] * 24
