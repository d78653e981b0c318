"""The rules a partnership changes on the page, in plain words, each with its source and what a change of it does. Pure.

Sources: `domain.md`; SUR, SG, LR and KM are sets of local procedures, “own” is a default of ours where none of them
gives one. `docs/rules.md` says the same, and a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from meetings_app.rules_page.values import IN_USE, RATINGS, RMM, TRIGGERS, Values


class Effect(Enum):
    """From when on a changed figure counts, as the page says it before the change is made."""

    FROM_NOW = "It counts for what is decided or recorded from now on. Dates that are set stay as they are."
    AT_ONCE = "It counts at once, wherever the service asks it. What was decided before stays decided."
    AGENDAS = "It counts for every agenda that is not published yet. Published agendas stay as they are."
    SUGGESTED = "It counts at once, for what is suggested. Discussions on record stay as they are."
    MEETINGS = "It counts for every meeting that is not closed yet. What closed meetings decided stays decided."


@dataclass(frozen=True)
class Rule:
    """One figure: its place in the file, its words, what it is counted in, its source, and what a change does."""

    key: str
    words: str
    unit: str = ""
    source: str = "own"
    effect: Effect = Effect.FROM_NOW


@dataclass(frozen=True)
class Section:
    """Rules that are read and changed together."""

    slug: str
    title: str
    file: str
    rules: tuple[Rule, ...]
    says: str = ""
    anchor: str = ""
    """Where it stands on the page of all rules, if not under its own name."""


_NAMED = {"high": "high", "medium": "medium", "low": "low", "none": "as no CSE risk identified"}
_WD = "working days"
_NOW, _MEET, _AGENDA = Effect.AT_ONCE, Effect.MEETINGS, Effect.AGENDAS


def _each(key: str, words: str, ratings: str, unit: str = "", source: str = "own") -> tuple[Rule, ...]:
    """Give one rule for each of some ratings; `{}` of key and words is the rating."""
    return tuple(Rule(key.format(r), words.format(_NAMED[r]), unit, source) for r in ratings.split())


REVIEWS = Section(
    "reviews", "Reviews", RATINGS, (
        *_each("ratings.{}.review_days", "A child rated {} is reviewed after", "high medium low", "days"),
        *_each("ratings.{}.maximum_days", "With a reason, at the latest after (rated {})", "high medium low",
               "days"),
    ),
    "High, medium and low keep a child on the list, and no CSE risk identified does not. That is not a setting.",
)  # fmt: skip

RATING = Section(
    "ratings", "What a rating asks for", RATINGS, (
        *_each("ratings.{}.lead_agency", "A child rated {} needs a lead agency", "high medium low none", "", "SUR"),
        *_each("ratings.{}.held_by",
               "A child rated {} for whom no lead agency is chosen is held at Early Help, unless a social worker "
               "already works with the child, by", "low", "", "SUR"),
        *_each("ratings.{}.lead_professional_working_days",
               "For a child rated {}, the lead agency names a lead professional within", "high medium", _WD),
        *_each("ratings.{}.safety_plan_working_days", "For a child rated {}, the safety plan is written within",
               "high medium", _WD),
        *_each("ratings.{}.strategy_discussion", "Strategy discussion for a child rated {}", "high medium low none", "",
               "SG"),
        *_each("ratings.{}.strategy_discussion_working_days",
               "For a child rated {}, it is held, or a named manager says why not, within", "high", _WD),
    ),
)  # fmt: skip

LIMITS = Section(
    "limits", "Limits on changing a rating", RATINGS, (
        Rule("floor.under_age", "The meeting answers whether behaviours indicate involvement, under", "years",
             "KM", _NOW),
        Rule("floor.learning_disability", "It answers so too for a child with a learning disability", "", "KM", _NOW),
        Rule("floor.lowest", "Unless it answers no, the rating is at least", "", "KM", _NOW),
        Rule("stepping_down.levels_a_meeting", "Without both chairs and a reason, a meeting lowers a rating by at most",
             "levels", "own", _MEET),
        Rule("stepping_down.reviews_after_high", "A child rated high has, before closure, at least",
             "further reviews", "own", _MEET),
        Rule("deferral.maximum", "A decision is put off for want of information at most", "times", "own", _MEET),
    ),
)  # fmt: skip

ACTIONS = Section(
    "actions", "Actions", RATINGS, (
        Rule("actions.new_date_days", "A new date for an action is at most so far on", "days"),
        Rule("actions.new_dates", "A coordinator or a chair of the area alone sets another date once there were",
             "new dates", "own", _NOW),
        Rule("actions.contact_meetings", "An action goes to the agency’s single point of contact once missed at",
             "meetings", "own", _NOW),
        Rule("actions.board_meetings", "An action is on the strategic board’s list once missed at", "meetings", "own",
             _NOW),
    ),
)  # fmt: skip

REFERRALS = Section(
    "referrals", "Referrals and assessments", RATINGS, (
        Rule("referrals.repeat_months", "A referral is a repeat within so long of a closure", "months", "SUR"),
        Rule("referrals.answer_working_days", "A returned referral without an answer goes on the next RMM after", _WD,
             "own", _NOW),
        Rule("referrals.decision_hours", "The first decision follows the concern within", "hours", "SG", _NOW),
        Rule("assessment.reassess_days", "An assessment tool is used again after", "days", "SG"),
    ),
    "A tool that gives its own time for the next assessment keeps it.",
)  # fmt: skip

PLANS = Section(
    "plans", "Safety plans", RATINGS, (
        *(Rule(f"plans.{r}", f"What a plan for a child rated {r} holds besides an aim", "", "SUR, own", _NOW)
          for r in ("high", "medium", "low")),
        Rule("plans.missing_days", "It says what is done when the child goes missing, if that was in the last",
             "days", "own", _NOW),
        Rule("plans.update_working_days", "Before a meeting the lead professional is asked for an update", _WD, "SUR",
             _NOW),
        Rule("plans.update_recent_days", "An update says how things are now if it is no older than", "days", "own",
             _NOW),
    ),
)  # fmt: skip

CLOSURE = Section(
    "closure", "Closure", RATINGS, (
        Rule("closure.signature_working_days", "The second chair signs after the first within", _WD),
        Rule("closure.reassessed_within_days", "The last assessment is no older than", "days", "own", _MEET),
        Rule("closure.look_back_days", "The RMM looks back after", "days"),
        Rule("closure.missing_days", "A closure warns if the child went missing in the last", "days", "own", _MEET),
        Rule("closure.recently_high_days", "A closure warns if the child was rated high in the last", "days", "own",
             _MEET),
        Rule("closure.flag_agencies", "After a closure these agencies remove their flags", "", "LR, own"),
        Rule("closure.flag_working_days", "They remove them within", _WD, "LR, own"),
    ),
)  # fmt: skip

AGES = Section(
    "ages", "Ages", RATINGS, (
        Rule("ages.consent_is_no_safety", "The page says that being over the age of consent is no safety from", "years",
             "SG, SUR", _NOW),
        Rule("ages.transition_planning", "Transition planning goes on the next RMM at", "years", "SUR", _NOW),
        Rule("ages.adult_services_months", "The decision on a referral to adult services is due at", "months", "own",
             _NOW),
        Rule("ages.weekly_months", "Until a support package is agreed, every RMM is shown the child from", "months",
             "own", _NOW),
        Rule("ages.adult", "A child still at risk leaves the list with a support package alone from", "years", "SUR",
             _NOW),
        Rule("ages.additional_needs_last_age", "Additional needs are considered up to", "years", "KM", _NOW),
        Rule("ages.care_leaver_last_age", "Care leavers stay eligible up to", "years", "SG", _NOW),
    ),
)  # fmt: skip

STRATEGY = Section(
    "strategy", "Strategy discussions", RATINGS, (
        Rule("strategy.request_working_days", "A discussion that somebody asks for is due within", _WD),
        Rule("strategy.answered_by_days", "It is answered by one that was held before it was asked for by no more than",
             "days", "own", _NOW),
    ),
)  # fmt: skip

MEETING = Section(
    "meeting", "The Risk Management Meeting", RMM, (
        Rule("quorum_agencies", "A rating or a closure needs these agencies in the room", "", "own", _MEET),
        Rule("expected_agencies", "These agencies are expected, and asked before each meeting", "", "own", _NOW),
        Rule("chairing_agencies", "The chairs come from these agencies, and one of each signs", "", "SUR", _NOW),
        Rule("cut_off.working_days", "Before the meeting, new items are taken until", _WD, "own", _AGENDA),
        Rule("cut_off.time", "That day they are taken until", "", "own", _AGENDA),
        Rule("information_working_days", "Each agency sends its information before the meeting by", _WD, "own", _NOW),
        Rule("agenda_issued_working_days", "The agenda goes out before the meeting by", _WD, "own", _NOW),
        Rule("action_list_working_days", "After a meeting, each agency gets its actions within", _WD, "own", _NOW),
        Rule("draft_minutes_working_days", "The draft minutes go out after the meeting by", _WD, "own", _NOW),
        Rule("corrections_working_days", "Corrections are asked for after the draft went out for", _WD),
        Rule("item_minutes.new_referral", "A new referral takes", "minutes", "own", _AGENDA),
        Rule("item_minutes.closure", "A closure takes", "minutes", "own", _AGENDA),
        Rule("item_minutes.review", "A review takes", "minutes", "own", _AGENDA),
        Rule("item_minutes.paper", "A paper item takes", "minutes", "own", _AGENDA),
        Rule("announce_weeks", "Meetings are announced, and invites sent, so far ahead", "weeks", "own", _NOW),
        Rule("stand_weeks", "Meetings stand so far ahead", "weeks", "own", _NOW),
    ),
    "Day, time and titles of the sections stand in the file rmm.toml.",
)  # fmt: skip

SECTIONS: tuple[Section, ...] = (
    REVIEWS, RATING, LIMITS, ACTIONS, REFERRALS, PLANS, CLOSURE, AGES, STRATEGY, MEETING,
)  # fmt: skip


REASON, NEW = "reason-", "new"
NEW_REASON = REASON + NEW
_PARTS: dict[str, tuple[str, str]] = {
    "label": ("What the reason is called", ""), "asks": ("What is recorded", ""),
    "at_least": ("How many such changes in circumstances", "changes"),
    "within_days": ("In the last days; without a number, those that no meeting has heard", "days"),
    "under_age": ("The child is under", "years"), IN_USE: ("Is this reason in use?", ""),
}  # fmt: skip


def section_of(slug: str, values: Values) -> Section | None:
    """Give a section by the name it has in an address, or None; `values` are the figures of `ratings.toml` now."""
    code = slug.removeprefix(REASON)
    if slug == NEW_REASON:
        parts, title = ["label", "asks"], "Add a reason for a strategy discussion"
        says = "A reason that you add is chosen by people, and never suggested by itself."
    elif code != slug and f"{TRIGGERS}.{code}.code" in values:
        parts, title = ["label", "asks", *_counted(code, values), IN_USE], str(values[f"{TRIGGERS}.{code}.label"])
        says = "A reason that is taken out of use stays where it was recorded."
    else:
        return next((section for section in SECTIONS if section.slug == slug), None)
    return Section(slug, title, RATINGS, _of_trigger(code, parts), says, STRATEGY.slug)


def codes_of(values: Values) -> Sequence[str]:
    """Give the codes of the reasons for a strategy discussion that are in use, in their order."""
    return [key.split(".")[-2] for key in values if key.startswith(f"{TRIGGERS}.") and key.endswith(f".{IN_USE}")]


def rule_of(file: str, key: str) -> Rule | None:
    """Give the rule for a place in a file, or None where it is none of those that the page changes."""
    code, _dot, part = key.removeprefix(f"{TRIGGERS}.").partition(".")
    if file == RATINGS and key.startswith(f"{TRIGGERS}.") and part in _PARTS:
        rule = _of_trigger(code, [part])[0]
        return replace(rule, words=f"Reason “{code.replace('_', ' ')}”: {rule.words}")
    rules = (rule for section in SECTIONS if section.file == file for rule in section.rules)
    return next((rule for rule in rules if rule.key == key), None)


def _of_trigger(code: str, parts: Sequence[str]) -> tuple[Rule, ...]:
    return tuple(Rule(f"{TRIGGERS}.{code}.{part}", *_PARTS[part], "SG, own", Effect.SUGGESTED) for part in parts)


def _counted(code: str, values: Values) -> Sequence[str]:
    """Give what a reason counts: changes in circumstances, or the age."""
    changes = ["at_least", "within_days"] if values.get(f"{TRIGGERS}.{code}.changes") else []
    return [*changes, *(["under_age"] if values.get(f"{TRIGGERS}.{code}.under_age") else [])]


def unsaid(file: str, values: Values) -> Sequence[str]:
    """Give the keys of a version that no rule of the page names."""
    return [key for key in values if rule_of(file, key) is None]
