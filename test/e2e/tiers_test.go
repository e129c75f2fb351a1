// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/backend"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// tiers are two agents in front of two gateways, as in examples/scaling. Each gateway has a backend of its
// own, which shows what came through it.
type tiers struct {
	t        *testing.T
	agents   []*harness.Collector
	gateways []*harness.Collector
	backends []*backend.Server
	// list is the path of the file that names the gateways to the agents.
	list string
	// senders lead to one agent each.
	senders []load.Sender
	// toAgents gives each agent a batch in turn.
	toAgents load.Sender
}

// overlays of examples/scaling are laid on top of the configs of the two tiers.
type overlays struct{ agent, gateway []string }

// startTiers runs agents and gateways, the latter with env.
func startTiers(t *testing.T, on overlays, env ...string) *tiers {
	t.Helper()
	s := &tiers{t: t, list: filepath.Join(t.TempDir(), "gateways.yaml")}
	for i := range 2 {
		server, at := harness.Backend(t)
		gateway := harness.Start(t, append([]string{at, fmt.Sprintf("OTELCOL_LLM_COLLECTOR_ID=gateway-%d", i)}, env...),
			append(examples(t, "gateway.yaml", on.gateway...), "testdata/config/to_backend.yaml")...)
		s.backends = append(s.backends, server)
		s.gateways = append(s.gateways, gateway)
	}
	s.listGateways(s.gateways...)
	for range 2 {
		agent := harness.Start(t, []string{"OTELCOL_LLM_GATEWAYS=${file:" + s.list + "}"}, examples(t, "agent.yaml", on.agent...)...)
		s.agents = append(s.agents, agent)
		s.senders = append(s.senders, harness.GRPC(t, agent.Address(collector.OTLPGRPC)))
	}
	s.toAgents = load.RoundRobin(s.senders...)
	return s
}

// listGateways decides to which gateways an agent sends from its next start or reload on.
func (s *tiers) listGateways(gateways ...*harness.Collector) {
	s.t.Helper()
	addresses := make([]string, len(gateways))
	for i, gateway := range gateways {
		addresses[i] = gateway.Address(collector.OTLPGRPC)
	}
	require.NoError(s.t, os.WriteFile(s.list, []byte("["+strings.Join(addresses, ", ")+"]"), 0o600))
}

// examples answers the paths of a config in examples/scaling and of what is laid on top of it.
func examples(t *testing.T, config string, overlays ...string) []string {
	t.Helper()
	var paths []string
	for _, name := range append([]string{config}, overlays...) {
		path, err := repo.Path("examples", "scaling", name)
		require.NoError(t, err)
		paths = append(paths, path)
	}
	return paths
}

// send hands one batch after the other to the agents.
func (s *tiers) send(batches ...ptrace.Traces) {
	s.t.Helper()
	for _, batch := range batches {
		require.NoError(s.t, s.toAgents.Send(context.Background(), batch))
	}
}

// waitForSpans waits until n spans have come through the gateways.
func (s *tiers) waitForSpans(n int) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		came := 0
		for _, server := range s.backends {
			came += len(server.Spans())
		}
		return came >= n
	}, harness.Patience, 50*time.Millisecond, "spans behind the gateways")
}

// stop ends the agents, which deliver what they hold, and then the gateways, which deliver what they counted.
func (s *tiers) stop() {
	s.t.Helper()
	for _, one := range append(s.agents, s.gateways...) {
		one.MustStop()
	}
}

// counted is what all gateways have counted.
func (s *tiers) counted() tally.Tally {
	var all []pmetric.Metrics
	for _, server := range s.backends {
		all = append(all, server.Metrics()...)
	}
	return tally.Of(all...)
}

// traces counts the spans of each trace that came through a gateway.
func traces(server *backend.Server) map[pcommon.TraceID]int {
	spans := map[pcommon.TraceID]int{}
	for id := range server.Spans() {
		spans[id.Trace]++
	}
	return spans
}
