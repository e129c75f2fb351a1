// SPDX-License-Identifier: Apache-2.0

'use strict';

const Sentry = require('@sentry/node');
const capture = require('./capture.cjs');
const { SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

// Without the address of a project no integration is set up. What is sent to this one is refused.
const dsn = capture.url.replace('//', '//none@') + '/1';
const client = Sentry.init({ dsn, tracesSampleRate: 1, openTelemetrySpanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] });
const { OpenAI } = require('openai');
const provider = client.traceProvider;
capture.main(provider, capture.openAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })), undefined, capture.request(provider));
