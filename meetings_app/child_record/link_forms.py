"""The forms in which a link between two children is recorded and ended, and the words for its kinds."""

from wtforms import RadioField
from wtforms.validators import Optional

from meetings_app.children.links import Said
from meetings_app.children.models import LinkKind
from meetings_app.web.forms import Form, VersionedForm, day, line, text

_HARMED_BY = "harmed_by"
_CHOICES = {
    LinkKind.SIBLING.value: "They are siblings",
    LinkKind.PEER.value: "They are peers or friends",
    LinkKind.SAME_NETWORK.value: "They are in the same network",
    LinkKind.ALLEGED_HARM.value: "This young person is alleged to have harmed the other one",
    _HARMED_BY: "The other young person is alleged to have harmed this one",
}
_WORDS = {LinkKind.SIBLING: "Sibling of", LinkKind.PEER: "Peer or friend of", LinkKind.SAME_NETWORK: "Same network as"}


def words_of(kind: LinkKind, *, forward: bool) -> str:
    """Say how a child is linked, as words that the other child’s name follows."""
    if kind is LinkKind.ALLEGED_HARM:
        return "Alleged to have harmed" if forward else "Alleged to have been harmed by"
    return _WORDS[kind]


class LinkForm(Form):
    """A link to another child: whom, how, since when, and who said so."""

    sought = line("Name or reference of the other child", "Enter the name or the reference of the other child")
    other = RadioField("Which child is it?", [Optional()], validate_choice=False, choices={})
    kind = RadioField("How are they linked?", [Optional()], validate_choice=False, choices=_CHOICES)
    since = day("Linked since", hint="Leave empty if nobody knows")
    source = text("Who said so, and how do they know?", longest=2000)

    def __init__(self) -> None:
        super().__init__()
        for field in (self.other, self.kind, self.source):
            field.flags.optional = False

    def said(self) -> Said | None:
        """Give what was typed, or None where no kind was chosen."""
        chosen = str(self.kind.data or "")
        if chosen not in _CHOICES:
            return None
        kind = LinkKind.ALLEGED_HARM if chosen == _HARMED_BY else LinkKind(chosen)
        return Said(kind, str(self.source.data or ""), self.since.data, reverse=chosen == _HARMED_BY)


class EndLinkForm(VersionedForm):
    """That a link has ended: when, and why."""

    ended_on = day("When did it end?", "Enter the date on which it ended")
    ended_because = text("Why has it ended?", "Enter why the link has ended", longest=2000)
