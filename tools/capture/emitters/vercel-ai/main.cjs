// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
(async () => {
  const ai = await import('ai');
  const { OpenTelemetry } = await import('@ai-sdk/otel');
  const { createOpenAI } = await import('@ai-sdk/openai');
  ai.registerTelemetry(new OpenTelemetry());
  const openai = createOpenAI({ baseURL: `${capture.url}/v1`, apiKey: 'none' });
  const options = { model: openai.chat('gpt-4o-mini'), prompt: 'Say hello.', maxRetries: 0, onError: () => {} };
  const generate = () => ai.generateText(options);
  const stream = (more = {}) => ai.streamText({ ...options, ...more });
  await capture.main(provider, {
    chat: generate,
    cached: generate,
    server_error: generate,
    rate_limited: generate,
    stream: () => capture.drain(stream().textStream),
    dropped: () => capture.drain(stream().textStream),
    cancelled: () => {
      const controller = new AbortController();
      return capture.leave(stream({ abortSignal: controller.signal }).textStream, () => controller.abort());
    },
    responses: () => ai.generateText({ ...options, model: openai.responses('gpt-4o-mini') }),
    embeddings: () => ai.embed({ model: openai.textEmbeddingModel('text-embedding-3-small'), value: 'hello', maxRetries: 0 }),
  });
})();
