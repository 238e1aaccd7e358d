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

// Changes only what differs, so that focus, selection and scroll position stay, and a click on a
// link is not lost because the link was replaced. Children have no listeners of their own.
export function setChildren(parent, children) {
  while (parent.childNodes.length > children.length) {
    parent.lastChild.remove();
  }
  children.forEach((child, i) => {
    const old = parent.childNodes[i];
    if (!old) {
      parent.append(child);
    } else if (!old.isEqualNode(child)) {
      change(old, child);
    }
  });
}

function change(old, now) {
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== now.nodeName) {
    old.replaceWith(now);
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of now.attributes) {
    if (name === 'style') {
      old.style.cssText = value; // the policy of the page forbids the attribute
    } else if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  setChildren(old, [...now.childNodes]);
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
