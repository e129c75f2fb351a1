// SPDX-License-Identifier: Apache-2.0

// Command pictures draws the dashboards. The data are those of a demo that it runs, or of a database that is there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/board"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/demo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/picture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// settings are what the flags say.
type settings struct {
	picture.Settings
	demo demo.Settings
	// out is the folder for the pictures, only the uid of the only dashboard to draw.
	out, only string
	// over is how much of the past to draw, of which the demo makes as much.
	over time.Duration
}

func main() {
	log.SetFlags(0)
	var s settings
	flag.StringVar(&s.demo.Binary, "binary", "", "the collector for the demo")
	flag.StringVar(&s.demo.Database, "database", "", "the database for the demo")
	flag.StringVar(&s.demo.Config, "config", "", "the collector's configuration for the demo")
	flag.StringVar(&s.Browser, "browser", "chromium", "the browser that draws")
	flag.StringVar(&s.Page, "page", "", "the folder with the page that draws, tools/pictures/www")
	flag.StringVar(&s.Prometheus, "prometheus", "", "the URL of a database that is there; without one the demo runs")
	flag.DurationVar(&s.over, "over", 6*time.Minute, "how much of the past to draw")
	flag.DurationVar(&s.Rate, "rate", 20*time.Second, "what $__rate_interval is")
	flag.IntVar(&s.Width, "width", 1280, "pixels")
	flag.StringVar(&s.out, "out", ".", "the folder for the pictures")
	flag.StringVar(&s.only, "only", "", "the uid of the only dashboard to draw")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, s)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, s settings) (err error) {
	if s.Prometheus == "" {
		// All scenes within the picture.
		s.demo.World = traffic.Settings{Seed: 1, Cycle: s.over, Rate: 1}
		running, wrong := demo.Start(ctx, s.demo)
		if wrong != nil {
			return wrong
		}
		defer func() { err = errors.Join(err, running.Stop()) }()
		fmt.Printf("The demo runs for %v ...\n", s.over)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-running.Failed():
			return errors.New("the demo ended")
		case <-time.After(s.over):
		}
		s.Prometheus = running.Database.URL()
	}
	s.To = time.Now()
	s.From = s.To.Add(-s.over)
	return drawAll(ctx, s)
}

const (
	// first is the dashboard whose top is on the first screen of the README, and top its height in pixels.
	first = "otelcol-llm-overview"
	top   = 930
	// ofOne is the dashboard of one GPU, and one that which is hot in the demo.
	ofOne = "otelcol-llm-gpu"
	one   = "0000:19:00.0"
)

// crop writes the top of a picture.
func crop(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	whole, err := png.Decode(in)
	if err != nil {
		return err
	}
	cut := image.NewNRGBA(image.Rect(0, 0, whole.Bounds().Dx(), top))
	draw.Draw(cut, cut.Bounds(), whole, whole.Bounds().Min, draw.Src)
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(out, cut), out.Close())
}

// drawAll draws the dashboards; an error names the panels that show nothing.
func drawAll(ctx context.Context, s settings) error {
	boards, err := board.All()
	if err != nil {
		return err
	}
	var bad []error
	for _, b := range boards {
		if s.only != "" && b.UID != s.only {
			continue
		}
		if b.UID == ofOne {
			b.Choose("gpu", one)
		}
		path, err := filepath.Abs(filepath.Join(s.out, strings.TrimPrefix(b.UID, "otelcol-llm-")+".png"))
		if err != nil {
			return err
		}
		panels, err := picture.Draw(ctx, s.Settings, b, path)
		if err != nil {
			return err
		}
		fmt.Println(path)
		if b.UID == first {
			if err := crop(path, filepath.Join(filepath.Dir(path), "readme.png")); err != nil {
				return err
			}
		}
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
