// SPDX-License-Identifier: Apache-2.0

// Command anthropic-sdk-go calls a model through Anthropic's Go package, which writes spans by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
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
	client := anthropic.NewClient(option.WithBaseURL(os.Getenv("PROVIDER_URL")), option.WithMaxRetries(0))
	body := anthropic.MessageNewParams{
		Model: "claude-sonnet-4-5", MaxTokens: 100,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("Say hello."))},
	}
	switch os.Args[1] {
	case "stream", "dropped", "cancelled":
		ctx, cancel := context.WithCancel(ctx)
		stream := client.Messages.NewStreaming(ctx, body)
		for parts := 0; stream.Next(); parts++ {
			if parts == 3 && os.Args[1] == "cancelled" {
				cancel()
			}
		}
		_ = stream.Close()
		cancel()
	default:
		_, _ = client.Messages.New(ctx, body)
	}
	time.Sleep(200 * time.Millisecond)
	_ = provider.Shutdown(ctx)
}
