// SPDX-License-Identifier: Apache-2.0

'use strict';

const cli = require('./cli.cjs');

cli.run('.bin/qwen', ['--auth-type', 'openai', '--prompt', 'Say hello.'], {
  OPENAI_BASE_URL: `${process.env.PROVIDER_URL}/v1`, OPENAI_MODEL: 'gpt-4o-mini',
}, {
  '.qwen/settings.json': {
    telemetry: { enabled: true, target: 'local', otlpEndpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT, otlpProtocol: 'http', logPrompts: false },
    memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false }, privacy: { usageStatisticsEnabled: false }, general: { enableAutoUpdate: false, disableAutoUpdate: true },
  },
});
