// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
)

// calls is what the demo sends in one round.
type calls struct {
	exchanges []capture.Exchange
	// requests is how many requests the spans of one round describe.
	requests int
}

func loadCalls() (calls, error) {
	var all calls
	for _, emitter := range capture.Emitters {
		exchanges, truth, err := capture.LoadEmitter(emitter)
		if err != nil {
			return calls{}, err
		}
		all.exchanges = append(all.exchanges, exchanges...)
		for _, c := range truth.Cases {
			all.requests += c.RequestSpans
		}
	}
	engine, err := capture.LoadVLLM()
	if err != nil {
		return calls{}, err
	}
	all.exchanges = append(all.exchanges, engine...)
	all.requests += len(engine)
	return all, nil
}

// send sends each exchange once per round, as if it had just ended.
func send(ctx context.Context, to load.Sender, all calls, rate float64, rounds int, shown progress) error {
	total := rounds * len(all.exchanges)
	return load.Steady(ctx, rate, total, func(i int) error {
		for _, batch := range all.exchanges[i%len(all.exchanges)].Fresh(time.Now()) {
			if err := to.Send(ctx, batch); err != nil {
				return err
			}
		}
		shown.show(i+1, total)
		return nil
	})
}

// progress tells how far the sending is; its zero value tells nothing.
type progress struct {
	out      io.Writer
	terminal bool
}

func newProgress(out io.Writer) progress {
	p := progress{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// show rewrites one line on a terminal and prints five lines elsewhere.
func (p progress) show(done, total int) {
	if p.out == nil {
		return
	}
	text := fmt.Sprintf("Sent %d of %d calls", done, total)
	switch {
	case p.terminal:
		fmt.Fprintf(p.out, "\r%s", text)
		if done == total {
			fmt.Fprintln(p.out)
		}
	case done*5/total > (done-1)*5/total:
		fmt.Fprintln(p.out, text)
	}
}
