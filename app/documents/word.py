"""A document for Word and LibreOffice: each paragraph has a style, so that a look is changed in one place."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from app.documents.paper import Document, Line, Run, Table
from app.documents.styles import FONT, STYLES, DocumentStyle, Letters, Role, Style

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.styles.style import ParagraphStyle

NAMES = {  # Word's own where it has one: an outline and a table of contents find them
    Role.TITLE: "Title",
    Role.SUBJECT: "Subtitle",
    Role.HEADING: "Heading 1",
    Role.SUBHEADING: "Heading 2",
    Role.BODY: "Body Text",
    Role.ITEM: "List",
    Role.FOOTER: "Footer",
}
RULE = "Rule {mm} mm"
GAP = "Minutes Gap"
TABLE = "Minutes Columns"  # of which nobody sees the lines
CENTRED = (
    *(Role.NATION, Role.MOTTO, Role.SUPERIOR, Role.ISSUER, Role.STAR, Role.NUMBER, Role.PLACE, Role.TITLE),
    *(Role.SUBJECT, Role.UNDER_SUBJECT, Role.SIGN_AS, Role.SIGNER, Role.NAME, Role.FOOTER, Role.MARK),
)
FLOWING = (Role.HEADING, Role.SUBHEADING, Role.BODY, Role.CLOSING, Role.ITEM, Role.NOTE)
KEPT_WITH_NEXT = (Role.HEADING, Role.SUBHEADING, Role.CLOSING, Role.SIGN_AS, Role.SIGNER)
SIGNATURE_PT = 60  # room to sign


def as_docx(document: Document) -> bytes:
    """A4, with the margins, fonts and styles of the form."""
    import docx

    empty, ids = _empty(document.style.kind)
    paper = docx.Document(io.BytesIO(empty))
    pen = Pen(paper, ids, document.style)
    _properties(paper, document)
    _mark(pen, document)
    _columns(pen, document.left, document.right, document.style.left_mm)
    _say(pen, paper, Role.TITLE, (Run(document.title),))
    _say(pen, paper, Role.SUBJECT, (Run(document.subject),))
    if document.under_subject:
        _say(pen, paper, Role.UNDER_SUBJECT, (Run(document.under_subject),))
    for block in document.blocks:
        if isinstance(block, Table):
            _table(pen, block)
        else:
            _say(pen, paper, block.role, block.runs)
    for left, right in document.feet:
        _styled(paper.add_paragraph(), ids[GAP])  # else Word makes one table of two
        _columns(pen, left, right, document.style.text_mm / 2)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


class Pen(NamedTuple):
    """A document that is being written, with its styles' ids by their names."""

    paper: "Paper"
    ids: Mapping[str, str]
    style: Style


@cache
def _empty(kind: DocumentStyle) -> tuple[bytes, Mapping[str, str]]:
    """The page and the styles: to make them takes longer than to write what stands there."""
    import docx

    paper, style = docx.Document(), STYLES[kind]
    _page(paper, style)
    _styles(paper, style)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue(), {str(one.name): str(one.style_id) for one in paper.styles}


def _properties(paper: "Paper", document: Document) -> None:
    known = paper.core_properties
    known.title, known.subject, known.language = document.name[:255], document.title, "vi-VN"
    known.author = known.last_modified_by = known.comments = known.keywords = ""


def _name(role: Role) -> str:
    return NAMES.get(role, f"Minutes {role.value.replace('_', ' ').title()}")


# -- the page


def _page(paper: "Paper", style: Style) -> None:
    """A4; the number of the page at the top, in the middle, but not on the first."""
    from docx.shared import Mm

    section, margins = paper.sections[0], style.margins
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    numbered = section.header.paragraphs[0]
    numbered.style = "Header"
    _field(numbered, "PAGE")


def _mark(pen: Pen, document: Document) -> None:
    """On every page: that it is a draft, and by what hash it is known."""
    section = pen.paper.sections[0]
    for header in (section.first_page_header, section.header) if document.marks else ():
        for mark in document.marks:
            _say(pen, header, Role.MARK, (Run(mark),))
    for footer in (section.first_page_footer, section.footer):
        _styled(footer.paragraphs[0], pen.ids[_name(Role.FOOTER)])
        footer.paragraphs[0].add_run(document.footer or "")


def _field(paragraph: Any, code: str) -> None:
    """What Word works out itself, as the number of the page."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))  # python-docx has no fields
        else:
            run._r.append(_element("w:instrText", {}, text))


def _element(tag: str, attributes: dict[str, str], text: str | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: Any = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    made.text = text
    return made


# -- styles


def _made(paper: "Paper", name: str) -> "ParagraphStyle":
    """Word's own style of that name, or a new one."""
    from docx.enum.style import WD_STYLE_TYPE

    if name in paper.styles:
        return cast("ParagraphStyle", paper.styles[name])
    made = cast("ParagraphStyle", paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    made.base_style, made.quick_style = cast("ParagraphStyle", paper.styles["Normal"]), True
    return made


def _styles(paper: "Paper", style: Style) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    body = style.letters[Role.BODY]
    _letters(paper, "Normal", body)
    normal = cast("ParagraphStyle", paper.styles["Normal"])
    normal.paragraph_format.space_after = Pt(0)
    for role, letters in style.letters.items():
        _letters(paper, _name(role), letters)
        _spacing(paper, style, role)
    _letters(paper, "Header", body)
    _align(paper, "Header")
    gap = _made(paper, GAP).paragraph_format
    gap.line_spacing_rule, gap.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(10)
    gap.keep_with_next = True
    _columns_style(paper)
    _rule(paper, style.nation_rule_mm, style.text_mm - style.left_mm)
    if style.issuer_rule_mm:
        _rule(paper, style.issuer_rule_mm, style.left_mm)


def _columns_style(paper: "Paper") -> None:
    """Its cells reach as far as the column: the long headings need every millimetre."""
    from docx.enum.style import WD_STYLE_TYPE

    made: Any = paper.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE).element
    properties, margins = _element("w:tblPr", {}), _element("w:tblCellMar", {})
    for side in ("w:left", "w:right"):
        margins.append(_element(side, {"w:w": "0", "w:type": "dxa"}))
    properties.append(margins)
    made.append(properties)


def _letters(paper: "Paper", name: str, letters: Letters) -> None:
    """Fonts for every script: a theme's would win over a name."""
    from docx.shared import Pt, RGBColor

    font = _made(paper, name).font
    font.name, font.size = FONT, Pt(letters.size)
    font.bold, font.italic, font.underline = letters.bold, letters.italic, letters.underlined
    font.color.rgb = RGBColor(0, 0, 0)
    font.all_caps = font.small_caps = False
    properties: Any = font.element.get_or_add_rPr()
    for old in [*properties.iterchildren("{*}rFonts", "{*}szCs", "{*}spacing", "{*}kern")]:
        properties.remove(old)
    faces = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
    properties.insert(0, _element("w:rFonts", dict.fromkeys(faces, FONT)))
    size = next(properties.iterchildren("{*}sz"))
    size.addnext(_element("w:szCs", {"w:val": str(round(letters.size * 2))}))


def _spacing(paper: "Paper", style: Style, role: Role) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Mm, Pt

    layout = _made(paper, _name(role)).paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(0), 1.0
    layout.left_indent = layout.right_indent = layout.first_line_indent = Mm(0)
    if role in CENTRED:
        _align(paper, _name(role))
    if role in FLOWING:
        layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout.first_line_indent, layout.space_before = Mm(style.indent_mm), Pt(style.gap_pt)
        if style.leading_pt:
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(style.leading_pt)
    layout.keep_with_next = role in KEPT_WITH_NEXT
    if role == Role.NAME:
        layout.space_before = Pt(SIGNATURE_PT)
    if role == Role.CELL:
        layout.space_before = layout.space_after = Pt(2)
    if role == Role.MARK:
        layout.space_after = Pt(6)
    if role == Role.TITLE:
        layout.space_before = Pt(12)
    _plain(paper, _name(role))


def _plain(paper: "Paper", name: str) -> None:
    """Word's own title has a line under it, and lists and headings keep their distance."""
    properties: Any = _made(paper, name).element.get_or_add_pPr()
    for old in [*properties.iterchildren("{*}pBdr", "{*}contextualSpacing", "{*}numPr")]:
        properties.remove(old)


def _align(paper: "Paper", name: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _made(paper, name).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _rule(paper: "Paper", mm: float, column_mm: float) -> None:
    """A paragraph without text, its border as long as the rule."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Mm, Pt

    style = _made(paper, RULE.format(mm=mm))
    layout = style.paragraph_format
    layout.left_indent = layout.right_indent = Mm((column_mm - mm) / 2)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    border = _element("w:pBdr", {})
    border.append(_element("w:top", {"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "000000"}))
    properties: Any = style.element.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


# -- what is written


def _styled(paragraph: Any, style_id: str) -> None:
    """By its id at once: python-docx looks through all styles for a name."""
    paragraph._p.get_or_add_pPr().get_or_add_pStyle().val = style_id


def _say(pen: Pen, to: Any, role: Role, runs: Sequence[Run]) -> None:
    paragraph = _appended(pen.paper) if to is pen.paper else to.add_paragraph()
    _styled(paragraph, pen.ids[_name(role)])
    _write(paragraph, runs)


def _appended(paper: "Paper") -> Any:
    """As its own add_paragraph, which looks through all that stands there for what must stay the last."""
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    made: Any = OxmlElement("w:p")
    paper.element.body[-1].addprevious(made)  # the section
    return Paragraph(made, paper._body)


def _write(paragraph: Any, runs: Sequence[Run]) -> None:
    for run in runs:
        made = paragraph.add_run(run.text)
        if run.bold:
            made.bold = True
        if run.italic:
            made.italic = True


def _columns(pen: Pen, left: Sequence[Line], right: Sequence[Line], left_mm: float) -> None:
    """Two columns beside each other, of which nobody sees the lines."""
    cells = _grid(pen, (left_mm, pen.style.text_mm - left_mm), 1, TABLE)[0]
    for cell, lines in zip(cells, (left, right), strict=True):
        first = cell.paragraphs[0]
        _styled(first, pen.ids[GAP])
        for line in lines:
            made = first if first is not None else cell.add_paragraph()
            first = None
            _styled(made, pen.ids[_name(line.role)])
            made.add_run(line.text)
            if line.rule_mm:
                _styled(cell.add_paragraph(), pen.ids[RULE.format(mm=line.rule_mm)])


def _table(pen: Pen, table: Table) -> None:
    widths = [pen.style.text_mm * one / sum(table.widths) for one in table.widths]
    rows = _grid(pen, widths, len(table.rows) + 1, "Table Grid", repeated=True)
    for cells, texts in zip(rows, (table.heads, *table.rows), strict=True):
        for cell, text in zip(cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            _styled(paragraph, pen.ids[_name(Role.CELL)])
            _write(paragraph, (Run(text, bold=texts is table.heads),))


def _grid(
    pen: Pen, widths: Sequence[float], rows: int, style: str, *, repeated: bool = False
) -> list[list[Any]]:
    """The cells of a table, row by row; its first row may stand on each page again."""
    from docx.shared import Mm
    from docx.table import _Cell

    made: Any = pen.paper.add_table(rows, len(widths))
    made.autofit = False
    made._tbl.tblPr.style = pen.ids[style]  # as with paragraphs
    for column, mm in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(mm)
    found: list[list[Any]] = []
    for n, row in enumerate(made._tbl.tr_lst):  # its own cells are worked out anew each time
        properties = row.get_or_add_trPr()
        properties.append(_element("w:cantSplit", {}))
        if repeated and n == 0:
            properties.append(_element("w:tblHeader", {}))
        for cell, mm in zip(row.tc_lst, widths, strict=True):
            cell.width = Mm(mm)
        found.append([_Cell(one, made) for one in row.tc_lst])
    return found
