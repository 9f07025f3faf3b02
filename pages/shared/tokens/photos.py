"""Photos to choose from: small pictures with their names, one of them chosen.

Like the tokens: data goes in as JSON and becomes SVG nodes and `textContent` only. The row is one
tab stop; arrow keys move within it, Enter and Space choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st


class Thumbnail(TypedDict):
    """A photo by its id, its name, and itself as a data URI; "" while it is being read."""

    id: str
    name: str
    picture: str


_mount = st.components.v2.component(
    "rnnlab_photos",
    html='<div class="photos" role="radiogroup"></div>',
    css="""
.photos {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  max-height: 190px;
  padding: 3px;
  overflow-y: auto;
  font-family: var(--st-font);
}

.photo {
  box-sizing: border-box;
  width: 82px;
  margin: 0;
  padding: 3px;
  border: 2px solid transparent;
  border-radius: 8px;
  color: var(--st-text-color);
  background: transparent;
  font: inherit;
  font-size: 13px;
  cursor: pointer;
}

.photo svg {
  display: block;
  width: 100%;
  border-radius: 5px;
  background: var(--st-secondary-background-color);
}

.photo span {
  display: block;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.photo[aria-checked="true"] {
  border-color: var(--st-primary-color);
  font-weight: 600;
}

.photo:focus-visible {
  outline: 3px solid var(--st-primary-color);
  outline-offset: 1px;
}
""",
    js="""
const SVG = "http://www.w3.org/2000/svg"
const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

const create = (photo, chosen) => {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "photo"
  button.title = photo.name
  button.dataset.id = photo.id
  button.tabIndex = photo.id === chosen ? 0 : -1
  button.setAttribute("role", "radio")
  button.setAttribute("aria-checked", String(photo.id === chosen))
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 4 3")
  svg.setAttribute("aria-hidden", "true")
  if (photo.picture) {
    const image = document.createElementNS(SVG, "image")
    image.setAttribute("href", photo.picture)
    image.setAttribute("width", "4")
    image.setAttribute("height", "3")
    image.setAttribute("preserveAspectRatio", "xMidYMid slice")
    svg.append(image)
  }
  const name = document.createElement("span")
  name.textContent = photo.name
  button.append(svg, name)
  return button
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".photos")
  root.setAttribute("aria-label", data.label)
  const focused = parentElement.activeElement?.dataset?.id
  const buttons = data.photos.map((photo) => create(photo, data.chosen))
  root.replaceChildren(...buttons)
  buttons.find((button) => button.dataset.id === focused)?.focus()
  root.onclick = (event) => {
    const button = event.target.closest(".photo")
    if (button) setTriggerValue("chosen", button.dataset.id)
  }
  root.onkeydown = (event) => {
    const from = buttons.indexOf(event.target)
    const next = buttons[from + (steps[event.key] ?? 0)]
    if (from < 0 || !next || !steps[event.key]) return
    event.preventDefault()
    next.focus()
  }
}
""",
)


def choose_photo(photos: Sequence[Thumbnail], chosen: str, *, key: str, label: str) -> None:
    """Shows the photos, the one with the id `chosen` marked. A tap puts another's id into
    `st.session_state[key]` before the script runs. `label` names the row for a screen reader."""

    def tap() -> None:
        st.session_state[key] = str(st.session_state[f"{key}_component"].chosen)

    _mount(
        key=f"{key}_component",
        data={"photos": list(photos), "chosen": chosen, "label": label},
        on_chosen_change=tap,
    )
