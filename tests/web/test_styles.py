"""The style sheets are whole: a brace that is missing would silently drop what stands beneath it."""

import pytest

from meetings_app.resources import folder

SHEETS = sorted(path.name for path in (folder("static") / "css").glob("*.css"))


@pytest.mark.parametrize("name", SHEETS)
def test_every_brace_of_a_style_sheet_is_closed_before_the_next_comment(name: str) -> None:
    text = (folder("static") / "css" / name).read_text("utf-8")
    opened = 0
    for line in text.splitlines():
        assert not (line.startswith("/*") and opened), line
        opened += line.count("{") - line.count("}")
        assert opened >= 0, line
    assert opened == 0
