"""The meetings of the made-up province: two briefings held, the next in preparation, and others."""

from datetime import timedelta
from typing import Any

from app import example_ids as ids
from app.demo import making
from app.demo.days import Days, at, workday
from app.quarter import Quarter
from app.types import Json
from app.work import Work

HALL = "Hội trường UBND xã Minh Họa (dữ liệu mẫu)"
AUDIENCE = "Các cơ quan tham mưu, giúp việc của Đảng ủy; UBND, Ủy ban MTTQ và các đoàn thể xã; các thôn"


def make(work: Work, days: Days) -> None:
    """Each after the one that it follows."""
    for each in (_earlier_briefing(days), _briefing(days), *_others(days)):
        making.meeting(work, **{"format": "in_person", **each})
    making.next_meeting(work, ids.NEXT_BRIEFING, **_next_briefing(days))


def _item(title: str, kind: str, presenter: str | None = None, **more: Any) -> Json:
    return {"title": title, "kind": kind, "presenter_id": presenter, **more}


def _person(organization_id: str, speaker_id: str, role: str = "delegate", **more: Any) -> Json:
    return {
        "organization_id": organization_id,
        "speaker_id": speaker_id,
        "role": role,
        "attendance": "present",
        **more,
    }


def _reviewing(quarter: Quarter) -> Json:
    """What a briefing that reviews this quarter is called and plans."""
    return {
        "title": f"Hội nghị giao ban {quarter.label_vi}, phương hướng nhiệm vụ {quarter.next.label_vi}",
        "kind": "quarterly_briefing",
        "host_organization_id": ids.PARTY,
        "audience": AUDIENCE,
        "review_period": str(quarter),
        "plan_period": str(quarter.next),
        "location": HALL,
    }


def _earlier_briefing(days: Days) -> Json:
    day, quarter = days.earlier_briefing, days.last.previous
    return {
        **_reviewing(quarter),
        "id": ids.EARLIER_BRIEFING,
        "held_on": day,
        "starts_at": at(day, 8),
        "ends_at": at(day, 11),
        "summary": f"Đánh giá {quarter.label_vi} và giao các nhiệm vụ {days.last.label_vi}.",
        "items": [
            _item("Khai mạc", "opening", ids.OFFICE_CHIEF, status="done"),
            _item(f"Báo cáo kết quả {quarter.label_vi}", "report", ids.STANDING_DEPUTY, status="done"),
            _item("Thảo luận", "discussion", status="done"),
            _item(f"Nhiệm vụ {days.last.label_vi}", "plan", ids.STANDING_DEPUTY, status="done"),
            _item("Kết luận", "conclusion", ids.SECRETARY, status="done"),
        ],
        "participations": [
            _person(ids.PARTY, ids.SECRETARY, "chair"),
            _person(ids.OFFICE, ids.CLERK, "secretary"),
            _person(ids.PARTY, ids.STANDING_DEPUTY),
            _person(ids.COMMITTEE, ids.COMMITTEE_CHAIR),
            _person(ids.FRONT, ids.FRONT_CHAIR),
        ],
        "moves": [{"transition": "hold", "effective_on": day}],
    }


def _briefing(days: Days) -> Json:
    day, quarter = days.briefing, days.last
    return {
        **_reviewing(quarter),
        "id": ids.BRIEFING,
        "previous_meeting_id": ids.EARLIER_BRIEFING,
        "data_cutoff_on": workday(day - timedelta(7)),
        "held_on": day,
        "starts_at": at(day, 7, 30),
        "ends_at": at(day, 11, 15),
        "summary": (
            f"Đánh giá {quarter.label_vi}: phần lớn nhiệm vụ hoàn thành đúng hạn, còn chậm về đất đai và "
            f"chuyển đổi số. Giao các nhiệm vụ {quarter.next.label_vi}."
        ),
        "items": _briefing_items(quarter),
        "participations": _briefing_participations(),
        "moves": [
            {"transition": "schedule", "effective_on": day, "comment": "Giấy mời đã gửi."},
            {"transition": "start", "effective_on": day},
            {"transition": "hold", "effective_on": day},
        ],
    }


def _briefing_items(quarter: Quarter) -> list[Json]:
    below = {"parent_id": ids.BRIEFING_REPORT}
    items = [
        _item(
            "Khai mạc, giới thiệu đại biểu",
            "opening",
            ids.OFFICE_CHIEF,
            number="1",
            duration_minutes=10,
            minutes_text="Chánh Văn phòng nêu lý do, giới thiệu đại biểu và thông qua chương trình.",
        ),
        _item(
            "Việc thực hiện kết luận hội nghị trước",
            "previous_conclusions",
            ids.OFFICE_CHIEF,
            number="2",
            duration_minutes=15,
            minutes_text="Các kết luận của hội nghị trước cơ bản đã thực hiện; hai việc còn chậm.",
        ),
        _item(f"Báo cáo kết quả {quarter.label_vi}", "report", ids.STANDING_DEPUTY, number="3"),
        _item(
            "Công tác xây dựng Đảng",
            "report",
            ids.PARTY_BUILDING_HEAD,
            number="3.1",
            presenting_organization_id=ids.PARTY_BUILDING,
            duration_minutes=15,
            minutes_text="12/12 chi bộ sinh hoạt chuyên đề; kết nạp 3 đảng viên (số liệu mẫu).",
            **below,
        ),
        _item(
            "Kinh tế - xã hội, thu ngân sách",
            "report",
            ids.COMMITTEE_CHAIR,
            number="3.2",
            presenting_organization_id=ids.COMMITTEE,
            duration_minutes=20,
            minutes_text="Thu ngân sách đạt 78% dự toán; giải quyết hồ sơ đúng hạn 96% (số liệu mẫu).",
            **below,
        ),
        _item(
            "Công tác Mặt trận và đoàn thể",
            "report",
            ids.FRONT_CHAIR,
            number="3.3",
            presenting_organization_id=ids.FRONT,
            duration_minutes=15,
            minutes_text="Tổ chức 2 cuộc giám sát; vận động quỹ đạt 85% kế hoạch (số liệu mẫu).",
            **below,
        ),
        _item(
            "Quốc phòng - an ninh",
            "report",
            ids.POLICE_CHIEF,
            number="3.4",
            presenting_organization_id=ids.POLICE,
            duration_minutes=10,
            minutes_text="Trật tự giữ vững; không để xảy ra vụ việc phức tạp (số liệu mẫu).",
            **below,
        ),
        _item(
            "Thảo luận tồn tại, hạn chế, khó khăn",
            "discussion",
            number="4",
            duration_minutes=45,
            minutes_text="""\
- Công đoàn: công nhân làm ca nên khó tổ chức sinh hoạt; đề nghị họp vào cuối tuần.
- UBND: số hóa hồ sơ đất đai chậm vì thiếu thiết bị.
- Thôn Một: đường liên thôn xuống cấp sau mưa.
""",
        ),
        _item(
            f"Nhiệm vụ trọng tâm {quarter.next.label_vi}",
            "plan",
            ids.STANDING_DEPUTY,
            number="5",
            duration_minutes=20,
            minutes_text="Hội nghị thống nhất các nhiệm vụ, cơ quan chủ trì và thời hạn từng việc.",
        ),
        _item(
            "Dự thảo quy chế phối hợp",
            "discussion",
            number="6",
            status="postponed",
            minutes_text="Chuyển sang hội nghị sau để lấy thêm ý kiến các thôn.",
        ),
        _item(
            "Phát biểu chỉ đạo",
            "directive",
            ids.PROVINCIAL_OFFICIAL,
            number="7",
            presenting_organization_id=ids.PROVINCE_OFFICE,
            duration_minutes=15,
            minutes_text="Đề nghị xã rà soát việc chậm, phân công rõ người, rõ việc, rõ thời hạn.",
        ),
        _item(
            "Kết luận",
            "conclusion",
            ids.SECRETARY,
            number="8",
            duration_minutes=10,
            minutes_text="Bí thư Đảng ủy tiếp thu ý kiến, giao Văn phòng ban hành thông báo kết luận.",
        ),
        _item("Bế mạc", "closing", ids.SECRETARY, number="9", duration_minutes=5),
    ]
    return [{"status": "done", **item} for item in items]


def _briefing_participations() -> list[Json]:
    return [
        _person(ids.PARTY, ids.SECRETARY, "chair"),
        _person(ids.PARTY, ids.STANDING_DEPUTY, "co_chair"),
        _person(ids.OFFICE, ids.CLERK, "secretary"),
        _person(ids.PROVINCE_OFFICE, ids.PROVINCIAL_OFFICIAL, "directing_official"),
        _person(ids.OFFICE, ids.OFFICE_CHIEF),
        _person(ids.COMMITTEE, ids.COMMITTEE_CHAIR),
        _person(ids.PARTY_BUILDING, ids.PARTY_BUILDING_HEAD),
        _person(ids.INSPECTION, ids.INSPECTION_HEAD),
        _person(ids.FRONT, ids.FRONT_CHAIR),
        _person(ids.TRADE_UNION, ids.UNION_CHAIR),
        _person(ids.FARMERS, ids.FARMERS_CHAIR, attendance="late"),
        _person(ids.YOUTH, ids.YOUTH_SECRETARY),
        _person(ids.WOMEN, ids.WOMEN_CHAIR, attendance="excused", absence_reason="Đi công tác"),
        _person(ids.WOMEN, ids.WOMEN_DEPUTY, substitute_for_id=ids.WOMEN_CHAIR),
        _person(ids.VETERANS, ids.VETERANS_CHAIR),
        _person(ids.POLICE, ids.POLICE_CHIEF),
        _person(ids.MILITARY, ids.MILITARY_CHIEF, attendance="excused", absence_reason="Trực chỉ huy"),
        {"organization_id": ids.VILLAGE_ONE, "role": "guest", "attendance": "present", "headcount": 2},
        {"organization_id": ids.VILLAGE_TWO, "role": "guest", "attendance": "absent"},
    ]


def _next_briefing(days: Days) -> Json:
    """What follows from the last one is drafted; who is invited is added, and it is announced."""
    return {
        "after": ids.BRIEFING,
        "held_on": days.next_briefing,
        "participations": [
            {**_person(ids.PARTY, ids.SECRETARY, "chair"), "attendance": "invited"},
            {**_person(ids.OFFICE, ids.CLERK, "secretary"), "attendance": "invited"},
            *(
                {"organization_id": body, "attendance": "invited"}
                for body in (ids.COMMITTEE, ids.PARTY_BUILDING, ids.INSPECTION, ids.FRONT, ids.POLICE)
            ),
        ],
        "moves": [{"transition": "schedule"}],
    }


def _others(days: Days) -> list[Json]:
    """One of each other kind and state."""
    return [
        _prepared(days),
        {
            "id": ids.SPARE_MEETING,
            "host_organization_id": ids.PARTY,
            "title": "Cuộc họp dự phòng (để thử xóa)",
            "kind": "other",
            "held_on": days.next_briefing,
        },
        _monthly(days),
        _standing_committee(days),
        {
            "id": ids.POSTPONED,
            "host_organization_id": ids.FRONT,
            "title": "Hội nghị sơ kết phong trào thi đua (dữ liệu mẫu)",
            "kind": "review_conference",
            "held_on": workday(days.ago(4)),
            "moves": [
                {"transition": "schedule", "effective_on": days.ago(20)},
                {"transition": "postpone", "effective_on": days.ago(6), "comment": "Mưa lũ, chờ lịch mới."},
            ],
        },
        {
            "id": ids.CANCELLED,
            "host_organization_id": ids.PARTY,
            "title": "Hội nghị bất thường về phòng chống thiên tai (dữ liệu mẫu)",
            "kind": "extraordinary",
            "held_on": workday(days.ago(12)),
            "moves": [
                {"transition": "schedule", "effective_on": days.ago(14)},
                {"transition": "cancel", "effective_on": days.ago(13), "comment": "Bão đổi hướng."},
            ],
        },
        _of_the_neighbour(days),
    ]


def _prepared(days: Days) -> Json:
    return {
        "id": ids.PREPARED,
        "host_organization_id": ids.PARTY,
        "title": "Hội nghị chuyên đề về chuyển đổi số (dữ liệu mẫu)",
        "kind": "thematic",
        "held_on": days.next_briefing,
        "format": "hybrid",
        "online_url": "https://hop.minh-hoa.example/chuyen-de",
        "items": [
            _item("Khai mạc", "opening", ids.OFFICE_CHIEF),
            _item("Báo cáo chuyên đề", "report", ids.COMMITTEE_CHAIR),
            _item("Mục dự phòng (để thử xóa)", "other"),
        ],
        "participations": [
            {**_person(ids.PARTY, ids.STANDING_DEPUTY, "chair"), "attendance": "invited"},
            {**_person(ids.OFFICE, ids.CLERK, "secretary"), "attendance": "invited"},
            {"organization_id": ids.FARMERS, "role": "observer"},
        ],
    }


def _monthly(days: Days) -> Json:
    day = workday(days.ago(9))
    return {
        "id": ids.MONTHLY,
        "host_organization_id": ids.COMMITTEE,
        "title": f"Giao ban UBND xã tháng {day.month}/{day.year}",
        "kind": "monthly_briefing",
        "plan_period": f"{day.year}-M{day.month:02}",
        "held_on": day,
        "starts_at": at(day, 14),
        "visibility": "public",
        "items": [_item("Tiến độ các nhiệm vụ trong tháng", "review", ids.COMMITTEE_CHAIR, status="done")],
        "participations": [
            _person(ids.COMMITTEE, ids.COMMITTEE_CHAIR, "chair"),
            _person(ids.OFFICE, ids.CLERK, "secretary"),
            _person(ids.POLICE, ids.POLICE_CHIEF),
        ],
        "moves": [{"transition": "hold", "effective_on": day}],
    }


def _standing_committee(days: Days) -> Json:
    day = workday(days.ago(16))
    return {
        "id": ids.STANDING_COMMITTEE,
        "host_organization_id": ids.PARTY,
        "title": "Họp Ban Thường vụ về công tác cán bộ (dữ liệu mẫu)",
        "kind": "standing_committee",
        "held_on": day,
        "visibility": "restricted",
        "items": [_item("Công tác cán bộ", "discussion", ids.PARTY_BUILDING_HEAD, status="done")],
        "participations": [
            _person(ids.PARTY, ids.SECRETARY, "chair"),
            _person(ids.PARTY, ids.STANDING_DEPUTY, "secretary"),
            _person(ids.PARTY_BUILDING, ids.PARTY_BUILDING_HEAD),
        ],
        "moves": [{"transition": "hold", "effective_on": day}],
    }


def _of_the_neighbour(days: Days) -> Json:
    """Known from the commune's report only: without a secretary, which is let pass with a warning."""
    return {
        **_reviewing(days.last),
        "id": ids.MAU_MOT_BRIEFING,
        "host_organization_id": ids.MAU_MOT_PARTY,
        "audience": None,
        "location": None,
        "held_on": days.briefing,
        "record": "reported",
        "source_text": "Theo báo cáo của Đảng ủy xã Mẫu Một (dữ liệu mẫu).",
        "participations": [
            _person(ids.MAU_MOT_PARTY, ids.MAU_MOT_SECRETARY, "chair"),
            {"organization_id": ids.MAU_MOT_COMMITTEE, "attendance": "present"},
        ],
        "moves": [{"transition": "hold", "effective_on": days.briefing}],
    }
