// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// readPage reads the page and the documents beside it. A page with an error was read in part.
func (s *engineScraper) readPage(ctx context.Context) (*llmengine.Page, error) {
	page := llmengine.NewPage(llmengine.Options{Histograms: s.config.Histograms, Now: s.now(), Engine: llmengine.ByName(s.config.Engine)})
	found, err := s.findPage(ctx, page)
	if found == nil {
		return nil, err
	}
	page = found
	if result := page.Read(); result.Engine != nil {
		if configured := llmengine.ByName(s.config.Engine); configured != nil && result.Engine != configured {
			return nil, &failure{reason: reasonAnotherEngine, err: fmt.Errorf("the page is that of %s, not of %s: correct engine, or set it to auto",
				result.Engine.Title, configured.Title)}
		}
		s.engine = result.Engine
	} else if s.engine == nil {
		return nil, &failure{reason: reasonAnotherEngine, err: errors.New("the page has no family of an engine that is known")}
	}
	s.readLookups(ctx, page)
	return page, err
}

// findPage reads the page from where it was the last time, or where it should be. With engine: auto it looks in at most one other
// place, which the first answer suggests.
func (s *engineScraper) findPage(ctx context.Context, page *llmengine.Page) (*llmengine.Page, error) {
	path := s.config.MetricsPath
	if path == "" {
		path = s.path
	}
	if path == "" && s.engine != nil {
		path = s.engine.Path
		if path == "" {
			return s.readDocuments(ctx, page, s.engine)
		}
	}
	if path == "" {
		path = "/metrics"
	}
	answer, err := s.client.get(ctx, path)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status == http.StatusOK && !answer.json {
		if err := s.readText(page, answer); err != nil && page.Empty() {
			return nil, err
		} else if err != nil {
			return page, err
		}
		s.path = path
		return page, nil
	}
	if answer.status == http.StatusOK && s.config.MetricsPath != "" {
		return s.readStatistics(page, answer)
	}
	message := answer.message()
	if s.config.Engine == auto && s.config.MetricsPath == "" && s.path == "" {
		for _, clue := range clues {
			if clue.fits(answer.status, answer.json, message) {
				return s.follow(ctx, page, clue, statusError(path, answer.status, message))
			}
		}
	}
	if answer.status == http.StatusOK {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: message[:min(len(message), 60)]}}
	}
	return nil, statusError(path, answer.status, message)
}

// clue says what an answer that is no page suggests.
type clue struct {
	status   int // 0: any
	json     bool
	contains string
	// next is where to look. It is the page of engine if confirm is empty; else it only confirms that it is the engine.
	next, confirm string
	engine        string
}

func (c clue) fits(status int, json bool, message string) bool {
	return (c.status == 0 || c.status == status) && c.json == json && strings.Contains(message, c.contains)
}

// clues, each read from the project's source or documentation (see internal/llmengine).
var clues = []clue{
	{status: http.StatusNotFound, contains: "404 page not found", next: "/", confirm: "Ollama is running", engine: "ollama"},
	{json: true, contains: "Unexpected endpoint", next: "/api/v0/models", engine: "lmstudio"},
	{status: http.StatusNotFound, json: true, contains: "Not Found", next: "/v1/metrics", engine: "nim"},
	{status: http.StatusOK, json: true, contains: "[", next: "/prometheus/metrics", engine: "tensorrt-llm"},
}

// follow looks where a clue points. Without success the first answer's failure stands.
func (s *engineScraper) follow(ctx context.Context, page *llmengine.Page, clue clue, first *failure) (*llmengine.Page, error) {
	engine := llmengine.ByName(clue.engine)
	if engine.Path == "" && clue.confirm == "" {
		page, err := s.readDocuments(ctx, page, engine)
		if err == nil {
			s.engine = engine
		}
		return page, err
	}
	answer, err := s.client.get(ctx, clue.next)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status != http.StatusOK {
		return nil, first
	}
	if clue.confirm != "" {
		if !strings.Contains(answer.message(), clue.confirm) {
			return nil, first
		}
		s.engine = engine
		return s.readDocuments(ctx, page, engine)
	}
	if err := s.readText(page, answer); err != nil && page.Empty() {
		return nil, err
	} else if err != nil {
		return page, err
	}
	s.path = clue.next
	return page, nil
}

// readText reads a page in the text format.
func (s *engineScraper) readText(page *llmengine.Page, answer *answer) error {
	err := page.ReadText(answer)
	var notText *llmengine.NotTextError
	var lines *llmengine.LinesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &notText):
		return &failure{reason: reasonNotText, err: err}
	case errors.As(err, &lines):
		return &failure{reason: reasonBadLines, err: err}
	default:
		return readError(err)
	}
}

// readStatistics reads a JSON document that the user chose as the page.
func (s *engineScraper) readStatistics(page *llmengine.Page, answer *answer) (*llmengine.Page, error) {
	body, err := io.ReadAll(answer)
	if err != nil {
		return nil, readError(err)
	}
	if s.engine == nil {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: string(body[:min(len(body), 60)])}}
	}
	documents := llmengine.JSONPages(s.engine)
	if len(documents) == 0 {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: string(body[:min(len(body), 60)])}}
	}
	if err := page.ReadJSON(&documents[0], body); err != nil {
		return nil, &failure{reason: reasonNotJSON, err: err}
	}
	return page, nil
}

// readDocuments reads the JSON documents that are the page of an engine without one.
func (s *engineScraper) readDocuments(ctx context.Context, page *llmengine.Page, engine *llmengine.Engine) (*llmengine.Page, error) {
	page.Expect(engine)
	for _, document := range llmengine.JSONPages(engine) {
		body, err := s.getJSON(ctx, document.Path)
		if err != nil {
			return nil, err
		}
		if err := page.ReadJSON(&document, body); err != nil {
			return nil, &failure{reason: reasonNotJSON, err: err}
		}
	}
	return page, nil
}
