// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { AnthropicInstrumentation } = require('@arizeai/openinference-instrumentation-anthropic');

const instrumentation = new AnthropicInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
const anthropic = require('@anthropic-ai/sdk');
instrumentation.manuallyInstrument(anthropic.Anthropic ?? anthropic);
capture.main(provider, capture.anthropic(new anthropic.Anthropic({ baseURL: capture.url, maxRetries: 0 })));
