"""How does text come onto the page so that it neither steers nor breaks anything?"""

import json
import re

from errcli.render.escape import escaped

_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(chr((plane << 16) + place) for plane in range(17) for place in (0xFFFE, 0xFFFF)) + "]"
)
"""What Unicode keeps for the inside of programs: HTML calls it an error, and XML does not take all of it."""


def harmless(text: str) -> str:
    """Show what steers a terminal, and what no document may hold, escaped; what is JSON stays the same JSON."""
    return _NONCHARACTERS.sub(lambda found: json.dumps(found[0])[1:-1], escaped(text))
