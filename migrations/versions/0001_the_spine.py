"""the spine

Revision ID: 0001
Revises:
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.types import Id, Moment

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LAST_DAY = {  # of the quarter
    "sqlite": "(substr(quarter, 1, 4) || CASE substr(quarter, 6)"
    " WHEN 'Q1' THEN '-03-31' WHEN 'Q2' THEN '-06-30' WHEN 'Q3' THEN '-09-30' ELSE '-12-31' END)",
    "postgresql": "make_date(left(quarter, 4)::int, right(quarter, 1)::int * 3,"
    " CASE WHEN right(quarter, 1) IN ('1', '4') THEN 31 ELSE 30 END)",
}
DUE = {name: f"coalesce(due_date, {day})" for name, day in LAST_DAY.items()}
BEYOND = {
    "sqlite": f"coalesce(due_date > {LAST_DAY['sqlite']}, 0)",
    "postgresql": f"coalesce(due_date > {LAST_DAY['postgresql']}, false)",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "event_audience",
        sa.Column("circle_id", Id(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("circle_id", "tx", "seq", name=op.f("pk_event_audience")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", Id(), nullable=True),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("subject_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("left_organization_id", Id(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("request_id", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_events_subject_id_seq"), "events", ["subject_id", "seq"], unique=False)
    op.create_index(op.f("ix_events_tx_seq"), "events", ["tx", "seq"], unique=False)
    op.create_table(
        "external_refs",
        sa.Column("tenant_id", Id(), nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("system", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("subject_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "noun", "system", "external_id", name=op.f("pk_external_refs")),
    )
    op.create_index(op.f("ix_external_refs_subject_id"), "external_refs", ["subject_id"], unique=False)
    op.create_table(
        "idempotency_records",
        sa.Column("principal_id", Id(), nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", "request", "key", name=op.f("pk_idempotency_records")),
    )
    op.create_index(
        op.f("ix_idempotency_records_created_at"), "idempotency_records", ["created_at"], unique=False
    )
    op.create_table(
        "organization_ancestors",
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("ancestor_id", Id(), nullable=False),
        sa.Column("lines", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "ancestor_id", name=op.f("pk_organization_ancestors")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_organization_ancestors_ancestor_id_organization_id"),
        "organization_ancestors",
        ["ancestor_id", "organization_id"],
        unique=False,
    )
    op.create_table(
        "organizations",
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("short_name", TEXT, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "locality",
                "party_committee",
                "party_advisory_body",
                "party_cell",
                "peoples_council",
                "peoples_committee",
                "specialized_division",
                "public_service_unit",
                "fatherland_front",
                "mass_organization",
                "police",
                "military_command",
                "village",
                "other",
                name="organizationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "line",
            sa.Enum(
                "party",
                "state",
                "front",
                "other",
                name="line",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "central",
                "province",
                "commune",
                "village",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", Id(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("former_names", sa.JSON(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=True),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_organizations_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_organizations_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_organizations_parent_id_name_key_id"),
        "organizations",
        ["parent_id", "name_key", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organizations_tenant_id_name_key_id"),
        "organizations",
        ["tenant_id", "name_key", "id"],
        unique=False,
    )
    op.create_table(
        "meetings",
        sa.Column("host_organization_id", Id(), nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quarterly_briefing",
                "monthly_briefing",
                "executive_committee",
                "standing_committee",
                "review_conference",
                "thematic",
                "extraordinary",
                "other",
                name="meetingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("audience", TEXT, nullable=True),
        sa.Column("review_period", TEXT, nullable=True),
        sa.Column("plan_period", TEXT, nullable=True),
        sa.Column("data_cutoff_on", sa.Date(), nullable=True),
        sa.Column("previous_meeting_id", Id(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=True),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column(
            "format",
            sa.Enum(
                "in_person",
                "online",
                "hybrid",
                name="meetingformat",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("location", TEXT, nullable=True),
        sa.Column("online_url", TEXT, nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "internal",
                "restricted",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "record",
            sa.Enum(
                "minuted", "reported", name="record", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("source_text", TEXT, nullable=True),
        sa.Column("summary", TEXT, nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "scheduled",
                "postponed",
                "in_progress",
                "held",
                "cancelled",
                name="meetingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("title_key", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_organization_id"],
            ["organizations.id"],
            name=op.f("fk_meetings_host_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_meeting_id"], ["meetings.id"], name=op.f("fk_meetings_previous_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_meetings_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("previous_meeting_id", name=op.f("uq_meetings_previous_meeting_id")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_meetings_tenant_id_code")),
    )
    op.create_index(op.f("ix_meetings_held_on_id"), "meetings", ["held_on", "id"], unique=False)
    op.create_index(
        op.f("ix_meetings_host_organization_id_held_on_id"),
        "meetings",
        ["host_organization_id", "held_on", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_meetings_title_key_id"), "meetings", ["title_key", "id"], unique=False)
    op.create_table(
        "principals",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_principals_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_principals_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principals")),
    )
    op.create_index(
        op.f("ix_principals_organization_id_id"), "principals", ["organization_id", "id"], unique=False
    )
    op.create_table(
        "speakers",
        sa.Column("full_name", TEXT, nullable=False),
        sa.Column(
            "honorific",
            sa.Enum(
                "comrade", "mr", "mrs", name="honorific", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_speakers_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_speakers_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
    )
    op.create_index(
        op.f("ix_speakers_organization_id_name_key_id"),
        "speakers",
        ["organization_id", "name_key", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_speakers_tenant_id_name_key_id"), "speakers", ["tenant_id", "name_key", "id"], unique=False
    )
    op.create_table(
        "agenda_items",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("parent_id", Id(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "previous_conclusions",
                "report",
                "review",
                "discussion",
                "plan",
                "directive",
                "conclusion",
                "closing",
                "break",
                "other",
                name="agendaitemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("presenter_id", Id(), nullable=True),
        sa.Column("presenting_organization_id", Id(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "in_progress",
                "done",
                "postponed",
                "withdrawn",
                name="agendaitemstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes_text", TEXT, nullable=True),
        sa.Column("carried_from_id", Id(), nullable=True),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["carried_from_id"],
            ["agenda_items.id"],
            name=op.f("fk_agenda_items_carried_from_id_agenda_items"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_agenda_items_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["agenda_items.id"], name=op.f("fk_agenda_items_parent_id_agenda_items")
        ),
        sa.ForeignKeyConstraint(
            ["presenter_id"], ["speakers.id"], name=op.f("fk_agenda_items_presenter_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["presenting_organization_id"],
            ["organizations.id"],
            name=op.f("fk_agenda_items_presenting_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_agenda_items_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    op.create_index(
        op.f("ix_agenda_items_carried_from_id"), "agenda_items", ["carried_from_id"], unique=False
    )
    op.create_index(
        op.f("ix_agenda_items_meeting_id_parent_id_position"),
        "agenda_items",
        ["meeting_id", "parent_id", "position"],
        unique=False,
    )
    op.create_index(op.f("ix_agenda_items_parent_id"), "agenda_items", ["parent_id"], unique=False)
    op.create_index(op.f("ix_agenda_items_presenter_id"), "agenda_items", ["presenter_id"], unique=False)
    op.create_index(
        op.f("ix_agenda_items_presenting_organization_id"),
        "agenda_items",
        ["presenting_organization_id"],
        unique=False,
    )
    op.create_table(
        "grants",
        sa.Column("principal_id", Id(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reader",
                "reporter",
                "secretary",
                "approver",
                "admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=True),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_grants_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name=op.f("fk_grants_principal_id_principals")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_grants_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "principal_id",
            "role",
            "organization_id",
            name=op.f("uq_grants_principal_id_role_organization_id"),
        ),
    )
    op.create_table(
        "keys",
        sa.Column("principal_id", Id(), nullable=False),
        sa.Column("home_id", Id(), nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("secret_sha256", TEXT, nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["home_id"], ["organizations.id"], name=op.f("fk_keys_home_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name=op.f("fk_keys_principal_id_principals")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_keys_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
    )
    op.create_index(op.f("ix_keys_principal_id_id"), "keys", ["principal_id", "id"], unique=False)
    op.create_table(
        "meeting_audience",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("circle_id", Id(), nullable=False),
        sa.Column("lines", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_meeting_audience_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "circle_id", name=op.f("pk_meeting_audience")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_meeting_audience_circle_id_meeting_id_lines"),
        "meeting_audience",
        ["circle_id", "meeting_id", "lines"],
        unique=False,
    )
    op.create_table(
        "meeting_transitions",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column(
            "transition",
            sa.Enum(
                "schedule",
                "postpone",
                "reschedule",
                "start",
                "hold",
                "cancel",
                name="meetingtransition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "draft",
                "scheduled",
                "postponed",
                "in_progress",
                "held",
                "cancelled",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "draft",
                "scheduled",
                "postponed",
                "in_progress",
                "held",
                "cancelled",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_transitions_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_transitions")),
    )
    op.create_index(
        op.f("ix_meeting_transitions_meeting_id_id"),
        "meeting_transitions",
        ["meeting_id", "id"],
        unique=False,
    )
    op.create_table(
        "participations",
        sa.Column("meeting_id", Id(), nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("speaker_id", Id(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "chair",
                "co_chair",
                "secretary",
                "directing_official",
                "delegate",
                "guest",
                "observer",
                name="participationrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "attendance",
            sa.Enum(
                "invited",
                "present",
                "late",
                "excused",
                "absent",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("absence_reason", TEXT, nullable=True),
        sa.Column("title_snapshot", TEXT, nullable=True),
        sa.Column("substitute_for_id", Id(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("host_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organizations.id"], name=op.f("fk_participations_host_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_participations_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_participations_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_participations_speaker_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_for_id"], ["speakers.id"], name=op.f("fk_participations_substitute_for_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_participations_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint(
            "meeting_id", "speaker_id", "role", name=op.f("uq_participations_meeting_id_speaker_id_role")
        ),
    )
    op.create_index(
        op.f("ix_participations_meeting_id_id"), "participations", ["meeting_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_participations_organization_id_meeting_id"),
        "participations",
        ["organization_id", "meeting_id"],
        unique=False,
    )
    op.create_index(op.f("ix_participations_speaker_id"), "participations", ["speaker_id"], unique=False)
    op.create_index(
        "uq_participations_chair",
        "participations",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("role = 'chair'"),
        postgresql_where=sa.text("role = 'chair'"),
    )
    op.create_table(
        "positions",
        sa.Column("speaker_id", Id(), nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_positions_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_positions_speaker_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_positions_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
    )
    op.create_index(
        op.f("ix_positions_organization_id_id"), "positions", ["organization_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_positions_speaker_id_started_on_id"),
        "positions",
        ["speaker_id", "started_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_positions_open_primary",
        "positions",
        ["speaker_id"],
        unique=True,
        sqlite_where=sa.text("is_primary AND ended_on IS NULL"),
        postgresql_where=sa.text("is_primary AND ended_on IS NULL"),
    )
    op.create_table(
        "principal_audience",
        sa.Column("principal_id", Id(), nullable=False),
        sa.Column("circle_id", Id(), nullable=False),
        sa.Column("lines", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"],
            ["principals.id"],
            name=op.f("fk_principal_audience_principal_id_principals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("principal_id", "circle_id", name=op.f("pk_principal_audience")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_principal_audience_circle_id_principal_id"),
        "principal_audience",
        ["circle_id", "principal_id"],
        unique=False,
    )
    op.create_table(
        "quarterly_tasks",
        sa.Column("code", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("expected_result", TEXT, nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "key",
                "regular",
                "ad_hoc",
                "follow_up",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "low",
                "normal",
                "high",
                "urgent",
                name="priority",
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
        sa.Column("quarter", TEXT, nullable=False),
        sa.Column("parent_id", Id(), nullable=True),
        sa.Column("source_document", sa.JSON(), nullable=True),
        sa.Column("set_at_meeting_id", Id(), nullable=True),
        sa.Column("agenda_item_id", Id(), nullable=True),
        sa.Column("issuing_organization_id", Id(), nullable=False),
        sa.Column("issued_by_id", Id(), nullable=True),
        sa.Column("lead_organization_id", Id(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("original_due_date", sa.Date(), nullable=True),
        sa.Column("root_due_date", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "assigned",
                "in_progress",
                "on_hold",
                "submitted",
                "completed",
                "carried_over",
                "cancelled",
                name="taskstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("result_summary", TEXT, nullable=True),
        sa.Column("carried_from_id", Id(), nullable=True),
        sa.Column("root_task_id", Id(), nullable=True),
        sa.Column("carry_count", sa.Integer(), nullable=False),
        sa.Column("carry_reason", TEXT, nullable=True),
        sa.Column("was_issued", sa.Boolean(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("effective_due_date", sa.Date(), sa.Computed(DUE[dialect], persisted=True), nullable=False),
        sa.Column(
            "due_beyond_quarter", sa.Boolean(), sa.Computed(BEYOND[dialect], persisted=True), nullable=False
        ),
        sa.Column("id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("external_refs", sa.JSON(), nullable=False),
        sa.Column("tenant_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["agenda_items.id"],
            name=op.f("fk_quarterly_tasks_agenda_item_id_agenda_items"),
        ),
        sa.ForeignKeyConstraint(
            ["carried_from_id"],
            ["quarterly_tasks.id"],
            name=op.f("fk_quarterly_tasks_carried_from_id_quarterly_tasks"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["speakers.id"], name=op.f("fk_quarterly_tasks_issued_by_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["issuing_organization_id"],
            ["organizations.id"],
            name=op.f("fk_quarterly_tasks_issuing_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_organization_id"],
            ["organizations.id"],
            name=op.f("fk_quarterly_tasks_lead_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["quarterly_tasks.id"], name=op.f("fk_quarterly_tasks_parent_id_quarterly_tasks")
        ),
        sa.ForeignKeyConstraint(
            ["root_task_id"],
            ["quarterly_tasks.id"],
            name=op.f("fk_quarterly_tasks_root_task_id_quarterly_tasks"),
        ),
        sa.ForeignKeyConstraint(
            ["set_at_meeting_id"], ["meetings.id"], name=op.f("fk_quarterly_tasks_set_at_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["organizations.id"], name=op.f("fk_quarterly_tasks_tenant_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarterly_tasks")),
        sa.UniqueConstraint("carried_from_id", name=op.f("uq_quarterly_tasks_carried_from_id")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_quarterly_tasks_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_quarterly_tasks_agenda_item_id"), "quarterly_tasks", ["agenda_item_id"], unique=False
    )
    op.create_index(
        op.f("ix_quarterly_tasks_effective_due_date_id"),
        "quarterly_tasks",
        ["effective_due_date", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarterly_tasks_issued_by_id"), "quarterly_tasks", ["issued_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_quarterly_tasks_issuing_organization_id_quarter_effective_due_date_id"),
        "quarterly_tasks",
        ["issuing_organization_id", "quarter", "effective_due_date", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarterly_tasks_lead_organization_id_quarter_effective_due_date_id"),
        "quarterly_tasks",
        ["lead_organization_id", "quarter", "effective_due_date", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_quarterly_tasks_parent_id"), "quarterly_tasks", ["parent_id"], unique=False)
    op.create_index(
        op.f("ix_quarterly_tasks_quarter_effective_due_date_id"),
        "quarterly_tasks",
        ["quarter", "effective_due_date", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarterly_tasks_root_task_id"), "quarterly_tasks", ["root_task_id"], unique=False
    )
    op.create_index(
        op.f("ix_quarterly_tasks_set_at_meeting_id_id"),
        "quarterly_tasks",
        ["set_at_meeting_id", "id"],
        unique=False,
    )
    op.create_table(
        "quarterly_task_assignments",
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organization_id", Id(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "lead",
                "coordinating",
                "supervising",
                name="assignmentrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("speaker_id", Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_quarterly_task_assignments_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_quarterly_task_assignments_speaker_id_speakers")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["quarterly_tasks.id"],
            name=op.f("fk_quarterly_task_assignments_task_id_quarterly_tasks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("task_id", "position", name=op.f("pk_quarterly_task_assignments")),
        sa.UniqueConstraint(
            "task_id",
            "organization_id",
            "role",
            name=op.f("uq_quarterly_task_assignments_task_id_organization_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_quarterly_task_assignments_organization_id_task_id"),
        "quarterly_task_assignments",
        ["organization_id", "task_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarterly_task_assignments_speaker_id"),
        "quarterly_task_assignments",
        ["speaker_id"],
        unique=False,
    )
    op.create_index(
        "uq_quarterly_task_assignments_lead",
        "quarterly_task_assignments",
        ["task_id"],
        unique=True,
        sqlite_where=sa.text("role = 'lead'"),
        postgresql_where=sa.text("role = 'lead'"),
    )
    op.create_table(
        "quarterly_task_audience",
        sa.Column("quarterly_task_id", Id(), nullable=False),
        sa.Column("circle_id", Id(), nullable=False),
        sa.Column("lines", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarterly_task_id"],
            ["quarterly_tasks.id"],
            name=op.f("fk_quarterly_task_audience_quarterly_task_id_quarterly_tasks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("quarterly_task_id", "circle_id", name=op.f("pk_quarterly_task_audience")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_quarterly_task_audience_circle_id_quarterly_task_id_lines"),
        "quarterly_task_audience",
        ["circle_id", "quarterly_task_id", "lines"],
        unique=False,
    )
    op.create_table(
        "quarterly_task_entries",
        sa.Column("task_id", Id(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "progress",
                "due_date_changed",
                "reassigned",
                "reclassified",
                "issue",
                "decline",
                "start",
                "suspend",
                "resume",
                "report_completion",
                "confirm",
                "send_back",
                "cancel",
                "reopen",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("old_values", sa.JSON(), nullable=False),
        sa.Column("new_values", sa.JSON(), nullable=False),
        sa.Column("progress_percent", sa.Integer(), nullable=True),
        sa.Column("text", TEXT, nullable=True),
        sa.Column("id", Id(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["quarterly_tasks.id"],
            name=op.f("fk_quarterly_task_entries_task_id_quarterly_tasks"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarterly_task_entries")),
    )
    op.create_index(
        op.f("ix_quarterly_task_entries_task_id_id"),
        "quarterly_task_entries",
        ["task_id", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_quarterly_task_entries_task_id_id"), table_name="quarterly_task_entries")
    op.drop_table("quarterly_task_entries")
    op.drop_index(
        op.f("ix_quarterly_task_audience_circle_id_quarterly_task_id_lines"),
        table_name="quarterly_task_audience",
    )
    op.drop_table("quarterly_task_audience")
    op.drop_index(
        "uq_quarterly_task_assignments_lead",
        table_name="quarterly_task_assignments",
        sqlite_where=sa.text("role = 'lead'"),
        postgresql_where=sa.text("role = 'lead'"),
    )
    op.drop_index(op.f("ix_quarterly_task_assignments_speaker_id"), table_name="quarterly_task_assignments")
    op.drop_index(
        op.f("ix_quarterly_task_assignments_organization_id_task_id"), table_name="quarterly_task_assignments"
    )
    op.drop_table("quarterly_task_assignments")
    op.drop_index(op.f("ix_quarterly_tasks_set_at_meeting_id_id"), table_name="quarterly_tasks")
    op.drop_index(op.f("ix_quarterly_tasks_root_task_id"), table_name="quarterly_tasks")
    op.drop_index(op.f("ix_quarterly_tasks_quarter_effective_due_date_id"), table_name="quarterly_tasks")
    op.drop_index(op.f("ix_quarterly_tasks_parent_id"), table_name="quarterly_tasks")
    op.drop_index(
        op.f("ix_quarterly_tasks_lead_organization_id_quarter_effective_due_date_id"),
        table_name="quarterly_tasks",
    )
    op.drop_index(
        op.f("ix_quarterly_tasks_issuing_organization_id_quarter_effective_due_date_id"),
        table_name="quarterly_tasks",
    )
    op.drop_index(op.f("ix_quarterly_tasks_issued_by_id"), table_name="quarterly_tasks")
    op.drop_index(op.f("ix_quarterly_tasks_effective_due_date_id"), table_name="quarterly_tasks")
    op.drop_index(op.f("ix_quarterly_tasks_agenda_item_id"), table_name="quarterly_tasks")
    op.drop_table("quarterly_tasks")
    op.drop_index(op.f("ix_principal_audience_circle_id_principal_id"), table_name="principal_audience")
    op.drop_table("principal_audience")
    op.drop_index(
        "uq_positions_open_primary",
        table_name="positions",
        sqlite_where=sa.text("is_primary AND ended_on IS NULL"),
        postgresql_where=sa.text("is_primary AND ended_on IS NULL"),
    )
    op.drop_index(op.f("ix_positions_speaker_id_started_on_id"), table_name="positions")
    op.drop_index(op.f("ix_positions_organization_id_id"), table_name="positions")
    op.drop_table("positions")
    op.drop_index(
        "uq_participations_chair",
        table_name="participations",
        sqlite_where=sa.text("role = 'chair'"),
        postgresql_where=sa.text("role = 'chair'"),
    )
    op.drop_index(op.f("ix_participations_speaker_id"), table_name="participations")
    op.drop_index(op.f("ix_participations_organization_id_meeting_id"), table_name="participations")
    op.drop_index(op.f("ix_participations_meeting_id_id"), table_name="participations")
    op.drop_table("participations")
    op.drop_index(op.f("ix_meeting_transitions_meeting_id_id"), table_name="meeting_transitions")
    op.drop_table("meeting_transitions")
    op.drop_index(op.f("ix_meeting_audience_circle_id_meeting_id_lines"), table_name="meeting_audience")
    op.drop_table("meeting_audience")
    op.drop_index(op.f("ix_keys_principal_id_id"), table_name="keys")
    op.drop_table("keys")
    op.drop_table("grants")
    op.drop_index(op.f("ix_agenda_items_presenting_organization_id"), table_name="agenda_items")
    op.drop_index(op.f("ix_agenda_items_presenter_id"), table_name="agenda_items")
    op.drop_index(op.f("ix_agenda_items_parent_id"), table_name="agenda_items")
    op.drop_index(op.f("ix_agenda_items_meeting_id_parent_id_position"), table_name="agenda_items")
    op.drop_index(op.f("ix_agenda_items_carried_from_id"), table_name="agenda_items")
    op.drop_table("agenda_items")
    op.drop_index(op.f("ix_speakers_tenant_id_name_key_id"), table_name="speakers")
    op.drop_index(op.f("ix_speakers_organization_id_name_key_id"), table_name="speakers")
    op.drop_table("speakers")
    op.drop_index(op.f("ix_principals_organization_id_id"), table_name="principals")
    op.drop_table("principals")
    op.drop_index(op.f("ix_meetings_title_key_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_host_organization_id_held_on_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_held_on_id"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_organizations_tenant_id_name_key_id"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_parent_id_name_key_id"), table_name="organizations")
    op.drop_table("organizations")
    op.drop_index(
        op.f("ix_organization_ancestors_ancestor_id_organization_id"), table_name="organization_ancestors"
    )
    op.drop_table("organization_ancestors")
    op.drop_index(op.f("ix_idempotency_records_created_at"), table_name="idempotency_records")
    op.drop_table("idempotency_records")
    op.drop_index(op.f("ix_external_refs_subject_id"), table_name="external_refs")
    op.drop_table("external_refs")
    op.drop_index(op.f("ix_events_tx_seq"), table_name="events")
    op.drop_index(op.f("ix_events_subject_id_seq"), table_name="events")
    op.drop_table("events")
    op.drop_table("event_audience")
