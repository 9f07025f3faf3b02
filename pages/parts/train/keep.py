"""Take the model along as a file, bring one back, let it write, go on training it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.decoding import Choice
from engine.errors import N_, InputError
from engine.figures import style
from engine.tasks.characters.own_files import FILE_MEGABYTES, OwnModel, from_bytes
from pages.parts.train import compute
from pages.parts.train.heading import heading
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import decimal, literal, translator

_UPLOADER, _HELD = "_train_model_uploader", "_train_model"
WHICH = {"mine": N_("the model trained here"), "uploaded": N_("the uploaded model")}
TEMPERATURES = ("0.2", "0.4", "0.6", "0.8", "1", "1.2", "1.5")
LENGTHS = ("200", "500", "1000", "2000")
SEEDS = 9999
PROMPT, CHOSEN, TEMPERATURE = "train_prompt", "train_which", "train_temperature"
LENGTH, SEED = "train_length", "train_sample_seed"
PROMPT_LIMIT = 200

Wish = Callable[[str], None]


def uploaded() -> OwnModel | None:
    """The model that was uploaded, if it is one."""
    held: tuple[str, OwnModel | InputError] | None = st.session_state.get(_HELD)
    return held[1] if held is not None and isinstance(held[1], OwnModel) else None


def draw(wish: Wish) -> None:
    """Download, upload, sample. `wish("continue")` asks for a training that goes on."""
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        _download()
    with right.container(border=True, height="stretch"):
        _upload(wish)
    _sample()


def _download() -> None:
    _ = translator()
    heading(_("Take it along"))
    held = compute.held()
    if held is None:
        st.markdown(_("Press Start above: what you train can be downloaded as soon as it rests."))
    else:
        record = held.training.record
        st.download_button(
            _("Download the model"),
            b"" if held.running else compute.file(held.training),
            file_name=f"own-text-{record.cell}-{record.hidden}.safetensors",
            mime="application/octet-stream",
            key="train_download",
            icon=":material/download:",
            on_click="ignore",
            disabled=held.running,
        )
        if held.running:
            st.caption(_("Pause or stop the training first."))
    st.caption(
        _(
            "One .safetensors file: the weights in 16 bits, the characters it knows, how it was "
            "trained. Your text is not in it, though a small network can learn a short text by "
            "heart. Whatever you train here is gone when you close the page."
        )
    )


def _upload(wish: Wish) -> None:
    _ = translator()
    heading(_("Bring one back"))
    held: tuple[str, OwnModel | InputError] | None = st.session_state.get(_HELD)
    if held is None:
        st.file_uploader(
            _("A model from this page (.safetensors, at most {size} MB)").format(
                size=FILE_MEGABYTES
            ),
            type=["safetensors"],
            max_upload_size=FILE_MEGABYTES,
            key=_UPLOADER,
            on_change=_take,
        )
        st.caption(_("Other files are refused: each number and shape in it is checked."))
        return
    name, found = held
    if isinstance(found, InputError):
        show_error(found)
    else:
        st.markdown(f":material/check_circle: **{literal(name)}**  \n{literal(_facts(found))}")
    with st.container(horizontal=True):
        if isinstance(found, OwnModel):
            st.button(
                _("Continue on the text above"),
                key="train_continue",
                icon=":material/fast_forward:",
                on_click=wish,
                args=("continue",),
            )
        st.button(
            _("Another file"),
            key="train_another",
            icon=":material/close:",
            on_click=lambda: st.session_state.pop(_HELD, None),
        )
    if isinstance(found, OwnModel):
        st.caption(
            _(
                "Continuing keeps its cell, size and characters and takes rate, clipping, window "
                "and iterations from Settings. Adam's memory is not in the file and starts anew."
            )
        )


def _take() -> None:
    """Checks the file and keeps what came of it."""
    file = st.session_state[_UPLOADER]
    if file is None:
        return
    try:
        st.session_state[_HELD] = (file.name, from_bytes(file.name, file.getvalue()))
        links.set_values({CHOSEN: "uploaded"})
    except InputError as error:
        st.session_state[_HELD] = (file.name, error)


def _facts(model: OwnModel) -> str:
    _ = translator()
    return _("{cell}, {units} units × {layers}, {kinds} characters, {count} iterations").format(
        cell=style.cell_style(model.cell).title,
        units=model.hidden,
        layers=model.layers,
        kinds=len(model.alphabet),
        count=style.grouped(model.iterations),
    )


def _sample() -> None:
    """A beginning, a temperature, a length, and what the model makes of them."""
    _ = translator()
    heading(_("Let it write"))
    models = _models()
    if not models:
        st.info(
            _("There is no model to write with yet: press Start above, or upload one."),
            icon=":material/edit_note:",
        )
        return
    which = links.choice(CHOSEN, models, "uploaded" if "uploaded" in models else "mine")
    if len(models) > 1:
        st.segmented_control(
            _("Which model"),
            list(models),
            key=CHOSEN,
            format_func=lambda w: _(WHICH[w]),
            required=True,
            label_visibility="collapsed",
        )
    prompt, length, choice, seed = _how()
    owner, model = models[which]
    try:
        text = compute.written(owner, model, prompt, length, choice, seed)
    except InputError as error:
        show_error(error)
        return
    st.code(prompt + text, language=None, wrap_lines=True)
    st.caption(
        _("{model}, after {count} iterations. The same seed writes the same text.").format(
            model=_(WHICH[which]).capitalize(), count=style.grouped(model.iterations)
        )
    )


def _models() -> dict[str, tuple[object, OwnModel]]:
    """What can write, each with what it is a copy of: the session's model, the uploaded one."""
    found: dict[str, tuple[object, OwnModel]] = {}
    held, brought = compute.held(), uploaded()
    if held is not None:
        found["mine"] = (held.training, held.training.model())
    if brought is not None:
        found["uploaded"] = (brought, brought)
    return found


def _how() -> tuple[str, int, Choice, int]:
    _ = translator()
    prompt = links.text(PROMPT, "")
    temperature = links.choice(TEMPERATURE, TEMPERATURES, f"{Choice().temperature:g}")
    length = links.choice(LENGTH, LENGTHS, LENGTHS[1])
    seed = links.choice(SEED, [str(k) for k in range(SEEDS + 1)], "0")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Beginning (may be empty)"), key=PROMPT, max_chars=PROMPT_LIMIT, width=280)
        st.select_slider(
            _("Temperature"),
            TEMPERATURES,
            key=TEMPERATURE,
            format_func=lambda t: decimal(float(t), 1),
            width=240,
        )
        st.segmented_control(
            _("Length in characters"),
            LENGTHS,
            key=LENGTH,
            format_func=lambda n: style.grouped(int(n)),
            required=True,
        )
        st.text_input(_("Sample seed (0 to 9999)"), key=SEED, width=190)
    return prompt[:PROMPT_LIMIT], int(length), Choice(temperature=float(temperature)), int(seed)
