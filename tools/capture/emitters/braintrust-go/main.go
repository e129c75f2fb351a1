// SPDX-License-Identifier: Apache-2.0

// Command braintrust-go calls a model through OpenAI's Go package under Braintrust's middleware.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	traceopenai "github.com/braintrustdata/braintrust-sdk-go/trace/contrib/openai"
	"github.com/openai/openai-go"
	"github.com/openai/openai-go/option"
	"github.com/openai/openai-go/responses"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	provider := sdk.NewTracerProvider(sdk.WithSyncer(exporter))
	otel.SetTracerProvider(provider)
	client := openai.NewClient(
		option.WithBaseURL(os.Getenv("PROVIDER_URL")+"/v1"), option.WithMaxRetries(0), option.WithMiddleware(traceopenai.NewMiddleware()),
	)
	chat := openai.ChatCompletionNewParams{
		Model: openai.ChatModelGPT4oMini, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Say hello.")},
	}
	response := responses.ResponseNewParams{
		Model: openai.ChatModelGPT4oMini, Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("Say hello.")},
	}
	calling, cancel := context.WithCancel(ctx)
	switch name := os.Args[1]; name {
	case "stream", "dropped", "cancelled":
		chat.StreamOptions.IncludeUsage = openai.Bool(true)
		stream := client.Chat.Completions.NewStreaming(calling, chat)
		for parts := 0; stream.Next(); parts++ {
			if parts == 3 && name == "cancelled" {
				cancel()
			}
		}
		_ = stream.Close()
	case "responses":
		_, _ = client.Responses.New(calling, response)
	case "responses_stream":
		stream := client.Responses.NewStreaming(calling, response)
		for stream.Next() {
			continue
		}
		_ = stream.Close()
	default:
		_, _ = client.Chat.Completions.New(calling, chat)
	}
	cancel()
	time.Sleep(200 * time.Millisecond)
	_ = provider.Shutdown(ctx)
}
