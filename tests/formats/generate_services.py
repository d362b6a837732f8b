"""How were the logs of sentry, otlp, ecs, nginx and caddy in data/ written? By the real thing, run once by this script.

    pip install -r requirements-services.txt
    python generate_services.py [sentry] [otlp] [ecs] [nginx] [caddy]

nginx and caddy must be on the PATH; they answer on loopback. What ecs-logging wrote before version 2.3 comes from
`PYTHONPATH=OLD python generate_services.py ecs` after `pip install --target OLD ecs-logging==2.0.2`. Ids and times
differ from run to run: the tests read them from the files.
"""

import base64
import http.client
import io
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any
from wsgiref.util import setup_testing_defaults

DATA = Path(__file__).parent / "data"

# The application whose errors are logged; it is compiled under a name that is no path of this machine.
SHOP = """
class PaymentError(Exception):
    pass

def price(item):
    return {"tea": 3}[item]

def total(items):
    try:
        return sum(price(item) for item in items)
    except KeyError as error:
        raise ValueError(f"no price for {error.args[0]}: não há preço") from error

def pay():
    try:
        raise TimeoutError("bank did not answer in 30 s")
    except TimeoutError:
        raise PaymentError("payment failed")

def many():
    raise ExceptionGroup("two parcels lost", [ValueError("parcel 1"), OSError(5, "parcel 2")])

FAILURES = (lambda: total(["tea", "coffee"]), pay, lambda: open("/srv/shop/17.txt"), many)

def attempt(number, then):
    try:
        FAILURES[number % 4]()
    except Exception:
        then()

def handle(environ, start_response):
    FAILURES[("/checkout", "/orders/17").index(environ["PATH_INFO"])]()
"""


def shop() -> dict[str, Any]:
    """Return the application's names."""
    names: dict[str, Any] = {"__name__": "shop.cart"}
    exec(compile(SHOP, "/srv/shop/cart.py", "exec"), names)  # noqa: S102 - the text above
    return names


def attempt(number: int, logger: Any, extra: dict[str, Any]) -> None:
    """Do what fails, and log the failure while it is being handled."""
    more = {"extra": extra} if extra else {}
    shop()["attempt"](number, lambda: logger.exception("could not pay", **more))  # noqa: LOG004 - called by a handler


def sentry() -> None:
    """Write events as the SDK hands them to its transport: the payload of each envelope's items."""
    sdk = import_module("sentry_sdk")
    lines: list[str] = []

    def keep(_self: Any, envelope: Any) -> None:
        items = [item.payload.json for item in envelope.items if item.type in ("event", "transaction")]
        lines.extend(json.dumps(item, ensure_ascii=False) for item in items)

    # this script's arguments and the packages around it are no part of the application
    unwanted = (("argv", "ArgvIntegration"), ("modules", "ModulesIntegration"))
    options: dict[str, Any] = {
        "release": "shop@1.4.0", "environment": "production", "server_name": "web-1", "send_default_pii": True,
        "traces_sample_rate": 1.0, "auto_enabling_integrations": False, "include_source_context": False,
        "include_local_variables": False,
    }  # fmt: skip
    sdk.init(
        dsn="https://public@sentry.example/1",
        transport=type("Keep", (import_module("sentry_sdk.transport").Transport,), {"capture_envelope": keep}),
        **options,
        disabled_integrations=[getattr(import_module(f"sentry_sdk.integrations.{m}"), n)() for m, n in unwanted],
    )
    users: tuple[dict[str, Any] | None, ...] = (
        {"id": "u-1", "email": "ann@example.com", "username": "ann"}, {"id": 42}, {"email": "bob@example.com"},
        {"username": "zoë", "ip_address": "192.0.2.8"}, {"ip_address": "192.0.2.9"}, {"ip_address": "{{auto}}"}, None,
    )  # fmt: skip
    for number, user in enumerate(users):
        with sdk.new_scope() as scope:
            scope.set_user(user)
            scope.set_tag("code", f"E{number}")
            if number % 2:
                scope.set_tag("session_id", f"s-{number}")
            scope.add_breadcrumb(category="navigation", type="navigation", data={"from": "/", "to": "/cart"})
            if number % 4 < 2:
                scope.add_breadcrumb(category="ui.click", message="button#pay")
            scope.add_breadcrumb(category="query", message="SELECT 1")
            shop()["attempt"](number, sdk.capture_exception)
    _sentry_messages(sdk)
    _sentry_requests()
    _write("sentry", lines)


def _sentry_messages(sdk: Any) -> None:
    """Send messages of every level, events with a fingerprint, and what logging caught."""
    with sdk.new_scope() as scope:
        scope.set_user({"id": "u-2"})
        for level in ("fatal", "error", "warning", "info", "debug"):
            sdk.capture_message(f"a message of level {level}", level)
        scope.set_transaction_name("/account")
        logger = _logger("shop.stock", logging.NullHandler())
        logger.error("only %d of %s left", 2, "chá")
        attempt(2, logger, {})
        for fingerprint in (["stock", "tea"], ["{{ default }}", "coffee"], ["{{ default }}"]):
            scope.fingerprint = fingerprint
            sdk.capture_message(f"no {fingerprint[-1]}", "error")


def _sentry_requests() -> None:
    """Let a web application fail under the SDK's own middleware: unhandled errors, and transactions."""
    app = import_module("sentry_sdk.integrations.wsgi").SentryWsgiMiddleware(shop()["handle"])
    for number, path in enumerate(("/checkout", "/orders/17")):
        environ = {"PATH_INFO": path, "QUERY_STRING": "step=2", "HTTP_HOST": "shop.example", "REQUEST_METHOD": "POST"}
        environ["REMOTE_ADDR"] = f"192.0.2.{number}"
        setup_testing_defaults(environ)
        with suppress(Exception):
            list(app(environ, lambda *_: None))


def otlp() -> None:
    """Write batches with the exporter that writes OTLP/JSON files, and once more as protobuf's own JSON."""
    json_file = import_module("opentelemetry.exporter.otlp.json.file._log_exporter")
    encode = import_module("opentelemetry.exporter.otlp.proto.common._log_encoder").encode_logs
    to_json = import_module("google.protobuf.json_format").MessageToJson
    records = [*_otlp_records("shop"), *_otlp_records("stock")]
    # a batch of one service, one of the other, and one of both, as a collector would send it
    batches = [records[:13], records[13:-3], [*records[-3:], records[0]]]
    with io.StringIO() as file:
        exporter = json_file.FileLogExporter(stream=file)
        for batch in batches:
            exporter.export(batch)
        _write("otlp", file.getvalue().splitlines())
    _write("otlp-protobuf", (to_json(encode(batch), indent=None) for batch in batches[1:]))


def _otlp_records(service: str) -> list[Any]:
    """Log with the standard library's logging through the SDK's handler, then with the SDK's own logger."""
    logs = import_module("opentelemetry.sdk._logs")
    export = import_module("opentelemetry.sdk._logs.export")
    about = {"service.name": service, "service.version": "1.4.0", "host.name": "web-1"}
    resource = import_module("opentelemetry.sdk.resources").Resource(about)
    provider = logs.LoggerProvider(resource=resource, shutdown_on_exit=False)
    memory = export.InMemoryLogRecordExporter()
    provider.add_log_record_processor(export.SimpleLogRecordProcessor(memory))
    logger = _logger(f"{service}.cart", logs.LoggingHandler(logger_provider=provider))
    for number in range(4):
        extra = {"user.id": f"u-{number}", "session.id": "s-1", "url.path": "/pay", "http.response.status_code": 500}
        attempt(number, logger, extra)
    for level in (10, 20, 30, 40, 50):
        logger.log(level, "a record of level %d", level, extra={"enduser.id": "zoë", "http.route": "/cart/{id}"})
    logger.error("no user")
    _otlp_events(provider.get_logger("shop.web", "2.1"))
    return list(memory.get_finished_logs())


def _otlp_events(logger: Any) -> None:
    """Emit what logging cannot say: structured bodies, event names, values of every type, no time of its own."""
    api = import_module("opentelemetry._logs")
    trace = import_module("opentelemetry.trace")
    span = trace.NonRecordingSpan(trace.SpanContext(0xABCDEF0123456789ABCDEF0123456789, 0x0123456789ABCDEF, False))
    now = time.time_ns()
    emitted: tuple[dict[str, Any], ...] = (
        {
            "timestamp": now,
            "context": trace.set_span_in_context(span),
            "severity_number": api.SeverityNumber.ERROR2,
            "event_name": "cart.pay",
            "body": {"message": "pagamento não aceito", "amount": 5, "ok": False, "items": ["tea", None, 2.5]},
            "attributes": {"enduser.pseudo.id": "p-7", "url.path": "/pay", "error.type": "declined", "tries": [1, 2]},
        },
        {
            "observed_timestamp": now + 1_000,
            "severity_number": api.SeverityNumber.WARN,
            "body": "seen, but not timed",
            "attributes": {"user.id": "u-9", "log.record.uid": f"uid-{now}", "event.name": "cart.view"},
        },
        {"timestamp": now, "severity_text": "WARNING", "body": 17, "attributes": {"user.id": 17}},
    )
    for fields in emitted:
        logger.emit(api.LogRecord(**fields))


def ecs() -> None:
    """Write records with both formatters of ecs-logging; an older version's with the one that it shares with them."""
    library = import_module("ecs_logging")
    is_old = not version("ecs-logging").startswith("2.3")
    with io.StringIO() as file:
        handler = logging.StreamHandler(file)
        handler.setFormatter(library.StdlibFormatter(extra={"service.name": "shop", "service.version": "1.4.0"}))
        logger = _logger("shop.cart", handler)
        for number in range(4):
            extra: dict[str, Any] = {"user": {"id": f"u-{number}", "name": "ann"}, "error.code": f"E{number}"}
            extra |= {"labels.session_id": "s-1", "url.path": "/pay", "event": {"action": "pay", "id": f"evt-{number}"}}
            attempt(number, logger, extra)
        extra = {"user.name": "zoë", "url": {"original": "/cart?a=1"}}
        for level in (10, 20, 30, 40, 50):
            logger.log(level, "a record of level %d", level, extra=extra)
        logger.error("no user: ninguém")
        if not is_old:
            _ecs_structlog(library, file)
        _write("ecs-2.0" if is_old else "ecs", file.getvalue().splitlines())


def _ecs_structlog(library: Any, file: IO[str]) -> None:
    structlog = import_module("structlog")
    processors = [structlog.processors.format_exc_info, library.StructlogFormatter()]
    logger = structlog.wrap_logger(structlog.PrintLogger(file), processors=processors)
    bound = logger.bind(user_id="u-5", **{"session.id": "s-5", "url.path": "/cart"})
    bound.warning("stock is low", stock=2)
    bound.info("stock is fine")
    attempt(0, bound, {})
    logger.critical("out of tea", **{"error.type": "stock", "error.message": "não há chá", "user.id": 6})


NGINX = """
daemon off; master_process off; pid nginx.pid; error_log error.log; events {{}}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    log_format full escape=json '{{"time_iso8601":"$time_iso8601","request_id":"$request_id",'
        '"remote_addr":"$remote_addr","remote_user":"$remote_user","request_method":"$request_method",'
        '"request_uri":"$request_uri","status":$status,"body_bytes_sent":$body_bytes_sent,'
        '"request_time":$request_time,"upstream_addr":"$upstream_addr","upstream_status":"$upstream_status",'
        '"http_user_agent":"$http_user_agent","session_id":"$cookie_sid"}}';
    log_format line '{{"time_local":"$time_local","remote_addr":"$remote_addr","remote_user":"$remote_user",'
        '"request":"$request","status":"$status","bytes":"$body_bytes_sent"}}';
    log_format brief escape=json '{{"time":$msec,"method":"$request_method","path":"$uri","status":$status,'
        '"latency":"$request_time","user_id":"$http_x_user"}}';
    access_log full.log full; access_log line.log line; access_log brief.log brief;
    server {{
        listen 127.0.0.1:{port}; client_max_body_size 10; proxy_read_timeout 1s; proxy_connect_timeout 1s;
        location = / {{ return 200 ok; }} location = /old {{ return 301 /; }}
        location = /admin {{ return 403; }} location = /account {{ return 401; }}
        location = /orders {{ return 422; }} location = /search {{ return 429; }}
        location = /report {{ return 500; }} location = /stock {{ proxy_pass http://127.0.0.1:{closed}; }}
        location = /slow {{ proxy_pass http://127.0.0.1:{silent}; }}
        location = /upload {{ proxy_pass http://127.0.0.1:{closed}; }}
    }}
}}
"""
PATHS = (
    "/", "/old", "/admin", "/account", "/orders?id=1", "/search?q=ch%C3%A1", "/report", "/stock?token=abc",
    "/none/%C3%A9", "/upload",
)  # fmt: skip


def nginx() -> None:
    """Let the server answer, and keep a few records of each kind, in three formats that people give it."""
    with socket.create_server(("127.0.0.1", 0)) as silent, tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        config = Path(folder, "nginx.conf")
        config.write_text(NGINX.format(port=port, closed=_free_port(), silent=silent.getsockname()[1]))
        with _served(["nginx", "-p", folder, "-c", str(config)], port):
            _ask(port, "/slow", "ann")
            for user in ("ann", "zoë", None) * 8:
                for path in PATHS:
                    _ask(port, path, user)
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(b"nonsense\r\n\r\n")
        for name, log in (("nginx", "full.log"), ("nginx-line", "line.log"), ("nginx-brief", "brief.log")):
            _write(name, _few(Path(folder, log).read_text("utf-8").splitlines(), 2))


CADDY = """
{{
    admin off
    auto_https off
    log {{
        output file {folder}/all.log
    }}
}}
http://127.0.0.1:{port} {{
    log
    @private not path /public
    basicauth @private {{
        ann {hash}
        zoë {hash}
    }}
    route {{
        respond / ok 200
        redir /old /
        respond /admin 403
        respond /orders 422
        respond /report 500
        reverse_proxy /stock 127.0.0.1:{closed}
        respond 404
    }}
}}
"""


def caddy() -> None:
    """Let the server answer, and keep a few records of each kind, its own messages among them."""
    with tempfile.TemporaryDirectory() as folder:
        password = ["caddy", "hash-password", "--plaintext", "opensesame"]
        hashed = subprocess.run(password, check=True, capture_output=True, text=True).stdout.strip()
        port, config = _free_port(), Path(folder, "Caddyfile")
        config.write_text(CADDY.format(folder=folder, port=port, hash=hashed, closed=_free_port()), "utf-8")
        with _served(["caddy", "run", "--adapter=caddyfile", "--config", str(config)], port):
            for user in ("ann", "zoë", None) * 8:
                for path in ("/public", *PATHS):
                    _ask(port, path, user)
        text = Path(folder, "all.log").read_text("utf-8").replace(folder, "/etc/caddy")
        _write("caddy", _few(text.splitlines(), 2))


def _ask(port: int, path: str, user: str | None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"User-Agent": "shop-test/1.0"}
    if user is not None:
        token = base64.b64encode(f"{user}:opensesame".encode()).decode()
        text = user.encode().decode("latin-1")
        headers |= {"Authorization": f"Basic {token}", "X-User": text, "Cookie": f"sid=s-{text}"}
    method, body = ("POST", b"x" * 99) if path == "/upload" else ("GET", None)
    connection.request(method, path, body, headers)
    connection.getresponse().read()
    connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _served(command: list[str], port: int) -> Any:
    """Run a server until the block ends."""
    # what a server keeps at home is none of this machine's business
    home = {"HOME": str(Path(command[4]).parent), "PATH": os.environ["PATH"]}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=home) as server:
        try:
            for _ in range(200):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield
        finally:
            server.terminate()


def _few(lines: list[str], most: int) -> list[str]:
    """Keep at most so many records of each kind, in their order."""
    seen: Counter[Any] = Counter()
    kept = []
    for line in lines:
        record = json.loads(line.replace("\\x", "\\\\x"))  # nginx writes so what is not ASCII, unless told otherwise
        kind = (record.get("status"), record.get("remote_user") or record.get("user_id"), record.get("msg"))
        seen[kind] += 1
        kept += [line] if seen[kind] <= most else []
    return kept


def _logger(name: str, handler: logging.Handler) -> logging.Logger:
    logger = logging.getLogger(name)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.handlers[:] = [handler]
    return logger


def _write(name: str, lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    for place, neutral in ((sys.prefix, "/srv/venv"), (sys.base_prefix, "/usr"), (str(DATA.parent), "/srv/shop")):
        text = text.replace(place, neutral)
    (DATA / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:] or ("sentry", "otlp", "ecs", "nginx", "caddy"):
        globals()[each]()
