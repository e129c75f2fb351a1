// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func TestEmptyCollectionsGoNoFurther(t *testing.T) {
	sink := &consumertest.MetricsSink{}
	next, err := withoutEmpty(sink)
	require.NoError(t, err)
	metrics := pmetric.NewMetrics()
	require.NoError(t, next.ConsumeMetrics(t.Context(), metrics))
	assert.Empty(t, sink.AllMetrics())
	metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty()
	require.NoError(t, next.ConsumeMetrics(t.Context(), metrics))
	assert.Len(t, sink.AllMetrics(), 1)
}

func TestWrongConfigurationIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		set     map[string]any
		message string
	}{
		"default":                            {nil, ""},
		"interval":                           {map[string]any{"collection_interval": "10ms", "timeout": "10ms"}, "collection_interval: must be at least 100ms, got 10ms"},
		"interval below the default timeout": {map[string]any{"collection_interval": "1s"}, ""},
		"timeout above":                      {map[string]any{"timeout": "1m"}, "timeout: must be at most collection_interval (15s), or collections would be late, got 1m0s"},
		"no timeout":                         {map[string]any{"timeout": "0s"}, "timeout: must be above 0, since the driver may never answer, got 0s"},
		"library":                            {map[string]any{"library_path": "lib.so"}, "library_path: must be an absolute path, or empty for the system's libnvidia-ml.so.1, got \"lib.so\""},
		"root":                               {map[string]any{"root_path": ""}, `root_path: must be an absolute path, got ""`},
		"start timeout":                      {map[string]any{"helper": map[string]any{"start_timeout": "-1s"}}, "helper: start_timeout: must be above 0, got -1s"},
		"restart delay":                      {map[string]any{"helper": map[string]any{"restart_delay": "0s"}}, "helper: restart_delay: must be above 0, got 0s"},
		"max restart delay":                  {map[string]any{"helper": map[string]any{"max_restart_delay": "1s"}}, "max_restart_delay: must be at least restart_delay (5s), got 1s"},
		"keep":                               {map[string]any{"lost_devices": map[string]any{"keep": "-1s"}}, "lost_devices: keep: must be at least 0, got -1s"},
		"retry delay":                        {map[string]any{"lost_devices": map[string]any{"retry_delay": "0s"}}, "lost_devices: retry_delay: must be above 0, got 0s"},
		"max retry delay":                    {map[string]any{"lost_devices": map[string]any{"retry_delay": "1h"}}, "max_retry_delay: must be at least retry_delay (1h0m0s), got 10m0s"},
		"release file":                       {map[string]any{"release": map[string]any{"file": "x"}}, `release: file: must be an absolute path, got "x"`},
		"release duration":                   {map[string]any{"release": map[string]any{"duration": "0s"}}, "release: duration: must be above 0, got 0s"},
		"processes":                          {map[string]any{"processes": map[string]any{"max_per_device": 0}}, "processes: max_per_device: must be above 0, got 0"},
		"engine without a name":              {map[string]any{"processes": map[string]any{"engines": []any{map[string]any{"programs": []any{"x"}}}}}, `name: must be the engine's, for llm.engine.name, got ""`},
		"engine without a program":           {map[string]any{"processes": map[string]any{"engines": []any{map[string]any{"name": "x"}}}}, `engine "x": needs one of programs, modules and titles, got none`},
		"slices without pods":                {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"enabled": true}}}, "pods: resource_slices::enabled: must be false without pods::enabled"},
		"slices of no node":                  {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"node": "a,b"}}}, `pods::resource_slices: node: must be the name of a node, got "a,b"`},
		"slices without time":                {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"timeout": "0s"}}}, "pods::resource_slices: timeout: must be above 0, got 0s"},
		"kubeconfig":                         {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"kubeconfig": "config"}}}, `pods::resource_slices: kubeconfig: must be an absolute path, or empty for the pod's service account, got "config"`},
		"pods' socket":                       {map[string]any{"pods": map[string]any{"socket": "kubelet.sock"}}, `pods: socket: must be an absolute path, got "kubelet.sock"`},
		"pods' timeout":                      {map[string]any{"pods": map[string]any{"timeout": "0s"}}, "pods: timeout: must be above 0, got 0s"},
		"change of MIG":                      {map[string]any{"release": map[string]any{"mig_change": "-1s"}}, "release: mig_change: must be at least 0, got -1s"},
		"device attribute":                   {map[string]any{"device_attributes": []any{"hw.modell"}}, `device_attributes::0: must be one of hw.model, hw.vendor, nvidia.gpu.index`},
		"device attribute twice":             {map[string]any{"device_attributes": []any{"hw.model", "hw.model"}}, `device_attributes::1: must name each attribute once, got "hw.model" twice`},
		"metric":                             {map[string]any{"metrics": map[string]any{"hw.powr": map[string]any{"enabled": true}}}, "hw.powr"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := createDefaultConfig()
			err := confmap.NewFromStringMap(test.set).Unmarshal(cfg)
			if err == nil {
				err = confmap.Validate(cfg)
			}
			if test.message == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.message)
			}
		})
	}
}
