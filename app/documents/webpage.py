"""A document as one page of HTML: every text escaped, no script, nothing fetched, margins for the printer."""

from collections.abc import Iterator, Sequence
from html import escape

from app.documents.paper import Document, Line, Paragraph, Run, Table
from app.documents.styles import FONT, Letters, Role, Style

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{css}</style></head>
<body>{body}</body></html>
"""
CSS = """
@page {{ size: A4; margin: {top}mm {right}mm {bottom}mm {left}mm; @top-center {{ content: counter(page); }} }}
@page :first {{ @top-center {{ content: none; }} }}
body {{ box-sizing: border-box; max-width: 210mm; margin: 0 auto; color: #000;
  padding: {top}mm {right}mm {bottom}mm {left}mm; font-family: "{font}", Tinos, "Liberation Serif", serif; }}
@media print {{ body {{ padding: 0; max-width: none; }} }}
p, h1, h2, h3 {{ margin: 0; font-weight: normal; overflow-wrap: anywhere; }}
.columns {{ display: grid; grid-template-columns: {columns}; margin-bottom: 12pt; }}
.columns p, h1, .subject, .under_subject, .mark {{ text-align: center; }}
.feet {{ grid-template-columns: 1fr 1fr; margin-top: 12pt; break-inside: avoid; }}
.feet .recipients, .feet .recipient {{ text-align: left; }}
.name {{ margin-top: 60pt; }}
hr {{ border: 0; border-top: 0.75pt solid #000; margin: 1pt auto 3pt; }}
.heading, .subheading, .body, .closing, .item, .note {{ text-align: justify; text-indent: {indent}mm;
  margin-top: {gap}pt; line-height: {leading}; }}
.heading, .subheading, .closing {{ break-after: avoid; }}
table {{ border-collapse: collapse; width: 100%; margin-top: {gap}pt; table-layout: fixed; }}
th, td {{ border: 0.5pt solid #000; padding: 2pt 4pt; vertical-align: top; text-align: left;
  overflow-wrap: anywhere; }}
.mark {{ border: 1pt solid #000; padding: 2pt; margin-bottom: 6pt; }}
.watermark {{ position: fixed; inset: 40% 0 auto; text-align: center; font-size: 80pt; font-weight: bold;
  color: rgb(0 0 0 / 8%); transform: rotate(-35deg); pointer-events: none; }}
footer {{ margin-top: 18pt; overflow-wrap: anywhere; }}
"""


def as_html(document: Document) -> bytes:
    """All in one file."""
    page = PAGE.format(
        title=escape(document.name), css=_css(document.style), body="\n".join(_parts(document))
    )
    return page.encode()


def _css(style: Style) -> str:
    margins = style.margins
    whole = CSS.format(
        **margins._asdict(),
        font=FONT,
        columns=f"{style.left_mm}fr {style.text_mm - style.left_mm}fr",
        indent=style.indent_mm,
        gap=style.gap_pt,
        leading=f"{style.leading_pt}pt" if style.leading_pt else "normal",
    )
    return whole + "".join(f".{role} {{ {_looks(one)} }}\n" for role, one in style.letters.items())


def _looks(one: Letters) -> str:
    return (
        f"font-size: {one.size}pt;"
        + (" font-weight: bold;" if one.bold else "")
        + (" font-style: italic;" if one.italic else "")
        + (" text-decoration: underline;" if one.underlined else "")
    )


def _parts(document: Document) -> Iterator[str]:
    if document.marks:
        yield f'<div class="watermark" aria-hidden="true">{escape(document.marks[0])}</div>'
    for mark in document.marks:
        yield f'<p class="mark">{escape(mark)}</p>'
    yield f'<header class="columns">{_lines(document.left)}{_lines(document.right)}</header>'
    yield f'<h1 class="title">{escape(document.title)}</h1>'
    yield f'<p class="subject">{escape(document.subject)}</p>'
    if document.under_subject:
        yield f'<p class="under_subject">{escape(document.under_subject)}</p>'
    for block in document.blocks:
        yield _table(block) if isinstance(block, Table) else _paragraph(block)
    for left, right in document.feet:
        yield f'<div class="columns feet">{_lines(left)}{_lines(right)}</div>'
    if document.footer:
        yield f'<footer class="footer">{escape(document.footer)}</footer>'


def _lines(lines: Sequence[Line]) -> str:
    return f"<div>{''.join(map(_line, lines))}</div>"


def _line(line: Line) -> str:
    rule = f'<hr style="width: {line.rule_mm}mm">' if line.rule_mm else ""
    return f'<p class="{line.role}">{escape(line.text)}</p>{rule}'


def _paragraph(one: Paragraph) -> str:
    tag = {Role.HEADING: "h2", Role.SUBHEADING: "h3"}.get(one.role, "p")
    return f'<{tag} class="{one.role}">{"".join(map(_run, one.runs))}</{tag}>'


def _run(run: Run) -> str:
    text = escape(run.text)
    text = f"<em>{text}</em>" if run.italic else text
    return f"<strong>{text}</strong>" if run.bold else text


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width: {one}%">' for one in table.widths)
    heads = "".join(f"<th>{escape(one)}</th>" for one in table.heads)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>" for row in table.rows)
    return (
        f'<table class="cell"><colgroup>{columns}</colgroup>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
