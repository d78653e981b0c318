"""Who may open the pages of the mail: its coordinators, and administrators. `mail` is about a meeting of the area."""

MAIL: dict[str, str] = {
    "/mail": "CM", "/mail/history": "CM", "/mail/{mail}": "CM", "/mail/{far-mail}": "M",
}  # fmt: skip
