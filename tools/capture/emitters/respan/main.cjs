// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

(async () => {
  const { KeywordsAITelemetry } = await import('@keywordsai/tracing');
  const openai = require('openai');
  const telemetry = new KeywordsAITelemetry({
    apiKey: 'none', baseURL: process.env.OTEL_EXPORTER_OTLP_ENDPOINT, appName: 'capture', instrumentModules: { openAI: openai.OpenAI },
  });
  await telemetry.initialize();
  const provider = { forceFlush: async () => {}, shutdown: () => telemetry.shutdown() };
  const cases = capture.openAI(new openai.OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 }));
  // Spans outside of workflows are not sent.
  const around = (call) => telemetry.withWorkflow({ name: 'greet' }, call);
  await capture.main(provider, cases, undefined, around);
})();
