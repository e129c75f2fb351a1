// SPDX-License-Identifier: Apache-2.0

// Package process finds out what the processes that use GPUs are: which engine, which model it serves, in which container. It
// reads small files of the host's /proc, and keeps nothing of a command line but what a table names.
package process

import (
	"path"
	"slices"
	"strings"
)

// Engine says how one inference engine, or a launcher of programs, is recognised by its command line.
type Engine struct {
	// Name is the engine's, as in llm.engine.name.
	Name string
	// Commands are forms of the command line, of which one must match.
	Commands []Command
	// Titles are beginnings of the name that a process of the engine gives itself. Such a process is a worker, whose model is its
	// leader's.
	Titles []string
	// Model are the flags whose value is the served model's name, the first that is there counts.
	Model []string
	// Service are the flags whose value is the service.name of the engine's spans, Default what it is without.
	Service []string
	Default string
	// Launcher says that it starts programs of any kind: another engine above or below it counts before it.
	Launcher bool
}

// Command is one form of a command line.
type Command struct {
	// Program is the name of the executable, or of the script that an interpreter runs. A "*" at its end stands for anything.
	Program string
	// Module is what Python runs by -m, in place of a program.
	Module string
	// Subcommand are words that follow the program in this order.
	Subcommand []string
	// ModelFollows says that the word after them, if it is no flag, is the model.
	ModelFollows bool
	// Before are flags with one value each, which may stand before the model. After any other flag a word may be its value, such
	// as a key.
	Before []string
}

// beforeModel are flags of vLLM with exactly one value, which people write before the model (vllm/engine/arg_utils.py).
var beforeModel = []string{
	"--host", "--port", "--dtype", "--seed", "--revision", "--tokenizer", "--quantization", "-q", "--config", "--load-format", "--download-dir",
	"--max-model-len", "--max-num-seqs", "--max-num-batched-tokens", "--gpu-memory-utilization", "--kv-cache-dtype", "--block-size",
	"--tensor-parallel-size", "-tp", "--pipeline-parallel-size", "-pp", "--data-parallel-size", "-dp", "--distributed-executor-backend",
	"--tool-call-parser", "--reasoning-parser", "--api-server-count", "-asc",
}

// Engines are those that are known. Sources: the engines' own command lines, as their documentation and code have them in
// November 2026.
var Engines = []Engine{
	{
		Name: "vllm",
		Commands: []Command{
			{Program: "vllm", Subcommand: []string{"serve"}, ModelFollows: true, Before: beforeModel},
			{Module: "vllm", Subcommand: []string{"serve"}, ModelFollows: true, Before: beforeModel},
			{Module: "vllm.entrypoints.openai.api_server"},
			{Module: "vllm.entrypoints.api_server"},
			{Module: "vllm.entrypoints.grpc_server"},
			{Module: "vllm.entrypoints.cli.main", Subcommand: []string{"serve"}, ModelFollows: true, Before: beforeModel},
			{Module: "dynamo.vllm"},
		},
		Titles: []string{"VLLM::", "ray::RayWorkerWrapper", "ray::EngineCoreActor", "ray::DPEngineCoreActor", "ray::DPMoEEngineCoreActor"},
		Model:  []string{"--served-model-name", "--model"},
	},
	{
		Name: "aphrodite",
		Commands: []Command{
			{Program: "aphrodite", Subcommand: []string{"run"}, ModelFollows: true},
			{Module: "aphrodite.endpoints.openai.api_server"},
		},
		Model: []string{"--served-model-name", "--model"},
	},
	{
		Name: "sglang",
		Commands: []Command{
			{Module: "sglang.launch_server"},
			{Program: "sglang", Subcommand: []string{"serve"}, ModelFollows: true},
			{Module: "sglang_router.launch_server"},
			{Module: "dynamo.sglang"},
		},
		Titles: []string{"sglang::"},
		Model:  []string{"--served-model-name", "--model-path", "--model"},
		// python/sglang/srt/tracing/trace.py
		Default: "sglang",
	},
	{
		Name: "tgi",
		Commands: []Command{
			{Program: "text-generation-launcher"},
			{Program: "text-generation-router"},
			{Program: "text-generation-server", Subcommand: []string{"serve"}, ModelFollows: true},
		},
		Model:   []string{"--model-id"},
		Service: []string{"--otlp-service-name"},
		Default: "text-generation-inference.router",
	},
	{
		Name:     "tei",
		Commands: []Command{{Program: "text-embeddings-router*"}},
		Model:    []string{"--served-model-name", "--model-id"},
		Service:  []string{"--otlp-service-name"},
		Default:  "text-embeddings-inference.server",
	},
	{
		Name: "tensorrt-llm",
		Commands: []Command{
			{Program: "trtllm-serve", Subcommand: []string{"serve"}, ModelFollows: true},
			{Program: "trtllm-serve", Subcommand: []string{"disaggregated"}},
			{Program: "trtllm-serve", Subcommand: []string{"disaggregated_mpi_worker"}},
			{Program: "trtllm-serve", Subcommand: []string{"mm_embedding_serve"}, ModelFollows: true},
			{Program: "trtllm-serve", ModelFollows: true},
			{Module: "tensorrt_llm.commands.serve", Subcommand: []string{"serve"}, ModelFollows: true},
			{Module: "tensorrt_llm.commands.serve", ModelFollows: true},
			{Program: "trtllm-llmapi-launch"},
			{Module: "dynamo.trtllm"},
		},
		Model: []string{"--served-model-name", "--model-path"},
	},
	{
		Name:     "triton",
		Commands: []Command{{Program: "tritonserver"}, {Program: "triton_python_backend_stub"}},
		Default:  "triton-inference-server",
	},
	{
		Name:     "llama.cpp",
		Commands: []Command{{Program: "llama-server*"}, {Module: "llama_cpp.server"}},
		Model:    []string{"--alias", "-a", "--model-alias", "--hf-repo", "-hf", "-hfr", "--model", "-m"},
	},
	{
		Name: "ollama",
		Commands: []Command{
			{Program: "ollama", Subcommand: []string{"serve"}},
			{Program: "ollama", Subcommand: []string{"runner"}},
			{Program: "ollama_llama_server"},
		},
	},
	{
		Name:     "lmdeploy",
		Commands: []Command{{Program: "lmdeploy", Subcommand: []string{"serve", "api_server"}, ModelFollows: true}},
		Model:    []string{"--model-name"},
	},
	{
		Name: "xinference", Commands: []Command{{Program: "xinference-local"}, {Program: "xinference-worker"}},
	},
	{
		Name: "ray", Launcher: true, Commands: []Command{{Program: "raylet"}}, Titles: []string{"ray::"},
	},
	{
		Name: "torchrun", Launcher: true,
		Commands: []Command{{Program: "torchrun"}, {Module: "torch.distributed.run"}, {Module: "torch.distributed.launch"}},
	},
}

// Identity is what a command line says of an engine.
type Identity struct {
	// Engine is its name, Model the served model's, Service the service.name of its spans; empty where not known.
	Engine, Model, Service string
	launcher               bool
}

const (
	maxValue = 256
	// modelBlobs is a path of Ollama's files, which have no names.
	modelBlobs = "/blobs/sha256"
)

// Recognise returns what a command line says, by the rows of a table in their order. ok is false where none matches.
func Recognise(rows []Engine, arguments []string) (id Identity, ok bool) {
	if len(arguments) == 0 || arguments[0] == "" {
		return Identity{}, false
	}
	for i := range rows {
		row := &rows[i]
		if slices.ContainsFunc(row.Titles, func(title string) bool { return strings.HasPrefix(arguments[0], title) }) {
			return Identity{Engine: row.Name, launcher: row.Launcher}, true
		}
		for _, command := range row.Commands {
			rest, model, matches := command.match(arguments)
			if !matches {
				continue
			}
			id = Identity{Engine: row.Name, Service: row.Default, launcher: row.Launcher}
			if service := flag(rest, row.Service); service != "" {
				id.Service = service
			}
			id.Model = flag(rest, row.Model)
			if id.Model == "" {
				id.Model = model
			}
			if strings.Contains(id.Model, modelBlobs) {
				id.Model = ""
			}
			return id, true
		}
	}
	return Identity{}, false
}

// match returns the words behind the command, and the model if it is among them.
func (c *Command) match(arguments []string) (rest []string, model string, ok bool) {
	start := c.program(arguments)
	if start < 0 || len(arguments) < start+len(c.Subcommand) {
		return nil, "", false
	}
	for i, word := range c.Subcommand {
		if arguments[start+i] != word {
			return nil, "", false
		}
	}
	rest = arguments[start+len(c.Subcommand):]
	if c.ModelFollows {
		model = c.model(rest)
	}
	return rest, model, true
}

// model returns the first word that is no flag.
func (c *Command) model(words []string) string {
	for i := 0; i < len(words); i++ {
		name, _, valued := strings.Cut(words[i], "=")
		switch {
		case !strings.HasPrefix(name, "-"):
			return value(words[i])
		case !slices.Contains(c.Before, dashed(name)):
			return ""
		case !valued:
			i++ // its value
		}
	}
	return ""
}

// dashed returns a flag's name with "-" for "_": Python's engines take both.
func dashed(flag string) string {
	return flag[:min(2, len(flag))] + strings.ReplaceAll(flag[min(2, len(flag)):], "_", "-")
}

// program returns the place behind the program or module, or -1.
func (c *Command) program(arguments []string) int {
	if c.Module != "" {
		for i := 1; i+1 < len(arguments) && i <= 8 && interpreter(arguments[0]); i++ {
			if arguments[i] == "-m" {
				if arguments[i+1] == c.Module {
					return i + 2
				}
				return -1
			}
		}
		return -1
	}
	if c.named(arguments[0]) {
		return 1
	}
	// A script: the first word behind the interpreter that is no flag.
	if interpreter(arguments[0]) {
		for i := 1; i < len(arguments) && i <= 8; i++ {
			if arguments[i] == "-c" { // the program's text
				return -1
			}
			if strings.HasPrefix(arguments[i], "-") {
				continue
			}
			if c.named(arguments[i]) {
				return i + 1
			}
			return -1
		}
	}
	return -1
}

func (c *Command) named(word string) bool {
	name := path.Base(word)
	if start, open := strings.CutSuffix(c.Program, "*"); open {
		return strings.HasPrefix(name, start)
	}
	return name == c.Program
}

func interpreter(word string) bool {
	name := path.Base(word)
	return strings.HasPrefix(name, "python") || name == "bash" || name == "sh" || name == "dash"
}

// flag returns the value of the first of the flags that is there, as "--flag value" or "--flag=value". A flag's name may have "_"
// for "-", as users' rows may, too.
func flag(arguments, flags []string) string {
	for _, f := range flags {
		for i, argument := range arguments {
			name, rest, valued := strings.Cut(argument, "=")
			if !strings.HasPrefix(name, "-") || dashed(name) != dashed(f) {
				continue
			}
			if valued {
				return value(rest)
			}
			if i+1 < len(arguments) {
				if v := value(arguments[i+1]); v != "" {
					return v
				}
			}
		}
	}
	return ""
}

// value returns a word that can be a name, else nothing: a flag is none.
func value(word string) string {
	if strings.HasPrefix(word, "-") || len(word) > maxValue || strings.ContainsAny(word, "\n\r\t") {
		return ""
	}
	return strings.ToValidUTF8(word, "")
}
