"""What can be said of an error besides the error itself: the keywords of `track_error` and of what calls it."""

from typing import Any, TypedDict


class Fields(TypedDict, total=False):
    """What an event says; what is left out is taken from the exception and from `on_behalf_of`, or is not known.

    Texts may be any object, and are what `str` makes of it.
    """

    user: Any
    """Who ran into it, or a function without arguments that tells."""
    session: Any
    """In which session, or a function that tells."""
    page: Any
    """Where, or a function that tells."""
    action: Any
    """Doing what."""
    severity: Any
    """low, medium (the default), high or critical."""
    user_blocked: bool | None
    """The user could not go on."""
    workflow_failed: bool | None
    data_loss: bool | None
    type: Any
    """validation, permission, timeout, network, workflow or unknown; of other exceptions the name of their class."""
    code: Any
    """The application's code."""
    message: Any
    """What happened."""
    user_message: Any
    """What the user was shown."""
    technical: Any
    """Details for developers; of an exception its traceback."""
    workflow: Any
    """The workflow's id."""
    agent: Any
    """The agent's id."""
    input_data: Any
    """What was put in: anything that JSON can say, dataclasses included, as it is now."""
    previous_errors: Any
    """Codes of what went wrong before, a list."""
    recovered: bool | None
    """A recovery was tried, and how it went."""
    recovery_method: Any
    recovery_user_action: Any
    fingerprint: Any
    """Its pattern, whatever it says."""
