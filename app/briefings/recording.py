"""The record of a briefing: who took part, the agenda, what was said, found and directed, part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.agenda import reordering
from app.briefings.linking import Document, Part, changes, gone, in_place, without_null
from app.briefings.pointing import Unplaced
from app.briefings.schemas import (
    BriefingAgendaItemIn,
    BriefingDirectiveIn,
    BriefingFindingIn,
    BriefingParticipationIn,
)
from app.db import Resource
from app.findings.models import Directive, Finding
from app.findings.recording import (
    complete_from,
    record_directive,
    record_finding,
    rewrite_directive,
    rewrite_finding,
    status_after,
)
from app.findings.vocabulary import FindingKind
from app.meetings import contents
from app.meetings.models import AgendaItem, Listed, Meeting, Participation
from app.meetings.ordering import arrange
from app.meetings.schemas import AgendaItemIn, AgendaOrder, AgendaPlace, ParticipationIn
from app.meetings.vocabulary import ParticipationRole
from app.schema import refuse
from app.speeches.models import Speech
from app.speeches.recording import record, rewrite
from app.work import Work

L = TypeVar("L", bound=Listed)
Values = dict[str, Any]
PEOPLE = {"speaker_id", "issued_by_id"}
TITLE = {"title_snapshot"}  # that of the day where nothing is said, and then it stays


def put_participations(doc: Document) -> None:
    """Who goes makes room for who comes: a meeting has one chair."""
    said, where = doc.said.participations, "participations"
    present = doc.present(Participation, Participation.meeting_id == doc.meeting.id)
    take_back(doc, where, gone(present, said))
    _make_way(doc, present)
    numbered = sorted(enumerate(said), key=lambda each: _turn(present.get(each[1].external_id), each[1]))
    for n, one in doc.each(where, numbered):
        with doc.problems.at(f"{where}/{n}"):
            values = one.model_dump(exclude={"external_id"})
            row = present.get(one.external_id)
            if row is None:
                doc.record_changes()
                refs = doc.named(one.external_id)
                body = ParticipationIn.model_construct(**values, external_refs=refs)
                (row,) = contents.add_participations(doc.work, doc.meeting, [body])
            elif changed := _changes(row, without_null(values, TITLE)):
                doc.record_changes()
                contents.rewrite_participation(doc.work, doc.meeting, row, changed)
                doc.work.change(row, "updated", **changed)
            doc.placed(where, one.external_id, row)


def _make_way(doc: Document, present: Mapping[str, Participation]) -> None:
    """Nobody takes part twice in one role: where two parts exchange who they are, both are nobody between."""
    wanted = {(one.speaker_id, one.role): one.external_id for one in doc.said.participations}
    for one in doc.said.participations:
        row = present.get(one.external_id)
        if row is None or row.speaker_id is None:
            continue
        if wanted.get((row.speaker_id, row.role), one.external_id) != one.external_id:
            doc.record_changes()
            doc.work.change(row, "updated", speaker_id=None)


def _changes(row: Resource, told: Values) -> Values:
    """What is another; with another person the title that is stated, even if it is the same."""
    changed = changes(row, told)
    if changed.keys() & PEOPLE and "title_snapshot" in told:
        changed["title_snapshot"] = told["title_snapshot"]
    return changed


def _turn(row: Participation | None, said: BriefingParticipationIn) -> int:
    """Who chairs no longer comes first, and who is new last."""
    if row is None:
        return 2
    return 0 if row.role == ParticipationRole.CHAIR != said.role else 1


def put_agenda(doc: Document) -> None:
    """Each item on its place in the tree, parents first."""
    present = doc.present(AgendaItem, AgendaItem.meeting_id == doc.meeting.id)
    for n, one in doc.each("agenda_items", enumerate(doc.said.agenda_items)):
        with doc.problems.at(f"agenda_items/{n}"):
            row = _put_item(doc, present.get(one.external_id), one)
            doc.placed("agenda_items", one.external_id, row)
            doc.problems.places[f"/v1/agenda-items/{row.id}"] = f"#/agenda_items/{n}/status"


def _put_item(doc: Document, row: AgendaItem | None, one: BriefingAgendaItemIn) -> AgendaItem:
    values = one.model_dump(exclude={"external_id", "parent", "carried_from"})
    values["parent_id"] = doc.link("agenda_items", one.parent, "parent", row.parent_id if row else None)
    before = row.carried_from_id if row else None
    values["carried_from_id"] = doc.link("agenda_items", one.carried_from, "carried_from", before)
    if row is None:
        doc.record_changes()
        body = AgendaItemIn.model_construct(**values, external_refs=doc.named(one.external_id))
        (row,) = contents.add_agenda_items(doc.work, doc.meeting, [body])
        return row
    if changed := changes(row, values):
        doc.record_changes()
        contents.check_agenda_items(doc.work, doc.meeting, {"": changed}, row.id)
        if "parent_id" in changed:
            _refuse_below_itself(doc, row, changed["parent_id"])
            below = contents.siblings(doc.work, doc.meeting)
            changed["position"] = below.get(changed["parent_id"], 0)
        doc.work.change(row, "updated", **changed)
    return row


def _refuse_below_itself(doc: Document, row: AgendaItem, parent_id: UUID | None) -> None:
    """By the document it stands below none of its own; by an item that others put between, it might."""
    while parent_id is not None:
        if parent_id == row.id:
            refuse(
                "parent", "itself", "Không thể nằm dưới chính nó", "It stands below itself, by another item"
            )
        parent_id = doc.work.db.get_one(AgendaItem, parent_id).parent_id


def tidy_agenda(doc: Document) -> None:
    """Take back what is left out, from the leaves on, and put the rest in order."""
    item, said = AgendaItem, doc.said.agenda_items
    present = doc.present(item, item.meeting_id == doc.meeting.id)
    left = gone(present, said)
    while left:
        above = {row.parent_id for row in left}
        leaves = [row for row in left if row.id not in above]
        take_back(doc, "agenda_items", leaves)
        left = [row for row in left if row.id in above]
    rows = doc.work.db.scalars(select(item).where(item.meeting_id == doc.meeting.id).order_by(item.position))
    below: dict[UUID | None, list[AgendaItem]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    ours = [row for row in doc.in_order("agenda_items", said) if isinstance(row, item)]
    for parent_id, there in below.items():
        below[parent_id] = in_place(there, [row for row in ours if row.parent_id == parent_id])
    if all(row.position == n for level in below.values() for n, row in enumerate(level)):
        return
    places = [AgendaPlace(id=row.id, parent_id=row.parent_id) for row in _read_aloud(below, None)]
    with doc.problems.at(lambda _: "agenda_items"):
        doc.record_changes()
        reordering.arrange(doc.work, doc.meeting, AgendaOrder(items=places))


def _read_aloud(below: dict[UUID | None, list[AgendaItem]], parent: UUID | None) -> Iterable[AgendaItem]:
    for row in below.get(parent, ()):
        yield row
        yield from _read_aloud(below, row.id)


def put_speeches(doc: Document) -> None:
    """Who spoke."""

    def values(n: int, row: Speech | None) -> Values:
        one = doc.said.speeches[n]
        item = doc.link("agenda_items", one.agenda_item, "agenda_item", row.agenda_item_id if row else None)
        told = {**one.model_dump(exclude={"external_id", "agenda_item"}), "agenda_item_id": item}
        return without_null(told, TITLE) if row else told

    _put_listed(doc, "speeches", Speech, values, record, rewrite)


def put_findings(doc: Document) -> None:
    """What was found. A cause may come before what it explains, and is then linked at the end."""
    said, later = doc.said.findings, list[int]()

    def values(n: int, row: Finding | None) -> Values:
        try:
            return _of_a_finding(doc, said[n], row, said[n].cause_of)
        except Unplaced:
            later.append(n)
            told = _of_a_finding(doc, said[n], row, None)
            return told if row is None else {**told, "cause_of_id": row.cause_of_id}

    _put_listed(doc, "findings", Finding, values, record_finding, rewrite_finding)
    for n in later:
        row = doc.rows.get("findings", {}).get(said[n].external_id)  # none, where something is wrong with it
        if isinstance(row, Finding):
            with doc.problems.at(f"findings/{n}"):
                explained: Values = {"cause_of_id": doc.link("findings", said[n].cause_of, "cause_of")}
                rewrite_finding(doc.work, doc.meeting, row, explained)
                doc.work.change(row, "updated", **explained)


def _of_a_finding(doc: Document, one: BriefingFindingIn, row: Finding | None, cause_of: str | None) -> Values:
    item, speech, cause = (row.agenda_item_id, row.speech_id, row.cause_of_id) if row else (None, None, None)
    told = {
        **one.model_dump(exclude={"external_id", "agenda_item", "speech", "cause_of"}),
        "cause_of_id": doc.link("findings", cause_of, "cause_of", cause),
        "agenda_item_id": doc.link("agenda_items", one.agenda_item, "agenda_item", item),
        "speech_id": doc.link("speeches", one.speech, "speech", speech),
    }
    if row is None:
        return told
    filled = {"period"}
    if one.kind == FindingKind.RECOMMENDATION:
        filled |= {"response_status"}
        if one.response_text != row.response_text:
            told["response_status"] = one.response_status or status_after(one.response_text)
    return without_null(told, filled)


def put_directives(doc: Document) -> None:
    """What was directed."""

    def values(n: int, row: Directive | None) -> Values:
        return _of_a_directive(doc, doc.said.directives[n], row)

    _put_listed(doc, "directives", Directive, values, record_directive, rewrite_directive)


def _of_a_directive(doc: Document, one: BriefingDirectiveIn, row: Directive | None) -> Values:
    item, speech = (row.agenda_item_id, row.speech_id) if row else (None, None)
    told = {
        **one.model_dump(exclude={"external_id", "agenda_item", "speech"}),
        "agenda_item_id": doc.link("agenda_items", one.agenda_item, "agenda_item", item),
        "speech_id": doc.link("speeches", one.speech, "speech", speech),
    }
    if row is None:
        return told
    if told["speech_id"] is None:
        return without_null(told, TITLE)
    if told["speech_id"] != row.speech_id:
        complete_from(doc.work.db.get_one(Speech, told["speech_id"]), told)
    return without_null(told, {*TITLE, "agenda_item_id", "issued_by_id"})


def _put_listed(  # noqa: PLR0913, PLR0917  what differs between the three kinds
    doc: Document,
    where: str,
    kind: type[L],
    values: Callable[[int, L | None], Values],
    make: Callable[[Work, Meeting, Values], L],
    rewrite: Callable[[Work, Meeting, L, Values], None],
) -> None:
    """Parts of one list, in its order; new ones come last until all are put in order."""
    said: Sequence[Part] = getattr(doc.said, where)
    present = doc.present(kind, kind.meeting_id == doc.meeting.id)
    doc.found(where, present)
    for n, one in doc.each(where, enumerate(said)):
        with doc.problems.at(f"{where}/{n}"):
            row = present.get(one.external_id)
            told = values(n, row)
            if row is None:
                doc.record_changes()
                refs = doc.reference(one.external_id)
                row = make(doc.work, doc.meeting, {**told, "position": None, "external_refs": refs})
                doc.work.add(row)
            elif changed := _changes(row, told):
                doc.record_changes()
                rewrite(doc.work, doc.meeting, row, changed)
                doc.work.change(row, "updated", **changed)
            doc.placed(where, one.external_id, row)


def tidy_listed(doc: Document, where: str, kind: type[L], first: Callable[[L], bool] | None = None) -> None:
    """Take back what is left out, and put the rest in order."""
    said: Sequence[Part] = getattr(doc.said, where)
    there = kind.meeting_id == doc.meeting.id
    left = sorted(gone(doc.present(kind, there), said), key=lambda row: not (first and first(row)))
    take_back(doc, where, left)
    rows = doc.work.db.scalars(select(kind).where(there).order_by(kind.position)).all()
    ordered = in_place(rows, doc.in_order(where, said))
    if any(row.position != n for n, row in enumerate(ordered)):
        with doc.problems.at(lambda _: where):
            doc.record_changes()
            arrange(doc.work, ordered)


def take_back(doc: Document, where: str, rows: Iterable[Resource]) -> None:
    """Delete each, unless something stands on it."""
    for row in rows:
        with doc.problems.at(where):
            doc.record_changes()
            doc.work.remove(row)
