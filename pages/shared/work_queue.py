"""One queue for all heavy work of the process, in which the same question is computed once.

Two threads serve it, since each thread that runs torch gets an OpenMP team of its own: a thread per
visitor would exhaust the machine. Work is a generator, what it yields is kept as it comes, and
where others wait it makes way between two chunks after `SLICE` seconds. Work whose turns take
longer never occupies the last thread, so light work does not wait behind heavy.

A `question` says everything that an answer depends on: kind, model, input, settings, device. Who
asks what is being computed waits for the same task; what was computed is kept, the latest of it, in
`KEPT` bytes. Private work, such as a training or an upload, has no question.

The pages come here through `jobs`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, Generic, TypeVar

from engine.device import share_cores
from engine.errors import N_, InputError
from pages.shared import counters

THREADS = 2

CAPACITY = 500
"""Tasks that may wait, whatever they take."""

LONGEST_WAIT = 30.0
"""Expected seconds of waiting beyond which a question is refused."""

SLICE = 0.3
"""Seconds after which a task makes way for those that wait, at the end of its chunk."""

LONG = 1.0
"""Seconds of a turn from which on work counts as heavy."""

KEPT = 32 * 2**20
"""Bytes of results that are kept."""

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")
Stop = Callable[[], bool]
Work = Callable[[Stop], Iterable[Chunk]]


@cache
def configure_process() -> None:
    """Settings of the whole process, made once, before the first task."""
    share_cores(THREADS)
    # What a worker does is thousands of small operations, each of which lets go of Python's lock
    # and asks for it again. While another thread draws a page it may wait this long for its turn,
    # every time: with Python's 5 ms a training step took 15 seconds beside a busy thread, now a
    # quarter.
    sys.setswitchinterval(1e-4)


class Task(Generic[Chunk]):
    """One computation, whoever waits for it. `finished` only grows; `ended` is set once, last."""

    def __init__(self, work: Work[Chunk], kind: str = "", question: Hashable = None) -> None:
        self.work, self.kind, self.question = work, kind, question
        self.size = size_of(question).bit_length()
        self.finished: list[Chunk] = []
        self.error: Exception | None = None
        self.cancelled, self.ended = threading.Event(), threading.Event()
        self.holders, self.seconds, self.asked = 1, 0.0, time.monotonic()
        self._chunks: Iterator[Chunk] | None = None

    def take_turn(self, is_wanted: Callable[[], bool]) -> None:
        """Takes chunks until the work ends, is cancelled, or `is_wanted()` by others after a slice;
        errors go to those who wait."""
        began = time.monotonic()
        over = True
        try:
            if self._chunks is None and not self.cancelled.is_set():
                counters.count_wait(began - self.asked)
                self._chunks = iter(self.work(self.cancelled.is_set))
            for chunk in () if self.cancelled.is_set() else self._chunks or ():
                self.finished.append(chunk)
                if self.cancelled.is_set():
                    break
                if time.monotonic() - began >= SLICE and is_wanted():
                    over = False
                    break
        except Exception as error:
            self.error = error
        self.seconds += time.monotonic() - began
        if over:
            self._chunks = None
            self.ended.set()


class Durations:
    """How long work took lately, by kind and by size of its question: a long text takes longer."""

    def __init__(self, unknown: float = 0.3, weight: float = 0.3) -> None:
        self.unknown, self.weight = unknown, weight
        self._means: dict[tuple[str, int], float] = {}

    def note(self, task: Task[Any], seconds: float) -> None:
        """Takes into account that this task took so long."""
        key = (task.kind, task.size)
        before = self._means.get(key, seconds)
        self._means[key] = before + self.weight * (seconds - before)

    def expected(self, task: Task[Any]) -> float:
        """Seconds, from what is known of this size or the next smaller one, twice as long each."""
        for size in range(task.size, -1, -1):
            mean = self._means.get((task.kind, size))
            if mean is not None:
                return mean * 2.0 ** min(4, task.size - size)
        return self.unknown


class Pool:
    """At most `threads` long-lived threads that serve one queue of at most `capacity` tasks."""

    def __init__(self, threads: int = THREADS, capacity: int = CAPACITY, kept: int = KEPT) -> None:
        self.limit, self.capacity = threads, capacity
        self.threads: list[threading.Thread] = []
        self.results = Results(kept)
        self._turns, self._totals = Durations(), Durations()
        self._waiting: deque[Task[Any]] = deque()
        self._running: list[Task[Any]] = []
        self._asked: dict[Hashable, Task[Any]] = {}
        self._changed = threading.Condition()

    def ask(self, work: Work[Chunk], kind: str = "", question: Hashable = None) -> Task[Chunk]:
        """A task that answers the question: a finished one, one under way, or a new one.

        Raises InputError where too much waits already. Whoever no longer wants it calls `release`.
        """
        with self._changed:
            if question is not None:
                known = self.results.get(question)
                if known is not None:
                    counters.count("remembered")
                    task = Task(work)
                    task.finished = known
                    task.ended.set()
                    return task
                current = self._asked.get(question)
                if current is not None and not current.cancelled.is_set():
                    counters.count("shared")
                    current.holders += 1
                    return current
            task = Task(work, kind, question)
            self._enter(task)
            return task

    def _enter(self, task: Task[Any]) -> None:
        self._waiting = deque(t for t in self._waiting if not self._is_dropped(t))
        count = len(self._waiting)
        if count >= self.capacity or self._seconds_before(count) > LONGEST_WAIT:
            counters.count("refusals")
            raise InputError(
                N_("{count} computations are waiting. Please try again in a moment."),
                count=count,
            )
        self._waiting.append(task)
        if task.question is not None:
            self._asked[task.question] = task
        if len(self.threads) < self.limit:
            name = f"worker-{len(self.threads) + 1}"
            self.threads.append(threading.Thread(target=self._run_worker, name=name, daemon=True))
            self.threads[-1].start()
        self._changed.notify_all()

    def release(self, task: Task[Any]) -> None:
        """Gives one hold on a task up; the last one cancels it."""
        with self._changed:
            task.holders -= 1
            if task.holders <= 0:
                task.cancelled.set()

    def position(self, task: Task[Any]) -> int:
        """1 for the next in the queue, 2 for the one after it …; 0 when it no longer waits."""
        with self._changed:
            queue = [t for t in self._waiting if not t.cancelled.is_set()]
        return queue.index(task) + 1 if task in queue and not task.finished else 0

    def expected_wait(self, task: Task[Any]) -> float:
        """Seconds until a waiting task begins, as far as can be told; 0 when it does not wait."""
        with self._changed:
            waits = task in self._waiting
            return self._seconds_before(self._waiting.index(task)) if waits else 0.0

    def _seconds_before(self, position: int) -> float:
        """Seconds until the task that waits at this position, from 0, begins."""
        ahead = [*self._running, *(t for t, _ in zip(self._waiting, range(position), strict=False))]
        left = (self._totals.expected(t) - t.seconds for t in ahead if not t.cancelled.is_set())
        return sum(max(0.0, seconds) for seconds in left) / self.limit

    def _is_dropped(self, task: Task[Any]) -> bool:
        """Takes a task out of the queue that nobody wants any more."""
        if not task.cancelled.is_set():
            return False
        self._forget(task)
        task.ended.set()
        return True

    def _forget(self, task: Task[Any]) -> None:
        if self._asked.get(task.question) is task:
            del self._asked[task.question]

    def _next(self) -> Task[Any] | None:
        """The first task whose turn it may be: heavy work leaves one thread to the light."""
        heavy = sum(self._turns.expected(task) >= LONG for task in self._running)
        is_full = self.limit > 1 and heavy >= self.limit - 1
        for task in self._waiting:
            if task.cancelled.is_set() or not (is_full and self._turns.expected(task) >= LONG):
                return task
        return None

    def _run_worker(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next() is not None)
                task = self._next()
                assert task is not None
                self._waiting.remove(task)
                self._running.append(task)
            before = task.seconds
            task.take_turn(lambda: bool(self._waiting))
            with self._changed:
                self._running.remove(task)
                self._turns.note(task, task.seconds - before)
                if task.ended.is_set():
                    self._keep(task)
                else:
                    self._waiting.append(task)
                self._changed.notify_all()
            del task  # or the last task's results would live until the next one comes

    def _keep(self, task: Task[Any]) -> None:
        """Notes what became of a task, and its results where they are of use to others."""
        self._forget(task)
        if task.cancelled.is_set():
            return
        self._totals.note(task, task.seconds)
        if task.question is not None and task.error is None:
            self.results.put(task.question, task.finished)


class Results:
    """Results by question, the latest used ones, in at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.nbytes = limit, 0
        self._kept: OrderedDict[Hashable, tuple[list[Any], int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forgets everything."""
        self._kept.clear()
        self.nbytes = 0

    def get(self, question: Hashable) -> list[Any] | None:
        """The chunks of the answer, where it is known."""
        if question not in self._kept:
            return None
        self._kept.move_to_end(question)
        return self._kept[question][0]

    def put(self, question: Hashable, chunks: list[Any]) -> None:
        """Keeps an answer, and lets those go that were not asked for longest. What would take a
        quarter of the room is not kept."""
        nbytes = size_of((question, chunks))
        if nbytes > self.limit // 4:
            return
        if question in self._kept:
            self.nbytes -= self._kept.pop(question)[1]
        self._kept[question] = chunks, nbytes
        self.nbytes += nbytes
        while self.nbytes > self.limit:
            self.nbytes -= self._kept.popitem(last=False)[1][1]


def size_of(value: object) -> int:
    """Bytes that a value takes with all it holds; what is in it twice counts once."""
    seen: set[int] = set()
    left, total = [value], 0
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        if hasattr(one, "nbytes"):  # an array's memory, or a tensor's
            total += int(one.nbytes)
            continue
        total += sys.getsizeof(one)
        if isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset | deque):
            left += one
        elif hasattr(one, "__dict__"):
            left += vars(one).values()
    return total


POOL = Pool()
