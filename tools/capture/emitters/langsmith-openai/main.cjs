// SPDX-License-Identifier: Apache-2.0

'use strict';

process.env.LANGSMITH_TRACING = 'true';
process.env.LANGSMITH_OTEL_ENABLED = 'true';
process.env.OTEL_ENABLED = 'true';
const capture = require('./capture.cjs');

const provider = capture.start();
const { initializeOTEL } = require('langsmith/experimental/otel/setup');
initializeOTEL({ globalTracerProvider: provider, skipGlobalContextManagerSetup: true });
const { Client } = require('langsmith');
const { wrapOpenAI } = require('langsmith/wrappers');
const { OpenAI } = require('openai');
const tracing = new Client({ apiUrl: capture.url, apiKey: 'none' });
const client = wrapOpenAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 }), { client: tracing });
capture.main(provider, capture.openAI(client), () => tracing.awaitPendingTraceBatches());
