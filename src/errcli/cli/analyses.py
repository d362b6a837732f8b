"""The command of each analysis: made from what the analysis declares."""

import inspect
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_origin

import typer

from errcli import catalog
from errcli.analysis import Analysis, Field, fields_of
from errcli.cli.command import add_command_with
from errcli.cli.invocation import Invocation, say_what_else
from errcli.cli.options import Now, Tz
from errcli.errors import UsageError


def add_analysis(app: typer.Typer, name: str) -> None:
    """Add the command of an analysis of the catalog, with an option for each other form of it."""
    analysis = catalog.get(name)
    forms = {option: catalog.get(form) for option, form in catalog.forms_of(name).items()}
    fields = sorted(fields_of(analysis.params), key=lambda field: not field.is_positional)
    own = [_parameter(field) for field in fields]
    own += [_form_parameter(option, form, analysis) for option, form in forms.items()]
    own += [
        inspect.Parameter("limit", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_limit(analysis)),
        inspect.Parameter("now", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Now),
        inspect.Parameter("tz", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Tz),
    ]
    is_graph = any(form.graph is not None for form in (analysis, *forms.values()))
    add_command_with(
        app, name, _body(analysis, forms), own, summary=analysis.summary, example=analysis.example, is_graph=is_graph
    )


def _body(analysis: Analysis, forms: Mapping[str, Analysis]) -> Any:
    def answer(invocation: Invocation, *, limit: int | None, now: str | None, tz: str | None, **given: Any) -> None:
        from errcli import runner

        asked = _asked(analysis, forms, given)
        invocation.require_graph_for_format(asked.graph is not None)
        limit = asked.limit if limit is None else limit
        with invocation.reading() as store:
            clock = invocation.clock(now, tz, store)
            result = runner.run(store, asked, invocation.params_of(asked, given), clock, limit)
        invocation.answer(result)
        say_what_else(result)

    return answer


def _limit(analysis: Analysis) -> Any:
    """Return the option for the number of rows; another form of the analysis has a default of its own."""
    default = f" Default: {analysis.limit}." if analysis.limit else ""
    return Annotated[
        int | None, typer.Option("--limit", min=0, metavar="NUMBER", help=f"Most rows to show; 0 shows all.{default}")
    ]


def _asked(analysis: Analysis, forms: Mapping[str, Analysis], given: Mapping[str, Any]) -> Analysis:
    """Return the form of an analysis that the options name. Raises UsageError where they name two."""
    named = [option for option in forms if given[option]]
    if len(named) > 1:
        raise UsageError("one of them at a time", " ".join(f"--{option}" for option in named), "leave out all but one")
    return forms[named[0]] if named else analysis


def _form_parameter(option: str, form: Analysis, analysis: Analysis) -> inspect.Parameter:
    """Return the option that asks another form: with a value where that has a parameter of its name."""
    field = next((field for field in fields_of(form.params) if field.name == option), None)
    kind: Any = bool if field is None else str | None
    info = typer.Option(
        f"--{option}",
        help=f"{form.summary}{_own_defaults(form, analysis)}." if field is None else field.meta.description,
        metavar=None if field is None else _metavar(field),
    )
    return inspect.Parameter(
        option,
        inspect.Parameter.KEYWORD_ONLY,
        default=False if field is None else None,
        annotation=Annotated[kind, info],
    )


def _own_defaults(form: Analysis, analysis: Analysis) -> str:
    """Say which parameters have a default in a form of a question, and none in the question itself."""
    without = {field.name for field in fields_of(analysis.params) if field.default is None}
    own = [
        f"--{field.name} {field.default}"
        for field in fields_of(form.params)
        if field.name in without and field.default is not None
    ]
    return f"; {', '.join(own)} unless given" if own else ""


def _parameter(field: Field) -> inspect.Parameter:
    default = inspect.Parameter.empty if field.required else field.default
    description, optional = field.meta.description or "", field.optional
    if field.section is not None:
        # what the config says is not known yet
        description = f"{description} Default: [{field.section}] {field.name}, else {field.default:g}."
        default, optional = None, True
    if field.is_positional:
        info: Any = typer.Argument(help=description, metavar=_metavar_of_argument(field))
    else:
        info = typer.Option(
            f"--{field.name.replace('_', '-')}", help=description, min=field.meta.ge, metavar=_metavar(field)
        )
    bare = field.type | None if optional else field.type
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[bare, info]
    )


def _metavar_of_argument(field: Field) -> str:
    return "HASH" if field.is_pattern else field.name.removesuffix("_id").upper()


def _metavar(field: Field) -> str | None:
    """Name an option's value; None leaves it to typer, which lists the choices of a Literal."""
    if field.name in ("since", "until"):
        return "TIME"
    if field.is_duration:
        return "DURATION"
    if field.is_pattern:
        return "HASH"
    if field.table is not None:
        return "FILE"
    if field.type is float:
        return "NUMBER"
    return "TEXT" if field.type is str and get_origin(field.type) is not Literal else None
