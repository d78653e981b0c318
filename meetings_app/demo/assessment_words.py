"""What the people of the demonstration write in assessments. Invented, and about what others do to the child."""

EVIDENCE = (
    "The form tutor saw it twice in the last month and wrote it down on the day.",
    "The child told the school nurse in their own words. The nurse’s note of that day is in the file.",
    "The police report of that night says so, and the family confirms it.",
    "Said in the return interview by the child, and again by a friend who was there.",
    "The placement’s diary names the days. The worker on shift saw who waited outside.",
    "The parent showed us the messages that the adult sent.",
    "The specialist worker hears it in the weekly sessions; the child gave two examples.",
    "A neighbour told the housing officer, and the officer saw it on the next visit.",
)

OTHER_FACTORS = (
    "The adult gives the child lifts from football practice, which is on no list.",
    "A new games account was made for the child by somebody else.",
)

HEADINGS = {
    "child_view": "The child says that the adult “is kind at first and then gets scary”, and wants it to stop.",
    "parents_views": "The parents are worried about the adult’s car and ask whom to call in the evening.",
    "professionals_views": "School and health agree. The police see more danger than the family does.",
    "differences_of_view": "The family thinks that it is over. We do not: the adult wrote again last week.",
    "judgement": "An adult grooms the child with gifts and threats. School and family protect the child well, and that "
    "is not enough while the adult can reach the telephone.",
    "working_well": "The child comes to school every day and talks to the tutor.",
    "worried_about": "The adult knows where the child lives and uses several accounts.",
    "next_steps": "The telephone is looked at by the police this week; the plan is read with the child by Friday.",
    "protective_factors": "An aunt whom the child trusts, the football club, and a tutor who listens.",
}

AT_RMM = "The child is on the agenda of the next meeting, which reads this assessment."
NO_REFERRAL = "Early Help goes on with the family, and nothing new was found that a referral would add."
WHO = "Tamsin Managerby, team manager"
DISCUSSED = "Discussed the same day. The police share what they know, and the plan is brought forward."
NO_DISCUSSION = "No reasonable cause to suspect significant harm at this time; looked at again at the next review."
DECLINED = "The safety plan covers this already, and the same worker does it."
