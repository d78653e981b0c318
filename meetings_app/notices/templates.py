"""The words of every mail: `templates/emails/<notice>/subject.txt` and `body.txt`.

Each notice takes exactly these values; a template that asks for another, or a caller that hands over
another, is refused. That is what keeps a child out of the mail: there is no variable to put one in.

Every notice also takes `service_name` (what the service is called) and `link` (a page behind the sign-in).

| Notice              | Values                                                                            |
|---------------------|-----------------------------------------------------------------------------------|
| `meeting_announced` | `reference`, `meeting_title`, `date_text`, `time_text`, `place`, `joining_link`,   |
|                     | `answer_link`: a page to answer without signing in                                |
| `meeting_changed`   | the same                                                                          |
| `meeting_cancelled` | `reference`, `meeting_title`, `date_text`, `time_text`                             |
| `agenda_published`  | `reference`, `meeting_title`, `date_text`, `time_text`                             |
| `information_asked` | `reference`, `meeting_title`, `date_text`, `time_text`                             |
| `plan_update_asked` | `reference`, `meeting_title`, `date_text`                                         |
| `minutes_ready`     | `reference`, `meeting_title`, `date_text`                                          |
| `correction_answered` | `reference`, `meeting_title`, `date_text`                                        |
| `account_invited`   | `expires_text`: until when the link works                                         |
| `action_given`      | `new_count`, `due_this_week_count`, `overdue_count`: whole numbers                 |
| `referral_outcome`  | `reference`: the referral's                                                       |
| `list_circulated`   | `reference`: the list's number; `date_text`: the day it was taken                  |
| `agenda_drafted`    | `reference`, `meeting_title`, `date_text`, `time_text`, `item_count`               |
| `agenda_to_issue`   | `reference`, `meeting_title`, `date_text`, `time_text`                             |
| `actions_to_do`     | `new_count`, `due_this_week_count`, `overdue_count`: open actions of one person    |
| `action_list`       | `reference`, `meeting_title`, `date_text`, `action_count`                          |
| `minutes_to_issue`  | `reference`, `meeting_title`, `date_text`                                         |
| `minutes_to_sign`   | `reference`, `meeting_title`, `date_text`                                         |
| `actions_escalated` | `contact_count`, `board_count`: actions missed at so many meetings                 |
| `work_due`          | `signature_count`, `assessment_count`, `transition_count`, `look_back_count`       |
| `order_expires`     | `reference`: of an order on the register of disruption                            |
| `test_mail`         | nothing more                                                                      |
| `test_invite`       | `reference`, `date_text`: of an event that is none                                |
| `test_invite_ended` | `reference`                                                                       |

`reference` is a meeting's (`RMM-NE-2026-W14`) or a referral's. `date_text` and `time_text` are ready to
read ("Tuesday 24 November 2026", "10am to 12pm"). `place`, `joining_link` and `answer_link`
may be empty.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from meetings_app.calendars.facts import one_line


class NoticeKind(StrEnum):
    """Every kind of mail the service sends; each is a folder of `templates/emails/`."""

    MEETING_ANNOUNCED = "meeting_announced"
    MEETING_CHANGED = "meeting_changed"
    MEETING_CANCELLED = "meeting_cancelled"
    AGENDA_PUBLISHED = "agenda_published"
    INFORMATION_ASKED = "information_asked"
    PLAN_UPDATE_ASKED = "plan_update_asked"
    MINUTES_READY = "minutes_ready"
    CORRECTION_ANSWERED = "correction_answered"
    ACCOUNT_INVITED = "account_invited"
    ACTION_GIVEN = "action_given"
    REFERRAL_OUTCOME = "referral_outcome"
    LIST_CIRCULATED = "list_circulated"
    AGENDA_DRAFTED = "agenda_drafted"
    AGENDA_TO_ISSUE = "agenda_to_issue"
    ACTIONS_TO_DO = "actions_to_do"
    ACTION_LIST = "action_list"
    MINUTES_TO_ISSUE = "minutes_to_issue"
    MINUTES_TO_SIGN = "minutes_to_sign"
    ACTIONS_ESCALATED = "actions_escalated"
    WORK_DUE = "work_due"
    ORDER_EXPIRES = "order_expires"
    TEST_MAIL = "test_mail"
    TEST_INVITE = "test_invite"
    TEST_INVITE_ENDED = "test_invite_ended"


_EVERY_NOTICE = frozenset({"service_name", "link"})
_MEETING = frozenset({"reference", "meeting_title", "date_text", "time_text"})

_WORK = frozenset({"signature_count", "assessment_count", "transition_count", "look_back_count"})

VALUES: dict[NoticeKind, frozenset[str]] = {
    NoticeKind.MEETING_ANNOUNCED: _EVERY_NOTICE | _MEETING | {"place", "joining_link", "answer_link"},
    NoticeKind.MEETING_CHANGED: _EVERY_NOTICE | _MEETING | {"place", "joining_link", "answer_link"},
    NoticeKind.MEETING_CANCELLED: _EVERY_NOTICE | _MEETING,
    NoticeKind.AGENDA_PUBLISHED: _EVERY_NOTICE | _MEETING,
    NoticeKind.INFORMATION_ASKED: _EVERY_NOTICE | _MEETING,
    NoticeKind.PLAN_UPDATE_ASKED: _EVERY_NOTICE | {"reference", "meeting_title", "date_text"},
    NoticeKind.MINUTES_READY: _EVERY_NOTICE | {"reference", "meeting_title", "date_text"},
    NoticeKind.CORRECTION_ANSWERED: _EVERY_NOTICE | {"reference", "meeting_title", "date_text"},
    NoticeKind.ACCOUNT_INVITED: _EVERY_NOTICE | {"expires_text"},
    NoticeKind.ACTION_GIVEN: _EVERY_NOTICE | {"new_count", "due_this_week_count", "overdue_count"},
    NoticeKind.REFERRAL_OUTCOME: _EVERY_NOTICE | {"reference"},
    NoticeKind.LIST_CIRCULATED: _EVERY_NOTICE | {"reference", "date_text"},
    NoticeKind.AGENDA_DRAFTED: _EVERY_NOTICE | _MEETING | {"item_count"},
    NoticeKind.AGENDA_TO_ISSUE: _EVERY_NOTICE | _MEETING,
    NoticeKind.ACTIONS_TO_DO: _EVERY_NOTICE | {"new_count", "due_this_week_count", "overdue_count"},
    NoticeKind.ACTION_LIST: _EVERY_NOTICE | {"reference", "meeting_title", "date_text", "action_count"},
    NoticeKind.MINUTES_TO_ISSUE: _EVERY_NOTICE | {"reference", "meeting_title", "date_text"},
    NoticeKind.MINUTES_TO_SIGN: _EVERY_NOTICE | {"reference", "meeting_title", "date_text"},
    NoticeKind.ACTIONS_ESCALATED: _EVERY_NOTICE | {"contact_count", "board_count"},
    NoticeKind.ORDER_EXPIRES: _EVERY_NOTICE | {"reference"},
    NoticeKind.TEST_MAIL: _EVERY_NOTICE,
    NoticeKind.TEST_INVITE: _EVERY_NOTICE | {"reference", "date_text"},
    NoticeKind.TEST_INVITE_ENDED: _EVERY_NOTICE | {"reference"},
    NoticeKind.WORK_DUE: _EVERY_NOTICE | _WORK,
}


def render_notice(kind: NoticeKind, folder: Path, **values: str | int) -> tuple[str, str]:
    """Give the subject (one line) and the plain-text body of a notice.

    `folder` is `templates/emails`; `values` are exactly those of the table above. Raises `ValueError` naming
    the values, never what they hold, that are missing, not known to this notice, or of the wrong type.
    """
    _require_known(kind, values)
    shown = {name: one_line(value) if isinstance(value, str) else value for name, value in values.items()}
    environment = _environment(folder)
    subject = environment.get_template(f"{kind.value}/subject.txt").render(shown)
    body = environment.get_template(f"{kind.value}/body.txt").render(shown)
    return one_line(subject), body.strip() + "\n"


def _require_known(kind: NoticeKind, values: dict[str, str | int]) -> None:
    missing = VALUES[kind] - values.keys()
    unknown = values.keys() - VALUES[kind]
    if missing or unknown:
        raise ValueError(f"The notice {kind.value} lacks {sorted(missing)} and does not take {sorted(unknown)}.")
    for name, value in values.items():
        expected = int if name.endswith("_count") else str
        if type(value) is not expected:
            raise ValueError(f"The value {name} of the notice {kind.value} must be {expected.__name__}.")


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    # The text is plain; `message.py` escapes it when it makes the HTML part.
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )
