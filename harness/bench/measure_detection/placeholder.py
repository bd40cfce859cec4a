"""placeholder.py SOCKET PORT: stands for a server on that port, which the other end of the socket starts and ends."""
import signal
import socket
import sys

with socket.socket(socket.AF_UNIX) as asked:
    asked.connect(sys.argv[1])
    asked.sendall(sys.argv[2].encode())
    signal.sigwait({signal.SIGTERM})
