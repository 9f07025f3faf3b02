"""The command line: what scripts rely on, in standard output, standard error and exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import engine
import engine.tasks
from engine import checkpoints
from engine.__main__ import main
from engine.commands import LINES_AT_ONCE, MODELS
from engine.errors import InputError
from tests.engine.fake_task import FakeTask
from tests.engine.model_files import HEADER, weights
from tests.project import ROOT

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


@pytest.fixture
def task(monkeypatch: Patch) -> FakeTask:
    fake = FakeTask()
    monkeypatch.setattr(engine.tasks, "REGISTRY", {"small-model": fake}, raising=False)
    return fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoints.save(tmp_path / "small-model.safetensors", HEADER, weights())
    return tmp_path


def typed(monkeypatch: Patch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


def test_models_are_listed_with_size_and_metrics(folder: Path, capsys: Output) -> None:
    other = replace(HEADER, name="a", metrics={})
    checkpoints.save(folder / "a.safetensors", other, weights())
    assert main(["models", "--models", str(folder)]) == 0
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.split() == ["name", "size", "parameters", "metrics"]
    assert first.split() == ["a", "0.00", "MB", "52"]
    assert re.fullmatch(r"small-model +0\.00 MB +52  dev set: accuracy 0\.8125, n 872", second)
    assert heading.index("metrics") == second.index("dev set")


def test_the_default_folder_lies_beside_the_engine() -> None:
    assert MODELS == ROOT / "assets" / "models"


def test_training_gets_its_options(task: FakeTask, tmp_path: Path, capsys: Output) -> None:
    cpu, out = torch.device("cpu"), tmp_path / "out"
    command = ["train", "small-model", "--data", str(tmp_path), "--device", "cpu"]
    assert main(command) == 0
    assert main([*command, "--out", str(out), "--resume", "--seed", "3"]) == 0
    assert task.calls == [
        (tmp_path, cpu, MODELS, {"resume": False, "seed": 0}),
        (tmp_path, cpu, out, {"resume": True, "seed": 3}),
    ]
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == "step 1 of 2\n" * 2


def test_evaluation_is_one_json_object(task: FakeTask, folder: Path, capsys: Output) -> None:
    command = ["evaluate", "small-model", "--data", str(folder), "--models", str(folder)]
    assert main([*command, "--device", "cpu"]) == 0
    assert task.calls == [(folder / "small-model.safetensors", folder, "cpu")]
    written = capsys.readouterr().out
    assert json.loads(written) == {"accuracy": 0.75, "n": 4}
    assert written.count("\n") == 1


def test_texts_are_classified_one_per_line(task: FakeTask, folder: Path, capsys: Output) -> None:
    texts = ["Rất ngon,\tthật\nđấy!", "bad"]
    options = ["--models", str(folder)]
    for command in ([*options, "small-model", *texts], ["small-model", *options, *texts]):
        assert main(["classify", *command]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines == ["positive\t0.9500\tRất ngon, thật đấy!", "negative\t0.8500\tbad"]
    assert task.calls == [(folder / "small-model.safetensors", "auto")] * 2
    assert main(["classify", "small-model", "--models", str(folder), "--", "-bad", "good"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "negative\t0.8000\t-bad"


def test_lines_of_standard_input_are_classified(
    task: FakeTask, folder: Path, capsys: Output, monkeypatch: Patch
) -> None:
    typed(monkeypatch, "\ufeffrất ngon\r\nbad".encode())
    assert main(["classify", "small-model", "--models", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "negative\t0.6000\trất ngon",
        "negative\t0.8500\tbad",
    ]
    typed(monkeypatch, b"a line\n" * (LINES_AT_ONCE + 1))
    assert main(["classify", "small-model", "--models", str(folder)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == LINES_AT_ONCE + 1
    assert task.predictor.chunks == [2, LINES_AT_ONCE, 1]


def test_someone_who_types_is_answered_line_by_line(
    task: FakeTask, folder: Path, monkeypatch: Patch
) -> None:
    typed(monkeypatch, b"one\ntwo\n")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert main(["classify", "small-model", "--models", str(folder)]) == 0
    assert task.predictor.chunks == [1, 1]


def test_unreadable_lines_keep_their_place(
    task: FakeTask, folder: Path, capsys: Output, monkeypatch: Patch
) -> None:
    typed(monkeypatch, b"good\n\n12345\nbad\n")
    assert main(["classify", "small-model", "--models", str(folder)]) == 2
    written = capsys.readouterr()
    assert [line.split("\t")[::2] for line in written.out.splitlines()] == [
        ["negative", "good"],
        ["", ""],
        ["", "12345"],
        ["negative", "bad"],
    ]
    assert [line.split(": ")[:2] for line in written.err.splitlines()] == [
        ["error", "text 2"],
        ["error", "text 3"],
    ]


def test_input_that_is_not_utf8_is_said_with_its_line(
    task: FakeTask, folder: Path, capsys: Output, monkeypatch: Patch
) -> None:
    typed(monkeypatch, b"good\nr\xe1t\n")
    assert main(["classify", "small-model", "--models", str(folder)]) == 2
    assert capsys.readouterr().err == "error: Line 2 of the input is not UTF-8 text.\n"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (["models", "--models", "{missing}"], "There is no folder missing."),
        (["classify", "x", "a"], "There is no model x. Choose one of: small-model."),
        (["train", "x", "--data", "."], "There is no model x. Choose one of: small-model."),
        (["train", "small-model", "--data", "{missing}"], "{missing} does not exist."),
        (
            ["train", "small-model", "--data", ".", "--device", "tpu"],
            "There is no device tpu here. Choose one of: auto, cpu",
        ),
        (
            ["evaluate", "small-model", "--data", ".", "--models", "{missing}"],
            "small-model has not been trained: {missing}/small-model.safetensors is missing.",
        ),
    ],
)
def test_input_that_cannot_be_used_is_said_and_ends_with_2(
    task: FakeTask, tmp_path: Path, capsys: Output, command: list[str], text: str
) -> None:
    missing = str(tmp_path / "missing")
    assert main([part.format(missing=missing) for part in command]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("error: " + text.format(missing=missing))
    assert task.calls == []


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["sing"],
        ["train", "small-model"],
        ["train", "small-model", "--data", ".", "--seed", "-1"],
        ["train", "small-model", "--data", ".", "--seed", str(2**63)],
        ["models", "extra"],
        ["bench", "--rounds", "0"],
        ["classify", "small-model", "--device", "cpu", "text", "--unknown"],
    ],
)
def test_wrong_usage_ends_with_2(command: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m engine")


@pytest.mark.parametrize(
    ("trouble", "status", "text"),
    [(InputError("No."), 2, "error: No.\n"), (KeyboardInterrupt(), 130, "")],
)
def test_trouble_in_a_task_ends_quietly(
    task: FakeTask, capsys: Output, trouble: BaseException, status: int, text: str
) -> None:
    task.trouble = trouble
    assert main(["train", "small-model", "--data", ".", "--device", "cpu"]) == status
    assert capsys.readouterr().err == text


@pytest.mark.parametrize("tests", [1, 400])
def test_a_reader_that_leaves_causes_no_complaint(tmp_path: Path, tests: int) -> None:
    # Little output fails when it is flushed at the end, much of it already while it is printed.
    header = replace(HEADER, metrics={"x" * 99 + str(k): {"n": 1} for k in range(tests)})
    checkpoints.save(tmp_path / "small-model.safetensors", header, weights())
    command = [sys.executable, "-m", "engine", "models", "--models", str(tmp_path)]
    buffered = {name: v for name, v in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        finished = subprocess.run(
            command,
            cwd=ROOT,
            env=buffered,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert finished.stderr == b""
    assert finished.returncode == 141
