"""Column types and mixins that every table shares."""

from enum import Enum
from functools import cache
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


def enum_type(members: type[Enum], name: str) -> sa.Enum:
    """Give a text column type guarded by a CHECK constraint called `name`, one new type a column."""
    return sa.Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda cls: [member.value for member in cls],
    )


def columns_of(model: type[Any]) -> list[Any]:
    """Give every column of a model, to read its rows where nothing is changed: an object costs several times a row."""
    return [getattr(model, column.key) for column in model.__table__.columns]


@cache
def mapped(table: str) -> Any:
    """Give the class of a table by its name, for a read from a layer below it: an actor’s scope stands on classes.

    Raises `LookupError` for a table there is none of, which is a mistake of ours.
    """
    for each in Table._sa_registry.mappers:
        if getattr(each.local_table, "name", "") == table:
            return each.class_
    raise LookupError(f"There is no table {table}.")


class Versioned(SQLModel):
    """A row that two people may change: the second save at an old version is refused by the database."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Tell the mapper which column counts the saves."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}


class Table(SQLModel):
    """The base of every table: one integer key, never shown outside the service."""

    metadata: ClassVar[sa.MetaData] = SQLModel.metadata
    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The id of a saved row. Raises `RuntimeError` before it is saved, which is a mistake of ours."""
        if self.id is None:
            raise RuntimeError("The row has no id before it is saved.")
        return self.id
