// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"context"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// lookupInterval is the least time between two reads of a document beside the page.
const lookupInterval = time.Minute

func (s *engineScraper) getJSON(ctx context.Context, path string) ([]byte, error) {
	answer, err := s.client.get(ctx, path)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status != http.StatusOK {
		return nil, statusError(path, answer.status, answer.message())
	}
	body, err := io.ReadAll(answer)
	if err != nil {
		return nil, readError(err)
	}
	return body, nil
}

// readLookups adds the documents beside the page, each of which is asked for once a minute at most. That one cannot be had, for want
// of a token, say, is no failure of the scrape.
func (s *engineScraper) readLookups(ctx context.Context, page *llmengine.Page) {
	if s.engine == nil {
		return
	}
	for i := range s.engine.Lookups {
		document := &s.engine.Lookups[i]
		if document.State || document.OnlyVersion() && !s.config.ResourceAttributes.LlmEngineVersion.Enabled {
			continue
		}
		kept := s.lookups[document.Path]
		if kept == nil {
			kept = &lookup{}
			s.lookups[document.Path] = kept
		}
		if now := s.now(); kept.at.IsZero() || now.Sub(kept.at) >= lookupInterval {
			kept.at = now
			body, err := s.getJSON(ctx, document.Path)
			if err == nil {
				err = llmengine.NewPage(llmengine.Options{Now: now}).ReadJSON(document, body)
			}
			if err != nil {
				body = nil
				s.telemetry.Failure(ctx, s.engine, reasonLookup)
				if !kept.failed {
					s.settings.Logger.Warn("Cannot read a document beside the metrics page; its values are missing",
						zap.String("endpoint", s.config.Endpoint), zap.String("path", document.Path), zap.Error(err))
				}
			}
			kept.body, kept.failed = body, err != nil
		}
		if kept.body != nil {
			_ = page.ReadJSON(document, kept.body) // it was read once
		}
	}
}

// version is what the documents say.
func (s *engineScraper) version() string {
	if s.engine == nil || !s.config.ResourceAttributes.LlmEngineVersion.Enabled {
		return ""
	}
	for i := range s.engine.Lookups {
		if kept := s.lookups[s.engine.Lookups[i].Path]; kept != nil && kept.body != nil {
			if version := s.engine.Lookups[i].VersionIn(kept.body); version != "" {
				return version
			}
		}
	}
	return ""
}
