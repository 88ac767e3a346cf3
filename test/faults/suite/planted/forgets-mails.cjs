// A bug: every other mail counts as sent and is not.
const transport = require('../../../../dist/mail/transport.js');

const EVERY = 2;

const { createMailTransport } = transport;
let mails = 0;
transport.createMailTransport = (settings) => {
  const real = createMailTransport(settings);
  return {
    ...real,
    send: async (message, abort) => {
      mails += 1;
      if (mails % EVERY === 1) return { messageId: message.messageId, receipt: '250 OK' };
      return real.send(message, abort);
    },
  };
};
