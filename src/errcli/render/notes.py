"""What has a reader to know beside the rows: that there are none, where the newest event is, what is left out?"""

from errcli.analysis import Result
from errcli.render.values import iso


def notes_of(result: Result) -> list[str]:
    """Return a line for each thing that the rows do not say themselves."""
    notes = [] if result.rows else [_nothing_found(result)]
    if result.ignored:
        which = "pattern is" if result.ignored == 1 else "patterns are"
        notes.append(f"{result.ignored:,} ignored {which} not shown; --state ignored does that")
    if result.pruned_up_to is not None:
        notes.append(f"events up to {iso(result.pruned_up_to)} were pruned; errcli daily has their figures")
    return [*notes, *result.notes]


def cut_of(result: Result) -> str | None:
    """Say how many rows a limit kept back, if it did."""
    return f"{len(result.rows):,} of {result.total:,} shown; --limit 0 shows all" if result.truncated else None


def _nothing_found(result: Result) -> str:
    who = ", ".join(f"{key} {value!r}" for key, value in result.params.items() if key.endswith("_id"))
    about = f" for {who}" if who else ""
    if result.newest is None:
        return f"no rows{about}: the store has no events (errcli ingest FILE)"
    ahead = result.until is not None and result.newest > result.until
    behind = result.since is not None and result.newest <= result.since
    hint = " (--now latest looks from there)" if ahead or behind else ""
    return f"no rows{about}; the newest event is of {iso(result.newest)}{hint}"
