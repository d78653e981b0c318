"""Which agency holds a child for whom the meeting chooses no lead agency. Pure."""

from meetings_app.children.models import YesNoUnknown
from meetings_app.meetings.decisions import Decided
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings.levels import rule_of


def held_by(decided: Decided, configuration: Ratings) -> str:
    """Give the code of the agency that holds the child where no lead agency is chosen (SUR: low, at Early Help), or "".

    Not where a social worker already works with the child; unanswered counts as nobody does.
    """
    if decided.rating is None or decided.lead_agency_id is not None or decided.social_worker is YesNoUnknown.YES:
        return ""
    return rule_of(decided.rating, configuration.ratings).held_by
