// The timeline: for each span the share of time that the loop worked, the number of events, and
// slow work. A click leads to its moment. In a recording a slider of the same width does the same.

import { el, svg, byId, setChildren } from './dom.js';
import { t } from './strings.js';
import { moment } from './format.js';

const width = 1000;
const height = 54;
const base = 50;
const slowWidthMin = 6;

// Spans: [{ busy: 0…1, events, slow }], evenly divided over the shown time.
export function timelinePicture(spans, label, here = null) {
  const most = Math.max(1, ...spans.map((span) => span.events));
  const step = width / Math.max(1, spans.length);
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
  spans.forEach((span, i) => {
    const tall = base * span.busy;
    picture.append(svg('rect', {
      class: 'busy', x: (i * step).toFixed(2), width: step.toFixed(2),
      y: (base - tall).toFixed(2), height: tall.toFixed(2),
    }));
  });
  const points = spans.map((span, i) =>
    `${((i + 0.5) * step).toFixed(2)},${(base - (base - 3) * (span.events / most)).toFixed(2)}`);
  picture.append(
    svg('polyline', {
      class: 'rate', points: points.join(' '), 'vector-effect': 'non-scaling-stroke',
    }),
    svg('line', { class: 'base', x1: 0, x2: width, y1: base, y2: base }),
    ...slowMarks(spans, step));
  if (here !== null) {
    const x = (here * width).toFixed(2);
    picture.append(svg('line', {
      class: 'here', x1: x, x2: x, y1: 0, y2: height, 'vector-effect': 'non-scaling-stroke',
    }));
  }
  return picture;
}

// Over the other shapes, wide enough to click, and inside the picture.
function slowMarks(spans, step) {
  const wide = Math.max(slowWidthMin, step);
  return spans.flatMap((span, i) => (span.slow === 0 ? [] : [svg('rect', {
    class: 'slow', x: Math.min(i * step, width - wide).toFixed(2), y: 0, height: 8,
    width: wide.toFixed(2), 'data-event': span.slowEvent,
  })]));
}

export const legend = () => el('p', { class: 'legend' },
  ...['busy', 'rate', 'slow'].map((name) => el('span', {},
    el('span', { class: `key ${name}`, 'aria-hidden': 'true' }), t(`timeline.${name}`))));

// The share of the width at which a pointer is.
export const shareAt = (event) => {
  const { left, width: shown } = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - left) / shown));
};

export function drawLiveTimeline(spans) {
  setChildren(byId('timeline'), [timelinePicture(spans, t('timeline.live')), legend()]);
}

// Made once; afterwards only the marker and the slider move, so that the slider keeps its focus.
// Picture and slider have the same scale: time.
export function makeSlider(spans, onMove) {
  const slider = el('input', {
    type: 'range', min: 0, max: width, step: 1, value: 0, 'aria-label': t('timeline.position'),
  });
  slider.addEventListener('input', () => onMove(Number(slider.value) / width));
  const picture = timelinePicture(spans, t('timeline.recorded'), 0);
  picture.addEventListener('click', (event) => {
    if (!event.target.dataset.event) {
      onMove(shareAt(event));
    }
  });
  byId('timeline').replaceChildren(picture, slider, legend());
  return { slider, picture };
}

export function moveSlider({ slider, picture }, view) {
  const { event, timeNs, endNs } = view.moment;
  const x = endNs > 0 ? (timeNs / endNs) * width : 0;
  slider.value = String(Math.round(x));
  slider.setAttribute('aria-valuetext', `${event}, ${moment(timeNs)}`);
  const here = picture.querySelector('.here');
  here.setAttribute('x1', x.toFixed(2));
  here.setAttribute('x2', x.toFixed(2));
}
