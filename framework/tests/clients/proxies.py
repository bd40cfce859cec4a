"""nginx and HAProxy in front of H3, over TCP or a unix socket, asked by Python's http.client. HAProxy also with the PROXY
protocol, over the unix socket, so that the TCP port is still there for the counters."""
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from measure.server import Server, free_port

from .exchanges import MANY, Exchange
from .python_clients import HttpClient
from .site import Address

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_NGINX = """\
{user}
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 0;
  upstream h3 {{ server {upstream}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://h3;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_redirect off;
      proxy_request_buffering off;
    }}
  }}
}}
"""
_HAPROXY = """\
global
  maxconn 256
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend front
  bind 127.0.0.1:{port}
  default_backend h3
backend h3
  server h3 {upstream} {options}
"""


class Proxy(HttpClient):
    """A client that reaches H3 through a proxy of its own."""
    connections = MANY  # how many it keeps is its own affair
    server_line = ""    # options of its line for H3

    def __init__(self, program: str, package: str, configuration: str):
        self.name = f"behind-{program}"
        self._program = program
        self._package = package
        self._configuration = configuration

    def missing(self) -> str:
        return "" if shutil.which(self._program, path=_PATH) else f"{self._program} (Debian: {self._package})"

    @contextmanager
    def ready(self, address: Address, folder: Path):
        """The proxy's own address, while it runs."""
        port = free_port()
        upstream = self._upstream(address)
        user = "user root;" if os.geteuid() == 0 else ""
        file = folder / f"{self._program}-{address}.conf"
        file.write_text(self._configuration.format(port=port, upstream=upstream, user=user, options=self.server_line))
        command = [shutil.which(self._program, path=_PATH), *self._options(file)]
        with Server(self._program, command, port, sorted(os.sched_getaffinity(0)), file.with_suffix(".log")):
            yield Address(port)


class BehindNginx(Proxy):
    def __init__(self):
        super().__init__("nginx", "nginx", _NGINX)

    def _upstream(self, address: Address) -> str:
        return f"unix:{address.unix}" if address.unix else f"127.0.0.1:{address.port}"

    def _options(self, file: Path) -> list[str]:
        return ["-p", str(file.parent), "-e", "stderr", "-c", str(file)]


class BehindHaproxy(Proxy):
    def __init__(self):
        super().__init__("haproxy", "haproxy", _HAPROXY)

    def _upstream(self, address: Address) -> str:
        return f"unix@{address.unix}" if address.unix else f"127.0.0.1:{address.port}"

    def _options(self, file: Path) -> list[str]:
        return ["-db", "-f", str(file)]


class BehindHaproxyWithHeader(BehindHaproxy):
    """H3 learns from PROXY headers that the client has come over TCP from 127.0.0.1, not over the unix socket."""
    sockets = {"unix"}
    server_arguments = ["--proxy-peers", "unix"]
    further = (Exchange("the client's address", "/request/client", fields={"Host": "example.org"},
                        content=b'{"client":"127.0.0.1","scheme":"http","host":"example.org","peer":"127.0.0.1"}'),)

    def __init__(self, version: int):
        super().__init__()
        self.name += f"-proxy-v{version}"
        self.server_line = {1: "send-proxy", 2: "send-proxy-v2 proxy-v2-options crc32c"}[version]
