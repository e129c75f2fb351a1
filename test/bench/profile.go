// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"
)

// profiledConfig is a collector as many run it: requests to Prometheus' exporter, traces to nobody.
const profiledConfig = `
extensions: {pprof: {endpoint: "127.0.0.1:$PPROF"}}
processors: {llm_span_metrics: , batch: }
connectors: {llm_span_metrics: }
service:
  extensions: [pprof]
  pipelines:
    traces: {receivers: [otlp], processors: [llm_span_metrics, batch], exporters: [debug, llm_span_metrics]}
    metrics: {receivers: [llm_span_metrics], exporters: [debug]}
` + around

// writeProfile writes a CPU profile of the collector, for profile-guided builds. Of five batches four hold LLM spans. They have as
// many dimension sets as those of the gate, which the default limits admit.
func writeProfile(binary, to string, length time.Duration) error {
	folder, err := os.MkdirTemp("", "profile")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	r, err := startCollector(folder, variant{config: profiledConfig, binary: binary, environment: seldomCollected}, batchSpans)
	if err != nil {
		return err
	}
	defer r.stop()
	plain := newInput(10, true)
	plain.renew()
	batch, err := encode(plain.batches[0])
	if err != nil {
		return err
	}
	r.batches = append(slices.Repeat(r.batches, 4), batch)
	done := make(chan error, 1)
	go func() { done <- fetchProfile(r.process.profiles, to, length) }()
	for {
		select {
		case err := <-done:
			return err
		default:
		}
		if _, err := r.send(); err != nil {
			return errors.Join(err, <-done)
		}
	}
}

func fetchProfile(address, to string, length time.Duration) error {
	answer, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", address, int(length.Seconds())))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the profile at %s: %s", address, answer.Status)
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, answer.Body)
	return errors.Join(err, file.Close())
}
