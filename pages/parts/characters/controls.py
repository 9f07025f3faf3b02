"""What the page is asked: model, prompt and temperature; in Settings how the rest is drawn.

Also what a visitor takes along: the text to copy or download, and the link to it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from engine.cells import CELLS
from engine.decoding import Choice
from engine.errors import N_, InputError
from pages.shared import links, models, views
from pages.shared.text import _, decimal, language, numeral, option_names, percent

TITLES = {
    "chars-shakespeare": N_("Shakespeare"),
    "chars-tolstoy": N_("Tolstoy, War and Peace"),
    "chars-kieu": N_("Truyện Kiều, verse"),
    "chars-vi-news": N_("Vietnamese news"),
    "chars-shakespeare-rnn": N_("Shakespeare, small RNN"),
    "chars-shakespeare-lstm": N_("Shakespeare, small LSTM"),
    "chars-shakespeare-gru": N_("Shakespeare, small GRU"),
    "chars-kieu-rnn": N_("Truyện Kiều, small RNN"),
    "chars-kieu-lstm": N_("Truyện Kiều, small LSTM"),
    "chars-kieu-gru": N_("Truyện Kiều, small GRU"),
    "chars-tolstoy-lstm": N_("Tolstoy, small LSTM"),
}
"""What the models are called on the page."""

DEFAULT_MODEL = "chars-shakespeare"
DEFAULT_MODELS = {"vi": "chars-kieu"}
"""What a reader of a language sees first, unless the default."""

PROMPTS = {
    "tinyshakespeare": "ROMEO:\n",
    "war_and_peace": "Prince Andrew ",
    "truyen_kieu": "Trăm năm trong cõi người ta,\n",
    "vi_wikinews": "Hôm nay, ",
}
"""Which prompt shows a model at its best, by what it has read."""

MODEL, PROMPT, TEMPERATURE = "characters_model", "characters_prompt", "characters_temperature"
LENGTH, TOP_K, TOP_P = "characters_length", "characters_top_k", "characters_top_p"
SEED = "characters_seed"
MARK, CHOSEN, LETTER = "characters_mark", "characters_chosen", "characters_letter"
TEXT = "characters_text"
MARKS = (MARK, CHOSEN, LETTER)
"""What belongs to one text: of another it would mean something else."""

TEMPERATURES = (
    "0",
    "0.1",
    "0.2",
    "0.3",
    "0.4",
    "0.5",
    "0.6",
    "0.7",
    "0.8",
    "0.9",
    "1.0",
    "1.2",
    "1.5",
)
LENGTHS = ("100", "300", "1000", "2000", "5000")
TOP_KS = ("0", "2", "5", "10", "20")
TOP_PS = ("1.0", "0.95", "0.9", "0.7", "0.5")
SEEDS = 10_000
LONGEST = 1_000
"""Characters of a prompt."""

IN_SETTINGS = (LENGTH, TOP_K, TOP_P, SEED)
KEYS = (MODEL, PROMPT, TEMPERATURE, *IN_SETTINGS, MARK)
"""What makes the text what it is."""

FINISHED = "_characters_finished"
"""Where the session keeps the finished text, for the run in which it is taken along."""

INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Unicode categories."""


@dataclass(frozen=True)
class Query:
    """What is written: by which model, after which prompt, drawn how."""

    model: str
    prompt: str
    length: int
    choice: Choice
    seed: int


def corpus(model: str) -> str:
    """What a model has read, from its header; "" where it is not installed."""
    header = models.characters_headers().get(model)
    return str(header.recipe["corpus"]) if header else ""


def suggested_prompt(model: str) -> str:
    """The prompt that shows a model at its best."""
    return PROMPTS.get(corpus(model), "")


def cells_compared(model: str) -> list[str]:
    """The small models that have read the same, one per cell: those whose learning was kept."""
    cells = [*CELLS]
    found = [
        (cells.index(header.arguments["cell"]), name)
        for name, header in models.characters_headers().items()
        if name in TITLES and header.arguments["moments"] and corpus(name) == corpus(model)
    ]
    return [name for _place, name in sorted(found)]


def settle() -> Query:
    """What is asked, from the link and the widgets, whichever of them a view draws."""
    known = installed()
    default = DEFAULT_MODELS.get(language(), DEFAULT_MODEL)
    default = default if default in known else known[0]
    model = links.choice(MODEL, known, default, always=True)
    temperature = float(links.choice(TEMPERATURE, TEMPERATURES, "0.7"))
    return Query(
        model,
        plain(links.text(PROMPT, suggested_prompt(model))),
        int(links.choice(LENGTH, LENGTHS, "300")),
        Choice(
            temperature=temperature or 1.0,
            top_k=int(links.choice(TOP_K, TOP_KS, "0")),
            top_p=float(links.choice(TOP_P, TOP_PS, "1.0")),
            greedy=not temperature,
        ),
        int(links.choice(SEED, [str(k) for k in range(SEEDS)], "0")),
    )


def installed() -> list[str]:
    """The models that are installed; where none is, all of them, so that the page can say so."""
    return [name for name in TITLES if name in models.characters_headers()] or list(TITLES)


def draw_model(query: Query) -> None:
    """Which model: what it has read."""
    suggested, known = suggested_prompt(query.model), installed()

    def take_prompt() -> None:
        """A prompt that came with the last model makes room for the next one's."""
        forget_marks()
        new = suggested_prompt(st.session_state[MODEL])
        if st.session_state[PROMPT] in ("", suggested):
            links.set_values({PROMPT: new})
        if st.session_state.get(TEXT) in ("", suggested.strip()):
            links.set_values({TEXT: new.strip()})

    st.selectbox(
        _("Model: what it has read"),
        known,
        key=MODEL,
        format_func=option_names(known, lambda name: _(TITLES[name])),
        on_change=take_prompt,
    )


def draw(query: Query) -> None:
    """What changes the text, the next seed and the temperature first; Settings; what to save."""
    _settings(query)
    label = _("Temperature: how random the sampling is")
    views.pick_number(
        TEMPERATURE,
        label,
        TEMPERATURES,
        name=lambda id: _("0 (greedy)") if id == "0" else numeral(id),
        on_change=forget_marks,
    )
    draw_model(query)
    st.text_area(_("Prompt: how the text begins"), key=PROMPT, height=76, on_change=forget_marks)


def check(query: Query) -> None:
    """InputError for a prompt that is too long."""
    if len(query.prompt) > LONGEST:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be read at once."),
            length=decimal(len(query.prompt), 0),
            limit=decimal(LONGEST, 0),
        )


def forget_marks() -> None:
    """A callback: what was marked in the text before."""
    links.set_values(dict.fromkeys(MARKS, ""))


def about(model: str) -> str:
    """Size and score of the model, as Markdown; empty where it is not installed."""
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
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in INVISIBLE)


def _settings(query: Query) -> None:
    """A button for the next seed; behind another one length, top-k, top-p and seed."""

    def next_seed() -> None:
        forget_marks()
        links.set_values({SEED: str((int(st.session_state[SEED]) + 1) % SEEDS)})

    label = _("Settings: {length} characters, seed {seed}").format(
        length=decimal(query.length, 0), seed=query.seed
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Write another"), icon=":material/casino:", on_click=next_seed)
        _take_along()
    with st.popover(label, icon=":material/tune:", key="characters_settings"):
        links.resend(*IN_SETTINGS)
        for key, label, ids, name in (
            (LENGTH, _("Length in characters"), LENGTHS, numeral),
            (
                TOP_K,
                _("Top-k: only the k likeliest"),
                TOP_KS,
                lambda k: _("all") if k == "0" else str(k),
            ),
            (
                TOP_P,
                _("Top-p: only the likeliest that together hold"),
                TOP_PS,
                lambda p: percent(float(p)),
            ),
        ):
            views.pick(key, label, ids, name, on_change=forget_marks)
        label = _("Seed (0 to 9999): the same seed writes the same text")
        st.text_input(label, key=SEED, on_change=forget_marks)


def _take_along() -> None:
    """A popover; Streamlit's code box has a button that copies."""
    with st.popover(
        _("Save"),
        icon=":material/ios_share:",
        key="characters_share",
        on_change="rerun",
    ) as popover:
        if not popover.open:
            return
        text = str(st.session_state.get(FINISHED, ""))
        st.caption(_("The text: the button at its upper right copies it."))
        st.code(text, language=None, wrap_lines=True, height=160)
        label = _("Download as .txt")
        views.download(label, text, "characters.txt", "text/plain", "characters_download")
        st.caption(_("The link: it writes this very text again."))
        st.code(link(), language=None, wrap_lines=True)
        links.note_if_too_long(str(st.session_state.get(PROMPT, "")))


def link() -> str:
    """This page's address with what makes the text what it is."""
    values = {key: str(st.session_state.get(key, "")) for key in KEYS}
    kept = {key: v for key, v in values.items() if v and len(v) <= links.LIMIT}
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(kept)}"
