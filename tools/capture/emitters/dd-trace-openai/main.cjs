// SPDX-License-Identifier: Apache-2.0

'use strict';

const tracer = require('./datadog.cjs');
const capture = require('./capture.cjs');
const { OpenAI } = require('openai');

capture.main(tracer, capture.openAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
