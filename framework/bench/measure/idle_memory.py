"""What an idle keep-alive connection holds of the server's memory."""
from . import client
from .client import Request
from .server import Server

CONNECTIONS = 10_000


def bytes_per_idle_connection(server: Server, connections: int, cores: list[int]) -> float:
    """Growth of the resident set from none to that many connections, each used once. Without the kernel's share."""
    with client.held(server.address, Request(), cores):
        pass  # what the first request of all makes
    before = server.resident_bytes()
    with client.held(server.address, Request(connections=connections), cores):
        return (server.resident_bytes() - before) / connections
