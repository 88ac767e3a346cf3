const { writeSync } = require('node:fs');

/** Ends a run with `N passed, N failed` on a line of its own, for whoever reads the log by machine. */
module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    // A test file that could not run at all is a failure, though it counts no test.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    // jest always adds its own summary after all other reporters.
    process.once('exit', () => writeSync(2, `\n${numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
};
