// SPDX-License-Identifier: Apache-2.0

'use strict';

const cli = require('./cli.cjs');

cli.run('.bin/gemini', ['--model', 'gemini-2.5-flash', '--skip-trust', '--prompt', 'Say hello.'], {
  GOOGLE_GEMINI_BASE_URL: process.env.PROVIDER_URL, GEMINI_CLI_TRUST_WORKSPACE: 'true',
}, {
  '.gemini/settings.json': {
    telemetry: {
      enabled: true, traces: true, target: 'local', otlpEndpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT, otlpProtocol: 'http', logPrompts: false,
    },
    security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false, disableAutoUpdate: true, maxAttempts: 1, retryFetchErrors: false },
  },
});
