"""What the people of the demonstration write. Invented, in plain English, and about what others do to the child."""

from dataclasses import replace
from datetime import date, timedelta

from meetings_app.plans.rules import Aim, PlanText, SchoolCopy, ViewKind

REFERRALS = (
    "An adult whom the child met online asks for pictures and offers gifts. The child told a teacher.",
    "The child has a new telephone that nobody at home bought. An older person collects the child by car after school.",
    "Three missing episodes in five weeks. Each time the child was found with adults who are not known to the family.",
    "A friend told us that adults at a flat give the children who visit it alcohol and expect something in return.",
    "The child spoke of somebody who threatens to share private messages unless the child meets them.",
    "Staff saw an adult wait outside the placement. The child was frightened and would not say who it was.",
    "The screening tool was completed after a health appointment. The nurse is worried about an older partner.",
    "Officers found the child in a hotel room booked by an adult. The booking is being looked into.",
)

URGENT = "The child is in contact with the adult today and has been asked to travel to another town this evening."

REPEAT = "The same adult has written to the child again. The child told the school on the same day."

UPDATES = {
    "disclosure": "The child told the school nurse the name that the adult uses online.",
    "missing_episode": "Missing overnight and found with an adult whom the police are looking into. A return interview "
    "was held.",
    "placement_move": "Moved to a placement outside the district. The new placement was told about the plan.",
    "incident": "Somebody followed the child home from the bus stop. It was reported to the police the same evening.",
    "new_intelligence": "New information links the car that waits outside the school with an address of concern.",
    "release_of_perpetrator": "The person who harmed the child was released. The police told the family and reviewed "
    "the safety measures.",
}

NO_FURTHER_ACTION = "The concern was about another child with a similar name, and that child is on the list."

DISCUSSIONS = (
    "Police have identified the owner of the car and are watching the address. Education reports full attendance since "
    "the return to school. Health has offered an appointment with the sexual health nurse, which the child took up.",
    "Children’s Services saw the child twice. The child talks about the adult’s threats and is glad that the telephone "
    "was changed. The family knows whom to call. Education keeps a quiet place for the child at break.",
    "No new missing episodes. The adult was given a child abduction warning notice. The child has gone back to the "
    "football club, and the specialist worker meets the child there every week.",
    "The adult uses several online accounts to reach the child. Police have asked the providers for the data. The "
    "school has taught the whole year about pressure to share pictures.",
    "The child sees less of the adult than at the last meeting. There is still an unexplained sum of money on the "
    "child’s card. Health reports that the child sleeps better.",
    "Agencies agree that grooming is likely and that there is no sign of physical harm at this time. The family asked "
    "for help with evenings, and Family Services begins next week.",
)

RATIONALES = {
    "high": "An adult has regular access to the child, uses threats, and has harmed the child. The protective factors "
    "are not strong enough yet.",
    "medium": "The adult still reaches the child online. Home and school protect the child well, and the child has "
    "begun to talk about what was done.",
    "low": "Contact by the adult has stopped. Some worries remain, and Early Help goes on with the family.",
    "none": "No contact by anyone of concern for three months, confirmed by every agency. School, family and the "
    "specialist worker agree that what was done to the child has stopped.",
}

UNSURE = (
    "The return interviews have not been shared. Without them the meeting cannot tell how the adult reaches the child."
)

MORE_IS_KNOWN = "The agencies know more than the assessment asks, and it is older than this meeting."

DISSENT = "The adult has not been found. The child is safer than in summer, but it is too early to lower the rating."

NO_TIME = "The time was over."

GOOD_PRACTICE = (
    "One worker stayed the same throughout, and the school and the police shared what they saw on the same day."
)

CHILD_VIEW = "“I feel safer now that he cannot call me. I want to stay at my school.”"

PARENTS_VIEW = "The family wants the same worker to go on visiting, and knows whom to call at night."

BEHAVIOURS = "The agencies found worries about what adults do near the child, and no sign that the child is involved."

BEHAVIOURS_YES = "The child has described meetings that the adult arranged."

STEP_DOWN = "Both chairs agree: every agency confirms that the adult is in custody."

AIMS = (
    (
        "The adult has no way to reach the child, by telephone, online or in person.",
        "The warning notice is served; the telephone is checked each week with the child.",
    ),
    (
        "The child has one worker to trust and a safe way to ask for help at any hour.",
        "The worker meets the child twice a week, at a place that the child chooses.",
    ),
    (
        "School and home know what to look for and whom to tell.",
        "The worker goes through the signs with the family and with the named adult at school.",
    ),
)

MISSING_PLAN = "The police are called at once, the worker second. A return interview is held within three days."

SCHOOL_NOTE = "The education representative passes it on to the designated safeguarding lead."

CONTINGENCY = (
    "If the child is missing: the police are called at once, with the missing-episodes plan. If the adult makes "
    "contact: the telephone is handed to the police as it is, and Children’s Services call a strategy discussion."
)

INTELLIGENCE = "Car and address are known and watched. Officers in the case are to be told of every sighting."


UPDATE = "The worker saw the child each week. One meeting was missed; the child called the next day and explained why."

PROGRESS = (
    "Nothing was heard of the adult since the last meeting.",
    "The child has used the number twice, both times in the evening.",
    "The family has been told what to look for. School waits for a date.",
)

SEEN = {
    "working": "The police and the worker both say so, and the child names what has changed.",
    "partly": "It works on school days. Weekends are still open.",
    "not_working": "The child was seen with the adult again. The plan is to be changed within the week.",
    "achieved": "It has held for eight weeks, and every agency sees it.",
}


def plan(written_on: date, *, number: int = 1) -> PlanText:
    """Give a safety plan written on a day; the second version has changed an aim and has another one."""
    aims = [
        Aim(aim, actions, due_on=written_on + timedelta(days=28 * place), number=place if number > 1 else None)
        for place, (aim, actions) in enumerate(AIMS, start=1)
    ]
    if number > 1:
        aims[1] = replace(aims[1], actions="The worker meets the child once a week, and writes on the days between.")
        aims = [aims[0], aims[1], Aim("The child is back at school every day.", "A tutor for eight weeks.")]
    return PlanText(
        aims=tuple(aims), contingency=CONTINGENCY, child_view=CHILD_VIEW, child_view_kind=ViewKind.VIEW,
        parents_view=PARENTS_VIEW, parents_view_kind=ViewKind.VIEW, missing_plan=MISSING_PLAN,
        school_copy=SchoolCopy.GIVEN, school_copy_note=SCHOOL_NOTE, police_intelligence=INTELLIGENCE,
    )  # fmt: skip


ACTIONS = {
    "police": (
        "Serve the child abduction warning notice and say when it was served",
        "Share what the telephone download shows about who contacts the child",
        "Visit the address of concern and report what was found",
    ),
    "education": (
        "Send the attendance of the last six weeks and name a trusted adult at school",
        "Agree safe travel to and from school with the child and the family",
        "Offer the lesson on online pressure to the child’s year",
    ),
    "health": (
        "Offer an appointment with the sexual health nurse",
        "Share whether the child was seen at the emergency department since the last meeting",
        "Refer to the child and adolescent mental health team",
    ),
    "childrens-services": (
        "Hold the return interview and share its result with every agency",
        "Update the assessment with the child’s own words",
        "Write to the landlord of the flat together with the police",
    ),
    "family-services": (
        "Begin the parenting support sessions",
        "Find a weekly activity that the child chooses",
    ),
}

ANSWERS = {
    "done": "Done. The child was told in plain words what happened and why.",
    "not_done": "The worker was ill and nobody took it over. It will be asked for again.",
    "could_not_be_done": "The family moved to another town, so the visit could not be made at this address.",
}

NOTES = (
    "Seen at school. Quiet, but asked when the next visit is.",
    "Telephone call with the family: a calm week. They keep the diary that the police asked for.",
    "The child drew a map of the places where it feels safe. A copy is in the case file.",
)

RETURNED = "Please say when the child was last seen and by whom, and send the completed screening tool."

PROPOSAL = (
    "The plan is finished and every agency agrees that contact by the adult has stopped. We ask the meeting to "
    "consider closing."
)

WITHDRAWN = "The purpose is met: the child leaves the list, and the school and the family know whom to call."
ALTHOUGH = "The meeting weighed it: the risk then came from people who no longer reach the child."
STRATEGY_TOOK_PART = {
    "social_work": "Team manager and social worker, Children’s Services", "police": "Detective sergeant",
    "health": "Named nurse for safeguarding", "education": "Designated safeguarding lead",
}  # fmt: skip

STRATEGY_OUTCOME = (
    "Section 47 enquiries begin together with the police. The adult is to have no contact with the child, and the "
    "family was told what to do if the adult comes back."
)

STRATEGY_ACTIONS = (
    "Police: a child abduction warning notice, this week. Children’s Services: see the child within two days. Health: "
    "offer an appointment."
)

STRATEGY_MANAGER = "Testy McManager, service manager"

STRATEGY_NOT_HELD = (
    "One was held ten days before the rating, on the same information. Its plan stands, and nothing new is known."
)

STRATEGY_WITHOUT_HEALTH = "The nurse was called to another child and sent a written report."
LOWERED_FAST = "Both chairs agree: those who did it are in custody, and the child has been safe since."
STRATEGY_ASKED = "The school was told of meetings with adults in a car, and of gifts."
LINKED = {
    "sibling": "The family’s social worker, from the birth certificates.",
    "alleged_harm": "Told by the younger child in an interview; the older one is safeguarded in their own right.",
    "same_network": "Police intelligence of this month: both were seen at the same address.",
}
AUTHORITY = "Invented Borough Council"
AUTHORITY_CONTACT = "Testy McReceiver, team manager"
TRANSFERRED = "The family moves at the end of the month; the new authority knows of the plan."
DIED = "The hospital told the social worker this morning. The family is being supported."
SAME = "The mother says that there is one child, and the school has one."
