"""How pages write what people typed."""

import pytest

from meetings_app.web.filters import stop


@pytest.mark.parametrize(
    ("text", "lacks"),
    [("Visit the car park", "."), ("Visit the car park.", ""), ("Visit it? ", ""), ("Visit it…", ""), ("", ".")],
)
def test_a_text_that_ends_with_a_mark_of_its_own_gets_no_second_full_stop(text: str, lacks: str) -> None:
    assert stop(text) == lacks
