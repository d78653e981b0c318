"""What an agency wrote for a meeting that was then cancelled, or is over, and never sent: its people read it again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from meetings_app.preparing.attendance_left import replaced_by
from meetings_app.preparing.models import InformationDraft
from meetings_app.preparing.queries import drafts_of, sent_for
from meetings_app.preparing.rules import TAKEN, Information
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class DraftLeft:
    """Words that were not sent, and the meeting that they were written for."""

    information: Information
    reference: str
    over: bool = False
    """Whether the meeting was held, and takes nothing any more."""


def words_of(draft: InformationDraft) -> Information:
    """Give what a draft says."""
    return Information(draft.answer, draft.facts, draft.opinion, draft.source, draft.reason)


def drafts_left(session: Session, meeting: Meeting, agency_id: int) -> Mapping[int, Sequence[DraftLeft]]:
    """Give by child what the people of an agency wrote and did not send for the meetings whose place this one took.

    Once this one is over, that is what they wrote for this one, too.

    As far as the reader may see it: a draft is nobody else’s.
    """
    found: defaultdict[int, list[DraftLeft]] = defaultdict(list)
    over = [] if meeting.state in TAKEN else [meeting]
    for missed in [*replaced_by(session, meeting), *over]:
        sent = sent_for(session, missed.key, agency_id=agency_id)
        for child_id, draft in drafts_of(session, missed.key, agency_id).items():
            words = words_of(draft)
            versions = sent.get(child_id, {}).get(agency_id, ())
            if not words.is_empty and not (versions and versions[-1].information == words.told):
                found[child_id].append(DraftLeft(words, missed.reference, missed is meeting))
    return found
