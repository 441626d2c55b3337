"""attachments

Revision ID: 0010
Revises: 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
OWNERS = ("meeting", "agenda_item", "task_entry", "minutes", "conclusion_notice")


def _names(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_attachments_{column}_{table}"))


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column(
            "owner_kind",
            sa.Enum(*OWNERS, name="ownerkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("owner_id", Id(), nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("added_by", TEXT, nullable=False),
        sa.Column("added_by_id", Id(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("meeting_id", Id(), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.CheckConstraint(
            "(meeting_id IS NULL) <> (task_id IS NULL)", name=op.f("ck_attachments_stands_in_one")
        ),
        _names("host_id", "organizations"),
        _names("meeting_id", "meetings"),
        _names("task_id", "quarterly_tasks"),
        _names("tenant_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_owner_id_id"), "attachments", ["owner_id", "id"])
    op.create_index(op.f("ix_attachments_meeting_id"), "attachments", ["meeting_id"])
    op.create_index(op.f("ix_attachments_task_id"), "attachments", ["task_id"])


def downgrade() -> None:
    op.drop_table("attachments")
