"""What stands on a row, so that it cannot be deleted, and where that is listed."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, exists, literal, select, true, union_all
from sqlalchemy.orm import Session

from app.db import HOLDS, Base, Resource

# Where what stands on a row is listed; where no list says it, the row itself is named.
LISTED = {
    "agenda_items.meeting_id": "/v1/meetings/{id}/agenda-items",
    "agenda_items.carried_from_id": "/v1/agenda-items?carried_from_id={id}",
    "agenda_items.parent_id": "/v1/agenda-items?parent_id={id}",
    "agenda_items.presenting_organization_id": "/v1/agenda-items?presenting_organization_id={id}",
    "agenda_items.presenter_id": "/v1/agenda-items?presenter_id={id}",
    "conclusion_notice_transitions.conclusion_notice_id": "/v1/conclusion-notices/{id}/transitions",
    "conclusion_notices.meeting_id": "/v1/meetings/{id}/conclusion-notice",
    "attachments.meeting_id": "/v1/meetings/{id}/attachments",
    "attachments.owner_id": "/v1/{plural}/{id}/attachments",
    "directives.agenda_item_id": "/v1/directives?agenda_item_id={id}",
    "directives.issued_by_id": "/v1/directives?issued_by_id={id}",
    "directives.meeting_id": "/v1/meetings/{id}/directives",
    "directives.speech_id": "/v1/directives?speech_id={id}",
    "findings.agenda_item_id": "/v1/findings?agenda_item_id={id}",
    "findings.cause_of_id": "/v1/findings?cause_of_id={id}",
    "findings.meeting_id": "/v1/meetings/{id}/findings",
    "findings.organization_id": "/v1/findings?organization_id={id}",
    "findings.speech_id": "/v1/findings?speech_id={id}",
    "grants.principal_id": "/v1/principals/{id}/grants",
    "keys.principal_id": "/v1/principals/{id}/keys",
    "meeting_transitions.meeting_id": "/v1/meetings/{id}/transitions",
    "meetings.host_organization_id": "/v1/meetings?host_organization_id={id}",
    "meetings.previous_meeting_id": "/v1/meetings?previous_meeting_id={id}",
    "minutes.meeting_id": "/v1/meetings/{id}/minutes",
    "minutes_comments.conclusion_notice_id": "/v1/conclusion-notices/{id}/comments",
    "minutes_comments.minutes_id": "/v1/minutes/{id}/comments",
    "minutes_transitions.minutes_id": "/v1/minutes/{id}/transitions",
    "organizations.parent_id": "/v1/organizations?parent_id={id}",
    "participations.meeting_id": "/v1/meetings/{id}/participations",
    "participations.organization_id": "/v1/meetings?participating_organization_id={id}",
    "participations.speaker_id": "/v1/meetings?include=participations&participating_speaker_id={id}",
    "positions.speaker_id": "/v1/speakers/{id}/positions",
    "principals.organization_id": "/v1/principals?organization_id={id}",
    "quarterly_task_assignments.organization_id": "/v1/quarterly-tasks?assigned_organization_id={id}",
    "quarterly_task_entries.task_id": "/v1/quarterly-tasks/{id}/entries",
    "quarterly_tasks.agenda_item_id": "/v1/quarterly-tasks?agenda_item_id={id}",
    "quarterly_tasks.answers_finding_id": "/v1/quarterly-tasks?answers_finding_id={id}",
    "quarterly_tasks.directive_id": "/v1/quarterly-tasks?directive_id={id}",
    "quarterly_tasks.issued_by_id": "/v1/quarterly-tasks?issued_by_id={id}",
    "quarterly_tasks.issuing_organization_id": "/v1/quarterly-tasks?issuing_organization_id={id}",
    "quarterly_tasks.lead_organization_id": "/v1/quarterly-tasks?lead_organization_id={id}",
    "quarter_closings.organization_id": "/v1/organizations/{id}",
    "quarterly_tasks.parent_id": "/v1/quarterly-tasks?parent_id={id}",
    "quarterly_tasks.set_at_meeting_id": "/v1/quarterly-tasks?set_at_meeting_id={id}",
    "task_reviews.meeting_id": "/v1/meetings/{id}/task-reviews",
    "task_reviews.task_id": "/v1/quarterly-tasks/{id}/reviews",
    "speakers.organization_id": "/v1/speakers?organization_id={id}",
    "speeches.agenda_item_id": "/v1/speeches?agenda_item_id={id}",
    "speeches.meeting_id": "/v1/meetings/{id}/speeches",
    "speeches.organization_id": "/v1/speeches?organization_id={id}",
    "speeches.speaker_id": "/v1/speeches?speaker_id={id}",
}


def blockers(db: Session, row: Resource) -> list[Mapping[str, str]]:
    """What points at the row, by the foreign keys themselves: nothing to declare, nothing to forget.

    A column that names rows of several nouns says so itself.
    """
    pointing = [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is row.__table__
        and key.ondelete is None
        and key.parent.name != "tenant_id"  # what stands in a tenant stands under its bodies
    ]
    pointing += [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if row.noun in column.info.get(HOLDS, ())
    ]
    asked = [
        select(literal(f"{table.name}.{column.name}")).where(
            exists().where(column == row.id, _another(table, row))
        )
        for table, column in pointing
    ]
    if not asked:
        return []
    found = db.scalars(union_all(*asked)).all()
    return [_blocker(name, row) for name in sorted(set(found))]


def _another(table: Table, row: Resource) -> ColumnElement[bool]:
    """A row may point at itself, as the first of a lineage does."""
    return table.c.id != row.id if table is row.__table__ else true()


def _blocker(name: str, row: Resource) -> Mapping[str, str]:
    table, column = name.split(".")
    plural = row.noun.replace("_", "-").removesuffix("s") + "s"
    itself = "/v1/{plural}/{id}"
    return {
        "code": f"used-by-{table.replace('_', '-')}",
        "detail_vi": f"Đang được dùng ở {table}.{column}",
        "detail_en": f"It is named by {table}.{column}",
        "pointer": LISTED.get(name, itself).format(id=row.id, plural=plural),
    }
