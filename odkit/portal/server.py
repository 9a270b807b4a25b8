"""The portal on a port of this computer."""

from __future__ import annotations

from flask import Flask
from waitress import create_server

LOOPBACK = "127.0.0.1"


def serve(app: Flask, host: str = LOOPBACK, port: int = 8710) -> None:
    """Serve an application until interrupted. Raises OSError where the port is taken."""
    server = create_server(
        app, host=host, port=port, ident="odkit", threads=8, max_request_body_size=app.config["MAX_CONTENT_LENGTH"]
    )
    try:
        server.run()
    finally:
        server.close()
