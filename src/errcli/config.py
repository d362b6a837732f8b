"""Which settings are in force, and where does each come from: files, then environment, then flags."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from errcli.errors import ConfigError
from errcli.harm import Weights

FILE_NAME = "errcli.toml"
DB_VARIABLE = "ERRCLI_DB"
_PREFIX = "ERRCLI_"
_CAPTURES = "ERRCLI_CAPTURE_"
_FORMATS = "formats"
_LISTS = ("redact_keys", "cors_origins")
"""Settings that a variable holds with commas between."""

_SECRETS = (("serve", "write_token"), ("serve", "read_token"))
_HIDDEN = "[redacted]"
"""Stands for a secret where settings are shown."""


_DURATION = r"^(\d{1,9}[smhdw])+$"
_MEMORY = r"^(?i:\d{1,9}(\.\d{1,9})?\s*([KMGT]i?B?|B|%))$"
UNGUESSABLE = r"^[!-~]{16,}$"
"""What a token looks like."""

_IN_WORDS = {
    _DURATION: "a duration: 90s, 15m, 1h, 7d or 2w",
    _MEMORY: "an amount of memory: 512MB, 1GB or 50%",
    UNGUESSABLE: "16 characters or more, ASCII without blanks",
}

_AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
_NotNegative = Annotated[int, msgspec.Meta(ge=0)]


def _setting(description: str, pattern: str | None = None) -> msgspec.Meta:
    return msgspec.Meta(description=description, pattern=pattern)


class StoreConfig(msgspec.Struct, frozen=True):
    """`[store]`: which file, and what the engine may use."""

    path: Annotated[str, _setting("The store's file.")] = "errcli.duckdb"
    wait: Annotated[str, _setting("How long to wait for another process to let go of it.", _DURATION)] = "10s"
    memory_limit: Annotated[
        Annotated[str, msgspec.Meta(pattern=_MEMORY)] | None,
        _setting("Memory of the engine, such as 1GB; default: 512MB for loads, else 1700MB."),
    ] = None
    threads: Annotated[_AtLeastOne | None, _setting("Threads of the engine; default: one a core.")] = None


class OutputConfig(msgspec.Struct, frozen=True):
    """`[output]`: how answers look."""

    format: Annotated[
        Literal["table", "json", "jsonl", "csv", "markdown", "parquet"], _setting("Format of answers.")
    ] = "table"
    tz: Annotated[
        str, _setting("Time zone of days and tables, and of times without an offset on the command line.")
    ] = "UTC"


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field of an event has to be: `{field = "page", operator = "contains", value = "cdn.example.net"}`."""

    field: str
    operator: Literal["=", "!=", "in", "contains", "starts with", "ends with", "matches", "is missing"] = "="
    value: str | bool | int | list[str] = ""


Conditions = Condition | list[Condition]
"""What an event has to be: all of the conditions."""

Rule = Conditions | Literal[False]
"""What an event has to be to be dropped; `false` switches a rule off."""


def _as_list(rule: Conditions) -> list[Condition]:
    return [rule] if isinstance(rule, Condition) else list(rule)


DEFAULT_RULES: dict[str, Rule] = {"cancelled": Condition("error_code", "=", "CANCELLED")}


class FoldConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[ingest.fold]`: how many events that are alike are stored; the others are counted."""

    keep: Annotated[_AtLeastOne, _setting("Events of a user, session and pattern that are stored, the first.")] = 5
    per: Annotated[str, _setting("In how long a stretch of time, at most a day.", _DURATION)] = "1h"


class IngestConfig(msgspec.Struct, frozen=True):
    """`[ingest]`: what may be wrong with a log, what is secret in it, and what is not worth keeping."""

    max_bad: Annotated[_NotNegative | None, _setting("Rejected lines above which ingest exits with 4.")] = None
    redact: Annotated[bool, _setting("Replace secrets before anything is stored.")] = True
    redact_keys: Annotated[tuple[str, ...], _setting("More names of keys that hold secrets.")] = ()
    keep_technical: Annotated[
        _NotNegative, _setting("Events of a shape of message that keep their stack trace, the first ones.")
    ] = 5
    drop: Annotated[dict[str, Rule], _setting("Rules that drop events, by name.")] = msgspec.field(
        default_factory=DEFAULT_RULES.copy
    )
    fold: Annotated[FoldConfig | None, _setting("Count events that are alike; null stores all of them.")] = None

    @property
    def rules(self) -> dict[str, list[Condition]]:
        """The rules in force, those by default included, by name."""
        chosen = (DEFAULT_RULES | self.drop).items()
        return {name: _as_list(rule) for name, rule in chosen if rule is not False}


class PatternsConfig(msgspec.Struct, frozen=True):
    """`[patterns]`: which events belong together though their messages do not say so, or do not although they do."""

    rules: Annotated[
        dict[str, Conditions], _setting("Rules that name the pattern of an event, by that name; the first one holds.")
    ] = {}

    @property
    def names(self) -> dict[str, list[Condition]]:
        """The conditions of every rule, by the name that it gives."""
        return {name: _as_list(rule) for name, rule in self.rules.items()}


class PruneConfig(msgspec.Struct, frozen=True):
    """`[prune]`: how long events are kept."""

    keep: Annotated[str, _setting("Age up to which events are kept.", _DURATION)] = "30d"


class CheckConfig(msgspec.Struct, frozen=True):
    """`[check]`: what `errcli check` finds fault with; null asks nothing."""

    since: Annotated[str, _setting("Start of the window that is looked at.")] = "1h"
    max_critical: Annotated[_NotNegative | None, _setting("Most errors of severity critical.")] = None
    max_new_users: Annotated[_NotNegative | None, _setting("Most users of a pattern that is new.")] = None
    no_return: Annotated[bool, _setting("No pattern may be back after it was resolved.")] = False
    max_struggling: Annotated[_NotNegative | None, _setting("Most users with six errors or more.")] = None
    max_dead_end: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=100)] | None,
        _setting("Most dead ends of a page and action with five episodes or more, in percent."),
    ] = None
    notify_cmd: Annotated[str | None, _setting("Command that gets new findings as JSON on its standard input.")] = None
    once_per: Annotated[
        Annotated[str, msgspec.Meta(pattern=_DURATION)] | None, _setting("How long a finding is not told again.")
    ] = None


class ServeConfig(msgspec.Struct, frozen=True):
    """`[serve]`: who may ask `errcli serve`, and for how much."""

    write_token: Annotated[
        Annotated[str, msgspec.Meta(pattern=UNGUESSABLE)] | None,
        _setting("Token of whoever sends events or resolves."),
    ] = None
    read_token: Annotated[
        Annotated[str, msgspec.Meta(pattern=UNGUESSABLE)] | None, _setting("Token of whoever asks.")
    ] = None
    write_token_file: Annotated[str | None, _setting("File that holds the token for writing.")] = None
    read_token_file: Annotated[str | None, _setting("File that holds the token for reading.")] = None
    cors_origins: Annotated[
        tuple[str, ...], _setting("Origins whose pages may send events and ask, such as https://app.example.org.")
    ] = ()
    max_body: Annotated[_AtLeastOne, _setting("Most bytes of a request's body.")] = 4 << 20
    max_batch: Annotated[_AtLeastOne, _setting("Most events of a request.")] = 1000


class Config(msgspec.Struct, frozen=True):
    """All settings."""

    store: StoreConfig = StoreConfig()
    output: OutputConfig = OutputConfig()
    ingest: IngestConfig = msgspec.field(default_factory=IngestConfig)
    patterns: PatternsConfig = PatternsConfig()
    prune: PruneConfig = PruneConfig()
    check: CheckConfig = CheckConfig()
    serve: ServeConfig = ServeConfig()
    harm: Weights = Weights()
    formats: dict[str, dict[str, str]] = {}
    """`[formats.NAME]`: where a log of one's own keeps its fields, for `--from NAME`."""


class Setting(msgspec.Struct, frozen=True):
    """One setting: its name `section.key`, its value, and where that comes from."""

    key: str
    value: Any
    source: str


class Loaded(msgspec.Struct, frozen=True):
    """The settings in force, and the source of each one that is not a default, by `section.key`."""

    config: Config
    sources: Mapping[str, str]

    def settings(self) -> list[Setting]:
        """Return every setting with its source, in the order of the sections; secrets are hidden."""
        named = [
            Setting(
                f"{section}.{key}",
                self._shown(section, key),
                self._source(section, key),
            )
            for section, keys in _sections().items()
            for key in keys
        ]
        formats = [
            Setting(f"{_FORMATS}.{name}", fields, self._source(_FORMATS, name))
            for name, fields in self.config.formats.items()
        ]
        return named + formats

    def _shown(self, section: str, key: str) -> Any:
        value = getattr(getattr(self.config, section), key)
        return _HIDDEN if value is not None and (section, key) in _SECRETS else msgspec.to_builtins(value)

    def _source(self, section: str, key: str) -> str:
        return self.sources.get(f"{section}.{key}", "default")

    def where(self, section: str, key: str) -> str:
        """Return what an error about a setting names: the flag that gave it, else its place in a config."""
        flag = _FLAGS.get((section, key))
        return flag if flag is not None and self._source(section, key) == flag else f"[{section}] {key}"


_FLAGS = {("store", "path"): "--db", ("store", "wait"): "--wait", ("output", "format"): "--format"}


def load(environment: Mapping[str, str], folder: Path, flags: Mapping[str, str | None]) -> Loaded:
    """Read the settings: the user's errcli.toml, over it the one in `folder`, the environment, and `flags`.

    `flags` holds what every command's flags say, by the flag, None where one is not given.
    Raises ConfigError for an unknown section, key or variable, naming the nearest, and for a wrong value.
    """
    values: dict[str, dict[str, Any]] = {}
    sources: dict[str, str] = {}
    for file in (_user_file(), folder / FILE_NAME):
        if file.is_file():
            _merge(values, sources, read_file(file), str(file))
    _merge(values, sources, _from_environment(environment), "environment")
    config = _convert(values, "; ".join(dict.fromkeys(sources.values())), strict=False)
    for (section, key), flag in _FLAGS.items():
        if flags[flag] is not None:
            changed = msgspec.structs.replace(getattr(config, section), **{key: flags[flag]})
            config = msgspec.structs.replace(config, **{section: changed})
            sources[f"{section}.{key}"] = flag
    return Loaded(config, sources)


def read_file(file: Path) -> dict[str, dict[str, Any]]:
    """Read and check one config file. Raises ConfigError."""
    import tomllib

    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"no TOML: {error}", str(file), "errcli config validate checks it again") from error
    except OSError as error:
        raise ConfigError(error.strerror or str(error), str(file), "check its permissions") from error
    for section, keys in content.items():
        _require_known(section, [*_sections(), _FORMATS], "section", str(file))
        if not isinstance(keys, dict):
            raise ConfigError(f"{section!r} is a section", str(file), f"write [{section}] and its keys below")
        for key in () if section == _FORMATS else keys:
            _require_known(key, _sections()[section], f"key in [{section}]", str(file))
    _convert(content, str(file), strict=True)
    return content


def _user_file() -> Path:
    # platformdirs is slow to import, and on most systems the folder is known without it
    import platformdirs

    return Path(platformdirs.user_config_dir("errcli", appauthor=False)) / FILE_NAME


def _sections() -> dict[str, list[str]]:
    return {
        section.name: [key.name for key in msgspec.structs.fields(section.type)]
        for section in msgspec.structs.fields(Config)
        if section.name != _FORMATS
    }


def variable_of(section: str, key: str) -> str:
    """Return the environment variable of a setting."""
    return DB_VARIABLE if (section, key) == ("store", "path") else f"{_PREFIX}{section}_{key}".upper()


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    variables = {variable_of(section, key): (section, key) for section, keys in _sections().items() for key in keys}
    values: dict[str, dict[str, Any]] = {}
    for variable, text in environment.items():
        if not variable.startswith(_PREFIX) or not text:  # an empty variable is as good as none
            continue
        if variable.startswith(_CAPTURES):  # of an application that captures its errors
            continue
        _require_known(variable, list(variables), "variable", "environment")
        section, key = variables[variable]
        values.setdefault(section, {})[key] = [word.strip() for word in text.split(",")] if key in _LISTS else text
    return values


def _merge(
    values: dict[str, dict[str, Any]], sources: dict[str, str], new: dict[str, dict[str, Any]], source: str
) -> None:
    for section, keys in new.items():
        for key, value in keys.items():
            values.setdefault(section, {})[key] = value
            sources[f"{section}.{key}"] = variable_of(section, key) if source == "environment" else source


def _convert(values: dict[str, dict[str, Any]], where: str, *, strict: bool) -> Config:
    try:
        config = msgspec.convert(values, Config, strict=strict)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$.")
        for pattern, words in _IN_WORDS.items():
            if repr(pattern) in what:
                what = f"expected {words}"
        raise ConfigError(
            f"{path.rstrip('`')}: {what}", where, "docs/commands.md and the README list the settings"
        ) from error
    _require_fields(config, where)
    return config


def _require_fields(config: Config, where: str) -> None:
    """Check that rules and formats speak of columns of an event. Raises ConfigError."""
    if config.ingest.drop == DEFAULT_RULES and not config.formats and not config.patterns.rules:
        return
    from errcli.event import Event

    columns = [name for name in Event.__annotations__ if name != "source_id"]
    for name, conditions in [*config.ingest.rules.items(), *config.patterns.names.items()]:
        if not conditions:
            raise ConfigError(f"rule {name!r} has no condition", where, "give at least one, or leave the rule out")
        for condition in conditions:
            _require_known(condition.field, columns, f"field in rule {name!r}", where)
            _require_value(condition, name, where)
    for name, fields in config.formats.items():
        for field, path in fields.items():
            _require_known(field, columns, f"field in [formats.{name}]", where)
            if not path:
                raise ConfigError(f"[formats.{name}] {field} is empty", where, "give the path of a field: ctx.user.id")
        if not fields:
            raise ConfigError(
                f"[formats.{name}] is empty", where, "say where its fields stand: user_id = 'ctx.user.id'"
            )


def _require_value(condition: Condition, name: str, where: str) -> None:
    if isinstance(condition.value, list) != (condition.operator == "in"):
        wanted = "a list" if condition.operator == "in" else "one value"
        raise ConfigError(f"rule {name!r}: {condition.operator} wants {wanted}", where, "see the README's settings")
    if condition.operator == "matches":
        import pyarrow as pa  # has the engine's kind of patterns
        from pyarrow import compute

        from errcli import columns

        try:
            compute.match_substring_regex(columns.of_texts([b""]), str(condition.value))
        except pa.ArrowInvalid as error:
            raise ConfigError(f"rule {name!r}: {error}", where, "a pattern of RE2's syntax is wanted") from None


def _require_known(name: str, known: list[str], what: str, where: str) -> None:
    if name in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    raise ConfigError(f"unknown {what} {name!r}", where, hint)
