"""Bad input to the page of an item."""

from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.sent_forms import forms_of


def test_a_choice_that_is_none_is_named_beside_its_box(day: Day) -> None:
    day.publish_and_open(day.browser("coordinator"))
    chair = day.browser("chair-cs")
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    [form] = [each for each in forms_of(text_of(chair, address)) if "discussion" in each.values]
    assert chair.post(address, data=form.with_values(lead_agency="²")).status_code == 400
