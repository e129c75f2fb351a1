// SPDX-License-Identifier: Apache-2.0

package llm

// Class says what a span is to the counting of requests.
type Class uint8

// The classes. Only requests are measured. The rest are separated because a span that is known to be no request stays none,
// whatever else it carries.
const (
	// Unknown spans say nothing about themselves.
	Unknown Class = iota
	// NoRequest spans belong to an LLM application and describe no request of their own. They are agents, workflows, chains,
	// tools, steps, retrieval, guardrails.
	NoRequest
	// Supplement spans add to a request that another span describes, and are not counted.
	Supplement
	// Inference is a completion: chat, text completion, content generation.
	Inference
	// Embeddings is a request for vectors.
	Embeddings
	// Rerank is a request for an order of documents.
	Rerank
	// Media is a request for images, speech, transcription or translation.
	Media
	// Classes is the number of classes.
	Classes
)

var classNames = [Classes]string{
	Unknown: "none", NoRequest: "no_request", Supplement: "supplement", Inference: "inference",
	Embeddings: "embeddings", Rerank: "rerank", Media: "media",
}

// String returns the class's name.
func (c Class) String() string { return classNames[c] }

// IsRequest reports whether spans of the class are requests to a model.
func (c Class) IsRequest() bool { return c >= Inference }

// Streaming is whether a response was streamed, as far as known.
type Streaming uint8

// The states of knowledge about streaming.
const (
	StreamUnknown Streaming = iota
	NotStreamed
	Streamed
)

// Layer is where a request was measured. Spans of different layers are different measurements of
// the same request.
type Layer uint8

// The layers.
const (
	// NoLayer means that nothing is known; such spans are taken for the client's.
	NoLayer Layer = iota
	// Client is the caller: an SDK or a framework.
	Client
	// Gateway is a proxy between the caller and the engine.
	Gateway
	// Server is the engine that ran the model.
	Server
	// Layers is the number of layers, NoLayer included.
	Layers
)

var layerNames = [Layers]string{NoLayer: "", Client: "client", Gateway: "gateway", Server: "server"}

// String returns the value of the attribute llm.layer.
func (l Layer) String() string { return layerNames[l] }
