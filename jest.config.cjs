const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, sourceMaps: 'inline' }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/support/seeded-fast-check.cjs' },
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  // Most tests wait for servers: with as many workers as processors, these are idle a third of the time; with twice as many,
  // what has to be quick is not.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testSequencer: '<rootDir>/test/support/slow-first.cjs',
  // Native modules stay in a worker from one file to the next.
  workerIdleMemoryLimit: '1GB',
  // Long enough for a machine that does other things as well: the slowest tests take half a minute on two processors.
  testTimeout: 120_000,
};
