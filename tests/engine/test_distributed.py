"""Two processes of torchrun, each with half the batch, train as one process with the whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from engine import checkpoints, distributed
from engine.errors import InputError
from engine.training import Step, TrainingRun, train
from tests.engine.small_model import SmallModel, batches
from tests.engine.two_processes import SETTINGS
from tests.project import ROOT


def torchrun(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "-m", "tests.engine.two_processes"]
    command += ["train", "small", "--data", ".", "--device", "cpu", "--out", str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_two_processes_take_the_steps_of_one_with_the_joint_batch(tmp_path: Path) -> None:
    finished = torchrun(tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == ""
    assert "rank 0 of 2 on cpu: . resume=False seed=0" in finished.stderr
    assert "rank 1 of 2" not in finished.stderr, "only one of them reports"

    run = TrainingRun(SmallModel(seed=0, dropout=0.0), batches, SETTINGS)
    wanted = list(train(run.model, batches, SETTINGS, run))
    assert any(step.norm > step.clipped for step in wanted), "clipping must be part of it"
    steps = [Step(**step) for step in json.loads((tmp_path / "steps.json").read_text())]
    for ours, theirs in zip(steps, wanted, strict=True):
        assert asdict(ours) == pytest.approx(asdict(theirs), rel=0, abs=1e-10)

    zero, one = (json.loads((tmp_path / f"weights-{k}.json").read_text()) for k in (0, 1))
    assert zero == one
    for name, weight in run.model.state_dict().items():
        joint = torch.tensor(zero[name], dtype=weight.dtype)
        torch.testing.assert_close(joint, weight, rtol=0, atol=1e-10)

    state, _, _ = checkpoints.load_training(tmp_path / "small.training.safetensors")
    assert run.carry is not None
    for i, whole in enumerate(run.carry):
        halves = torch.cat([state[f"carry.{rank}.{i}"] for rank in (0, 1)])
        torch.testing.assert_close(halves, whole, rtol=0, atol=1e-10)
    with pytest.raises(InputError, match="ran in 2 processes"):
        TrainingRun(SmallModel(dropout=0.0), batches, SETTINGS).restore(state)


def test_alone_everything_is_the_identity() -> None:
    numbers = torch.tensor([1.0, 2.0])
    distributed.average_(numbers)
    distributed.broadcast_([numbers])
    distributed.wait()
    assert numbers.tolist() == [1, 2]
    assert distributed.gather(numbers)[0] is numbers
    assert (distributed.rank(), distributed.world()) == (0, 1)
    assert distributed.share(7) == slice(0, 7)
    with distributed.start("cpu") as device:
        assert device == torch.device("cpu")
        assert not dist.is_initialized()


def test_shares_are_equal_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "world", lambda: 3)
    monkeypatch.setattr(distributed, "rank", lambda: 1)
    assert distributed.share(12) == slice(4, 8)
    with pytest.raises(InputError, match="batch of 10 cannot be shared equally among 3"):
        distributed.share(10)


def test_each_process_takes_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: started.append(str(device)))
    monkeypatch.setattr(distributed, "resolve", lambda name: torch.device(name))
    monkeypatch.setattr(dist, "init_process_group", started.append)
    monkeypatch.setattr(dist, "destroy_process_group", lambda: started.append("end"))
    for name, value in {"WORLD_SIZE": "3", "RANK": "1", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    with distributed.start("cuda:0") as device:
        assert device == torch.device("cuda:1")
    assert started == ["cuda:1", "nccl", "end"]
    monkeypatch.setenv("LOCAL_RANK", "2")
    with (
        pytest.raises(InputError, match="Process 2 has no CUDA device of its own"),
        distributed.start("cuda:0"),
    ):
        pass
