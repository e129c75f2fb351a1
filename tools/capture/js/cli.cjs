// SPDX-License-Identifier: Apache-2.0

'use strict';

// What the programs of command lines share.

const { mkdtempSync, writeFileSync, mkdirSync } = require('node:fs');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { dirname, join } = require('node:path');

// run runs a program below node_modules in an empty folder that is its home, too. Files are put there before, by name. That it fails belongs to some cases.
// A cancelled one is left as at a terminal, while it waits for the end of its answer.
exports.run = async (program, args, env, files = {}) => {
  const home = mkdtempSync(join(__dirname, 'home-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), JSON.stringify(content));
  }
  const child = spawn(join(__dirname, 'node_modules', program), args, {
    cwd: home, env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...env }, stdio: ['ignore', 'inherit', 'inherit'], timeout: 50_000,
  });
  if (process.argv[2] === 'cancelled') {
    process.on('SIGINT', () => {});
    setTimeout(() => process.kill(0, 'SIGINT'), 12_000); // To all of the group, as a terminal does.
  }
  const [status] = await once(child, 'exit');
  process.exit(status !== 0 && !/^(server_error|rate_limited|dropped|cancelled)$/.test(process.argv[2]) ? 1 : 0);
};
