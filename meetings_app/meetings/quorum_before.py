"""Which agencies of an RMM's quorum have said that nobody comes, while there is time to ask for a deputy."""

from sqlalchemy.orm import Session

from meetings_app.accounts.queries import agencies
from meetings_app.meetings.quorum import agencies_missing, said_before
from meetings_app.preparing.who_comes import WhoComes
from meetings_app.schedule.office import Office


def quorum_before(session: Session, office: Office, comes: WhoComes) -> str:
    """Say which agencies of the quorum sent apologies and what that means, for chairs and coordinators; else nothing.

    The caller asks only before the meeting begins: from then on it counts who is in the room (`presence.quorum_of`).
    """
    all_of_them = agencies(session)
    codes = {agency.code for agency in all_of_them if agency.id in comes.apologies}
    names = {agency.code: agency.name for agency in all_of_them}
    return said_before(agencies_missing(codes, office.partnership.rmm.quorum_agencies, names))
