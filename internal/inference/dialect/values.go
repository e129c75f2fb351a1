package dialect

// OperationMeaning is what a spelling of the operation stands for.
type OperationMeaning struct {
	// Name is the convention's name; empty for what is no request.
	Name string
	// Class is the class of spans with that operation.
	Class Class
}

// Operations maps the spellings met in gen_ai.operation.name and its like, in lower case.
// Source: gen_ai.operation.name of open-telemetry/semantic-conventions-genai, and what emitters
// were seen to write.
var Operations = map[string]OperationMeaning{
	"chat":                {"chat", Inference},
	"text_completion":     {"text_completion", Inference},
	"generate_content":    {"generate_content", Inference},
	"completion":          {"text_completion", Inference},
	"acompletion":         {"chat", Inference},
	"messages":            {"chat", Inference},
	"responses":           {"chat", Inference},
	"llm_call":            {"chat", Inference},
	"embeddings":          {"embeddings", Embeddings},
	"embedding":           {"embeddings", Embeddings},
	"embed":               {"embeddings", Embeddings},
	"aembedding":          {"embeddings", Embeddings},
	"rerank":              {"rerank", Rerank},
	"image":               {"image_generation", Media},
	"image_generation":    {"image_generation", Media},
	"speech":              {"speech", Media},
	"transcription":       {"transcription", Media},
	"translation":         {"translation", Media},
	"create_agent":        {"", NoRequest},
	"invoke_agent":        {"", NoRequest},
	"execute_tool":        {"", NoRequest},
	"invoke_workflow":     {"", NoRequest},
	"plan":                {"", NoRequest},
	"retrieval":           {"", NoRequest},
	"fetch_response":      {"", NoRequest},
	"create_memory_store": {"", NoRequest},
	"search_memory":       {"", NoRequest},
	"create_memory":       {"", NoRequest},
	"update_memory":       {"", NoRequest},
	"upsert_memory":       {"", NoRequest},
	"delete_memory":       {"", NoRequest},
	"delete_memory_store": {"", NoRequest},
	"agent":               {"", NoRequest},
	"agent_step":          {"", NoRequest},
	"model_generation":    {"", NoRequest},
	"model_chunk":         {"", NoRequest},
	"chain":               {"", NoRequest},
	"task":                {"", NoRequest},
	"tool":                {"", NoRequest},
	"workflow":            {"", NoRequest},
	"framework":           {"", NoRequest},
	"tokenize":            {"", NoRequest},
}

// ClassOperation is the operation of a span whose class is known and whose operation is not.
var ClassOperation = map[Class]string{
	Embeddings: "embeddings",
	Rerank:     "rerank",
}

// Providers maps spellings of the provider, in lower case, to the convention's
// gen_ai.provider.name. A framework's name is no provider and maps to nothing. What is not listed
// stays as it is written.
var Providers = map[string]string{
	"openai":             "openai",
	"openai.chat":        "openai",
	"openai.responses":   "openai",
	"openai.completion":  "openai",
	"openai.embedding":   "openai",
	"open_ai":            "openai",
	"azure":              "azure.ai.openai",
	"az.ai.openai":       "azure.ai.openai",
	"azure.openai":       "azure.ai.openai",
	"azure_openai":       "azure.ai.openai",
	"azure_open_ai":      "azure.ai.openai",
	"az.ai.inference":    "azure.ai.inference",
	"anthropic":          "anthropic",
	"anthropic.messages": "anthropic",
	"aws.anthropic":      "aws.bedrock",
	"aws.bedrock":        "aws.bedrock",
	"aws":                "aws.bedrock",
	"bedrock":            "aws.bedrock",
	"gcp.anthropic":      "gcp.vertex_ai",
	"gemini":             "gcp.gemini",
	"google":             "gcp.gen_ai",
	"vertex_ai":          "gcp.vertex_ai",
	"vertexai":           "gcp.vertex_ai",
	"cohere":             "cohere",
	"gcp.vertex.agent":   "",
	"strands-agents":     "",
	"spring_ai":          "",
	"langchain":          "",
	"crewai":             "",
	"llama_index":        "",
	"haystack":           "",
}

// FinishMeaning is what a finish reason says of the request's outcome.
type FinishMeaning uint8

// The meanings; a reason that is not listed is a success.
const (
	FinishSuccess FinishMeaning = iota
	FinishError
	FinishCancelled
)

// FinishReasons maps the finish reasons that are no success, in lower case.
var FinishReasons = map[string]FinishMeaning{
	"error":     FinishError,
	"abort":     FinishCancelled,
	"aborted":   FinishCancelled,
	"cancelled": FinishCancelled,
	"canceled":  FinishCancelled,
	"timeout":   FinishCancelled,
}

// Cancellations are the names of errors that say that the caller gave up, in lower case and
// without their package or namespace.
var Cancellations = map[string]bool{
	"cancellederror":             true,
	"generatorexit":              true,
	"aborterror":                 true,
	"apiuseraborterror":          true,
	"operationcanceledexception": true,
	"taskcanceledexception":      true,
	"context canceled":           true,
	"cancelled":                  true,
	"canceled":                   true,
	"499":                        true,
}

// VagueErrors are error names that say nothing, in lower case; they give way to any other source.
var VagueErrors = map[string]bool{"error": true, "exception": true, "unknown": true, "": true}
