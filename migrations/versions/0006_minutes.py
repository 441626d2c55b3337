"""minutes

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATES = ("draft", "in_review", "changes_requested", "signed")
MOVES = ("submit", "request_changes", "withdraw", "sign")


def _word(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("status", _word("minutesstatus", STATES), nullable=False),
        sa.Column("submitted_by", TEXT, nullable=True),
        sa.Column("submitter_id", Id(), nullable=True),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_minutes_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_minutes_meeting_id_meetings")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_minutes_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
    )
    op.create_table(
        "minutes_transitions",
        sa.Column("minutes_id", Id(), nullable=False),
        sa.Column("transition", _word("minutestransition", MOVES), nullable=False),
        sa.Column("from_status", _word("from_status", STATES), nullable=False),
        sa.Column("to_status", _word("to_status", STATES), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_transitions_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_transitions")),
    )
    op.create_index(op.f("ix_minutes_transitions_minutes_id_id"), "minutes_transitions", ["minutes_id", "id"])


def downgrade() -> None:
    op.drop_table("minutes_transitions")
    op.drop_table("minutes")
