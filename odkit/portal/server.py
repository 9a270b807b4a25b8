"""The portal on a port of this computer."""

from __future__ import annotations

import re
import socket

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

LOOPBACK = "127.0.0.1"
NO_ADDRESS = re.compile(rb"[\x80-\xff]")


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Takes an address as curl sends what people type (``?q=トイレ``): the bytes that no address may hold encoded."""

    def parse_header(self, header_plus: bytes) -> None:
        """The first line holds the address; the headers after it are left alone."""
        first, end, headers = header_plus.partition(b"\r\n")
        super().parse_header(NO_ADDRESS.sub(lambda byte: b"%%%02X" % ord(byte[0]), first) + end + headers)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def serve(app: Flask, host: str = LOOPBACK, port: int = 8710) -> None:
    """Serve an application until interrupted. Raises OSError where the port is taken."""
    # Bound here, for waitress leaves its sockets open when it cannot bind.
    with socket.create_server((host, port)) as listening:
        size = app.config["MAX_CONTENT_LENGTH"]
        server = create_server(app, sockets=[listening], ident="odkit", threads=8, max_request_body_size=size)
        server.channel_class = _Channel
        try:
            server.run()
        finally:
            server.close()
