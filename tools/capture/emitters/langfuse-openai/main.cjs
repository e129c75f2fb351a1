// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
const { observeOpenAI } = require('@langfuse/openai');
const { OpenAI } = require('openai');
capture.main(provider, capture.openAI(observeOpenAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 }))));
