"""Where tensors live: which devices this machine offers, and which one a name means."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from engine.errors import N_, InputError

AUTO = "auto"


@dataclass(frozen=True)
class Device:
    """A device that can be chosen: `id` ("cpu", "cuda:0", "mps") and what it is, in English.

    `cores` is the number of processor cores for the CPU and 0 for the others, so that a page can
    name the CPU in its own language.
    """

    id: str
    label: str
    cores: int = 0


def available() -> list[Device]:
    """Every device of this machine: the CPU first, then all CUDA devices, then MPS."""
    devices = [_cpu()]
    if torch.cuda.is_available():
        for i in range(torch.cuda.device_count()):
            devices.append(Device(f"cuda:{i}", torch.cuda.get_device_name(i)))
    if torch.backends.mps.is_available():
        devices.append(Device("mps", "Apple GPU (MPS)"))
    return devices


def unusable() -> list[tuple[str, str]]:
    """(kind, reason) of what is missing here; the reasons are keys of the catalogues."""
    missing = []
    if not torch.cuda.is_available():
        built = torch.backends.cuda.is_built()
        reason = N_("none found") if built else N_("this build of PyTorch cannot use one")
        missing.append(("cuda", reason))
    if not torch.backends.mps.is_available():
        built = torch.backends.mps.is_built()
        reason = N_("none found") if built else N_("this build of PyTorch cannot use one")
        missing.append(("mps", reason))
    return missing


def resolve(name: str) -> torch.device:
    """The device called `name`, tried out; "auto" is the first accelerator that works, or the CPU.

    "cuda" means "cuda:0". Raises InputError, naming the choices, for a device that is not here or
    that cannot compute.
    """
    ids = [device.id for device in available()]
    if name == AUTO:
        return torch.device(next(id for id in [*ids[1:], "cpu"] if _computes(id)))
    wanted = "cuda:0" if name == "cuda" else name
    if wanted in ids and _computes(wanted):
        return torch.device(wanted)
    choices = ", ".join([AUTO, *(id for id in ids if id != wanted)])
    if wanted in ids:
        raise InputError(
            N_("The device {name} is here but cannot compute. Choose one of: {choices}."),
            name=name,
            choices=choices,
        )
    raise InputError(
        N_("There is no device {name} here. Choose one of: {choices}."), name=name, choices=choices
    )


def _cpu() -> Device:
    # The cores this process may use: in a container that is often less than os.cpu_count().
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return Device("cpu", f"CPU ({cores} core{'s' if cores > 1 else ''})", cores)


def _computes(id: str) -> bool:
    """A listed GPU may still fail, for instance when this PyTorch has no kernels for its age."""
    try:
        return float(torch.ones(2, device=id).sum()) == 2
    except (RuntimeError, AssertionError):  # torch raises both for devices it cannot use
        return False


def share_cores(workers: int) -> None:
    """Gives each of `workers` threads its share of the processor's cores for torch's operations.

    Two threads that both want all cores wait for each other actively: where the machine has other
    work as well, that has been seen to make small operations 25 times slower.
    """
    torch.set_num_threads(max(1, _cpu().cores // workers))
