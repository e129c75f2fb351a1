// SPDX-License-Identifier: Apache-2.0

// Command capture runs emitters of spans against a fake provider of known truth. It writes what they send and what the provider
// saw as cases of testdata/emitters.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func main() {
	only := flag.String("only", "", "names of emitters, with commas between them; all, unless set")
	build := flag.String("build", "", "folder for what is installed; _build/capture, unless set")
	dry := flag.Bool("dry", false, "show what was captured, and write no case")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *only, *build, *dry)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only, build string, dry bool) error {
	root := tracetest.Root()
	if build == "" {
		build = filepath.Join(root, "_build", "capture")
	}
	build, err := filepath.Abs(build)
	if err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(root, "tools", "capture", "emitters", "*", aboutFile))
	if err != nil {
		return err
	}
	wanted := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	c, err := newCapture()
	if err != nil {
		return err
	}
	defer c.close()
	done := 0
	for _, file := range folders {
		e, err := loadEmitter(filepath.Dir(file))
		if err != nil {
			return err
		}
		if len(wanted) > 0 && !slices.Contains(wanted, e.name) {
			continue
		}
		done++
		if err := c.emitter(ctx, root, build, e, dry); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	if done == 0 {
		return fmt.Errorf("there is no emitter %q in tools/capture/emitters", only)
	}
	return nil
}

// capture is a provider and a receiver of spans, on ports of their own.
type capture struct {
	provider provider
	receiver receiver
	servers  [2]*http.Server
	urls     [2]string
}

func newCapture() (*capture, error) {
	c := &capture{}
	for i, handler := range []http.Handler{&c.provider, &c.receiver} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		c.urls[i] = "http://" + listener.Addr().String()
		c.servers[i] = &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
		go func() { _ = c.servers[i].Serve(listener) }()
	}
	return c, nil
}

func (c *capture) close() {
	for _, server := range c.servers {
		_ = server.Close()
	}
}

// emitter captures one emitter.
func (c *capture) emitter(ctx context.Context, root, build string, e *emitter, dry bool) error {
	folder, err := e.install(ctx, build)
	if err != nil {
		return err
	}
	source, err := e.versions(ctx, folder)
	if err != nil {
		return err
	}
	env := []string{
		"PROVIDER_URL=" + c.urls[0], "OTEL_EXPORTER_OTLP_ENDPOINT=" + c.urls[1], "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
		"OTEL_SERVICE_NAME=capture", "OTEL_METRICS_EXPORTER=none", "OTEL_LOGS_EXPORTER=none", "NO_PROXY=127.0.0.1",
		"OPENAI_API_KEY=none", "ANTHROPIC_API_KEY=none", "GEMINI_API_KEY=none", "AWS_ACCESS_KEY_ID=none",
		"AWS_SECRET_ACCESS_KEY=none", "AWS_REGION=us-east-1", "DO_NOT_TRACK=1",
	}
	all, truth, ids := ptrace.NewTraces(), &corpus.Truth{}, newShortIDs()
	for _, name := range e.Cases {
		c.provider.begin(name)
		c.receiver.begin()
		if err := e.run(ctx, folder, name, env); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		traces, seen := c.receiver.end(), c.provider.end()
		thin(traces, e.Keeps)
		if len(seen) == 0 {
			return fmt.Errorf("%s: no request reached the provider", name)
		}
		fmt.Printf("%s %s: %d requests, %d spans\n", e.name, name, len(seen), traces.SpanCount())
		truth.Calls = append(truth.Calls, corpus.Call{Case: name, Traces: ids.shorten(traces, build), Requests: seen, Lacks: e.lacks(name)})
		traces.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
	}
	if dry {
		return nil
	}
	return write(root, build, e, all, truth, source)
}
