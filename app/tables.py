"""Every table of the service, by importing every noun's: for migrations and for what looks at all of them."""

from app import events, idempotency, references
from app.access import models as access
from app.attachments import models as attachments
from app.findings import models as findings
from app.meetings import models as meetings
from app.minutes import links
from app.minutes import models as minutes
from app.organizations import models as organizations
from app.quarterly_tasks import counts
from app.quarterly_tasks import models as quarterly_tasks
from app.reviews import models as reviews
from app.speakers import models as speakers
from app.speeches import models as speeches

NOUNS = (
    organizations,
    speakers,
    meetings,
    speeches,
    findings,
    quarterly_tasks,
    reviews,
    minutes,
    attachments,
    access,
)
BESIDE = (events, idempotency, references, counts, links)
