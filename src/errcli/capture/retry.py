"""How often was something tried until it worked: each failed try is an event, and says whether the next one helped.

The event of a failed try is written once it is known what became of the next try, and so is one error, with the recovery
in it, where a success of its own would count as another error. Its time is that of the failure.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from errcli.capture.tracking import event_of, write
from errcli.capture.writer import the_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from errcli.capture.fields import Fields

Function = TypeVar("Function", bound=Callable[..., Any])


def with_retry(
    *,
    tries: int = 3,
    delay: float = 1.0,
    on: type[Exception] | tuple[type[Exception], ...] = Exception,
    **fields: "Unpack[Fields]",
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

        import tenacity

        rules: dict[str, Any] = {
            "stop": tenacity.stop_after_attempt(tries),
            "wait": tenacity.wait_incrementing(start=delay, increment=delay),
            "retry": tenacity.retry_if_exception_type(on),
            "reraise": True,
        }

        def call(*arguments: Any, **named: Any) -> Any:
            with _Tries(tries, on, fields) as attempts:
                for attempt in tenacity.Retrying(**rules):
                    with attempt, attempts.one():
                        return function(*arguments, **named)

        async def call_async(*arguments: Any, **named: Any) -> Any:
            with _Tries(tries, on, fields) as attempts:
                async for attempt in tenacity.AsyncRetrying(**rules):
                    with attempt, attempts.one():
                        return await function(*arguments, **named)

        return wraps(function)(call_async if inspect.iscoroutinefunction(function) else call)  # type: ignore[return-value]

    return decorate
