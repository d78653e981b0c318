"""Headers of every answer: nothing is kept by browsers or proxies, nothing runs that we did not ship."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def install(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer; `secure` adds HSTS, for a service behind TLS."""

    @app.before_request
    def choose_nonce() -> None:
        # Hexadecimal, so that chance spells nobody’s initials.
        g.csp_nonce = secrets.token_hex(16)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY.format(nonce=g.get("csp_nonce", ""))
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Forms say where they come from, which the check against forged forms asks for under TLS; nobody else is told.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.endpoint == "static":
            response.headers["Cache-Control"] = "public, max-age=3600"
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
