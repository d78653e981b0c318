"""Who may open the pages of the links between children, and who may send their forms."""

LINKS: dict[str, str] = {
    "/children/{own}/links/new": "CHDRSL", "/children/{other}/links/new": "",
    "/children/{own}/links/{link}/end": "CHDR", "/children/{own}/links/{far-link}/end": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. `link` joins `own` and `plain`, `far-link` `own` and `other`."""
