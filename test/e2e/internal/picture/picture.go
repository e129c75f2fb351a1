// SPDX-License-Identifier: Apache-2.0

// Package picture draws dashboards as Grafana would, in a browser without a window. The page that draws is in
// tools/pictures; `make pictures` builds it.
package picture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/board"
)

const (
	// head and cell are the heights in pixels of a page's top and of a grid's row; see tools/pictures/src/theme.js.
	head, cell = 92, 38
	// patience bounds the drawing of one dashboard.
	patience = 90 * time.Second
	// maxReport bounds what is read of a page's report, in bytes.
	maxReport = 1 << 20
)

// Settings say what to draw with.
type Settings struct {
	// Browser is the path of chromium.
	Browser string
	// Page is the folder with the page that draws.
	Page string
	// Prometheus is the URL of a database that answers as Prometheus does.
	Prometheus string
	// From and To are the time to draw.
	From, To time.Time
	// Rate is what $__rate_interval is.
	Rate time.Duration
	// Width is that of the window in pixels.
	Width int
}

// Panel is what became of a panel.
type Panel struct {
	Title string
	// Error is why it could not be drawn; empty if it was.
	Error string
	// Empty panels show no number.
	Empty bool
}

// Draw writes a picture of the dashboard as PNG, and answers what became of its panels.
func Draw(ctx context.Context, s Settings, b *board.Board, out string) ([]Panel, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	prometheus, err := url.Parse(s.Prometheus)
	if err != nil {
		return nil, err
	}
	dashboard, err := b.JSON()
	if err != nil {
		return nil, err
	}
	reports := make(chan []Panel, 1)
	server := &http.Server{Handler: site(s.Page, prometheus, dashboard, reports), ReadHeaderTimeout: patience}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	served := make(chan struct{})
	go func() {
		_ = server.Serve(listener) // it is closed below
		close(served)
	}()
	defer func() {
		_ = server.Close()
		<-served
	}()
	page := fmt.Sprintf("http://%s/?from=%d&to=%d&rate=%.0fs", listener.Addr(), s.From.Unix(), s.To.Unix(), s.Rate.Seconds())
	if err := s.browse(ctx, page, head+cell*b.Height, out); err != nil {
		return nil, err
	}
	select {
	case panels := <-reports:
		return panels, nil
	default:
		return nil, errors.New("the page did not report what it drew")
	}
}

// browse takes a picture of a page.
func (s *Settings) browse(ctx context.Context, page string, height int, out string) error {
	profile, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	text, err := exec.CommandContext(ctx, s.Browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--user-data-dir="+profile, fmt.Sprintf("--window-size=%d,%d", s.Width, height),
		"--virtual-time-budget=30000", "--screenshot="+out, page).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", s.Browser, err, text)
	}
	return nil
}

// site serves the page, the dashboard and, below prometheus/, the database.
func site(folder string, prometheus *url.URL, dashboard []byte, reports chan<- []Panel) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="app.css"><div id="root"></div><script src="app.js"></script>`)
	})
	for _, name := range []string{"app.js", "app.css"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, filepath.Join(folder, name))
		})
	}
	mux.HandleFunc("GET /dashboard.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(dashboard) // the browser that went away does not want it
	})
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(prometheus) }}
	mux.Handle("GET /prometheus/", http.StripPrefix("/prometheus", proxy))
	mux.HandleFunc("POST /report", func(w http.ResponseWriter, r *http.Request) {
		var panels []Panel
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxReport)).Decode(&panels); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case reports <- panels:
		default: // one report is enough
		}
	})
	return mux
}
