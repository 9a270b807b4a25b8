"""The portal on a port of this computer."""

from __future__ import annotations

import socket

from flask import Flask
from waitress import create_server

LOOPBACK = "127.0.0.1"


def serve(app: Flask, host: str = LOOPBACK, port: int = 8710) -> None:
    """Serve an application until interrupted. Raises OSError where the port is taken."""
    # Bound here, for waitress leaves its sockets open when it cannot bind.
    with socket.create_server((host, port)) as listening:
        size = app.config["MAX_CONTENT_LENGTH"]
        server = create_server(app, sockets=[listening], ident="odkit", threads=8, max_request_body_size=size)
        try:
            server.run()
        finally:
            server.close()
