// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { Openlit } = require('openlit');

Openlit.init({ applicationName: 'capture', disableBatch: true, otlpEndpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT });
const { OpenAI } = require('openai');
const sent = () => new Promise((resolve) => setTimeout(resolve, 500));
capture.main({ forceFlush: sent, shutdown: async () => {} }, capture.openAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
