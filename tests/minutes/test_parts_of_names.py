"""Which parts of what a suspect is recorded as are said alone as a name, and which are everybody’s words."""

import pytest

from meetings_app.meetings.parts_of_names import goes_whole, has_parts, is_also_a_word, said_alone


@pytest.mark.parametrize(
    ("called", "alone"),
    [
        ("Quillfirst Quillsurname", {"Quillfirst", "Quillsurname"}),
        ("Unknown man with a red van", set()),
        ("Bald Asian Taxi Driver, aged 30", set()),
        ("Young man, black hair, Brown coat", set()),
        ("The man called Quillfirst", {"Quillfirst"}),
        ("Quillman from the Canary takeaway", {"Quillman", "Canary"}),
        ("Quillfirst Brown", {"Quillfirst", "Brown"}),
        ("Quillfirst Park", {"Quillfirst", "Park"}),
        ("Brown Wolf", set()),
        ("Quillfirst van Canary", {"Quillfirst", "Canary"}),
        ("CANARYSURNAME, Quillfirst", {"CANARYSURNAME", "Canarysurname", "Quillfirst"}),
        ("Quillfirst (Quillnick) Quillsurname", {"Quillfirst", "Quillnick", "Quillsurname"}),
        # Nothing but a word: it is said as it is written at the most.
        ("Unknown", {"Unknown"}),
        ("ghost", {"Ghost"}),
    ],
)  # fmt: skip
def test_a_part_is_said_alone_where_it_may_be_a_persons_name(called: str, alone: set[str]) -> None:
    assert set(said_alone(called)) == alone


@pytest.mark.parametrize(
    ("called", "is_full_name"),
    [
        ("Quillfirst Quillsurname", True), ("Quillfirst van der Quillsurname", True), ("Mr Quillsurname", True),
        ("Rose Brown", True), ("Q. Quillsurname", True), ("Quillfirst Middle-Quill O’Canary Quillsurname", True),
        ("Quillfirst", False), ("The Canary Face", False), ("Good Face", False), ("Mr Big", False), ("", False),
        ("Mr", False), ("Quillfirst with the red van", False), ("quillfirst quillsurname", False),
        ("Red Van Man", False), ("One Canary Quill Too Many", False),
    ],
)  # fmt: skip
def test_another_name_has_parts_where_it_looks_like_a_full_name(called: str, is_full_name: bool) -> None:
    assert has_parts(called, own=False) is is_full_name
    assert has_parts(called, own=True)


def test_what_is_a_word_of_the_language_too_goes_only_with_its_capital() -> None:
    assert [goes_whole(name) for name in ("Unknown", " ghost ", "Rose", "Quillnick", "Unknown man")] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert [is_also_a_word("Rose Quill", part) for part in ("Rose", "Quill")] == [True, False]
    assert is_also_a_word("Limping man of Canarytown", "Limping"), "it has its capital from where it stands"
    assert not is_also_a_word("Limping man of Canarytown", "Canarytown")
