// The dialog with the keys and the words of this page.

import { el, byId, setChildren } from './dom.js';
import { t } from './strings.js';

const keys = [
  [['Space'], 'space'], [['←', '→'], 'event'], [['Shift ←', 'Shift →'], 'callback'],
  [['[', ']'], 'turn'], [['S', 's'], 'slow'], [['Home', 'End'], 'ends'], [['r'], 'record'],
  [['l'], 'language'], [['?'], 'help'],
];
const words = ['turn', 'callback', 'task', 'step', 'batch'];

export function startHelp() {
  byId('open-help').addEventListener('click', openHelp);
}

export function openHelp() {
  byId('help').showModal();
}

export function drawHelp() {
  setChildren(byId('keys'), keys.flatMap(([names, key]) => [
    el('dt', {}, ...names.flatMap((name, i) => [i > 0 ? ' ' : '', el('kbd', {}, name)])),
    el('dd', {}, t(`key.${key}`)),
  ]));
  setChildren(byId('words'), words.flatMap((word) => [
    el('dt', {}, t(`word.${word}`)), el('dd', {}, t(`word.${word}.what`)),
  ]));
}
