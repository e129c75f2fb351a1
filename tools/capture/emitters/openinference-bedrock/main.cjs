// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { BedrockInstrumentation } = require('@arizeai/openinference-instrumentation-bedrock');

const instrumentation = new BedrockInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
capture.main(provider, capture.bedrock());
