package dialect

// Operations maps the spellings met in gen_ai.operation.name and its like, in lower case.
// Source: gen_ai.operation.name of open-telemetry/semantic-conventions-genai, and what emitters
// were seen to write.
var Operations = map[string]Meaning{
	"chat":                {Inference, "chat"},
	"text_completion":     {Inference, "text_completion"},
	"generate_content":    {Inference, "generate_content"},
	"completion":          {Inference, "text_completion"},
	"acompletion":         {Inference, "chat"},
	"messages":            {Inference, "chat"},
	"responses":           {Inference, "chat"},
	"llm_call":            {Inference, "chat"},
	"embeddings":          {Embeddings, "embeddings"},
	"embedding":           {Embeddings, "embeddings"},
	"embed":               {Embeddings, "embeddings"},
	"aembedding":          {Embeddings, "embeddings"},
	"rerank":              {Rerank, "rerank"},
	"image":               {Media, "image_generation"},
	"image_generation":    {Media, "image_generation"},
	"speech":              {Media, "speech"},
	"transcription":       {Media, "transcription"},
	"translation":         {Media, "translation"},
	"create_agent":        {Class: NoRequest},
	"invoke_agent":        {Class: NoRequest},
	"execute_tool":        {Class: NoRequest},
	"invoke_workflow":     {Class: NoRequest},
	"plan":                {Class: NoRequest},
	"retrieval":           {Class: NoRequest},
	"fetch_response":      {Class: NoRequest},
	"create_memory_store": {Class: NoRequest},
	"search_memory":       {Class: NoRequest},
	"create_memory":       {Class: NoRequest},
	"update_memory":       {Class: NoRequest},
	"upsert_memory":       {Class: NoRequest},
	"delete_memory":       {Class: NoRequest},
	"delete_memory_store": {Class: NoRequest},
	"agent":               {Class: NoRequest},
	"agent_step":          {Class: NoRequest},
	"model_generation":    {Class: NoRequest},
	"model_chunk":         {Class: NoRequest},
	"chain":               {Class: NoRequest},
	"task":                {Class: NoRequest},
	"tool":                {Class: NoRequest},
	"workflow":            {Class: NoRequest},
	"framework":           {Class: NoRequest},
	"tokenize":            {Class: NoRequest},
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
