"""An organization, and its place in the tree."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from app.audience import Ancestor, Circle, Over, Seen, everyone_in
from app.db import Resource
from app.text import searchable, sort_key
from app.types import Id, Json
from app.vocabulary import Vocabulary


class Line(Vocabulary):
    """The line of the political system that a body belongs to; a grant may be limited to some."""

    PARTY = "party", "Đảng", "Party"
    STATE = "state", "Chính quyền", "State"
    FRONT = "front", "Mặt trận, đoàn thể", "Front and mass organizations"
    OTHER = "other", "Khác", "Other"

    @property
    def bit(self) -> int:
        """How audiences write it."""
        return 1 << list(Line).index(self)


class Level(Vocabulary):
    """The tier of the body."""

    CENTRAL = "central", "Trung ương", "Central"
    PROVINCE = "province", "Tỉnh, thành phố", "Province"
    COMMUNE = "commune", "Xã, phường, đặc khu", "Commune"
    VILLAGE = "village", "Thôn, tổ dân phố", "Village"


class OrganizationKind(Vocabulary):
    """What the body is."""

    LOCALITY = "locality", "Địa bàn", "Locality"
    PARTY_COMMITTEE = "party_committee", "Đảng ủy", "Party committee"
    PARTY_ADVISORY_BODY = (
        "party_advisory_body",
        "Cơ quan tham mưu, giúp việc của Đảng",
        "Party advisory body",
    )
    PARTY_CELL = "party_cell", "Chi bộ", "Party cell"
    PEOPLES_COUNCIL = "peoples_council", "Hội đồng nhân dân", "People's council"
    PEOPLES_COMMITTEE = "peoples_committee", "Ủy ban nhân dân", "People's committee"
    SPECIALIZED_DIVISION = "specialized_division", "Phòng chuyên môn", "Specialized division"
    PUBLIC_SERVICE_UNIT = "public_service_unit", "Đơn vị sự nghiệp", "Public service unit"
    FATHERLAND_FRONT = "fatherland_front", "Ủy ban Mặt trận Tổ quốc", "Fatherland Front committee"
    MASS_ORGANIZATION = "mass_organization", "Đoàn thể chính trị - xã hội", "Socio-political organization"
    POLICE = "police", "Công an", "Police"
    MILITARY_COMMAND = "military_command", "Ban chỉ huy quân sự", "Military command"
    VILLAGE = "village", "Thôn, tổ dân phố", "Village"
    OTHER = "other", "Khác", "Other"


class Organization(Resource):
    """A place or a body. Its parent and its line are for good: a body that moves is, in law, a new body."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index(None, "tenant_id", "name_key", "id"),
        Index(None, "parent_id", "name_key", "id"),
    )
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"name_key", "folded"})

    code: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str | None]
    kind: Mapped[OrganizationKind]
    line: Mapped[Line]
    level: Mapped[Level]
    parent_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"))
    founded_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]
    former_names: Mapped[list[str]] = mapped_column(default=list)
    contact: Mapped[Json | None]
    name_key: Mapped[str]
    folded: Mapped[str]

    @validates("name", "short_name", "code", "former_names")
    def _found_by(self, key: str, value: Any) -> Any:
        """Keep what it is sorted and found by in step with what it is called."""
        known = {name: getattr(self, name, None) for name in ("name", "short_name", "code", "former_names")}
        known[key] = value
        self.name_key = sort_key(known["name"] or "")
        self.folded = searchable(
            known["name"], known["short_name"], known["code"], *(known["former_names"] or [])
        )
        return value

    @property
    def noun(self) -> str:
        return "organization"

    @property
    def governing_id(self) -> UUID:
        return self.id

    @property
    def seen_by(self) -> Seen:
        return Circle(everyone_in(self.tenant_id))

    def settle(self, db: Session, *, anew: bool) -> dict[UUID, int]:  # noqa: ARG002  it always is
        """Lay its place in the tree flat, once."""
        lines = literal(self.line.bit, SmallInteger())
        above = select(literal(self.id, Id()), Ancestor.ancestor_id, lines).where(
            Ancestor.organization_id == self.parent_id
        )
        columns = ("organization_id", "ancestor_id", "lines")
        db.execute(insert(Ancestor).from_select(columns, above))
        db.execute(
            insert(Ancestor), {"organization_id": self.id, "ancestor_id": self.id, "lines": self.line.bit}
        )
        return {}


class QuarterClosing(Resource):
    """A quarter that an organization has closed, with what was counted then. It is for good."""

    __tablename__ = "quarter_closings"
    __table_args__ = (UniqueConstraint("organization_id", "quarter"),)

    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    quarter: Mapped[str]
    closed_by: Mapped[str]
    report: Mapped[Json]

    @property
    def noun(self) -> str:
        return "quarter_closing"

    @property
    def governing_id(self) -> UUID:
        return self.organization_id

    @property
    def seen_by(self) -> Seen:
        return Over(self.organization_id)
