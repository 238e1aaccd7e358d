// The panels that are lists: ready queue with the end of the batch, timers, connections by state.

import { el, byId, setChildren, setText } from './dom.js';
import { t, word } from './strings.js';
import { count, duration } from './format.js';

export function drawQueue(view) {
  const { items, inBatch, leftOut } = view.ready;
  const rows = [];
  if (view.turn.running) {
    rows.push(workItem(view.turn.running, t('queue.running'), 'running'));
  }
  items.forEach((work, i) => {
    if (i === inBatch && view.turn.phase === 'batch') {
      rows.push(border());
    }
    rows.push(workItem(work));
  });
  if (items.length > 0 && inBatch >= items.length && view.turn.phase === 'batch') {
    rows.push(border());
  }
  addRest(rows, leftOut);
  rows.push(...view.ready.messages.map((one) => workItem(one, t('queue.mailbox'))));
  addRest(rows, view.ready.messageCount - view.ready.messages.length);
  showList('queue', view.ready.count, rows, 'queue.empty');
}

export function drawTimers(view) {
  const rows = view.timers.items.map((timer) => workItem(timer, dueText(timer.dueInNs)));
  addRest(rows, view.timers.leftOut);
  showList('timers', view.timers.count, rows, 'timers.empty');
}

function dueText(ns) {
  if (ns === null) {
    return null;
  }
  return ns >= 0 ? t('timers.in', { time: duration(ns) })
    : t('timers.late', { time: duration(-ns) });
}

// The address of the picture of a connection; null: live.
export function drawConnections(view, pictureOf = null) {
  const kinds = view.objects;
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
  setText(byId('connections-count'), count(total));
  if (total === 0) {
    setChildren(byId('connections'), [empty('connections.empty')]);
    return;
  }
  setChildren(byId('connections'), kinds.map((kind) => el('div', {},
    kinds.length > 1 ? el('h3', {}, word('kind', kind.kind)) : null,
    el('ul', { class: 'bars' },
      ...kind.states.map((state) => bar(state, kind.count, pictureOf))))));
}

function bar(state, total, pictureOf) {
  const filled = el('div', { class: 'bar-fill' });
  filled.style.width = `${(100 * state.count) / total}%`;
  return el('li', {},
    el('span', {}, word('state', state.state)),
    el('div', { class: 'bar-track', 'aria-hidden': 'true' }, filled),
    el('span', { class: 'number' }, count(state.count)),
    el('span', { class: 'ids' }, ...state.ids.map((id) => (pictureOf
      ? el('a', { href: pictureOf(id), title: t('connections.number', { number: id }) }, `#${id}`)
      : el('span', {}, `#${id}`))), state.ids.length < state.count ? '…' : null));
}

function workItem(work, value = null, name = '') {
  return el('li', { class: name || null },
    el('span', { class: 'kind' }, t(`kind.${work.kind}`)),
    el('span', { class: 'name' }, work.place ? `${work.name} ${work.place}` : work.name),
    value === null ? null : el('span', { class: 'value' }, value));
}

const border = () => el('li', { class: 'border' }, t('queue.border'));

export const empty = (key) => el('p', { class: 'empty' }, t(key));

function addRest(rows, leftOut) {
  if (leftOut > 0) {
    rows.push(el('li', { class: 'empty' }, t('more', { count: count(leftOut) })));
  }
}

function showList(id, total, rows, emptyKey) {
  setText(byId(`${id}-count`), count(total));
  setChildren(byId(id), rows.length > 0 ? rows : [el('li', { class: 'empty' }, t(emptyKey))]);
}
