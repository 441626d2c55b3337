"""Fill an empty database with the example data."""

from sqlalchemy import exists, select, text

from app import example_ids as ids
from app.attachments.storing import Store
from app.db import one_transaction, today
from app.demo import (
    bodies,
    callers,
    files,
    making,
    meetings,
    minutes,
    people,
    phu_trung,
    reviews,
    sayings,
    tasks,
)
from app.demo.days import Days
from app.organizations.models import Level, Organization
from app.work import Work


@one_transaction
def load(store: Store, *, work: Work) -> str | None:
    """Load it and answer its key; None, with nothing done, where there is an organization already."""
    if work.engine.dialect.name == "postgresql":
        work.db.execute(text("SELECT pg_advisory_xact_lock(hashtext('found a tenant'))"))
    if work.db.scalar(select(exists().where(Organization.id.is_not(None)))):
        return None
    province = making.root(work, ids.PROVINCE, bodies.PROVINCE, Level.PROVINCE, "VD")
    phu_trung_root = making.root(work, ids.PHU_TRUNG, phu_trung.NAME, Level.COMMUNE)
    theirs, key = callers.demo(work, province, phu_trung_root)
    phu_trung.record(theirs)
    _made_up(theirs, store, Days(today()))
    return key


def _made_up(work: Work, store: Store, days: Days) -> None:
    bodies.make(work)
    people.make(work)
    callers.make(work)
    meetings.make(work, days)
    sayings.make(work)
    tasks.make(work, days)
    reviews.make(work, days)
    minutes.make(work, days)
    files.make(work, store)
