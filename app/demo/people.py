"""The people of the made-up province, and the positions they hold or held. Any likeness is by chance."""

from app import example_ids as ids
from app.demo import making
from app.types import Json
from app.work import Work

SINCE = "2025-07-01"  # when communes became what they are now


def _held(body: str, title: str, *, since: str = SINCE, until: str | None = None, also: bool = False) -> Json:
    """A position; `also` where it is held beside the person's primary one."""
    return {
        "organization_id": body,
        "title": title,
        "started_on": since,
        "ended_on": until,
        "is_primary": not also,
    }


# id, full name, how the person is addressed, positions: at home in the body of the first
PEOPLE = (
    (
        ids.SECRETARY,
        "Nguyễn Văn Mẫu",
        "comrade",
        (
            _held(ids.PARTY, "Bí thư Đảng ủy xã"),
            _held(ids.COUNCIL, "Chủ tịch HĐND xã", also=True),
        ),
    ),
    (
        ids.STANDING_DEPUTY,
        "Trần Thị Ánh",
        "comrade",
        (_held(ids.PARTY, "Phó Bí thư Thường trực Đảng ủy xã"),),
    ),
    (
        ids.COMMITTEE_CHAIR,
        "Lê Quang Đạo",
        "mr",
        (
            _held(ids.COMMITTEE, "Chủ tịch UBND xã"),
            _held(ids.PARTY, "Phó Bí thư Đảng ủy xã", also=True),
        ),
    ),
    (ids.OFFICE_CHIEF, "Đặng Thùy Dương", "comrade", (_held(ids.OFFICE, "Chánh Văn phòng Đảng ủy xã"),)),
    (ids.CLERK, "Phạm Hải Yến", "comrade", (_held(ids.OFFICE, "Chuyên viên Văn phòng Đảng ủy xã"),)),
    (
        ids.PARTY_BUILDING_HEAD,
        "Hoàng Đức Ước",
        "comrade",
        (
            _held(
                ids.PARTY_BUILDING,
                "Phó Trưởng Ban Xây dựng Đảng",
                until="2026-03-31",
            ),
            _held(ids.PARTY_BUILDING, "Trưởng Ban Xây dựng Đảng", since="2026-04-01"),
            _held(ids.PARTY, "Ủy viên Ban Thường vụ Đảng ủy xã", since="2026-04-01", also=True),
        ),
    ),
    (ids.INSPECTION_HEAD, "Vũ Thị Ngọc Ẩn", "comrade", (_held(ids.INSPECTION, "Chủ nhiệm Ủy ban Kiểm tra"),)),
    (
        ids.FRONT_CHAIR,
        "Bùi Minh Đức",
        "mr",
        (
            _held(ids.FRONT, "Chủ tịch Ủy ban MTTQ Việt Nam xã"),
            _held(ids.PARTY, "Ủy viên Ban Thường vụ Đảng ủy xã", also=True),
        ),
    ),
    (ids.UNION_CHAIR, "Đỗ Thị Bình", "mrs", (_held(ids.TRADE_UNION, "Chủ tịch Công đoàn xã"),)),
    (ids.FARMERS_CHAIR, "Ngô Văn Điền", "mr", (_held(ids.FARMERS, "Chủ tịch Hội Nông dân xã"),)),
    (
        ids.YOUTH_SECRETARY,
        "Dương Khánh An",
        "comrade",
        (
            _held(ids.YOUTH, "Bí thư Đoàn xã"),
            _held(ids.FRONT, "Ủy viên Ủy ban MTTQ xã (để thử xóa)", also=True),
        ),
    ),
    (ids.WOMEN_CHAIR, "Hồ Thị Mỹ Hạnh", "mrs", (_held(ids.WOMEN, "Chủ tịch Hội Liên hiệp Phụ nữ xã"),)),
    (ids.WOMEN_DEPUTY, "Lý Thu Ngân", "mrs", (_held(ids.WOMEN, "Phó Chủ tịch Hội Liên hiệp Phụ nữ xã"),)),
    (ids.VETERANS_CHAIR, "Trịnh Xuân Ổn", "mr", (_held(ids.VETERANS, "Chủ tịch Hội Cựu chiến binh xã"),)),
    (ids.POLICE_CHIEF, "Phan Anh Tuấn", "comrade", (_held(ids.POLICE, "Trưởng Công an xã"),)),
    (
        ids.MILITARY_CHIEF,
        "Mai Văn Thắng",
        "comrade",
        (_held(ids.MILITARY, "Chỉ huy trưởng Ban Chỉ huy Quân sự xã"),),
    ),
    (
        ids.PROVINCIAL_OFFICIAL,
        "Tô Hoài Ví",
        "comrade",
        (_held(ids.PROVINCE_OFFICE, "Phó Chánh Văn phòng Tỉnh ủy"),),
    ),
    (ids.MAU_MOT_SECRETARY, "Kiều Thanh Mai", "comrade", (_held(ids.MAU_MOT_PARTY, "Bí thư Đảng ủy xã"),)),
)
REACHED: dict[str, Json] = {
    ids.COMMITTEE_CHAIR: {"email": "ldao@minh-hoa.example", "phone": "000 000 0012"},
    ids.OFFICE_CHIEF: {"email": "dduong@minh-hoa.example", "phone": "000 000 0013"},
}


def make(work: Work) -> None:
    """Each with the positions; the last is a spare one, whom nothing names."""
    for id_, name, honorific, positions in PEOPLE:
        making.speaker(
            work,
            id_,
            full_name=name,
            honorific=honorific,
            organization_id=positions[0]["organization_id"],
            positions=positions,
            **REACHED.get(id_, {}),
        )
    making.speaker(
        work, ids.SPARE_SPEAKER, full_name="Người Dự Phòng (để thử xóa)", organization_id=ids.OFFICE
    )
