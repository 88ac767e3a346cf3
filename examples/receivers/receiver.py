# A receiver that takes only what is signed with its secret. Run it: pip install standardwebhooks
# WEBHOOK_SECRET=whsec_... PORT=8080 python3 receiver.py
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # The bytes as they came: JSON that was parsed and printed again is another text.
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            message = webhook.verify(body, dict(self.headers))
            # Every attempt of a message has the same id: what was handled under it is not handled again.
            print(self.headers["webhook-id"], message["execution_id"], flush=True)
            self.send_response(204)
        except WebhookVerificationError:
            self.send_response(401)
        self.end_headers()


server = HTTPServer(("", int(os.environ["PORT"])), Receiver)
print("listening on", server.server_port, flush=True)
server.serve_forever()
