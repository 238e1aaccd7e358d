// The last events as sentences, the sentence of the newest beside the ring, and links to events.

import { el, byId, setChildren, setText } from './dom.js';
import { t, word } from './strings.js';
import { count, duration, moment } from './format.js';

// Values that are durations arrive in nanoseconds.
export function sentence(event) {
  const values = { ...event.args };
  for (const [name, ns] of Object.entries(event.durations ?? {})) {
    values[name] = duration(ns);
  }
  for (const what of ['kind', 'state']) {
    values[what] = word(what, values[what]);
  }
  return t(`event.${event.key}`, values);
}

// main.js follows it; in a recording its address leads to the same moment.
export const momentLink = (event, text) => el('a', {
  class: 'value', href: `#event=${event}`, 'data-event': event,
  title: t('moment.link', { event: count(event) }),
}, text);

export function eventOfHash() {
  const found = /^#event=(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) : null;
}

// The event that a link leads to; null: none.
export function drawLog(view, linked = null) {
  const rows = view.events.map((event, i) => el('li', {
    class: [
      i === view.events.length - 1 ? 'now' : '',
      event.index === linked ? 'linked' : '',
      event.key.startsWith('slow') || event.key === 'dropped' ? 'bad' : '',
    ].join(' ').trim() || null,
  },
  el('span', { class: 'time' }, moment(event.timeNs)),
  el('span', { class: 'index' }, count(event.index)),
  el('span', { class: 'text' }, sentence(event))));
  // A reader that has scrolled back stays there.
  const log = byId('log');
  const isAtEnd = linked === null
    && log.scrollHeight - log.scrollTop - log.clientHeight < 8;
  setChildren(log, rows.length > 0 ? rows
    : [el('li', {}, el('span', { class: 'empty' }, t('log.empty')))]);
  if (isAtEnd) {
    log.scrollTop = log.scrollHeight;
  } else if (linked !== null) {
    log.querySelector('.linked')?.scrollIntoView({ block: 'nearest' });
  }
}

// A live loop has thousands of events in a second: its sentence is that of the phase.
export function drawSentence(view) {
  const newest = view.events[view.events.length - 1];
  byId('sentence').setAttribute('aria-live', view.mode === 'live' ? 'off' : 'polite');
  if (view.mode === 'live') {
    setText(byId('event-head'), '');
    setText(byId('event-text'), t(`phase.${view.turn.phase}.what`));
    return;
  }
  setText(byId('event-head'), newest
    ? t('log.head', { index: count(newest.index), time: moment(newest.timeNs) }) : '');
  setText(byId('event-text'), newest ? sentence(newest) : t('log.start'));
}
