"""Static files: served compressed, kept by browsers for ever, and asked for again when they change."""

import json
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"


def serve_assets(app: Flask) -> None:
    """Let `url_for("static", filename="vendor/tracker.css")` carry the file's version, and serve it before Flask.

    Every built file may be kept for ever because its address changes with its content.
    """
    versions = _versions()

    @app.url_defaults
    def _version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (
            version := versions.get(values.get("filename", "").removeprefix("vendor/"))
        ):
            values.setdefault("v", version)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=VENDOR if VENDOR.exists() else None,
        prefix="static/vendor/",
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=_headers,
    )


def _versions() -> dict[str, str]:
    listed = VENDOR / "versions.json"
    return json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else {}


def _headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
