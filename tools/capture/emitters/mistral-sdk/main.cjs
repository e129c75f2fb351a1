// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
(async () => {
  const { Mistral } = await import('@mistralai/mistralai');
  const { configureTelemetry } = await import('@mistralai/mistralai/extra/observability');
  const client = new Mistral({ apiKey: 'none', serverURL: capture.url, retryConfig: { strategy: 'none' } });
  await configureTelemetry(client, 'global');
  const body = { model: 'mistral-small-latest', messages: [{ role: 'user', content: 'Say hello.' }] };
  const complete = () => client.chat.complete(body);
  await capture.main(provider, {
    chat: complete,
    cached: complete,
    server_error: complete,
    rate_limited: complete,
    stream: async () => capture.drain(await client.chat.stream(body)),
    dropped: async () => capture.drain(await client.chat.stream(body)),
    cancelled: async () => {
      const controller = new AbortController();
      await capture.leave(await client.chat.stream(body, { fetchOptions: { signal: controller.signal } }), () => controller.abort());
    },
  });
})();
