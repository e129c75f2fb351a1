// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { setupMonocle } = require('monocle2ai');

const processor = new SimpleSpanProcessor(new OTLPTraceExporter());
setupMonocle('capture', [processor]);
const openai = require('openai');
const cases = capture.openAI(new openai.OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 }));
capture.main({ forceFlush: () => processor.forceFlush(), shutdown: async () => {} }, cases);
