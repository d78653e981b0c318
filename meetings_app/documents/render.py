"""Facts and a Word template in, a Word document out.

The looks belong to the partnership: the templates are ordinary Word files in `agendas/word/`, filled in by
docxtpl. What a reader may not see is taken out of the facts here, before any template is given them.
"""

from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from meetings_app.documents.action_facts import ActionListFacts
from meetings_app.documents.assessment_facts import AssessmentFacts
from meetings_app.documents.environment import WordEnvironment, word_environment
from meetings_app.documents.extract_facts import ExtractFacts
from meetings_app.documents.facts import (
    AgendaFacts,
    AgendaItem,
    AgendaSection,
    ChildMinutes,
    Heading,
    ListFacts,
    MinutesFacts,
)
from meetings_app.documents.network_facts import (
    NetworkAgendaFacts,
    NetworkAgendaItem,
    NetworkItemMinutes,
    NetworkMinutesFacts,
)
from meetings_app.documents.pack_facts import PackFacts
from meetings_app.documents.plan_facts import PlanFacts, plan_for_reader
from meetings_app.errors import ConfigurationError
from meetings_app.text import clean_text


class WordTemplateError(ConfigurationError):
    """A Word template cannot be used; one line names the file and what to put right."""


def agenda_document(facts: AgendaFacts, template: Path) -> bytes:
    """Give the agenda as Word bytes: the chair's copy where `facts.chairs_copy`, else the members' copy.

    Raises `WordTemplateError` for a template that is missing or wrong, `UnreadableText` for a text that no
    document can hold.
    """
    return _document(_agenda_for_reader(facts), template, f"Agenda {facts.reference}")


def minutes_document(facts: MinutesFacts, template: Path) -> bytes:
    """Give the minutes as Word bytes. Raises as `agenda_document` does."""
    return _document(_minutes_for_reader(facts), template, f"Minutes {facts.reference}")


def list_document(facts: ListFacts, template: Path) -> bytes:
    """Give the CSE list as Word bytes. Raises as `agenda_document` does."""
    return _document(facts, template, facts.title)


def pack_document(facts: PackFacts, template: Path) -> bytes:
    """Give the chair's pack as Word bytes. Raises as `agenda_document` does."""
    return _document(facts, template, f"Chair’s pack {facts.reference}")


def assessment_document(facts: AssessmentFacts, template: Path) -> bytes:
    """Give a finished assessment as Word bytes. Raises as `agenda_document` does."""
    return _document(facts, template, f"Assessment {facts.reference}")


def plan_document(facts: PlanFacts, template: Path) -> bytes:
    """Give a version of a safety plan as Word bytes, or the school’s copy of it. Raises as `agenda_document` does."""
    return _document(plan_for_reader(facts), template, f"Safety plan {facts.reference}")


def actions_document(facts: ActionListFacts, template: Path) -> bytes:
    """Give one agency’s list of actions as Word bytes. Raises as `agenda_document` does."""
    return _document(facts, template, f"Actions {facts.reference}")


def network_agenda_document(facts: NetworkAgendaFacts, template: Path) -> bytes:
    """Give the agenda of a network meeting as Word bytes. Raises as `agenda_document` does."""
    sections = tuple(
        replace(
            section,
            items=tuple(NetworkAgendaItem(number=one.number, stub=True) if one.stub else one for one in section.items),
        )
        for section in facts.sections
    )
    return _document(replace(facts, sections=sections), template, f"Agenda {facts.reference}")


def network_minutes_document(facts: NetworkMinutesFacts, template: Path) -> bytes:
    """Give the minutes of a network meeting as Word bytes. Raises as `agenda_document` does."""
    items = tuple(NetworkItemMinutes(number=one.number, stub=True) if one.stub else one for one in facts.items)
    return _document(replace(facts, items=items), template, f"Minutes {facts.reference}")


def extract_document(facts: ExtractFacts, template: Path) -> bytes:
    """Give a copy of an extract for another authority as Word bytes. Raises as `agenda_document` does."""
    return _document(facts, template, f"Extract {facts.reference}")


def fill_template(facts: Heading, template: Path, title: str, environment: WordEnvironment) -> bytes:
    """Fill `template` in with `facts`, holding nothing back from it. Raises as `agenda_document` does."""
    word = _open_template(template)
    context = {field.name: getattr(facts, field.name) for field in fields(facts)}
    try:
        word.render(context, environment, autoescape=True)
    except (UndefinedError, TemplateSyntaxError, SecurityError) as error:
        raise WordTemplateError(f"{template}: {_plainly(error)}") from None
    except (TemplateError, SyntaxError) as error:
        raise WordTemplateError(
            f"{template}: a tag stands where Word cannot hold it ({type(error).__name__})"
        ) from None
    except (TypeError, ArithmeticError, LookupError) as error:
        raise WordTemplateError(f"{template}: a tag cannot be worked out ({type(error).__name__})") from None
    _set_properties(word.docx.core_properties, facts, title)
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def _document(facts: Heading, template: Path, title: str) -> bytes:
    return fill_template(facts, template, title, word_environment())


def _open_template(template: Path) -> Any:
    """Give the docxtpl template, parsed strictly. The library is imported here: pages do not wait for it."""
    from docx.opc.exceptions import PackageNotFoundError

    from meetings_app.documents.strict_template import StrictTemplate

    if not template.is_file():
        raise WordTemplateError(
            f"The Word template {template} is missing: put it back, or copy the one the service came with"
        )
    word = StrictTemplate(BytesIO(template.read_bytes()))
    try:
        word.init_docx()
    except (BadZipFile, PackageNotFoundError, ValueError, KeyError, OSError, SyntaxError):
        raise WordTemplateError(
            f"The Word template {template} is not a Word document (.docx): save it again from Word"
        ) from None
    return word


def _plainly(error: TemplateError) -> str:
    """Say what is wrong with a template, without a word of what it was filled in with."""
    if isinstance(error, TemplateSyntaxError):
        return f"a tag cannot be read: {error.message}"
    if isinstance(error, SecurityError):
        return "a tag does what templates may not do"
    return error.message or "unknown field"


def _set_properties(properties: Any, facts: Heading, title: str) -> None:
    """Say what the document is, and never whom it is about: file managers and search indexes show these."""
    properties.title = title
    properties.author = properties.last_modified_by = clean_text(facts.partnership)[:255]
    properties.category = clean_text(facts.marking)[:255]
    properties.subject = properties.comments = properties.keywords = properties.identifier = ""
    properties.content_status = properties.version = ""
    properties.language = "en-GB"
    properties.created = properties.modified = facts.produced_at
    properties.revision = 1


def _agenda_for_reader(facts: AgendaFacts) -> AgendaFacts:
    """Take out what this reader may not see, so that no template, ours or another's, can print it."""
    sections = tuple(_section_for_reader(section, facts.chairs_copy) for section in facts.sections)
    return replace(facts, sections=sections, not_on_agenda=facts.not_on_agenda if facts.chairs_copy else ())


def _section_for_reader(section: AgendaSection, chairs_copy: bool) -> AgendaSection:
    return replace(section, items=tuple(_item_for_reader(item, chairs_copy) for item in section.items))


def _item_for_reader(item: AgendaItem, chairs_copy: bool) -> AgendaItem:
    if item.stub:
        return AgendaItem(
            number=item.number, child="", name=None, age=None, rating="", reasons=(), minutes=0, stub=True
        )
    return item if chairs_copy else replace(item, history=(), prompts=())


def _minutes_for_reader(facts: MinutesFacts) -> MinutesFacts:
    """Leave a restricted child's section its number, and nothing else."""
    children = tuple(
        ChildMinutes(number=child.number, child="", name=None, age=None, stub=True) if child.stub else child
        for child in facts.children
    )
    return replace(facts, children=children)
