// SPDX-License-Identifier: Apache-2.0

'use strict';

const cli = require('./cli.cjs');

cli.run('.bin/copilot', ['--prompt', 'Say hello.', '--allow-all-tools', '--no-auto-update'], {
  COPILOT_PROVIDER_TYPE: 'openai', COPILOT_PROVIDER_BASE_URL: `${process.env.PROVIDER_URL}/v1`, COPILOT_PROVIDER_API_KEY: 'none',
  COPILOT_MODEL: 'gpt-4o-mini', COPILOT_OFFLINE: 'true', COPILOT_OTEL_ENABLED: 'true', COPILOT_AUTO_UPDATE: 'false',
});
