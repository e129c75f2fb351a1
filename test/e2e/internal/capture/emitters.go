package capture

import (
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// Emitters are those whose captured spans are read so far: files of testdata/captures by name.
var Emitters = []string{
	"anthropic-sdk",
	"openinference-openai",
	"otel-openai",
}

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
