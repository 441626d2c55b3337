"""the chain

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
REFUSED = "a link of the chain is never changed or deleted"


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("public_jwk", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "minutes_chains",
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_minutes_chains_host_id_organizations")
        ),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_minutes_chains")),
    )
    op.create_table(
        "minutes_links",
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document_id", Id(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("minutes", "conclusion_notice"),
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("previous_sha256", TEXT, nullable=True),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_minutes_links_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["signing_keys.id"], name=op.f("fk_minutes_links_key_id_signing_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_links")),
        sa.UniqueConstraint("host_id", "position", name=op.f("uq_minutes_links_host_id_position")),
    )
    op.create_index(op.f("ix_minutes_links_document_id"), "minutes_links", ["document_id"])
    _refuse_every_change()


def _refuse_every_change() -> None:
    """By whatever way: OR REPLACE deletes too, where recursive triggers are on."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER minutes_links_no_{change.lower()} BEFORE {change} ON minutes_links "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION minutes_links_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER minutes_links_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON minutes_links "
        "FOR EACH STATEMENT EXECUTE FUNCTION minutes_links_stay()"
    )


def downgrade() -> None:
    op.drop_table("minutes_links")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION minutes_links_stay()")
    op.drop_table("minutes_chains")
    op.drop_table("signing_keys")
