// The live page: asks for the newest state again and again, at most four times a second. The page
// can pause; the loop never does. A button records the next seconds. A link to a moment leads to
// the last events if they still have it.

import { getJson, postJson, linkTo } from './api.js';
import { el, byId, setChildren, setText } from './dom.js';
import { t } from './strings.js';
import { count, duration } from './format.js';
import { eventOfHash } from './log.js';
import { drawTree } from './tasks.js';
import { drawLiveTimeline, shareAt } from './timeline.js';

const treeEveryMs = 1000;
const retryMs = 1000;
const treesOfTasksMax = 2000;

export class LivePage {
  constructor(draw, fail) {
    this.draw = draw;
    this.fail = fail;
    this.isFollowing = true;
    this.version = 0;
    this.view = null;
    this.tree = null;
    this.linked = null;
    this.said = [null];
  }

  start() {
    byId('live-controls').hidden = false;
    byId('follow').addEventListener('click', () => this.toggle());
    byId('record-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.record();
    });
    byId('timeline').addEventListener('click', (event) => this.goToTime(event));
    addEventListener('hashchange', () => this.followHash());
    this.follow();
    this.followTree();
    this.translate();
  }

  translate() {
    setText(byId('follow'), t(this.isFollowing ? 'follow.pause' : 'follow.resume'));
    this.showMode();
    this.redraw();
    this.sayMoment(...this.said);
  }

  toggle() {
    this.isFollowing = !this.isFollowing;
    this.translate();
    if (this.isFollowing) {
      this.linked = null;
      this.sayMoment(null);
      history.replaceState(null, '', location.pathname + location.search);
      this.resume?.();
    }
  }

  // The page pauses, so that the event stays in view.
  go(event) {
    const { events } = this.view;
    if (!events.some((one) => one.index === event)) {
      this.sayMoment('moment.gone', { event: count(event), count: events.length });
      return;
    }
    this.linked = event;
    history.replaceState(null, '', `#event=${event}`);
    if (this.isFollowing) {
      this.toggle();
    }
    this.redraw();
    this.sayMoment('moment.held', { event: count(event) });
  }

  followHash() {
    const event = eventOfHash();
    if (event !== null && event !== this.linked) {
      this.go(event);
    }
  }

  // The first held event of the span of the timeline under the pointer.
  goToTime(click) {
    if (!this.view || click.target.dataset.event || !click.target.closest('svg')) {
      return;
    }
    const { history: spans, moment, events } = this.view;
    const at = Math.min(spans.length - 1, Math.floor(shareAt(click) * spans.length));
    const later = spans.slice(at + 1).reduce((sum, span) => sum + span.events, 0);
    const last = moment.event - later;
    if (spans[at].events === 0) {
      this.sayMoment('moment.none');
    } else {
      this.go(Math.min(last, Math.max(last - spans[at].events + 1, events[0].index)));
    }
  }

  sayMoment(key, values = {}) {
    this.said = [key, values];
    byId('moment').hidden = key === null;
    setText(byId('moment'), key === null ? '' : t(key, values));
  }

  async record() {
    const seconds = byId('seconds');
    if (!seconds.reportValidity() || byId('record').disabled) {
      return;
    }
    try {
      await postJson('/api/record', { seconds: seconds.value });
      this.showRecordings(await getJson('/api/recordings'));
    } catch (error) {
      setText(byId('recording'), t('record.failed', { reason: error.message }));
    }
  }

  // One request at a time; the server answers it when there is a newer state.
  async follow() {
    for (;;) {
      try {
        if (!this.isFollowing) {
          await new Promise((resolve) => { this.resume = resolve; });
        }
        await isShown();
        const view = await getJson('/api/live', { since: this.version });
        this.fail(null);
        this.version = view.version;
        if (this.isFollowing) {
          const isFirst = this.view === null;
          this.view = view;
          this.redraw();
          if (isFirst) {
            this.followHash();
          }
        }
        if (view.recordingVersion !== this.recordingVersion) {
          this.recordingVersion = view.recordingVersion;
          this.showRecordings(await getJson('/api/recordings'));
        }
      } catch (error) {
        this.fail(error);
        this.version = 0;
        await sleep(retryMs);
      }
    }
  }

  async followTree() {
    for (;;) {
      if (this.isFollowing && !document.hidden && this.view
          && this.view.tasks.count <= treesOfTasksMax) {
        try {
          this.tree = await getJson('/api/tree');
          drawTree(this.tree, this.tree.isLate);
        } catch {
          // The requests for the state report the failure.
        }
      } else if (this.view?.tasks.count > treesOfTasksMax) {
        this.tree = null; // the page draws the tree of the trace
      }
      await sleep(treeEveryMs);
    }
  }

  redraw() {
    if (!this.view) {
      return;
    }
    this.draw(this.view);
    drawLiveTimeline(this.view.history);
    drawTree(this.tree ?? this.view.tree, this.tree?.isLate);
    this.showMode();
  }

  showMode() {
    const key = this.view?.hasEnded ? 'ended' : this.isFollowing ? 'live' : 'paused';
    setText(byId('mode'), t(`mode.${key}`));
    byId('mode').className = `badge ${key}`;
  }

  showRecordings({ recordings, leftNs, failure }) {
    const isRecording = leftNs !== null;
    // The begin and the end are announced, not each half second between.
    byId('recording').setAttribute(
      'aria-live', isRecording && byId('record').disabled ? 'off' : 'polite');
    byId('record').disabled = isRecording;
    const newest = recordings[recordings.length - 1];
    setText(byId('recording'), failure ? t('record.failed', { reason: failure })
      : isRecording ? t('record.running', { left: duration(leftNs) })
        : newest ? t('record.done', { number: newest }) : '');
    setChildren(byId('recordings'), recordings.map((number) => el('li', {},
      el('a', { href: linkTo('/', { recording: number, lang: document.documentElement.lang
        === 'en' ? 'en' : 'zh' }) }, t('record.open', { number })))));
    if (isRecording) {
      clearTimeout(this.timer);
      this.timer = setTimeout(async () => {
        try {
          this.showRecordings(await getJson('/api/recordings'));
        } catch {
          // The requests for the state report the failure.
        }
      }, 500);
    }
  }

  keys() {
    return { ' ': () => this.toggle(), r: () => this.record() };
  }
}

// A tab in the background asks for nothing.
const isShown = () => (document.hidden
  ? new Promise((resolve) => {
    document.addEventListener('visibilitychange', resolve, { once: true });
  })
  : null);

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
