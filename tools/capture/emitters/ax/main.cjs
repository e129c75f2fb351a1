// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
(async () => {
  const { ai } = await import('@ax-llm/ax');
  const llm = ai({
    name: 'openai', apiKey: 'none', apiURL: `${capture.url}/v1`, config: { model: 'gpt-4o-mini', stream: false },
    options: { tracer: provider.getTracer('application'), retry: { maxRetries: 0 } },
  });
  const chat = (stream, more = {}) => llm.chat({ chatPrompt: [{ role: 'user', content: 'Say hello.' }] }, { stream, ...more });
  const whole = () => chat(false);
  await capture.main(provider, {
    chat: whole,
    cached: whole,
    server_error: whole,
    rate_limited: whole,
    stream: async () => capture.drain(await chat(true)),
    dropped: async () => capture.drain(await chat(true)),
    cancelled: async () => {
      const controller = new AbortController();
      await capture.leave(await chat(true, { abortSignal: controller.signal }), () => controller.abort());
    },
  });
})();
