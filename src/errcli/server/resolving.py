"""POST resolve: an event or a pattern is noted as resolved, as `errcli resolve` does it."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from errcli import decisions, runner
from errcli.errors import ErrcliError, UsageError
from errcli.render import Screen, render
from errcli.server.answers import RefusalError, Told, answer, refusal_of
from errcli.server.body import body_of
from errcli.server.serving import Serving
from errcli.store.connection import writing


class Resolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be said of a resolution."""

    release: str | None = None
    note: str | None = None


class Resolving:
    """Notes resolutions."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def resolve(self, request: Request) -> Response:
        """Answer with what is resolved. Raises RefusalError."""
        body = await body_of(request, self._serving.config.serve.max_body)
        try:
            said = msgspec.json.decode(body, type=Resolution) if body.strip() else Resolution()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            told = Told("input", str(error), "body", "{} or its release and note, each a text")
            raise RefusalError(422, told) from None
        return answer(200, await run_in_threadpool(self._decide, request.path_params["error_id"], said))

    def _decide(self, target: str, said: Resolution) -> bytes:
        serving = self._serving
        try:
            with writing(serving.store) as store, store.transaction():
                clock = runner.clock(store, None, None, serving.config)
                result = decisions.decide(store, target, clock, resolved=True, release=said.release, note=said.note)
        except UsageError as error:
            raise RefusalError(409, refusal_of(error).told) from error
        except ErrcliError as error:
            raise refusal_of(error, debug=serving.debug) from error
        return render(result, "json", Screen())
