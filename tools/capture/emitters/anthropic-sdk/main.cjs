// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');

const provider = capture.start();
const { Anthropic } = require('@anthropic-ai/sdk');
capture.main(provider, capture.anthropic(new Anthropic({ baseURL: capture.url, maxRetries: 0 })));
