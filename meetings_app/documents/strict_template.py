"""docxtpl, except that it refuses what it would otherwise mend by leaving text out, and does nothing twice."""

import re
from functools import lru_cache
from typing import Any

from docx.oxml import parse_xml
from docxtpl import DocxTemplate

_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_BREAKS = re.compile(r"[\t\n\a\f]")


class StrictTemplate(DocxTemplate):  # type: ignore[misc] # docxtpl comes without type hints
    """A template whose filled-in XML has to be well formed; `render` raises `SyntaxError` where it is not."""

    def patch_xml(self, src_xml: str) -> str:
        """Make the tags of a template readable, once for each text of a template."""
        return _with_readable_tags(src_xml)

    def resolve_listing(self, xml: str) -> str:
        """Turn tabs and line breaks into Word's, in the paragraphs that hold one; most hold none."""
        resolve = super().resolve_listing
        return _PARAGRAPH.sub(lambda found: resolve(found[0]) if _BREAKS.search(found[0]) else found[0], xml)

    def fix_tables(self, xml: str) -> Any:
        """Parse the body strictly before docxtpl's own parser, which drops what it cannot place, sees it."""
        parse_xml(xml)
        return super().fix_tables(xml)


@lru_cache(maxsize=64)
def _with_readable_tags(xml: str) -> str:
    # The text is all that docxtpl's method looks at, so one answer serves every template that holds it.
    return str(DocxTemplate.patch_xml(None, xml))
