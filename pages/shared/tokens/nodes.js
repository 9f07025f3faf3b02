// What both drawings are made of: SVG nodes and elements whose content is text only. Stands before
// each component's own program.

const SVG = "http://www.w3.org/2000/svg"

const node = (name, attributes = {}, parent = null) => {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value)
  }
  parent?.append(made)
  return made
}

const element = (name, className, parent, text = "") => {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  parent.append(made)
  if (name === "button") made.type = "button"
  return made
}

