"""Random histories of tasks over HTTP, and how they count by their entries alone: worked out anew, in Python."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from tests.town import ANY, Json, a_meeting, every, made, move, shown

FIRST = date(1, 1, 1)
ISSUERS = ("party", "office", "committee", "front", "neighbour_party")
FIELDS = ("health", "education", "party_building", None)
KINDS = ("key", "regular", "ad_hoc", "follow_up")
DONE, UNDONE = ("submitted", "completed"), ("assigned", "in_progress", "on_hold", "carried_over")
FINAL = ("completed", "carried_over", "cancelled")
STEPS = ("issue", "start", "suspend", "resume", "report_completion", "confirm", "send_back")
PARENTS = {
    "commune": "province",
    "party": "commune",
    "office": "party",
    "committee": "commune",
    "front": "commune",
    "neighbour": "province",
    "neighbour_party": "neighbour",
}


@dataclass
class Fact:
    """What was recorded of a task at a moment, to hold from a day on (from the day before it did: None)."""

    at: datetime
    on: date | None
    said: Json | None = None  # None: it is gone
    has_parts: bool | None = None


@dataclass
class History:
    """One year of a few bodies, as a clerk who may do everything writes it down."""

    clerk: httpx.Client
    bodies: dict[str, str]
    year: int
    draw: random.Random
    drafts: dict[str, list[Fact]] = field(default_factory=dict)  # by task: what no entry tells
    moments: list[str] = field(default_factory=list)

    @property
    def quarters(self) -> list[str]:
        return [f"{self.year}-Q{n}" for n in range(1, 5)]

    def day(self) -> date:
        return date(self.year, 1, 1) + timedelta(self.draw.randrange(365))

    def live(self, steps: int) -> None:
        """So many steps, of which some are refused."""
        ways: list[Callable[[], None]] = [
            *(self.set_one, self.set_one, self.set_part, self.change, self.delete, self.adopt),
            *(self.go_on, self.go_on, self.go_on, self.go_on, self.stop, self.tell, self.tell),
            *(self.carry, self.carry, self.recall),
        ]
        for _ in range(3):
            self.set_one()
        for _ in range(steps):
            self.draw.choice(ways)()

    # -- what is written

    def body(self) -> Json:
        issuer, lead = self.draw.choice(ISSUERS), self.draw.choice(ISSUERS)
        return {
            "issuing_organization_id": self.bodies[issuer],
            "title": "Nhiệm vụ",
            "quarter": self.draw.choice(self.quarters),
            "field": self.draw.choice(FIELDS),
            "kind": self.draw.choice(KINDS),
            "due_date": str(self.day()) if self.draw.random() < 0.5 else None,
            "assignments": [{"organization_id": self.bodies[lead], "role": "lead"}],
        }

    def set_one(self, **more: Any) -> None:
        task = made(self.clerk.post("/v1/quarterly-tasks", json={**self.body(), **more}))
        self.note(task, task["created_at"])

    def set_part(self) -> None:
        """A part of a task, so that the task is counted by its parts."""
        whole = self.some()
        if whole and whole["parent_id"] is None and whole["status"] not in FINAL:
            issuer = {"issuing_organization_id": whole["issuing_organization_id"]}
            self.set_one(parent_id=whole["id"], **issuer)
            self.count_parts()

    def adopt(self) -> None:
        """Make a task part of another, or a task of its own again."""
        one, other = self.some(), self.some()
        if one and other:
            parent = None if one["parent_id"] else other["id"]
            if self.patch(one, {"parent_id": parent}):
                self.just_now()
                self.count_parts()

    def change(self) -> None:
        """A draft, in anything."""
        if task := self.some("draft"):
            said = self.body()
            del said["issuing_organization_id"]
            if self.patch(task, said):
                self.note(self.now(task), self.now(task)["updated_at"])

    def patch(self, task: Json, said: Json) -> bool:
        told = self.clerk.patch(f"/v1/quarterly-tasks/{task['id']}", json=said, headers=ANY)
        assert told.status_code in {200, 404, 409, 422}, told.text
        return told.status_code == 200

    def delete(self) -> None:
        task = self.some("draft")
        if task and self.clerk.delete(f"/v1/quarterly-tasks/{task['id']}", headers=ANY).status_code == 204:
            self.drafts[task["id"]].append(Fact(self.just_now(), None, None))
            self.count_parts()

    def go_on(self) -> None:
        if task := self.some():
            steps = [one for one in task["allowed_transitions"] if one in STEPS]
            if steps:
                self.move(task, self.draw.choice(steps))

    def stop(self) -> None:
        if task := self.some():
            steps = [one for one in task["allowed_transitions"] if one in {"decline", "cancel", "reopen"}]
            if steps:
                self.move(task, self.draw.choice(steps))

    def move(self, task: Json, transition: str) -> None:
        said = {"transition": transition, "comment": "Lý do", "effective_on": str(self.day())}
        path = f"/v1/quarterly-tasks/{task['id']}/transitions"
        told = self.clerk.post(path, json=said)
        if told.status_code == 422:  # that day is before the last entry
            told = self.clerk.post(path, json={**said, "effective_on": None})
        assert told.status_code in {201, 409, 422}, told.text

    def tell(self) -> None:
        if task := self.some(*UNDONE, "submitted"):
            lead = [{"organization_id": self.bodies[self.draw.choice(ISSUERS)], "role": "lead"}]
            again = {"quarter": self.draw.choice(self.quarters), "field": self.draw.choice(FIELDS)}
            said: Json = self.draw.choice(
                [
                    {"kind": "progress", "progress_percent": self.draw.randrange(100)},
                    {"kind": "due_date_changed", "due_date": str(self.day())},
                    {"kind": "reassigned", "assignments": lead},
                    {"kind": "reclassified", **again, "task_kind": self.draw.choice(KINDS)},
                ]
            )
            path = f"/v1/quarterly-tasks/{task['id']}/entries"
            told = self.clerk.post(path, json={**said, "text": "Lý do", "effective_on": str(self.day())})
            assert told.status_code in {201, 409, 422}, told.text

    def carry(self) -> None:
        """Into the next quarter, as a meeting of the issuer decides."""
        task = self.some("assigned", "in_progress", "on_hold", "submitted")
        if task is None or task["quarter"] == self.quarters[-1]:
            return
        onward = self.quarters[self.quarters.index(task["quarter"]) + 1]
        periods = {"review_period": task["quarter"], "plan_period": onward, "held_on": str(self.day())}
        meeting = a_meeting(self.clerk, task["issuing_organization_id"], **periods)
        move(self.clerk, meeting, "schedule")
        row = {"task_id": task["id"], "rating": "not_completed", "disposition": "carry_over"}
        path = f"/v1/meetings/{meeting['id']}"
        told = self.clerk.put(f"{path}/task-reviews", json={"items": [row]}, headers=ANY)
        if told.status_code == 200:
            (carried,) = shown(self.clerk.post(f"{path}/carry-over"))["items"]
            new = self.now({"id": carried["successor_id"]})
            self.note({**new, "status": "draft"}, new["created_at"])
            self.count_parts()  # a whole takes those along that went on before it

    def recall(self) -> None:
        if task := self.some("carried_over"):
            self.move(task, "recall")

    # -- what is known

    def now(self, task: Json) -> Json:
        return shown(self.clerk.get(f"/v1/quarterly-tasks/{task['id']}"))

    def tasks(self) -> list[Json]:
        return every(self.clerk, "/v1/quarterly-tasks", quarter=self.quarters)

    def some(self, *states: str) -> Json | None:
        found = [one for one in self.tasks() if not states or one["status"] in states]
        return self.draw.choice(found) if found else None

    def note(self, task: Json, at: str) -> None:
        self.just_now()
        self.drafts.setdefault(task["id"], []).append(Fact(instant(at), None, {**task, "given": False}))

    def count_parts(self) -> None:
        """Who has parts, since the last moment: that comes after the change which gave or took some."""
        parents = {one["parent_id"] for one in self.tasks()}
        for task_id, facts in self.drafts.items():
            had = next((one.has_parts for one in reversed(facts) if one.has_parts is not None), False)
            if had != (task_id in parents):
                facts.append(Fact(instant(self.moments[-1]), None, None, task_id in parents))

    def just_now(self) -> datetime:
        """After the last change and before the next: as good as the moment that no answer tells."""
        time.sleep(0.003)  # a moment is the end of its millisecond
        self.moments.append(datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        return instant(self.moments[-1])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Oracle:
    """How each task counted on a day, by what was recorded until a moment."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.names = {id: name for name, id in history.bodies.items()}
        self.facts = {task_id: list(self._facts(task_id)) for task_id in history.drafts}

    def _facts(self, task_id: str) -> Iterator[Fact]:
        """Its drafts, its entries and its parts in order, each with all that was known of it then."""
        clerk, path = self.history.clerk, f"/v1/quarterly-tasks/{task_id}/entries"
        there = clerk.get(f"/v1/quarterly-tasks/{task_id}").status_code == 200
        entries = every(clerk, path) if there else []
        noted = [(one.at, 0, n, one) for n, one in enumerate(self.history.drafts[task_id])]
        told = [(instant(one["recorded_at"]), 1, n, one) for n, one in enumerate(entries)]
        known: Json | None = None
        since, held, has_parts = FIRST, FIRST, False
        counts: tuple[Any, ...] | None = None
        for at, _, _, one in sorted([*noted, *told], key=lambda each: each[:3]):
            if isinstance(one, Fact) and one.has_parts is not None:
                # Without parts again, it counts as it is now from the day on which it last counted itself.
                has_parts = one.has_parts
                counts = None if has_parts else shape(known)
                yield Fact(at, held, None if has_parts else known)
                continue
            if isinstance(one, Fact):
                known = one.said
            else:
                assert isinstance(one, dict)
                assert known is not None
                since = max(since, date.fromisoformat(one["effective_on"]))
                known = {**known, **one["new_values"]}
                known["given"] = known["given"] or one["kind"] == "issue"
                if one["kind"] == "decline":
                    known["given"] = False
            if not has_parts and shape(known) != counts:
                counts, held = shape(known), since
            yield Fact(at, since, None if has_parts else known)

    def cells(self, quarter: str, side: str, as_of: date, known_at: datetime) -> dict[str, Json]:
        """Of every task of the quarter: body, field, kind, and its cells."""
        found = {}
        for task_id, facts in self.facts.items():
            told = [one for one in facts if one.at <= known_at and one.on is not None and one.on <= as_of]
            task = told[-1].said if told else None
            if task is None or task["quarter"] != quarter:
                continue
            body = task["issuing_organization_id"]
            if side == "lead":
                body = task["lead_organization_id"] if task["given"] else None
            if body is not None:
                own = {"field": task["field"], "kind": task["kind"], "cells": counted(task, as_of)}
                found[task_id] = {"body": self.names[body], **own}
        return found


def shape(task: Json | None) -> tuple[Any, ...] | None:
    """What of a task makes it count otherwise."""
    if task is None:
        return None
    status = "open" if task["status"] in UNDONE[:-1] else task["status"]
    lead, on = task["given"] and task["lead_organization_id"], task["status"] in DONE and task["completed_on"]
    same = ("quarter", "field", "kind", "due_date", "root_due_date")
    return (status, lead, on, *(task[name] for name in same))


def counted(task: Json, as_of: date) -> Counter[str]:
    """Which cells one task is counted in."""
    status, year, number = task["status"], *map(int, task["quarter"].split("-Q"))
    if status in {"draft", "cancelled"}:
        return Counter(["drafts" if status == "draft" else "cancelled"])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    due = date.fromisoformat(task["due_date"]) if task["due_date"] else after - timedelta(1)
    root = date.fromisoformat(task["root_due_date"]) if task["root_due_date"] else due
    done = status in DONE
    on = date.fromisoformat(task["completed_on"]) if done else as_of
    found = ["total"]
    if done:
        found.append("completed_late" if on > due else "completed_on_time")
    else:
        found.append("open_overdue" if on > due else "open_within_deadline")
    found += ["late_by_root_due_date"] if on > root else []
    found += {"submitted": ["of_which_unconfirmed"], "carried_over": ["of_which_carried_over"]}.get(
        status, []
    )
    return Counter(found)


def above(body: str) -> list[str]:
    """The body itself, and all above it."""
    found = [body]
    while found[-1] in PARENTS:
        found.append(PARENTS[found[-1]])
    return found
