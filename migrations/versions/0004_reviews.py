"""reviews

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.quarter import Period
from app.types import Id, Moment
from app.upgrading import revalue

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATES = ("draft", "scheduled", "postponed", "in_progress", "held", "cancelled")
MOVES = ("schedule", "postpone", "reschedule", "start", "hold", "cancel")
ENTRIES = (
    *("progress", "due_date_changed", "reassigned", "reclassified", "issue", "decline", "start", "suspend"),
    *("resume", "report_completion", "confirm", "send_back", "cancel", "reopen"),
)
# table, constraint, column, values before, values that come
VOCABULARIES = (
    ("meetings", "ck_meetings_meetingstatus", "status", STATES, ("closed",)),
    ("meeting_transitions", "ck_meeting_transitions_from_status", "from_status", STATES, ("closed",)),
    ("meeting_transitions", "ck_meeting_transitions_to_status", "to_status", STATES, ("closed",)),
    (
        "meeting_transitions",
        "ck_meeting_transitions_meetingtransition",
        "transition",
        MOVES,
        ("close", "reopen"),
    ),
    (
        "quarterly_task_entries",
        "ck_quarterly_task_entries_entrykind",
        "kind",
        ENTRIES,
        ("carry_over", "recall"),
    ),
)


def upgrade() -> None:
    op.create_table(
        "task_reviews",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "completed",
                "partially_completed",
                "not_completed",
                "not_started",
                "no_longer_relevant",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assessed_progress", sa.Integer(), nullable=True),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column(
            "disposition",
            sa.Enum(
                "continue",
                "close",
                "carry_over",
                "extend",
                "reassign",
                "cancel",
                name="disposition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("lead_organization_id", Id(), nullable=True),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_task_reviews_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["lead_organization_id"],
            ["organizations.id"],
            name=op.f("fk_task_reviews_lead_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_task_reviews_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["quarterly_tasks.id"], name=op.f("fk_task_reviews_task_id_quarterly_tasks")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_task_reviews_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reviews")),
        sa.UniqueConstraint("meeting_id", "task_id", name=op.f("uq_task_reviews_meeting_id_task_id")),
    )
    op.create_index(
        op.f("ix_task_reviews_lead_organization_id"), "task_reviews", ["lead_organization_id"], unique=False
    )
    op.create_index(op.f("ix_task_reviews_task_id_id"), "task_reviews", ["task_id", "id"], unique=False)
    op.add_column("meetings", sa.Column("first_reviewed", TEXT, nullable=True))
    op.add_column("meetings", sa.Column("last_reviewed", TEXT, nullable=True))
    for table, constraint, column, known, new in VOCABULARIES:
        revalue(op.get_bind(), table, constraint, column, (*known, *new))
    periods = "SELECT DISTINCT review_period FROM meetings WHERE review_period IS NOT NULL"
    set_quarters = (
        "UPDATE meetings SET first_reviewed = :first, last_reviewed = :last WHERE review_period = :period"
    )
    for period in op.get_bind().execute(sa.text(periods)).scalars().all():
        quarters = Period.parse(period).quarters
        given = {"period": period, "first": str(quarters[0]), "last": str(quarters[-1])}
        op.get_bind().execute(sa.text(set_quarters), given)


def downgrade() -> None:
    for table, constraint, column, known, _ in VOCABULARIES:
        revalue(op.get_bind(), table, constraint, column, known)
    op.drop_column("meetings", "last_reviewed")
    op.drop_column("meetings", "first_reviewed")
    op.drop_table("task_reviews")
