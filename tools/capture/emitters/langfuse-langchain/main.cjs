// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { CallbackHandler } = require('@langfuse/langchain');
const { ChatOpenAI } = require('@langchain/openai');

const provider = capture.start();
const callbacks = [new CallbackHandler()];
const model = new ChatOpenAI({ model: 'gpt-4o-mini', maxRetries: 0, configuration: { baseURL: `${capture.url}/v1` }, callbacks });
capture.main(provider, capture.langChain(model));
