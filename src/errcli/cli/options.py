"""Which options do several commands share, and what does each mean?"""

from typing import Annotated, get_args

import typer

from errcli.render import FormatName, RowFormat

Db = Annotated[
    str | None,
    typer.Option("--db", metavar="PATH", help="The store. Default: $ERRCLI_DB, [store] path, errcli.duckdb."),
]
Wait = Annotated[
    str | None,
    typer.Option("--wait", metavar="DURATION", help="How long to wait for a busy store. Default: 10s."),
]
Format = Annotated[
    FormatName | None,
    typer.Option("--format", "-f", metavar=f"<{'|'.join(get_args(RowFormat))}>", help="How to write the answer."),
]
FormatOfGraph = Annotated[FormatName | None, typer.Option("--format", "-f", help="How to write or draw the answer.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; - is stdout.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show a traceback with an error.")]
Now = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="Answer as of then; 'latest' is the newest event."),
]
Tz = Annotated[
    str | None,
    typer.Option("--tz", metavar="ZONE", help="Zone of days and of times without offset. Default: UTC."),
]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="Most rows to show; 0 shows all.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]
