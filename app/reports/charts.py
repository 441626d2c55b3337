"""The four cells as a chart: an SVG that stands for itself, to be pasted into a report."""

import io
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import catch_warnings, filterwarnings

from app.quarterly_tasks.vocabulary import Timeliness

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# One hue for what is done and one for what is not, darker where it is late: told apart in grey, too.
COLOURS = {
    Timeliness.COMPLETED_ON_TIME: "#2e7d32",
    Timeliness.COMPLETED_LATE: "#a5d6a7",
    Timeliness.OPEN_WITHIN_DEADLINE: "#ffe082",
    Timeliness.OPEN_OVERDUE: "#c62828",
}
MOST = 60  # bars of one chart
SETTINGS: Any = {
    "svg.fonttype": "none",  # texts stay texts
    "svg.hashsalt": "chart",  # the same chart is the same bytes
    "text.parse_math": False,  # a name may hold a dollar sign
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": 10,
}
ONE_AT_A_TIME = Lock()  # the settings are the whole process's
WIDTH, MARGIN, BAR = 9.0, 1.6, 0.42  # inches


class Bar(NamedTuple):
    """One row of the chart."""

    label: str
    cells: dict[str, Any]


def drawn(title: str, bars: Sequence[Bar], language: str) -> bytes:
    """Bars one below the other, each divided into the four cells, with the numbers written in."""
    from matplotlib import rc_context  # noqa: PLC0415  half a second and 40 MB, for whoever asks for a chart
    from matplotlib.figure import Figure  # noqa: PLC0415  the same

    shown = bars[:MOST]
    with ONE_AT_A_TIME, rc_context(SETTINGS), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing")  # texts stay texts: the reader's fonts show them
        figure = Figure(figsize=(WIDTH, MARGIN + BAR * max(len(shown), 1)), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, shown, language)
        if left := len(bars) - len(shown):  # else who reads it takes it for the whole
            vi, en = f"và {left} nhóm khác, xem bảng CSV, XLSX", f"and {left} more groups, see CSV, XLSX"
            axes.set_xlabel(f"… {vi if language == 'vi' else en}", loc="left", fontstyle="italic")
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11, wrap=True)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", ncols=2, frameon=False, fontsize=9)
        written = io.BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    return written.getvalue()


def _draw(axes: "Axes", bars: Sequence[Bar], language: str) -> None:
    left = [0] * len(bars)
    for cell, colour in COLOURS.items():
        numbers = [int(bar.cells[cell]) for bar in bars]
        label = cell.label_vi if language == "vi" else cell.label_en
        drawn = axes.barh(range(len(bars)), numbers, left=left, color=colour, label=label, height=0.7)
        inside = "white" if cell in {Timeliness.COMPLETED_ON_TIME, Timeliness.OPEN_OVERDUE} else "black"
        written = [str(number) if number else "" for number in numbers]
        axes.bar_label(drawn, written, label_type="center", fontsize=9, color=inside)
        left = [before + number for before, number in zip(left, numbers, strict=True)]
    axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, max([*left, 1]) * 1.02)
    axes.locator_params(axis="x", integer=True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
