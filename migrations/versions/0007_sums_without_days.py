"""sums of tasks that no day changes, beside those of each due date

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NEVER, FIRST_DAY = datetime(9999, 12, 31, tzinfo=UTC), date.min
SUMS = (
    *("drafts", "cancelled", "undone", "carried_over", "on_time"),
    *("late", "unconfirmed", "overdue", "late_by_root"),
)
KEY = ("quarter", "side", "facet", "organization_id", "member")
STATES = sa.table(
    "quarterly_task_states",
    *(sa.column(name, Id()) for name in ("issuing_organization_id", "lead_organization_id")),
    *(sa.column(name, sa.Text()) for name in ("quarter", "field", "kind", "state")),
    *(sa.column(name, sa.Date()) for name in ("late_after", "root_late_after")),
    sa.column("superseded_at", Moment()),
)


def _key() -> Iterator[sa.Column[Any]]:
    for name in KEY:
        yield sa.Column(name, Id() if name == "organization_id" else TEXT, nullable=False)


def upgrade() -> None:
    op.drop_table("quarterly_task_tallies")
    op.create_table(
        "quarterly_task_tallies",
        *_key(),
        sa.Column("late_after", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint(*KEY, "late_after", name=op.f("pk_quarterly_task_tallies")),
        sqlite_with_rowid=False,
    )
    names = (*KEY, "late_after")
    into = sa.table("quarterly_task_tallies", *(sa.column(name) for name in (*names, *SUMS)))
    for key in _keys():
        each = sa.union_all(*_parts(key)).subquery("each")
        summed = [sa.func.sum(each.c[name]) for name in SUMS]
        grouped = sa.select(*(each.c[name] for name in names), *summed)
        grouped = grouped.group_by(*(each.c[name] for name in names))
        op.get_bind().execute(sa.insert(into).from_select([*names, *SUMS], grouped))


def _keys() -> Iterator[tuple[Any, ...]]:
    for side, body in (("issuer", STATES.c.issuing_organization_id), ("lead", STATES.c.lead_organization_id)):
        empty: Any = sa.literal_column("''")
        for facet, member in (("organization", empty), ("field", STATES.c.field), ("kind", STATES.c.kind)):
            words: tuple[Any, ...] = (sa.literal_column(f"'{side}'"), sa.literal_column(f"'{facet}'"))
            named = zip(KEY, (STATES.c.quarter, *words, body, member), strict=True)
            yield tuple(value.label(name) for name, value in named)


def _parts(key: tuple[Any, ...]) -> Iterator[sa.Select[Any]]:
    """Each task as part of the sums of a body that no day changes, and of those of its due dates."""
    state = STATES.c.state
    done, undone = state.in_(("submitted", "completed")), state.in_(("open", "carried_over"))
    late = STATES.c.late_after == FIRST_DAY
    always = {
        "drafts": state == "draft",
        "cancelled": state == "cancelled",
        "undone": undone,
        "carried_over": state == "carried_over",
        "on_time": done & ~late,
        "late": done & late,
        "unconfirmed": state == "submitted",
        "late_by_root": done & (STATES.c.root_late_after == FIRST_DAY),
    }
    yield _part(key, sa.literal(FIRST_DAY, sa.Date()), always)
    yield _part(key, STATES.c.late_after, {"overdue": undone}).where(undone)
    yield _part(key, STATES.c.root_late_after, {"late_by_root": undone}).where(undone)


def _part(key: tuple[Any, ...], day: Any, sums: dict[str, Any]) -> sa.Select[Any]:
    ones = (
        (sa.case((sums[name], 1), else_=0) if name in sums else sa.literal_column("0")).label(name)
        for name in SUMS
    )
    body = key[3].element
    return sa.select(*key, day.label("late_after"), *ones).where(
        STATES.c.superseded_at == NEVER, body.is_not(None)
    )


def downgrade() -> None:
    op.drop_table("quarterly_task_tallies")
    alike = (
        sa.Column("state", TEXT, nullable=False),
        sa.Column("late_after", sa.Date(), nullable=False),
        sa.Column("root_late_after", sa.Date(), nullable=False),
    )
    names = [*KEY, *(column.name for column in alike)]
    op.create_table(
        "quarterly_task_tallies",
        *_key(),
        *alike,
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*names, name=op.f("pk_quarterly_task_tallies")),
        sqlite_with_rowid=False,
    )
    into = sa.table("quarterly_task_tallies", *(sa.column(name) for name in (*names, "number")))
    for key in _keys():
        told_apart = (*key, STATES.c.state, STATES.c.late_after, STATES.c.root_late_after)
        each = sa.select(*told_apart).where(STATES.c.superseded_at == NEVER, key[3].element.is_not(None))
        found = each.subquery("each")
        grouped = sa.select(*found.c, sa.func.count()).group_by(*found.c)
        op.get_bind().execute(sa.insert(into).from_select([*names, "number"], grouped))
