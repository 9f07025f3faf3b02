"""The files that hosting needs: what they promise, and that they name what is there."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from hosting import operation
from tests.project import ROOT, read

COMPOSE = yaml.safe_load(read("compose.yaml"))
APP, PROXY = COMPOSE["services"]["app"], COMPOSE["services"]["proxy"]
KUBERNETES = {each["kind"]: each for each in yaml.safe_load_all(read("hosting/kubernetes.yaml"))}
POD = KUBERNETES["Deployment"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("service", [APP, PROXY])
def test_a_container_may_write_nothing_and_has_no_rights(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert all(mount.endswith(":ro") for mount in service.get("volumes", []))


def test_the_proxy_alone_can_be_reached() -> None:
    assert "ports" not in APP
    assert all(port.startswith("127.0.0.1:") for port in PROXY["ports"])
    assert APP["deploy"]["replicas"] >= 2
    (mount,) = PROXY["volumes"]
    source, target, _ = mount.split(":")
    assert (ROOT / source).is_file()
    assert target == "/etc/nginx/nginx.conf"


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_a_process_has_time_to_drain() -> None:
    assert seconds(APP["stop_grace_period"]) > int(APP["environment"][operation.DRAIN])
    (container,) = POD["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert POD["terminationGracePeriodSeconds"] > int(variables[operation.DRAIN])


def test_the_image_runs_what_is_hosted_as_an_ordinary_user() -> None:
    lines = read("Dockerfile").splitlines()
    command = next(line for line in lines if line.startswith("CMD"))
    assert '"server.py"' in command
    user = lines.index("USER app")
    assert user < lines.index(command)
    assert "/healthz" in next(line for line in lines if "urlopen" in line)
    port = next(line.split()[1] for line in lines if line.startswith("EXPOSE"))
    assert f"--server.port={port}" in command
    assert f"server app:{port} " in read("hosting/nginx.conf")
    assert POD["containers"][0]["ports"][0]["containerPort"] == int(port)


def test_a_pod_is_asked_what_the_app_answers_and_has_no_rights() -> None:
    (container,) = POD["containers"]
    route = operation.health()
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"] == route.path
    assert container["livenessProbe"]["httpGet"]["path"] == "/_stcore/health"
    rights = container["securityContext"]
    assert rights["readOnlyRootFilesystem"] is True
    assert rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert POD["securityContext"]["runAsNonRoot"] is True


def test_the_parts_of_the_cluster_find_each_other() -> None:
    labels = KUBERNETES["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert KUBERNETES["Service"]["spec"]["selector"] == labels
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert KUBERNETES[kind]["spec"]["selector"]["matchLabels"] == labels
    (path,) = KUBERNETES["Ingress"]["spec"]["rules"][0]["http"]["paths"]
    service = path["backend"]["service"]
    assert service["name"] == KUBERNETES["Service"]["metadata"]["name"]
    names = [port["name"] for port in KUBERNETES["Service"]["spec"]["ports"]]
    assert service["port"]["name"] in names
    notes = KUBERNETES["Ingress"]["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/affinity"] == "cookie"


def test_the_proxy_takes_what_the_app_takes() -> None:
    settings = re.search(r"maxUploadSize = (\d+)", read(".streamlit/config.toml"))
    proxy = re.search(r"client_max_body_size (\d+)m;", read("hosting/nginx.conf"))
    assert settings
    assert proxy
    assert int(proxy[1]) == int(settings[1]) + 1  # a form around the file


async def _page(_request: Any) -> PlainTextResponse:
    return PlainTextResponse("page")


async def _visit(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


def test_a_draining_process_serves_on_but_begins_nothing() -> None:
    app = Starlette(
        routes=[Route("/", _page), WebSocketRoute("/stream", _visit)],
        middleware=[Middleware(operation.TurnAwayWhileDraining)],
    )
    page = {"Accept": "text/html,*/*"}
    with TestClient(app) as client, client.websocket_connect("/stream") as visit:
        assert client.get("/", headers=page).text == "page"
        operation._draining.set()
        try:
            visit.send_text("still here")
            assert visit.receive_text() == "still here"
            assert client.get("/", headers={"Accept": "image/png"}).text == "page"
            assert client.get("/", headers=page).status_code == 503
            with pytest.raises(WebSocketDenialResponse) as refused:
                client.websocket_connect("/stream").__enter__()
            assert refused.value.status_code == 503
        finally:
            operation._draining.clear()
