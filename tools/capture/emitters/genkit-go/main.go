// SPDX-License-Identifier: Apache-2.0

// Command genkit-go calls a model through Genkit for Go.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/firebase/genkit/go/ai"
	"github.com/firebase/genkit/go/core/tracing"
	"github.com/firebase/genkit/go/genkit"
	oai "github.com/firebase/genkit/go/plugins/compat_oai/openai"
	"github.com/openai/openai-go/option"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string) error {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	plugin := &oai.OpenAI{APIKey: "none", Opts: []option.RequestOption{
		option.WithBaseURL(os.Getenv("PROVIDER_URL") + "/v1"), option.WithMaxRetries(0),
	}}
	g := genkit.Init(ctx, genkit.WithPlugins(plugin))
	tracing.TracerProvider().RegisterSpanProcessor(sdk.NewSimpleSpanProcessor(exporter))
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	options := []ai.GenerateOption{ai.WithModelName("openai/gpt-4o-mini"), ai.WithPrompt("Say hello.")}
	switch name {
	case "stream", "dropped", "cancelled":
		parts := 0
		options = append(options, ai.WithStreaming(func(context.Context, *ai.ModelResponseChunk) error {
			if parts++; parts == 3 && name == "cancelled" {
				cancel()
			}
			return nil
		}))
	}
	if _, err := genkit.Generate(calling, g, options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	time.Sleep(200 * time.Millisecond)
	return tracing.TracerProvider().Shutdown(ctx)
}
