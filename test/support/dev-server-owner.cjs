/** A program that starts the embedded server, says so on stdout, and lives until it is killed. Argument: settings, JSON. */
const { startDevServer } = require('../../dist/temporal/dev-server.js');

startDevServer(JSON.parse(process.argv[2])).then(
  ({ address, pid }) => console.log(JSON.stringify({ address, pid })),
  (error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  },
);
