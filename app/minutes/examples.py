"""What the documentation shows of minutes, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

CLERK = "Văn thư Đảng ủy xã, chưa có khóa (dữ liệu mẫu)"
MINUTES_IN: Json = {"external_refs": []}
MINUTES: Json = {
    **ids.resource(ids.MINUTES, version=2),
    "meeting_id": ids.BRIEFING,
    "status": "in_review",
    "allowed_transitions": ["request_changes", "withdraw", "sign"],
    "submitted_by": CLERK,
}
MINUTES_MOVE_IN: Json = {"transition": "sign", "comment": "Đồng ý ban hành (dữ liệu mẫu)."}
MINUTES_MOVE: Json = {
    **ids.fact(ids.MINUTES_TRANSITION),
    "recorded_by": CLERK,
    "minutes_id": ids.MINUTES,
    "transition": "submit",
    "from_status": "draft",
    "to_status": "in_review",
    "effective_on": "2026-09-28",
    "comment": "Trình đồng chí chủ trì xem xét.",
}
