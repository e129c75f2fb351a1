// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { Laminar } = require('@lmnr-ai/lmnr');
const openai = require('openai');

const { protocol, hostname, port } = new URL(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
Laminar.initialize({
  projectApiKey: 'none', baseUrl: `${protocol}//${hostname}`, httpPort: Number(port), forceHttp: true, disableBatch: true,
  instrumentModules: { openAI: openai.OpenAI },
});
const provider = { forceFlush: () => Laminar.flush(), shutdown: () => Laminar.shutdown() };
capture.main(provider, capture.openAI(new openai.OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
