"""The API: the command line's results, every limit, errors as JSON, its own description."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine import commands
from engine.__main__ import main
from hosting import api
from hosting.endpoints import ENDPOINTS, LENGTH, TEXTS, Endpoint
from pages.shared import counters, jobs, models
from tests.hosting.conftest import Lines
from tests.pages.slow_work import behind
from tests.project import ROOT

EXAMPLES = ROOT / "assets" / "examples"
MODELS = {
    "classify": "sentiment-en-rnn-last",
    "translate": "translate-fr-en-rnn-attention",
    "accents": "accents-vi",
    "sample": "chars-shakespeare-rnn",
    "caption": "captions-en-rnn-attention",
    "frames": "frames-rnn",
}
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
PHOTO = {"content-type": "image/jpeg"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=api.routes())) as opened:
        yield opened


def ask(client: TestClient, name: str, **values: Any) -> Any:
    """What an endpoint of texts answers, with status 200."""
    body = json.dumps({"model": MODELS[name], **values})  # escaped, lone surrogates too
    headers = {"content-type": "application/json"}
    answer = client.post(f"/api/v1/{name}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def error(answer: Any, status: int, code: str) -> str:
    """The message of an answer that is an error of this status and code."""
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/json"
    return str(answer.json()["error"]["message"])


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> list[Any]:
    """What the command line prints."""
    capsys.readouterr()
    main(command)
    lines = capsys.readouterr().out.splitlines()
    return [json.loads(line) for line in lines]


TEXTS_OF = {
    "classify": ["The food was really good.", "What a waste of time", "12345", "\ud83d good"],
    "translate": ["La nature est un temple. Il a 7 chats.", "…"],
    "accents": ["Toi khong biet.", "Hom nay troi dep"],
}


@pytest.mark.parametrize("name", TEXTS_OF)
def test_texts_get_what_the_command_line_prints(
    name: str, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = TEXTS_OF[name]
    expected = printed(capsys, name, MODELS[name], "--json", "--", *texts)
    found = ask(client, name, texts=texts)["results"]
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        if "error" in mine:  # the command line says why on standard error
            assert not theirs.get("sentences")
            assert mine["error"]
        else:
            assert mine == theirs


def test_a_model_writes_what_it_writes_on_the_command_line(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--prompt", "ROMEO:", "--length", "40", "--seed", "3", "--temperature", "0.5")
    assert main(("sample", MODELS["sample"], *options)) == 0
    expected = capsys.readouterr().out.removesuffix("\n")
    found = ask(client, "sample", prompt="ROMEO:", length=40, seed=3, temperature=0.5)
    assert found == {"prompt": "ROMEO:", "text": expected}


def test_the_same_request_is_computed_once_and_another_anew(client: TestClient) -> None:
    asked = {"prompt": "Who is", "length": 40, "seed": 5}
    first, before = ask(client, "sample", **asked), counters.counts()
    assert ask(client, "sample", **asked) == first
    assert counters.counts()["remembered"] == before["remembered"] + 1
    assert counters.counts()["computations"] == before["computations"]
    assert ask(client, "sample", **{**asked, "seed": 6}) != first
    assert counters.counts()["computations"] == before["computations"] + 1


@pytest.mark.parametrize("query", [{"width": "2"}, {"text": "A dog runs."}])
def test_a_photo_gets_the_command_lines_sentences(
    query: dict[str, str], client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    path = EXAMPLES / "cat.jpg"
    options = [part for name, value in query.items() for part in (f"--{name}", value)]
    (expected,) = printed(capsys, "caption", MODELS["caption"], str(path), "--json", *options)
    answer = client.post(
        "/api/v1/caption",
        params={"model": MODELS["caption"], **query},
        content=path.read_bytes(),
        headers=PHOTO,
    )
    assert answer.status_code == 200
    assert expected.pop("image") == str(path)
    assert answer.json() == expected


def test_a_film_gets_the_command_lines_labels(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    path = EXAMPLES / "frames.npz"
    expected = printed(capsys, "frames", MODELS["frames"], str(path), "--json")
    answer = client.post(
        "/api/v1/frames",
        params={"model": MODELS["frames"]},
        content=path.read_bytes(),
        headers={"content-type": "application/octet-stream"},
    )
    films = answer.json()["films"]
    assert [{"path": str(path), **film} for film in films] == expected


def test_a_text_that_cannot_be_used_costs_no_other_its_answer(client: TestClient) -> None:
    none, good = ask(client, "classify", texts=["", "good film"])["results"]
    assert none["error"].startswith("There is no text yet.")
    assert good["label"] == "positive"


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("classify", {"texts": []}, "texts must be a list of texts, from 1 to 32 of them."),
    ("classify", {"texts": ["a"] * (TEXTS + 1)}, "texts must be a list"),
    ("classify", {"texts": "a"}, "texts must be a list"),
    ("classify", {"texts": ["a", 3]}, "texts must be a list"),
    ("classify", {"texts": None}, "texts must be a list"),
    ("classify", {}, "texts is missing"),
    ("classify", {"texts": ["a"], "width": 2}, "no parameter width. These are: model, texts"),
    ("translate", {"texts": ["Oui."], "width": 0}, "width must be a whole number from 1 to 20."),
    ("translate", {"texts": ["Oui."], "width": True}, "width must be"),
    ("translate", {"texts": ["Oui."], "width": 2.0}, "width must be"),
    ("translate", {"texts": ["Oui."], "penalty": 3}, "penalty must be a number from 0 to 2."),
    ("sample", {"length": LENGTH + 1}, "length must be a whole number from 1 to 2000."),
    ("sample", {"length": 10**30}, "length must be"),
    ("sample", {"temperature": 0}, "temperature must be a number from 0.05 to 5."),
    ("sample", {"greedy": 1}, "greedy must be true or false."),
    ("sample", {"prompt": "x" * 5001}, "prompt must be a text of from 0 to 5000 characters."),
    ("sample", {"seed": -1}, "seed must be"),
]


@pytest.mark.parametrize(("name", "values", "message"), WRONG)
def test_a_wrong_value_is_named(
    name: str, values: dict[str, Any], message: str, client: TestClient
) -> None:
    answer = client.post(f"/api/v1/{name}", json={"model": MODELS[name], **values})
    assert message in error(answer, 422, "unusable_input")


@pytest.mark.parametrize("model", ["frames", "../../etc/passwd", None, 3, ["a"], ""])
def test_only_shipped_models_of_the_kind_are_opened(model: object, client: TestClient) -> None:
    answer = client.post("/api/v1/classify", json={"model": model, "texts": ["good"]})
    assert "model must be one of: sentiment-en" in error(answer, 422, "unusable_input")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"model": NaN}', b'{"a": 1' + b"0" * 5000 + b"}"],
)
def test_what_is_no_json_is_refused(body: bytes, client: TestClient) -> None:
    answer = client.post(
        "/api/v1/classify", content=body, headers={"content-type": "application/json"}
    )
    assert "not JSON" in error(answer, 400, "bad_request")


def test_a_list_is_no_request(client: TestClient) -> None:
    assert "object" in error(client.post("/api/v1/classify", json=[1]), 400, "bad_request")


def test_other_addresses_and_methods_are_errors_in_json(client: TestClient) -> None:
    error(client.get("/api/v1/classify"), 405, "method_not_allowed")
    error(client.post("/api/v1/nothing", json={}), 404, "not_found")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_site_cannot_ask(kind: str, client: TestClient) -> None:
    for name in ("classify", "caption"):
        answer = client.post(f"/api/v1/{name}", content=b"{}", headers={"content-type": kind})
        error(answer, 415, "wrong_content_type")
        assert not [h for h in answer.headers if h.startswith("access-control")]


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_is_counted_whatever_it_declares(declared: bool, client: TestClient) -> None:
    most = BY_NAME["classify"].most
    body = b'{"model": "' + b"x" * most + b'"}'
    sent: Any = body if declared else (body[k : k + 4096] for k in range(0, len(body), 4096))
    answer = client.post(
        "/api/v1/classify", content=sent, headers={"content-type": "application/json"}
    )
    assert error(answer, 413, "too_large") == f"At most {most} bytes can be read."


def test_a_photo_that_is_none_is_said_to_be_none(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/caption", params={"model": MODELS["caption"]}, content=b"GIF89a", headers=PHOTO
    )
    assert "damaged" in error(answer, 422, "unusable_input")
    error(client.post("/api/v1/caption", content=b"", headers=PHOTO), 422, "unusable_input")


def test_a_full_queue_is_told_with_the_time_to_come_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POOL", jobs.Pool(threads=1, capacity=0))
    before = counters.counts()["refusals"]
    answer = client.post("/api/v1/classify", json={"model": MODELS["classify"], "texts": ["good"]})
    assert "are waiting" in error(answer, 503, "busy")
    assert answer.headers["retry-after"] == str(api.AGAIN)
    assert counters.counts()["refusals"] == before + 1


def test_what_takes_too_long_is_given_up(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POOL", pool := jobs.Pool(threads=1))
    monkeypatch.setattr(api, "COMPUTING", 0.05)
    gate = threading.Event()
    busy = jobs.Job("k", behind(gate), pool)
    answer = client.post("/api/v1/classify", json={"model": MODELS["classify"], "texts": ["good"]})
    error(answer, 504, "took_too_long")
    gate.set()
    assert busy.ended(5)


def test_more_requests_than_may_be_answered_at_a_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "AT_ONCE", 0)
    with TestClient(Starlette(routes=api.routes())) as full:
        answer = full.post("/api/v1/classify", json={"model": "x", "texts": ["good"]})
    error(answer, 429, "too_many_requests")
    assert answer.headers["retry-after"] == str(api.AGAIN)


def test_the_log_has_a_line_for_each_request_and_none_of_its_texts(
    client: TestClient, lines: Lines
) -> None:
    ask(client, "classify", texts=["My secret was really good."])
    client.post("/api/v1/classify", json={"model": "secret", "texts": []})
    found = [line for line in lines() if line["event"] == "request"]
    assert [(line["endpoint"], line["status"]) for line in found] == [
        ("classify", 200),
        ("classify", 422),
    ]
    assert "secret" not in json.dumps(lines())


def test_an_error_of_our_own_says_nothing_of_itself(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(models, "sentiment", broken)
    answer = client.post("/api/v1/classify", json={"model": MODELS["classify"], "texts": ["good"]})
    assert error(answer, 500, "internal") == "Something went wrong here."
    assert "secret" not in answer.text


def body_schema(description: Any, endpoint: Endpoint) -> Any:
    operation = description["paths"][f"/v1/{endpoint.name}"]["post"]
    return operation["requestBody"]["content"]["application/json"]["schema"]


def test_the_description_says_what_is_accepted(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert set(description["paths"]) == {f"/v1/{name}" for name in (*BY_NAME, "models")}
    right: dict[str, dict[str, Any]] = {
        "classify": {"texts": ["a"]},
        "sample": {},
        "translate": {"texts": ["a"], "penalty": None},
    }
    for name, values in right.items():
        schema = body_schema(description, BY_NAME[name])
        jsonschema.validate({"model": MODELS[name], **values}, schema)
    for name, values, _ in WRONG:
        if values.get("width") == 2.0:  # to JSON Schema a whole number
            continue
        schema = body_schema(description, BY_NAME[name])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"model": MODELS[name], **values}, schema)


def test_the_description_says_what_is_answered(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()
    asked: dict[str, dict[str, Any]] = {
        "classify": {"texts": ["good", ""]},
        "sample": {"length": 3},
    }
    for name, values in asked.items():
        operation = description["paths"][f"/v1/{name}"]["post"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(ask(client, name, **values), schema)


def test_models_are_listed_by_endpoint(client: TestClient) -> None:
    found = client.get("/api/v1/models").json()
    assert all(model in found[name] for name, model in MODELS.items())
    assert sum(map(len, found.values())) == len(list(Path(commands.MODELS).glob("*.safetensors")))
    assert np.unique([name for names in found.values() for name in names]).size == sum(
        map(len, found.values())
    )
