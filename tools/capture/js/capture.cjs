// SPDX-License-Identifier: Apache-2.0

'use strict';

// What the programs of emitters share: a tracer provider that exports by OTLP, and cases by name.

const { NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');

// url is that of the fake provider.
exports.url = process.env.PROVIDER_URL;

// start sets OpenTelemetry up as an application does. Processors are further ones, before that of the export.
exports.start = ({ instrumentations = [], processors = [] } = {}) => {
  const exporter = new OTLPTraceExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [...processors, new SimpleSpanProcessor(exporter)] });
  provider.register();
  registerInstrumentations({ instrumentations, tracerProvider: provider });
  return provider;
};

// main runs the case that the command line names, and then flush, if the emitter keeps spans back. That a call fails belongs to some cases. Around runs
// a call within something, such as a span of the application.
exports.main = async (provider, cases, flush = async () => {}, around = (call) => call()) => {
  const name = process.argv[2];
  if (!cases[name]) throw new Error(`no case ${name}`);
  const failed = (error) => {
    console.error(`${name}: ${error?.stack ?? error}`);
    if (!/^(server_error|rate_limited|dropped|cancelled)$/.test(name)) process.exitCode = 1;
  };
  // Some instrumentations leave a failure of theirs unhandled.
  process.on('unhandledRejection', failed);
  process.on('uncaughtException', failed);
  try {
    await around(cases[name]);
  } catch (error) {
    failed(error);
  }
  // Spans of streams that were left may end a little later.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await flush();
  await provider.forceFlush();
  await provider.shutdown();
  process.exit();
};

// request runs a call within a span of an application that serves a request.
exports.request = (provider) => (call) => provider.getTracer('application').startActiveSpan('POST /greet', async (span) => {
  try {
    await call();
  } finally {
    span.end();
  }
});

// drain reads a stream to its end.
exports.drain = async (stream) => {
  for await (const part of stream) void part;
};

// leave reads some parts of a stream, and calls abort.
exports.leave = async (stream, abort) => {
  let parts = 0;
  for await (const part of stream) {
    void part;
    if (++parts === 3) abort();
  }
};

// openAI are the cases of a client of OpenAI's package.
exports.openAI = (client) => {
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const chat = (more = {}, options = {}) => client.chat.completions.create({ model: 'gpt-4o-mini', messages, ...more }, options);
  const stream = (options) => chat({ stream: true, stream_options: { include_usage: true } }, options);
  return {
    chat: () => chat(),
    cached: () => chat(),
    server_error: () => chat(),
    rate_limited: () => chat(),
    stream: async () => exports.drain(await stream()),
    dropped: async () => exports.drain(await stream()),
    cancelled: async () => {
      const controller = new AbortController();
      await exports.leave(await stream({ signal: controller.signal }), () => controller.abort());
    },
    responses: () => client.responses.create({ model: 'gpt-4o-mini', input: 'Say hello.' }),
    responses_stream: async () => exports.drain(await client.responses.create({ model: 'gpt-4o-mini', input: 'Say hello.', stream: true })),
    embeddings: () => client.embeddings.create({ model: 'text-embedding-3-small', input: 'hello', encoding_format: 'float' }),
  };
};

// anthropic are the cases of a client of Anthropic's package.
exports.anthropic = (client) => {
  const body = { model: 'claude-sonnet-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Say hello.' }] };
  const create = () => client.messages.create(body);
  return {
    chat: create,
    cached: create,
    server_error: create,
    rate_limited: create,
    stream: async () => exports.drain(await client.messages.create({ ...body, stream: true })),
    dropped: async () => exports.drain(await client.messages.create({ ...body, stream: true })),
    cancelled: async () => {
      const stream = await client.messages.create({ ...body, stream: true });
      await exports.leave(stream, () => stream.controller.abort());
    },
  };
};

// langChain are the cases of a chat model of LangChain.
exports.langChain = (model) => {
  const invoke = () => model.invoke('Say hello.');
  const stream = (options) => model.stream('Say hello.', options);
  return {
    chat: invoke,
    cached: invoke,
    server_error: invoke,
    rate_limited: invoke,
    stream: async () => exports.drain(await stream()),
    dropped: async () => exports.drain(await stream()),
    cancelled: async () => {
      const controller = new AbortController();
      await exports.leave(await stream({ signal: controller.signal }), () => controller.abort());
    },
  };
};

// bedrock are the cases of AWS' client, which is loaded now, after its instrumentation.
exports.bedrock = () => {
  const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
  const { NodeHttpHandler } = require('@smithy/node-http-handler');
  // The provider speaks HTTP/1.1.
  const client = new BedrockRuntimeClient({ endpoint: exports.url, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
  const converse = () => client.send(new ConverseCommand({
    modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0', messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }));
  return { chat: converse, cached: converse, server_error: converse, rate_limited: converse };
};

// gemini are the cases of a client of Google's package.
exports.gemini = (client) => {
  const body = { model: 'gemini-2.5-flash', contents: 'Say hello.' };
  const generate = () => client.models.generateContent(body);
  const stream = (config) => client.models.generateContentStream({ ...body, config });
  return {
    chat: generate,
    cached: generate,
    server_error: generate,
    rate_limited: generate,
    stream: async () => exports.drain(await stream()),
    dropped: async () => exports.drain(await stream()),
    cancelled: async () => {
      const controller = new AbortController();
      await exports.leave(await stream({ abortSignal: controller.signal }), () => controller.abort());
    },
  };
};
