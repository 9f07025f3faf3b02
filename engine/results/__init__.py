"""What measurements return: frozen records of plain arrays, free of torch and of the screen."""

from __future__ import annotations

from engine.results.arrays import (
    Floats,
    Ints,
)
from engine.results.cells import (
    SATURATED,
    SIGMOIDS,
    BackwardPass,
    CellRun,
    CellSize,
    GateWeights,
    GRUComparison,
    Reach,
    TypedSequence,
)
from engine.results.characters import (
    LearningCurve,
    Letter,
    OwnTrainingRecord,
    PredictionStep,
    StateTrace,
    UnitInStretch,
    UnitMatch,
    WrittenSample,
)
from engine.results.gradients import (
    DECADE,
    FALLEN,
    REACHES,
    ByHand,
    Descent,
    GradientProfile,
    Lane,
    NormsByLag,
    PathsBack,
    ProblemKind,
    RaceResult,
    SequenceExample,
    Spectrum,
    StepTiming,
)
from engine.results.labels import (
    FrameGradients,
    LabelledFilm,
    LetterGradients,
    MislabelledStretch,
    Misrestored,
    Restored,
    Stretch,
)
from engine.results.sentences import (
    STOP_WORD,
    BeamNode,
    BeamTree,
    Caption,
    CaptionFailures,
    CaptionMistake,
    CaptionReach,
    CaptionWord,
    Description,
    Drift,
    LengthScores,
    Mistranslation,
    Occlusion,
    Sentence,
    SourceWord,
    Translation,
    TranslationFailures,
    TranslationReach,
    WrittenWord,
)
from engine.results.sentiment import (
    UNCERTAIN_MARGIN,
    Contributions,
    ErrorShare,
    FailureReport,
    Failures,
    Influence,
    Misread,
    Piece,
    Reading,
    StatedRating,
    Verdict,
)
