"""Training on several processes at once: who I am, my share of a batch, averages over everyone.

Started by `torchrun`, every process computes the loss of its own rows; averaging the gradients then
gives the step of the joint batch. Without `start()` everything here is the identity of one process,
so that training needs no second code path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from jaxtyping import Shaped
from torch import Tensor

from engine.device import resolve
from engine.errors import N_, InputError


def launched() -> bool:
    """True when torchrun (or what sets its variables) started this process among others."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1 and "RANK" in os.environ


@contextmanager
def start(device: str) -> Iterator[torch.device]:
    """Joins the processes that torchrun started and yields this one's device; leaves at the end.

    `device` is a name as `device.resolve` takes it. Every process of a machine takes its own CUDA
    device by LOCAL_RANK and talks through nccl; on the CPU it is gloo. Started alone, this only
    resolves the device.
    """
    chosen = resolve(device)
    if not launched():
        yield chosen
        return
    if chosen.type == "cuda":
        number = int(os.environ.get("LOCAL_RANK", "0"))
        if number >= torch.cuda.device_count():
            raise InputError(
                N_("Process {number} has no CUDA device of its own: this machine has {count}."),
                number=number,
                count=torch.cuda.device_count(),
            )
        chosen = resolve(f"cuda:{number}")
        torch.cuda.set_device(chosen)
    dist.init_process_group("nccl" if chosen.type == "cuda" else "gloo")
    try:
        yield chosen
    finally:
        dist.destroy_process_group()


def rank() -> int:
    """This process's number, 0 when it is alone. Rank 0 writes files and reports."""
    return dist.get_rank() if dist.is_initialized() else 0


def world() -> int:
    """How many processes train together, 1 when this one is alone."""
    return dist.get_world_size() if dist.is_initialized() else 1


def share(rows: int) -> slice:
    """This process's part of a batch of `rows` rows: equal parts, in the order of the ranks.

    Equal parts make the average of the gradients the gradient of the joint batch's mean loss, so
    `rows` must be a multiple of the number of processes; InputError otherwise.
    """
    if rows % world():
        raise InputError(
            N_("A batch of {rows} cannot be shared equally among {processes} processes."),
            rows=rows,
            processes=world(),
        )
    part = rows // world()
    return slice(rank() * part, (rank() + 1) * part)


def average_(numbers: Shaped[Tensor, " ..."]) -> None:
    """Replaces `numbers`, in place, by their mean over all processes."""
    if world() > 1:
        dist.all_reduce(numbers)
        numbers.div_(world())


def broadcast_(tensors: list[Shaped[Tensor, " ..."]]) -> None:
    """Gives every process the tensors of rank 0, in place."""
    if world() > 1:
        for tensor in tensors:
            dist.broadcast(tensor, src=0)


def gather(tensor: Shaped[Tensor, " *shape"]) -> list[Shaped[Tensor, " *shape"]]:
    """`tensor` of every process, in the order of the ranks; all must have the same shape."""
    if world() == 1:
        return [tensor]
    everyone = [torch.empty_like(tensor) for _ in range(world())]
    dist.all_gather(everyone, tensor.contiguous())
    return everyone


def wait() -> None:
    """Returns once every process has come this far."""
    if world() > 1:
        dist.barrier()
