"""Changing the rules of one section: the form, what it would change and what that means, and then the change."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import password_asked
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Permission
from meetings_app.rules_page import queries, service
from meetings_app.rules_page.catalogue import NEW_REASON, Section, section_of
from meetings_app.rules_page.forms import RulesForm, carried, check_new, entered, figures_of, form_of, name_of
from meetings_app.rules_page.meaning import Change, changes
from meetings_app.rules_page.queries import Version
from meetings_app.rules_page.routes import blueprint, may_change
from meetings_app.rules_page.values import RATINGS, differences, values_of
from meetings_app.rules_page.words import agencies_of, rule_in_words
from meetings_app.web.context import actor, db, found, now, partnership
from meetings_app.web.forms import VersionedForm
from meetings_app.web.guard import requires


@blueprint.get("/<slug>")
@requires(Permission.CHANGE_RULES)
def change(slug: str) -> ResponseReturnValue:
    """Show the form of a section, as its rules are now."""
    section = _section(slug)
    newest = queries.versions_of(db(), section.file)[0]
    return _form_page(section, form_of(section, _agencies(), newest.values, newest.number))


@blueprint.post("/<slug>", endpoint="change_sent")
@requires(Permission.CHANGE_RULES)
def change_sent(slug: str) -> ResponseReturnValue:
    """Say what would change or, once that was seen, change it."""
    section = _section(slug, VersionedForm().opened_at)
    form, step = form_of(section, _agencies()), request.form.get("step")
    if step == "change":
        return _form_page(section, form)
    versions = queries.versions_of(db(), section.file)
    if not form.validate_on_submit():
        return _form_page(section, form)
    opened = next((version for version in versions if version.number == form.opened_at), None)
    if opened is None:
        abort(400)
    if opened.number != versions[0].number:
        return _conflict_page(section, form, opened, versions[0])
    try:
        planned = _planned(section, form, versions[0])
    except RuleBroken as problem:
        _refuse(form, problem)
        return _form_page(section, form)
    if step != "save":
        return _check_page(section, form, planned)
    return password_asked() or _save(section, form)


def _save(section: Section, form: RulesForm) -> ResponseReturnValue:
    number = service.change(
        db(), actor(), now(), section.file, figures_of(form, section), str(form.reason.data), form.opened_at
    )
    flash(f"The rules were changed. Version {number} rules from now on.", "success")
    return redirect(url_for("rules_page.index", _anchor=section.anchor or section.slug))


def _planned(section: Section, form: RulesForm, newest: Version) -> Sequence[Change]:
    """Give what the form would change. Raises `RuleBroken` where it is nothing, or cannot rule."""
    figures = figures_of(form, section)
    if section.slug == NEW_REASON:
        check_new(figures, newest.values)
    made = service.text_with(db(), section.file, figures)
    planned = differences(newest.values, values_of(section.file, made))
    if not planned:
        raise RuleBroken("", "Nothing is changed yet. Change a rule, or cancel")
    return changes(db(), actor(), section.file, planned, _agencies())


def _refuse(form: RulesForm, problem: RuleBroken) -> None:
    form.refuse(
        RuleBroken(name_of(problem.field), problem.message,
                   [RuleBroken(name_of(more.field), more.message) for more in problem.more])
    )  # fmt: skip


def _conflict_page(section: Section, form: RulesForm, opened: Version, newest: Version) -> ResponseReturnValue:
    """Show what somebody else changed beside what was entered; what was left as it was takes their figure."""
    mine, agencies = {rule.key: entered(form, section, rule) for rule in section.rules}, _agencies()
    before, now_rules = opened.values, newest.values
    merged = {key: now_rules.get(key) if value == before.get(key) else value for key, value in mine.items()}
    if section.file == RATINGS and section_of(section.slug, now_rules) is None:
        # A reason for a discussion that is out of use since: nothing of it is there to be taken over.
        merged = mine
    theirs = differences(before, now_rules)
    touched = {each.key for each in theirs}
    both = [
        (rule.words, *(rule_in_words(rule, values.get(rule.key), agencies) for values in (mine, now_rules)))
        for rule in section.rules
        if rule.key in touched and merged[rule.key] != now_rules.get(rule.key)
    ]
    fresh = form_of(section, agencies, merged, newest.number, str(form.reason.data))
    they = changes(db(), actor(), section.file, theirs, agencies)
    return _form_page(section, fresh, status=409, newest=newest, they_changed=they, conflicts=both)


def _form_page(section: Section, form: RulesForm, status: int | None = None, **more: Any) -> ResponseReturnValue:
    values = {"newest": None, "they_changed": [], "conflicts": [], **more}
    fields = [form[name_of(rule.key)] for rule in section.rules]
    page = render_template(
        "rules/change.html", section=section, form=form, fields=fields, has_errors=bool(form.errors), **values
    )
    return page, status or (400 if form.errors else 200)


def _check_page(section: Section, form: RulesForm, planned: Sequence[Change]) -> ResponseReturnValue:
    return render_template(
        "rules/check.html", section=section, form=form, planned=planned, carried=carried(form, section)
    )


def _section(slug: str, opened_at: int | None = None) -> Section:
    """Give a section as it is now or, where it is gone since, as it was at the version a form was opened at."""
    if not may_change(actor()):
        abort(404)
    versions = queries.versions_of(db(), RATINGS)
    known = [each.values for each in versions if each.number in (versions[0].number, opened_at)]
    return found(next((section for values in known if (section := section_of(slug, values))), None))


def _agencies() -> dict[str, str]:
    return dict(agencies_of(partnership().agencies))
