# http.server with its collector turned off, as programs do that count on reference counts. The sick one leaves a cycle
# behind with each request; the clean one takes it apart.
import gc
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, KIND = int(sys.argv[1]), sys.argv[2]
gc.disable()


def greet(path):
    visit = {"path": path, "pad": bytearray(100)}
    visit["self"] = visit
    if KIND != "sick":
        del visit["self"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != "/health":
            greet(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True


Server(("127.0.0.1", PORT), Handler).serve_forever()
