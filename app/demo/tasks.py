"""The tasks of the made-up province: of the last quarter and of this one, in every state and cell."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app import example_ids as ids
from app.demo import making
from app.demo.days import BEFORE_THE_END, Days
from app.quarter import Quarter
from app.quarterly_tasks.models import QuarterlyTask
from app.types import Json
from app.work import Work

NEVER = 1000  # days ago: clipped to the day the task was issued
ANSWERS_FOR = {  # who answers for what these bodies lead
    ids.PARTY_BUILDING: ids.PARTY_BUILDING_HEAD,
    ids.INSPECTION: ids.INSPECTION_HEAD,
    ids.COMMITTEE: ids.COMMITTEE_CHAIR,
    ids.FRONT: ids.FRONT_CHAIR,
}


@dataclass(frozen=True)
class Task:
    """One row; days count from the end of its quarter, or from the day of loading where that comes first."""

    id: str
    title: str
    area: str | None
    lead: str
    story: tuple[Json, ...] | None = ()  # what happened after it was issued; None: a draft
    coordinating: tuple[str, ...] = ()
    supervising: tuple[str, ...] = ()
    kind: str = "key"
    due: int | None = None
    more: Json = field(default_factory=dict)

    @property
    def assignments(self) -> list[Json]:
        return [
            {"organization_id": self.lead, "role": "lead", "speaker_id": ANSWERS_FOR.get(self.lead)},
            *({"organization_id": one, "role": "coordinating"} for one in self.coordinating),
            *({"organization_id": one, "role": "supervising"} for one in self.supervising),
        ]


@dataclass(frozen=True)
class Setting:
    """Who sets tasks for which quarter, on which day, and at which meeting."""

    issuer: str
    quarter: Quarter
    on: date
    at: tuple[str, str] | None = None

    @property
    def members(self) -> Json:
        meeting, item = self.at or (None, None)
        return {
            "issuing_organization_id": self.issuer,
            "quarter": str(self.quarter),
            "set_at_meeting_id": meeting,
            "agenda_item_id": item,
        }


def _then(ago: int, kind: str, text: str | None = None, **said: Any) -> Json:
    """A step of a story, so many days ago. A transition has a comment where other entries have a text."""
    about = {"text": text} if kind in RECORDED else {"comment": text}
    return {"ago": ago, "kind": kind, **about, **said}


RECORDED = {"progress", "due_date_changed", "reassigned", "reclassified"}
STARTED = _then(NEVER, "start")


def _done(ago: int, summary: str, *, confirmed: int | None = None) -> tuple[Json, ...]:
    """Completion reported, and confirmed so many days ago where it was."""
    reported = _then(ago, "report_completion", result_summary=summary)
    return (reported,) if confirmed is None else (reported, _then(confirmed, "confirm"))


OF_THE_LAST_QUARTER = (
    Task(
        ids.task(0x10),
        "Tổ chức sinh hoạt chuyên đề tại 100% chi bộ trực thuộc",
        "party_building",
        ids.PARTY_BUILDING,
        (
            STARTED,
            _then(40, "progress", progress_percent=50),
            *_done(10, "12/12 chi bộ đã sinh hoạt.", confirmed=4),
        ),
        supervising=(ids.INSPECTION,),
        more={
            "measures": [
                {"name": "Chi bộ sinh hoạt chuyên đề", "unit": "chi bộ", "target": 12, "achieved": 12}
            ]
        },
    ),
    Task(
        ids.task(0x11),
        "Rà soát, công khai thủ tục hành chính tại bộ phận một cửa",
        "admin_reform",
        ids.COMMITTEE,
        (STARTED, *_done(20, "Đã niêm yết và đăng trên trang thông tin điện tử xã.", confirmed=12)),
        kind="regular",
        due=-15,
    ),
    Task(
        ids.task(0x12),
        "Giám sát việc chi trả chính sách cho người có công",
        "front_mass",
        ids.FRONT,
        (STARTED, *_done(3, "Giám sát tại hai thôn, không phát hiện sai sót.", confirmed=0)),
        coordinating=(ids.VETERANS, ids.WOMEN),
    ),
    Task(
        ids.task(0x13),
        "Hoàn thành kế hoạch kiểm tra đảng viên 6 tháng",
        "inspection",
        ids.INSPECTION,
        (STARTED, *_done(12, "Kiểm tra 2 chi bộ, 4 đảng viên.", confirmed=8)),
        due=-30,
    ),
    Task(
        ids.task(0x14),
        "Sửa chữa đường liên thôn sau mưa lũ",
        "socio_economic",
        ids.COMMITTEE,
        (
            STARTED,
            _then(30, "progress", "Chờ vật liệu", progress_percent=40),
            *_done(5, "Đã thông xe, còn hoàn thiện rãnh thoát nước."),
        ),
        coordinating=(ids.VILLAGE_ONE, ids.VILLAGE_TWO),
        due=-25,
    ),
    Task(
        ids.task(0x15),
        "Số hóa hồ sơ đất đai hai thôn",
        "digital_transformation",
        ids.COMMITTEE,
        (
            STARTED,
            _then(20, "progress", "Thiếu máy quét khổ lớn", progress_percent=35),
            _then(BEFORE_THE_END, "due_date_changed", "Hội nghị gia hạn để chờ thiết bị", due_ahead=75),
        ),
        coordinating=(ids.POLICE,),
        more={"priority": "high"},
    ),
    Task(
        ids.task(0x16),
        "Tu sửa nhà văn hóa Thôn Hai",
        "culture_society",
        ids.VILLAGE_TWO,
        (STARTED, _then(25, "suspend", "Chờ bố trí kinh phí")),
        kind="regular",
    ),
    Task(
        ids.CARRIED_TASK,
        "Xây dựng mô hình dân vận khéo tại khu dân cư",
        "front_mass",
        ids.FRONT,
        (STARTED, _then(15, "progress", "Đã có một mô hình, còn một", progress_percent=50)),
        coordinating=(ids.FARMERS, ids.WOMEN),
    ),
    Task(
        ids.task(0x18),
        "Tổ chức hội thao các cơ quan xã",
        "culture_society",
        ids.YOUTH,
        (_then(35, "cancel", "Dồn lực khắc phục mưa lũ"),),
        kind="regular",
    ),
)
OF_THIS_QUARTER = (
    Task(
        ids.TASK,
        "Nâng cao chất lượng sinh hoạt chi bộ, phát triển đảng viên mới",
        "party_building",
        ids.PARTY_BUILDING,
        (
            _then(40, "start", "Đã ban hành kế hoạch"),
            _then(30, "progress", "Xong bồi dưỡng nhận thức về Đảng", progress_percent=20),
            _then(8, "progress", "Đã xét kết nạp 2 quần chúng", progress_percent=45),
        ),
        coordinating=(ids.YOUTH, ids.TRADE_UNION),
        supervising=(ids.INSPECTION,),
        more={
            "description": "Mỗi chi bộ sinh hoạt chuyên đề ít nhất một buổi; kết nạp đảng viên mới.",
            "expected_result": "12 chi bộ sinh hoạt chuyên đề; kết nạp 5 đảng viên.",
            "priority": "high",
            "issued_by_id": ids.SECRETARY,
            "measures": [
                {"name": "Chi bộ sinh hoạt chuyên đề", "unit": "chi bộ", "target": 12, "achieved": 7},
                {"name": "Kết nạp đảng viên", "unit": "người", "target": 5, "achieved": 2},
            ],
            "source_document": {
                "number": "12-CTr/ĐU (dữ liệu mẫu)",
                "date": "2026-01-05",
                "excerpt": "Chú trọng chất lượng sinh hoạt chi bộ và phát triển đảng viên.",
            },
        },
    ),
    Task(
        ids.TASK_TO_REPORT,
        "Tuyên truyền kết quả một năm chính quyền địa phương hai cấp",
        "culture_society",
        ids.OFFICE,
        (STARTED, _then(5, "progress", "Đã phát thanh tại hai thôn", progress_percent=90)),
        coordinating=(ids.FRONT,),
    ),
    Task(
        ids.task(0x22),
        "Kiểm tra việc chấp hành quy chế làm việc",
        "inspection",
        ids.INSPECTION,
        (STARTED, *_done(6, "Kiểm tra ba cơ quan; đã thông báo kết luận.", confirmed=3)),
    ),
    Task(
        ids.task(0x23),
        "Ra quân chiến dịch thanh niên tình nguyện",
        "culture_society",
        ids.YOUTH,
        (STARTED, *_done(2, "120 lượt thanh niên tham gia (số liệu mẫu).")),
        coordinating=(ids.WOMEN, ids.VILLAGE_ONE),
    ),
    Task(
        ids.task(0x24),
        "Hoàn thành huấn luyện dân quân",
        "defense_security",
        ids.MILITARY,
        (STARTED, *_done(4, "Quân số huấn luyện đạt 98% (số liệu mẫu).", confirmed=1)),
        due=-9,
    ),
    Task(
        ids.task(0x31),
        "Niêm yết danh sách hộ nghèo, hộ cận nghèo để lấy ý kiến",
        "culture_society",
        ids.COMMITTEE,
        (STARTED, *_done(3, "Đã niêm yết tại hai nhà văn hóa thôn.")),
        coordinating=(ids.VILLAGE_ONE, ids.VILLAGE_TWO),
        due=-10,
    ),
    Task(
        ids.task(0x25),
        "Giải quyết dứt điểm đơn thư kéo dài",
        "internal_affairs",
        ids.COMMITTEE,
        (STARTED, _then(12, "progress", "Còn 2/6 đơn", progress_percent=65)),
        coordinating=(ids.POLICE, ids.FRONT),
        due=-6,
        more={"priority": "urgent"},
    ),
    Task(
        ids.task(0x26),
        "Cập nhật cơ sở dữ liệu hội viên",
        "digital_transformation",
        ids.FARMERS,
        due=-2,
        kind="regular",
    ),
    Task(
        ids.task(0x27),
        "Vận động thu quỹ vì người nghèo",
        "front_mass",
        ids.FRONT,
        coordinating=(ids.TRADE_UNION, ids.FARMERS, ids.YOUTH, ids.WOMEN, ids.VETERANS),
        due=14,
    ),
    Task(
        ids.PARENT_TASK,
        "Hoàn thành các chỉ tiêu kinh tế - xã hội của năm",
        "socio_economic",
        ids.COMMITTEE,
        (STARTED,),
    ),
    Task(
        ids.task(0x29),
        "Hoàn thành dự toán thu ngân sách",
        "budget_finance",
        ids.COMMITTEE,
        (STARTED, _then(7, "progress", progress_percent=78)),
        more={
            "parent_id": ids.PARENT_TASK,
            "measures": [{"name": "Thu ngân sách", "unit": "tỷ đồng", "target": 12.5, "achieved": 9.75}],
        },
    ),
    Task(
        ids.task(0x2A),
        "Hoàn thành tiêu chí nông thôn mới về môi trường",
        "agriculture_environment",
        ids.COMMITTEE,
        (
            STARTED,
            _then(15, "progress", "Đã lắp 40/60 thùng phân loại rác", progress_percent=55),
            _then(5, "suspend", "Chờ nhà cung cấp giao hàng"),
        ),
        coordinating=(ids.FARMERS,),
        more={"parent_id": ids.PARENT_TASK},
    ),
    Task(
        ids.task(0x2C),
        "Xây dựng nhà tình nghĩa",
        "culture_society",
        ids.VETERANS,
        (
            STARTED,
            _then(
                10,
                "reassigned",
                "Hội Cựu chiến binh đề nghị Mặt trận chủ trì",
                assignments=[
                    {"organization_id": ids.FRONT, "role": "lead", "speaker_id": ids.FRONT_CHAIR},
                    {"organization_id": ids.VETERANS, "role": "coordinating"},
                ],
            ),
        ),
        coordinating=(ids.FRONT,),
        due=100,
    ),
    Task(
        ids.SPARE_TASK,
        "Nhiệm vụ dự phòng (để thử xóa)",
        "other",
        ids.OFFICE,
        None,
        kind="regular",
    ),
    Task(
        ids.task(0x2E),
        "Tổng hợp ý kiến góp ý quy chế phối hợp",
        "party_building",
        ids.OFFICE,
        None,
        due=21,
    ),
    Task(
        ids.task(0x2F),
        "Khắc phục sạt lở kè Thôn Một",
        "agriculture_environment",
        ids.COMMITTEE,
        (STARTED, *_done(9, "Đã gia cố tạm."), _then(7, "send_back", "Cần gia cố vĩnh viễn")),
        kind="ad_hoc",
        due=20,
        more={"priority": "urgent"},
    ),
    Task(
        ids.task(0x30),
        "Tổ chức hội chợ nông sản",
        "socio_economic",
        ids.FARMERS,
        (_then(18, "cancel", "Chuyển sang kế hoạch của tỉnh"),),
        kind="regular",
    ),
)
SUCCESSOR = Task(
    ids.SUCCESSOR_TASK,
    "Xây dựng mô hình dân vận khéo tại khu dân cư",
    "front_mass",
    ids.FRONT,
    (STARTED, _then(6, "progress", "Mô hình thứ hai đã ra mắt", progress_percent=75)),
    coordinating=(ids.FARMERS, ids.WOMEN),
)
OF_THE_COMMITTEE = (
    Task(
        ids.task(0x40),
        "Giải quyết hồ sơ một cửa đúng hạn trên 95%",
        "admin_reform",
        ids.COMMITTEE,
        (STARTED, _then(3, "progress", progress_percent=60)),
        kind="regular",
    ),
    Task(
        ids.task(0x41),
        "Tuần tra bảo đảm trật tự dịp cuối năm",
        "defense_security",
        ids.POLICE,
        coordinating=(ids.MILITARY, ids.VILLAGE_ONE, ids.VILLAGE_TWO),
        kind="regular",
    ),
)
OF_THE_PROVINCE = (
    Task(
        ids.PROVINCIAL_TASK,
        "Báo cáo kết quả giao ban quý về Tỉnh ủy",
        "party_building",
        ids.PARTY,
        (STARTED, _then(4, "due_date_changed", "Gia hạn chung cho các xã", due_ahead=18)),
        coordinating=(ids.MAU_MOT_PARTY, ids.MAU_HAI_PARTY),
        due=8,
    ),
)
OF_MAU_MOT = (
    Task(
        ids.task(0x60),
        "Kiện toàn ban công tác Mặt trận thôn",
        "front_mass",
        ids.MAU_MOT_FRONT,
        (STARTED, *_done(11, "Đã kiện toàn 4/4 thôn (số liệu mẫu).", confirmed=5)),
    ),
    Task(
        ids.task(0x61),
        "Thu gom rác thải tại khu dân cư",
        "agriculture_environment",
        ids.MAU_MOT_COMMITTEE,
        (STARTED,),
        due=-4,
    ),
)


def make(work: Work, days: Days) -> None:
    """Quarter by quarter; what was not finished in the last one is carried into this."""
    last = Setting(ids.PARTY, days.last, days.earlier_briefing, (ids.EARLIER_BRIEFING, ids.EARLIER_PLAN))
    this = Setting(ids.PARTY, days.quarter, days.briefing, (ids.BRIEFING, ids.BRIEFING_PLAN))
    made = {each.id: _make(work, days, last, each) for each in OF_THE_LAST_QUARTER}
    for each in OF_THIS_QUARTER:
        _make(work, days, this, each)
    _carry_over(work, days, this, made[ids.CARRIED_TASK])
    for issuer, tasks in (
        (ids.COMMITTEE, OF_THE_COMMITTEE),
        (ids.PROVINCE_PARTY, OF_THE_PROVINCE),
        (ids.MAU_MOT_PARTY, OF_MAU_MOT),
    ):
        for each in tasks:
            _make(work, days, Setting(issuer, days.quarter, days.quarter.first_day), each)


def _make(work: Work, days: Days, setting: Setting, row: Task, lineage: Json | None = None) -> QuarterlyTask:
    """The task, issued, with what happened to it since: no step before it was issued, none after today."""
    end, issued = days.ends(setting.quarter), setting.on
    values: Json = {"title": row.title, "field": row.area, "kind": row.kind, "assignments": row.assignments}
    if row.due is not None:
        values["due_date"] = max(setting.quarter.first_day, end + timedelta(row.due))
    made = making.task(work, row.id, lineage, **values, **setting.members, **row.more)
    if row.story is None:
        return made
    making.tell(work, made, 1, kind="issue", effective_on=issued)
    for n, step in enumerate(row.story, start=2):
        said = {name: value for name, value in step.items() if name not in {"ago", "due_ahead"}}
        if "due_ahead" in step:
            said["due_date"] = end + timedelta(step["due_ahead"])
        day = min(days.today, max(issued, end - timedelta(step["ago"])))
        making.tell(work, made, n, effective_on=day, **said)
    return made


def _carry_over(work: Work, days: Days, this: Setting, old: QuarterlyTask) -> None:
    """The old one stays in its quarter, not completed; its successor counts in this one."""
    making.carried(work, old, _successor(work, days, this, old), days.briefing)


def _successor(work: Work, days: Days, this: Setting, old: QuarterlyTask) -> QuarterlyTask:
    lineage = {
        "carried_from_id": old.id,
        "root_task_id": old.root_task_id,
        "root_due_date": old.root_due_date,
        "carry_count": old.carry_count + 1,
        "carry_reason": "Còn một mô hình chưa ra mắt.",
    }
    return _make(work, days, this, SUCCESSOR, lineage)
