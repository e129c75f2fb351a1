// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

(async () => {
  const { Mastra } = await import('@mastra/core');
  const { Agent } = await import('@mastra/core/agent');
  const { Observability } = await import('@mastra/observability');
  const { OtelExporter } = await import('@mastra/otel-exporter');
  const { createOpenAI } = await import('@ai-sdk/openai');
  const endpoint = `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`;
  const exporter = new OtelExporter({ provider: { custom: { endpoint, protocol: 'http/protobuf' } } });
  const model = createOpenAI({ baseURL: `${capture.url}/v1`, apiKey: 'none' }).chat('gpt-4o-mini');
  const greeter = new Agent({ id: 'greeter', name: 'greeter', instructions: 'Greet.', model, maxRetries: 0 });
  const observability = new Observability({ configs: { otel: { serviceName: 'capture', exporters: [exporter] } } });
  const mastra = new Mastra({ agents: { greeter }, observability, logger: false });
  const agent = mastra.getAgent('greeter');
  const generate = () => agent.generate('Say hello.');
  const stream = async (more) => (await agent.stream('Say hello.', more)).textStream;
  await capture.main({ forceFlush: () => exporter.flush?.(), shutdown: () => mastra.shutdown?.() }, {
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
