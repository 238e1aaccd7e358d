// The turn as a ring: four phases clockwise from the top, the current one strong; a thin inner ring
// shows how the last second was divided; each mark on the batch is one piece of its work.

import { el, svg, byId, setChildren } from './dom.js';
import { t } from './strings.js';
import { count, percent } from './format.js';

const phases = ['poll', 'collect', 'due', 'batch'];
const radius = 82;
const shareRadius = 64;
const middle = 110;
const gapDegrees = 7;
// Poll and batch take most of the time of a turn, so they get most of the ring.
const degrees = { poll: 110, collect: 62, due: 62, batch: 126 };
const marksMax = 40;

export function drawRing(view) {
  const phase = view.turn.phase;
  const shares = view.turn.pollShare === null ? null : [
    ['poll', view.turn.pollShare], ['batch', 1 - view.turn.pollShare],
  ];
  const label = t('turn.ring', { turn: count(view.turn.number), phase: t(`phase.${phase}`) });
  const picture = svg('svg', { viewBox: '0 0 220 220', role: 'img', 'aria-label': label });
  let start = 0;
  phases.forEach((name, i) => {
    const end = start + degrees[name];
    picture.append(svg('path', {
      d: arc(radius, start + gapDegrees / 2, end - gapDegrees / 2),
      class: `phase-arc ${name}${name === phase ? ' now' : ''}`,
    }));
    if (name === 'batch') {
      picture.append(...marks(view.turn, start + gapDegrees, end - gapDegrees));
    }
    picture.append(number(i + 1, start + degrees[name] / 2), arrowAt(end));
    start = end;
  });
  if (shares) {
    picture.append(...shareArcs(shares));
  }
  picture.append(
    svg('text', { x: middle, y: middle - 20, class: 'ring-small' }, t('turn.number')),
    svg('text', { x: middle, y: middle + 8, class: 'ring-turn' }, count(view.turn.number)),
    svg('text', { x: middle, y: middle + 28, class: 'ring-small' }, t(`phase.${phase}`)));
  setChildren(byId('ring'), [picture]);
  setChildren(byId('phases'), [...phases.map((name, i) => phaseItem(view, name, i)),
    ...(shares ? [shareItem(view.turn.pollShare)] : [])]);
}

function phaseItem(view, name, i) {
  const isNow = view.turn.phase === name;
  const extra = name === 'batch' && view.turn.batchSize > 0 && isNow
    ? ` ${t('phase.batch.size', { done: view.turn.batchDone, size: view.turn.batchSize })}` : '';
  return el('li', { class: isNow ? `${name} now` : name, 'aria-current': isNow ? 'step' : null },
    el('span', { class: 'name' }, `${i + 1}. ${t(`phase.${name}`)}`), extra,
    el('span', { class: 'what' }, t(`phase.${name}.what`)));
}

const shareItem = (pollShare) => el('li', {}, el('span', { class: 'what' },
  t('turn.share', { poll: percent(pollShare), busy: percent(1 - pollShare) })));

function marks(turn, start, end) {
  const size = Math.min(turn.batchSize, marksMax);
  const done = turn.batchSize > 0 ? (turn.batchDone / turn.batchSize) * size : 0;
  return Array.from({ length: size }, (_, i) => {
    const [x, y] = point(radius + 17, start + ((i + 0.5) / size) * (end - start));
    return svg('circle', {
      cx: x, cy: y, r: 2.6, class: 'ring-back',
      'fill-opacity': i < done ? 0.2 : 1,
    });
  });
}

function number(text, angle) {
  const [x, y] = point(radius, angle);
  return svg('g', {},
    svg('circle', { cx: x, cy: y, r: 9, class: 'ring-back' }),
    svg('text', { x, y, class: 'ring-number' }, String(text)));
}

function arrowAt(angle) {
  const [x, y] = point(radius, angle);
  return svg('path', {
    d: 'M-3 -4.500 L4 0 L-3 4.500 Z', class: 'arrow',
    transform: `translate(${x} ${y}) rotate(${angle})`,
  });
}

function shareArcs(shares) {
  let at = 0;
  return shares.filter(([, share]) => share > 0.002).map(([name, share]) => {
    const from = at;
    at += share * 359.9;
    return svg('path', { d: arc(shareRadius, from, at), class: `share ${name}` });
  });
}

// Degrees clockwise from the top.
function point(r, angle) {
  const radians = ((angle - 90) * Math.PI) / 180;
  return [middle + r * Math.cos(radians), middle + r * Math.sin(radians)]
    .map((value) => Number(value.toFixed(2)));
}

function arc(r, start, end) {
  const [x1, y1] = point(r, start);
  const [x2, y2] = point(r, end);
  return `M${x1} ${y1} A${r} ${r} 0 ${end - start > 180 ? 1 : 0} 1 ${x2} ${y2}`;
}

