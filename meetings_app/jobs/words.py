"""What each job looks after, in a sentence for the page Timetable: whoever looks for what comes due finds its job."""

DOES = {
    "tie reviews to meetings ahead": "Every review is tied to a meeting that is still ahead.",
    "extend the series": "Every series stands a year ahead.",
    "announce meetings": "Meetings that have come near are announced, and their invites go out.",
    "invite newcomers": "Who was given a role is invited, who left it is taken off, where that was missed.",
    "take the weekly list": "The county’s list of the week is taken, and those it is for are told.",
    "ask for updates on safety plans": "Lead professionals are asked before the meeting that reviews the child.",
    "ask agencies before meetings": "Agencies that have not answered are asked, once.",
    "remind of agendas to publish": "An agenda is to be published and is not.",
    "say that agendas are drafted": "The cut-off has passed: new items are late items from then on.",
    "send action lists after meetings": "Each agency is told of the actions a meeting gave it.",
    "remind of minutes to issue": "Draft minutes are due and are not issued.",
    "remind of minutes to sign": "Corrections close: their time is over, and the minutes are not signed.",
    "remind of orders that expire": "Court orders and tactics of disruption that expire soon, or have.",
    "send action digests": "Each person’s own open actions, and those of the agency.",
    "send action digests of network meetings": "Each person’s own open actions from network meetings.",
    "escalate actions missed at meetings": "Overdue actions go to the agency’s contact, then to the board’s list.",
    "escalate actions missed at network meetings": "Overdue actions go to the agency’s contact, then to the board’s "
    "list of the network chair.",
    "say what waits in each area": "Reassessments that are due, steps of the transition to adult services, "
    "look-backs on closures, and closures that wait for a signature.",
    "remind of second signatures": "A closure’s second signature is due.",
    "check the promises": "Everything that “meetings check” checks; what it finds stands on the home pages.",
    "back up the database": "A copy of the database is written and read back.",
}
"""By the name of the job."""
