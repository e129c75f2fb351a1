// SPDX-License-Identifier: Apache-2.0

// Command officialvalues writes values for OpenTelemetry's opentelemetry-collector chart. They are made of what the chart
// otelcol-llm renders, so that the two cannot part.
//
//	officialvalues -helm HELM -chart DIRECTORY -out DIRECTORY
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// files are the files to write: a component each, and the values to render it with.
var files = []struct {
	component, mode, about string
	replicas               int
	set                    []string
}{
	{"single", "deployment", "one collector that does everything", 1, []string{"single.enabled=true", "agent.enabled=false", "engines.enabled=true"}},
	{"gateway", "deployment", "several collectors that share the spans by trace id", 2, []string{"agent.enabled=false"}},
	{"agent", "daemonset", "a collector on each GPU node", 0, []string{"gateway.enabled=false", "engines.enabled=true"}},
}

// name is that of the gateways' headless Service, less its suffix.
const name, namespace = "otelcol-llm", "officialvalues"

func main() {
	helm := flag.String("helm", "helm", "`path` of helm")
	chart := flag.String("chart", "", "`directory` of the chart otelcol-llm")
	out := flag.String("out", "", "`directory` to write to")
	flag.Parse()
	for _, file := range files {
		set := append([]string{"fullnameOverride=" + name}, file.set...)
		rendered, err := exec.Command(*helm, "template", name, *chart, "--namespace", namespace, "--set", strings.Join(set, ",")).Output()
		if err == nil {
			err = write(filepath.Join(*out, file.component+".yaml"), file.component, file.mode, file.about, file.replicas, rendered)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "officialvalues: %s: %v\n", file.component, err)
			os.Exit(1)
		}
	}
}

type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Rules    yaml.Node
	Spec     struct {
		Ports    yaml.Node
		Template struct{ Spec pod }
	}
}

type pod struct {
	SecurityContext yaml.Node         `yaml:"securityContext"`
	GracePeriod     int               `yaml:"terminationGracePeriodSeconds"`
	NodeSelector    map[string]string `yaml:"nodeSelector"`
	Tolerations     yaml.Node
	Spread          yaml.Node `yaml:"topologySpreadConstraints"`
	Containers      []struct {
		Image           string
		SecurityContext yaml.Node `yaml:"securityContext"`
		Env             yaml.Node
		Resources       yaml.Node
		Lifecycle       yaml.Node
		StartupProbe    yaml.Node `yaml:"startupProbe"`
		Ports           []struct {
			Name          string
			ContainerPort int `yaml:"containerPort"`
		}
	}
}

// port is one of the official chart. It opens ports on the node unless hostPort is 0, and some by itself.
type port struct {
	Enabled       bool   `yaml:"enabled"`
	ContainerPort int    `yaml:"containerPort,omitempty"`
	ServicePort   int    `yaml:"servicePort,omitempty"`
	HostPort      *int   `yaml:"hostPort,omitempty"`
	Protocol      string `yaml:"protocol,omitempty"`
	AppProtocol   string `yaml:"appProtocol,omitempty"`
}

func write(path, component, mode, about string, replicas int, rendered []byte) error {
	var config, rules yaml.Node
	var spec pod
	decoder := yaml.NewDecoder(bytes.NewReader(rendered))
	for {
		var o object
		if err := decoder.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		switch o.Kind {
		case "ConfigMap":
			text := strings.ReplaceAll(o.Data["config.yaml"], "."+namespace+".svc", "")
			if err := yaml.Unmarshal([]byte(text), &config); err != nil {
				return err
			}
		case "ClusterRole":
			rules = o.Rules
		case "Deployment", "DaemonSet":
			spec = o.Spec.Template.Spec
		}
	}
	if len(spec.Containers) != 1 || config.Kind == 0 {
		return errors.New("the chart renders no workload with one container and its configuration")
	}
	container := spec.Containers[0]
	image, tag, found := strings.Cut(container.Image, ":")
	if !found {
		return fmt.Errorf("image %s has no tag", container.Image)
	}
	ports := map[string]port{}
	for _, standard := range []string{"jaeger-compact", "jaeger-thrift", "jaeger-grpc", "zipkin"} {
		ports[standard] = port{}
	}
	// The official chart's names of our ports, where they differ.
	names := map[string]string{"otlp-grpc": "otlp", "metrics": "llm-metrics", "telemetry": "metrics"}
	for _, p := range container.Ports {
		if p.Name == "health" {
			continue
		}
		official, ok := names[p.Name]
		if !ok {
			official = p.Name
		}
		none := 0
		entry := port{Enabled: true, ContainerPort: p.ContainerPort, ServicePort: p.ContainerPort, Protocol: "TCP", HostPort: &none}
		if official == "otlp" || official == "traces" {
			entry.AppProtocol = "grpc"
		}
		ports[official] = entry
	}
	for _, standard := range []string{"otlp", "otlp-http"} {
		if _, ok := ports[standard]; !ok {
			ports[standard] = port{}
		}
	}

	// In the order of the file.
	type entry struct {
		key   string
		value any
	}
	entries := []entry{
		{"mode", mode},
		{"image", map[string]string{"repository": image, "tag": tag}},
		{"command", map[string]string{"name": "otelcol-llm"}},
		{"podSecurityContext", &spec.SecurityContext},
		{"securityContext", &container.SecurityContext},
		{"serviceAccount", map[string]bool{"automountServiceAccountToken": rules.Kind != 0}},
	}
	if rules.Kind != 0 {
		entries = append(entries, entry{"clusterRole", map[string]any{"create": true, "rules": &rules}})
	}
	if replicas > 0 {
		entries = append(entries, entry{"replicaCount", replicas})
	}
	if spec.GracePeriod > 0 {
		entries = append(entries, entry{"terminationGracePeriodSeconds", spec.GracePeriod}, entry{"lifecycleHooks", &container.Lifecycle})
	}
	if component == "gateway" {
		entries = append(entries,
			entry{"rollout", map[string]any{"rollingUpdate": map[string]int{"maxUnavailable": 0, "maxSurge": 1}}},
			entry{"podDisruptionBudget", map[string]any{"enabled": true, "maxUnavailable": 1}},
			entry{"extraManifests", []any{headless()}})
	}
	if len(spec.NodeSelector) > 0 {
		entries = append(entries, entry{"nodeSelector", spec.NodeSelector}, entry{"tolerations", &spec.Tolerations})
	}
	entries = append(entries,
		entry{"ports", ports},
		entry{"useGOMEMLIMIT", false},
		entry{"extraEnvs", &container.Env},
		entry{"resources", &container.Resources},
		entry{"startupProbe", probe(&container.StartupProbe)},
		entry{"podMonitor", map[string]any{"metricsEndpoints": []map[string]any{{"port": "llm-metrics", "honorLabels": true}, {"port": "metrics"}}}},
		entry{"alternateConfig", config.Content[0]},
	)

	var text bytes.Buffer
	fmt.Fprintf(&text, "# SPDX-License-Identifier: Apache-2.0\n\n# Generated from the chart otelcol-llm by `make generate`: do not edit.\n#\n"+
		"# Values for the opentelemetry-collector chart of OpenTelemetry: %s.\n#\n"+
		"#   helm install %s open-telemetry/opentelemetry-collector -f %s.yaml\n\n", about, name, component)
	for _, e := range entries {
		encoder := yaml.NewEncoder(&text)
		encoder.SetIndent(2)
		if err := encoder.Encode(map[string]any{e.key: e.value}); err != nil {
			return err
		}
	}
	// A document start stands between documents of one encoder only; these are one document.
	return os.WriteFile(path, text.Bytes(), 0o644)
}

// probe is a startup probe with the port's number, since the official chart has no name for it.
func probe(node *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == "httpGet" {
			get := node.Content[i+1]
			j := slices.IndexFunc(get.Content, func(n *yaml.Node) bool { return n.Value == "health" })
			if j >= 0 {
				get.Content[j].Value, get.Content[j].Tag = "13133", "!!int"
			}
		}
	}
	return node
}

// headless is the Service by which the gateways find each other.
func headless() map[string]any {
	return map[string]any{
		"apiVersion": "v1",
		"kind":       "Service",
		"metadata":   map[string]any{"name": name + "-gateways"},
		"spec": map[string]any{
			"clusterIP": "None",
			"selector": map[string]string{
				"app.kubernetes.io/name":     "opentelemetry-collector",
				"app.kubernetes.io/instance": "{{ .Release.Name }}",
			},
			"ports": []map[string]any{{"name": "traces", "port": 4319, "targetPort": "traces", "appProtocol": "grpc"}},
		},
	}
}
