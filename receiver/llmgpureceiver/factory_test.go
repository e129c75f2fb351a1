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
		"interval":                           {map[string]any{"collection_interval": "10ms", "timeout": "10ms"}, "collection_interval is 10ms: it must be at least 100ms"},
		"interval below the default timeout": {map[string]any{"collection_interval": "1s"}, ""},
		"timeout above":                      {map[string]any{"timeout": "1m"}, "timeout (1m0s) is longer than collection_interval (15s)"},
		"no timeout":                         {map[string]any{"timeout": "0s"}, "timeout is 0s: it must be above 0"},
		"library":                            {map[string]any{"library_path": "lib.so"}, `library_path "lib.so" must be an absolute path`},
		"root":                               {map[string]any{"root_path": ""}, `root_path "" must be an absolute path`},
		"start timeout":                      {map[string]any{"helper": map[string]any{"start_timeout": "-1s"}}, "helper: start_timeout is -1s"},
		"restart delay":                      {map[string]any{"helper": map[string]any{"restart_delay": "0s"}}, "helper: restart_delay is 0s"},
		"max restart delay":                  {map[string]any{"helper": map[string]any{"max_restart_delay": "1s"}}, "max_restart_delay (1s) is shorter than restart_delay (5s)"},
		"keep":                               {map[string]any{"lost_devices": map[string]any{"keep": "-1s"}}, "lost_devices: keep is -1s"},
		"retry delay":                        {map[string]any{"lost_devices": map[string]any{"retry_delay": "0s"}}, "lost_devices: retry_delay is 0s"},
		"max retry delay":                    {map[string]any{"lost_devices": map[string]any{"retry_delay": "1h"}}, "max_retry_delay (10m0s) is shorter than retry_delay (1h0m0s)"},
		"release file":                       {map[string]any{"release": map[string]any{"file": "x"}}, `release: file "x" must be an absolute path`},
		"release duration":                   {map[string]any{"release": map[string]any{"duration": "0s"}}, "release: duration is 0s"},
		"processes":                          {map[string]any{"processes": map[string]any{"max_per_device": 0}}, "processes: max_per_device is 0: it must be above 0"},
		"engine without a name":              {map[string]any{"processes": map[string]any{"engines": []any{map[string]any{"programs": []any{"x"}}}}}, "name is empty"},
		"engine without a program":           {map[string]any{"processes": map[string]any{"engines": []any{map[string]any{"name": "x"}}}}, `engine "x" has none of programs, modules and titles`},
		"slices without pods":                {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"enabled": true}}}, "pods: resource_slices::enabled is true and enabled is false"},
		"slices of no node":                  {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"node": "a,b"}}}, `pods::resource_slices: node "a,b" must be the name of a node`},
		"slices without time":                {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"timeout": "0s"}}}, "pods::resource_slices: timeout is 0s"},
		"kubeconfig":                         {map[string]any{"pods": map[string]any{"resource_slices": map[string]any{"kubeconfig": "config"}}}, `pods::resource_slices: kubeconfig "config" must be an absolute path`},
		"pods' socket":                       {map[string]any{"pods": map[string]any{"socket": "kubelet.sock"}}, `pods: socket "kubelet.sock" must be an absolute path`},
		"pods' timeout":                      {map[string]any{"pods": map[string]any{"timeout": "0s"}}, "pods: timeout is 0s"},
		"change of MIG":                      {map[string]any{"release": map[string]any{"mig_change": "-1s"}}, "release: mig_change is -1s"},
		"device attribute":                   {map[string]any{"device_attributes": []any{"hw.modell"}}, `device_attributes: "hw.modell" is not known: it must be one of hw.model, hw.vendor, nvidia.gpu.index`},
		"device attribute twice":             {map[string]any{"device_attributes": []any{"hw.model", "hw.model"}}, `device_attributes: "hw.model" is there twice`},
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
