"""The app: routes made from the catalog, the guard before them, the threads that bring events into the store."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from errcli import __version__
from errcli.ingest.spool import path_of
from errcli.server import openapi
from errcli.server.access import Access
from errcli.server.answers import RefusalError, Told
from errcli.server.guard import Guard
from errcli.server.ingester import Ingester
from errcli.server.module import PATH, Module
from errcli.server.questions import API, Asking, routes
from errcli.server.resolving import Resolving
from errcli.server.serving import Serving
from errcli.server.spooling import Spooler
from errcli.server.track import Tracking


def build(serving: Serving) -> FastAPI:
    """Return the app; its threads run from its start to its end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        spooler = Spooler(path_of(serving.store.path))
        ingester = Ingester(serving)
        app.state.tracking = Tracking(serving, spooler)
        yield
        await run_in_threadpool(spooler.close)
        await run_in_threadpool(ingester.close)

    app = FastAPI(
        title="errcli",
        version=__version__,
        docs_url=None,  # the pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=_middleware(serving),
        exception_handlers={RefusalError: _refused, HTTPException: _not_there},
    )
    _add_routes(app, serving)
    app.openapi = _described(app, serving)  # type: ignore[method-assign]
    return app


def _middleware(serving: Serving) -> list[Middleware]:
    """Return what a request goes through, from the outside in; answers to preflights need no token."""
    inner = [Middleware(Guard, serving=serving)]
    origins = serving.config.serve.cors_origins
    if origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
        inner.insert(0, cors)
    return [Middleware(Access, serving=serving), *inner]


def _add_routes(app: FastAPI, serving: Serving) -> None:
    async def track(request: Request) -> Response:
        tracking: Tracking = request.app.state.tracking
        return await tracking.track(request)

    app.add_api_route(
        f"{API}/errors/track",
        track,
        methods=["POST"],
        status_code=202,
        response_class=Response,
        summary="Accept one event, or a list of them",
        openapi_extra=openapi.of_tracking(serving.config.serve.max_batch),
    )
    app.add_api_route(
        f"{API}/errors/{{error_id:path}}/resolve",
        Resolving(serving).resolve,
        methods=["POST"],
        response_class=Response,
        summary="Mark an event or a pattern as resolved",
        openapi_extra=openapi.of_resolving(),
    )
    # it is no part of the API, and describes itself
    app.add_route(PATH, Module().answer, include_in_schema=False)
    for route in routes():
        asking = Asking(serving, route)
        app.add_api_route(
            route.path,
            asking.endpoint,
            response_class=Response,
            summary=asking.analysis.summary,
            openapi_extra=openapi.of_question(asking.analysis, asking.parameters),
        )


def _described(app: FastAPI, serving: Serving) -> Callable[[], dict[str, Any]]:
    """Return what describes the app, made once it is asked for."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schema["components"] = {"schemas": openapi.components()}
            if serving.tokens is not None:
                schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
                schema["security"] = [{"token": []}]
        found: dict[str, Any] = app.openapi_schema or schema
        return found

    return described


async def _refused(request: Request, refusal: RefusalError) -> Response:  # noqa: ARG001
    return refusal.response


async def _not_there(request: Request, error: HTTPException) -> Response:  # noqa: ARG001
    codes = {404: ("not-found", "no such path"), 405: ("method", "not with this method")}
    code, what = codes.get(error.status_code, ("failed", error.detail))
    return RefusalError(error.status_code, Told(code, what), error.headers).response
