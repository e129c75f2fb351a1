// SPDX-License-Identifier: Apache-2.0

'use strict';

// What the programs of command lines share.

const { mkdtempSync, writeFileSync, mkdirSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { dirname, join } = require('node:path');

// run runs a program below node_modules in an empty folder that is its home, too. Files are put there before, by name. That it fails belongs to some cases.
exports.run = (program, args, env, files = {}) => {
  const home = mkdtempSync(join(__dirname, 'home-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), JSON.stringify(content));
  }
  const done = spawnSync(join(__dirname, 'node_modules', program), args, {
    cwd: home, env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...env }, stdio: ['ignore', 'inherit', 'inherit'], timeout: 50_000,
  });
  if (done.status !== 0 && !/^(server_error|rate_limited|dropped)$/.test(process.argv[2])) process.exitCode = 1;
};
