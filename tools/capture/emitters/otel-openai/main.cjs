// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');

const provider = capture.start({ instrumentations: [new OpenAIInstrumentation()] });
const { OpenAI } = require('openai');
capture.main(provider, capture.openAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
