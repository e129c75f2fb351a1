// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	// service and requestModel of the spans. They are the same in each run, so that runs add no series.
	service      = "otelcol-llm-check"
	requestModel = "otelcol-llm-check"
	// counter is the metric that counts requests, and modelLabel its label for the model.
	counter    = "llm_requests_total"
	modelLabel = "gen_ai_request_model"

	// pause between two looks at the metrics.
	pause = 500 * time.Millisecond
	// maxSpans fit in one request within the receiver's limit of some MiB.
	maxSpans = 1000
	// maxBody bounds what is read of an answer, in bytes.
	maxBody = 256 << 20
)

// errUnreachable is the kind of error where nothing can be said about counting.
var errUnreachable = errors.New("cannot check")

// errLater is the kind of errUnreachable after which OTLP lets a sender try again.
var errLater = fmt.Errorf("%w for now", errUnreachable)

// credentials are sent with spans and not with anything else; empty ones are not sent.
type credentials struct{ token, username, password string }

// checker compares what one collector, or several behind one name, accepts with what it counts.
type checker struct {
	client      *http.Client
	traces      string
	metrics     *url.URL
	credentials credentials
	// lookup returns the addresses of a name.
	lookup func(ctx context.Context, host string) ([]string, error)
}

func newChecker(endpoint, metrics, caFile string, with credentials) (*checker, error) {
	tracesURL, err := parseURL("-endpoint", endpoint)
	if err != nil {
		return nil, err
	}
	metricsURL, err := parseURL("-metrics", metrics)
	if err != nil {
		return nil, err
	}
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("-ca: %w", err)
		}
		tlsConfig.RootCAs = x509.NewCertPool()
		if !tlsConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("-ca: %s holds no certificate in PEM form", caFile)
		}
	}
	return &checker{
		client:      &http.Client{Transport: &http.Transport{TLSClientConfig: tlsConfig}},
		traces:      tracesURL.JoinPath("v1", "traces").String(),
		metrics:     metricsURL,
		credentials: with,
		lookup:      net.DefaultResolver.LookupHost,
	}, nil
}

func parseURL(name, value string) (*url.URL, error) {
	u, err := url.Parse(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%s is %q: it must be a URL such as http://127.0.0.1:4318", name, value)
	}
	return u, nil
}

// check sends n spans and waits until they are counted. It returns how many the metrics gained. An error is
// errUnreachable, or says how the count is wrong.
func (c *checker) check(ctx context.Context, n int) (int, error) {
	before, err := c.scrape(ctx)
	if err != nil {
		return 0, err
	}
	for {
		err := c.send(ctx, n)
		if err == nil {
			break
		}
		if !errors.Is(err, errLater) {
			return 0, err
		}
		select {
		case <-ctx.Done():
			return 0, err
		case <-time.After(pause):
		}
	}
	for {
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("sent %d, and the metrics at %s gained fewer in time: see whether %s is served there, "+
				"and the collector's log", n, c.metrics, counter)
		case <-time.After(pause):
		}
		after, err := c.scrape(ctx)
		if err != nil {
			// The endpoint may be restarted while one waits.
			continue
		}
		switch gained := gain(before, after); {
		case gained == n:
			return gained, nil
		case gained > n:
			return gained, fmt.Errorf("sent %d, and the metrics gained %d: two tiers count the same spans, "+
				"or another check ran at the same time", n, gained)
		}
	}
}

// gain adds up what each address counted since. A counter that fell was restarted at zero.
func gain(before, after map[string]float64) int {
	total := 0.0
	for address, now := range after {
		if then := before[address]; now >= then {
			total += now - then
		} else {
			total += now
		}
	}
	return int(total)
}

// send sends n spans, each the only one of its trace, and fails unless all are accepted.
func (c *checker) send(ctx context.Context, n int) error {
	body, err := (&ptrace.JSONMarshaler{}).MarshalTraces(spans(n, time.Now()))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreachable, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.traces, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreachable, err)
	}
	req.Header.Set("Content-Type", "application/json")
	switch {
	case c.credentials.token != "":
		req.Header.Set("Authorization", "Bearer "+c.credentials.token)
	case c.credentials.username != "":
		req.SetBasicAuth(c.credentials.username, c.credentials.password)
	}
	answer, err := c.do(req)
	if err != nil {
		return err
	}
	var response struct {
		PartialSuccess struct {
			RejectedSpans json.Number `json:"rejectedSpans"`
			ErrorMessage  string      `json:"errorMessage"`
		} `json:"partialSuccess"`
	}
	if err := json.Unmarshal(answer, &response); err != nil {
		return fmt.Errorf("%w: %s does not answer as an OTLP receiver does: %w", errUnreachable, c.traces, err)
	}
	if rejected, _ := response.PartialSuccess.RejectedSpans.Int64(); rejected > 0 {
		return fmt.Errorf("%w: %s rejected %d spans: %s", errUnreachable, c.traces, rejected, response.PartialSuccess.ErrorMessage)
	}
	return nil
}

// spans makes n requests of one second that ended at the given time.
func spans(n int, end time.Time) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", service)
	list := rs.ScopeSpans().AppendEmpty().Spans()
	for range n {
		span := list.AppendEmpty()
		var trace pcommon.TraceID
		var id pcommon.SpanID
		rand.Read(trace[:])
		rand.Read(id[:])
		span.SetTraceID(trace)
		span.SetSpanID(id)
		span.SetName("chat " + requestModel)
		span.SetKind(ptrace.SpanKindClient)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-time.Second)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
		attributes := span.Attributes()
		attributes.PutStr("gen_ai.operation.name", "chat")
		attributes.PutStr("gen_ai.provider.name", "otelcol-llm-check")
		attributes.PutStr("gen_ai.request.model", requestModel)
		attributes.PutStr("gen_ai.response.model", requestModel)
		attributes.PutInt("gen_ai.usage.input_tokens", 1)
		attributes.PutInt("gen_ai.usage.output_tokens", 1)
	}
	return td
}

// scrape returns what each address behind the metrics URL has counted.
func (c *checker) scrape(ctx context.Context) (map[string]float64, error) {
	addresses, err := c.lookup(ctx, c.metrics.Hostname())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	counts := make(map[string]float64, len(addresses))
	for _, address := range addresses {
		at := *c.metrics
		at.Host = address
		if strings.Contains(address, ":") {
			at.Host = "[" + address + "]"
		}
		if port := c.metrics.Port(); port != "" {
			at.Host = net.JoinHostPort(address, port)
		}
		page, err := c.get(ctx, at.String(), c.metrics.Host)
		if err != nil {
			return nil, err
		}
		if counts[address], err = count(page); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", errUnreachable, &at, err)
		}
	}
	return counts, nil
}

// count adds up the requests of this program on a page of metrics.
func count(page []byte) (float64, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(page))
	if err != nil {
		return 0, fmt.Errorf("no page of Prometheus metrics: %w", err)
	}
	total := 0.0
	for _, metric := range families[counter].GetMetric() {
		for _, label := range metric.GetLabel() {
			if label.GetName() == modelLabel && label.GetValue() == requestModel {
				total += metric.GetCounter().GetValue()
			}
		}
	}
	return total, nil
}

// get reads a page; host is that of the request where it is not the URL's.
func (c *checker) get(ctx context.Context, from, host string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	req.Host = host
	return c.do(req)
}

// do returns the body of an answer with status 200.
func (c *checker) do(req *http.Request) ([]byte, error) {
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errUnreachable, req.URL, err)
	}
	if resp.StatusCode != http.StatusOK {
		kind := errUnreachable
		switch resp.StatusCode {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			kind = errLater
		}
		return nil, fmt.Errorf("%w: %s answered %s: %s", kind, req.URL, resp.Status, bytes.TrimSpace(body[:min(len(body), 300)]))
	}
	return body, nil
}
