// fast-check for the tests. In CI its runs are the same every time, because a verdict belongs to a commit; elsewhere each
// run tries something else.
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

if (process.env.CI) fastCheck.configureGlobal({ ...fastCheck.readConfigureGlobal(), seed: 20261124 });

module.exports = fastCheck;
