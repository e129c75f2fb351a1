// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

(async () => {
  const { Agent, VoltAgentObservability } = await import('@voltagent/core');
  const { createOpenAI } = await import('@ai-sdk/openai');
  const observability = new VoltAgentObservability({ serviceName: 'capture', spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] });
  const model = createOpenAI({ baseURL: `${capture.url}/v1`, apiKey: 'none' }).chat('gpt-4o-mini');
  const agent = new Agent({ name: 'greeter', instructions: 'Greet.', model, maxRetries: 0, observability });
  const generate = () => agent.generateText('Say hello.');
  const stream = async (more) => (await agent.streamText('Say hello.', more)).textStream;
  await capture.main(observability, {
    chat: generate,
    cached: generate,
    server_error: generate,
    rate_limited: generate,
    stream: async () => capture.drain(await stream()),
    dropped: async () => capture.drain(await stream()),
    cancelled: async () => {
      const controller = new AbortController();
      await capture.leave(await stream({ abortSignal: controller.signal }), () => controller.abort());
    },
  });
})();
