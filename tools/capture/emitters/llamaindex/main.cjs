// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { LlamaIndexInstrumentation } = require('@traceloop/instrumentation-llamaindex');

const instrumentation = new LlamaIndexInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
instrumentation.manuallyInstrument?.(require('llamaindex'));
instrumentation.manuallyInstrumentOpenAI?.(require('@llamaindex/openai'));
const { OpenAI } = require('@llamaindex/openai');
const model = new OpenAI({ model: 'gpt-4o-mini', apiKey: 'none', baseURL: `${capture.url}/v1`, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Say hello.' }];
const chat = () => model.chat({ messages });
const stream = async () => capture.drain(await model.chat({ messages, stream: true }));
capture.main(provider, {
  chat, cached: chat, server_error: chat, rate_limited: chat, stream, dropped: stream,
});
