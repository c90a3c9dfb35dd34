"""Settings: what an operator may choose, read once from the environment and refused by name when wrong."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_KEY = 32


class SettingsError(Exception):
    """One or more settings are wrong; the text has one sentence for each, beginning with the setting's name."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Settings:
    """Every choice of one installation. The environment's name of each is its own name in capitals."""

    data_folder: Path
    """Where this installation keeps its database (on SQLite), its key and its locks."""
    database_url: str = field(repr=False)
    """SQLite or PostgreSQL, as SQLAlchemy writes it (PostgreSQL always by psycopg)."""
    secret_key: str = field(repr=False)
    """Signs cookies and form tokens; at least 32 characters."""
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    """Earlier keys whose signatures still count, newest first."""
    public_url: str = "http://localhost:8000"
    """The address people type, without a closing slash; links in messages begin with it."""
    host: str = "127.0.0.1"
    """The network address to listen on. 0.0.0.0 is every one of this machine's."""
    port: int = 8000
    workers: int = 2
    """Web server processes."""
    threads: int = 4
    """Threads in each of them."""
    smtp_url: str | None = field(default=None, repr=False)
    """The mail server: smtp://[user:password@]host[:port], or smtps:// for TLS from the first byte. None: no mail goes out."""
    mail_from: str = "no-reply@localhost"
    """The sender of every message."""
    clamd: str | None = None
    """Where clamd scans uploaded files for viruses: tcp://host:port or unix:/path. None: files are not scanned."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and may say who the visitor is."""
    session_hours: int = 10
    """A sign-in ends after so many hours without use."""
    sample: bool = True
    """Whether the first start of an empty database brings the sample in."""

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        kind, _, path = self.database_url.partition(":///")
        return Path(path) if kind.startswith("sqlite") else None

    @property
    def sample_sign_ins(self) -> Path:
        """Where the sample's names and passwords are kept."""
        return self.data_folder / "sample-sign-ins.txt"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings and make what they need: the data folder and, when none is given, a secret key in it.

    Raises SettingsError naming every setting that is wrong.
    """
    reading = _Reading(os.environ if environ is None else environ)
    folder = reading.take("DATA_FOLDER", _folder, _default_folder())
    port = reading.take("PORT", _whole(1, 65_535), 8000)
    public_url = reading.take("PUBLIC_URL", _public_url, f"http://localhost:{port}")
    fallback_from = f"no-reply@{urlsplit(public_url).hostname or 'localhost'}"
    none: tuple[str, ...] = ()
    settings: dict[str, Any] = {
        "database_url": reading.take("DATABASE_URL", _database_url, f"sqlite:///{folder / 'tracker.db'}"),
        "secret_key_fallbacks": reading.take("SECRET_KEY_FALLBACKS", _keys, none),
        "host": reading.take("HOST", _host, "127.0.0.1"),
        "workers": reading.take("WORKERS", _whole(1, 64), 2),
        "threads": reading.take("THREADS", _whole(1, 64), 4),
        "smtp_url": reading.take("SMTP_URL", _smtp_url, None),
        "mail_from": reading.take("MAIL_FROM", _address, fallback_from),
        "clamd": reading.take("CLAMD", _clamd, None),
        "trusted_proxies": reading.take("TRUSTED_PROXIES", _whole(0, 8), 0),
        "session_hours": reading.take("SESSION_HOURS", _whole(1, 168), 10),
        "sample": reading.take("SAMPLE", _yes_or_no, True),
    }
    given_key = reading.take("SECRET_KEY", _key, None)
    reading.finish()
    key = given_key or _kept_key(folder)
    return Settings(data_folder=folder, secret_key=key, port=port, public_url=public_url, **settings)


class _Reading:
    """Takes settings one by one and remembers what was wrong, so that all of it is said together."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def take(self, name: str, read: Callable[[str], T], otherwise: T) -> T:
        text = self._environ.get(name, "").strip()
        if not text:
            return otherwise
        try:
            return read(text)
        except ValueError as wrong:
            self._problems.append(f"{name} {wrong}.")
            return otherwise

    def finish(self) -> None:
        if self._problems:
            raise SettingsError(self._problems)


def _default_folder() -> Path:
    """Beside the code when it runs from its repository; where the operator stands when it was installed."""
    return (ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "data"


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"must be a folder, and {path} is a file")
    return path


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        # Not int() alone: it would take "8_000" and "+8".
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not “{text}”")
        return int(text)

    return read


def _yes_or_no(text: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in answers:
        raise ValueError(f"must be yes or no, not “{text}”")
    return answers[text.lower()]


def _database_url(text: str) -> str:
    # The address may hold a password, so no message repeats it.
    scheme, parted, rest = text.partition("://")
    if not parted or scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if scheme == "sqlite":
        if not rest.startswith("/") or len(rest) < 2 or ":memory:" in rest:
            raise ValueError("must name a file, as in sqlite:///data/tracker.db")
        return text
    try:
        parts = urlsplit(f"postgresql://{rest}")
        named = parts.path.strip("/")
        _ = parts.port
    except ValueError:
        raise ValueError(
            "is not an address that can be read; mark special characters in a password with %"
        ) from None
    if not named:
        raise ValueError("must name a database, as in postgresql://user:password@host/tracker")
    return f"postgresql+psycopg://{rest}"


def _smtp_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address that can be read, as in smtp://user:password@host:587") from None
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError("must begin with smtp:// or smtps://")
    if not host:
        raise ValueError("must name a host, as in smtp://mail.council.example:25")
    return text


def _clamd(text: str) -> str:
    if re.fullmatch(r"unix:/[^\0]{1,100}", text):
        return text
    try:
        parts = urlsplit(text)
        named = parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:
        named = None
    if not named:
        raise ValueError(
            f"must be an address such as tcp://127.0.0.1:3310 or unix:/run/clamd.sock, not “{text}”"
        )
    return text.rstrip("/")


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is not an address that can be read: “{text}”") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f"must begin with http:// or https:// and name a host, not “{text}”")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a scheme, a host and perhaps a port, with nothing after them")
    return f"{parts.scheme}://{parts.netloc}"


def _host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z.:-]+", text):
        raise ValueError(f"must be a network address such as 127.0.0.1 or 0.0.0.0, not “{text}”")
    return text


def _address(text: str) -> str:
    plain = re.fullmatch(r"[^<>\r\n]*<([^<>]+)>", text)
    if not re.fullmatch(r"[^@<>\s]+@[^@<>\s]+", plain[1] if plain else text):
        raise ValueError(f"must be an e-mail address, not “{text}”")
    return text


def _key(text: str) -> str:
    if len(text) < SHORTEST_KEY:
        raise ValueError(f"must be at least {SHORTEST_KEY} characters long; this one has {len(text)}")
    return text


def _keys(text: str) -> tuple[str, ...]:
    return tuple(_key(part.strip()) for part in text.split(",") if part.strip())


def _kept_key(folder: Path) -> str:
    """The key in the data folder, made at the first start. Two starts at once end with the same one."""
    path = folder / "secret-key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            fresh = folder / f".secret-key-{secrets.token_hex(8)}"
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(fresh, path)  # appears whole or not at all, and never over another's
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = path.read_text(encoding="utf-8").strip()
    except OSError as wrong:
        raise SettingsError([f"DATA_FOLDER cannot be used: {wrong.strerror} ({wrong.filename})."]) from None
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            [
                f"SECRET_KEY in {path} is shorter than {SHORTEST_KEY} characters: remove the file for a new one."
            ]
        )
    return key
