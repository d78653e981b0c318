"""The prompts on pages: asked for while somebody types, and said once after saving where no script runs."""

from itertools import islice
from typing import Any

from flask import Blueprint, flash, g, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from meetings_app.language.rules import Found, Phrases, find
from meetings_app.web.context import partnership
from meetings_app.web.guard import only_reads, signed_in

blueprint = Blueprint("language", __name__)

MOST_TEXTS, LONGEST = 60, 20_000
MOST_SAID = 3
SHOWN = "language_shown"
"""Sent by the script: the prompts stood beside the boxes already."""

_NO_TEXT = frozenset({"csrf_token", "form_id", "version", "do", SHOWN})


def phrases_of(configuration: Any) -> Phrases:
    """Give what is looked for by the partnership's file, and the names of its tools' indicators."""
    return Phrases(
        tuple((prompt.phrases, prompt.reason, prompt.instead) for prompt in configuration.language.prompts),
        tuple(one.label for tool in configuration.tools for tier in tool.tiers for one in tier.indicators),
    )


@blueprint.post("/language")
@only_reads
@signed_in
def prompts() -> ResponseReturnValue:
    """Give what there is to say about some texts; nothing of them is kept."""
    sent = request.get_json(silent=True)
    texts = sent.get("texts") if isinstance(sent, dict) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return jsonify(problem="Send texts."), 400
    looked_for = phrases_of(partnership())
    return jsonify(
        prompts=[
            [{"start": one.start, "end": one.end, "text": sentence(one)} for one in find(text[:LONGEST], looked_for)]
            for text in texts[:MOST_TEXTS]
        ]
    )


@blueprint.after_app_request
def said_after_saving(response: Response) -> Response:
    """Say once what could be written otherwise, where a form was saved without the script. The text stays as it is."""
    if request.method != "POST" or response.status_code != 302 or SHOWN in request.form or g.get("actor") is None:
        return response
    if "partnership" not in g:
        # Nothing was saved, so there is nothing to say; and the request’s transaction, which would read it, is over.
        return response
    looked_for, said = phrases_of(partnership()), dict[str, str]()
    for name, text in request.form.items(multi=True):
        if name in _NO_TEXT or "password" in name or " " not in text.strip():
            continue
        said |= {one.words.lower(): sentence(one) for one in find(text[:LONGEST], looked_for)}
    for words in islice(said.values(), MOST_SAID):
        flash(Markup("Saved as you wrote it. {}").format(words), "information")
    return response


def sentence(found: Found) -> str:
    """Say one prompt in words."""
    return f"You wrote “{' '.join(found.words.split())}”. {found.reason} Consider: {found.instead}"
