"""The neighbourhood of an internet address: what limits count where nobody is signed in. Pure."""

from __future__ import annotations

import functools
import ipaddress


@functools.lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """The neighbourhood of an internet address, for limits: /24 of IPv4, /56 of IPv6; ``-`` when it is none."""
    try:
        parsed = ipaddress.ip_address(address.strip().split("%")[0])
    except ValueError:
        return "-"
    bits = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network((parsed, bits), strict=False))
