"""How does a word of the command line become a value? By msgspec, which is loaded anyway.

Typer would use pydantic, whose import takes as long as all others of a command together.
"""

from typing import Any

import msgspec
import typer
from typer.core import TyperCommand, TyperGroup


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
        try:
            converted = msgspec.convert(value, descriptor.annotation, strict=False)
        except msgspec.ValidationError as error:
            raise typer.BadParameter(_told(value, descriptor, error), ctx=ctx, param=param) from None
        least = descriptor.parameter_info.min
        if least is not None and converted < least:
            raise typer.BadParameter(f"{converted} is less than {least}", ctx=ctx, param=param)
        return converted


def _made_lean(params: list[Any]) -> list[Any]:
    for param in params:
        param._runtime_param = _Coercion()  # noqa: SLF001 - there is no public place
    return params


def _told(value: Any, descriptor: Any, error: msgspec.ValidationError) -> str:
    if descriptor.is_choice:
        return f"{value!r} is none of {', '.join(descriptor.choices)}"
    if descriptor.annotation is int:
        return f"{value!r} is not a whole number"
    return str(error)
