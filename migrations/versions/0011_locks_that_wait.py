"""locks that wait: on PostgreSQL, who writes into a meeting while it is signed waits for how that ends

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Iterator, Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MINUTES = "locked_by_minutes_id IS NOT NULL"
EITHER = "(locked_by_minutes_id IS NOT NULL OR locked_by_notice_id IS NOT NULL)"
LOCKED = {
    "agenda_items": MINUTES,
    "participations": MINUTES,
    "speeches": MINUTES,
    "findings": MINUTES,
    "task_reviews": MINUTES,
    "directives": EITHER,
}
MEETINGS_OF = {
    "INSERT": "NEW.meeting_id",
    "UPDATE": "OLD.meeting_id, NEW.meeting_id",
    "DELETE": "OLD.meeting_id",
}
SAYING = "minutes-locked: what is signed does not change"
# So it waits for a signature that is being given, and a signature waits for it. The foreign key's own lock
# comes after the look, too late. Each statement of a function sees what was committed by then.
WAIT = "PERFORM 1 FROM meetings WHERE id IN ({of}) ORDER BY id FOR SHARE; "


def upgrade() -> None:
    for statement in _guards(WAIT):
        op.execute(statement)


def downgrade() -> None:
    for statement in _guards(""):
        op.execute(statement)


def _guards(first: str) -> Iterator[str]:
    if op.get_bind().dialect.name == "sqlite":  # it has one writer
        return
    for table, locked in LOCKED.items():
        for what, of in MEETINGS_OF.items():
            found = f"SELECT 1 FROM meetings WHERE id IN ({of}) AND {locked}"  # noqa: S608  its own words
            yield (
                f"CREATE OR REPLACE FUNCTION keep_{table}_{what.lower()}() RETURNS trigger LANGUAGE plpgsql"
                f" AS $$ BEGIN {first.format(of=of)}IF EXISTS ({found}) THEN"
                f" RAISE EXCEPTION '{SAYING}' USING ERRCODE = 'restrict_violation'; END IF;"
                f" RETURN {'OLD' if what == 'DELETE' else 'NEW'}; END $$"
            )
