"""What a visitor is told when something cannot be shown, and the headers that every answer carries."""

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from framework.records.database import current
from framework.web import visit

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADINGS = {
    400: "The form could not be read",
    405: "Page not found",
    413: "What you sent is too big",
    429: "Too many tries",
    500: "Something went wrong here",
}


def limit_forms(app: Flask) -> None:
    """Hold plain forms to the length that text in uploads is held to. Call it before anything else that reads forms."""

    @app.before_request
    def _limit() -> None:
        # The framework's own limit is for uploads only: a plain form of 12 MB could hold millions of fields.
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]


def answer_problems(app: Flask) -> None:
    """Answer every error with a page in words, and put the security headers on everything."""
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(Exception, _unforeseen)
    app.after_request(_headers)


def _problem(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    current().rollback()
    said = error.description if status == 400 and type(error).description != error.description else None
    return visit.page(
        "problem.html", status=status, heading=_HEADINGS.get(status, "Something went wrong here"), said=said
    )


def _unforeseen(error: Exception) -> Response:
    from flask import current_app

    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("unforeseen")
    current().rollback()
    g.refusals, g.looks = [], []
    return visit.page("problem.html", status=500, heading=_HEADINGS[500])


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
