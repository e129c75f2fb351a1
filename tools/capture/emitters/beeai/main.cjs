// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { BeeAIInstrumentation } = require('@arizeai/openinference-instrumentation-beeai');

const instrumentation = new BeeAIInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
instrumentation.manuallyInstrument(require('beeai-framework'));
const { OpenAIChatModel } = require('beeai-framework/adapters/openai/backend/chat');
const { OpenAIEmbeddingModel } = require('beeai-framework/adapters/openai/backend/embedding');
const { UserMessage } = require('beeai-framework/backend/message');

const client = { baseURL: `${capture.url}/v1`, apiKey: 'none', compatibility: 'compatible' };
const model = new OpenAIChatModel('gpt-4o-mini', {}, client);
const input = (options = {}) => ({ messages: [new UserMessage('Say hello.')], maxRetries: 0, ...options });
const chat = () => model.create(input());
const stream = () => model.create(input({ stream: true }));
capture.main(provider, {
  chat, cached: chat, server_error: chat, rate_limited: chat, stream, dropped: stream,
  cancelled: () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    return model.create(input({ stream: true, abortSignal: controller.signal }));
  },
  embeddings: () => new OpenAIEmbeddingModel('text-embedding-3-small', {}, client).create({ values: ['hello'] }),
});
