"""The house style of the shipped Word templates: page, styles, header and footer, tables."""

from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor

INK = RGBColor(0x0B, 0x0C, 0x0C)
DEEP_BLUE = RGBColor(0x12, 0x3A, 0x5E)
GREY = RGBColor(0x50, 0x5A, 0x5F)
TABLE_STYLE = "Record table"

_TABLE_STYLE_XML = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="RecordTable">
  <w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="40"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="123A5E"/>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="123A5E"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>
  </w:tblBorders><w:tblCellMar>
    <w:top w:w="50" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
    <w:bottom w:w="50" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
</w:style>"""


READER = "{{ reader }} · version {{ version }}"


def new_document(top_right: str, *, status: str | None = None, landscape: bool = False, left: str = READER) -> Any:
    """Give an empty A4 document in the house style, in British English, for the current Word.

    `top_right` stands at the right of the header; `status`, where there is one, on a second line of it;
    `left` stands at the left of the footer.
    """
    document = Document()
    section = document.sections[0]
    width, height = (Cm(29.7), Cm(21.0)) if landscape else (Cm(21.0), Cm(29.7))
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    section.header_distance = section.footer_distance = Cm(0.9)
    _language(document)
    _styles(document)
    _settings(document)
    _header_and_footer(document, width - Cm(4.0), top_right, status, left)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language = "en-GB"
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    return document


def _language(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for attribute, value in (("w:val", "en-GB"), ("w:eastAsia", "en-GB"), ("w:bidi", "ar-SA")):
        language.set(qn(attribute), value)


def _settings(document: Any) -> None:
    """Ask for the layout of Word 2013 and later, so that the document does not open in compatibility mode."""
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compat = parse_xml(
        f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    follower = next(
        element
        for element in settings
        if element.tag in {qn("w:rsids"), qn("w:themeFontLang"), qn("w:clrSchemeMapping")}
        or element.tag.endswith("}mathPr")
    )
    follower.addprevious(compat)


def _styles(document: Any) -> None:
    _style(document, "Normal", 11, after=6, line=1.12)
    _style(document, "Title", 24, bold=True, colour=DEEP_BLUE, before=2, after=2)
    _style(document, "Subtitle", 13, colour=GREY, after=10)
    _style(document, "Heading 1", 15, bold=True, colour=DEEP_BLUE, before=16, after=5)
    _style(document, "Heading 2", 13, bold=True, colour=DEEP_BLUE, before=16, after=4)
    _style(document, "Heading 3", 11, bold=True, colour=INK, before=10, after=3)
    _style(document, "Header", 9, colour=GREY, after=0)
    _style(document, "Footer", 9, colour=GREY, after=0)
    _style(document, "Table text", 10, after=0, line=1.05)
    _style(document, "Table heading", 10, bold=True, colour=DEEP_BLUE, after=0)
    _style(document, "Table strong", 10, bold=True, colour=DEEP_BLUE, line=1.05)
    _style(document, "Table note", 9.5, after=1, line=1.05)
    _style(document, "Statement", 10.5, after=6)
    _style(document, "Small print", 8.5, colour=GREY, before=6, after=0)
    _style(document, "Status", 11, bold=True, before=8, after=4)
    for heading in ("Heading 1", "Heading 2", "Heading 3", "Table heading"):
        document.styles[heading].paragraph_format.keep_with_next = True
    border(document.styles["Title"].element, None)
    border(document.styles["Statement"].element, ("left", "123A5E", 24, 8))
    document.styles["Statement"].paragraph_format.left_indent = Cm(0.4)
    document.styles.element.append(parse_xml(_TABLE_STYLE_XML))


def _style(
    document: Any,
    name: str,
    size: float,
    *,
    bold: bool = False,
    colour: RGBColor = INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
) -> None:
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if style.element.get(qn("w:customStyle")):
        style.base_style = styles["Normal"]
    font, paragraph = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(size), bold, False
    font.color.rgb = colour
    paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    paragraph.line_spacing = line
    run = style.element.get_or_add_rPr()
    for spacing in run.findall(qn("w:spacing")):
        run.remove(spacing)
    fonts = run.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")


def border(styled: Any, line: tuple[str, str, int, int] | None) -> None:
    """Give a style or paragraph a border (side, colour, eighths of a point, points of space), or take it away."""
    properties = styled.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if line is None:
        return
    side, colour, size, space = line
    drawn = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/></w:pBdr>'
    )
    spacing = properties.find(qn("w:spacing"))
    if spacing is None:
        properties.append(drawn)
    else:
        spacing.addprevious(drawn)


def _header_and_footer(document: Any, text_width: int, top_right: str, status: str | None, left: str) -> None:
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _marking(header)
    _left_and_right(section.header.add_paragraph(style="Header"), text_width, "{{ partnership }}", top_right)
    if status is not None:
        third = section.header.add_paragraph(style="Header")
        third.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        third.add_run(status).bold = True
    footer = section.footer.paragraphs[0]
    _left_and_right(footer, text_width, left, "Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")
    last = section.footer.add_paragraph(style="Footer")
    last.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _marking(last)


def _marking(paragraph: Any) -> None:
    marking = paragraph.add_run("{{ marking }}")
    marking.bold, marking.font.color.rgb = True, INK


def _left_and_right(paragraph: Any, text_width: int, left: str, right: str) -> None:
    for inherited in list(paragraph.style.element.iter(qn("w:tabs"))):
        inherited.getparent().remove(inherited)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(text_width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}\t{right}")


def _field(paragraph: Any, instruction: str) -> None:
    """Add a field that Word keeps up to date, such as the page number."""
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))
