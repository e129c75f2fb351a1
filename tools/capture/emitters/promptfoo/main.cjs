// SPDX-License-Identifier: Apache-2.0

'use strict';

const cli = require('./cli.cjs');

cli.run('.bin/promptfoo', ['eval', '--no-cache', '--no-write', '--no-progress-bar'], {
  PROMPTFOO_DISABLE_TELEMETRY: '1', PROMPTFOO_DISABLE_UPDATE: '1', PROMPTFOO_OTEL_ENABLED: 'true', PROMPTFOO_OTEL_LOCAL_EXPORT: 'false',
  PROMPTFOO_OTEL_ENDPOINT: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
}, {
  'promptfooconfig.json': {
    prompts: ['Say hello.'], tests: [{ vars: {} }], tracing: { enabled: true },
    providers: [{ id: 'openai:chat:gpt-4o-mini', config: { apiBaseUrl: `${process.env.PROVIDER_URL}/v1`, apiKey: 'none' } }],
  },
});
