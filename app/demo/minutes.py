"""How far the documents of the made-up meetings have come: one signed, one in review, one a draft."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app import example_ids as ids
from app.access.models import Principal
from app.demo import making
from app.demo.days import Days
from app.minutes import examples
from app.work import Work


def make(work: Work, days: Days) -> None:
    """A clerk drafts and submits them; the holder of the demo's key signs, or is about to."""
    clerk, text = _clerk(work), "Trình đồng chí chủ trì xem xét."
    submitted, signed = days.earlier_briefing + timedelta(3), days.earlier_briefing + timedelta(5)
    day = days.briefing + timedelta(3)
    submit = {"transition": "submit", "comment": text}
    earlier = making.minutes(clerk, ids.EARLIER_BRIEFING)
    making.tell_of_minutes(clerk, earlier, 1, **submit, effective_on=submitted)
    making.tell_of_minutes(work, earlier, 2, transition="sign", effective_on=signed)
    last = making.minutes(clerk, ids.BRIEFING)
    making.tell_of_minutes(clerk, last, 1, **submit, effective_on=day)
    making.comment(work, last, 1, **examples.COMMENT_IN)
    for drafted in (ids.MONTHLY, ids.NEXT_BRIEFING):
        making.minutes(clerk, drafted)
        making.conclusion_notice(clerk, drafted)
    issued = making.conclusion_notice(clerk, ids.EARLIER_BRIEFING)
    making.tell_of_notice(clerk, issued, 1, **submit, effective_on=submitted)
    making.tell_of_notice(work, issued, 2, transition="sign", effective_on=signed)
    making.tell_of_notice(work, issued, 3, transition="issue", effective_on=signed)
    notice = making.conclusion_notice(clerk, ids.BRIEFING)
    making.tell_of_notice(clerk, notice, 1, **submit, effective_on=day)


def _clerk(work: Work) -> Work:
    """Somebody else than the holder of the demo's key, who can then sign."""
    principal = work.db.get_one(Principal, UUID(ids.KEYLESS_CALLER))
    theirs = replace(work, actor=replace(work.actor, principal_id=principal.id, name=principal.name))
    theirs.db = work.db
    return theirs
