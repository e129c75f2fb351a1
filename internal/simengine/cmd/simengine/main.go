// SPDX-License-Identifier: Apache-2.0

// Command simengine runs a simulated inference engine, and with -rate sends requests to itself.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/simengine"
)

func main() {
	var config simengine.Config
	address := flag.String("listen", "127.0.0.1:8000", "address to serve on")
	rate := flag.Float64("rate", 0, "requests a second that the program sends to itself, in waves of a minute; 0: none")
	flag.StringVar(&config.Kind, "kind", "vllm", "metrics page: vllm or sglang")
	flag.StringVar(&config.Model, "model", "sim-8b", "served model name")
	flag.IntVar(&config.MaxRunning, "max-running", 8, "requests in one batch")
	flag.IntVar(&config.Blocks, "blocks", 256, "blocks of the KV cache")
	flag.IntVar(&config.BlockSize, "block-size", 16, "tokens of a block")
	flag.DurationVar(&config.Step, "step", 20*time.Millisecond, "time of a decode step")
	flag.DurationVar(&config.Prefill, "prefill", 200*time.Microsecond, "time for an input token that the cache does not serve")
	flag.DurationVar(&config.Loading, "loading", 0, "time after the start in which it answers 503")
	flag.StringVar(&config.Traces, "traces", "", "OTLP/HTTP endpoint for spans, such as http://127.0.0.1:4318")
	flag.StringVar(&config.ServiceName, "service-name", "", "service.name of the spans (default: the kind)")
	flag.Parse()
	if config.Kind != "vllm" && config.Kind != "sglang" {
		log.Fatalf("-kind %q: it must be vllm or sglang", config.Kind)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, config, *address, *rate); err != nil {
		log.Print(err)
	}
}

func run(ctx context.Context, config simengine.Config, address string, rate float64) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	engine := simengine.New(config)
	go engine.Run(ctx)
	server := &http.Server{Handler: engine.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // ends streams, too
	}()
	if rate > 0 {
		go load(ctx, "http://"+listener.Addr().String(), config, rate)
	}
	log.Printf("a simulated %s with model %s listens on %s", config.Kind, config.Model, listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// load sends requests with prompts that share beginnings. Each minute the rate goes from almost nothing to twice the mean, so
// that the queue builds up and drains.
func load(ctx context.Context, url string, config simengine.Config, rate float64) {
	start := time.Now()
	for ctx.Err() == nil {
		phase := time.Since(start).Seconds() / 60
		now := rate * 2 * (phase - float64(int(phase)))
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(rand.ExpFloat64() / max(now, 0.2) * float64(time.Second))):
		}
		go send(ctx, url, config.Model)
	}
}

func send(ctx context.Context, url, model string) {
	prompt := fmt.Sprintf("system %d %s question %d", rand.IntN(4), strings.Repeat("context ", 32+rand.IntN(64)), rand.IntN(1000))
	body := fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%q}],"max_tokens":%d}`, model, prompt, 32+rand.IntN(224))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/chat/completions", bytes.NewReader([]byte(body)))
	if err != nil {
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, response.Body) // the answer is of no use
	_ = response.Body.Close()
}
