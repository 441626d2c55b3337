"""what was said found and directed

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LINKS = {"directive_id": "directives", "answers_finding_id": "findings"}


def upgrade() -> None:
    op.create_table(
        "speeches",
        sa.Column("agenda_item_id", Id(), nullable=True),
        sa.Column("speaker_id", Id(), nullable=True),
        sa.Column("attribution_text", TEXT, nullable=True),
        sa.Column("organization_id", Id(), nullable=True),
        sa.Column("title_snapshot", TEXT, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "opening_remarks",
                "report",
                "discussion",
                "question",
                "answer",
                "directive",
                "response",
                "conclusion",
                "closing_remarks",
                name="speechkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("summary", TEXT, nullable=True),
        sa.Column("full_text", TEXT, nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_items.id"], name=op.f("fk_speeches_agenda_item_id_agenda_items")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_speeches_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_speeches_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_speeches_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_speeches_speaker_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_speeches_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speeches")),
    )
    op.create_index(op.f("ix_speeches_agenda_item_id"), "speeches", ["agenda_item_id"], unique=False)
    op.create_index(
        op.f("ix_speeches_meeting_id_position_id"), "speeches", ["meeting_id", "position", "id"], unique=False
    )
    op.create_index(op.f("ix_speeches_organization_id"), "speeches", ["organization_id"], unique=False)
    op.create_index(op.f("ix_speeches_speaker_id"), "speeches", ["speaker_id"], unique=False)
    op.create_table(
        "directives",
        sa.Column("speech_id", Id(), nullable=True),
        sa.Column("agenda_item_id", Id(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "direction",
                "instruction",
                "conclusion",
                "decision",
                name="directivekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_by_id", Id(), nullable=True),
        sa.Column("title_snapshot", TEXT, nullable=True),
        sa.Column(
            "field",
            sa.Enum(
                "socio_economic",
                "defense_security",
                "party_building",
                "government_building",
                "front_mass",
                "inspection",
                "internal_affairs",
                "admin_reform",
                "digital_transformation",
                "culture_society",
                "agriculture_environment",
                "education",
                "health",
                "budget_finance",
                "other",
                name="workfield",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_items.id"], name=op.f("fk_directives_agenda_item_id_agenda_items")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_directives_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["speakers.id"], name=op.f("fk_directives_issued_by_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_directives_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["speech_id"], ["speeches.id"], name=op.f("fk_directives_speech_id_speeches")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_directives_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
    )
    op.create_index(op.f("ix_directives_agenda_item_id"), "directives", ["agenda_item_id"], unique=False)
    op.create_index(op.f("ix_directives_issued_by_id"), "directives", ["issued_by_id"], unique=False)
    op.create_index(
        op.f("ix_directives_meeting_id_position_id"),
        "directives",
        ["meeting_id", "position", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_directives_speech_id"), "directives", ["speech_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("period", TEXT, nullable=True),
        sa.Column("agenda_item_id", Id(), nullable=True),
        sa.Column("speech_id", Id(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "result",
                "limitation",
                "difficulty",
                "cause",
                "lesson",
                "recommendation",
                name="findingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "field",
            sa.Enum(
                "socio_economic",
                "defense_security",
                "party_building",
                "government_building",
                "front_mass",
                "inspection",
                "internal_affairs",
                "admin_reform",
                "digital_transformation",
                "culture_society",
                "agriculture_environment",
                "education",
                "health",
                "budget_finance",
                "other",
                name="workfield",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("organization_id", Id(), nullable=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("cause_of_id", Id(), nullable=True),
        sa.Column("response_text", TEXT, nullable=True),
        sa.Column(
            "response_status",
            sa.Enum(
                "open",
                "answered",
                "referred",
                name="responsestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_items.id"], name=op.f("fk_findings_agenda_item_id_agenda_items")
        ),
        sa.ForeignKeyConstraint(
            ["cause_of_id"], ["findings.id"], name=op.f("fk_findings_cause_of_id_findings")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_findings_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_findings_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_findings_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["speech_id"], ["speeches.id"], name=op.f("fk_findings_speech_id_speeches")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_findings_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_agenda_item_id"), "findings", ["agenda_item_id"], unique=False)
    op.create_index(op.f("ix_findings_cause_of_id"), "findings", ["cause_of_id"], unique=False)
    op.create_index(
        op.f("ix_findings_meeting_id_position_id"), "findings", ["meeting_id", "position", "id"], unique=False
    )
    op.create_index(op.f("ix_findings_organization_id"), "findings", ["organization_id"], unique=False)
    op.create_index(op.f("ix_findings_speech_id"), "findings", ["speech_id"], unique=False)
    lite = op.get_bind().dialect.name == "sqlite"
    for column, table in LINKS.items():
        if lite:  # it takes a reference with the column only, and then without making the table anew
            op.execute(f"ALTER TABLE quarterly_tasks ADD COLUMN {column} VARCHAR(36) REFERENCES {table} (id)")
        else:
            op.add_column("quarterly_tasks", sa.Column(column, Id(), nullable=True))
            name = op.f(f"fk_quarterly_tasks_{column}_{table}")
            op.create_foreign_key(name, "quarterly_tasks", table, [column], ["id"])
        op.create_index(op.f(f"ix_quarterly_tasks_{column}"), "quarterly_tasks", [column], unique=False)


def downgrade() -> None:
    for column in LINKS:
        op.drop_index(op.f(f"ix_quarterly_tasks_{column}"), table_name="quarterly_tasks")
        op.drop_column("quarterly_tasks", column)
    op.drop_table("findings")
    op.drop_table("directives")
    op.drop_table("speeches")
