"""What hostile visitors may try in a browser and on the wire.

Whatever is typed, uploaded or put into a link is shown as text: no dialog opens, no node appears,
no request leaves. The server keeps its promises on its own, whatever a page would have stopped.
"""

from __future__ import annotations

import http.client
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from pages.shared.slides import PAGES
from tests.browser.conftest import Server, Visitor, query
from tests.project import ROOT, read

CORPUS = (
    "<img src=x onerror=window.xss=1>",
    "<script>window.xss=1</script>",
    "</textarea></title></style><svg onload=window.xss=1>",
    "\"><b id=xss onmouseover='window.xss=1'>b</b>",
    "<iframe srcdoc='<script>parent.xss=1</script>'></iframe>",
    "<a href='javascript:window.xss=1' id=xss>a</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.xss=1>",
    "[link](javascript:window.xss=1) ![image](https://xss.invalid/a.png)",
    "[away](https://xss.invalid/) <https://xss.invalid/>",
    "$\\href{javascript:window.xss=1}{x}$ $\\htmlId{xss}{x}$",
    ":red[xss] :material/bug_report: :red-background[xss]",
    "{{constructor.constructor('window.xss=1')()}} ${window.xss=1}",
    "&lt;img src=x onerror=window.xss=1&gt; &#60;svg/onload=window.xss=1&#62;",
    "<style>@import 'https://xss.invalid/a.css';</style>",
    '=HYPERLINK("https://xss.invalid") \u202e\u2066<b>x</b>\0\ud7ff',
)
"""Each would show in one of three ways: code that runs, a node of its own, a request elsewhere."""

NODES = """() => {
  const found = [];
  const look = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) look(node.shadowRoot);
      const say = () => found.push(node.outerHTML.slice(0, 200));
      if (node.id === 'xss' || node.classList.contains('xss')) say();
      for (const { name, value } of node.attributes) {
        if (/^on/.test(name) && value.includes('xss')) say();
        if (!/^(href|src|srcset|srcdoc|action|formaction|data|xlink:href)$/.test(name)) continue;
        if (/^\\s*(javascript|data:text|vbscript)/i.test(value) || /srcdoc/.test(name)) say();
        if (/^(https?:)?\\/\\/xss\\.invalid/i.test(value)) say();
      }
      if (node.tagName === 'SCRIPT' && node.textContent.includes('xss')) say();
      if (node.tagName === 'STYLE' && node.textContent.includes('xss.invalid')) say();
    }
  };
  look(document);
  if (window.xss !== undefined) found.push('code has run');
  return found;
}"""


@contextmanager
def harmless(page: Page) -> Iterator[None]:
    """Fails when a dialog opens or a request leaves for anywhere but the app, or when a node or a
    trace of code is there at the end."""
    seen: list[str] = []

    def on_request(request: Request) -> None:
        if (urlsplit(request.url).hostname or "").endswith("xss.invalid"):
            seen.append(request.url)

    def on_dialog(dialog: Any) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", on_dialog)
    page.on("request", on_request)
    yield
    assert seen + page.evaluate(NODES) == []


def boxes(page: Page) -> list[Any]:
    """Every box that can be typed into."""
    found = page.locator("textarea:visible, input[type=text]:visible").all()
    return [box for box in found if box.is_editable()]


def type_everywhere(visitor: Visitor, text: str) -> int:
    """Fills box after box, each time on the page as the last one left it; returns how many."""
    count = 0
    for k in range(len(boxes(visitor.page))):
        now = boxes(visitor.page)
        if k >= len(now):
            break
        now[k].fill(text)
        now[k].press("Control+Enter")
        visitor.settled()
        count += 1
    return count


def upload_everywhere(visitor: Visitor) -> int:
    """Hands in files whose names and contents are hostile, wherever a file can be handed in."""
    page, count = visitor.page, 0
    photo = (ROOT / "assets/examples/cat.jpg").read_bytes()
    for field in page.locator("input[type=file]").all():
        accepted = field.get_attribute("accept") or ""
        ending = next((e for e in (".csv", ".txt", ".jpg", ".gif") if e in accepted), ".csv")
        table = "text,<img src=x onerror=window.xss=1>\n" + "\n".join(
            f'"{line.replace(chr(34), chr(34) * 2)}",<b id=xss>' for line in CORPUS
        )
        content = photo if ending in (".jpg", ".gif") else table.encode("utf-8", "ignore")
        name = f"<img src=x onerror=window.xss=1>[a](javascript:window.xss=1){ending}"
        field.set_input_files({"name": name, "mimeType": "", "buffer": content})
        visitor.settled()
        count += 1
    return count


def test_a_hostile_text_stays_text(desktop: Visitor) -> None:
    page = desktop.open("/sentiment")
    with harmless(page):
        text = "good film " + " ".join(CORPUS)
        desktop.type("Your text, in English or Vietnamese", text)
        expect(page.get_by_role("group").filter(has_text="onerror").first).to_be_visible()
    desktop.open("/sentiment", sentiment_text=text, lang=CORPUS[0], device=CORPUS[1], slide="<b>")
    with harmless(page):
        expect(page.get_by_role("group").filter(has_text="onerror").first).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_input_of_any_page_makes_a_node(desktop: Visitor, name: str) -> None:
    page = desktop.open("/" if name == "home" else f"/{name}")
    views = page.locator(f"[class*=st-key-{name}_view] button")
    filled = 0
    for k in range(max(1, views.count())):
        if views.count():
            views.nth(k).click()
            desktop.settled()
        with harmless(page):
            openers = page.locator("[data-testid=stMain] [data-testid=stPopover] button")
            for opener in (None, *range(openers.count())):
                if opener is not None:  # what a popover holds is there while it is open
                    if not openers.nth(opener).is_visible():
                        continue
                    openers.nth(opener).click()
                for text in (" ".join(CORPUS[:8]), " ".join(CORPUS[8:])):
                    filled += type_everywhere(desktop, text)
                filled += upload_everywhere(desktop)
                page.keyboard.press("Escape")
    kept = query(page)
    with harmless(page):
        for text in (CORPUS[0], CORPUS[7], CORPUS[9]):
            desktop.open(urlsplit(page.url).path, **dict.fromkeys({*kept, "slide", "lang"}, text))
    assert filled or not page.locator("textarea:visible").count()


def answer(server: Server, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """The status, headers and body of one request, sent exactly as it stands here."""
    where = urlsplit(server.address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named, encode_chunked="Content-Length" not in named)
        found = connection.getresponse()
        return found.status, {k.lower(): v for k, v in found.getheaders()}, found.read()
    finally:
        connection.close()


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "eHNzeHNzeHNzeHNzeHNzeA==",
}


def test_another_site_can_neither_connect_nor_read(server: Server) -> None:
    foreign = {"Origin": "https://xss.invalid"}
    assert answer(server, "GET", "/_stcore/stream", **UPGRADE, **foreign)[0] == 403
    own = {"Origin": server.address}
    assert answer(server, "GET", "/_stcore/stream", **UPGRADE, **own)[0] == 101
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/media/x", "/_stcore/metrics"):
        _, headers, _ = answer(server, "GET", path, **foreign)
        assert headers.get("access-control-allow-origin") in (None, server.address), path


@pytest.mark.parametrize(
    "path",
    [
        *("/../requirements.txt", "/..%2frequirements.txt", "/%2e%2e/%2e%2e/requirements.txt"),
        *("/static/../../../../requirements.txt", "/static/..%2f..%2f..%2frequirements.txt"),
        *("/app/static/../requirements.txt", "/component/x/../../requirements.txt"),
        *("/media/../requirements.txt", "/media/%2fetc%2fpasswd", "//etc/passwd"),
        *("/_stcore/bidi-components/x/..%2f..%2frequirements.txt", "/static/%5c%5chost%5cshare"),
        *("/.streamlit/config.toml", "/.git/HEAD", "/assets/models/sentiment-en.safetensors"),
    ],
)
def test_no_file_is_served_by_its_path(server: Server, path: str) -> None:
    status, headers, body = answer(server, "GET", path)
    # What leads nowhere gets the app's own page, which finds out that there is no such page.
    assert status in (400, 403, 404) or b"<title>Streamlit</title>" in body
    assert not any(word in body for word in (b"torch==", b"root:", b"gatherUsageStats", b"refs/"))
    assert "octet-stream" not in headers.get("content-type", "")


def test_the_agent_interface_is_off(server: Server) -> None:
    headers = {"Content_Type": "application/json"}
    status, _, _ = answer(server, "POST", "/_stcore/agent/interact", b"{}", **headers)
    assert status in (403, 404)


def form(size: int) -> bytes:
    """A form that holds one file of so many bytes."""
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    return head.encode() + bytes(size) + b"\r\n--b--\r\n"


def place_of_an_upload(visitor: Visitor) -> tuple[str, dict[str, str]]:
    """Where this visitor's browser has just sent a film, and what a request needs there."""
    page = visitor.open("/frames", frames_source="own")
    film = FilePayload(name="a.mp4", mimeType="video/mp4", buffer=b"x")
    with page.expect_request(re.compile("/_stcore/upload_file/")) as sent:
        page.locator("input[type=file]").set_input_files([film])
    path, given = urlsplit(sent.value.url).path, sent.value.all_headers()
    visitor.settled()
    return path, {
        "Cookie": given["cookie"],
        "X_Xsrftoken": given["x-xsrftoken"],
        "Content_Type": "multipart/form-data; boundary=b",
    }


TOO_LARGE = 27 * 2**20


def test_uploads_need_a_token_and_end_at_the_limit(desktop: Visitor, server: Server) -> None:
    path, right = place_of_an_upload(desktop)
    assert answer(server, "PUT", path, form(9), **right)[0] == 204
    for missing in ("Cookie", "X_Xsrftoken"):
        less = {name: value for name, value in right.items() if name != missing}
        assert answer(server, "PUT", path, form(9), **less)[0] == 403
    other = "/_stcore/upload_file/no-session/no-file"
    assert answer(server, "PUT", other, form(9), **right)[0] == 400
    assert answer(server, "PUT", path, b"", **right, Content_Length=str(TOO_LARGE))[0] == 413


@pytest.mark.slow
def test_an_upload_that_hides_its_size_ends_at_the_limit(desktop: Visitor, server: Server) -> None:
    path, right = place_of_an_upload(desktop)
    body = form(TOO_LARGE)
    parts = (body[k : k + 2**16] for k in range(0, len(body), 2**16))
    assert answer(server, "PUT", path, parts, **right, Transfer_Encoding="chunked")[0] == 413


def test_the_settings_say_so() -> None:
    settings = tomllib.loads(read(".streamlit/config.toml"))
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["server"]["maxUploadSize"] == 25
    assert not {"enableCORS", "enableStaticServing", "enableAgentApi"} & settings["server"].keys()
    assert settings["browser"]["gatherUsageStats"] is False
