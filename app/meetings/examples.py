"""What the documentation shows of meetings and what they contain, in terms of the example data.

The quarters of the example data are those of the day it was loaded, so what is sent names none of them.
"""

from app import example_ids as ids
from app.example_ids import Noun, part_of
from app.types import Json

PARTICIPATION_IN: Json = {
    "organization_id": ids.FRONT,
    "speaker_id": None,
    "role": "delegate",
    "attendance": "invited",
    "headcount": 2,
}
PARTICIPATION_PATCH: Json = {
    "attendance": "late",
    "title_snapshot": "Phó Bí thư Đảng ủy, Chủ tịch UBND xã",
    "absence_reason": None,
}
PARTICIPATION: Json = {
    **ids.resource(ids.PARTICIPATION),
    "meeting_id": ids.BRIEFING,
    "organization_id": ids.COMMITTEE,
    "speaker_id": ids.COMMITTEE_CHAIR,
    "role": "delegate",
    "attendance": "present",
    "absence_reason": None,
    "title_snapshot": "Chủ tịch UBND xã",
    "substitute_for_id": None,
    "headcount": None,
}
AGENDA_ITEM_IN: Json = {
    "parent_id": None,
    "title": "Thảo luận: hỗ trợ người dân nộp hồ sơ trực tuyến",
    "kind": "discussion",
    "presenter_id": ids.YOUTH_SECRETARY,
    "presenting_organization_id": ids.YOUTH,
    "duration_minutes": 30,
}
AGENDA_ITEM_PATCH: Json = {
    "minutes_text": "Thu ngân sách đạt 78% dự toán; hồ sơ đúng hạn 96%. Đề nghị bổ sung thiết bị số hóa.",
    "duration_minutes": 25,
    "status": "done",
}
AGENDA_ITEM: Json = {
    **ids.resource(ids.BRIEFING_ECONOMY),
    "meeting_id": ids.BRIEFING,
    "parent_id": ids.BRIEFING_REPORT,
    "position": 1,
    "number": "3.2",
    "title": "Kinh tế - xã hội, thu ngân sách",
    "description": None,
    "kind": "report",
    "presenter_id": ids.COMMITTEE_CHAIR,
    "presenting_organization_id": ids.COMMITTEE,
    "duration_minutes": 20,
    "status": "done",
    "minutes_text": "Thu ngân sách đạt 78% dự toán; giải quyết hồ sơ đúng hạn 96% (số liệu mẫu).",
    "carried_from_id": None,
}
_LAST_CONCLUSIONS, _OPENING, _REPORT, _DISCUSSION, _PLAN, _DIRECTIVE, _CONCLUSION, _CLOSING, _POSTPONED = (
    part_of(ids.NEXT_BRIEFING, Noun.AGENDA_ITEM, n) for n in range(1, 10)
)
AGENDA_ORDER: Json = {
    "items": [
        {"id": _OPENING, "parent_id": None},
        {"id": _LAST_CONCLUSIONS, "parent_id": None},
        {"id": _POSTPONED, "parent_id": _LAST_CONCLUSIONS},
        *(
            {"id": id_, "parent_id": None}
            for id_ in (_REPORT, _DISCUSSION, _PLAN, _DIRECTIVE, _CONCLUSION, _CLOSING)
        ),
    ]
}
AGENDA: Json = {
    "items": [
        {
            **AGENDA_ITEM,
            **ids.resource(id_),
            "meeting_id": ids.NEXT_BRIEFING,
            "parent_id": parent,
            "position": position,
            "number": None,
            "title": title,
            "kind": kind,
            "duration_minutes": None,
            "presenter_id": None,
            "presenting_organization_id": None,
            "status": "pending",
            "minutes_text": None,
            "carried_from_id": carried_from,
        }
        for id_, parent, position, title, kind, carried_from in (
            (
                _LAST_CONCLUSIONS,
                None,
                1,
                "Việc thực hiện kết luận hội nghị trước",
                "previous_conclusions",
                None,
            ),
            (
                _POSTPONED,
                _LAST_CONCLUSIONS,
                0,
                "Dự thảo quy chế phối hợp",
                "discussion",
                ids.BRIEFING_POSTPONED,
            ),
        )
    ]
}
MEETING_IN: Json = {
    "host_organization_id": ids.PARTY,
    "title": "Hội nghị giao ban Quý IV/2026, phương hướng nhiệm vụ Quý I/2027",
    "kind": "quarterly_briefing",
    "audience": "Các cơ quan tham mưu, giúp việc của Đảng ủy; UBND, Ủy ban MTTQ và các đoàn thể xã",
    "review_period": "2026-Q4",
    "plan_period": "2027-Q1",
    "data_cutoff_on": "2026-12-20",
    "held_on": "2026-12-24",
    "starts_at": "2026-12-24T08:00:00+07:00",
    "ends_at": "2026-12-24T11:00:00+07:00",
    "format": "in_person",
    "location": "Hội trường UBND xã Minh Họa (dữ liệu mẫu)",
    "online_url": None,
    "visibility": "internal",
    "record": "minuted",
    "agenda_items": [
        {"title": "Khai mạc", "kind": "opening", "duration_minutes": 10},
        {"title": "Báo cáo kết quả Quý IV/2026", "kind": "report", "presenter_id": ids.STANDING_DEPUTY},
        {"title": "Thảo luận", "kind": "discussion"},
        {"title": "Nhiệm vụ trọng tâm Quý I/2027", "kind": "plan"},
        {"title": "Kết luận", "kind": "conclusion", "presenter_id": ids.SECRETARY},
    ],
    "participations": [
        {"organization_id": ids.PARTY, "speaker_id": ids.SECRETARY, "role": "chair"},
        {"organization_id": ids.OFFICE, "speaker_id": ids.CLERK, "role": "secretary"},
        {"organization_id": ids.FRONT, "role": "delegate"},
    ],
}
MEETING_PATCH: Json = {
    "location": "Phòng họp số 1, UBND xã Minh Họa (dữ liệu mẫu)",
    "online_url": None,
    "summary": "Phần lớn nhiệm vụ hoàn thành đúng hạn; còn chậm về đất đai và chuyển đổi số.",
}
MEETING: Json = {
    **ids.resource(ids.BRIEFING, version=4),
    "host_organization_id": ids.PARTY,
    "code": "HN-0000110000",
    "title": "Hội nghị giao ban Quý III/2026, phương hướng nhiệm vụ Quý IV/2026",
    "kind": "quarterly_briefing",
    "audience": "Các cơ quan tham mưu, giúp việc của Đảng ủy; UBND, Ủy ban MTTQ và các đoàn thể xã; các thôn",
    "review_period": "2026-Q3",
    "plan_period": "2026-Q4",
    "data_cutoff_on": "2026-09-18",
    "previous_meeting_id": ids.EARLIER_BRIEFING,
    "held_on": "2026-09-25",
    "starts_at": "2026-09-25T00:30:00.000Z",
    "ends_at": "2026-09-25T04:15:00.000Z",
    "format": "in_person",
    "location": "Hội trường UBND xã Minh Họa (dữ liệu mẫu)",
    "online_url": None,
    "visibility": "internal",
    "record": "minuted",
    "source_text": None,
    "summary": "Đánh giá Quý III/2026: phần lớn nhiệm vụ hoàn thành đúng hạn, còn chậm về đất đai và "
    "chuyển đổi số. Giao các nhiệm vụ Quý IV/2026.",
    "status": "held",
    "allowed_transitions": ["close"],
}
MEETING_MOVE_IN: Json = {"transition": "schedule", "comment": "Giấy mời đã gửi các cơ quan."}
MEETING_MOVE: Json = {
    **ids.fact(ids.MEETING_TRANSITION),
    "meeting_id": ids.BRIEFING,
    "transition": "hold",
    "from_status": "in_progress",
    "to_status": "held",
    "effective_on": "2026-09-25",
    "comment": None,
    "warnings": [],
}
