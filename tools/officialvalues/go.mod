// SPDX-License-Identifier: Apache-2.0

module github.com/otelcol-llm/otelcol-llm/tools/officialvalues

go 1.26.0

require go.yaml.in/yaml/v3 v3.0.5
