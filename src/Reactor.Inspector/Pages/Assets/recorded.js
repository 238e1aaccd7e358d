// The page of a recording: shows any moment, steps by event, callback and turn, plays. The hash of
// the URL holds the position, so that a link leads to the same moment.

import { getJson, linkTo } from './api.js';
import { el, byId, setChildren, setText } from './dom.js';
import { t, currentLanguage } from './strings.js';
import { count, moment } from './format.js';
import { drawTree } from './tasks.js';
import { makeSlider, moveSlider } from './timeline.js';

const playMs = 400;

export class RecordedPage {
  constructor(number, hasLive, draw, fail) {
    this.path = `/api/recordings/${number}`;
    this.number = number;
    this.hasLive = hasLive;
    this.draw = draw;
    this.fail = fail;
    this.view = null;
    this.player = null;
    this.wanted = null;
    this.isAsking = false;
    this.steps = new Promise((resolve) => { this.beginSteps = resolve; });
  }

  async start() {
    byId('recorded-controls').hidden = false;
    for (const button of document.querySelectorAll('[data-step]')) {
      button.addEventListener('click', () =>
        this.step(button.dataset.step, Number(button.dataset.count)));
    }
    byId('play').addEventListener('click', () => this.toggle());
    byId('position').addEventListener('change', () => this.go(byId('position').value));
    addEventListener('hashchange', () => this.followHash());
    this.spans = (await getJson(`${this.path}/timeline`)).spans;
    this.makeSlider();
    await this.followHash();
    this.beginSteps();
  }

  translate() {
    this.makeSlider();
    this.redraw();
  }

  makeSlider() {
    this.timeline = makeSlider(this.spans, (share) => this.ask({
      time: Math.round(share * this.view.moment.endNs),
    }));
  }

  async followHash() {
    const found = /^#event=(\d+)$/.exec(location.hash);
    const event = found ? Number(found[1]) : 0;
    if (!this.view || this.view.moment.event !== event) {
      await this.go(event);
    }
  }

  go(event) {
    return this.ask({ event });
  }

  // Each step begins where the one before has ended.
  step(by, number) {
    this.steps = this.steps.then(() =>
      this.ask({ event: this.view.moment.event, step: by, count: number }));
  }

  toggle() {
    if (this.player) {
      clearInterval(this.player);
      this.player = null;
    } else {
      this.player = setInterval(() => this.step('event', 1), playMs);
    }
    this.showPlay();
  }

  // While one request is under way, only the newest of the others is kept: a slider asks often.
  async ask(values) {
    this.wanted = values;
    if (this.isAsking) {
      return;
    }
    this.isAsking = true;
    while (this.wanted) {
      const next = this.wanted;
      this.wanted = null;
      try {
        this.view = await getJson(`${this.path}/state`, next);
        this.fail(null);
        this.redraw();
      } catch (error) {
        this.fail(error);
      }
    }
    this.isAsking = false;
  }

  redraw() {
    if (!this.view) {
      return;
    }
    const { event, events, timeNs, endNs } = this.view.moment;
    this.draw(this.view);
    drawTree(this.view.tree);
    moveSlider(this.timeline, this.view);
    history.replaceState(null, '', `#event=${event}`);
    byId('position').max = events;
    byId('position').value = event;
    setText(byId('position-of'), t('position.of', {
      count: count(events), time: moment(timeNs), end: moment(endNs),
    }));
    if (event === events && this.player) {
      this.toggle();
    }
    this.showPlay();
    this.showLinks(event);
    setText(byId('mode'), t('mode.recorded'));
    byId('mode').className = 'badge paused';
  }

  showPlay() {
    setText(byId('play'), t(this.player ? 'pause' : 'play'));
  }

  showLinks(event) {
    const link = (key, path, values) =>
      el('li', {}, el('a', { href: linkTo(path, values) }, t(key)));
    setChildren(byId('downloads'), [
      link('download.file', `${this.path}/file`),
      link('download.trace', `${this.path}/trace.json`),
      link('download.lanes', `${this.path}/picture.svg`, { kind: 'lanes', event }),
      link('download.turn', `${this.path}/picture.svg`, { kind: 'turn', event }),
      ...(this.hasLive ? [link('download.live', '/', { lang: currentLanguage() })] : []),
    ]);
  }

  keys() {
    return {
      ' ': () => this.toggle(),
      ArrowRight: (event) => this.step(event.shiftKey ? 'callback' : 'event', 1),
      ArrowLeft: (event) => this.step(event.shiftKey ? 'callback' : 'event', -1),
      ']': () => this.step('turn', 1),
      '[': () => this.step('turn', -1),
      Home: () => this.go(0),
      End: () => this.go(this.view.moment.events),
    };
  }
}
