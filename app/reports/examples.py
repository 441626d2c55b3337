"""What the documentation shows of reports, in terms of the example data."""

from app import example_ids as ids
from app.quarterly_tasks.vocabulary import TaskKind
from app.types import Json
from app.vocabulary import WorkField

CELLS: Json = {
    "total": 14,
    "completed_on_time": 5,
    "completed_late": 1,
    "open_within_deadline": 6,
    "open_overdue": 2,
    "of_which_unconfirmed": 1,
    "of_which_carried_over": 0,
    "late_by_root_due_date": 4,
    "drafts": 1,
    "cancelled": 1,
    "completion_rate": 75.0,
}
ABOUT: Json = {
    "organization_id": ids.COMMUNE,
    "organization_name": "Xã Minh Họa",
    "as_of": "2026-11-28",
    "known_at": None,
}
QUARTERLY_TASKS: Json = {
    **ABOUT,
    "quarter": ids.QUARTER,
    "as": "issuer",
    "group_by": "field",
    "roll_up": True,
    "total": CELLS,
    "items": [
        {
            "organization_id": None,
            "parent_id": None,
            "level": None,
            "field": "party_building",
            "kind": None,
            "label_vi": "Xây dựng Đảng",
            "label_en": "Party building",
            "cells": CELLS,
        }
    ],
}
COMPARISON: Json = {
    **ABOUT,
    "from": ids.QUARTER,
    "to": ids.QUARTER,
    "as": "issuer",
    "items": [
        {"quarter": ids.QUARTER, "label_vi": "Quý IV/2026", "label_en": "Quarter IV/2026", "cells": CELLS}
    ],
}
QUARTER: Json = {
    **ABOUT,
    "quarter": ids.QUARTER,
    "label_vi": "Quý IV/2026",
    "label_en": "Quarter IV/2026",
    "first_day": "2026-10-01",
    "last_day": "2026-12-31",
    "previous": "2026-Q3",
    "next": "2027-Q1",
    "as_issuer": CELLS,
    "as_lead": CELLS,
    "closed_at": None,
}
NONE: Json = {**dict.fromkeys(CELLS, 0), "completion_rate": None}
QUARTER_CLOSING: Json = {
    **ids.resource(ids.QUARTER_CLOSING),
    "organization_id": ids.PARTY,
    "quarter": ids.CLOSED_QUARTER,
    "closed_by": "Khóa dùng thử (demo)",
    "report": {
        "as_of": "2026-11-24",
        "total": NONE,
        "by_field": [{"field": one, "cells": NONE} for one in (*map(str, WorkField), None)],
        "by_kind": [{"kind": str(one), "cells": NONE} for one in TaskKind],
    },
}
REVIEWS: Json = {
    "organization_id": ids.COMMUNE,
    "organization_name": "Xã Minh Họa",
    "quarter": ids.QUARTER,
    "items": [
        {
            "organization_id": ids.PARTY,
            "parent_id": ids.COMMUNE,
            "level": "commune",
            "label_vi": "Đảng ủy xã Minh Họa",
            "label_en": "Đảng ủy xã Minh Họa",
            "tasks": 14,
            "unreviewed": 3,
            "meeting_id": ids.NEXT_BRIEFING,
            "meeting_status": "scheduled",
            "meeting_held_on": "2026-12-25",
        }
    ],
}
DUE: Json = {
    "id": ids.TASK,
    "code": "NV-0000200000",
    "title": "Nâng cao chất lượng sinh hoạt chi bộ",
    "quarter": ids.QUARTER,
    "status": "in_progress",
    "timeliness": "open_within_deadline",
    "effective_due_date": "2026-12-10",
    "days_overdue": 0,
    "issuing_organization_id": ids.PARTY,
    "lead_organization_id": ids.PARTY_BUILDING,
}
CHAIN: Json = {
    "id": ids.SUCCESSOR_TASK,
    "code": "NV-00002B0000",
    "title": "Ra mắt mô hình dân vận khéo",
    "carry_count": 1,
    "root_task_id": ids.CARRIED_TASK,
    "root_due_date": "2026-09-30",
    "status": "in_progress",
    "issuing_organization_id": ids.PARTY,
    "lead_organization_id": ids.FRONT,
    "days_late_by_root": 59,
    "tasks": [
        {
            "id": ids.CARRIED_TASK,
            "code": "NV-0000170000",
            "quarter": ids.QUARTER_BEFORE,
            "status": "carried_over",
            "effective_due_date": "2026-09-30",
        },
        {
            "id": ids.SUCCESSOR_TASK,
            "code": "NV-00002B0000",
            "quarter": ids.QUARTER,
            "status": "in_progress",
            "effective_due_date": "2026-12-31",
        },
    ],
}
