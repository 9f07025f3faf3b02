"""What the page is asked: model, prompt and temperature; in Settings how the rest is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from engine.decoding import Choice
from engine.errors import N_, InputError
from pages.parts.characters import names, share
from pages.shared import links, models
from pages.shared.text import decimal, language, percent, translator

MODEL, PROMPT, TEMPERATURE = "characters_model", "characters_prompt", "characters_temperature"
LENGTH, TOP_K, TOP_P = "characters_length", "characters_top_k", "characters_top_p"
SEED = "characters_seed"
MARK, CHOSEN = "characters_mark", "characters_chosen"
MARKS = (MARK, CHOSEN, "characters_letter")
"""What belongs to one text: of another it would mean something else."""

TEMPERATURES = ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0", "1.2", "1.5")
LENGTHS = ("100", "300", "1000", "2000", "5000")
TOP_KS = ("0", "2", "5", "10", "20")
TOP_PS = ("1.0", "0.95", "0.9", "0.7", "0.5")
SEEDS = 10_000
LONGEST = 1_000
"""Characters of a prompt."""

IN_SETTINGS = (LENGTH, TOP_K, TOP_P, SEED)
Names = Callable[[str], str]


@dataclass(frozen=True)
class Question:
    """What is written: by which model, after which prompt, drawn how."""

    model: str
    prompt: str
    length: int
    choice: Choice
    seed: int


def draw() -> Question:
    """Model, prompt, temperature; a button for the next seed; Settings; what to take along."""
    _ = translator()
    question = _question()
    known = _models()
    st.selectbox(
        _("Model: what it has read"),
        known,
        key=MODEL,
        format_func=lambda name: _(names.MODELS[name]),
        on_change=_take_prompt,
        args=(names.prompt(question.model),),
    )
    st.text_area(_("Prompt: how the text begins"), key=PROMPT, height=76, on_change=forget)
    st.select_slider(
        _("Temperature: how daring"),
        TEMPERATURES,
        key=TEMPERATURE,
        format_func=_number,
        on_change=forget,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Write another"), icon=":material/casino:", on_click=_next_seed)
        with st.popover(_summary(question, _), icon=":material/tune:", key="characters_settings"):
            _settings(_)
        share.draw(KEYS)
    st.caption(about(question.model))
    return question


KEYS = (MODEL, PROMPT, TEMPERATURE, *IN_SETTINGS, MARK)
"""What makes the text what it is."""


def check(question: Question) -> None:
    """InputError for a prompt that is too long."""
    if len(question.prompt) > LONGEST:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be read at once."),
            length=f"{len(question.prompt):,}",
            limit=f"{LONGEST:,}",
        )


def forget() -> None:
    """A callback: what was marked in the text before."""
    links.set_values(dict.fromkeys(MARKS, ""))


def about(model: str) -> str:
    """Size and score of the model, as Markdown; empty where it is not installed."""
    _ = translator()
    header = models.characters_headers().get(model)
    if header is None:
        return ""
    text = _("`{name}`: {layers} × {hidden} units, {count} parameters.").format(
        name=model,
        layers=header.arguments["layers"],
        hidden=header.arguments["hidden"],
        count=decimal(header.parameters, 0),
    )
    for scores in header.metrics.values():
        if {"nats_per_char", "perplexity"} <= scores.keys():
            text += " " + _(
                "On text it never saw: {nats} nats per character, which is a perplexity of "
                "{perplexity}."
            ).format(
                nats=decimal(scores["nats_per_char"], 2),
                perplexity=decimal(scores["perplexity"], 2),
            )
        break
    return text


def plain(text: str) -> str:
    """NFC, \\n line ends, no control characters and nothing invisible."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in _UNSEEN)


_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def _models() -> list[str]:
    """The models that are installed; all of them where none is, so that the page can say so."""
    found = models.characters_headers()
    return [name for name in names.MODELS if name in found] or list(names.MODELS)


def _question() -> Question:
    """What the link and the widgets say."""
    known = _models()
    wanted = {"vi": "chars-kieu"}.get(language(), "chars-shakespeare")
    own = wanted if wanted in known else known[0]
    model = links.choice(MODEL, known, own, always=True)
    return Question(
        model,
        plain(links.text(PROMPT, names.prompt(model))),
        int(links.choice(LENGTH, LENGTHS, "300")),
        Choice(
            temperature=float(links.choice(TEMPERATURE, TEMPERATURES, "0.7")),
            top_k=int(links.choice(TOP_K, TOP_KS, "0")),
            top_p=float(links.choice(TOP_P, TOP_PS, "1.0")),
        ),
        int(links.choice(SEED, [str(k) for k in range(SEEDS)], "0")),
    )


def _take_prompt(before: str) -> None:
    """A prompt that came with the last model makes room for the next one's."""
    forget()
    if st.session_state[PROMPT] in ("", before):
        links.set_values({PROMPT: names.prompt(st.session_state[MODEL])})


def _next_seed() -> None:
    forget()
    links.set_values({SEED: str((int(st.session_state[SEED]) + 1) % SEEDS)})


def _summary(question: Question, _: Names) -> str:
    return _("Settings: {length} characters, seed {seed}").format(
        length=decimal(question.length, 0), seed=question.seed
    )


def _settings(_: Names) -> None:
    """Length, top-k, top-p and seed."""
    links.resend(*IN_SETTINGS)
    _pick(LENGTH, _("Length in characters"), LENGTHS, lambda n: decimal(int(n), 0))
    _pick(
        TOP_K,
        _("Top-k: only the k likeliest"),
        TOP_KS,
        lambda k: _("all") if k == "0" else k,
    )
    _pick(
        TOP_P,
        _("Top-p: only the likeliest that together hold"),
        TOP_PS,
        lambda p: percent(float(p)),
    )
    st.text_input(
        _("Seed (0 to 9999): the same seed writes the same text"), key=SEED, on_change=forget
    )


def _pick(key: str, label: str, ids: Sequence[str], name: Callable[[str], str]) -> None:
    st.segmented_control(label, ids, key=key, format_func=name, required=True, on_change=forget)


def _number(id: str) -> str:
    return decimal(float(id), 1)
