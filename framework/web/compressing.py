"""Sending pages and tables compressed, where nobody from outside chose what stands in them.

Compressed length tells an eavesdropper whether text of his own choosing matches a secret beside it (BREACH), and our pages carry
form tokens. So an answer that may hold what another site chose is sent as it is: anything but a good answer to a GET, and any
address with a question in it, unless the browser itself says that the request began on our own page or in the address bar.
"""

import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

_KINDS = {"text/html", "text/csv", "text/css", "text/calendar"}
_OURS = {"same-origin", "none"}
_LEAST = 1000
"""Bytes below which compressing gains nothing."""
_LEVEL = 5


def compress(app: Flask) -> None:
    """Compress what leaves the application. Call it before anything else that looks at answers: the first registered looks last."""
    app.after_request(_compressed)


def _compressed(answer: Response) -> Response:
    if answer.mimetype not in _KINDS:
        return answer
    answer.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if not _may(answer):
        return answer
    if answer.is_streamed:
        answer.response = _pieces(answer.iter_encoded())
        answer.headers.pop("Content-Length", None)
    else:
        plain = answer.get_data()
        if len(plain) < _LEAST:
            return answer
        answer.set_data(b"".join(_pieces((plain,))))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _may(answer: Response) -> bool:
    wanted = request.accept_encodings["gzip"] > 0 and "Content-Encoding" not in answer.headers
    ours = not request.query_string or request.headers.get("Sec-Fetch-Site") in _OURS
    return wanted and ours and request.method == "GET" and answer.status_code == 200


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in parts:
        if piece := squeeze.compress(part):
            yield piece
    yield squeeze.flush()
