// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { AwsInstrumentation } = require('@opentelemetry/instrumentation-aws-sdk');

const provider = capture.start({ instrumentations: [new AwsInstrumentation()] });
capture.main(provider, capture.bedrock());
