"""Greedy beside sampled text, and two views: a prediction, and your own choices."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from engine.errors import N_
from engine.figures import candidates, numbers
from engine.figures import characters as figures
from engine.figures.candidates import visible
from engine.results import Letter
from engine.tasks.characters.failures import PASSAGE, find_repetition
from pages.parts.characters import compute, controls
from pages.parts.characters.controls import CHOSEN, LETTER, Query
from pages.shared import links, views
from pages.shared.text import _, counter, decimal, literal, percent
from pages.shared.tokens import Token, bets, token, tokens
from pages.shared.tokens.bets import Bet

GREEDY_LENGTH, COLUMN_HEIGHT = 1500, 300
"""Characters that greedy choice is given to repeat itself in; pixels of both texts side by side."""

MOST_QUOTED = 60
"""Characters of a passage that are shown."""

GREEDY = "characters_greedy"
REPEATS = {"again": N_("yes, again and again"), "never": N_("no, it stays new")}
PART = "characters_predict"
PARTS = {"step": N_("One step"), "next": N_("What comes next?"), "product": N_("The product")}
"""Slides 9, 8 and 10."""

READ = 60
"""Characters of a text that are predicted, the last ones."""

LONGEST = 400
"""Characters that one picks at most."""


def ending(prompt: str, room: int = 200) -> str:
    """The prompt, or what fits of its end."""
    return prompt if len(prompt) <= room else "…" + prompt[-room:]


def coloured(letter: Letter) -> Token:
    """A character with its colour and, in words, its probability; a line's end shows its sign."""
    text, p = letter.text, letter.probability
    title = candidates.tooltip(text, p)
    return token(text.replace("\n", "↵\n"), candidates.confidence(p), title)


def draw_greedy(query: Query) -> None:
    """Two texts side by side, each with a sentence computed from it, once they are asked for."""
    label = _("Greedy beside sampled: what loops?")
    if not st.toggle(label, key=GREEDY):
        return
    always = compute.greedy(query, GREEDY_LENGTH)
    question = _(
        "**Your bet:** greedy choice (temperature 0) always takes the likeliest character. In "
        "{count} characters, does it come to write a passage of {passage} characters again?"
    ).format(count=decimal(GREEDY_LENGTH, 0), passage=PASSAGE)
    right = "never" if find_repetition(always) is None else "again"
    bet = Bet(f"greedy,{query.model},{query.prompt}", question, REPEATS, right)
    if bets.ask(bet, "characters"):
        _draw_texts(query, always)


def _draw_texts(query: Query, always: str) -> None:
    """The greedy text beside the sampled one."""
    with st.container():
        temperature = decimal(query.choice.temperature, 1)
        drawn = _("Sampled, at temperature {temperature}").format(temperature=temperature)
        texts = {
            _("Greedy: always the likeliest character"): always,
            drawn: compute.sample(query).text,
        }
        with st.grid(2, min_column_width=320, gap="medium"):
            for title, text in texts.items():
                with st.container(border=True, height="stretch"):
                    st.markdown(f"##### {title}", anchors=False)
                    st.markdown(f"**{literal(repeats(text))}**")
                    whole = query.prompt + text
                    st.code(whole, language=None, wrap_lines=True, height=COLUMN_HEIGHT)
        st.caption(
            _(
                "The likeliest character at every step is not the likeliest text, and a state that "
                "comes back writes what it wrote before: greedy choice ends in a loop. Sampling "
                "leads out of it. A temperature T divides the logits by T before the softmax: near "
                "0 it is greedy, at 1 the network's own probabilities count, above 1 rare "
                "characters get more."
            )
        )


def repeats(text: str) -> str:
    """Whether the text says the same again, and from where on, in one sentence."""
    n_ = counter()
    found = find_repetition(text)
    if found is None:
        return _("No passage of {passage} characters comes twice in these {count}.").format(
            passage=PASSAGE, count=decimal(len(text), 0)
        )
    said = visible(found.passage)
    return n_(
        "It repeats itself after {n} character: “{said}” comes again, and {share} of the rest was "
        "there before.",
        "It repeats itself after {n} characters: “{said}” comes again, and {share} of the rest was "
        "there before.",
        found.start,
    ).format(
        n=decimal(found.start, 0),
        said=said if len(said) <= MOST_QUOTED else said[:MOST_QUOTED] + "…",
        share=percent(found.share),
    )


def draw_predict() -> None:
    """View: what the network predicts after a text (slides 8 to 10), in one of three pictures."""
    query = controls.settle()
    picture, side = views.stage()
    with side:
        part = views.pick(PART, _("Picture"), PARTS, default="step", quiet=True, wrap=True)
        default = controls.suggested_prompt(query.model).strip()
        text = controls.plain(links.text(controls.TEXT, default))[-READ:]
        st.text_area(_("Text that the network reads"), key=controls.TEXT, height=76)
        controls.draw_model(query)
    with picture:
        if part == "step":
            step = compute.step(query, text)
            figure, alt = figures.one_step(step, _), figures.one_step_alt(step, _)
            views.chart(figure, alt, "characters_step", "one-step")
            st.caption(
                _(
                    "“{letter}” goes in as a 1 among {count} zeros; the state has {units} hidden "
                    "units, of which the largest are drawn; W_y h + b gives a logit for each "
                    "character, softmax the probabilities of the next one."
                ).format(
                    letter=literal(visible(step.alphabet[step.index])),
                    count=decimal(len(step.alphabet) - 1, 0),
                    units=decimal(len(step.h), 0),
                )
            )
        elif part == "next":
            _draw_next(query, text)
        else:
            letters = picked(replace(query, prompt=""), text)
            if not letters:
                st.info(_("Type a text of a few characters."))
                return
            alt = figures.factors_alt(letters, _)
            views.chart(figures.factors(letters, _), alt, "characters_factors", "factors")
            st.markdown(f"**{literal(product(letters, len(letters)))}**")
            st.caption(product_note())


def _draw_next(query: Query, text: str) -> None:
    """The five likeliest characters after the text."""
    offered = compute.offer(query, text)
    first, share = offered[0]
    letter = Letter(first, share, offered)
    say = _("After “{text}” the network expects “{letter}” with a probability of {share}.")
    say = say.format(text=visible(text[-40:]), letter=visible(first), share=numbers.percent(share))
    st.markdown(f"#### {literal(say)}", anchors=False)
    bars, alt = candidates.bars(letter, _), candidates.bars_alt(letter, _)
    views.chart(bars.update_layout(height=300), alt, "characters_next", "next-character")
    st.button(
        _("Choose the next characters yourself"),
        key="characters_to_choose",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=views.open_view,
        args=("characters", "choose"),
    )


def draw_choices() -> None:
    """View: what was picked so far, the product of its probabilities, and the next five."""
    query = controls.settle()

    def append(text: str) -> None:
        links.set_values({CHOSEN: text, LETTER: ""})

    chosen = links.text(CHOSEN, "")[:LONGEST]
    picture, side = views.stage()
    with picture:
        letters = picked(query, chosen)
        with st.container(border=True):
            tokens(
                [*map(coloured, letters)],
                key=LETTER,
                label=_("The text that you picked, character by character"),
                flowing=True,
                before=ending(query.prompt),
            )
        st.markdown(_("Which character comes next? Pick one of the five likeliest."))
        with st.container(horizontal=True, gap="small", key="characters_offers"):
            for k, (text, share) in enumerate(compute.offer(query, query.prompt + chosen)):
                st.button(
                    f"{literal(visible(text))} · {literal(numbers.percent(share))}",
                    key=f"characters_pick_{k}",
                    on_click=append,
                    args=(chosen + text,),
                    disabled=len(chosen) >= LONGEST,
                )
            st.button(
                _("Undo"),
                icon=":material/undo:",
                type="tertiary",
                on_click=append,
                args=(chosen[:-1],),
                disabled=not chosen,
            )
        st.markdown(f"**{literal(product(letters))}**")
        st.caption(product_note())
    with side:
        controls.draw_model(query)
        label = _("Prompt: how the text begins")
        st.text_area(label, key=controls.PROMPT, height=76, on_change=controls.forget_marks)


def product_note() -> str:
    """The formula of slide 10."""
    return _(
        "p(y₁ … yₙ) = ∏ p(yₜ given y₁ … yₜ₋₁), slide 10: each character multiplies the probability "
        "of the whole text by its own. In logarithms it is a sum."
    )


def picked(query: Query, chosen: str) -> list[Letter]:
    """The picked characters with the probabilities that they had."""
    if not chosen:
        return []
    memory = compute.reread(query, query.prompt + chosen)
    known = memory.letters[-len(chosen) :]
    return list(known) if compute.joined(known) == chosen else []


def product(letters: list[Letter], most: int = 6) -> str:
    """The probability of a text as a product, its last `most` factors written out, and how often
    the likeliest was taken."""
    if not letters:
        return _("Nothing is picked yet: the product of no factors is 1.")
    n_, count = counter(), len(letters)
    log = sum(math.log10(max(letter.probability, 1e-12)) for letter in letters)
    favourites = sum(letter.text == letter.candidates[0][0] for letter in letters)
    factors = [decimal(letter.probability, 2) for letter in letters[-most:]]
    shown = " · ".join([*(["…"] if count > len(factors) else []), *factors])
    product = _("p = {factors} = {total}.").format(factors=shown, total=power(log))
    taken = n_(
        "{favourites} of {count} character was the network's likeliest.",
        "{favourites} of {count} characters were the network's likeliest.",
        count,
    )
    return f"{product} {taken.format(favourites=favourites, count=count)}"


def power(log: float) -> str:
    """10 to the `log`: 0,032 or 10⁻⁸."""
    if log > -3:
        return decimal(10**log, 4)
    digits = decimal(10 ** (log - math.floor(log)), 1)
    return f"{digits} · 10{str(math.floor(log)).translate(numbers.SUPERSCRIPTS)}"
