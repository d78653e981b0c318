"""The closed list of what the trail records; each kind says itself as a sentence."""

from enum import StrEnum


class EventKind(StrEnum):
    """What can happen. A kind that has no sentence below does not pass its test."""

    CHILD_VIEWED = "child_viewed"
    CHILD_READ_VIEWED = "child_read_viewed"
    LIST_VIEWED = "list_viewed"
    WEEKLY_LIST_TAKEN = "weekly_list_taken"
    WEEKLY_LIST_VIEWED = "weekly_list_viewed"
    WEEKLY_RECIPIENT_CHANGED = "weekly_recipient_changed"
    CHANGE_REHEARSED = "change_rehearsed"
    AGENDA_VIEWED = "agenda_viewed"
    MEETING_VIEWED = "meeting_viewed"
    INFORMATION_VIEWED = "information_viewed"
    REFERRAL_VIEWED = "referral_viewed"
    REFERRALS_VIEWED = "referrals_viewed"
    ACTIONS_VIEWED = "actions_viewed"
    WAITING_VIEWED = "waiting_viewed"
    TOTALS_VIEWED = "totals_viewed"
    SEARCHED = "searched"
    TRAIL_VIEWED = "trail_viewed"
    AUDIT_VIEWED = "audit_viewed"
    DOCUMENT_MADE = "document_made"
    EXPORTED = "exported"
    CHILD_CREATED = "child_created"
    CHILD_CHANGED = "child_changed"
    CHILDREN_COMPARED = "children_compared"
    INVOLVEMENT_CHANGED = "involvement_changed"
    LINK_RECORDED = "link_recorded"
    LINK_ENDED = "link_ended"
    NOTE_WRITTEN = "note_written"
    PLAN_WRITTEN = "plan_written"
    PLAN_UPDATED = "plan_updated"
    PLAN_UPDATE_ASKED = "plan_update_asked"
    PLAN_REVIEWED = "plan_reviewed"
    PLAN_COPY_VIEWED = "plan_copy_viewed"
    CHANGE_REPORTED = "change_reported"
    REFERRAL_MADE = "referral_made"
    REFERRAL_DECIDED = "referral_decided"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRAL_HEARD = "referral_heard"
    ASSESSMENT_VIEWED = "assessment_viewed"
    ASSESSMENTS_VIEWED = "assessments_viewed"
    ASSESSMENT_STARTED = "assessment_started"
    ASSESSMENT_SAVED = "assessment_saved"
    ASSESSMENT_FINISHED = "assessment_finished"
    ASSESSMENT_DISCARDED = "assessment_discarded"
    ASSESSMENT_DECIDED = "assessment_decided"
    FLAG_ANSWERED = "flag_answered"
    RECOMMENDATION_DECLINED = "recommendation_declined"
    STRATEGY_REQUESTED = "strategy_requested"
    STRATEGY_HELD = "strategy_held"
    STRATEGY_NOT_HELD = "strategy_not_held"
    IMPORT_CONFIRMED = "import_confirmed"
    ENTRY_IMPORTED = "entry_imported"
    RATING_DECIDED = "rating_decided"
    ENTRY_OPENED = "entry_opened"
    ENTRY_CHANGED = "entry_changed"
    REVIEW_REHOMED = "review_rehomed"
    CLOSURE_PROPOSED = "closure_proposed"
    CLOSURE_SIGNED = "closure_signed"
    LOOK_BACK_RECORDED = "look_back_recorded"
    TRANSITION_RECORDED = "transition_recorded"
    ENTRY_CLOSED = "entry_closed"
    DEPARTURE_BEGUN = "departure_begun"
    DEPARTURE_WITHDRAWN = "departure_withdrawn"
    ENTRY_LEFT = "entry_left"
    ENTRY_RESTORED = "entry_restored"
    MERGE_UNDONE = "merge_undone"
    SERIES_CREATED = "series_created"
    SERIES_CHANGED = "series_changed"
    SERIES_ENDED = "series_ended"
    MEETING_ANNOUNCED = "meeting_announced"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_MEMBERS_CHANGED = "meeting_members_changed"
    INVITE_ANSWERED = "invite_answered"
    REPLY_MAIL_REFUSED = "reply_mail_refused"
    REPLY_MAIL_SETTLED = "reply_mail_settled"
    DEPUTIES_CHANGED = "deputies_changed"
    TEST_MAIL_ASKED = "test_mail_asked"
    CALENDAR_FEED_CHANGED = "calendar_feed_changed"
    AGENDA_ADJUSTED = "agenda_adjusted"
    AGENDA_PUBLISHED = "agenda_published"
    LATE_ITEM_ADDED = "late_item_added"
    INFORMATION_DRAFTED = "information_drafted"
    INFORMATION_SENT = "information_sent"
    ATTENDANCE_SAID = "attendance_said"
    AGENCIES_CHASED = "agencies_chased"
    MEETING_STARTED = "meeting_started"
    ATTENDANCE_RECORDED = "attendance_recorded"
    ROOM_RECORDED = "room_recorded"
    ITEM_BROUGHT_UP = "item_brought_up"
    STATEMENT_READ = "statement_read"
    CONFLICT_DECLARED = "conflict_declared"
    CONFLICT_ENDED = "conflict_ended"
    ITEM_TYPED = "item_typed"
    DECISION_RECORDED = "decision_recorded"
    ITEM_DEFERRED = "item_deferred"
    ITEM_NOT_REACHED = "item_not_reached"
    AGENCY_VIEW_RECORDED = "agency_view_recorded"
    MEETING_CLOSED = "meeting_closed"
    MINUTES_EDITED = "minutes_edited"
    MINUTES_MADE = "minutes_made"
    MINUTES_ISSUED = "minutes_issued"
    CORRECTION_PROPOSED = "correction_proposed"
    CORRECTION_ANSWERED = "correction_answered"
    MINUTES_SIGNED = "minutes_signed"
    MINUTES_REOPENED = "minutes_reopened"
    MINUTES_APPROVED = "minutes_approved"
    MINUTES_FILE_ADDED = "minutes_file_added"
    MATTER_PASSED_ON = "matter_passed_on"
    ACTION_GIVEN = "action_given"
    ACTION_ANSWERED = "action_answered"
    ACTION_REASSIGNED = "action_reassigned"
    SUBJECT_VIEWED = "subject_viewed"
    SUBJECTS_VIEWED = "subjects_viewed"
    NETWORK_REFERRAL_VIEWED = "network_referral_viewed"
    NETWORK_REFERRED = "network_referred"
    NETWORK_REFERRAL_DECIDED = "network_referral_decided"
    SUBJECT_OPENED = "subject_opened"
    SUBJECT_CHANGED = "subject_changed"
    CHARMM_REFERRED = "charmm_referred"
    CHARMM_HEARD = "charmm_heard"
    EXTRACT_PROPOSED = "extract_proposed"
    EXTRACT_VIEWED = "extract_viewed"
    EXTRACT_DECIDED = "extract_decided"
    EXTRACT_ISSUED = "extract_issued"
    SUBJECT_LINKED = "subject_linked"
    SUBJECT_LINK_ENDED = "subject_link_ended"
    SUSPECT_READER_CHANGED = "suspect_reader_changed"
    DISRUPTION_RECORDED = "disruption_recorded"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SECOND_FACTOR_SET = "second_factor_set"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_ACCEPTED = "account_accepted"
    WORK_HANDED_OVER = "work_handed_over"
    COMMAND_RUN = "command_run"
    JOB_RUN = "job_run"
    MAIL_RESENT = "mail_resent"
    DATABASE_PREPARED = "database_prepared"
    DEFINITION_APPLIED = "definition_applied"
    RULES_CHANGED = "rules_changed"


VIEWS = frozenset(kind.value for kind in EventKind if kind.value.endswith("_viewed")) | {EventKind.SEARCHED.value}
"""What somebody saw, as against what somebody did: recorded even where a form was refused."""

SENTENCES: dict[EventKind, str] = {
    EventKind.CHILD_VIEWED: "looked at the child’s record",
    EventKind.CHILD_READ_VIEWED: "read about the child in the {document}",
    EventKind.LIST_VIEWED: "looked at the CSE list (children shown: {shown})",
    EventKind.WEEKLY_LIST_TAKEN: "took weekly list {number} ({children} children, {told} people told)",
    EventKind.WEEKLY_LIST_VIEWED: "looked at weekly list {number} (children shown: {shown})",
    EventKind.WEEKLY_RECIPIENT_CHANGED: "said whether {account} is sent the weekly list: {sent}",
    EventKind.CHANGE_REHEARSED: "looked at where children would go if {meeting} changed (children shown: {shown})",
    EventKind.AGENDA_VIEWED: "looked at the agenda of {meeting}",
    EventKind.MEETING_VIEWED: "looked at the record of {meeting}",
    EventKind.INFORMATION_VIEWED: "looked at what agencies say before {meeting}",
    EventKind.REFERRAL_VIEWED: "looked at referral {referral}",
    EventKind.REFERRALS_VIEWED: "looked at the list of referrals ({referrals} shown)",
    EventKind.ACTIONS_VIEWED: "looked at the list of actions",
    EventKind.TOTALS_VIEWED: "looked at the totals",
    EventKind.WAITING_VIEWED: "looked at what waits ({what})",
    EventKind.SEARCHED: "searched for a child (matches shown: {matches})",
    EventKind.TRAIL_VIEWED: "looked at who has seen the record",
    EventKind.AUDIT_VIEWED: "looked at the audit trail",
    EventKind.DOCUMENT_MADE: "made a Word document ({document})",
    EventKind.EXPORTED: "exported {what}",
    EventKind.CHILD_CREATED: "created the child’s record",
    EventKind.CHILD_CHANGED: "changed the child’s details ({fields})",
    EventKind.CHILDREN_COMPARED: "said whether two records are the same child: {resolution}",
    EventKind.INVOLVEMENT_CHANGED: "changed who works with the child: account {account} {change}",
    EventKind.LINK_RECORDED: "recorded link {link} between two children",
    EventKind.LINK_ENDED: "recorded the end of link {link} between two children",
    EventKind.NOTE_WRITTEN: "added a note",
    EventKind.PLAN_WRITTEN: "wrote version {number} of the safety plan",
    EventKind.PLAN_UPDATED: "wrote an update on version {number} of the safety plan",
    EventKind.PLAN_UPDATE_ASKED: "asked the lead professional for an update on the safety plan before {meeting}",
    EventKind.PLAN_REVIEWED: "recorded how the safety plan works, on item {number} of {meeting}",
    EventKind.PLAN_COPY_VIEWED: "opened the school’s copy of version {number} of the safety plan",
    EventKind.CHANGE_REPORTED: "reported a change in circumstances ({change})",
    EventKind.REFERRAL_MADE: "made referral {referral}",
    EventKind.REFERRAL_DECIDED: "decided referral {referral}: {state}",
    EventKind.REFERRAL_ANSWERED: "answered what was asked about referral {referral}",
    EventKind.REFERRAL_HEARD: "recorded that referral {referral} was heard at {meeting}",
    EventKind.ASSESSMENT_VIEWED: "looked at assessment {assessment}",
    EventKind.ASSESSMENTS_VIEWED: "looked at a list of assessments ({shown} shown)",
    EventKind.ASSESSMENT_STARTED: "started assessment {assessment}",
    EventKind.ASSESSMENT_SAVED: "saved a part of assessment {assessment} ({section})",
    EventKind.ASSESSMENT_FINISHED: "finished assessment {assessment}",
    EventKind.ASSESSMENT_DISCARDED: "discarded the draft of assessment {assessment}",
    EventKind.ASSESSMENT_DECIDED: "decided what follows from assessment {assessment}: {decision}",
    EventKind.FLAG_ANSWERED: "answered what assessment {assessment} asks for ({flag})",
    EventKind.RECOMMENDATION_DECLINED: "did not take up action {number} that assessment {assessment} recommends",
    EventKind.STRATEGY_REQUESTED: "asked for strategy discussion {discussion}",
    EventKind.STRATEGY_HELD: "recorded what came of strategy discussion {discussion}",
    EventKind.STRATEGY_NOT_HELD: "recorded why strategy discussion {discussion} is not held",
    EventKind.IMPORT_CONFIRMED: "imported a spreadsheet: {created} created, {matched} already here",
    EventKind.ENTRY_IMPORTED: "brought the child’s list entry in from a spreadsheet (rating {rating})",
    EventKind.RATING_DECIDED: "recorded the rating {rating} (before: {before}), decided at {meeting}",
    EventKind.ENTRY_OPENED: "put the child on the CSE list at {meeting}",
    EventKind.ENTRY_CHANGED: "changed the list entry ({fields})",
    EventKind.REVIEW_REHOMED: "tied the next review to {meeting} (before: {before})",
    EventKind.CLOSURE_PROPOSED: "proposed that the RMM considers closing",
    EventKind.CLOSURE_SIGNED: "signed the closure decided at {meeting}",
    EventKind.LOOK_BACK_RECORDED: "recorded what was found when looking back on the closure decided at {meeting}",
    EventKind.TRANSITION_RECORDED: "recorded a step towards adult services ({step})",
    EventKind.ENTRY_CLOSED: "took the child off the CSE list, as decided at {meeting}",
    EventKind.DEPARTURE_BEGUN: "began to take the child off the CSE list ({way})",
    EventKind.DEPARTURE_WITHDRAWN: "took back what would have taken the child off the CSE list ({way})",
    EventKind.ENTRY_LEFT: "took the child off the CSE list ({way})",
    EventKind.ENTRY_RESTORED: "restored the child’s place on the CSE list",
    EventKind.MERGE_UNDONE: "undid the pointer from one record to another",
    EventKind.SERIES_CREATED: "created a series of {count} meetings",
    EventKind.SERIES_CHANGED: "changed a series from {first} on: {count} meetings",
    EventKind.SERIES_ENDED: "ended a series: {count} meetings from {first} on cancelled",
    EventKind.MEETING_ANNOUNCED: "announced {meeting}",
    EventKind.MEETING_MOVED: "moved {meeting} from {before} to {after}",
    EventKind.MEETING_CANCELLED: "cancelled {meeting}",
    EventKind.MEETING_MEMBERS_CHANGED: "changed who is invited to {meeting}: account {account} {change}",
    EventKind.INVITE_ANSWERED: "recorded how account {account} answered the invite to {meeting}: {answer} ({source})",
    EventKind.REPLY_MAIL_REFUSED: "took no answer from a mail about {meeting}: {outcome}",
    EventKind.REPLY_MAIL_SETTLED: "looked at a mail about {meeting} that was no plain answer",
    EventKind.TEST_MAIL_ASKED: "asked for a test {what} to themself",
    EventKind.DEPUTIES_CHANGED: "changed who may stand in for an agency: account {account} {change}",
    EventKind.CALENDAR_FEED_CHANGED: "changed their calendar address ({change})",
    EventKind.AGENDA_ADJUSTED: "changed the agenda of {meeting} by hand: {adjustment}",
    EventKind.AGENDA_PUBLISHED: "published the agenda of {meeting} with {items} items",
    EventKind.LATE_ITEM_ADDED: "added a late item to {meeting}",
    EventKind.INFORMATION_DRAFTED: "saved a draft of the agency’s information for {meeting}",
    EventKind.INFORMATION_SENT: "sent version {number} of the agency’s information for {meeting}",
    EventKind.ATTENDANCE_SAID: "said how the agency attends {meeting}: {attending}",
    EventKind.AGENCIES_CHASED: "asked {agencies} agencies again for their information for {meeting}",
    EventKind.MEETING_STARTED: "opened {meeting}",
    EventKind.ATTENDANCE_RECORDED: "recorded attendance at {meeting}",
    EventKind.ROOM_RECORDED: "recorded who is in the room for item {number} of {meeting}",
    EventKind.ITEM_BROUGHT_UP: "brought item {number} of {meeting} before the room",
    EventKind.STATEMENT_READ: "recorded to whom the statement was read at {meeting} (people: {people})",
    EventKind.CONFLICT_DECLARED: "recorded a conflict of interest of account {account} at {meeting}",
    EventKind.CONFLICT_ENDED: "recorded that the conflict of interest of account {account} is over",
    EventKind.ITEM_TYPED: "typed on item {number} of {meeting}",
    EventKind.DECISION_RECORDED: "recorded a decision on item {number} of {meeting}",
    EventKind.ITEM_DEFERRED: "deferred item {number} of {meeting}",
    EventKind.ITEM_NOT_REACHED: "recorded that item {number} of {meeting} was not reached",
    EventKind.AGENCY_VIEW_RECORDED: "recorded what the agency {agency} thinks about item {number} of {meeting}",
    EventKind.MEETING_CLOSED: "closed {meeting}",
    EventKind.MINUTES_EDITED: "edited the minutes of {meeting}, item {number}",
    EventKind.MINUTES_MADE: "made version {version} of the minutes of {meeting}",
    EventKind.MINUTES_ISSUED: "issued version {version} of the minutes of {meeting} to those who attended",
    EventKind.CORRECTION_PROPOSED: "asked for a correction of the minutes of {meeting}, item {number}",
    EventKind.CORRECTION_ANSWERED: "answered a correction of the minutes of {meeting}, item {number}: {answer}",
    EventKind.MINUTES_SIGNED: "signed the minutes of {meeting}",
    EventKind.MINUTES_REOPENED: "reopened the minutes of {meeting} after version {version} was signed",
    EventKind.MINUTES_APPROVED: "recorded at {heard_at} that the minutes of {meeting} are approved",
    EventKind.MINUTES_FILE_ADDED: "put file {number} beside the minutes of {meeting}",
    EventKind.MATTER_PASSED_ON: "passed on from the network meeting {meeting} to {to}",
    EventKind.ACTION_GIVEN: "gave action {action}",
    EventKind.ACTION_ANSWERED: "answered action {action}: {answer}",
    EventKind.ACTION_REASSIGNED: "gave action {action} to somebody else",
    EventKind.SUBJECT_VIEWED: "looked at {subject} of the networks",
    EventKind.SUBJECTS_VIEWED: "looked at a list of the networks ({shown} shown)",
    EventKind.NETWORK_REFERRAL_VIEWED: "looked at referral {referral} to the network meeting",
    EventKind.NETWORK_REFERRED: "made referral {referral} to the network meeting",
    EventKind.NETWORK_REFERRAL_DECIDED: "decided referral {referral} to the network meeting: {state}",
    EventKind.SUBJECT_OPENED: "opened {subject} of the networks",
    EventKind.SUBJECT_CHANGED: "changed {subject} of the networks: {change}",
    EventKind.CHARMM_REFERRED: "recorded referral {referral} of {subject} of the networks to a CHaRMM",
    EventKind.CHARMM_HEARD: "recorded what came of referral {referral} of {subject} of the networks to a CHaRMM",
    EventKind.EXTRACT_PROPOSED: "proposed extract {extract} of {subject} of the networks for another authority",
    EventKind.EXTRACT_VIEWED: "looked at extract {extract} for another authority",
    EventKind.EXTRACT_DECIDED: "decided extract {extract} for another authority: {state}",
    EventKind.EXTRACT_ISSUED: "issued copy {number} of extract {extract} for another authority",
    EventKind.SUBJECT_LINKED: "recorded that {subject} of the networks is linked with {other}",
    EventKind.SUBJECT_LINK_ENDED: "recorded the end of a link of {subject} of the networks",
    EventKind.SUSPECT_READER_CHANGED: "changed who may read {subject} of the networks: account {account} {change}",
    EventKind.DISRUPTION_RECORDED: "recorded disruption {disruption}: {state}",
    EventKind.SIGNED_IN: "signed in",
    EventKind.SIGN_IN_FAILED: "failed to sign in (account: {account})",
    EventKind.SIGNED_OUT: "signed out",
    EventKind.SECOND_FACTOR_SET: "set up the second factor",
    EventKind.ACCOUNT_CREATED: "invited {account}",
    EventKind.ACCOUNT_CHANGED: "changed the account of {account}: {change}",
    EventKind.ACCOUNT_ACCEPTED: "accepted the invitation",
    EventKind.WORK_HANDED_OVER: (
        "handed over what {account} held: {actions} actions and {children} children, {left} left for the coordinator, "
        "{invitations} invites taken back"
    ),
    EventKind.COMMAND_RUN: "ran the command “{command}”",
    EventKind.JOB_RUN: "ran the job {job}",
    EventKind.MAIL_RESENT: "sent mail {mail} again",
    EventKind.DEFINITION_APPLIED: "let version {number} of {file} rule from now on",
    EventKind.RULES_CHANGED: "changed the rules: version {number} of {file} rules from now on",
    EventKind.DATABASE_PREPARED: "prepared the database",
}
