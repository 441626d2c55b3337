"""The feed's one statement: a walk along each of the caller's circles, merged."""

from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Dialect,
    Integer,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)

from app.attachments.models import Attachment
from app.audience import under
from app.events import Event, EventAudience
from app.prepared import Statement, written
from app.reading import in_circle
from app.sql import Found, among, as_text, constant, json_object, oldest_open_transaction, whole

# Which permission each noun's events need, for a key whose scopes leave some out.
AREAS = {
    "organization": "organizations",
    "speaker": "speakers",
    "position": "speakers",
    "meeting": "meetings",
    "participation": "meetings",
    "agenda_item": "meetings",
    "speech": "meetings",
    "finding": "meetings",
    "directive": "meetings",
    "minutes": "meetings",
    "conclusion_notice": "meetings",
    "attachment": "attachments",
    "task_review": "quarterly_tasks",
    "quarterly_task": "quarterly_tasks",
    "quarter_closing": "quarterly_tasks",
    "principal": "principals",
    "grant": "principals",
    "key": "principals",
}
# The same for a file's, which is shown to who may read what it lies in: by the column that says so.
OWNERS = {"meetings": Attachment.meeting_id, "quarterly_tasks": Attachment.task_id}
LAST = 2**62  # after every number of a transaction


def _walk(circle: int, *, filtered: Found | None) -> Found:
    """The next places in one circle. On PostgreSQL only what no open transaction can precede."""
    here, there = (
        EventAudience,
        tuple_(bindparam("tx", type_=BigInteger()), bindparam("seq", type_=BigInteger())),
    )
    places = select(here.tx, here.seq).where(in_circle(here, circle), tuple_(here.tx, here.seq) > there)
    if filtered is not None:
        places = places.where(here.seq.in_(filtered.correlate(here)))
    return places.order_by(here.tx, here.seq).limit(bindparam("limit", type_=Integer()))


def _settled(places: Found) -> Found:
    return places.where(EventAudience.tx < oldest_open_transaction())


def _kept(asked: frozenset[str]) -> Found | None:
    """The filters, on the event of a place."""
    kept = select(Event.seq).where(Event.seq == EventAudience.seq)
    if "types" in asked:
        kept = kept.where(or_(among(Event.name, "types"), among(Event.noun, "types")))
    if "nouns" in asked:
        kept = kept.where(among(Event.noun, "nouns"))
    for area, owner in OWNERS.items():
        if f"but_of_{area}" in asked:
            another = exists().where(Attachment.id == Event.subject_id, owner.is_(None))
            kept = kept.where(or_(Event.noun != constant("attachment"), another))
    if "within" in asked:
        moved = under(Event.left_organization_id, "within")
        kept = kept.where(or_(under(Event.organization_id, "within"), moved))
    return kept if asked else None


@lru_cache(maxsize=256)
def feed(circles: int, dialect: Dialect, asked: frozenset[str]) -> Statement:
    """The next changes: each with its place, in order. `asked`: which filters are in use."""
    kept = _kept(asked)
    walks = [_walk(n, filtered=kept) for n in range(circles)]
    if dialect.name == "postgresql":
        walks = [_settled(walk) for walk in walks]
    places = union(*(select(walk.subquery()) for walk in walks)).subquery("places")
    members = {
        "id": cast(Event.seq, Text),
        "name": Event.name,
        "at": Event.at,
        "subject_id": Event.subject_id,
        "version": Event.version,
        "organization_id": Event.organization_id,
        "changes": Event.changes,
    }
    found = (
        select(as_text(json_object(members)), Event.tx, Event.seq)
        .join(places, Event.seq == places.c.seq)
        .order_by(Event.tx, Event.seq)
        .limit(bindparam("limit", type_=Integer()))
    )
    return written(found, dialect)


@lru_cache(maxsize=8)
def latest(dialect: Dialect) -> Statement:
    """The place before which everything has been served or never will be: where `latest` starts."""
    last = select(func.coalesce(func.max(Event.seq), whole(0)))
    if dialect.name == "postgresql":
        return written(select(oldest_open_transaction() - whole(1), literal_column(str(LAST))), dialect)
    return written(select(whole(0), last.scalar_subquery()), dialect)
