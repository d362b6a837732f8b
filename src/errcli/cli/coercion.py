"""How does a word of the command line become a value? As `params.read_word` reads it, with msgspec.

Typer would use pydantic, whose import takes as long as all others of a command together.
"""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from errcli.errors import UsageError
from errcli.params import MOST, read_word


class LeanCommand(TyperCommand):
    """A command whose parameters are coerced by msgspec."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, the help option included."""
        return _made_lean(super().get_params(ctx))


class LeanGroup(TyperGroup):
    """A group whose own options are coerced by msgspec."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, the help option included."""
        return _made_lean(super().get_params(ctx))


class _Coercion:
    """Stands where Typer keeps what it builds with pydantic; a Typer that keeps it elsewhere goes its own way."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return None
        descriptor = param.type_descriptor
        bounds = descriptor.parameter_info
        try:
            return read_word(value, descriptor.annotation, param.name, bounds.min, bounds.max or MOST)
        except UsageError as error:
            raise typer.BadParameter(error.what, ctx=ctx, param=param) from None


def _made_lean(params: list[Any]) -> list[Any]:
    for param in params:
        param._runtime_param = _Coercion()  # noqa: SLF001 - there is no public place
    return params
