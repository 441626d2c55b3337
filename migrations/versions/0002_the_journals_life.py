"""the journal's life

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Sequence
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """A database begins a life when it is made, and another each time it is restored."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    journal = op.create_table(
        "journal", sa.Column("life", text, nullable=False), sa.PrimaryKeyConstraint("life", name="pk_journal")
    )
    op.bulk_insert(journal, [{"life": token_hex(4)}])


def downgrade() -> None:
    op.drop_table("journal")
