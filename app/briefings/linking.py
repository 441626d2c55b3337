"""A document while it is handed in: its parts by external id, and the rows that they are or become."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from app import references
from app.briefings.pointing import Problems, Unplaced
from app.briefings.schemas import BriefingIn
from app.db import Resource
from app.errors import Fault, NotFound, Words
from app.findings.queries import DIRECTIVES, FINDINGS
from app.meetings.contents import refuse_once_signed
from app.meetings.models import Meeting
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.reading import Reading
from app.references import ExternalRef
from app.schema import ExternalRef as Reference
from app.speeches.queries import SPEECHES
from app.work import Work

R = TypeVar("R", bound=Resource)
P = TypeVar("P", bound="Part")
LISTS: Mapping[str, tuple[str, Reading[Any]]] = {  # of what parts name: the noun, and who sees it
    "agenda_items": ("agenda_item", AGENDA_ITEMS),
    "speeches": ("speech", SPEECHES),
    "findings": ("finding", FINDINGS),
    "directives": ("directive", DIRECTIVES),
    "quarterly_tasks": ("quarterly_task", QUARTERLY_TASKS),
    "meetings": ("meeting", MEETINGS),
}


class Part(Protocol):
    """Anything in a document that the other system knows by an id."""

    @property
    def external_id(self) -> str: ...


@dataclass
class Document:
    """What one system hands in, in one transaction."""

    work: Work
    system: str
    said: BriefingIn
    tenant_id: UUID
    there: Meeting | None  # None until it is stored
    problems: Problems = field(default_factory=Problems)
    rows: dict[str, dict[str, Resource]] = field(default_factory=dict)
    turns: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def meeting(self) -> Meeting:
        """The one that it is about, once it is stored."""
        if self.there is None:
            raise Unplaced
        return self.there

    def record_changes(self) -> None:
        """Before anything is written of what minutes record. Raises MinutesLocked once they are signed."""
        refuse_once_signed(self.meeting)

    def reference(self, external_id: str) -> list[dict[str, str]]:
        """What a new row shows of the system that handed it in."""
        return [{"system": self.system, "id": external_id}]

    def named(self, external_id: str) -> list[Reference]:
        """The same, as bodies have it."""
        return [Reference.model_validate(one) for one in self.reference(external_id)]

    def found(self, where: str, rows: Mapping[str, Resource]) -> None:
        """Parts of that list that are stored already: others may name them before their turn."""
        for one in getattr(self.said, where):
            if row := rows.get(one.external_id):
                self.placed(where, one.external_id, row)

    def present(self, of: type[R], *where: ColumnElement[bool]) -> dict[str, R]:
        """The rows of one kind that this system knows, by its ids."""
        known = select(ExternalRef.external_id, of).join(of, of.id == ExternalRef.subject_id)
        rows: Any = self.work.db.execute(known.where(ExternalRef.system == self.system, *where)).all()
        return dict(rows)

    def each(self, where: str, said: Iterable[tuple[int, P]]) -> Iterator[tuple[int, P]]:
        """The parts of a list with their numbers, but for those that are named twice, as has been told."""
        for n, one in said:
            if self.turns.setdefault((where, one.external_id), n) == n:
                yield n, one

    def placed(self, where: str, external_id: str, row: Resource) -> None:
        """A part of that list is this row."""
        self.rows.setdefault(where, {})[external_id] = row

    def in_order(self, where: str, said: Sequence[Part]) -> list[Resource]:
        """The rows of a list, as the document orders them."""
        rows = self.rows.get(where, {})
        return [rows[one.external_id] for one in said if one.external_id in rows]

    def link(self, to: str, external_id: str | None, at: str, present: UUID | None = None) -> UUID | None:
        """The row that a part names: of this document, or else one that this system handed in earlier.

        Where it names none, what is linked at present stays if this system does not know it. Raises
        NotFound, or Unplaced for a part that is not stored, since it comes later or is wrong itself.
        """
        if external_id is None:
            return present if present is not None and not self.knows(present) else None
        if row := self.rows.get(to, {}).get(external_id):
            return row.id
        listed: Sequence[Part] = getattr(self.said, to, ())
        if any(one.external_id == external_id for one in listed):
            raise Unplaced
        noun, of = LISTS[to]
        found = references.named(self.work.db, self.tenant_id, noun, self.system, external_id)
        if found is None or not self.work.sees(of, found):
            words = Words(
                "Không có mã này trong tài liệu hay hệ thống", "No such part, nor one handed in before"
            )
            raise NotFound(errors=[Fault("body", f"#/{at}", "not-found", words)])
        return found

    def knows(self, id: UUID) -> bool:
        """Whether this system has an id of its own for a row."""
        own = exists().where(ExternalRef.subject_id == id, ExternalRef.system == self.system)
        return bool(self.work.db.scalar(select(own)))


def gone(present: Mapping[str, R], said: Sequence[Part]) -> list[R]:
    """The rows that the document does not name any more."""
    named = {one.external_id for one in said}
    kept = {row.id for external_id, row in present.items() if external_id in named}
    return list({row.id: row for row in present.values() if row.id not in kept}.values())


def changes(row: Resource, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of these values that the row does not have."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def without_null(values: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """What the service fills in where nothing is said stays as it was filled in."""
    return {name: value for name, value in values.items() if value is not None or name not in names}


def in_place(present: Sequence[R], ours: Sequence[Resource]) -> list[R]:
    """Ours in their order, on the places that ours hold; what others put between them stays where it is."""
    mine = {row.id for row in ours}
    known = {row.id: row for row in present}
    waiting = iter([known[row.id] for row in ours if row.id in known])
    return [next(waiting) if row.id in mine else row for row in present]
