// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"gopkg.in/yaml.v3"
)

const exampleConfig = "../../examples/dcgm-exporter/config.yaml"

// row is one row of migration.yaml.
type row struct {
	Metric            string
	Attributes        map[string]string
	DCGM              string
	NVIDIAGPUExporter string `yaml:"nvidia_gpu_exporter"`
	Datadog           string
}

// other is a metric of another exporter, and what its values are to be multiplied with.
type other struct {
	name  string
	scale string // empty for one
}

// others reads a cell of the list.
func others(t *testing.T, cell string) (all []other) {
	t.Helper()
	if cell == "" {
		return nil
	}
	for part := range strings.SplitSeq(cell, " | ") {
		name, scale, scaled := strings.Cut(part, " * ")
		if scaled {
			_, err := strconv.ParseFloat(scale, 64)
			require.NoError(t, err, cell)
		}
		all = append(all, other{name, scale})
	}
	return all
}

func readMetadata(t *testing.T) (m metadata) {
	t.Helper()
	content, err := os.ReadFile(receiverDir + "metadata.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &m))
	return m
}

func readRows(t *testing.T) (rows []row) {
	t.Helper()
	content, err := os.ReadFile(receiverDir + "migration.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &rows))
	return rows
}

// Each row names a metric and attributes that the receiver has. No name of another exporter is in two rows.
func TestMigrationListAgreesWithTheMetadata(t *testing.T) {
	m := readMetadata(t)
	seen := map[string]bool{}
	for _, r := range readRows(t) {
		metric, known := m.Metrics[r.Metric]
		require.True(t, known, r.Metric)
		for name, value := range r.Attributes {
			i := slices.IndexFunc(metric.Attributes, func(attribute string) bool {
				return attribute == name || m.Attributes[attribute].NameOverride == name
			})
			require.GreaterOrEqual(t, i, 0, "%s has no %s", r.Metric, name)
			assert.Contains(t, m.Attributes[metric.Attributes[i]].Enum, value, r.Metric)
		}
		for source, cell := range map[string]string{"dcgm": r.DCGM, "nge": r.NVIDIAGPUExporter, "datadog": r.Datadog} {
			for _, o := range others(t, cell) {
				assert.False(t, seen[source+o.name], "%s is there twice", o.name)
				seen[source+o.name] = true
			}
		}
	}
}

// The page for people and the configuration for dcgm-exporter are those of the list.
func TestMigrationPagesAreUpToDate(t *testing.T) {
	m, rows := readMetadata(t), readRows(t)
	golden(t, receiverDir+"migration.md", migrationPage(t, m, rows))
	golden(t, exampleConfig, migrationConfig(t, m, rows))
}

func migrationPage(t *testing.T, m metadata, rows []row) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Coming from another exporter

Generated from ` + "`migration.yaml`" + ` by the tests in ` + "`test/gpu`" + `: run them with ` + "`-update`" + ` after a change.

What stands behind × is what to multiply the other exporter's values with. Names of nvidia_gpu_exporter go without ` + "`nvidia_smi_`" + `,
those of Datadog without ` + "`gpu.`" + `. Of dcgm-exporter, the second name is that of DCGM 4.6 or 4.7, which dcgm-exporter 4.9 takes. It
has other units for clocks, energy, memory, throttling and utilization. Metrics that are off by default are marked *off*. The
gauge of the last XID and ` + "`DCGM_FI_PROF_GR_ENGINE_ACTIVE`" + ` have no counterpart.

A fleet may keep dcgm-exporter, say for cards before Hopper. [A configuration](../../examples/dcgm-exporter) that is made of the
same list gives its metrics our names.

| Metric | Attributes | dcgm-exporter | nvidia_gpu_exporter | Datadog |
| --- | --- | --- | --- | --- |
`)
	for _, r := range rows {
		name := "`" + r.Metric + "`"
		if !m.Metrics[r.Metric].Enabled {
			name += " *off*"
		}
		var attributes []string
		for _, key := range slices.Sorted(maps.Keys(r.Attributes)) {
			attributes = append(attributes, "`"+key+"="+r.Attributes[key]+"`")
		}
		cells := []string{name, strings.Join(attributes, ", ")}
		for _, cell := range []string{r.DCGM, r.NVIDIAGPUExporter, r.Datadog} {
			var names []string
			for _, o := range others(t, cell) {
				text := "`" + o.name + "`"
				if o.scale != "" {
					text += " × " + o.scale
				}
				names = append(names, text)
			}
			cells = append(cells, strings.Join(names, ", "))
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}

// labels are what dcgm-exporter's labels are called here.
var labels = [][2]string{
	{"UUID", "hw.id"},
	{"pci_bus_id", "hw.name"},
	{"modelName", "hw.model"},
	{"gpu", "nvidia.gpu.index"},
	{"Hostname", "host.name"},
	{"hostname", "host.name"},
	{"DCGM_FI_DRIVER_VERSION", "hw.driver_version"},
	{"DCGM_FI_SYSTEM_DRIVER_VERSION", "hw.driver_version"},
	{"namespace", "k8s.namespace.name"},
	{"pod", "k8s.pod.name"},
	{"container", "k8s.container.name"},
	{"xid", "nvidia.gpu.xid"},
}

func migrationConfig(t *testing.T, m metadata, rows []row) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# The page of NVIDIA's dcgm-exporter, under the names, units and labels of the receiver llm_gpu. Generated from
# receiver/llmgpureceiver/migration.yaml by the tests in test/gpu. What is not in that list keeps its name.
receivers:
  prometheus/dcgm:
    config:
      scrape_configs:
        - job_name: dcgm-exporter
          scrape_interval: 15s
          static_configs:
            - targets: ["${env:DCGM_EXPORTER:-127.0.0.1:9400}"]

processors:
  metricstransform/dcgm:
    transforms:
      - include: ^DCGM_
        match_type: regexp
        action: update
        operations:
          - {action: add_label, new_label: hw.type, new_value: gpu}
`)
	for _, label := range labels {
		fmt.Fprintf(&b, "          - {action: update_label, label: %s, new_label: %s}\n", label[0], label[1])
	}
	for _, r := range rows {
		for _, o := range others(t, r.DCGM) {
			fmt.Fprintf(&b, "      - include: %s\n        action: update\n        new_name: %s\n", o.name, r.Metric)
			if len(r.Attributes) > 0 || o.scale != "" {
				b.WriteString("        operations:\n")
			}
			for _, key := range slices.Sorted(maps.Keys(r.Attributes)) {
				fmt.Fprintf(&b, "          - {action: add_label, new_label: %s, new_value: %s}\n", key, r.Attributes[key])
			}
			if o.scale != "" {
				fmt.Fprintf(&b, "          - {action: experimental_scale_value, experimental_scale: %s}\n", o.scale)
			}
		}
	}
	b.WriteString(`
  # Units, which the page has only in its help texts, kinds, and the form of PCI addresses.
  transform/dcgm:
    metric_statements:
      - context: metric
        statements:
`)
	var units, levels []string
	for _, r := range rows {
		metric := m.Metrics[r.Metric]
		if r.DCGM == "" {
			continue
		}
		statement := fmt.Sprintf("          - set(metric.unit, %q) where metric.name == %q\n", metric.Unit, r.Metric)
		if !slices.Contains(units, statement) {
			units = append(units, statement)
		}
		statement = fmt.Sprintf("          - convert_sum_to_gauge() where metric.name == %q\n", r.Metric)
		if (metric.Sum == nil || !metric.Sum.Monotonic) && !slices.Contains(levels, statement) {
			levels = append(levels, statement)
		}
	}
	b.WriteString(strings.Join(units, "") + strings.Join(levels, ""))
	b.WriteString(`          - set(metric.description, "") where IsMatch(metric.name, "^(hw|nvidia)\\.")
      - context: datapoint
        statements:
          - replace_pattern(datapoint.attributes["hw.name"], "^0000([0-9a-fA-F]{4}:)", "$$1")

service:
  pipelines:
    metrics/dcgm:
      receivers: [prometheus/dcgm]
      processors: [metricstransform/dcgm, transform/dcgm]
      exporters: [prometheus]
`)
	return b.String()
}

// A page of dcgm-exporter comes out of the distribution under the names, units and labels of this receiver.
func TestPageOfDCGMExporter(t *testing.T) {
	page, err := os.ReadFile("testdata/dcgm-exporter.prom")
	require.NoError(t, err)
	exporter := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write(page)
	}))
	defer exporter.Close()
	s := newSink(t)
	base := writeFile(t, fmt.Sprintf(`
receivers: {prometheus/dcgm: {config: {scrape_configs: [{job_name: dcgm-exporter, scrape_interval: 300ms, scrape_timeout: 300ms, static_configs: [{targets: [%q]}]}]}}}
exporters: {otlp_http: {endpoint: %q, compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}}
service: {telemetry: {metrics: {level: none}}, pipelines: {metrics/dcgm: {exporters: [otlp_http]}}}
`, exporter.Listener.Addr().(*net.TCPAddr).String(), s.URL))
	cmd := exec.Command(binary(t), "--config", exampleConfig, "--config", base)
	log := &logBuffer{}
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start(), "of the distribution: the small collector does not have what this takes")
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	require.Eventually(t, func() bool { return len(points(s.last(), "hw.power")) > 0 }, time.Minute, 50*time.Millisecond, log.String())
	golden(t, "testdata/dcgm-exporter.txt", renderDCGM(s.last()))
}

// renderDCGM writes what came of the page, without what the scrape adds.
func renderDCGM(metrics pmetric.Metrics) string {
	var lines []string
	for line := range strings.Lines(render(metrics)) {
		if strings.Contains(line, "hw.id=") {
			lines = append(lines, strings.TrimSuffix(strings.TrimSuffix(line, "\n"), " since first look")+"\n")
		}
	}
	return strings.Join(lines, "")
}
