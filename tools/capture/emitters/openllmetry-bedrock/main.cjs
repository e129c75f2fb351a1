// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { BedrockInstrumentation } = require('@traceloop/instrumentation-bedrock');

const instrumentation = new BedrockInstrumentation();
const provider = capture.start({ instrumentations: [instrumentation] });
instrumentation.manuallyInstrument?.(require('@aws-sdk/client-bedrock-runtime'));
capture.main(provider, capture.bedrock());
