"""Two texts that were written at once: whether one holds the other whole, and both as one. Pure; our defaults."""

from meetings_app.errors import RuleBroken


def holds_whole(text: str, other: str) -> bool:
    """Say whether a text holds another one as whole paragraphs: “5 men” does not stand in “15 men”.

    However lines end, and whatever blank there is around either.
    """
    return f"\n\n{_plain(other)}\n\n" in f"\n\n{_plain(text)}\n\n"


def goes_on(text: str, before: str) -> bool:
    """Say whether a text is what was there before with more written after it: “£500” does not go on from “£5”."""
    text, before = _plain(text), _plain(before)
    is_longer = text.startswith(before) and len(text) > len(before) > 0
    in_a_word = is_longer and before[-1].isalnum() and text[len(before)].isalnum()
    return text == before or (is_longer and not in_a_word)


def both_texts(standing: str, other: str) -> str:
    """Give two texts as one, the one that stands first; a text that is whole in the other is not repeated."""
    standing, other = standing.strip(), other.strip()
    if not other or holds_whole(standing, other):
        return standing
    return other if not standing or holds_whole(other, standing) else f"{standing}\n\n{other}"


def settled(choice: str, standing: str, mine: str, *, field: str, longest: int) -> str:
    """Give the text that a person chose: "theirs" is what stands, "both" is both as one, anything else is their own.

    Raises `RuleBroken` for `field` where both are longer than `longest` characters.
    """
    if choice == "theirs":
        return standing
    if choice != "both":
        return mine
    both = both_texts(standing, mine)
    if len(both) > longest:
        raise RuleBroken(field, f"Both texts together are longer than {longest:,} characters. Shorten yours")
    return both


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
