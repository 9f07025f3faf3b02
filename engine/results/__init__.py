"""What measurements return: frozen records of plain arrays, free of torch and of the screen."""

from __future__ import annotations

from engine.results.arrays import (
    Floats,
    Ints,
)
from engine.results.captions import (
    STOP_WORD,
    BeamNode,
    Caption,
    CaptionFailures,
    CaptionMistake,
    CaptionReach,
    CaptionWord,
    Description,
    Drift,
)
from engine.results.cells import (
    SATURATED,
    SIGMOIDS,
    CellRun,
    CellSize,
    GateWeights,
    GRUComparison,
    Reach,
    TypedSequence,
)
from engine.results.characters import LearningCurve, Letter, Memory, UnitMatch
from engine.results.gradients import (
    DECADE,
    FALLEN,
    ByHand,
    Descent,
    GradientProfile,
    PathsBack,
    ProblemKind,
    Spectrum,
)
from engine.results.own_training import (
    OwnTrainingRecord,
    WrittenSample,
)
from engine.results.race import (
    REACHES,
    Lane,
    RaceResult,
    SequenceExample,
    StepTiming,
)
from engine.results.sentiment import (
    UNCERTAIN_MARGIN,
    Contributions,
    ErrorShare,
    Failures,
    Influence,
    Misread,
    Piece,
    Reading,
    Verdict,
)

__all__ = [
    "DECADE",
    "FALLEN",
    "REACHES",
    "SATURATED",
    "SIGMOIDS",
    "STOP_WORD",
    "UNCERTAIN_MARGIN",
    "BeamNode",
    "ByHand",
    "Caption",
    "CaptionFailures",
    "CaptionMistake",
    "CaptionReach",
    "CaptionWord",
    "CellRun",
    "CellSize",
    "Contributions",
    "Descent",
    "Description",
    "Drift",
    "ErrorShare",
    "Failures",
    "Floats",
    "GRUComparison",
    "GateWeights",
    "GradientProfile",
    "Influence",
    "Ints",
    "Lane",
    "LearningCurve",
    "Letter",
    "Memory",
    "Misread",
    "OwnTrainingRecord",
    "PathsBack",
    "Piece",
    "ProblemKind",
    "RaceResult",
    "Reach",
    "Reading",
    "SequenceExample",
    "Spectrum",
    "StepTiming",
    "TypedSequence",
    "UnitMatch",
    "Verdict",
    "WrittenSample",
]
