// Tasks by what they wait for, and the await tree with its lines and cycles.

import { el, byId, setChildren, setText } from './dom.js';
import { t } from './strings.js';
import { count } from './format.js';
import { empty } from './lists.js';

export function drawTasks(view) {
  setText(byId('tasks-count'), count(view.tasks.count));
  const groups = view.tasks.groups;
  setChildren(byId('tasks'), groups.length === 0 ? [empty('tasks.empty')] : [
    el('table', {},
      el('caption', { class: 'hidden' }, t('tasks.caption')),
      el('thead', {}, el('tr', {},
        head('tasks.count', 'number'), head('tasks.waits'), head('tasks.place'),
        head('tasks.example'))),
      el('tbody', {}, ...groups.map(groupRow))),
    ...(view.tasks.leftOut > 0
      ? [el('p', { class: 'empty' }, t('more', { count: count(view.tasks.leftOut) }))] : []),
  ]);
}

const head = (key, name = null) => el('th', { scope: 'col', class: name }, t(key));

function groupRow(group) {
  const what = group.state === 'waiting' && group.what ? group.what : t(`tasks.${group.state}`);
  return el('tr', {},
    el('td', { class: 'number' }, count(group.count)),
    el('td', { class: 'code' }, what),
    el('td', { class: 'code' }, group.place ?? ''),
    el('td', {}, group.example));
}

export function drawTree(tree, isLate = false) {
  setChildren(byId('cycles'), [
    ...tree.cycles.map((cycle) => el('p', { class: 'cycle-note' }, t('tree.cycle', { cycle }))),
    ...(isLate ? [empty('tree.late')] : []),
  ]);
  setChildren(byId('tree'), tree.lines.length === 0 ? [empty('tree.empty')] : [
    el('ul', { class: 'tree-lines' }, ...tree.lines.map(treeLine)),
    ...(tree.leftOut > 0
      ? [el('p', { class: 'empty' }, t('more', { count: count(tree.leftOut) }))] : []),
  ]);
}

function treeLine(line) {
  const kind = line.isCycle ? 'cycle' : line.isTask ? 'task' : 'frame';
  return el('li', { class: kind }, '  '.repeat(line.depth) + (line.isTask ? '● ' : '└ ')
    + line.text + (line.note ? t(`tree.note.${line.note}`) : ''));
}
