"""What the documentation shows of the feed."""

from app import example_ids as ids
from app.types import Json

CHANGES: Json = {
    "items": [
        {
            "id": "206",
            "name": "quarterly_task.progressed",
            "at": "2026-11-24T02:00:00.000Z",
            "subject_id": ids.TASK,
            "version": 4,
            "organization_id": ids.PARTY,
            "changes": {"progress_percent": {"old": 0, "new": 20}},
        }
    ],
    "next_cursor": "MC4yMDY",
    "has_more": True,
}
