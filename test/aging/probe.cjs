// Loaded into the service by --require: tells its parent what it holds, after a garbage collection; and leaks on demand, so
// that the check can be shown to see it.
const { connect } = require('node:net');
const { setInterval } = require('node:timers');
const { isMainThread } = require('node:worker_threads');

const leaked = [];
let leaking;

function countsOf(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const leaks = {
  memory: () => leaked.push(Buffer.alloc(10_000).toString('hex')),
  timers: () => leaked.push(setInterval(() => undefined, 3_600_000)),
  sockets: (port) => leaked.push(connect(port, '127.0.0.1').on('error', () => undefined)),
};

function listen() {
  process.on('message', ({ leak, port }) => {
    if (leak !== undefined) {
      leaking ??= setInterval(() => leaks[leak](port), 50).unref();
      return;
    }
    globalThis.gc();
    const { rss, heapUsed, external } = process.memoryUsage();
    const { Timeout = 0, ...others } = countsOf(process.getActiveResourcesInfo());
    process.send({ rss, heapUsed, external, timers: Timeout, others });
  });
  // Listening alone must not keep the service up.
  process.channel.unref();
}

// The threads of workflows load it, too.
if (isMainThread) listen();
