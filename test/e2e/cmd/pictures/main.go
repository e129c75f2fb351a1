// SPDX-License-Identifier: Apache-2.0

// Command pictures draws the dashboards with what a Prometheus-compatible database holds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/board"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/picture"
)

func main() {
	log.SetFlags(0)
	s := picture.Settings{To: time.Now()}
	var out, only string
	var over time.Duration
	flag.StringVar(&s.Browser, "browser", "chromium", "the browser that draws")
	flag.StringVar(&s.Page, "page", "", "the folder with the page that draws, tools/pictures/www")
	flag.StringVar(&s.Prometheus, "prometheus", "http://127.0.0.1:8428", "the database")
	flag.DurationVar(&over, "over", 15*time.Minute, "how much of the past to draw")
	flag.DurationVar(&s.Rate, "rate", time.Minute, "what $__rate_interval is")
	flag.IntVar(&s.Width, "width", 1280, "pixels")
	flag.StringVar(&out, "out", ".", "the folder for the pictures")
	flag.StringVar(&only, "only", "", "the uid of the only dashboard to draw")
	flag.Parse()
	s.From = s.To.Add(-over)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, s, out, only)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// run draws the dashboards; an error names the panels that show nothing.
func run(ctx context.Context, s picture.Settings, out, only string) error {
	boards, err := board.All()
	if err != nil {
		return err
	}
	var bad []error
	for _, b := range boards {
		if only != "" && b.UID != only {
			continue
		}
		path, err := filepath.Abs(filepath.Join(out, b.UID+".png"))
		if err != nil {
			return err
		}
		panels, err := picture.Draw(ctx, s, b, path)
		if err != nil {
			return err
		}
		fmt.Println(path)
		for _, p := range panels {
			switch {
			case p.Error != "":
				bad = append(bad, fmt.Errorf("%s: %s: %s", b.Title, p.Title, p.Error))
			case p.Empty:
				bad = append(bad, fmt.Errorf("%s: %s: empty", b.Title, p.Title))
			}
		}
	}
	return errors.Join(bad...)
}
