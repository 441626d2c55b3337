"""A report's rows as CSV and as an Excel workbook."""

import csv
import io

from app.reports.formats import Table

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate
WIDEST = 60  # letters of a column


def as_csv(table: Table) -> bytes:
    """RFC 4180, in UTF-8; a text that a spreadsheet would calculate stands behind an apostrophe."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    lines = csv.writer(written)
    lines.writerow(table.heads)
    lines.writerows([_inert(cell) for cell in row] for row in table.rows)
    return written.getvalue().encode()


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_workbook(table: Table) -> bytes:
    """One sheet, its heads kept in sight; texts are texts, whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415  two megabytes, for whoever asks for a workbook

    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        title = book.add_format({"bold": True, "font_size": 14})
        sheet.write_string(0, 0, table.title, title)
        sheet.write_row(2, 0, table.heads, bold)
        for n, row in enumerate(table.rows, start=3):
            sheet.write_row(n, 0, row)
        sheet.freeze_panes(3, 1)
        sheet.set_column(0, 0, _width(table))
        sheet.set_column(1, len(table.heads) - 1, 16)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
    return written.getvalue()


def _width(table: Table) -> int:
    return min(WIDEST, max((len(str(row[0])) for row in table.rows), default=10) + 2)
