// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { Effect, Fiber, Layer, Redacted, Stream } = require('effect');
const { LanguageModel } = require('@effect/ai');
const { OpenAiClient, OpenAiLanguageModel } = require('@effect/ai-openai');
const { FetchHttpClient } = require('@effect/platform');
const { NodeSdk } = require('@effect/opentelemetry');
const { SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

const client = OpenAiClient.layer({ apiKey: Redacted.make('none'), apiUrl: `${capture.url}/v1` }).pipe(Layer.provide(FetchHttpClient.layer));
const model = OpenAiLanguageModel.model('gpt-4o-mini').pipe(Layer.provide(client));
// The spans are sent when the layer ends, after each run.
const tracer = NodeSdk.layer(() => ({ resource: { serviceName: 'capture' }, spanProcessor: new SimpleSpanProcessor(new OTLPTraceExporter()) }));
const provider = { forceFlush: async () => {}, shutdown: async () => {} };
const within = (effect) => effect.pipe(Effect.provide(model), Effect.provide(tracer));
const generate = () => Effect.runPromise(within(LanguageModel.generateText({ prompt: 'Say hello.' })));
const parts = Stream.runDrain(LanguageModel.streamText({ prompt: 'Say hello.' }));
const stream = () => Effect.runPromise(within(parts));
capture.main(provider, {
  chat: generate, cached: generate, server_error: generate, rate_limited: generate, stream, dropped: stream,
  cancelled: async () => {
    const fiber = Effect.runFork(within(parts));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await Effect.runPromise(Fiber.interrupt(fiber));
  },
});
