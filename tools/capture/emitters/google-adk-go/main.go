// SPDX-License-Identifier: Apache-2.0

// Command google-adk-go runs an agent of Google's ADK for Go.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/adk/v2/agent"
	"google.golang.org/adk/v2/agent/llmagent"
	"google.golang.org/adk/v2/model/gemini"
	"google.golang.org/adk/v2/runner"
	"google.golang.org/adk/v2/session"
	"google.golang.org/genai"
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
	provider := sdk.NewTracerProvider(sdk.WithSyncer(exporter))
	otel.SetTracerProvider(provider)
	model, err := gemini.NewModel(ctx, "gemini-2.5-flash", &genai.ClientConfig{
		APIKey: "none", Backend: genai.BackendGeminiAPI, HTTPOptions: genai.HTTPOptions{BaseURL: os.Getenv("PROVIDER_URL")},
	})
	if err != nil {
		return err
	}
	greeter, err := llmagent.New(llmagent.Config{Name: "greeter", Model: model, Instruction: "Greet."})
	if err != nil {
		return err
	}
	agents, err := runner.New(runner.Config{
		AppName: "capture", Agent: greeter, SessionService: session.InMemoryService(), AutoCreateSession: true,
	})
	if err != nil {
		return err
	}
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	var how agent.RunConfig
	switch name {
	case "stream", "dropped", "cancelled":
		how.StreamingMode = agent.StreamingModeSSE
	}
	parts := 0
	for _, err := range agents.Run(calling, "someone", "session", genai.NewContentFromText("Say hello.", genai.RoleUser), how) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		if parts++; parts == 3 && name == "cancelled" {
			cancel()
		}
	}
	time.Sleep(200 * time.Millisecond)
	return provider.Shutdown(ctx)
}
