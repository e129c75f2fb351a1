// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// load sends spans, each a request and a trace. Several senders repeat a batch until it is accepted, as SDKs do.
type load struct {
	url      string
	accepted atomic.Int64
	repeated atomic.Int64
	stop     context.CancelFunc
	senders  sync.WaitGroup
}

const (
	senders      = 4
	spansOfBatch = 20
	// sendTimeout is that of OpenTelemetry's SDKs.
	sendTimeout = 10 * time.Second
)

func startLoad(ctx context.Context, url string) *load {
	ctx, stop := context.WithCancel(ctx)
	l := &load{url: url, stop: stop}
	for range senders {
		l.senders.Go(func() {
			client := &http.Client{Timeout: sendTimeout, Transport: &http.Transport{}}
			for ctx.Err() == nil {
				l.sendOnce(client, batch())
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	return l
}

// sendOnce sends a batch until it is accepted, also after the end of the load: what was begun is completed.
func (l *load) sendOnce(client *http.Client, body []byte) {
	for {
		response, err := client.Post(l.url, "application/json", bytes.NewReader(body))
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				l.accepted.Add(spansOfBatch)
				return
			}
		}
		l.repeated.Add(1)
		time.Sleep(200 * time.Millisecond)
	}
}

// end stops the senders and returns how many spans were accepted.
func (l *load) end() int64 {
	l.stop()
	l.senders.Wait()
	return l.accepted.Load()
}

func batch() []byte {
	now := time.Now()
	spans := make([]string, spansOfBatch)
	for i := range spans {
		var id [24]byte
		rand.Read(id[:])
		spans[i] = fmt.Sprintf(`{"traceId":%q,"spanId":%q,"name":"chat load","kind":3,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[
			{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
			{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
			{"key":"gen_ai.request.model","value":{"stringValue":"load"}}]}`,
			hex.EncodeToString(id[:16]), hex.EncodeToString(id[16:]), now.Add(-time.Second).UnixNano(), now.UnixNano())
	}
	return []byte(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"load"}}]},"scopeSpans":[{"spans":[` +
		strings.Join(spans, ",") + `]}]}]}`)
}
