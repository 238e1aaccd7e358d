// The page of a recording: shows any moment, steps by event, callback and turn, plays. The hash of
// the URL holds the position, so that a link leads to the same moment.

import { getJson, linkTo } from './api.js';
import { el, byId, setChildren, setText } from './dom.js';
import { t, currentLanguage } from './strings.js';
import { count, moment } from './format.js';
import { eventOfHash } from './log.js';
import { drawTree } from './tasks.js';
import { makeSlider, moveSlider } from './timeline.js';

const pictureKinds = ['lanes', 'turn', 'queue', 'timers', 'tree', 'connection'];
const playMs = 400;
const addressMs = 250;

export class RecordedPage {
  constructor(number, hasLive, draw, fail) {
    this.path = `/api/recordings/${number}`;
    this.number = number;
    this.hasLive = hasLive;
    this.draw = draw;
    this.fail = fail;
    this.view = null;
    this.player = null;
    this.time = null;
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
    await this.ask({ event: eventOfHash() ?? 0 });
    this.beginSteps();
  }

  translate() {
    this.makeSlider();
    this.redraw();
  }

  makeSlider() {
    this.timeline = makeSlider(this.spans, (share) => this.slide(share));
  }

  async followHash() {
    const event = eventOfHash() ?? 0;
    if (this.view?.moment.event !== event) {
      await this.go(event);
    }
  }

  go(event) {
    this.steps = this.steps.then(() => this.ask({ event }));
    return this.steps;
  }

  // A slider asks often: only its newest time is asked for.
  slide(share) {
    const isUnderWay = this.time !== null;
    this.time = Math.round(share * this.view.moment.endNs);
    if (!isUnderWay) {
      this.steps = this.steps.then(() => {
        const { time } = this;
        this.time = null;
        return this.ask({ time });
      });
    }
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

  // One at a time: only the chain of steps asks.
  async ask(values) {
    try {
      this.view = await getJson(`${this.path}/state`, values);
      this.fail(null);
      this.redraw();
    } catch (error) {
      this.fail(error);
    }
  }

  // Browsers limit how often an address changes.
  showAddress(event) {
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => {
      try {
        history.replaceState(null, '', `#event=${event}`);
      } catch {
        // The address is only a link to the moment.
      }
    }, addressMs);
  }

  redraw() {
    if (!this.view) {
      return;
    }
    const { event, events, timeNs, endNs } = this.view.moment;
    this.draw(this.view);
    drawTree(this.view.tree);
    moveSlider(this.timeline, this.view);
    this.showAddress(event);
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

  // All its states, whatever the position.
  pictureOf(connection) {
    return linkTo(`${this.path}/picture.svg`, { kind: 'connection', connection });
  }

  showLinks(event) {
    const link = (key, path, values) =>
      el('li', {}, el('a', { href: linkTo(path, values) }, t(key)));
    setChildren(byId('pictures'), pictureKinds.map((kind) =>
      link(`picture.${kind}`, `${this.path}/picture.svg`, { kind, event })));
    setChildren(byId('downloads'), [
      link('download.file', `${this.path}/file`),
      link('download.trace', `${this.path}/trace.json`),
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
      s: () => this.step('slow', 1),
      S: () => this.step('slow', -1),
      Home: () => this.go(0),
      End: () => this.go(this.view.moment.events),
    };
  }
}
