/**
 * A program that stores secrets without end, and says on stdout which credentials were acknowledged. It ends when its
 * standard input does. Arguments: the settings of the store as JSON, and a name for what it writes.
 */
const { writeSync } = require('node:fs');
const { credentialSchema } = require('../../dist/destinations/credential.js');
const { openStore } = require('../../dist/store/open-store.js');

const [settings, who] = process.argv.slice(2);
const change = { workspace: 'default', actor: 'writer' };
let isOver = false;
process.stdin.on('end', () => (isOver = true)).resume();

async function writeSecrets(store) {
  for (let nth = 0; !isOver; nth += 1) {
    const id = `${who}-${nth}`;
    const written = { kind: 'bearer', origins: ['https://hooks.example.com'], token: `token-${id}` };
    await store.credentials.put(change, id, written, (whole) => credentialSchema.parse(whole));
    await store.callSettings.callSettings('default', `https://${id}.example`, {});
    writeSync(1, `${id}\n`);
  }
  await store.close();
}

openStore(JSON.parse(settings)).then(writeSecrets);
