"""GET: every analysis of the catalog, answered in the bytes of the command's own JSON."""

from collections.abc import Callable, Iterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from errcli import catalog, runner
from errcli.analysis import Analysis, Result
from errcli.errors import ErrcliError, UsageError
from errcli.render import Screen, render
from errcli.server.answers import RefusalError, answer, refusal_of
from errcli.server.parameters import Parameter, parameters_of, read
from errcli.server.serving import Serving
from errcli.store.connection import reading

API = "/api/v1"


class Route(msgspec.Struct, frozen=True):
    """Where an analysis is asked; `names` are parameters that have another name there, by the analysis's own."""

    path: str
    analysis: str
    names: dict[str, str] = {}
    in_path: frozenset[str] = frozenset()


_SPECIFIED = (
    Route(f"{API}/errors/user/{{user_id:path}}", "user", in_path=frozenset({"user_id"})),
    Route(f"{API}/errors/patterns", "patterns", {"since": "time_range"}),
    Route(f"{API}/errors/struggling-users", "struggling", {"since": "time_range"}),
    Route(f"{API}/errors/impact/high", "impact", {"since": "time_range"}),
)
"""Other places of some questions, which the specification names."""


def routes() -> Iterator[Route]:
    """Yield where each analysis is asked."""
    yield from _SPECIFIED
    for name in catalog.names():
        yield Route(f"{API}/{name}", name)


class Asking:
    """Answers one analysis at one place."""

    def __init__(self, serving: Serving, route: Route) -> None:
        self.analysis: Analysis = catalog.get(route.analysis)
        self.parameters: list[Parameter] = parameters_of(self.analysis, route.names, route.in_path)
        self._serving = serving

    @property
    def endpoint(self) -> Callable[[Request], Response]:
        """What answers a request, in a thread: the store may have to be waited for."""

        def ask(request: Request) -> Response:
            return self.ask(request)

        return ask

    def ask(self, request: Request) -> Response:
        """Answer a request. Raises RefusalError."""
        try:
            given = read([*request.path_params.items(), *request.query_params.multi_items()], self.parameters)
            limit, now, tz = given.pop("limit", self.analysis.limit), given.pop("now", None), given.pop("tz", None)
            asked = runner.params_of(self.analysis, given, self._serving.config)
        except ErrcliError as error:
            raise refusal_of(error) from error
        return answer(200, render(self._result(asked, limit, now, tz), "json", Screen()))

    def _result(self, asked: msgspec.Struct, limit: int, now: str | None, tz: str | None) -> Result:
        serving = self._serving
        try:
            with reading(serving.store) as store:
                clock = runner.clock(store, now, tz, serving.config)
                return runner.run(store, self.analysis, asked, clock, limit)
        except UsageError as error:
            # each parameter means something; together, or in this store, they do not
            told = refusal_of(error).told
            raise RefusalError(409, told) from error
        except ErrcliError as error:
            raise refusal_of(error, debug=serving.debug) from error
