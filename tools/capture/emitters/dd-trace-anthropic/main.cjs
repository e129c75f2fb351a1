// SPDX-License-Identifier: Apache-2.0

'use strict';

const tracer = require('./datadog.cjs');
const capture = require('./capture.cjs');
const { Anthropic } = require('@anthropic-ai/sdk');

capture.main(tracer, capture.anthropic(new Anthropic({ baseURL: capture.url, maxRetries: 0 })));
