"""what reports count

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from app.quarter import Quarter
from app.types import Id, Moment

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
KINDS: dict[Any, tuple[str, ...]] = {
    Id(): (
        "id",
        "task_id",
        "parent_id",
        "issuing_organization_id",
        "lead_organization_id",
        "organization_id",
    ),
    sa.Date(): (
        *("effective_on", "ended_on", "late_after", "root_late_after"),
        *("due_date", "root_due_date", "completed_on"),
    ),
    Moment(): ("recorded_at", "superseded_at", "created_at"),
    sa.JSON(): ("old_values",),
    sa.Integer(): ("number",),
    sa.Boolean(): ("is_given",),
}
TYPES = {name: kind for kind, names in KINDS.items() for name in names}


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(one, TYPES.get(one, sa.Text())) for one in columns))


STATES = _table(
    "quarterly_task_states",
    *("task_id", "number", "effective_on", "recorded_at", "ended_on", "superseded_at"),
    *("issuing_organization_id", "lead_organization_id", "quarter", "field", "kind", "state"),
    *("late_after", "root_late_after"),
)
TALLIES = _table(
    "quarterly_task_tallies",
    *("quarter", "side", "facet", "organization_id", "member", "state"),
    *("late_after", "root_late_after", "number"),
)
TASKS = _table(
    "quarterly_tasks",
    *("id", "parent_id", "created_at", "issuing_organization_id", "lead_organization_id"),
    *("quarter", "field", "kind", "status", "due_date", "root_due_date", "completed_on", "is_given"),
)
ENTRIES = _table(
    "quarterly_task_entries", "id", "task_id", "kind", "effective_on", "recorded_at", "old_values"
)
TOLD_APART = ("draft", "cancelled", "carried_over", "submitted", "completed")


def upgrade() -> None:
    op.create_table(
        "quarterly_task_states",
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("superseded_at", Moment(), nullable=False),
        sa.Column("issuing_organization_id", Id(), nullable=False),
        sa.Column("lead_organization_id", Id(), nullable=True),
        sa.Column("quarter", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("late_after", sa.Date(), nullable=False),
        sa.Column("root_late_after", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "number", name=op.f("pk_quarterly_task_states")),
    )
    op.create_index(
        op.f("ix_quarterly_task_states_quarter_issuing_organization_id"),
        "quarterly_task_states",
        ["quarter", "issuing_organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarterly_task_states_quarter_lead_organization_id"),
        "quarterly_task_states",
        ["quarter", "lead_organization_id"],
        unique=False,
    )
    op.create_table(
        "quarterly_task_tallies",
        sa.Column("quarter", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("facet", TEXT, nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("member", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("late_after", sa.Date(), nullable=False),
        sa.Column("root_late_after", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "quarter",
            "side",
            "facet",
            "organization_id",
            "member",
            "state",
            "late_after",
            "root_late_after",
            name=op.f("pk_quarterly_task_tallies"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarter_closings",
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("quarter", TEXT, nullable=False),
        sa.Column("closed_by", TEXT, nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_quarter_closings_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_quarter_closings_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_closings")),
        sa.UniqueConstraint(
            "organization_id", "quarter", name=op.f("uq_quarter_closings_organization_id_quarter")
        ),
    )

    _count(op.get_bind())


def _count(connection: sa.Connection) -> None:
    """What was recorded so far, by going back along each task's history from how it is now."""
    parts = sa.select(TASKS.c.parent_id).where(TASKS.c.parent_id.is_not(None))
    told = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.task_id, ENTRIES.c.id)).mappings()
    entries = {task: list(rows) for task, rows in groupby(told, key=lambda row: row["task_id"])}
    for task in connection.execute(sa.select(TASKS).where(TASKS.c.id.not_in(parts))).mappings():
        connection.execute(sa.insert(STATES), list(_states(dict(task), entries.get(task["id"], []))))
    for side, body in (("issuer", STATES.c.issuing_organization_id), ("lead", STATES.c.lead_organization_id)):
        empty: Any = sa.literal_column("''")
        for facet, member in (("organization", empty), ("field", STATES.c.field), ("kind", STATES.c.kind)):
            alike = (STATES.c.quarter, body, STATES.c.state, STATES.c.late_after, STATES.c.root_late_after)
            columns: tuple[Any, ...] = (
                STATES.c.quarter,
                *(sa.literal_column(f"'{side}'"), sa.literal_column(f"'{facet}'"), body, member),
                *(*alike[2:], sa.func.count()),
            )
            present = sa.select(*columns).where(STATES.c.superseded_at == NEVER, body.is_not(None))
            grouped = present.group_by(*alike, *(() if member is empty else (member,)))
            connection.execute(sa.insert(TALLIES).from_select(TALLIES.c.keys(), grouped))


def _states(task: dict[str, Any], entries: list[Any]) -> Iterator[dict[str, Any]]:
    """Every state that counted differently from the one before it, from the first on."""
    known, found = task, list[tuple[date, datetime, tuple[Any, ...]]]()
    for entry in reversed(entries):
        found.append((entry["effective_on"], entry["recorded_at"], _state(known)))
        known = {**known, **entry["old_values"]}
        if entry["kind"] in {"issue", "decline"}:
            known["is_given"] = entry["kind"] == "decline"
    found.append((date.min, task["created_at"], _state(known)))
    found.reverse()
    kept = [one for n, one in enumerate(found) if n == 0 or one[2] != found[n - 1][2]]
    for number, (day, moment, state) in enumerate(kept, start=1):
        end = kept[number][:2] if number < len(kept) else (date.max, NEVER)
        yield dict(zip(STATES.c.keys(), (task["id"], number, day, moment, *end, *state), strict=True))


def _state(task: dict[str, Any]) -> tuple[Any, ...]:
    due = _day(task["due_date"]) or Quarter.parse(task["quarter"]).last_day
    state = task["status"] if task["status"] in TOLD_APART else "open"
    done = _day(task["completed_on"]) if state in {"submitted", "completed"} else None
    last = [due, _day(task["root_due_date"]) or due]
    if done is not None:
        last = [date.min if done > one else date.max for one in last]
    lead = task["lead_organization_id"] if task["is_given"] else None
    lead = UUID(lead) if isinstance(lead, str) else lead
    return (
        *(task["issuing_organization_id"], lead, task["quarter"], task["field"] or "", task["kind"], state),
        *last,
    )


def _day(value: date | str | None) -> date | None:
    """As a column has it, or as an entry does."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def downgrade() -> None:
    op.drop_table("quarter_closings")
    op.drop_table("quarterly_task_tallies")
    op.drop_index(
        op.f("ix_quarterly_task_states_quarter_lead_organization_id"), table_name="quarterly_task_states"
    )
    op.drop_index(
        op.f("ix_quarterly_task_states_quarter_issuing_organization_id"), table_name="quarterly_task_states"
    )
    op.drop_table("quarterly_task_states")
