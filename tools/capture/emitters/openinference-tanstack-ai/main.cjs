// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
(async () => {
  const { chat } = await import('@tanstack/ai');
  const { openInferenceMiddleware } = await import('@arizeai/openinference-tanstack-ai');
  const { createOpenaiChatCompletions } = await import('@tanstack/ai-openai');
  const adapter = createOpenaiChatCompletions('gpt-4o-mini', 'none', { baseURL: `${capture.url}/v1`, maxRetries: 0 });
  const middleware = [openInferenceMiddleware()];
  const stream = (more) => chat({ adapter, messages: [{ role: 'user', content: 'Say hello.' }], middleware, ...more });
  const drain = () => capture.drain(stream());
  await capture.main(provider, {
    stream: drain,
    cached: drain,
    server_error: drain,
    rate_limited: drain,
    dropped: drain,
    cancelled: () => {
      const abortController = new AbortController();
      return capture.leave(stream({ abortController }), () => setTimeout(() => abortController.abort(), 100));
    },
  });
})();
