// Nanoseconds of CPU an operation on Node: setImmediate, setTimeout and promises. Prints one line an
// operation, its name and the figure with a tab between; `loops` of Reactor.Bench runs this. Node has
// no queue between tasks in its library, so that line is missing.
'use strict';

const CHAIN = 1_000_000;
const TASKS = 200_000;
const TRIPS = 300_000;
const soon = () => new Promise((resolve) => setImmediate(resolve));

async function timed(name, operations, run) {
  const start = process.cpuUsage();
  await run();
  const used = process.cpuUsage(start);
  console.log(`${name}\t${(((used.user + used.system) * 1000) / operations).toFixed(1)}`);
}

function callSoonChain() {
  return new Promise((resolve) => {
    let left = CHAIN;
    const step = () => (--left ? setImmediate(step) : resolve());
    setImmediate(step);
  });
}

async function taskSwitch() {
  const worker = async () => {
    for (let i = 0; i < 1000; i++) {
      await null; // a turn of the microtask queue: the nearest that Node has to sleep(0)
    }
  };
  await Promise.all(Array.from({ length: CHAIN / 1000 }, worker));
}

async function createTask() {
  const worker = async () => {
    await null;
  };
  await Promise.all(Array.from({ length: TASKS }, worker));
}

const down = async (n) => (n ? await down(n - 1) : 0);

async function nestedAwait() {
  for (let i = 0; i < CHAIN / 500; i++) {
    await down(500);
  }
}

async function downAndWait(n) {
  if (n) {
    return await downAndWait(n - 1);
  }
  await soon();
  return 0;
}

async function nestedAwaitThatWaits() {
  for (let i = 0; i < CHAIN / 500; i++) {
    await downAndWait(500);
  }
}

async function callLaterAndCancel() {
  const timers = Array.from({ length: CHAIN }, (_, i) => setTimeout(() => {}, 1e6 + (i % 997) * 1e3));
  timers.forEach(clearTimeout);
  await soon();
}

async function futureRoundTrip() {
  for (let i = 0; i < TRIPS; i++) {
    await new Promise((resolve) => setImmediate(resolve, 1));
  }
}

(async () => {
  await timed('call_soon chain', CHAIN, callSoonChain);
  await timed('task switch', CHAIN, taskSwitch);
  await timed('create and finish a task', TASKS, createTask);
  await timed('nested await', CHAIN, nestedAwait);
  await timed('nested await that waits', CHAIN, nestedAwaitThatWaits);
  await timed('call_later + cancel', CHAIN, callLaterAndCancel);
  await timed('future round trip', TRIPS, futureRoundTrip);
})();
