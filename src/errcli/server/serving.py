"""What is a server run with: settings, its store, who may ask, and where it listens."""

import hmac
import ipaddress

import msgspec

from errcli.config import Config
from errcli.store.burst import Keeping
from errcli.store.connection import StoreOptions

_READING = frozenset({"GET", "HEAD"})
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Tokens(msgspec.Struct, frozen=True):
    """What a request has to show: one for reading, one for everything else."""

    write: str
    read: str

    def allow(self, method: str, authorization: bytes) -> bool:
        """Whether the value of an Authorization header allows a method; takes as long for every wrong one."""
        wanted = self.read if method in _READING else self.write
        return hmac.compare_digest(authorization, f"Bearer {wanted}".encode())


class Serving(msgspec.Struct, frozen=True):
    """What a server is run with; without tokens it may only listen to this machine.

    `log` is whether each request is told on stderr, `debug` whether errors of its own are told with a traceback.
    """

    config: Config
    store: StoreOptions
    keeping: Keeping
    host: str
    tokens: Tokens | None = None
    log: bool = True
    debug: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What a browser on this machine calls the server: a page elsewhere that got its address calls it otherwise."""
        return _LOCAL_NAMES | {f"[{self.host}]" if ":" in self.host else self.host}


def is_local(host: str) -> bool:
    """Whether only this machine reaches a server that listens on this address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
