"""What agencies say before a meeting, in the guarded county: sent by two, and a draft that nobody else may read."""

from meetings_app.children.models import Child
from meetings_app.preparing import service
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from tests.support.rmm import Rmm
from tests.support.world import NOW

EXPECTED_PAGES = {
    "/meetings/{running}/before": "CHDR", "/meetings/{elsewhere}/before": "",
    "/meetings/{running}/replies": "CHD", "/meetings/{elsewhere}/replies": "",
    "/meetings/{running}/pack": "CHD", "/meetings/{elsewhere}/pack": "",
    "/meetings/{running}/pack.docx": "CHD", "/meetings/{elsewhere}/pack.docx": "",
}  # fmt: skip
EXPECTED_WRITES = {
    "/meetings/{running}/before": "CHDR", "/meetings/{elsewhere}/before": "",
    "/meetings/{running}/before/draft": "CHDR", "/meetings/{elsewhere}/before/draft": "",
    "/meetings/{draft}/replies/chase": "CHD", "/meetings/{elsewhere}/replies/chase": "",
}  # fmt: skip
EXPECTED_READERS = {
    "Canaryinformation": "CHDR", "Canaryhealthsaid": "CHD", "Canaryhealthupdate": "CHD", "Canaryunsent": "",
}  # fmt: skip
"""Who reads the words of the police, whose representative stands for all, and of health: never another agency."""


def answer_before(day: Rmm, child: Child) -> None:
    """Let the police and health send something about a child, and health write more that it does not send."""
    for who, word in (("police", "Canaryinformation"), ("health", "Canaryhealthsaid")):
        said = Information(Answer.RELEVANT, word, "", "An invented visit.")
        service.send(day.session, day.act(who), NOW, day.meeting, child.key, said)
    health = day.act("health")
    update = Attendance(Attending.APOLOGIES, update_text="Canaryhealthupdate")
    service.send_attendance(day.session, health, NOW, day.meeting, update, ())
    service.save_draft(day.session, health, NOW, day.meeting, child.key, 0, Information(facts="Canaryunsent"))
    day.operator()
