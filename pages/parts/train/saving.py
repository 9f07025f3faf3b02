"""View: download the model, upload one, let it write, go on training it."""

from __future__ import annotations

import streamlit as st

from engine.decoding import Choice
from engine.errors import N_, InputError
from engine.figures import numbers, style
from engine.tasks.characters.own_files import FILE_MEGABYTES, OwnModel, from_bytes
from pages.parts.train import watch
from pages.parts.train.controls import SEEDS
from pages.parts.train.session import SLOT, current, sample, session
from pages.shared import links, live, views
from pages.shared.header import show_error
from pages.shared.text import _, decimal, literal

UPLOADER = "_train_model_uploader"
UPLOAD_MEGABYTES = 16
"""More than a model from this page can have, so that a shipped one is told what it is."""
MODELS = {"mine": N_("the model trained here"), "uploaded": N_("the uploaded model")}
TEMPERATURES = ("0.2", "0.4", "0.6", "0.8", "1", "1.2", "1.5")
LENGTHS = ("200", "500", "1000", "2000")
PROMPT, MODEL, TEMPERATURE = "train_prompt", "train_which", "train_temperature"
LENGTH, SEED = "train_length", "train_sample_seed"
PROMPT_LIMIT = 200


def draw() -> None:
    """View: download, upload, sample."""
    watch.draw_running()
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        _download()
    with right.container(border=True, height="stretch"):
        _upload()
    _sample()


def _download() -> None:
    """The session's model as a file, once it rests."""
    watch.heading(_("Save the model"))
    training = current()
    if training is None:
        st.markdown(_("Train a model first: it can be downloaded as soon as it rests."))
    else:
        record = training.training.record
        views.download(
            _("Download the model"),
            b"" if training.running else session().file(training.training),
            f"own-text-{record.cell}-{record.hidden}.safetensors",
            "application/octet-stream",
            "train_download",
            disabled=training.running,
        )
        if training.running:
            st.caption(_("Pause or stop the training first."))
    st.caption(
        _(
            "One .safetensors file: the weights in 16 bits, the characters it knows, how it was "
            "trained. Your text is not in it, though a small network can learn a short text by "
            "heart. Whatever you train here is gone when you close or reload the page."
        )
    )


def _upload() -> None:
    """The box to upload a model, or what was uploaded."""
    watch.heading(_("Upload a model"))
    file = session().model_file
    if file is None:
        st.file_uploader(
            _("A model from this page (.safetensors, at most {size} MB)").format(
                size=FILE_MEGABYTES
            ),
            type=["safetensors"],
            max_upload_size=UPLOAD_MEGABYTES,
            key=UPLOADER,
            on_change=_keep_upload,
        )
        st.caption(_("Other files are refused: each number and shape in it is checked."))
        return
    name, found = file
    if isinstance(found, InputError):
        show_error(found)
    else:
        facts = _("{cell}, {units} units × {layers}, {kinds} characters, {count} iterations")
        facts = facts.format(
            cell=style.cell_style(found.cell).title,
            units=found.hidden,
            layers=found.layers,
            kinds=len(found.alphabet),
            count=numbers.grouped(found.iterations),
        )
        st.markdown(f":material/check_circle: **{literal(name)}**  \n{literal(facts)}")
    with st.container(horizontal=True):
        if isinstance(found, OwnModel):
            st.button(
                _("Continue on the text of the view “Train”"),
                key="train_continue",
                icon=":material/fast_forward:",
                on_click=live.request,
                args=(SLOT, "continue"),
            )
        st.button(
            _("Another file"),
            key="train_another",
            icon=":material/close:",
            on_click=setattr,
            args=(session(), "model_file", None),
        )
    if isinstance(found, OwnModel):
        st.caption(
            _(
                "Continuing keeps its cell, size and characters and takes rate, clipping, window "
                "and iterations from Settings. Adam's memory is not in the file and starts anew."
            )
        )


def _keep_upload() -> None:
    """A callback: checks the file and keeps what came of it."""
    file = st.session_state[UPLOADER]
    if file is None:
        return
    try:
        session().model_file = file.name, from_bytes(file.name, file.getvalue())
        links.set_values({MODEL: "uploaded"})
    except InputError as error:
        session().model_file = file.name, error


def _sample() -> None:
    """A beginning, a temperature, a length, and what the model makes of them."""
    watch.heading(_("Let it write"))
    models: dict[str, tuple[object, OwnModel]] = {}  # each with what it is a copy of
    if (training := current()) is not None:
        models["mine"] = (training.training, training.training.model())
    if (uploaded := session().uploaded_model) is not None:
        models["uploaded"] = (uploaded, uploaded)
    if not models:
        st.info(
            _("There is no model to write with yet: train one, or upload one."),
            icon=":material/edit_note:",
        )
        return
    which = next(reversed(models))
    if len(models) > 1:
        which = views.chosen(MODEL, MODELS, which, label=_("Which model"))
    else:
        which = links.choice(MODEL, models, which)
    prompt = links.text(PROMPT, "")[:PROMPT_LIMIT]
    seed = links.choice(SEED, SEEDS, "0")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Beginning (may be empty)"), key=PROMPT, max_chars=PROMPT_LIMIT, width=280)
        default = f"{Choice().temperature:g}"
        temperature = views.pick_number(
            TEMPERATURE,
            _("Temperature"),
            TEMPERATURES,
            default,
            lambda t: decimal(float(t), 1),
            width=240,
        )
        label = _("Length in characters")
        length = views.pick(
            LENGTH, label, LENGTHS, lambda n: numbers.grouped(int(n)), default=LENGTHS[1]
        )
        st.text_input(_("Sample seed (0 to 9999)"), key=SEED, width=190)
    owner, model = models[which]
    choice = Choice(temperature=float(temperature))
    try:
        text = sample(owner, model, prompt, int(length), choice, int(seed))
    except InputError as error:
        show_error(error)
        return
    st.code(prompt + text, language=None, wrap_lines=True)
    st.caption(
        _("{model}, after {count} iterations. The same seed writes the same text.").format(
            model=_(MODELS[which]).capitalize(), count=numbers.grouped(model.iterations)
        )
    )
