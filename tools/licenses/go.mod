// SPDX-License-Identifier: Apache-2.0

module github.com/otelcol-llm/otelcol-llm/tools/licenses

go 1.26.0

require github.com/google/licensecheck v0.3.1
