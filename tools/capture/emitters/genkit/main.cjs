// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
const { genkit } = require('genkit');
const { openAI } = require('@genkit-ai/compat-oai/openai');
const ai = genkit({ plugins: [openAI({ apiKey: 'none', baseURL: `${capture.url}/v1`, maxRetries: 0 })] });
const options = { model: openAI.model('gpt-4o-mini'), prompt: 'Say hello.' };
const generate = () => ai.generate(options);
const stream = async (more = {}) => {
  const { stream, response } = ai.generateStream({ ...options, ...more });
  await capture.drain(stream);
  await response;
};
capture.main(provider, {
  chat: generate, cached: generate, server_error: generate, rate_limited: generate, stream, dropped: stream,
});
