// SPDX-License-Identifier: Apache-2.0

package process

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Command lines as the engines' documentation has them.
func TestEnginesAreRecognised(t *testing.T) {
	for line, want := range map[string]Identity{
		"vllm serve meta-llama/Llama-3.1-8B-Instruct --tensor-parallel-size 8":                 {Engine: "vllm", Model: "meta-llama/Llama-3.1-8B-Instruct"},
		"/usr/bin/python3 /usr/local/bin/vllm serve /models/llama --served-model-name llama":   {Engine: "vllm", Model: "llama"},
		"python -m vllm.entrypoints.openai.api_server --model=Qwen/Qwen3-32B --api-key SECRET": {Engine: "vllm", Model: "Qwen/Qwen3-32B"},
		"vllm serve --tensor-parallel-size 8 --dtype=auto Qwen/Qwen3-32B --api-key SECRET":     {Engine: "vllm", Model: "Qwen/Qwen3-32B"},
		"vllm serve m --served_model_name qwen --api_key SECRET":                               {Engine: "vllm", Model: "qwen"},
		"python3 -m vllm serve m":                                                           {Engine: "vllm", Model: "m"},
		"python3 -m dynamo.vllm --model Qwen/Qwen3-0.6B":                                    {Engine: "vllm", Model: "Qwen/Qwen3-0.6B"},
		"ray::DPMoEEngineCoreActor.run":                                                     {Engine: "vllm"},
		"trtllm-serve disaggregated -c x.yaml":                                              {Engine: "tensorrt-llm"},
		"python3 -m tensorrt_llm.commands.serve nvidia/m":                                   {Engine: "tensorrt-llm", Model: "nvidia/m"},
		"python3 -m dynamo.trtllm --model-path nvidia/m --served-model-name m":              {Engine: "tensorrt-llm", Model: "m"},
		"vllm serve --api-key SECRET other":                                                 {Engine: "vllm"}, // it may have several values
		"vllm serve --enable-x --api-key SECRET other":                                      {Engine: "vllm"},
		"vllm serve --api-key SECRET":                                                       {Engine: "vllm"},
		"vllm serve --model --api-key SECRET":                                               {Engine: "vllm"},
		"VLLM::Worker_TP3":                                                                  {Engine: "vllm"},
		"VLLM::EngineCore_DP0":                                                              {Engine: "vllm"},
		"ray::RayWorkerWrapper.execute_method":                                              {Engine: "vllm"},
		"python3.12 -u -m sglang.launch_server --model-path deepseek-ai/DeepSeek-V3 --tp 8": {Engine: "sglang", Model: "deepseek-ai/DeepSeek-V3", Service: "sglang"},
		"sglang::scheduler_TP0":                                                             {Engine: "sglang"},
		"text-generation-launcher --model-id HuggingFaceH4/zephyr-7b-beta --otlp-service-name chat --hf-token=SECRET": {Engine: "tgi", Model: "HuggingFaceH4/zephyr-7b-beta", Service: "chat"},
		"/opt/venv/bin/python /opt/venv/bin/text-generation-server serve bigscience/bloom-560m --sharded":             {Engine: "tgi", Model: "bigscience/bloom-560m", Service: "text-generation-inference.router"},
		"text-embeddings-router-90 --model-id BAAI/bge-m3":                                                            {Engine: "tei", Model: "BAAI/bge-m3", Service: "text-embeddings-inference.server"},
		"trtllm-serve TinyLlama/TinyLlama-1.1B-Chat-v1.0 --port 8000":                                                 {Engine: "tensorrt-llm", Model: "TinyLlama/TinyLlama-1.1B-Chat-v1.0"},
		"python3 /usr/local/bin/trtllm-serve serve nvidia/Llama-3.1-8B-Instruct-FP8":                                  {Engine: "tensorrt-llm", Model: "nvidia/Llama-3.1-8B-Instruct-FP8"},
		"tritonserver --model-repository=/models":                                                                     {Engine: "triton", Service: "triton-inference-server"},
		"/app/llama-server -m /models/q.gguf --alias qwen --api-key SECRET":                                           {Engine: "llama.cpp", Model: "qwen"},
		"llama-server -hf ggml-org/gemma-3-1b-it-GGUF":                                                                {Engine: "llama.cpp", Model: "ggml-org/gemma-3-1b-it-GGUF"},
		"/bin/ollama runner --model /root/.ollama/models/blobs/sha256-00e1 --port 40001":                              {Engine: "ollama"},
		"/bin/ollama serve": {Engine: "ollama"},
		"lmdeploy serve api_server internlm/internlm2_5-7b-chat": {Engine: "lmdeploy", Model: "internlm/internlm2_5-7b-chat"},
		"ray::IDLE": {Engine: "ray", launcher: true},
		"/usr/bin/python /usr/local/bin/torchrun --nproc-per-node 8 train.py --token SECRET": {Engine: "torchrun", launcher: true},
		"python -m torch.distributed.run --nnodes 2 train.py":                                {Engine: "torchrun", launcher: true},
	} {
		id, ok := Recognise(Engines, strings.Fields(line))
		assert.True(t, ok, line)
		assert.Equal(t, want, id, line)
	}
	for _, line := range []string{
		"", "python train.py --model SECRET", "sleep 100", "bash -c vllm serve SECRET", "vllm bench serve", "python -m pip install vllm", "grep vllm serve", "nvidia-smi",
	} {
		_, ok := Recognise(Engines, strings.Fields(line))
		assert.False(t, ok, line)
	}
}

func TestEveryRowIsRecognised(t *testing.T) {
	names := map[string]bool{}
	for _, row := range Engines {
		assert.False(t, names[row.Name], row.Name)
		names[row.Name] = true
		for _, command := range row.Commands {
			arguments := []string{strings.TrimSuffix(command.Program, "*")}
			if command.Module != "" {
				arguments = []string{"python3", "-m", command.Module}
			}
			id, ok := Recognise(Engines, append(arguments, command.Subcommand...))
			assert.True(t, ok, row.Name)
			assert.Equal(t, row.Name, id.Engine)
		}
	}
}

// Of a command line nothing leaves but what the table names.
func FuzzRecognise(f *testing.F) {
	f.Add("vllm serve model --api-key SECRET")
	f.Add("python -m vllm.entrypoints.openai.api_server --model x")
	f.Fuzz(func(t *testing.T, line string) {
		id, _ := Recognise(Engines, strings.Split(line, " "))
		for _, text := range []string{id.Model, id.Service} {
			assert.LessOrEqual(t, len(text), maxValue)
			assert.False(t, strings.HasPrefix(text, "-"))
		}
	})
}
