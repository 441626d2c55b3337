"""A document as PDF, set by typst with fonts that we bring along: no system package, nothing fetched."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.documents.paper import Document, Line, Paragraph, Table
from app.types import Json

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("minutes.typ")
FONTS = Path(__file__).with_name("fonts")  # TeX Gyre Termes: each letter as wide as in Times New Roman


def as_pdf(document: Document) -> bytes:
    """The texts go in as data; the template is always the same."""
    import typst

    given = {"document": json.dumps(_data(document), ensure_ascii=False)}
    return typst.compile(TEMPLATE, font_paths=_fonts(), sys_inputs=given, format="pdf")


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _data(document: Document) -> Json:
    style = document.style
    return {
        "name": document.name,
        "margins": style.margins._asdict(),
        "letters": {role.value: one._asdict() for role, one in style.letters.items()},
        "indent_mm": style.indent_mm,
        "gap_pt": style.gap_pt,
        "leading_pt": style.leading_pt,
        "left_mm": style.left_mm,
        "marks": list(document.marks),
        "left": [_line(one) for one in document.left],
        "right": [_line(one) for one in document.right],
        "title": document.title,
        "subject": document.subject,
        "under_subject": document.under_subject,
        "blocks": [_block(one) for one in document.blocks],
        "feet": [[[_line(one) for one in side] for side in row] for row in document.feet],
        "footer": document.footer,
    }


def _line(line: Line) -> Json:
    return {"role": line.role.value, "text": line.text, "rule_mm": line.rule_mm}


def _block(block: Paragraph | Table) -> Json:
    if isinstance(block, Table):
        return {"kind": "table", **block._asdict()}
    return {"kind": "paragraph", "role": block.role.value, "runs": [run._asdict() for run in block.runs]}
