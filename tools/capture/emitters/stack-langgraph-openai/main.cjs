// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { LangChainInstrumentation } = require('@arizeai/openinference-instrumentation-langchain');
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');

const langChain = new LangChainInstrumentation();
const provider = capture.start({ instrumentations: [langChain, new OpenAIInstrumentation()] });
langChain.manuallyInstrument(require('@langchain/core/callbacks/manager'));
const { ChatOpenAI } = require('@langchain/openai');
const { createReactAgent } = require('@langchain/langgraph/prebuilt');
const llm = new ChatOpenAI({ model: 'gpt-4o-mini', maxRetries: 0, streamUsage: true, configuration: { baseURL: `${capture.url}/v1` } });
const agent = createReactAgent({ llm, tools: [] });
const input = { messages: [{ role: 'user', content: 'Say hello.' }] };
const invoke = () => agent.invoke(input);
const stream = async () => capture.drain(await agent.stream(input, { streamMode: 'messages' }));
capture.main(provider, {
  chat: invoke, cached: invoke, server_error: invoke, rate_limited: invoke, stream, dropped: stream,
}, undefined, capture.request(provider));
