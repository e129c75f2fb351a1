// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { setupObservability } = require('langwatch/observability/node');
const { LangWatchCallbackHandler } = require('langwatch/observability/instrumentation/langchain');
const { ChatOpenAI } = require('@langchain/openai');

const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const handle = setupObservability({ langwatch: 'disabled', serviceName: 'capture', traceExporter: new OTLPTraceExporter() });
const model = new ChatOpenAI({
  model: 'gpt-4o-mini', maxRetries: 0, callbacks: [new LangWatchCallbackHandler()], configuration: { baseURL: `${capture.url}/v1` },
});
capture.main({ forceFlush: async () => {}, shutdown: () => handle.shutdown() }, capture.langChain(model));
