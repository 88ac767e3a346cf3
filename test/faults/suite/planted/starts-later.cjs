// A bug that only faults bring to light: an event counts as started, and is answered with 202, a while before it is started.
const { setTimeout } = require('node:timers');
const { EventStarter } = require('../../../../dist/ingest/event-starter.js');

const LATER_MS = 1_500;

const { start } = EventStarter.prototype;
EventStarter.prototype.start = async function startLater(...args) {
  setTimeout(() => start.apply(this, args).catch(() => undefined), LATER_MS);
  this.store.events.markStarted(args[0], args[1]);
  return { started: 0, existed: 0 };
};
