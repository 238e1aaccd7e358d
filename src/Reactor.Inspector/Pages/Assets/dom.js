// Makes elements and puts text into the page. Text is always set as text, never as markup, because
// names of tasks and connections come from the inspected program.

const svgSpace = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

// el('li', { class: 'now' }, 'text', otherElement)
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

// Sets the text only if it differs: a live region speaks each change.
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// Leaves equal children alone, so that focus, selection and scroll position stay.
export function setChildren(parent, children) {
  const same = parent.childNodes.length === children.length
    && children.every((child, i) => parent.childNodes[i].isEqualNode(child));
  if (!same) {
    parent.replaceChildren(...children);
  }
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
