"""The servers under comparison, each on a unix socket: no port is used up, however many connections there are."""
import os
import shutil
from pathlib import Path

from measure.server import Server

HERE = Path(__file__).resolve().parent
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NODE = shutil.which("node")
ECHO_MODULE = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")

_NGINX_CONFIGURATION = """\
load_module {module};
{user}
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_body_buffer_size 1m;
  lingering_close off;
  server {{
    listen unix:{socket};
    location / {{
      add_header Seen "$request_method $request_uri";
      echo_read_request_body;
      echo_request_body;
    }}
  }}
}}
"""


class Missing(Exception):
    """What this machine lacks, and the package that has it."""


def _on_socket(name: str, command: list[str], path: Path) -> Server:
    return Server(name, command, path, sorted(os.sched_getaffinity(0)), path.with_suffix(".log"))


def h3(program: Path, folder: Path, reactor: str) -> Server:
    path = folder / f"h3-{reactor}"
    return _on_socket(f"h3 ({reactor})", [str(program), str(path), reactor], path)


def nginx(folder: Path) -> Server:
    if NGINX is None:
        raise Missing("nginx (Debian: nginx)")
    if not ECHO_MODULE.exists():
        raise Missing(f"{ECHO_MODULE} (Debian: libnginx-mod-http-echo)")
    path = folder / "nginx"
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX_CONFIGURATION.format(module=ECHO_MODULE, user=user, socket=path))
    return _on_socket("nginx", [NGINX, "-p", str(folder), "-e", "stderr", "-c", "nginx.conf"], path)


def node(folder: Path) -> Server:
    if NODE is None:
        raise Missing("node (Debian: nodejs)")
    path = folder / "node"
    return _on_socket("node", [NODE, str(HERE / "echo_server.mjs"), str(path)], path)
