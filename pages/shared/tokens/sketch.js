// A drawing whose parts can be tapped and that plays in time. Data enters as text and numbers only.

const PACE = 800 // milliseconds a moment while it plays
const states = new WeakMap()

const head = (points, short) => {
  const [[x0, y0], [x1, y1]] = points.slice(-2)
  const length = Math.hypot(x1 - x0, y1 - y0) || 1
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length]
  const tip = [x1 - dx * short, y1 - dy * short]
  const base = [tip[0] - dx * 8, tip[1] - dy * 8]
  const side = (way) => [base[0] + way * dy * 4, base[1] - way * dx * 4]
  return { base, tip, polygon: [tip, side(1), side(-1)] }
}

const join = (points) => points.map((point) => point.join(",")).join(" ")
const ANCHORS = { left: "end", right: "start" }

const write = (shape, parent) => {
  const text = node("text", {
    x: shape.at[0], y: shape.at[1], "font-size": shape.type, "dominant-baseline": "central",
    "text-anchor": ANCHORS[shape.anchor.split(" ")[1]] ?? "middle", fill: shape.colour,
  }, parent)
  shape.text.forEach((piece, k) => {
    if (!piece) return
    const low = k % 2 === 1
    const span = node("tspan", { dy: low ? "0.3em" : k ? "-0.24em" : null, "font-size": low ? shape.type * 0.8 : null }, text)
    span.textContent = piece
  })
  return text
}

const paint = {
  b: (shape, parent) => node("rect", {
    x: shape.at[0], y: shape.at[1], width: shape.size[0], height: shape.size[1],
    fill: shape.fill, stroke: shape.edge, "stroke-width": shape.thickness, rx: 2,
  }, parent),
  d: (shape, parent) => node("circle", { cx: shape.at[0], cy: shape.at[1], r: 3.5, class: "dot" }, parent),
  t: write,
  s: (shape, parent) => {
    const group = node("g", {}, parent)
    const wide = shape.text.join("").length * 8 + 8
    node("rect", { x: shape.at[0] - wide / 2, y: shape.at[1] - 10, width: wide, height: 20, rx: 3, class: "sign" }, group)
    write(shape, group)
    return group
  },
  l: (shape, parent) => {
    const group = node("g", {}, parent)
    const { base, polygon } = head(shape.points, shape.short)
    const points = shape.bare ? shape.points : [...shape.points.slice(0, -1), base]
    node("polyline", { points: join(points), fill: "none", stroke: "transparent", "stroke-width": 16 }, group)
    node("polyline", { points: join(points), fill: "none", stroke: shape.colour, "stroke-width": 2, class: "line" }, group)
    if (!shape.bare) node("polygon", { points: join(polygon), fill: shape.colour }, group)
    return group
  },
}

// Of its own width, how much a drawing that may be squeezed gets.
const share = ({ data, frame }) =>
  data.squeezed && frame.clientWidth ? Math.min(1, Math.max(frame.clientWidth, 320) / data.across) : 1

const squeeze = (shape, by) => {
  const narrow = ([x, y]) => [x * by, y]
  const { at, points, size } = shape
  return { ...shape, at: at && narrow(at), size: size && narrow(size), points: points?.map(narrow) }
}

const build = (state) => {
  const { data, svg } = state
  state.share = share(state)
  svg.replaceChildren()
  svg.setAttribute("viewBox", `0 0 ${data.across * state.share} ${data.height}`)
  svg.style.minWidth = data.squeezed ? "" : `${data.across * 0.8}px`
  svg.style.maxHeight = data.room ? `${data.room}px` : ""
  svg.style.maxWidth = data.room ? "" : `${data.across * 1.3}px`
  state.here = node("rect", { class: "here", y: 0, height: data.height, rx: 6 }, svg)
  state.groups = new Map()
  state.shapes = data.shapes.map((shape) => {
    let parent = state.groups.get(shape.part)
    if (!parent) {
      parent = node("g", {}, svg)
      if (data.parts[shape.part]) {
        parent.dataset.part = shape.part
        parent.setAttribute("class", "part")
        parent.setAttribute("role", "button")
        node("title", {}, parent).textContent = data.parts[shape.part]
        parent.setAttribute("aria-label", data.parts[shape.part])
      }
      state.groups.set(shape.part, parent)
    }
    return [shape, paint[shape.kind](squeeze(shape, state.share), parent)]
  })
}

const visible = (state, group) => state.shapes.some(([shape, made]) =>
  shape.since <= state.at && state.groups.get(shape.part) === group && made.isConnected)

const tappable = (state) => [...state.groups.values()].filter((group) => group.dataset.part && visible(state, group))

const focusable = (state, chosen) => {
  const groups = tappable(state)
  const target = groups.includes(chosen) ? chosen : state.groups.get(state.data.selected) ?? groups[0]
  for (const group of state.groups.values()) if (group.dataset.part) group.setAttribute("tabindex", group === target ? 0 : -1)
}

const draw = (state) => {
  const { data, at } = state
  for (const [shape, made] of state.shapes) {
    const there = shape.since <= at
    made.style.visibility = there || shape.kind === "b" ? "visible" : "hidden"
    made.classList.toggle("ghost", !there)
    made.classList.toggle("new", data.moments.length > 1 && there && shape.since === at)
  }
  for (const [part, group] of state.groups) {
    if (!group.dataset.part) continue
    group.setAttribute("aria-pressed", String(part === data.selected))
    group.classList.toggle("chosen", part === data.selected)
  }
  const [x, width] = data.spans[at] ?? [0, 0]
  state.here.setAttribute("x", x)
  state.here.setAttribute("width", width)
  focusable(state, state.focused)
  if (data.moments.length < 2) return
  state.slider.max = data.moments.length - 1
  state.slider.value = at
  state.slider.setAttribute("aria-valuetext", data.moments[at])
  state.said.textContent = data.moments[at]
  state.play.textContent = state.timer ? "❚❚" : "▶"
  state.play.setAttribute("aria-label", state.timer ? data.texts.pause : data.texts.play)
  state.play.title = state.play.getAttribute("aria-label")
  state.back.disabled = at === 0
  state.step.disabled = at === data.moments.length - 1
  const scale = state.svg.clientWidth / data.across
  const frame = state.frame
  if (frame.scrollWidth > frame.clientWidth) {
    const [left, right] = [x * scale, (x + width) * scale]
    if (left < frame.scrollLeft || right > frame.scrollLeft + frame.clientWidth) {
      frame.scrollLeft = Math.max(0, left - (frame.clientWidth - width * scale) / 2)
    }
  }
}

const stop = (state) => {
  clearInterval(state.timer)
  state.timer = null
}

const save = (state) => {
  const { svg, data } = state
  const copy = svg.cloneNode(true)
  const look = getComputedStyle(svg)
  const across = data.across * state.share
  copy.setAttribute("width", across)
  copy.setAttribute("height", data.height)
  copy.setAttribute("style", `color: ${look.color}; font-family: ${look.fontFamily}`)
  for (const text of copy.querySelectorAll("text:not([fill])")) text.setAttribute("fill", look.color)
  for (const line of copy.querySelectorAll("[stroke=transparent], .here, title")) line.remove()
  for (const sign of copy.querySelectorAll(".sign, .dot")) sign.setAttribute("fill", "#56616d")
  for (const ghost of copy.querySelectorAll(".ghost")) ghost.remove()
  const drawn = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })
  const offer = (blob, ending) => {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(blob)
    link.download = `${data.name}.${ending}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  if (data.format !== "png") return offer(drawn, "svg")
  const image = new Image()
  image.onload = () => {
    const canvas = document.createElement("canvas")
    canvas.width = across * 2
    canvas.height = data.height * 2
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
    canvas.toBlob((blob) => offer(blob, "png"))
    URL.revokeObjectURL(image.src)
  }
  image.src = URL.createObjectURL(drawn)
}

const frameOf = (root, state) => {
  state.frame = element("div", "frame", root)
  state.svg = node("svg", { role: "group" }, state.frame)
  const bar = element("div", "bar", root)
  state.time = element("div", "time", bar)
  state.back = element("button", "back", state.time, "⏮")
  state.play = element("button", "play", state.time)
  state.step = element("button", "step", state.time, "⏭")
  state.slider = element("input", "slider", state.time)
  state.slider.type = "range"
  state.said = element("span", "said", state.time)
  const tools = element("div", "tools", bar)
  state.save = element("button", "save", tools, "⤓")
  state.full = element("button", "full", tools, "⛶")
}

const arrows = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

// The nearest part in the arrow's direction: what lies aside of it counts double.
const nearest = (state, from, [dx, dy]) => {
  const middle = (group) => {
    // Where its boxes are, or the head of its arrow: the middle of a wire says nothing.
    const drawn = [group.querySelectorAll("rect"), group.querySelectorAll("polygon"), [group]]
    const boxes = [...drawn.find((each) => each.length)].map((each) => each.getBoundingClientRect())
    const centre = (low, high) => (Math.min(...boxes.map(low)) + Math.max(...boxes.map(high))) / 2
    return [centre((box) => box.left, (box) => box.right), centre((box) => box.top, (box) => box.bottom)]
  }
  const [x, y] = middle(from)
  const costs = tappable(state).filter((group) => group !== from).map((group) => {
    const [there, high] = middle(group)
    const ahead = (there - x) * dx + (high - y) * dy
    const aside = Math.abs((there - x) * dy) + Math.abs((high - y) * dx)
    return [ahead > 2 ? ahead + 2 * aside : Infinity, group]
  })
  const [cost, group] = costs.reduce((best, each) => (each[0] < best[0] ? each : best), [Infinity, null])
  return cost < Infinity ? group : null
}

const listen = (state, setTriggerValue) => {
  const { svg } = state
  let waiting = null
  const send = () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => setTriggerValue("moved", state.at), 250)
  }
  const go = (at) => {
    stop(state)
    state.at = Math.max(0, Math.min(state.data.moments.length - 1, at))
    draw(state)
    send()
  }
  const tap = (group) => {
    state.focused = group
    focusable(state, group)
    setTriggerValue("tapped", group.dataset.part)
  }
  state.back.onclick = () => go(state.at - 1)
  state.step.onclick = () => go(state.at + 1)
  state.slider.oninput = () => go(Number(state.slider.value))
  state.save.onclick = () => save(state)
  state.full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : state.root.requestFullscreen?.())
  state.play.onclick = () => {
    const last = state.data.moments.length - 1
    if (state.timer) {
      stop(state)
      send()
    } else {
      if (state.at >= last) state.at = 0
      state.timer = setInterval(() => {
        state.at += 1
        if (state.at >= last) {
          state.at = last
          stop(state)
          send()
        }
        draw(state)
      }, PACE)
    }
    draw(state)
  }
  svg.onclick = (event) => {
    const group = event.target.closest(".part")
    if (group) tap(group)
  }
  svg.onkeydown = (event) => {
    const group = event.target.closest?.(".part")
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Enter" || event.key === " ") tap(group)
    else if (arrows[event.key]) {
      const next = nearest(state, group, arrows[event.key])
      if (next) {
        state.focused = next
        focusable(state, next)
        next.focus()
      }
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  // In lecture mode the arrows turn the slides: not while they move through time.
  state.slider.onkeydown = (event) => { if (event.key.startsWith("Arrow")) event.stopPropagation() }
  return () => {
    stop(state)
    clearTimeout(waiting)
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".sketch")
  let state = states.get(root)
  if (!state) {
    state = { root, at: data.at, timer: null, focused: null }
    states.set(root, state)
    frameOf(root, state)
    new ResizeObserver(() => {
      if (!state.data || share(state) === state.share) return
      build(state)
      draw(state)
    }).observe(state.frame)
  }
  const other = state.data?.id !== data.id
  // While it plays the moment is the drawing's own; else another run or a link may have chosen one.
  if (other) stop(state)
  if (other || (!state.timer && data.at !== state.data.at)) state.at = data.at
  const held = parentElement.activeElement?.dataset?.part
  const look = JSON.stringify([data.shapes, data.parts, data.room, data.across, data.height])
  state.data = data
  if (state.look !== look) build(state)
  state.look = look
  state.focused = state.groups.get(held ?? state.focused?.dataset.part) ?? null
  state.svg.setAttribute("aria-label", data.label)
  state.time.hidden = data.moments.length < 2
  for (const name of ["back", "step", "save", "full"]) {
    state[name].setAttribute("aria-label", data.texts[name])
    state[name].title = data.texts[name]
  }
  state.slider.setAttribute("aria-label", data.texts.time)
  const end = listen(state, setTriggerValue)
  draw(state)
  if (held) state.focused?.focus()
  return end
}
