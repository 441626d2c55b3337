"""The report of a body on a quarter's tasks (báo cáo), from the same figures as the reports."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.documents import heading, signing
from app.documents.paper import Block, Document, Line, Paragraph, Run, Table, flat, plain
from app.documents.saying import ended, the_day
from app.documents.styles import STYLES, DocumentStyle, Role, Style, prescribed
from app.minutes.record import Host
from app.quarter import Quarter
from app.quarterly_tasks.vocabulary import Timeliness
from app.types import Json

TITLE = "BÁO CÁO"
COUNTED: Mapping[str, str] = {
    "total": "Tổng số nhiệm vụ",
    **{one.value: one.label_vi for one in Timeliness},
    "of_which_unconfirmed": "Trong đó chưa được xác nhận",
    "of_which_carried_over": "Trong đó chuyển quý sau",
    "late_by_root_due_date": "Quá hạn so với hạn ban đầu",
    "cancelled": "Hủy (không tính vào tổng số)",
}
BY_BODY = ("total", *(one.value for one in Timeliness))


class Figures(NamedTuple):
    """What is told: the quarter as GET shows it, and the bodies right below."""

    host: Host
    quarter: Json
    below: list[Json]


def reported(figures: Figures, style: DocumentStyle | None = None) -> Document:
    """Number and day are left open, since whoever signs it gives it these."""
    host, day = figures.host, date.fromisoformat(figures.quarter["as_of"])
    form = STYLES[style or prescribed(host.line, day)]
    quarter = Quarter.parse(figures.quarter["quarter"])
    return flat(
        Document(
            name=f"Báo cáo nhiệm vụ Quý {quarter.number} năm {quarter.year} {host.name}",
            style=form,
            marks=(),
            left=heading.on_the_left(form, host, heading.unnumbered(form, host, "report")),
            right=heading.on_the_right(form, host, (None, None, day.year), is_minutes=False),
            title=TITLE,
            subject=f"Kết quả thực hiện nhiệm vụ {quarter.label_vi}",
            under_subject=form.under_subject,
            blocks=tuple(_told(form, figures, quarter, day)),
            signed_left=(),
            signed_right=(Line(Role.SIGN_AS, signing.form(form, f"T/M {host.name}")), Line(Role.NAME, "")),
            recipients=signing.recipients(form, ()),
            footer=None,
        )
    )


def _told(form: Style, figures: Figures, quarter: Quarter, day: date) -> Iterator[Block]:
    name, shown = figures.host.name, figures.quarter
    results = f"kết quả thực hiện nhiệm vụ {quarter.label_vi}"
    yield plain(Role.HEADING, "1. Kết quả chung")
    yield plain(Role.BODY, f"Tính đến {the_day(day)}, {name} báo cáo {results}:")
    yield _summed("Nhiệm vụ chủ trì", shown["as_lead"])
    yield _summed("Nhiệm vụ ban hành", shown["as_issuer"])
    yield _whole(shown)
    if figures.below:
        yield plain(Role.HEADING, "2. Kết quả của các cơ quan, đơn vị (theo nhiệm vụ chủ trì)")
        yield _bodies(figures.below)
    closed = "Quý đã khóa sổ" if shown["closed_at"] else "Quý chưa khóa sổ, số liệu có thể thay đổi"
    yield plain(Role.NOTE, f"({closed}.)")
    yield plain(
        Role.CLOSING,
        ended(f"Trên đây là báo cáo {results}", form.ends_with),
    )


def _summed(label: str, cells: Json) -> Paragraph:
    """In one sentence, as such reports are read out."""
    parts = "; ".join(f"{one.label_vi.lower()}: {cells[one.value]}" for one in Timeliness)
    text = f" {cells['total']}; {parts}. Tỷ lệ hoàn thành: {rate(cells)}."
    return Paragraph(Role.BODY, (Run(f"- {label}:", bold=True), Run(text)))


def _whole(shown: Json) -> Table:
    rows = [
        (label, str(shown["as_lead"][name]), str(shown["as_issuer"][name])) for name, label in COUNTED.items()
    ]
    rows.append(("Tỷ lệ hoàn thành", rate(shown["as_lead"]), rate(shown["as_issuer"])))
    return Table(("Chỉ tiêu", "Chủ trì", "Ban hành"), rows, (60, 20, 20))


def _bodies(below: list[Json]) -> Table:
    heads = ("Cơ quan, đơn vị", "Tổng số", "Đúng hạn", "Quá hạn", "Trong hạn", "Chưa xong, quá hạn", "Tỷ lệ")
    rows = [
        (str(one["label_vi"]), *(str(one["cells"][name]) for name in BY_BODY), rate(one["cells"]))
        for one in below
    ]
    return Table(heads, rows, (34, 10, 11, 10, 11, 13, 11))


def rate(cells: Mapping[str, Any]) -> str:
    """With the comma that Vietnamese writes; where nothing is due yet there is none."""
    share = cells["completion_rate"]
    return "–" if share is None else f"{share:g}%".replace(".", ",")
