"""Where a request may go: a public server must not send us to a machine of our own network."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https"})
PORTS = {"http": 80, "https": 443}


def is_web_address(text: str) -> bool:
    """An http(s) address with a host: what the network is asked for, where everything else is a path."""
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in SCHEMES and bool(parts.hostname)
    except ValueError:  # a broken IPv6 host
        return False


def is_public(address: str) -> bool:
    """An IP address that anybody on the internet can reach; not private, loopback, link-local, multicast, reserved."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or is_public(str(mapped)))


def addresses_of(url: str) -> list[str]:
    """The IP addresses of a URL's host; empty where the name leads nowhere."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError):
        return []
    return sorted({str(item[4][0]) for item in found})


def is_link_local(url: str) -> bool:
    """An address of a URL's host is good for this machine's own link only: where clouds keep their keys."""
    found = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses_of(url)]
    return any((getattr(ip, "ipv4_mapped", None) or ip).is_link_local for ip in found)


def is_public_host(url: str) -> bool:
    """All addresses of a URL's host are public; False for a name that leads nowhere."""
    found = addresses_of(url)
    return bool(found) and all(map(is_public, found))
