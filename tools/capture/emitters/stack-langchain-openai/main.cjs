// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { LangChainInstrumentation } = require('@arizeai/openinference-instrumentation-langchain');
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');

const langChain = new LangChainInstrumentation();
const provider = capture.start({ instrumentations: [langChain, new OpenAIInstrumentation()] });
langChain.manuallyInstrument(require('@langchain/core/callbacks/manager'));
const { ChatOpenAI } = require('@langchain/openai');
capture.main(provider, capture.langChain(new ChatOpenAI({
  model: 'gpt-4o-mini', maxRetries: 0, streamUsage: true, configuration: { baseURL: `${capture.url}/v1` },
})), undefined, capture.request(provider));
