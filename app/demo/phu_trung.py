"""The real conference: what its report says, in our own words, and nothing else.

The report names no province, hour, place, chair or secretary, and no body that leads a task.
"""

from app import example_ids as ids
from app.demo import making
from app.organizations.models import Level, Line, OrganizationKind
from app.work import Work

NAME = "Xã Phú Trung"
PARTY = "Đảng ủy xã Phú Trung"
FRONT = "Ủy ban MTTQ xã Phú Trung"
TITLE = "Phó Bí thư Thường trực Đảng ủy xã"
HELD_ON = "2025-09-04"
QUARTER = "2025-Q4"

SOURCE = """\
Ghi lại theo một bản tường thuật hội nghị, diễn đạt bằng lời của người nhập; không phải biên bản.

Bản tường thuật không nêu giờ, địa điểm, người chủ trì, thư ký, cũng không liệt kê các tồn tại, hạn chế và \
khó khăn đã được thảo luận.
"""
SUMMARY = """\
Đảng ủy xã cùng các cơ quan tham mưu, giúp việc, Ủy ban MTTQ và các tổ chức chính trị - xã hội đánh giá \
Quý III/2025, quý khởi đầu của chính quyền địa phương hai cấp, và đề ra phương hướng Quý IV/2025 với bốn \
nhiệm vụ trọng tâm. Trần Công Thanh, Phó Bí thư Thường trực Đảng ủy xã, dự và chỉ đạo.
"""
ITEMS = (
    {
        "title": "Đánh giá kết quả Quý III/2025",
        "kind": "review",
        "minutes_text": """\
- Quý III là giai đoạn khởi đầu vận hành chính quyền địa phương hai cấp.
- Các cơ quan, tổ chức chủ động thực hiện nhiệm vụ theo chương trình công tác năm và nghị quyết của cấp ủy; \
góp phần thực hiện các mục tiêu kinh tế - xã hội, giữ vững an ninh, trật tự.
- Nhiều phong trào, cuộc vận động có hiệu quả, nhất là xây dựng Đảng, chăm lo đời sống nhân dân và \
xây dựng nông thôn mới.
""",
    },
    {
        "title": "Thảo luận tồn tại, hạn chế và khó khăn",
        "kind": "discussion",
        "minutes_text": "Hội nghị thảo luận tồn tại, hạn chế, khó khăn; bản tường thuật không liệt kê.",
    },
    {
        "title": "Phương hướng, nhiệm vụ trọng tâm Quý IV/2025",
        "kind": "plan",
        "minutes_text": "Đề ra phương hướng Quý IV/2025 và bốn nhiệm vụ trọng tâm (xem nhiệm vụ quý).",
    },
    {
        "title": "Phát biểu chỉ đạo",
        "kind": "directive",
        "presenter_id": ids.TRAN_CONG_THANH,
        "minutes_text": """\
Ghi nhận các kết quả đã đạt được; đề nghị trong Quý IV:

- nâng cao hơn nữa tinh thần trách nhiệm;
- bám sát cơ sở, hướng hoạt động về thôn và khu dân cư;
- chủ động phối hợp, thống nhất trong cách tổ chức thực hiện.
""",
    },
    {
        "title": "Bế mạc",
        "kind": "closing",
        "minutes_text": "Hội nghị kết thúc trong tinh thần nghiêm túc, dân chủ, trách nhiệm.",
    },
)
TASKS = (
    ("Đẩy mạnh tuyên truyền, vận động nhân dân thực hiện đường lối của Đảng, pháp luật của Nhà nước", None),
    ("Phát huy vai trò của Mặt trận và các đoàn thể trong giám sát, phản biện xã hội", "front_mass"),
    (
        "Tăng cường xây dựng Đảng và hệ thống chính trị trong sạch, vững mạnh",
        "party_building",
    ),
    ("Hoàn thành các chỉ tiêu, nhiệm vụ năm 2025", None),
)


RESULTS = (
    ("Quý khởi đầu của chính quyền địa phương hai cấp được vận hành.", "government_building"),
    (
        "Các cơ quan, tổ chức chủ động thực hiện nhiệm vụ theo chương trình công tác và nghị quyết cấp ủy.",
        None,
    ),
    ("Góp phần thực hiện các mục tiêu kinh tế - xã hội.", "socio_economic"),
    ("Giữ vững an ninh, trật tự.", "defense_security"),
    (
        "Phong trào, cuộc vận động có hiệu quả, nhất là xây dựng Đảng, chăm lo đời sống, nông thôn mới.",
        None,
    ),
)
ASKS = (
    "Nâng cao hơn nữa tinh thần trách nhiệm.",
    "Bám sát cơ sở, hướng hoạt động về thôn và khu dân cư.",
    "Chủ động phối hợp, thống nhất trong cách tổ chức thực hiện.",
)


def record(work: Work) -> None:
    """The bodies and the person named, the conference as it was held, and its four tasks."""
    _bodies(work)
    _conference(work)
    _said(work)
    for n, (title, field) in enumerate(TASKS, start=1):
        making.task(
            work,
            ids.task(n),
            title=title,
            kind="key",
            field=field,
            quarter=QUARTER,
            issuing_organization_id=ids.PHU_TRUNG_PARTY,
            set_at_meeting_id=ids.CONFERENCE,
            agenda_item_id=ids.CONFERENCE_PLAN,
        )


def _said(work: Work) -> None:
    """The one speech that the report tells of, what it found, what it asked for. No limitation is listed."""
    speech = {
        "speaker_id": ids.TRAN_CONG_THANH,
        "organization_id": ids.PHU_TRUNG_PARTY,
        "agenda_item_id": ids.CONFERENCE_DIRECTIVE,
        "kind": "directive",
        "summary": "Ghi nhận các kết quả đã đạt được; nêu ba yêu cầu cho Quý IV/2025.",
    }
    making.said_there(
        work,
        ids.CONFERENCE,
        speeches=[speech],
        findings=[
            {"kind": "result", "text": text, "field": field, "agenda_item_id": ids.CONFERENCE_REVIEW}
            for text, field in RESULTS
        ],
        directives=[{"speech_id": ids.CONFERENCE_SPEECH, "text": text} for text in ASKS],
    )


def _bodies(work: Work) -> None:
    for id_, name, kind, line in (
        (ids.PHU_TRUNG_PARTY, PARTY, OrganizationKind.PARTY_COMMITTEE, Line.PARTY),
        (ids.PHU_TRUNG_FRONT, FRONT, OrganizationKind.FATHERLAND_FRONT, Line.FRONT),
    ):
        making.body(work, id_, parent_id=ids.PHU_TRUNG, name=name, kind=kind, line=line, level=Level.COMMUNE)
    making.speaker(
        work,
        ids.TRAN_CONG_THANH,
        full_name="Trần Công Thanh",
        organization_id=ids.PHU_TRUNG_PARTY,
        positions=[{"organization_id": ids.PHU_TRUNG_PARTY, "title": TITLE}],
    )


def _conference(work: Work) -> None:
    making.meeting(
        work,
        ids.CONFERENCE,
        host_organization_id=ids.PHU_TRUNG_PARTY,
        title="Hội nghị giao ban Quý III/2025",
        kind="quarterly_briefing",
        audience="Các cơ quan tham mưu, giúp việc, Ủy ban MTTQ xã và các tổ chức chính trị - xã hội",
        review_period="2025-Q3",
        plan_period=QUARTER,
        held_on=HELD_ON,
        record="reported",
        source_text=SOURCE,
        summary=SUMMARY,
        items=[{**item, "status": "done"} for item in ITEMS],
        participations=[
            {
                "organization_id": ids.PHU_TRUNG_PARTY,
                "speaker_id": ids.TRAN_CONG_THANH,
                "role": "directing_official",
                "attendance": "present",
            },
            {"organization_id": ids.PHU_TRUNG_FRONT, "role": "delegate", "attendance": "present"},
        ],
        moves=[{"transition": "hold", "effective_on": HELD_ON}],
    )
