// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// States that a failure shows.
const (
	stateLoading     = llmengine.Loading
	stateUnhealthy   = llmengine.Sick
	stateUnreachable = llmengine.Unreachable
)

// Reasons of failures, for the self telemetry.
const (
	reasonUnreachable   = "unreachable"
	reasonStatus        = "status"
	reasonNotText       = "not_text"
	reasonNotJSON       = "not_json"
	reasonTooLarge      = "too_large"
	reasonBadLines      = "bad_lines"
	reasonLookup        = "lookup"
	reasonAnotherEngine = "another_engine"
)

// failure is an error with its reason, and what it says about the engine.
type failure struct {
	reason string
	// status is a value of llm.engine.state; empty where the failure says nothing about the engine.
	status string
	err    error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// maxMessage is as much of an error's body as is read, in bytes.
const maxMessage = 512

// client gets documents of one endpoint. It sends GETs alone and follows no redirect to another host.
type client struct {
	http  *http.Client
	base  *url.URL
	limit int64
}

const maxRedirects = 3

func sameHost(request *http.Request, via []*http.Request) error {
	if request.URL.Host != via[0].URL.Host || request.URL.Scheme != via[0].URL.Scheme {
		return fmt.Errorf("it redirects to %s://%s, another host, which is not followed", request.URL.Scheme, request.URL.Host)
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("it redirects more than %d times", maxRedirects)
	}
	return nil
}

// answer is a whole or broken answer. Close it.
type answer struct {
	io.Reader
	status int
	json   bool // the body looks like JSON
	body   *limited
}

func (a *answer) Close() { _ = a.body.close() }

// limited reads at most so many bytes and says so when there are more.
type limited struct {
	io.Reader
	left  int64
	close func() error
}

var errTooLarge = errors.New("the answer is larger than max_response_body_size")

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		var one [1]byte
		if n, err := l.Reader.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, errTooLarge
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.Reader.Read(p)
	l.left -= int64(n)
	return n, err
}

// get asks for a path. An answer of any status is an answer.
func (c *client) get(ctx context.Context, path string) (*answer, error) {
	target, err := url.Parse(strings.TrimSuffix(c.base.Path, "/") + path)
	if err != nil {
		return nil, &failure{reason: reasonStatus, err: err}
	}
	target.Scheme, target.Host, target.User = c.base.Scheme, c.base.Host, c.base.User
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return nil, &failure{reason: reasonStatus, err: err}
	}
	// The plain format: neither OpenMetrics nor escaped names come back.
	request.Header.Set("Accept", "text/plain;version=0.0.4;q=1,application/json;q=0.9,*/*;q=0.1")
	response, err := c.http.Do(request) //nolint:bodyclose // answer.Close does
	if err != nil {
		return nil, &failure{reason: reasonUnreachable, status: stateUnreachable, err: err}
	}
	body := &limited{Reader: response.Body, left: c.limit, close: response.Body.Close}
	buffered := bufio.NewReader(body)
	first := firstByte(buffered)
	isJSON := first == '[' || first == '{' && strings.Contains(response.Header.Get("Content-Type"), "json")
	return &answer{Reader: buffered, status: response.StatusCode, json: isJSON, body: body}, nil
}

// firstByte is the first that is no space; 0 where there is none.
func firstByte(r *bufio.Reader) byte {
	const far = 64
	for n := 1; n <= far; n++ {
		begin, err := r.Peek(n)
		if len(begin) < n || err != nil {
			return 0
		}
		if c := begin[n-1]; !bytes.ContainsRune([]byte(" \t\r\n"), rune(c)) {
			return c
		}
	}
	return 0
}

// message is the beginning of a body in one line.
func (a *answer) message() string {
	text, _ := io.ReadAll(io.LimitReader(a, maxMessage)) // what came is enough
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "?")), " ")
}

// readError makes a failure of what broke a body off.
func readError(err error) *failure {
	if errors.Is(err, errTooLarge) {
		return &failure{reason: reasonTooLarge, err: err}
	}
	return &failure{reason: reasonUnreachable, status: stateUnreachable, err: fmt.Errorf("the answer broke off: %w", err)}
}

// statusError makes a failure of a status that is no success.
func statusError(path string, status int, message string) *failure {
	f := &failure{reason: reasonStatus}
	advice := ""
	switch {
	case status == http.StatusServiceUnavailable && strings.Contains(strings.ToLower(message), "loading"):
		f.status = stateLoading
	case status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		f.status = stateUnhealthy
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		advice = ": set auth or headers"
	case status == http.StatusNotFound:
		advice = ": the engine may have its metrics switched off, or another metrics_path"
	}
	f.err = fmt.Errorf("%s answers %d %s%s (%q)", path, status, http.StatusText(status), advice, message)
	return f
}
