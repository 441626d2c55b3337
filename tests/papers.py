"""Rows of what is written of a meeting: its documents, what is told of them, its files. For their lists."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from app.attachments.models import Attachment
from app.attachments.vocabulary import OwnerKind
from app.db import Base, new_id, utcnow
from app.meetings.models import AgendaItem
from app.meetings.vocabulary import AgendaItemKind, AgendaItemStatus
from app.minutes.links import MinutesLink, SigningKey
from app.minutes.models import (
    ConclusionNotice,
    ConclusionNoticeMove,
    Minutes,
    MinutesComment,
    MinutesMove,
    MinutesVersion,
)
from app.minutes.vocabulary import DocumentKind, MinutesStatus, MinutesTransition
from app.quarterly_tasks.models import TaskEntry
from app.quarterly_tasks.vocabulary import EntryKind

Place = dict[str, Any]
Makes = Callable[[Place, int], Base]
DAY, DIGEST = date(2025, 9, 4), "0" * 64


class Papers(NamedTuple):
    """One list of them: where it is, inside what of a place, and how a row of it is made."""

    path: str
    inside: str
    row: Makes


def owners(place: Place) -> tuple[Base, ...]:
    """What else stands in a place with a meeting and a task: one of each that is listed in, by its name."""
    known = {"tenant_id": place["tenant_id"], "host_id": place["body"], "meeting_id": place["meeting"]}
    words = {"kind": AgendaItemKind.OTHER, "status": AgendaItemStatus.PENDING, "title": "A", "position": 0}
    progress = {"kind": EntryKind.PROGRESS, "effective_on": DAY, "old_values": {}, "new_values": {}}
    rows: dict[str, Any] = {
        "agenda_item": AgendaItem(id=new_id(), **known, **words),
        "minutes": Minutes(id=new_id(), **known),
        "conclusion_notice": ConclusionNotice(id=new_id(), **known),
        "task_entry": TaskEntry(**_recorded(), **progress, task_id=place["task"]),
        "key": SigningKey(
            id=new_id().hex.ljust(43, "_"), public_jwk={}, made_at=utcnow(), retired_at=utcnow()
        ),
    }
    place |= {name: row.id for name, row in rows.items()}
    place["numbers"] = count(1)
    return tuple(rows.values())


def _recorded() -> dict[str, Any]:
    return {"id": new_id(), "recorded_at": utcnow(), "recorded_by": "A"}


def _document(kind: type[Minutes | ConclusionNotice]) -> Makes:
    """Of the next meeting that has none yet."""
    return lambda place, _: kind(
        id=new_id(),
        tenant_id=place["tenant_id"],
        host_id=place["body"],
        meeting_id=next(place["meetings"]),
    )


def _move(kind: type[MinutesMove | ConclusionNoticeMove], of: str) -> Makes:
    words = {
        "transition": MinutesTransition.SUBMIT,
        "from_status": MinutesStatus.DRAFT,
        "to_status": MinutesStatus.IN_REVIEW,
        "effective_on": DAY,
    }
    return lambda place, _: kind(**_recorded(), **words, **{f"{of}_id": place[of]})


def _about(place: Place, of: str) -> dict[str, Any]:
    return {**_recorded(), f"{of}_id": place[of], "meeting_id": place["meeting"], "host_id": place["body"]}


def _comment(of: str) -> Makes:
    return lambda place, n: MinutesComment(**_about(place, of), text=f"{n}")


def _version(of: str) -> Makes:
    return lambda place, _: MinutesVersion(
        **_about(place, of), number=next(place["numbers"]), content="{}", sha256=DIGEST
    )


def _link(place: Place, _: int) -> MinutesLink:
    signed = {"document_id": place["minutes"], "kind": DocumentKind.MINUTES, "sha256": DIGEST, "jws": "a..b"}
    where = {"host_id": place["body"], "position": next(place["numbers"])}
    return MinutesLink(**_recorded(), **signed, **where, version=1, key_id=place["key"])


def _file(of: OwnerKind) -> Makes:
    beside = "task" if of == OwnerKind.TASK_ENTRY else "meeting"
    said = {"media_type": "application/pdf", "size": 1, "sha256": DIGEST, "added_by": "A"}

    def made(place: Place, n: int) -> Attachment:
        known = {"id": new_id(), "tenant_id": place["tenant_id"], "host_id": place["body"]}
        where = {"owner_kind": of, "owner_id": place[of.value], f"{beside}_id": place[beside]}
        return Attachment(**known, **where, **said, file_name=f"{n}.pdf")

    return made


def _told_of(of: str, path: str, move: Makes) -> Mapping[str, Papers]:
    rows = {"transitions": move, "comments": _comment(of), "versions": _version(of)}
    return {f"{of} {listed}": Papers(f"{path}/{{}}/{listed}", of, row) for listed, row in rows.items()}


OWNING = {
    OwnerKind.MEETING: "meetings",
    OwnerKind.AGENDA_ITEM: "agenda-items",
    OwnerKind.TASK_ENTRY: "task-entries",
    OwnerKind.MINUTES: "minutes",
    OwnerKind.CONCLUSION_NOTICE: "conclusion-notices",
}
PAPERS: Mapping[str, Papers] = {
    "minutes": Papers("/v1/minutes?within={}", "body", _document(Minutes)),
    "conclusion-notices": Papers("/v1/conclusion-notices?within={}", "body", _document(ConclusionNotice)),
    **_told_of("minutes", "/v1/minutes", _move(MinutesMove, "minutes")),
    **_told_of(
        "conclusion_notice", "/v1/conclusion-notices", _move(ConclusionNoticeMove, "conclusion_notice")
    ),
    **{f"{of} files": Papers(f"/v1/{path}/{{}}/attachments", of, _file(of)) for of, path in OWNING.items()},
}
LINKS = Papers("/v1/organizations/{}/minutes-links", "body", _link)
