"""GET /errcli.js: what a page imports to track its users' errors, the file `static/errcli.js` as it is."""

import hashlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

PATH = "/errcli.js"
_KEEP = 300
"""Seconds for which a browser need not ask again."""


class Module:
    """Answers with the module, or that it has not changed."""

    def __init__(self) -> None:
        self._text = files("errcli.server").joinpath("static", "errcli.js").read_bytes()
        self._headers = {
            "etag": f'"{hashlib.sha256(self._text).hexdigest()[:16]}"',
            "cache-control": f"max-age={_KEEP}",
            "x-content-type-options": "nosniff",
        }

    def answer(self, request: Request) -> Response:
        """Return the module to whoever has not this one."""
        if self._headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=self._headers)
        return Response(self._text, headers=self._headers, media_type="text/javascript")
