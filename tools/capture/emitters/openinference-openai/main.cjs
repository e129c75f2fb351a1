// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { OpenAIInstrumentation } = require('@arizeai/openinference-instrumentation-openai');

const instrumentation = new OpenAIInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
const openai = require('openai');
instrumentation.manuallyInstrument(openai.OpenAI);
capture.main(provider, capture.openAI(new openai.OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
