// A receiver that takes only what is signed with its secret. Run it: npm install standardwebhooks
// WEBHOOK_SECRET=whsec_... PORT=8080 node receiver.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The bytes as they came: JSON that was parsed and printed again is another text.
  const body = Buffer.concat(chunks).toString();
  try {
    const message = webhook.verify(body, request.headers);
    // Every attempt of a message has the same id: what was handled under it is not handled again.
    console.log(request.headers['webhook-id'], message.execution_id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});
server.listen(Number(process.env.PORT), () => console.log(`listening on ${server.address().port}`));
