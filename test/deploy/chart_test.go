// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const chart = "../../deploy/helm/otelcol-llm"

// variants are values that people combine, as arguments of helm.
var variants = map[string][]string{
	"defaults":                {},
	"single":                  {"--set", "single.enabled=true"},
	"single with engines":     {"--set", "single.enabled=true,engines.enabled=true,agent.enabled=false"},
	"gateway alone":           {"--set", "agent.enabled=false"},
	"agent alone":             {"--set", "gateway.enabled=false"},
	"agent of engines alone":  {"--set", "agent.gpus.enabled=false,engines.enabled=true,clusterName=eu-1"},
	"engines of namespaces":   {"--set", "engines.enabled=true,engines.namespaces={serving,batch}"},
	"stateful with HPA":       {"--set", "gateway.kind=StatefulSet,gateway.autoscaling.enabled=true"},
	"TLS and bearer token":    {"--set", "tls.secretName=cert,auth.bearer.secretName=token"},
	"basic auth":              {"--set", "auth.basic.secretName=users"},
	"backends":                {"--set", "metrics.otlp.endpoint=backend:4317,metrics.remoteWrite.endpoint=http://vm:8428/api/v1/write,traces.otlp.endpoint=tempo:4317,logs.otlp.endpoint=loki:4317"},
	"library of GKE":          {"--set", "agent.gpus.libraryPath=/home/kubernetes/bin/nvidia/lib64/libnvidia-ml.so.1,agent.gpus.libraryHostPath=/home/kubernetes/bin/nvidia,agent.gpus.privileged=true"},
	"Prometheus operator":     {"--set", "podMonitor.enabled=true,prometheusRule.enabled=true,dashboards.enabled=true", "--api-versions", "monitoring.coreos.com/v1"},
	"network policies":        {"--set", "networkPolicy.enabled=true", "--set-json", `networkPolicy.otlpFrom=[{"namespaceSelector":{}}]`},
	"mutual TLS":              {"--set", "tls.secretName=cert,tls.clientCASecretName=ca,gateway.tls.secretName=gateways"},
	"owners of GPUs":          {"--set", "agent.podResources.enabled=true,agent.podResources.resourceSlices=true,agent.hostFiles.enabled=true"},
	"settings of the metrics": {"--set-json", `spanMetrics={"dimensions":[{"name":"llm.tenant","concept":"tenant"}],"flush_interval":"5s"}`},
	"more configuration":      {"--set-json", `gateway.config={"exporters":{"debug":{}},"service":{"pipelines":{"metrics":{"exporters":["prometheus","debug"]}}}}`},
}

type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Template struct {
			Spec struct {
				AutomountServiceAccountToken bool `yaml:"automountServiceAccountToken"`
				HostPID                      bool `yaml:"hostPID"`
				HostNetwork                  bool `yaml:"hostNetwork"`
				SecurityContext              struct {
					RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
					SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
				} `yaml:"securityContext"`
				Containers []struct {
					Env             []struct{ Name, Value string }
					SecurityContext struct {
						Privileged               bool
						AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
						ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
						Capabilities             struct{ Drop []string }
					} `yaml:"securityContext"`
				}
			}
		}
	}
}

// render returns what helm makes of the values, by kind and name.
func render(t *testing.T, args ...string) map[string]object {
	t.Helper()
	helm := setting(t, "HELM_BINARY")
	output := run(t, helm, append([]string{"template", "test", chart, "--namespace", "observability"}, args...)...)
	objects := map[string]object{}
	decoder := yaml.NewDecoder(strings.NewReader(output))
	for {
		var o object
		if err := decoder.Decode(&o); err != nil {
			require.EqualError(t, err, "EOF")
			return objects
		}
		if o.Kind != "" {
			objects[o.Kind+"/"+o.Metadata.Name] = o
		}
	}
}

// validate has the built collector read a configuration of a pod.
func validate(t *testing.T, config string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, []byte(config), 0o600))
	command := exec.Command(setting(t, "OTELCOL_LLM_BINARY"), "validate", "--config="+path)
	command.Env = append(os.Environ(), "OTELCOL_LLM_HOST=127.0.0.1", "OTELCOL_LLM_POD=pod", "OTELCOL_LLM_NODE=node")
	output, err := command.CombinedOutput()
	assert.NoError(t, err, "%s\n%s", output, config)
}

func TestEachConfigurationOfTheChartIsValid(t *testing.T) {
	for name, args := range variants {
		t.Run(name, func(t *testing.T) {
			configs := 0
			for _, o := range render(t, args...) {
				config, ok := o.Data["config.yaml"]
				if o.Kind != "ConfigMap" || !ok {
					continue
				}
				configs++
				dir := t.TempDir()
				// Validation looks whether the Secrets' files are there.
				for _, file := range []string{
					"tls/tls.crt", "tls/tls.key", "auth/token", "auth/htpasswd", "client-ca/ca.crt",
					"gateways-tls/tls.crt", "gateways-tls/tls.key", "gateways-tls/ca.crt",
				} {
					path := filepath.Join(dir, file)
					require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
					require.NoError(t, os.WriteFile(path, []byte("a:b"), 0o600))
				}
				config = strings.ReplaceAll(config, "/etc/otelcol-llm-", dir+"/")
				validate(t, config)
			}
			assert.Positive(t, configs)
		})
	}
}

// What the user adds is merged: what the chart has beside it stays.
func TestMoreConfigurationIsMerged(t *testing.T) {
	objects := render(t, "--set-json", `gateway.config={"exporters":{"debug":{},"prometheus":{"enable_open_metrics":false}}}`)
	var config struct{ Exporters map[string]map[string]any }
	require.NoError(t, yaml.Unmarshal([]byte(objects["ConfigMap/test-otelcol-llm-gateway"].Data["config.yaml"]), &config))
	assert.Contains(t, config.Exporters, "debug")
	assert.Contains(t, config.Exporters, "load_balancing")
	assert.Equal(t, false, config.Exporters["prometheus"]["enable_open_metrics"])
	assert.Contains(t, config.Exporters["prometheus"], "endpoint")
}

// The values for OpenTelemetry's chart hold configurations that the collector takes.
func TestEachConfigurationForTheOfficialChartIsValid(t *testing.T) {
	paths, err := filepath.Glob("../../deploy/helm/opentelemetry-collector/*.yaml")
	require.NoError(t, err)
	require.Len(t, paths, 3)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		var values struct {
			Config yaml.Node `yaml:"alternateConfig"`
		}
		require.NoError(t, yaml.Unmarshal(content, &values))
		config, err := yaml.Marshal(&values.Config)
		require.NoError(t, err)
		validate(t, string(config))
	}
}

// Pod Security's restricted profile, and neither the host's network nor its processes.
func TestPodsAreRestricted(t *testing.T) {
	for name, args := range variants {
		t.Run(name, func(t *testing.T) {
			pods := 0
			for id, o := range render(t, args...) {
				switch o.Kind {
				case "DaemonSet", "Deployment", "StatefulSet":
				default:
					continue
				}
				pods++
				spec := o.Spec.Template.Spec
				asksKubelet := name == "owners of GPUs" && o.Kind == "DaemonSet"
				assert.Equal(t, !asksKubelet, spec.SecurityContext.RunAsNonRoot, id)
				assert.Equal(t, "RuntimeDefault", spec.SecurityContext.SeccompProfile.Type, id)
				assert.False(t, spec.HostPID || spec.HostNetwork, id)
				for _, container := range spec.Containers {
					if name == "library of GKE" && o.Kind == "DaemonSet" {
						assert.True(t, container.SecurityContext.Privileged && container.SecurityContext.ReadOnlyRootFilesystem, id)
						continue
					}
					assert.False(t, container.SecurityContext.Privileged, id)
					require.NotNil(t, container.SecurityContext.AllowPrivilegeEscalation, id)
					assert.False(t, *container.SecurityContext.AllowPrivilegeEscalation, id)
					assert.True(t, container.SecurityContext.ReadOnlyRootFilesystem, id)
					assert.Equal(t, []string{"ALL"}, container.SecurityContext.Capabilities.Drop, id)
				}
			}
			assert.Positive(t, pods)
		})
	}
}

// Go's memory limit lies where memory_limiter begins to refuse: what can be collected is never a reason to refuse data.
func TestMemoryLimitsFitTogether(t *testing.T) {
	for limit, want := range map[string]string{"512Mi": "384MiB", "2Gi": "1536MiB", "1.5Gi": "1152MiB"} {
		objects := render(t, "--set", "gateway.resources.limits.memory="+limit)
		var config struct {
			Processors struct {
				Limiter struct {
					Limit int `yaml:"limit_percentage"`
					Spike int `yaml:"spike_limit_percentage"`
				} `yaml:"memory_limiter"`
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(objects["ConfigMap/test-otelcol-llm-gateway"].Data["config.yaml"]), &config))
		assert.Equal(t, 75, config.Processors.Limiter.Limit-config.Processors.Limiter.Spike)
		env := map[string]string{}
		for _, variable := range objects["Deployment/test-otelcol-llm-gateway"].Spec.Template.Spec.Containers[0].Env {
			env[variable.Name] = variable.Value
		}
		assert.Equal(t, want, env["GOMEMLIMIT"])
		assert.Equal(t, "400", env["GOGC"])
	}
}

// Rights exist for what is switched on, and for nothing else.
func TestRights(t *testing.T) {
	has := func(objects map[string]object, kind string) bool {
		for id := range objects {
			if strings.HasPrefix(id, kind+"/") {
				return true
			}
		}
		return false
	}
	agent := render(t, "--set", "gateway.enabled=false")
	assert.False(t, has(agent, "ClusterRole") || has(agent, "Role"), "reading GPUs takes no rights")
	assert.False(t, agent["DaemonSet/test-otelcol-llm-agent"].Spec.Template.Spec.AutomountServiceAccountToken)

	pods := render(t, "--set", "agent.podResources.enabled=true")
	assert.False(t, has(pods, "ClusterRole"), "asking the kubelet takes no rights")
	slices := render(t, "--set", "agent.podResources.enabled=true,agent.podResources.resourceSlices=true")
	assert.True(t, has(slices, "ClusterRole") && has(slices, "ClusterRoleBinding"))
	assert.True(t, slices["DaemonSet/test-otelcol-llm-agent"].Spec.Template.Spec.AutomountServiceAccountToken)

	single := render(t, "--set", "single.enabled=true,agent.enabled=false")
	assert.False(t, has(single, "ClusterRole") || has(single, "Role"), "counting takes no rights")

	assert.False(t, has(render(t), "ClusterRole") || has(render(t), "Role"), "gateways find each other by DNS")
	named := render(t, "--set", "engines.enabled=true,engines.namespaces={serving}")
	assert.True(t, has(named, "ClusterRole") && !has(named, "ClusterRoleBinding"), "one namespace takes no rights in others")
}

func TestWrongValuesAreRefusedInWords(t *testing.T) {
	helm := setting(t, "HELM_BINARY")
	for name, test := range map[string]struct {
		set  string
		want string
	}{
		"unknown key":         {"gatway.enabled=true", "gatway"},
		"unknown nested key":  {"gateway.replica=3", "replica"},
		"kind":                {"gateway.kind=ReplicaSet", "'Deployment', 'StatefulSet'"},
		"no replicas":         {"gateway.replicas=0", "/gateway/replicas"},
		"digest":              {"image.digest=latest", "/image/digest"},
		"interval":            {"engines.interval=15", "/engines/interval"},
		"both authenticators": {"auth.bearer.secretName=a,auth.basic.secretName=b", "choose one"},
		"nothing to install":  {"gateway.enabled=false,agent.enabled=false", "nothing would be installed"},
		"idle agent":          {"agent.gpus.enabled=false", "nothing to read"},
		"engines unread":      {"engines.enabled=true,agent.enabled=false", "engines.enabled needs"},
		"memory in bytes":     {"gateway.resources.limits.memory=2147483648", "write it in Mi or Gi"},
		"memory in G":         {"gateway.resources.limits.memory=2G", "write it in Mi or Gi"},
		"replicas that cross": {"gateway.autoscaling.enabled=true,gateway.autoscaling.minReplicas=9", "above maxReplicas, 8"},
		"callers without TLS": {"tls.clientCASecretName=ca", "tls.clientCASecretName needs tls.secretName"},
		"name of a Secret":    {"tls.secretName=My_Cert", "/tls/secretName"},
		"port of a backend":   {"metrics.otlp.endpoint=backend", "/metrics/otlp/endpoint"},
		"kind of resources":   {"gateway.resources.memory=2Gi", "/gateway/resources"},
		"garbage collection":  {"goGC=none", "/goGC"},
		"engines of no label": {"engines.labelSelector=", "/engines/labelSelector"},
	} {
		t.Run(name, func(t *testing.T) {
			output, err := exec.Command(helm, "template", "test", chart, "--set", test.set).CombinedOutput()
			require.Error(t, err)
			assert.Contains(t, string(output), test.want)
		})
	}
}

func TestTheChartIsOfTheVersion(t *testing.T) {
	content, err := os.ReadFile(chart + "/Chart.yaml")
	require.NoError(t, err)
	var found struct {
		Version    string
		AppVersion string `yaml:"appVersion"`
	}
	require.NoError(t, yaml.Unmarshal(content, &found))
	assert.Equal(t, setting(t, "OTELCOL_LLM_VERSION"), found.Version)
	assert.Equal(t, found.Version, found.AppVersion)
}

// The chart brings the rules and dashboards of the repository, through links that helm follows.
func TestRulesAndDashboardsComeWithTheChart(t *testing.T) {
	objects := render(t, variants["Prometheus operator"]...)
	count := func(pattern, kind, name string) (files, found int) {
		t.Helper()
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.yaml") {
				files++
			}
		}
		for id := range objects {
			if strings.HasPrefix(id, kind+"/test-otelcol-llm-"+name) {
				found++
			}
		}
		return files, found
	}
	rules, found := count("../../deploy/prometheus/rules_*.yaml", "PrometheusRule", "rules-")
	assert.Positive(t, rules)
	assert.Equal(t, rules, found)
	dashboards, found := count("../../deploy/grafana/*.json", "ConfigMap", "dashboard-")
	assert.Positive(t, dashboards)
	assert.Equal(t, dashboards, found)
}

func TestLint(t *testing.T) {
	for name, args := range variants {
		if strings.Contains(strings.Join(args, " "), "--api-versions") {
			continue // lint does not know this flag
		}
		t.Run(name, func(t *testing.T) {
			run(t, setting(t, "HELM_BINARY"), append([]string{"lint", "--strict", chart}, args...)...)
		})
	}
}
