"""How is something tried again until it works: a decorator over tenacity, which is imported when it decorates."""

from __future__ import annotations

from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, Unpack

    from errcli.capture.fields import Fields

    Function = TypeVar("Function", bound=Callable[..., Any])


def with_retry(
    *,
    tries: int = 3,
    delay: float = 1.0,
    on: type[Exception] | tuple[type[Exception], ...] = Exception,
    **fields: Unpack[Fields],
) -> Callable[[Function], Function]:
    """Try a function, or a coroutine function, again when it raises: `with_retry(page="/checkout", action="pay")(pay)`.

    The first pause is `delay` seconds long, each further one that much longer. Every failed try is an event with its
    number as `retryAttempt` in the input; it says that a retry was the recovery, and whether that was successful. The
    last try's is of severity high, and the user is blocked; then its exception is raised. What is not `on` is not tried
    again. `fields` are those of `track_error`. Needs the extra errcli[retry]. Raises ValueError for less than one try.
    """
    if tries < 1:
        raise ValueError(f"tries is {tries}: at least one is wanted")

    def decorate(function: Function) -> Function:
        import inspect

        from errcli.capture.tries import Tries

        try:
            import tenacity
        except ImportError as error:
            raise ImportError("with_retry needs tenacity: pip install 'errcli[retry]'") from error
        rules: dict[str, Any] = {
            "stop": tenacity.stop_after_attempt(tries),
            "wait": tenacity.wait_incrementing(start=delay, increment=delay),
            "retry": tenacity.retry_if_exception_type(on),
            "reraise": True,
        }

        def call(*arguments: Any, **named: Any) -> Any:
            with Tries(tries, on, fields) as attempts:
                for attempt in tenacity.Retrying(**rules):
                    with attempt, attempts.one():
                        return function(*arguments, **named)
            return None  # never: the last try returns or raises

        async def call_async(*arguments: Any, **named: Any) -> Any:
            with Tries(tries, on, fields) as attempts:
                async for attempt in tenacity.AsyncRetrying(**rules):
                    with attempt, attempts.one():
                        return await function(*arguments, **named)
            return None

        return wraps(function)(call_async if inspect.iscoroutinefunction(function) else call)  # type: ignore[return-value]

    return decorate
