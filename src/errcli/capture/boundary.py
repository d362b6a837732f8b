"""How is whatever a stretch of code raises tracked, with where it happened: a context manager and a decorator."""

from __future__ import annotations

from functools import wraps

from errcli.capture.tracking import track_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from types import TracebackType
    from typing import Any, TypeVar, Unpack

    from errcli.capture.fields import Fields

    Function = TypeVar("Function", bound=Callable[..., Any])


class error_boundary:  # noqa: N801 - it is used like a function
    """Track what a block or a function raises, then let it go on up: `with error_boundary(page="/cart", action="pay")`.

    It takes what `track_error` takes, is also an asynchronous context manager, decorates functions, coroutine functions
    and generators, and may be used many times. With `reraise=False` the exception ends here, and a decorated function
    returns `fallback`. Only `Exception` is tracked: Ctrl-C, cancellation and the end of a process are none.
    """

    def __init__(self, *, reraise: bool = True, fallback: Any = None, **fields: Unpack[Fields]) -> None:
        self._reraise = reraise
        self._fallback = fallback
        self._fields = fields

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        """Track what ended the block."""
        if not isinstance(error, Exception):
            return False
        track_error(error, **self._fields)
        return not self._reraise

    async def __aenter__(self) -> None:
        """Begin the block."""

    async def __aexit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        """Track what ended the block."""
        return self.__exit__(kind, error, trace)

    def __call__(self, function: Function) -> Function:
        """Return a function whose every call is such a block."""
        import inspect  # slow to import, and needed by decorators alone

        if inspect.isasyncgenfunction(function):
            wrap = self._async_generator
        elif inspect.iscoroutinefunction(function):
            wrap = self._coroutine
        elif inspect.isgeneratorfunction(function):
            wrap = self._generator
        else:
            wrap = self._function
        return wraps(function)(wrap(function))  # type: ignore[return-value]

    def _function(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            with self:
                return function(*arguments, **named)
            return self._fallback

        return call

    def _coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*arguments: Any, **named: Any) -> Any:
            with self:
                return await function(*arguments, **named)
            return self._fallback

        return call

    def _generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
            with self:
                return (yield from function(*arguments, **named))
            return self._fallback

        return call

    def _async_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*arguments: Any, **named: Any) -> AsyncGenerator[Any, Any]:
            with self:
                generator = function(*arguments, **named)
                step = generator.asend(None)
                while True:
                    try:
                        item = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = generator.asend((yield item))
                    except GeneratorExit:
                        await generator.aclose()
                        raise
                    except BaseException as error:  # noqa: BLE001 - what the caller throws is for the generator
                        step = generator.athrow(error)

        return call
