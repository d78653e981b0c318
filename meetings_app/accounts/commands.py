"""`meetings users`: accounts from the command line, for the operator of the machine."""

import json

import click

from meetings_app.accounts import service
from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.handing_over import hand_over
from meetings_app.accounts.models import AccountState
from meetings_app.accounts.queries import account_of_invitation, everybody, id_of_email
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR, Role
from meetings_app.program import Program


@click.group()
def users() -> None:
    """Invite, list, disable and reset accounts."""


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="The person’s full name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person is.")
@click.option("--agency", required=True, help="Code of the person’s agency.")
@click.option("--area", "areas", multiple=True, help="Code of an area; give it again for more. None: whole county.")
@click.option("--school", help="Code of the school, for the role school.")
@click.pass_obj
def add(
    program: Program, email: str, name: str, role: str, agency: str, areas: tuple[str, ...], school: str | None
) -> None:
    """Invite a person; prints the link to hand over. It works once and ends after 7 days."""
    with program.writing("users add") as session:
        account, token = service.invite(
            session, OPERATOR, program.now(), email=email, name=name, role=role, agency_code=agency,
            area_codes=areas, school_code=school,
        )  # fmt: skip
        hand_over(session, program.now(), account, _link(program, token))
    click.echo(_link(program, token))


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_users(program: Program, as_json: bool) -> None:
    """List every account with its roles."""
    with program.reading("users list") as session:
        people = everybody(session)
    if as_json:
        rows = [
            {
                "email": person.email, "name": person.name, "agency": person.agency, "state": person.state.value,
                "roles": list(person.roles), "second_factor": person.second_factor,
            }
            for person in people
        ]  # fmt: skip
        click.echo(json.dumps({"accounts": rows}, ensure_ascii=False))
        return
    for person in people:
        state = "" if person.state is AccountState.ACTIVE else f" [{person.state.value}]"
        click.echo(f"{person.email}  {person.name}, {person.agency}: {'; '.join(person.roles) or 'no role'}{state}")


@users.command()
@click.argument("email")
@click.pass_obj
def reset(program: Program, email: str) -> None:
    """Take password and second factor away and invite the person again; prints the new link."""
    with program.writing("users reset") as session:
        token = service.reset(session, OPERATOR, program.now(), required(id_of_email(session, email)))
        account = account_of_invitation(session, hash_of(token), program.now())
        if account:
            hand_over(session, program.now(), account, _link(program, token))
    click.echo(_link(program, token))


def required(account_id: int | None) -> int:
    """Give the id of the account that was named. Raises `DomainError` where there is none."""
    if account_id is None:
        raise DomainError("There is no account with this email address. See: meetings users list")
    return account_id


def _link(program: Program, token: str) -> str:
    return f"{program.settings.base_url}/invitation/{token}"
