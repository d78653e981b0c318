"""The pieces that the Word templates are made of: paragraphs, tags, tables that repeat their headings."""

from collections.abc import Sequence
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from .house_style import TABLE_STYLE

Cell = str | Sequence[tuple[str, str]]
"""What stands in a cell: one text, or paragraphs as (style, text)."""


CHAIRS = "{% for chair in chairs %}{{ chair.name }} ({{ chair.agency }}){% if not loop.last %}; {% endif %}{% endfor %}"
"""Who chairs the meeting, one after the other."""


def title_block(document: Any, kind: str, facts: list[tuple[str, str]]) -> None:
    """Add the title, and the table of what, when and where."""
    document.add_paragraph("{{ title }}: " + kind, "Title")
    document.add_paragraph("{{ area }}", "Subtitle")
    widths = (4.0, 13.0)
    made = table(
        document,
        "About this meeting",
        "When and where it is, who chairs it and whose copy this is",
        widths,
        ("Meeting", "{{ reference }}"),
    )
    for label, text in facts:
        row(made, widths, ([("Table strong", label)], text))


def tag(document: Any, text: str) -> None:
    """Add a paragraph that holds one docxtpl tag and vanishes, such as `for child in children`."""
    document.add_paragraph("{%p " + text + " %}")


def labelled(document: Any, label: str, text: str, style: str = "Normal") -> None:
    """Add a paragraph that begins with its label in bold."""
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(label).bold = True
    paragraph.add_run(" " + text)


def after_table(document: Any, text: str) -> None:
    """Add a paragraph that may follow a table, which leaves no room of its own."""
    document.add_paragraph(text).paragraph_format.space_before = Pt(8)


def when(document: Any, condition: str, *paragraphs: tuple[str, str]) -> None:
    """Add paragraphs, as (style, text), that stand there only under `condition`."""
    tag(document, f"if {condition}")
    for style, text in paragraphs:
        document.add_paragraph(text, style)
    tag(document, "endif")


def table(document: Any, title: str, description: str, widths: Sequence[float], headings: Sequence[str]) -> Any:
    """Add a table with its title and description for screen readers, and a heading row on every page.

    `widths` are centimetres. Rows are kept whole across pages.
    """
    made = document.add_table(rows=1, cols=len(widths), style=TABLE_STYLE)
    made.autofit = False
    properties = made._tbl.tblPr
    for old in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblLook")):
        properties.remove(old)
    total = round(sum(widths) * 567)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(parse_xml(f'<w:tblW {nsdecls("w")} w:w="{total}" w:type="dxa"/>'))
    properties.append(
        parse_xml(
            f'<w:tblLook {nsdecls("w")} w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        )
    )
    for name, text in (("tblCaption", title), ("tblDescription", description)):
        properties.append(parse_xml(f'<w:{name} {nsdecls("w")} w:val="{text}"/>'))
    for column, width in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(round(width * 567)))
    heading_row = made.rows[0]
    _fill(heading_row, widths, [[("Table heading", text)] for text in headings])
    _keep_whole(heading_row)
    heading_row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell in heading_row._tr.tc_lst:
        _shade(cell, "E8EDF2")
    return made


def row_tag(made: Any, text: str) -> None:
    """Add a row that holds one docxtpl tag and vanishes."""
    made.add_row().cells[0].text = "{%tr " + text + " %}"


def row(made: Any, widths: Sequence[float], cells: Sequence[Cell], *, with_next: bool = False) -> None:
    """Add a row that is kept whole across pages, and on the page of the row after it where `with_next`."""
    added = made.add_row()
    _fill(added, widths, cells)
    _keep_whole(added)
    if with_next:
        for paragraph in added._tr.iter(qn("w:p")):
            paragraph.get_or_add_pPr().get_or_add_keepNext()


def wide_row(made: Any, widths: Sequence[float], paragraphs: Sequence[tuple[str, str]]) -> None:
    """Add a row whose second cell runs to the right edge, for notes under the row above."""
    added = made.add_row()
    cells = added.cells
    wide = cells[1].merge(cells[-1])
    _paragraphs(wide, paragraphs)
    cells[0].width, wide.width = Cm(widths[0]), Cm(sum(widths[1:]))
    cells[0].paragraphs[0].style = "Table text"
    for cell in added._tr.tc_lst:
        _shade(cell, "F5F7F9")
    _keep_whole(added)


def row_loop(made: Any, widths: Sequence[float], loop: str, cells: Sequence[Cell]) -> None:
    """Add one row for each turn of `loop`, such as `action in child.actions`."""
    row_tag(made, f"for {loop}")
    row(made, widths, cells)
    row_tag(made, "endfor")


def _fill(made_row: Any, widths: Sequence[float], cells: Sequence[Cell]) -> None:
    for cell, width, content in zip(made_row.cells, widths, cells, strict=True):
        _paragraphs(cell, [("Table text", content)] if isinstance(content, str) else content)
        cell.width = Cm(width)


def _paragraphs(cell: Any, paragraphs: Sequence[tuple[str, str]]) -> None:
    for index, (style, text) in enumerate(paragraphs):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.style = style
        paragraph.add_run(text)


def _keep_whole(made_row: Any) -> None:
    made_row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def _shade(cell: Any, fill: str) -> None:
    cell.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'))
