"""What the documentation shows of reviews, in terms of the example data."""

from app import example_ids as ids
from app.quarterly_tasks import examples as tasks
from app.types import Json

TASK_REVIEWS_IN: Json = {
    "items": [
        {
            "task_id": ids.TASK,
            "rating": "partially_completed",
            "assessed_progress": 60,
            "comment": "Đúng tiến độ; tiếp tục đến hết quý.",
            "disposition": "continue",
        }
    ]
}
TASK_REVIEW: Json = {
    **ids.resource(ids.REVIEW),
    "meeting_id": ids.BRIEFING,
    "task_id": ids.CARRIED_TASK,
    "rating": "partially_completed",
    "assessed_progress": 50,
    "comment": "Còn một mô hình chưa ra mắt.",
    "disposition": "carry_over",
    "due_date": None,
    "lead_organization_id": None,
    "resulting_task_id": ids.SUCCESSOR_TASK,
}
TASK_REVIEWS: Json = {"items": [TASK_REVIEW]}
REVIEW_SHEET: Json = {
    "items": [{"task": tasks.QUARTERLY_TASK, "last_progress": tasks.TASK_ENTRY, "review": None}]
}
CLOSING_CHECKS: Json = {
    "blockers": [
        {
            "code": "tasks_unreviewed",
            "detail_vi": "Nhiệm vụ chưa được đánh giá: Nâng cao chất lượng sinh hoạt chi bộ",
            "detail_en": "This task has not been reviewed: Nâng cao chất lượng sinh hoạt chi bộ",
            "pointer": f"/v1/quarterly-tasks/{ids.TASK}",
        }
    ],
    "warnings": [],
}
CARRY_OVER: Json = {
    "items": [
        {
            "task_id": ids.CARRIED_TASK,
            "successor_id": ids.SUCCESSOR_TASK,
            "successor_code": "NV-00002B0000",
            "quarter": "2026-Q4",
            "was_carried_before": True,
        }
    ],
    "dry_run": False,
}
NEXT_MEETING_IN: Json = {"title": None, "held_on": None}
