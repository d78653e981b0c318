"""Two texts that were written at once: whether one holds the other whole, and both as one. Pure; our defaults."""


def holds_whole(text: str, other: str) -> bool:
    """Say whether a text holds another one as whole paragraphs: “5 men” does not stand in “15 men”.

    However lines end, and whatever blank there is around either.
    """
    return f"\n\n{_plain(other)}\n\n" in f"\n\n{_plain(text)}\n\n"


def both_texts(standing: str, other: str) -> str:
    """Give two texts as one, the one that stands first; a text that is whole in it already is not repeated."""
    standing, other = standing.strip(), other.strip()
    if not other or holds_whole(standing, other):
        return standing
    return f"{standing}\n\n{other}" if standing else other


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
