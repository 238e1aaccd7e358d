// The four histograms, on a logarithmic scale, each with its worst values, their causes, and links
// to their moments.

import { el, svg, byId, setChildren } from './dom.js';
import { t } from './strings.js';
import { count, duration } from './format.js';
import { momentLink } from './log.js';

const width = 300;
const height = 84;
const base = 66;

export function drawHistograms(view) {
  setChildren(byId('histograms'), view.histograms.map(chart));
}

function chart(histogram) {
  const name = t(`histogram.${histogram.name}`);
  const values = {
    name,
    count: count(histogram.count),
    p50: duration(histogram.p50Ns),
    p99: duration(histogram.p99Ns),
    max: duration(histogram.maxNs),
  };
  const title = el('h3', {}, name,
    el('span', { class: 'count' }, t(`histogram.${histogram.name}.what`)));
  if (histogram.count === 0) {
    return el('div', { class: 'chart' }, title, el('p', { class: 'empty' }, t('histogram.empty')));
  }
  return el('div', { class: 'chart' }, title,
    columns(histogram, t('histogram.label', values)),
    el('p', { class: 'figures' }, t('histogram.figures', values)),
    culprits(histogram));
}

// A column for each power of two of nanoseconds; heights are roots, so that rare values show.
function columns(histogram, label) {
  const { buckets } = histogram;
  const most = Math.max(...buckets.map((bucket) => bucket.count));
  const step = width / buckets.length;
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
  buckets.forEach((bucket, i) => {
    const tall = bucket.count === 0 ? 0 : Math.max(2, base * Math.sqrt(bucket.count / most));
    picture.append(svg('rect', {
      x: (i * step + 0.5).toFixed(2), width: Math.max(1, step - 1).toFixed(2),
      y: (base - tall).toFixed(2), height: tall.toFixed(2),
      class: i === buckets.length - 1 ? 'column worst' : 'column',
    }));
  });
  picture.append(svg('line', { x1: 0, x2: width, y1: base, y2: base, class: 'axis' }));
  const last = buckets[buckets.length - 1];
  return el('div', {}, picture, el('div', { class: 'legend', 'aria-hidden': 'true' },
    el('span', {}, `≥ ${duration(buckets[0].fromNs)}`),
    el('span', {}, `… < ${duration(last.fromNs * 2)}`)));
}

function culprits(histogram) {
  if (histogram.culprits.length === 0) {
    return null;
  }
  return el('div', { class: 'culprits' },
    el('h4', { class: 'hidden' }, t('histogram.culprits')),
    el('ol', {}, ...histogram.culprits.map((one) => el('li', {},
      momentLink(one.event, duration(one.valueNs)),
      el('span', {},
        el('span', { class: 'name' }, one.place ? `${one.name} ${one.place}` : one.name),
        one.cause === null ? null : `, ${t('histogram.cause', { cause: one.cause })}`)))));
}
