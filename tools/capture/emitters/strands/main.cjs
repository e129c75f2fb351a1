// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
(async () => {
  const { Agent } = await import('@strands-agents/sdk');
  const { OpenAIModel } = await import('@strands-agents/sdk/models/openai');
  const { setupTracer } = await import('@strands-agents/sdk/telemetry');
  setupTracer({ provider });
  const clientConfig = { baseURL: `${capture.url}/v1`, maxRetries: 0 };
  const model = new OpenAIModel({ api: 'chat', modelId: 'gpt-4o-mini', apiKey: 'none', clientConfig });
  const agent = new Agent({ model, printer: false, retryStrategy: null });
  const invoke = () => agent.invoke('Say hello.');
  await capture.main(provider, {
    stream: () => capture.drain(agent.stream('Say hello.')),
    chat: invoke,
    cached: invoke,
    server_error: invoke,
    rate_limited: invoke,
    dropped: invoke,
    cancelled: async () => {
      const controller = new AbortController();
      for await (const event of agent.stream('Say hello.', { cancelSignal: controller.signal })) {
        if (event.event?.type === 'modelContentBlockDeltaEvent') controller.abort();
      }
    },
  });
})();
