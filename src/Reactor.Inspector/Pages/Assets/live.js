// The live page: asks for the newest state again and again, at most four times a second. The page
// can pause; the loop never does. A button records the next seconds.

import { getJson, postJson, linkTo } from './api.js';
import { el, byId, setChildren, setText } from './dom.js';
import { t } from './strings.js';
import { duration } from './format.js';
import { drawTree } from './tasks.js';
import { drawLiveTimeline } from './timeline.js';

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
  }

  start() {
    byId('live-controls').hidden = false;
    byId('follow').addEventListener('click', () => this.toggle());
    byId('record-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.record();
    });
    this.follow();
    this.followTree();
    this.translate();
  }

  translate() {
    setText(byId('follow'), t(this.isFollowing ? 'follow.pause' : 'follow.resume'));
    this.showMode();
    this.redraw();
  }

  toggle() {
    this.isFollowing = !this.isFollowing;
    this.translate();
    if (this.isFollowing) {
      this.resume?.();
    }
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
          this.view = view;
          this.redraw();
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
