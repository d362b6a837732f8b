"""Which events that the engine has read need the format's own code after all, for what stands in their texts?"""

import re

import pyarrow as pa

from errcli.ingest.redact import FEW, Redactor

# An object or a list where a text belongs, a control character in JSON.
_ODD = r'(?:^|\n)(?:\{["}]|\[[\[{"\dtfn\]-])|\\u00[01]'


class Care:
    """Judges texts in the words of which every secret is to be replaced by a `redactor`, if there is one."""

    def __init__(self, redactor: Redactor | None) -> None:
        self._redactor = redactor
        self._pattern = f"{redactor.traces}|{_ODD}" if redactor else _ODD
        self._odd = re.compile(_ODD.encode())

    def needed(self, texts: pa.StringArray) -> list[int]:
        """Return the places, from 0, of the texts that need care.

        A text is all that an event says, as `load_texts.sql` puts it together.
        """
        if texts.nbytes <= FEW:
            return [place for place, text in enumerate(texts.view(pa.binary()).to_pylist()) if self._is_needed(text)]
        # its automaton takes half the time of the engine's
        from pyarrow import compute

        places: list[int] = compute.indices_nonzero(compute.match_substring_regex(texts, self._pattern)).to_pylist()
        return places

    def _is_needed(self, text: bytes) -> bool:
        secret = self._redactor is not None and self._redactor.may_hold_secrets(text)
        return secret or self._odd.search(text) is not None
