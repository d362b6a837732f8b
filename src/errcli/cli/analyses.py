"""The command of each analysis: made from what the analysis declares."""

import inspect
from typing import Annotated, Any, Literal, get_origin

import typer

from errcli import catalog
from errcli.analysis import Analysis, Field, fields_of
from errcli.cli.command import add_command_with
from errcli.cli.invocation import Invocation, say_what_is_missing
from errcli.cli.options import Limit, Now, Tz


def add_analysis(app: typer.Typer, name: str) -> None:
    """Add the command of an analysis of the catalog."""
    analysis = catalog.get(name)
    own = [_parameter(field) for field in _positional_first(fields_of(analysis.params))]
    own += [
        inspect.Parameter("limit", inspect.Parameter.KEYWORD_ONLY, default=analysis.limit, annotation=Limit),
        inspect.Parameter("now", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Now),
        inspect.Parameter("tz", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Tz),
    ]
    add_command_with(app, name, _body(analysis), own, summary=analysis.summary, example=analysis.example)


def _body(analysis: Analysis) -> Any:
    def answer(invocation: Invocation, *, limit: int, now: str | None, tz: str | None, **given: Any) -> None:
        from errcli import runner

        with invocation.reading() as store:
            clock = invocation.clock(now, tz, store)
            result = runner.run(store, analysis, analysis.params(**given), clock, limit)
        invocation.answer(result)
        say_what_is_missing(result)

    return answer


def _positional_first(fields: list[Field]) -> list[Field]:
    return sorted(fields, key=lambda field: not _is_positional(field))


def _is_positional(field: Field) -> bool:
    return bool((field.meta.extra or {}).get("positional"))


def _parameter(field: Field) -> inspect.Parameter:
    bare = field.type | None if field.optional else field.type
    if _is_positional(field):
        info: Any = typer.Argument(help=field.meta.description, metavar=field.name.removesuffix("_id").upper())
    else:
        info = typer.Option(
            f"--{field.name.replace('_', '-')}",
            help=field.meta.description,
            min=field.meta.ge,
            metavar=_metavar(field),
        )
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if field.required else field.default,
        annotation=Annotated[bare, info],
    )


def _metavar(field: Field) -> str | None:
    """Name an option's value; None leaves it to typer, which lists the choices of a Literal."""
    if field.name in ("since", "until"):
        return "TIME"
    if field.is_duration:
        return "DURATION"
    if field.type is float:
        return "NUMBER"
    return "TEXT" if field.type is str and get_origin(field.type) is not Literal else None
