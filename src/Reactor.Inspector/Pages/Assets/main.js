// Starts the page: live loop or recording, language, keyboard. The panels draw a state that the
// server has reduced from the events of the loop; the page computes none itself.

import { getJson, linkTo, shownRecording } from './api.js';
import { byId, setText } from './dom.js';
import { currentLanguage, loadStrings, setLanguage, t, translatePage } from './strings.js';
import { count, duration } from './format.js';
import { drawRing } from './ring.js';
import { drawConnections, drawQueue, drawTimers } from './lists.js';
import { drawTasks } from './tasks.js';
import { drawHistograms } from './charts.js';
import { drawLog, drawSentence } from './log.js';
import { drawHelp, openHelp, startHelp } from './help.js';
import { LivePage } from './live.js';
import { RecordedPage } from './recorded.js';

let session = null;
let page = null;
let failure = null;
let announced = null;

function draw(view) {
  drawRing(view);
  drawSentence(view);
  drawQueue(view);
  drawTimers(view);
  drawConnections(view, page.pictureOf?.bind(page));
  drawTasks(view);
  drawHistograms(view);
  drawLog(view, page.linked);
  showNotices(view);
  byId('as-text').href = linkTo('/text', {
    lang: currentLanguage(),
    ...(view.mode === 'recorded' ? { recording: page.number, event: view.moment.event } : {}),
  });
}

function showNotices(view) {
  const blocked = byId('blocked');
  blocked.hidden = view.blocked === null;
  const text = view.blocked && t(view.blocked.place ? 'blocked.at' : 'blocked', {
    what: view.blocked.what, place: view.blocked.place, for: duration(view.blocked.forNs),
  });
  setText(blocked, text ?? '');
  // Announced once for each block, not each time that its duration grows.
  const block = view.blocked && `${view.blocked.what} ${view.blocked.place}`;
  if (block !== announced) {
    announced = block;
    setText(byId('blocked-alert'), text ?? '');
  }
  byId('cut').hidden = view.counters.dropped === 0;
  setText(byId('cut'), t('cut', { count: count(view.counters.dropped) }));
}

function fail(error) {
  failure = error;
  byId('problem').hidden = error === null;
  if (error !== null) {
    setText(byId('problem'), error.status ? error.message : t('offline'));
  }
}

function translate() {
  translatePage();
  drawHelp();
  const other = byId('language');
  setText(other, t('other'));
  other.lang = currentLanguage() === 'zh' ? 'en' : 'zh-Hans';
  if (session) {
    setText(byId('run'), t('run', session));
  }
  page?.translate();
  fail(failure);
}

function changeLanguage() {
  setLanguage(currentLanguage() === 'zh' ? 'en' : 'zh');
  translate();
}

// A link to a moment; with a modifier the browser opens it in another tab.
function onClick(event) {
  const link = event.target.closest('[data-event]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    page?.go(Number(link.dataset.event));
  }
}

const scrollKeys = [' ', 'ArrowLeft', 'ArrowRight', 'Home', 'End'];

// Keys of the page; text fields, buttons and what scrolls keep theirs.
function onKey(event) {
  const tag = event.target.tagName;
  if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open || tag === 'INPUT'
      || (event.key === ' ' && (tag === 'BUTTON' || tag === 'A'))
      || (scrollKeys.includes(event.key) && event.target.closest('.scroll'))) {
    return;
  }
  const keys = { l: changeLanguage, '?': openHelp, ...page?.keys() };
  const action = keys[event.key];
  if (action) {
    event.preventDefault();
    action(event);
  }
}

async function start() {
  await loadStrings();
  translate();
  startHelp();
  byId('language').addEventListener('click', changeLanguage);
  addEventListener('keydown', onKey);
  addEventListener('click', onClick);
  try {
    session = await getJson('/api/session',
      shownRecording === null ? {} : { recording: shownRecording });
  } catch (error) {
    fail(error);
    return;
  }
  page = session.recording === null
    ? new LivePage(draw, fail)
    : new RecordedPage(session.recording, session.isLive, draw, fail);
  setText(byId('run'), t('run', session));
  try {
    await page.start();
  } catch (error) {
    fail(error);
  }
}

start();
