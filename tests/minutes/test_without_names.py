"""What says who a child is goes out of texts, and what may still say it is pointed out."""

from datetime import date

import pytest

from meetings_app.meetings.without_names import PersonsName, telling_words, without_names, without_others, without_whole

SHOWN = [("Testy O'Malley-Example", "C-AAAAA"), ("Jo Sample", "C-BBBBB")]
BORN = date(2011, 2, 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Testy O’Malley Example and testy said so.", "C-AAAAA and C-AAAAA said so."),
        ("O'Malley’s brother; the Examples; Jo's bag.", "C-AAAAA’s brother; the Examples; C-BBBBB's bag."),
        ("At St Mary's Academy, or St  Mary’s academy.", "At [school], or [school]."),
        ("Born 4.2.2011, 04/02/11, 4th February 2011, 4 Feb 2011, 2011-02-04, February 4, 2011.",
         "Born [date of birth], [date of birth], [date of birth], [date of birth], [date of birth], [date of birth]."),
        ("On 4 February and 4 February 2026, 14/02/2011.", "On 4 February and 4 February 2026, 14/02/2011."),
        ("Joanna sampled it.", "Joanna sampled it."),
        ("TESTY, JO; _Jo_ and Jo_1", "C-AAAAA, C-BBBBB; _Jo_ and Jo_1"),
        ("Born x4.2.2011a or (2011-02-04T10).", "Born x[date of birth]a or ([date of birth]T10)."),
    ],
)  # fmt: skip
def test_names_schools_and_dates_of_birth_go_as_people_write_them(text: str, said: str) -> None:
    assert without_names(SHOWN, ["St Mary's Academy"], [BORN])(text) == said


def test_a_name_is_found_by_whatever_letters_any_case_means() -> None:
    shown = [("İnvented Strasse", "C-AAAAA"), ("(=) Kit", "C-BBBBB")]
    said = without_names(shown)("İNVENTED, ınvented and invented. STRASSE; ſtrasse. A Kit.")
    assert said == "C-AAAAA, C-AAAAA and C-AAAAA. C-AAAAA; C-AAAAA. A C-BBBBB."


def test_a_child_whose_item_is_not_shown_is_not_named_and_brothers_keep_their_name() -> None:
    text = without_others([("Will Sample", "C-7Q4KD"), ("Rose Example", "C-M2WPX")], [("Testy Sample", "C-AAAAA")])
    assert text("Will Sample and Will will go; rose-coloured. Rose met T. Sample.") == (
        "[another child] and [another child] will go; rose-coloured. [another child] met T. Sample."
    )


def test_a_reference_says_who_a_child_is_as_a_name_does() -> None:
    text = without_others([("Will Sample", "C-7Q4KD")], [("Testy Sample", "C-AAAAA")])
    assert text("C-7Q4KD, c-7q4kd, C 7Q4KD, C7Q4KD’s and C‑7Q4KD met C-AAAAA; XC-7Q4KD and C-7Q4KDX.") == (
        "[another child], [another child], [another child], [another child]’s and [another child] met C-AAAAA; "
        "XC-7Q4KD and C-7Q4KDX."
    )


def test_a_copy_without_names_gives_no_reference_to_a_child_whose_item_it_does_not_show() -> None:
    text = without_names(SHOWN, others=[("Will Sample", "C-7Q4KD")])
    assert text("Will Sample, will, C-7Q4KD and Jo Sample.") == (
        "[another child], [another child], [another child] and C-BBBBB."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She was seen in Sampleton Park with the Canary lot.", ["Sampleton Park", "Canary"]),
        ("She lives at SA1 2MP, ring 07700 900 123, @canaryface, or canary@example.invalid.",
         ["SA1 2MP", "07700 900 123", "@canaryface", "canary@example.invalid"]),
        ("A van, XX12 ABC, was there.", ["XX12 ABC"]),
        # The start of a sentence, agencies, staff, months, references and abbreviations say nothing.
        ("They met. On Tuesday the Police, CSE lead and Pol Example of RMM-NE-2026-W48 wrote C-7Q4KD.", []),
        ("Visit the family, no later\nDue on 5 May, To be done with Mother\nThe Canary lot", ["Mother", "The Canary"]),
        ("Sampleton was named.; Deferred again; Canary too.", ["Canary"]),
        # The words of the meeting say nothing, but a street or a place that begins with one does.
        ("Rated as High Risk, then Medium or Low, at a Strategy Discussion of the Lead Agency.", []),
        ("Seen in the High Street, at Low Sampleton and by Agency Canary.",
         ["High Street", "Low Sampleton", "Agency Canary"]),
    ],
)  # fmt: skip
def test_places_people_and_numbers_that_may_say_who_it_is_are_pointed_out(text: str, words: list[str]) -> None:
    found = telling_words([("4.1", text)], ["Pol Example"])
    assert [each.word for each in found] == words
    assert all(each.items == ("4.1",) and each.word in each.around for each in found)


def test_a_word_that_stands_in_many_items_is_pointed_out_once_and_an_age_is_none() -> None:
    texts = [("", "Seen by Pat Canary."), ("4.1", "Told to Pat Canary, Under 13"), ("4.2", "It was Pat Canary again.")]
    assert [(each.word, each.items) for each in telling_words(texts)] == [("Pat Canary", ("", "4.1", "4.2"))]


def test_the_parts_of_a_persons_other_name_go_and_a_nickname_goes_whole() -> None:
    aliases = [PersonsName(("Rose May-Quill of Sample", "[a child]")), ("The Fox Face", "[a child]")]
    said = "Rose, ROSE; Quill and Sample of the face, The Fox Face. A rose; may go."
    assert without_others([], [("Jo Sample", "C-BBBBB")], aliases)(said) == (
        "[a child], ROSE; [a child] and Sample of the face, [a child]. A rose; may go."
    )
    assert without_others([], [], aliases, own=True)("Rose, Quill and Sample.") == "Rose, [a child] and [a child]."
    assert (
        without_names(SHOWN, ["Quill School"], [date(2011, 5, 4)], (), aliases)(
            "ROSE, Jo Sample and the Face of Quill School; 4 May 2011, in may."
        )
        == "[a child], C-BBBBB and the Face of [school]; [date of birth], in [a child]."
    )
    assert without_whole([], aliases)("Rose May-Quill of Sample, Rose, the fox face.") == "[a child], Rose, [a child]."
