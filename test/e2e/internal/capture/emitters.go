// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// Emitters are those whose captured spans are read so far: files of testdata/captures by name.
var Emitters = []string{
	"anthropic-sdk",
	"openinference-openai",
	"otel-openai",
	"vercel-ai7",
}

// wrapped are cases whose request spans describe one request twice, by emitter. A wrapper has the operation of the span within.
var wrapped = map[string][]string{"vercel-ai7": {"embedding", "embedding_many"}}

// LoadEmitter reads what one emitter exported and, from expected.json, what truly happened.
func LoadEmitter(name string) ([]Exchange, Truth, error) {
	spans, err := repo.Path("testdata", "captures", name+".jsonl")
	if err != nil {
		return nil, Truth{}, err
	}
	exchanges, err := Load(spans)
	if err != nil {
		return nil, Truth{}, err
	}
	file, err := repo.Path("testdata", "captures", "expected.json")
	if err != nil {
		return nil, Truth{}, err
	}
	all, err := LoadTruth(file)
	if err != nil {
		return nil, Truth{}, err
	}
	truth, known := all[name]
	if !known {
		return nil, Truth{}, fmt.Errorf("%s says nothing about %s", file, name)
	}
	for i := range truth.Cases {
		if slices.Contains(wrapped[name], truth.Cases[i].Name) {
			truth.Cases[i].RequestSpans = 1
		}
	}
	return exchanges, truth, nil
}

// LoadVLLM reads made spans of a vLLM engine, one request in each exchange.
func LoadVLLM() ([]Exchange, error) {
	spans, err := repo.Path("testdata", "demo", "vllm.jsonl")
	if err != nil {
		return nil, err
	}
	return Load(spans)
}
