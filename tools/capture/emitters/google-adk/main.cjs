// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

process.env.GOOGLE_GEMINI_BASE_URL = capture.url;
const provider = capture.start();
(async () => {
  const { InMemoryRunner, LlmAgent, StreamingMode } = require('@google/adk');
  const agent = new LlmAgent({ name: 'greeter', model: 'gemini-2.5-flash', instruction: 'Greet.' });
  const runner = new InMemoryRunner({ agent, appName: 'capture' });
  const { id } = await runner.sessionService.createSession({ appName: 'capture', userId: 'someone' });
  const run = (streamingMode, abortSignal) => runner.runAsync({
    userId: 'someone', sessionId: id, newMessage: { role: 'user', parts: [{ text: 'Say hello.' }] }, runConfig: { streamingMode }, abortSignal,
  });
  const whole = () => capture.drain(run(StreamingMode.NONE));
  const stream = () => capture.drain(run(StreamingMode.SSE));
  await capture.main(provider, {
    chat: whole,
    cached: whole,
    server_error: whole,
    rate_limited: whole,
    stream,
    dropped: stream,
    cancelled: () => {
      const controller = new AbortController();
      return capture.leave(run(StreamingMode.SSE, controller.signal), () => controller.abort());
    },
  });
})();
