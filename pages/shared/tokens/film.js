// A film, pixel by pixel, and time lines below it. Data enters as text and numbers only.

const states = new WeakMap()

// From black over violet and orange to pale yellow: as bright in grey as in colour.
const HEAT = [[21, 24, 29], [92, 45, 110], [196, 78, 82], [240, 160, 70], [255, 240, 190]]
const PALETTES = {
  grey: Array.from({ length: 256 }, (_, v) => `rgb(${v},${v},${v})`),
  heat: Array.from({ length: 256 }, (_, v) => {
    const place = (v / 255) * (HEAT.length - 1)
    const k = Math.min(HEAT.length - 2, Math.floor(place))
    const mix = HEAT[k].map((low, c) => Math.round(low + (HEAT[k + 1][c] - low) * (place - k)))
    return `rgb(${mix.join(",")})`
  }),
}

const labelAt = (runs, at) => {
  const run = runs.find(([first, end]) => first <= at && at < end)
  return run ? run[2] : -1
}

const draw = (state) => {
  const { data, at, pixels, bytes } = state
  const size = data.side * data.side
  pixels.forEach((pixel, k) => pixel.setAttribute("fill", PALETTES[data.palette][bytes[at * size + k]]))
  const left = `${(100 * (at + 0.5)) / data.count}%`
  state.cursor.style.left = left
  const seconds = data.texts.time.replace(/0(.)5/, (_, mark) => (at / data.pace).toFixed(1).replace(".", mark))
  state.time.textContent = seconds
  const words = data.lines.map((line, k) => {
    const label = labelAt(line.runs, at)
    const name = label < 0 ? data.texts.none : data.names[label]
    state.said[k].text.textContent = name
    state.said[k].swatch.style.background = label < 0 ? "transparent" : data.colours[label]
    return `${line.name}: ${name}`
  })
  state.axis.setAttribute("aria-valuenow", at)
  state.axis.setAttribute("aria-valuetext", [seconds, ...words].join("; "))
  state.button.textContent = state.timer ? `❚❚ ${data.texts.pause}` : `▶ ${data.texts.play}`
}

const track = (parent, runs, count, colour, thin = false) => {
  const bar = node("svg", { class: thin ? "track thin" : "track", viewBox: `0 0 ${count} 1`, preserveAspectRatio: "none" })
  for (const [first, end, label] of runs) {
    node("rect", { x: first, y: 0, width: end - first, height: 1, fill: colour(label) }, bar)
  }
  parent.append(bar)
}

const build = (root, state) => {
  const { data } = state
  root.replaceChildren()
  const screen = node("svg", { class: "screen", viewBox: `0 0 ${data.side} ${data.side}`, "shape-rendering": "crispEdges", role: "img", "aria-label": data.label }, root)
  state.pixels = Array.from({ length: data.side ** 2 }, (_, k) =>
    node("rect", { x: k % data.side, y: Math.floor(k / data.side), width: 1.02, height: 1.02 }, screen))
  const side = element("div", "side", root)
  const controls = element("div", "controls", side)
  state.button = element("button", "play", controls)
  state.button.type = "button"
  state.time = element("span", "time", controls)
  const said = element("dl", "said", side)
  state.said = data.lines.map((line) => {
    element("dt", "", said, line.name)
    const where = element("dd", "", said)
    return { swatch: element("span", "swatch", where), text: element("span", "", where) }
  })
  state.axis = element("div", "axis", root)
  for (const [key, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": data.label, "aria-valuemin": 0, "aria-valuemax": data.count - 1 })) {
    state.axis.setAttribute(key, value)
  }
  for (const line of data.lines) {
    element("div", "name", state.axis, line.name)
    track(state.axis, line.runs, data.count, (label) => data.colours[label])
  }
  if (data.differs.length) {
    element("div", "name", state.axis, data.texts.differs)
    track(state.axis, data.differs, data.count, () => "currentColor", true)
  }
  state.cursor = element("div", "cursor", state.axis)
  const legend = element("div", "legend", root)
  data.names.forEach((name, k) => {
    const entry = element("span", "", legend)
    element("span", "swatch", entry).style.background = data.colours[k]
    element("span", "", entry, name)
  })
}

const stop = (state) => {
  clearInterval(state.timer)
  state.timer = null
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".film")
  const before = states.get(root)
  const same = before?.data.id === data.id && before.data.count === data.count
  const state = same ? before : { at: data.at, timer: null }
  if (before && !same) stop(before)
  // While it plays, the frame is the film's own; else a link or another run may have chosen one.
  if (same && !state.timer && data.at !== before.data.at) state.at = data.at
  state.data = data
  if (!same) state.bytes = Uint8Array.from(atob(data.frames), (c) => c.charCodeAt(0))
  const look = JSON.stringify([data.id, data.lines, data.differs, data.names, data.texts, data.label])
  if (state.look !== look) build(root, state)
  state.look = look
  states.set(root, state)

  let waiting = null
  const send = () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => setTriggerValue("chosen", state.at), 250)
  }
  const go = (at) => {
    state.at = Math.max(0, Math.min(data.count - 1, at))
    draw(state)
  }
  const toggle = () => {
    if (state.timer) {
      stop(state)
      send()
    } else {
      if (state.at >= data.count - 1) state.at = 0
      state.timer = setInterval(() => {
        if (state.at >= state.data.count - 1) {
          stop(state)
          send()
        } else state.at += 1
        draw(state)
      }, 1000 / data.pace)
    }
    draw(state)
  }
  const point = (event) => {
    const box = state.axis.getBoundingClientRect()
    stop(state)
    go(Math.floor(((event.clientX - box.left) / box.width) * data.count))
    send()
  }
  state.button.onclick = toggle
  state.axis.onpointerdown = (event) => {
    state.axis.setPointerCapture(event.pointerId)
    point(event)
  }
  state.axis.onpointermove = (event) => { if (event.buttons) point(event) }
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }
  state.axis.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Enter" || event.key === " ") toggle()
    else if (event.key === "Home" || event.key === "End") {
      go(event.key === "Home" ? 0 : data.count - 1)
      send()
    } else if (steps[event.key]) {
      stop(state)
      go(state.at + steps[event.key])
      send()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  draw(state)
  return () => {
    stop(state)
    clearTimeout(waiting)
  }
}
