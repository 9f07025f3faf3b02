"""The benchmark's rows and its table; no timing is asserted."""

from __future__ import annotations

import pytest

from engine import bench


def test_every_row_is_there_and_fused_ones_are_labelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SHORTEST", 0.0)
    rows = bench.run(2, sizes=(bench.Size(4, 1, 3),))
    assert {(r.cell, r.implementation, r.phase) for r in rows} == {
        (p.cell, p.implementation, phase) for p in bench.PAIRS for phase in ("forward", "training")
    }
    assert all(r.ratio == pytest.approx(r.ours_ms / r.torch_ms) for r in rows)
    assert all(r.ours_ms > 0 for r in rows)
    assert "fused" in bench.table(rows)
