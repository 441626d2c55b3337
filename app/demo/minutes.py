"""How far the minutes of the made-up meetings have come: one signed, one in review, one a draft."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app import example_ids as ids
from app.access.models import Principal
from app.demo import making
from app.demo.days import Days
from app.work import Work


def make(work: Work, days: Days) -> None:
    """A clerk drafts and submits them; the holder of the demo's key signs, or is about to."""
    clerk, text = _clerk(work), "Trình đồng chí chủ trì xem xét."
    earlier = making.minutes(clerk, ids.EARLIER_BRIEFING)
    making.tell_of_minutes(
        clerk,
        earlier,
        1,
        transition="submit",
        effective_on=days.earlier_briefing + timedelta(3),
        comment=text,
    )
    making.tell_of_minutes(
        work, earlier, 2, transition="sign", effective_on=days.earlier_briefing + timedelta(5)
    )
    last, day = making.minutes(clerk, ids.BRIEFING), days.briefing + timedelta(3)
    making.tell_of_minutes(clerk, last, 1, transition="submit", effective_on=day, comment=text)
    making.minutes(clerk, ids.MONTHLY)


def _clerk(work: Work) -> Work:
    """Somebody else than the holder of the demo's key, who can then sign."""
    principal = work.db.get_one(Principal, UUID(ids.KEYLESS_CALLER))
    theirs = replace(work, actor=replace(work.actor, principal_id=principal.id, name=principal.name))
    theirs.db = work.db
    return theirs
