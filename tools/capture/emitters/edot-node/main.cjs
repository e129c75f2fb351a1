// SPDX-License-Identifier: Apache-2.0

'use strict';

// The distribution exports every so many milliseconds.
process.env.OTEL_BSP_SCHEDULE_DELAY = '50';
require('@elastic/opentelemetry-node');
const capture = require('./capture.cjs');
const { OpenAI } = require('openai');

const provider = { forceFlush: () => new Promise((resolve) => setTimeout(resolve, 500)), shutdown: async () => {} };
capture.main(provider, capture.openAI(new OpenAI({ baseURL: `${capture.url}/v1`, maxRetries: 0 })));
