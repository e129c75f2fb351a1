// SPDX-License-Identifier: Apache-2.0

'use strict';

const cli = require('./cli.cjs');

const provider = {
  npm: '@ai-sdk/openai-compatible', options: { baseURL: `${process.env.PROVIDER_URL}/v1`, apiKey: 'none' },
  models: { 'gpt-4o-mini': { name: 'gpt-4o-mini' } },
};
cli.run(`opencode-${process.platform}-${process.arch}/bin/opencode`, ['run', '--model', 'local/gpt-4o-mini', '--title', 'hello', 'Say hello.'], {
  OTEL_BSP_SCHEDULE_DELAY: '50', OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
}, {
  '.config/opencode/opencode.json': {
    provider: { local: provider }, experimental: { openTelemetry: true }, autoupdate: false, share: 'disabled',
  },
});
