# http.server. The sick one remembers each visit; the clean one makes as much garbage, in cycles, and keeps the
# last 100.
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, KIND = int(sys.argv[1]), sys.argv[2]
REMEMBERED = 100
visits = {}
number = 0


def remember(path):
    global number
    visit = {"path": path, "pad": bytearray(100)}
    visit["self"] = visit
    visits[number if KIND == "sick" else number % REMEMBERED] = visit
    number += 1


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != "/health":
            remember(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True


Server(("127.0.0.1", PORT), Handler).serve_forever()
