"""A nation of provinces, communes and their bodies: as many organizations as wanted, in a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from app.organizations.models import Level, Line
from app.organizations.models import OrganizationKind as K
from benchmarks import texts

NATIONAL = (
    ("Ban Bí thư", K.PARTY_COMMITTEE, Line.PARTY),
    ("Chính phủ", K.PEOPLES_COMMITTEE, Line.STATE),
    ("Ủy ban Trung ương MTTQ", K.FATHERLAND_FRONT, Line.FRONT),
)
PROVINCIAL = (
    ("Tỉnh ủy", K.PARTY_COMMITTEE, Line.PARTY),
    ("Văn phòng Tỉnh ủy", K.PARTY_ADVISORY_BODY, Line.PARTY),
    ("Ủy ban nhân dân tỉnh", K.PEOPLES_COMMITTEE, Line.STATE),
    ("Ủy ban MTTQ tỉnh", K.FATHERLAND_FRONT, Line.FRONT),
)
COMMUNAL = (
    ("Đảng ủy xã", K.PARTY_COMMITTEE, Line.PARTY),
    ("Ủy ban nhân dân xã", K.PEOPLES_COMMITTEE, Line.STATE),
    ("Ủy ban MTTQ xã", K.FATHERLAND_FRONT, Line.FRONT),
    ("Văn phòng Đảng ủy xã", K.PARTY_ADVISORY_BODY, Line.PARTY),
    ("Phòng Kinh tế xã", K.SPECIALIZED_DIVISION, Line.STATE),
    ("Công an xã", K.POLICE, Line.STATE),
    ("Ban Chỉ huy quân sự xã", K.MILITARY_COMMAND, Line.STATE),
)


@dataclass(eq=False, slots=True)
class Body:
    """An organization, with all above it, itself first."""

    id: UUID
    name: str
    kind: K
    line: Line
    level: Level
    above: tuple["Body", ...] = ()

    @property
    def line_up(self) -> tuple["Body", ...]:
        return (self, *self.above)


@dataclass(eq=False, slots=True)
class Place:
    """A locality, its bodies, and the places in it."""

    itself: Body
    bodies: list[Body]
    places: list["Place"] = field(default_factory=list)

    def every_body(self) -> Iterator[Body]:
        """Each after what it stands under."""
        yield self.itself
        yield from self.bodies
        for place in self.places:
            yield from place.every_body()


def ids(chance: Random, moment: datetime) -> UUID:
    """A UUIDv7 of that moment, from a fixed seed."""
    head = int(moment.timestamp() * 1000) << 80 | 7 << 76 | chance.getrandbits(12) << 64
    return UUID(int=head | 2 << 62 | chance.getrandbits(62))


def nation(organizations: int, chance: Random, moment: datetime) -> Place:
    """Provinces and communes grow alike, by the root; villages make the number full."""
    each = len(COMMUNAL) + 1
    provinces = max(1, round((organizations / each / 2.5) ** 0.5))
    rest = organizations - len(NATIONAL) - 1 - provinces * (len(PROVINCIAL) + 1)
    communes = max(1, rest // each // provinces)

    def place(
        named: str, level: Level, bodies: tuple[tuple[str, K, Line], ...], above: tuple[Body, ...]
    ) -> Place:
        itself = Body(ids(chance, moment), named, K.LOCALITY, Line.OTHER, level, above)
        short = named.removeprefix("Tỉnh ").removeprefix("Xã ")
        return Place(
            itself,
            [
                Body(
                    ids(chance, moment),
                    f"{name} {short}".removesuffix(" Việt Nam"),
                    kind,
                    line,
                    level,
                    itself.line_up,
                )
                for name, kind, line in bodies
            ],
        )

    root = place("Việt Nam", Level.CENTRAL, NATIONAL, ())
    for n in range(provinces):
        named = f"Tỉnh {texts.PROVINCES[n % len(texts.PROVINCES)]}{_again(n, len(texts.PROVINCES))}"
        root.places.append(place(named, Level.PROVINCE, PROVINCIAL, root.itself.line_up))
        for m in range(communes):
            named = f"Xã {texts.PLACES[m % len(texts.PLACES)]}{_again(m, len(texts.PLACES))}"
            commune = place(named, Level.COMMUNE, COMMUNAL, root.places[n].itself.line_up)
            root.places[n].places.append(commune)
    communes_there = [commune for province in root.places for commune in province.places]
    for n in range(organizations - sum(1 for _ in root.every_body())):
        commune = communes_there[n % len(communes_there)]
        village = (f"Thôn {n // len(communes_there) + 1}", K.VILLAGE, Line.STATE, Level.VILLAGE)
        commune.bodies.append(Body(ids(chance, moment), *village, commune.itself.line_up))
    return root


def _again(n: int, names: int) -> str:
    return f" {n // names + 1}" if n >= names else ""
