"""Devices: what is listed can be resolved, and what cannot be used is refused with the choices."""

from __future__ import annotations

import re

import pytest
import torch

from engine import device
from engine.errors import InputError


class Machine:
    """Stands in for torch's own answers about the hardware."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.has(cuda=0, mps=False)

    def has(self, cuda: int, mps: bool, working: set[str] | None = None) -> None:
        listed = {f"cuda:{i}" for i in range(cuda)} | ({"mps"} if mps else set())
        answers = listed if working is None else working
        patch = self.monkeypatch.setattr
        patch(torch.cuda, "is_available", lambda: cuda > 0)
        patch(torch.cuda, "device_count", lambda: cuda)
        patch(torch.cuda, "get_device_name", lambda i: f"NVIDIA Test {i}")
        patch(torch.backends.mps, "is_available", lambda: mps)
        patch(device, "_computes", lambda id: id == "cpu" or id in answers)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_the_cpu_is_always_there_and_says_its_cores() -> None:
    cpu = device.available()[0]
    assert cpu.id == "cpu"
    assert cpu.cores >= 1
    assert re.fullmatch(rf"CPU \({cpu.cores} cores?\)", cpu.label)
    assert device.resolve("cpu") == torch.device("cpu")


def test_every_accelerator_is_listed_after_the_cpu(machine: Machine) -> None:
    machine.has(cuda=2, mps=True)
    assert [d.id for d in device.available()] == ["cpu", "cuda:0", "cuda:1", "mps"]
    assert [d.label for d in device.available()][1:3] == ["NVIDIA Test 0", "NVIDIA Test 1"]
    assert device.unusable() == []


def test_what_is_missing_has_a_reason(machine: Machine) -> None:
    missing = dict(device.unusable())
    assert missing.keys() == {"cuda", "mps"}
    assert all(missing.values())


def test_auto_takes_the_first_that_works(machine: Machine) -> None:
    assert device.resolve("auto") == torch.device("cpu")
    machine.has(cuda=2, mps=False)
    assert device.resolve("auto") == torch.device("cuda:0")
    machine.has(cuda=2, mps=False, working={"cuda:1"})
    assert device.resolve("auto") == torch.device("cuda:1")
    machine.has(cuda=0, mps=True)
    assert device.resolve("auto") == torch.device("mps")


def test_cuda_without_a_number_is_the_first(machine: Machine) -> None:
    machine.has(cuda=2, mps=False)
    assert device.resolve("cuda") == torch.device("cuda:0")


@pytest.mark.parametrize("name", ["cuda", "cuda:2", "mps", "tpu", "", "CPU", "cuda:-1", "{name}"])
def test_an_unknown_device_is_refused_with_the_choices(machine: Machine, name: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"no device {name} here")) as caught:
        device.resolve(name)
    assert caught.value.values["choices"] == "auto, cpu"


def test_a_device_that_cannot_compute_is_no_choice(machine: Machine) -> None:
    machine.has(cuda=2, mps=False, working={"cuda:1"})
    with pytest.raises(InputError, match="cannot compute") as caught:
        device.resolve("cuda:0")
    assert caught.value.values["choices"] == "auto, cpu, cuda:1"


def test_computing_is_really_tried() -> None:
    assert device._computes("cpu")
    assert not device._computes("cuda:99")


@pytest.mark.gpu
def test_a_gpu_that_is_listed_computes() -> None:
    accelerators = device.available()[1:]
    if not accelerators:
        pytest.skip("no GPU here")
    for accelerator in accelerators:
        chosen = device.resolve(accelerator.id)
        assert float(torch.arange(4.0, device=chosen).sum()) == 6
        assert accelerator.label


def test_workers_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    try:
        for cores, expected in ((8, 4), (2, 1), (1, 1)):
            found = device.Device("cpu", "CPU", cores)
            monkeypatch.setattr(device, "_cpu", lambda found=found: found)
            device.share_cores(2)
            assert torch.get_num_threads() == expected
    finally:
        torch.set_num_threads(before)
