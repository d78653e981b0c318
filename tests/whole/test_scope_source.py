"""What slips past the scope, the clock or the rule for logs is found in the source itself, not hoped against.

The scope stands on every ORM statement of a session. Whatever reads another way, or asks to see past it, is named
here by hand with its reason; the same goes for the clock of the machine and for what a line of the log may say.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "meetings_app"

SEES_PAST_THE_SCOPE = {
    "accounts/queries.py": "the children a person is kept from are read before it is known what the person may see",
    "actions/escalating.py": "an action is missed at meetings that its owner need not see; only their days are read",
    "actions/following.py": "a child who moves area, or is one with another, takes actions to people of elsewhere",
    "actions/queries.py": "whoever names an owner need not see who is kept from the child by a conflict of interest",
    "actions/telling.py": "whoever gives an action need not see the others of its owner; only numbers are read",
    "assessment_record/referring.py": "whoever assessed a child refers them though the child's record be hidden",
    "child_record/queries.py": "two records that look alike are compared by a coordinator of either area",
    "child_record/leaving.py": "a child who is listed twice may be listed in two areas",
    "child_record/merging.py": "the same, for records that are not both listed",
    "child_record/routes_leaving.py": "the record that is kept is named by who was shown that the two look alike",
    "child_record/service.py": "a child who moves area takes actions and referrals to people the mover may not be",
    "children/link_queries.py": "a link whose two children the reader may see may stand on a record merged into one",
    "children/queries.py": "a duplicate is looked for in the whole county",
    "children/service.py": "the record that may be a duplicate is marked where it lives",
    "cse_list/homing.py": "a meeting that moves takes every review of its area with it, whoever moves it",
    "cse_list/queries.py": "a meeting is named beside a child on the list though the reader is not invited to it",
    "cse_list/service.py": "one stay at a time in the whole county",
    "db/references.py": "a reference is unused in the whole county or it is not unused",
    "db/session.py": "defines it",
    "handing_over/holdings.py": "whoever manages accounts sees how much a person holds, and none of it",
    "handing_over/service.py": "what a person held goes to others, wherever the children live",
    "home/waiting_after.py": "a child who moved area was rated by a meeting that the new coordinator does not see",
    "imports/queries.py": "an imported row is matched against the whole county",
    "imports/writing.py": "the same, when the rows are written",
    "meetings/after_closure.py": "whoever signs last gives what follows, wherever the child lives by then",
    "meetings/following_roles.py": "who gives a role need not see the meetings that the person is invited to",
    "meetings/closures.py": "the chairs of the area a child has moved to sign what the former area's meeting decided",
    "meetings/gate_queries.py": "whether a linked child is rated high is asked of every link; none is named",
    "meetings/aliases.py": "a name can only be taken out of a text by who knows it, and none is shown",
    "meetings/copy_words.py": "a name or a school can only be taken out of a text by who knows it, and none is shown",
    "meetings/kept_apart.py": "a name can only be taken out of a text by who knows it, and none is shown",
    "meetings/item_scope.py": "a meeting hears the children of its items though they moved area after it was published",
    "meetings/carried_queries.py": "a child who moves area brings along what the meetings of the area before passed on",
    "meetings/plan_updates.py": "a lead professional is asked before meetings that they need not see",
    "meetings/reviews_heard.py": "whom staff deferred from a draft nobody is asked about; nothing of it is shown",
    "meetings/suspects_named.py": "a name can only be taken out of a text by who knows it, and none is shown",
    "meetings/recorded.py": "whoever cancels a network meeting need not see what it hears",
    "meetings/queries.py": "an item the reader may not see stands on the agenda as a numbered stub",
    "meetings/signing_checks.py": "what came after a closure was decided keeps the child, whoever may see it",
    "network_meetings/items.py": "that an action was passed on is read, with its child, after the watch has ended",
    "network_meetings/minutes_words.py": "a name can only be taken out of a text by who knows it, and none is shown",
    "networks/homing.py": "on which day the network meeting hears a record is told to whoever reads the record",
    "networks/areas.py": "the records of one subject are told each other's areas, wherever they live",
    "networks/following.py": "records that point to one another are found whole, and shown as far as each is seen",
    "networks/passing_on.py": "an action is passed on once, and called back, whoever may see the network",
    "networks/queries.py": "both ends of a link are named to who may see the link, which is who may see both",
    "networks/referring.py": "the network chair is told which children a referral names, and opens no record",
    "networks/young.py": "whether a suspect is under 18 is said to who reads about the suspect, and no child named",
    "ratings/service.py": "the trail names the meeting a rating was decided at",
    "referrals/assessing.py": "whoever reads a referral is told which assessments it carries",
    "referrals/identity.py": "a referral is moved to the record of a child of another area",
    "referrals/moving.py": "what is merged moves to the record of a child of another area, and back",
    "referrals/queries.py": "whether a child has been on the list before is asked of the whole county",
    "referrals/service.py": "a child who left takes referrals along, wherever they were made",
    "reports/queries.py": "totals are counted in the database, and small numbers hidden before anybody sees them",
    "schedule/answering.py": "whoever holds the link of an invite answers without signing in",
    "schedule/feeds.py": "a calendar program does not sign in: the address is the proof",
    "schedule/checks.py": "the check looks at every meeting there is",
    "schedule/service.py": "the reference of a meeting is new in the whole county",
    "web/unsent.py": "a form is kept for its writer while nobody is signed in, and too old it goes, whosever it is",
}
"""Written by hand: whoever needs to see past the scope elsewhere has to say why here too."""

OPENS_THE_DATABASE_ITSELF = {
    "audit/trail.py": "the chain is written under a lock on its head, by Core statements, and holds no names",
    "db/backup.py": "copies the whole file",
    "db/backup_postgresql.py": "copies the whole database",
    "db/engine.py": "begins transactions and sets what each connection needs",
    "db/migrate.py": "shapes the tables",
    "db/sending.py": "sends what the session has narrowed, and what the trail writes",
    "db/session.py": "says whether a transaction writes, and sends what it has narrowed",
    "notices/delivery.py": "opens a connection to the mail server, not to the database",
    "networks/record_models.py": "that an action was passed on goes with an action that is taken back, whoever does it",
    "demo/place.py": "makes and recognises the database of the fictional county, before anybody can sign in",
}
TEXT_AS_SQL = {"demo/place.py": "clears the tables of the fictional county, before anybody can sign in"}
TABLES_THEMSELVES = {
    "access.py": "turns roles into SQL",
    "access_calendar.py": "the same, for calendars and the mails about meetings",
    "access_network_meetings.py": "the same, for network meetings",
    "access_networks.py": "the same, for networks",
    "access_specialists.py": "the same, for the specialist service",
    "access_apart.py": "the same, for children somebody is kept from",
    "access_clauses.py": "the same, for what stands between two children",
    "access_own.py": "the same, for what belongs to one person",
    "access_weekly.py": "the same, for what was circulated",
    "access_minutes.py": "the same, for minutes on their way",
    "access_preparing.py": "the same, for what agencies say before a meeting",
    "audit/trail.py": "writes the chain",
    "db/columns.py": "reads the version column of a model",
    "demo/place.py": "recognises the database of the fictional county",
    "imports/writing.py": "writes many rows at once",
}
CLOCK_OF_THE_MACHINE = {
    "clock.py": "the one place that knows the time",
    "jobs/scheduler.py": "when the scheduler first wakes; what a job does then is told the time by clock.py",
}
LOGGED_WORDS = {
    ("jobs/scheduler.py", "name"): "the name of a job, a constant of the timetable",
    ("jobs/scheduler.py", "job.name"): "the same",
    ("jobs/scheduler.py", "outcome.result"): "how many mails, meetings or runs, made of numbers",
    ("jobs/timetable.py", "len(found)"): "how many promises are broken",
    ("web/pages.py", "where"): "names of functions and lines of our own source",
}
_SENDING = "meetings_app.db.sending"
"""Sends whatever it is given; only what was narrowed before may be given to it."""
_CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}
LEVELS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log"}


def findings(module: str, source: str) -> Iterator[str]:
    """Give everything in a module that it may not do, as `module:line what`."""
    for node in ast.walk(ast.parse(source)):
        for what in sorted(_wrong(module, node)):
            yield f"{module}:{getattr(node, 'lineno', 0)} {what}"


def _wrong(module: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        if node.attr == "__table__" and module not in TABLES_THEMSELVES:
            yield "reads a table past the session"
        of_a_clock = _named(node.value).rpartition(".")[2] in {"datetime", "date"}
        if node.attr in _CLOCKS and of_a_clock and module not in CLOCK_OF_THE_MACHINE:
            yield "asks the clock of the machine"
    if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
        yield from ("sends text as SQL" for name in node.names if name.name == "text")
    if isinstance(node, ast.ImportFrom) and module not in OPENS_THE_DATABASE_ITSELF:
        imported = {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        yield from ("opens the database itself" for _found in imported & {_SENDING})
    if not isinstance(node, ast.Call):
        return
    called = _named(node.func)
    name = called.rpartition(".")[2]
    if name in {"unscoped", "unscoped_while"} and module not in SEES_PAST_THE_SCOPE:
        yield "sees past the scope"
    # A model names the rows of a partial index by text, which is SQL that no request sends.
    text_as_sql = called == "sa.text" and not module.endswith("models.py")
    if (text_as_sql or (name == "text" and _is_statement(node))) and module not in TEXT_AS_SQL:
        yield "sends text as SQL"
    if _opens_the_database(called, name) and module not in OPENS_THE_DATABASE_ITSELF:
        yield "opens the database itself"
    if name in {"execute", "scalars", "scalar"} and node.args and isinstance(node.args[0], ast.JoinedStr):
        yield "sends text as SQL"
    if called in {"time.time", "time.localtime", "time.gmtime"}:
        yield "asks the clock of the machine"
    if name in LEVELS and called.rpartition(".")[0] in {"log", "logger", "logging", "current_app.logger", "app.logger"}:
        yield from _said_in_the_log(module, node, name)


def _opens_the_database(called: str, name: str) -> bool:
    return name in {"connection", "exec_driver_sql", "raw_connection", "create_engine"} or called in {
        "connection.execute", "engine.connect", "engine.begin",
    }  # fmt: skip


def _is_statement(node: ast.Call) -> bool:
    """A text that begins like a statement is one, whatever the function was imported as."""
    first = node.args[0] if node.args else None
    said = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return said.upper().startswith(("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "))


def _said_in_the_log(module: str, node: ast.Call, name: str) -> Iterator[str]:
    if name == "exception" or any(keyword.arg in {"exc_info", "extra", "stack_info"} for keyword in node.keywords):
        yield "logs what an exception says"
    if not node.args or not isinstance(node.args[0], ast.Constant):
        yield "logs more than fixed words"
    for argument in node.args[1:]:
        said = ast.unparse(argument)
        harmless = isinstance(argument, ast.Constant) or (said.startswith("type(") and said.endswith(").__name__"))
        if not harmless and (module, said) not in LOGGED_WORDS:
            yield "logs more than fixed words"


def _named(node: ast.AST) -> str:
    """Give a dotted name, or the last part of it where what stands before is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_named(node.value)}.{node.attr}".lstrip(".")
    return ""


def modules() -> dict[str, str]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}


def test_nothing_reads_past_the_scope_the_clock_or_the_rule_for_logs() -> None:
    sources = modules()
    assert len(sources) > 150
    assert [found for module, source in sources.items() for found in findings(module, source)] == []


@pytest.mark.parametrize(
    ("allowed", "mark"),
    [
        (SEES_PAST_THE_SCOPE, "unscoped"), (OPENS_THE_DATABASE_ITSELF, ""), (TEXT_AS_SQL, "text("),
        (TABLES_THEMSELVES, "__table__"), (CLOCK_OF_THE_MACHINE, "datetime.now("),
    ],
)  # fmt: skip
def test_no_module_keeps_a_permission_it_does_not_use(allowed: dict[str, str], mark: str) -> None:
    sources = modules()
    assert [module for module in allowed if mark not in sources.get(module, "")] == []
    assert all(module in sources for module in allowed)


def test_no_logged_word_is_allowed_that_is_not_logged() -> None:
    sources = modules()
    assert [said for module, said in LOGGED_WORDS if said not in sources[module]] == []


PLANTED = {
    "session.execute(statement.execution_options(**unscoped()))": "sees past the scope",
    "session.execute(statement, execution_options=db.session.unscoped())": "sees past the scope",
    "with unscoped_while(session): pass": "sees past the scope",
    'session.execute(sa.text("SELECT name FROM child"))': "sends text as SQL",
    'session.execute(text("select name from child"))': "sends text as SQL",
    "from sqlalchemy import select, text as words": "sends text as SQL",
    "session.scalars(f'SELECT {column} FROM child')": "sends text as SQL",
    "session.execute(sa.select(Child.__table__.c.name))": "reads a table past the session",
    "session.connection().execute(statement)": "opens the database itself",
    "session.get_bind().engine.raw_connection()": "opens the database itself",
    'connection.exec_driver_sql("SELECT 1")': "opens the database itself",
    "with engine.connect() as other: pass": "opens the database itself",
    "day = date.today()": "asks the clock of the machine",
    "moment = datetime.now(UTC)": "asks the clock of the machine",
    "moment = datetime.datetime.now()": "asks the clock of the machine",
    "moment = time.time()": "asks the clock of the machine",
    'log.info(f"{child.name} was seen")': "logs more than fixed words",
    "from meetings_app.db.sending import sending": "opens the database itself",
    "from meetings_app.db import sending": "opens the database itself",
    'log.info("%s was seen", child.name)': "logs more than fixed words",
    'log.error("wrong: %s", problem)': "logs more than fixed words",
    'log.error("wrong: %s", str(problem))': "logs more than fixed words",
    'log.exception("wrong")': "logs what an exception says",
    'log.error("wrong", exc_info=True)': "logs what an exception says",
    'current_app.logger.warning("wrong " + child.name)': "logs more than fixed words",
}


@pytest.mark.parametrize("source", PLANTED)
def test_what_is_planted_is_found(source: str) -> None:
    assert [found.partition(" ")[2] for found in findings("children/planted.py", source)] == [PLANTED[source]]
