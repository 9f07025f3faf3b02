"""Several processes of the app behind the project's own proxy settings, on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.browser.conftest import Server, free_port, serve
from tests.project import read

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass
class Replicas:
    """The proxy's address, and the processes behind it."""

    address: str
    servers: list[Server]


def settings(ports: list[int], port: int, folder: Path) -> str:
    """hosting/nginx.conf with these processes in place of Docker's, and the files in `folder`."""
    text = read("hosting/nginx.conf").replace("/tmp/", f"{folder}/")
    text = re.sub(r"\n *resolver [^\n]*", "", text)
    servers = "".join(f"server 127.0.0.1:{each} max_fails=0; " for each in ports)
    text, found = re.subn(r"server app:\d+ resolve max_fails=0;", servers, text)
    assert found == 1
    return text.replace("listen 8080", f"listen 127.0.0.1:{port}")


@contextmanager
def replicas(folder: Path, count: int = 2, **variables: str) -> Iterator[Replicas]:
    """So many processes of server.py behind nginx."""
    assert NGINX, "there is no nginx here"
    with ExitStack() as stack:
        logs = [folder / f"output-{k}.txt" for k in range(count)]
        running = [stack.enter_context(serve(log, "server.py", **variables)) for log in logs]
        port = free_port()
        config = folder / "nginx.conf"
        ports = [int(each.address.rpartition(":")[2]) for each in running]
        config.write_text(settings(ports, port, folder), encoding="utf-8")
        user = "" if os.getuid() else " user root;"  # nginx would become nobody
        options = ["-p", str(folder), "-c", str(config), "-g", f"daemon off;{user}"]
        proxy = stack.enter_context(subprocess.Popen([NGINX, *options]))
        stack.callback(proxy.terminate)
        address, end = f"http://127.0.0.1:{port}", time.monotonic() + 20
        while proxy.poll() is None and time.monotonic() < end:
            try:
                urlopen(address, timeout=1).close()
                break
            except (URLError, TimeoutError):
                time.sleep(0.1)
        assert proxy.poll() is None, "nginx refuses the settings"
        yield Replicas(address, running)
