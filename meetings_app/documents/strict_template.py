"""docxtpl, except that it refuses what it would otherwise mend by leaving text out."""

from typing import Any

from docx.oxml import parse_xml
from docxtpl import DocxTemplate


class StrictTemplate(DocxTemplate):  # type: ignore[misc] # docxtpl comes without type hints
    """A template whose filled-in XML has to be well formed; `render` raises `SyntaxError` where it is not."""

    def fix_tables(self, xml: str) -> Any:
        """Parse the body strictly before docxtpl's own parser, which drops what it cannot place, sees it."""
        parse_xml(xml)
        return super().fix_tables(xml)
