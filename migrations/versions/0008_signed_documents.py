"""signed documents: notices, versions, numbers, and the locks that keep what was signed

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment
from app.upgrading import revalue

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATES = ("draft", "in_review", "changes_requested", "signed")
MORE_STATES = ("issued", "amendment_open")
MOVES = ("submit", "request_changes", "withdraw", "sign")
MORE_MOVES = ("issue", "open_amendment", "sign_amendment")
VOCABULARIES = (
    ("minutes", "ck_minutes_minutesstatus", "status", STATES, MORE_STATES),
    ("minutes_transitions", "ck_minutes_transitions_from_status", "from_status", STATES, MORE_STATES),
    ("minutes_transitions", "ck_minutes_transitions_to_status", "to_status", STATES, MORE_STATES),
    ("minutes_transitions", "ck_minutes_transitions_minutestransition", "transition", MOVES, MORE_MOVES),
)
# What minutes record of a meeting itself, column by column; its status and its bookkeeping may go on.
RECORDED = (
    *("id", "host_organization_id", "tenant_id", "code", "title", "kind", "audience", "review_period"),
    *("plan_period", "data_cutoff_on", "previous_meeting_id", "held_on", "starts_at", "ends_at", "format"),
    *("location", "online_url", "record", "source_text", "summary"),
)
PRINTED = (
    *("id", "meeting_id", "host_id", "document_number", "number_series", "symbol", "issuer_symbol"),
    *(
        "document_date",
        "place",
        "sign_as",
        "signers",
        "recipients",
        "change_note",
        "current_version",
        "sha256",
    ),
)
AS_TEXT = {"signers", "recipients"}  # PostgreSQL compares no JSON
MINUTES = "locked_by_minutes_id IS NOT NULL"
EITHER = "(locked_by_minutes_id IS NOT NULL OR locked_by_notice_id IS NOT NULL)"
LOCKED = {  # what each table's rows are locked by
    "agenda_items": MINUTES,
    "participations": MINUTES,
    "speeches": MINUTES,
    "findings": MINUTES,
    "task_reviews": MINUTES,
    "directives": EITHER,
}
DOCUMENTS = {"minutes": "locked_by_minutes_id", "conclusion_notices": "locked_by_notice_id"}
SAYING = "minutes-locked: what is signed does not change"
IN_FORCE = "('signed', 'issued')"


def upgrade() -> None:
    _extend_minutes()
    op.create_table("conclusion_notices", *_document("conclusion_notices"))
    for name in ("document_version", "document_number"):
        op.add_column("minutes_transitions", sa.Column(name, sa.Integer(), nullable=True))
    for name in ("symbol", "sha256"):
        op.add_column("minutes_transitions", sa.Column(name, TEXT, nullable=True))
    op.create_table("conclusion_notice_transitions", *_moves())
    op.create_index(
        op.f("ix_conclusion_notice_transitions_conclusion_notice_id_id"),
        "conclusion_notice_transitions",
        ["conclusion_notice_id", "id"],
    )
    op.create_table(
        "minutes_comments",
        sa.Column("text", TEXT, nullable=False),
        sa.Column("pointer", TEXT, nullable=True),
        *_of_one_document("minutes_comments"),
    )
    op.create_table(
        "minutes_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("previous_sha256", TEXT, nullable=True),
        sa.Column("change_note", TEXT, nullable=True),
        *_of_one_document("minutes_versions"),
    )
    for table in ("minutes_comments", "minutes_versions"):
        for columns in (["minutes_id", "id"], ["conclusion_notice_id", "id"], ["meeting_id"]):
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for name in ("minutes", "conclusion_notice"):
        columns = [f"{name}_id", "number"]
        op.create_index(f"uq_minutes_versions_{name}", "minutes_versions", columns, unique=True)
    op.create_table(
        "number_series",
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("series", TEXT, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_number_series_host_id_organizations")
        ),
        sa.PrimaryKeyConstraint("host_id", "series", name=op.f("pk_number_series")),
    )
    for column in DOCUMENTS.values():
        op.add_column("meetings", sa.Column(column, Id(), nullable=True))
    for table, constraint, column, known, new in VOCABULARIES:
        revalue(op.get_bind(), table, constraint, column, (*known, *new))
    op.execute(
        "UPDATE meetings SET locked_by_minutes_id = (SELECT id FROM minutes WHERE meeting_id = meetings.id)"
        " WHERE id IN (SELECT meeting_id FROM minutes WHERE status = 'signed')"
    )
    for statement in _on_sqlite() if _is_lite() else _on_postgresql():
        op.execute(statement)


def downgrade() -> None:
    for table, what in _guarded():
        where = "" if _is_lite() else f" ON {table}"
        op.execute(f"DROP TRIGGER keep_{table}_{what.lower()}{where}")
    if not _is_lite():
        for table, what in _guarded():
            op.execute(f"DROP FUNCTION keep_{table}_{what.lower()}()")
    op.execute("UPDATE minutes SET status = 'signed' WHERE status IN ('issued', 'amendment_open')")
    op.execute(
        "DELETE FROM minutes_transitions WHERE transition IN ('issue', 'open_amendment', 'sign_amendment')"
    )
    for table, constraint, column, known, _ in VOCABULARIES:
        revalue(op.get_bind(), table, constraint, column, known)
    for column in DOCUMENTS.values():
        op.drop_column("meetings", column)
    for table in (
        *("number_series", "minutes_versions", "minutes_comments"),
        *("conclusion_notice_transitions", "conclusion_notices"),
    ):
        op.drop_table(table)
    for name in ("sha256", "symbol", "document_number", "document_version"):
        op.drop_column("minutes_transitions", name)
    for column in reversed(_members()):
        op.drop_column("minutes", column.name)


def _is_lite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _word(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _members() -> list[sa.Column[Any]]:
    """What a document has besides what minutes had."""
    return [
        sa.Column("amendment_opened_by", TEXT, nullable=True),
        sa.Column("opener_id", Id(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=True),
        sa.Column("number_series", TEXT, nullable=True),
        sa.Column("symbol", TEXT, nullable=True),
        sa.Column("issuer_symbol", TEXT, nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("place", TEXT, nullable=True),
        sa.Column("sign_as", TEXT, nullable=True),
        sa.Column("signers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("recipients", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("change_note", TEXT, nullable=True),
        sa.Column("current_version", sa.Integer(), nullable=True),
        sa.Column("sha256", TEXT, nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
    ]


def _extend_minutes() -> None:
    """A column that must have a value gets one in the rows that are there, and keeps no default."""
    filled = {"signers": "[]", "recipients": "[]", "comment_count": "0"}
    if not _is_lite():
        for column in _members():
            if column.name in filled:
                column.server_default = sa.DefaultClause(filled[column.name])
            op.add_column("minutes", column)
        for name in filled:
            op.alter_column("minutes", name, server_default=None)
        return
    # SQLite's own way: a table made anew takes the name of the old one, while foreign keys are off.
    op.create_table("minutes_anew", *_document("minutes"))
    known = (
        "meeting_id, status, submitted_by, submitter_id, host_id, id, version, created_at, updated_at,"
        " external_refs, tenant_id"
    )
    more = ", ".join(filled)
    op.execute(f"INSERT INTO minutes_anew ({known}, {more}) SELECT {known}, '[]', '[]', 0 FROM minutes")  # noqa: S608  its own words
    op.drop_table("minutes")
    op.rename_table("minutes_anew", "minutes")


def _document(name: str) -> list[sa.schema.SchemaItem]:
    states = (*STATES, *(MORE_STATES if name != "minutes" else ()))
    return [
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("status", _word(op.f(f"ck_{name}_minutesstatus"), states), nullable=False),
        sa.Column("submitted_by", TEXT, nullable=True),
        sa.Column("submitter_id", Id(), nullable=True),
        *_members(),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f(f"fk_{name}_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f(f"fk_{name}_meeting_id_meetings")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f(f"fk_{name}_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("meeting_id", name=op.f(f"uq_{name}_meeting_id")),
    ]


def _moves() -> list[sa.schema.SchemaItem]:
    states = (*STATES, *MORE_STATES)
    return [
        sa.Column("conclusion_notice_id", Id(), nullable=False),
        sa.Column("transition", _word("minutestransition", (*MOVES, *MORE_MOVES)), nullable=False),
        sa.Column("from_status", _word("from_status", states), nullable=False),
        sa.Column("to_status", _word("to_status", states), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("document_version", sa.Integer(), nullable=True),
        sa.Column("document_number", sa.Integer(), nullable=True),
        sa.Column("symbol", TEXT, nullable=True),
        sa.Column("sha256", TEXT, nullable=True),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conclusion_notice_id"],
            ["conclusion_notices.id"],
            name=op.f("fk_conclusion_notice_transitions_conclusion_notice_id_conclusion_notices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conclusion_notice_transitions")),
    ]


def _of_one_document(table: str) -> list[sa.schema.SchemaItem]:
    """A fact about minutes or about a conclusion notice."""
    to = {
        "minutes_id": "minutes",
        "conclusion_notice_id": "conclusion_notices",
        "meeting_id": "meetings",
        "host_id": "organizations",
    }
    return [
        *(sa.Column(name, Id(), nullable=name in {"minutes_id", "conclusion_notice_id"}) for name in to),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
            for name, other in to.items()
        ),
        sa.CheckConstraint(
            "(minutes_id IS NULL) <> (conclusion_notice_id IS NULL)",
            name=op.f(f"ck_{table}_of_one_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


# -- the guards: what is signed does not change, by SQL neither


def _guarded() -> Iterator[tuple[str, str]]:
    """Each table with what is refused there."""
    for table in LOCKED:
        yield from ((table, what) for what in ("INSERT", "UPDATE", "DELETE"))
    for table in ("meetings", *DOCUMENTS, "minutes_versions"):
        yield from ((table, what) for what in ("UPDATE", "DELETE"))
    if not _is_lite():
        yield "minutes_versions", "TRUNCATE"


def _condition(table: str, what: str, differs: str) -> str:
    """When it is refused, for a row OLD that becomes NEW."""
    if table in LOCKED:
        named = {"INSERT": "NEW.meeting_id", "DELETE": "OLD.meeting_id"}.get(
            what, "OLD.meeting_id, NEW.meeting_id"
        )
        return f"EXISTS (SELECT 1 FROM meetings WHERE id IN ({named}) AND {LOCKED[table]})"  # noqa: S608  its own words
    if table == "meetings":
        locked = "(OLD.locked_by_minutes_id IS NOT NULL OR OLD.locked_by_notice_id IS NOT NULL)"
        if what == "DELETE":
            return locked
        changed = _any_differs(RECORDED, differs)
        return f"({locked} AND ({changed})) OR {' OR '.join(_unlocked(differs))}"
    if what == "DELETE":
        return f"OLD.status IN {IN_FORCE} OR OLD.current_version IS NOT NULL"
    changed = _any_differs(PRINTED, differs)
    back = "NEW.status NOT IN ('signed', 'issued', 'amendment_open')"
    return f"OLD.status IN {IN_FORCE} AND ({back} OR (NEW.status <> 'amendment_open' AND ({changed})))"


def _any_differs(columns: Sequence[str], differs: str) -> str:
    as_text = "" if differs == "IS NOT" else "::text"
    casts = {name: as_text if name in AS_TEXT else "" for name in columns}
    return " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name, cast in casts.items())


def _unlocked(differs: str) -> Iterator[str]:
    """A lock goes only with the document's own state."""
    for document, column in DOCUMENTS.items():
        signed = f"EXISTS (SELECT 1 FROM {document} WHERE id = OLD.{column} AND status IN {IN_FORCE})"  # noqa: S608  its own words
        yield f"(OLD.{column} IS NOT NULL AND OLD.{column} {differs} NEW.{column} AND {signed})"


def _on_sqlite() -> Iterator[str]:
    for table, what in _guarded():
        when = "" if table == "minutes_versions" else f" WHEN {_condition(table, what, 'IS NOT')}"
        yield (
            f"CREATE TRIGGER keep_{table}_{what.lower()} BEFORE {what} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{SAYING}'); END"
        )


def _on_postgresql() -> Iterator[str]:
    """A function for each: conditions on other tables may not stand in the trigger itself."""
    for table, what in _guarded():
        name = f"keep_{table}_{what.lower()}"
        when = "true" if table == "minutes_versions" else _condition(table, what, "IS DISTINCT FROM")
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN"
            f" RAISE EXCEPTION '{SAYING}' USING ERRCODE = 'restrict_violation'; END IF;"
            f" RETURN {'OLD' if what == 'DELETE' else 'NEW'}; END $$"
        )
        each = "STATEMENT" if what == "TRUNCATE" else "ROW"
        yield f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
