// Text as tokens that can be tapped. Data enters as text and numbers only, never as HTML.

const observers = new WeakMap()

const toneOf = (value, scale) => {
  if (value === null || value === undefined) return "none"
  if (scale === "sequential") return "amount"
  return value >= 0 ? "positive" : "negative"
}

const shown = new WeakMap()

const update = (button, piece, index, data) => {
  // A text that grows is sent whole each time: only what changed is touched.
  const lined = index >= data.stretch[0] && index < data.stretch[1]
  const marks = [index, index === data.selected, index === data.marked, data.scale, lined]
  const look = JSON.stringify([piece, ...marks])
  if (shown.get(button) === look) return
  shown.set(button, look)
  const value = piece.value ?? 0
  button.textContent = piece.text
  button.title = piece.title
  button.dir = "auto"
  button.setAttribute("aria-label", piece.title.trim() ? piece.title : "␣")
  button.setAttribute("aria-pressed", String(index === data.selected || lined))
  button.dataset.index = index
  button.dataset.tone = toneOf(piece.value, data.scale)
  button.toggleAttribute("data-continues", piece.continues)
  button.toggleAttribute("data-marked", index === data.marked)
  button.toggleAttribute("data-lined", lined)
  button.style.setProperty("--strength", Math.min(1, Math.abs(value)))
  button.style.setProperty("--room", piece.room)
}

// One tab stop for the whole text; arrows move within it.
const focusable = (buttons, index) => {
  buttons.forEach((button, k) => { button.tabIndex = k === index ? 0 : -1 })
}

// Running text breaks between words, and at line ends, only if its pieces are no boxes.
const create = (flowing) => {
  const made = document.createElement(flowing ? "span" : "button")
  if (flowing) made.setAttribute("role", "button")
  else made.type = "button"
  made.className = "token"
  return made
}

const steps = {
  ArrowRight: (k) => k + 1,
  ArrowDown: (k) => k + 1,
  ArrowLeft: (k) => k - 1,
  ArrowUp: (k) => k - 1,
  Home: () => 0,
  End: (_, last) => last,
}

const move = (event, buttons) => {
  const step = steps[event.key]
  const current = buttons.indexOf(event.target)
  if (!step || current < 0 || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const next = Math.max(0, Math.min(buttons.length - 1, step(current, buttons.length - 1)))
  focusable(buttons, next)
  buttons[next].focus()
}

// Above a figure if every token fits its stretch of the axis, else as a paragraph.
const arrange = (root, aligned) => {
  root.classList.toggle("aligned", aligned)
  const fits = !aligned || [...root.children].every((button) => button.scrollWidth <= button.clientWidth + 1)
  if (aligned && !fits) root.classList.remove("aligned")
}

const watch = (root, aligned) => {
  observers.get(root)?.disconnect()
  let width = -1
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === width) return
    width = root.clientWidth
    arrange(root, aligned)
  })
  observer.observe(root)
  observers.set(root, observer)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tokens")
  root.setAttribute("aria-label", data.label)
  root.classList.toggle("flowing", data.flowing)
  root.classList.toggle("large", data.large)
  root.dataset.before = data.before
  root.style.setProperty("--left", `${data.left}px`)
  root.style.setProperty("--right", `${data.right}px`)
  while (root.children.length > data.pieces.length) root.lastChild.remove()
  while (root.children.length < data.pieces.length) {
    root.append(create(data.flowing))
  }
  const buttons = [...root.children]
  buttons.forEach((button, index) => update(button, data.pieces[index], index, data))
  const focused = buttons.indexOf(parentElement.activeElement)
  focusable(buttons, focused >= 0 ? focused : Math.max(0, data.selected ?? 0))
  root.onkeydown = (event) => {
    if (data.flowing && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault()
      event.target.click()
    } else move(event, buttons)
  }
  root.onclick = (event) => {
    const index = buttons.indexOf(event.target)
    if (index < 0) return
    focusable(buttons, index)
    setTriggerValue("tapped", index)
  }
  arrange(root, data.aligned)
  watch(root, data.aligned)
  return () => {
    observers.get(root)?.disconnect()
  }
}
