// SPDX-License-Identifier: Apache-2.0

'use strict';

const capture = require('./capture.cjs');
const { GenAIInstrumentation } = require('@traceloop/instrumentation-google-generativeai');

const provider = capture.start({ instrumentations: [new GenAIInstrumentation()] });
const { GoogleGenAI } = require('@google/genai');
capture.main(provider, capture.gemini(new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: capture.url, retryOptions: { attempts: 1 } } })));
