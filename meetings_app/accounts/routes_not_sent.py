"""What a person typed and could not send before they were signed out: where it is, and taking it away."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.blueprint import blueprint
from meetings_app.web import unsent
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.forms import Form
from meetings_app.web.guard import only_reads, signed_in
from meetings_app.web.read_now import read_of_page
from meetings_app.web.signed_out import as_read


@blueprint.get("/not-sent")
@signed_in
def not_sent() -> ResponseReturnValue:
    """List the person's own forms that are kept, each with its words and the page on which it is filled in again."""
    kept = [(one, *as_read(db(), one)) for one in unsent.unsent_of(db(), actor().account_id or 0, now())]
    asked = request.args.get(unsent.ARGUMENT, "")
    return render_template("unsent/index.html", kept=kept, days=unsent.KEPT_FOR.days, asked=asked)


@blueprint.post("/not-sent/<reference>/discard")
@signed_in
def not_sent_discarded(reference: str) -> ResponseReturnValue:
    """Take away what is kept of one form, which its writer does not want any more."""
    kept = found(unsent.find_unsent(db(), reference, now()))
    if not Form().validate_on_submit():
        return redirect(kept.again)
    unsent.discard(db(), reference)
    flash("What you typed was taken away.", "success")
    listed = url_for("accounts.not_sent")
    return redirect(listed if unsent.page_of_form() == listed else kept.page)


@blueprint.post("/typed-words")
@only_reads
@signed_in
def typed_words() -> ResponseReturnValue:
    """Say to a script what the person reads by now of each text that their browser kept of a page, and if it is all.

    The words are their own: they come from the browser and go back to it, and nothing of them is kept here.
    """
    read, texts = read_of_page(db(), request.form.get("page", "")), request.form.getlist("text")
    return jsonify(read=[{"text": read(text), "whole": read(text) == text} for text in texts])
