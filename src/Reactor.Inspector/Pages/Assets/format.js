// Numbers and durations as text, the same in both languages.

const units = [
  [1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns'],
];

// Three significant digits: 1.23 ms, 45.6 µs, 2 min 5 s.
export function duration(ns) {
  if (ns === 0) {
    return '0 s';
  }
  const size = Math.abs(ns);
  if (size >= 60e9) {
    const seconds = Math.round(size / 1e9);
    return `${ns < 0 ? '-' : ''}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const [scale, unit] = units.find(([least]) => size >= least) ?? units[units.length - 1];
  return `${Number((ns / scale).toPrecision(3))} ${unit}`;
}

// A moment keeps its microseconds: two neighbours must differ.
export const moment = (ns) => `${(ns / 1e9).toFixed(6)} s`;

export const count = (number) => number.toLocaleString('en-US');

export const percent = (share) => `${Math.round(share * 100)} %`;
