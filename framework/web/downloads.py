"""Sending a stored document that somebody uploaded: always to be saved, never shown or run by the browser."""

from flask import Response

from framework.records.file_kinds import FileKind
from framework.records.filing import safe_file_name
from framework.records.stored_document import StoredDocument

_KNOWN = {kind.media_type for kind in FileKind}


def send_download(document: StoredDocument) -> Response:
    """The document as an attachment under its own stored name, with a media type from our own table."""
    stem, _, ending = document.file_name.rpartition(".")
    known = document.media_type in _KNOWN
    response = Response(
        document.content, content_type=document.media_type if known else "application/octet-stream"
    )
    name = safe_file_name(stem, ending if ending.isalnum() else "bin")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
