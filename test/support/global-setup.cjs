const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** Tests run the built program and the built workflow bundle, so what they find built is always what stands in src/. */
module.exports = () => {
  execFileSync(process.execPath, [join(__dirname, '../../scripts/setup.mjs')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};
