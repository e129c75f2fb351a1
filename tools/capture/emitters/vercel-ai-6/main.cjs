// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
const ai = require('ai');
const { createOpenAI } = require('@ai-sdk/openai');
const openai = createOpenAI({ baseURL: `${capture.url}/v1`, apiKey: 'none' });
const common = { maxRetries: 0, experimental_telemetry: { isEnabled: true } };
const options = { ...common, model: openai.chat('gpt-4o-mini'), prompt: 'Say hello.', onError: () => {} };
const generate = () => ai.generateText(options);
const stream = (more = {}) => ai.streamText({ ...options, ...more });
capture.main(provider, {
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
  embeddings: () => ai.embed({ ...common, model: openai.textEmbeddingModel('text-embedding-3-small'), value: 'hello' }),
});
