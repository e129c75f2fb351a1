// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/scraper/scraperhelper"

	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/process"
)

// minInterval is the shortest interval between collections. The driver itself samples five to ten times a
// second; asking more often costs time and yields nothing.
const minInterval = 100 * time.Millisecond

// Config is the configuration of the receiver.
type Config struct {
	// ControllerConfig holds collection_interval (default 15s, at least 100ms), timeout and initial_delay. Within timeout
	// (default 10s, or the interval if that is shorter) the driver must answer; no collection takes longer.
	scraperhelper.ControllerConfig `mapstructure:",squash"`
	// MetricsBuilderConfig switches metrics on and off.
	metadata.MetricsBuilderConfig `mapstructure:",squash"`

	// LibraryPath is the driver's library, an absolute path. Empty, the default, lets the dynamic linker find
	// libnvidia-ml.so.1.
	LibraryPath string `mapstructure:"library_path"`
	// RootPath is where the file system of the host is found, for its /dev, /proc and /sys; "/" by default. Set
	// it in a container that has the host's mounted elsewhere.
	RootPath string `mapstructure:"root_path"`
	// CodecUtilization adds the utilization of encoder, decoder, JPEG decoder and optical flow accelerator; off by default. Each
	// takes a call.
	CodecUtilization bool `mapstructure:"codec_utilization"`
	// PowerLimitRange adds the default power limit and the least and greatest that can be set; off by default.
	PowerLimitRange bool `mapstructure:"power_limit_range"`
	// DeviceAttributes are added to every data point of a device: hw.model, hw.vendor, nvidia.gpu.index. There are
	// none by default, since nvidia.gpu.info has them.
	DeviceAttributes []string `mapstructure:"device_attributes"`
	// Helper is about the process in which the driver's library runs.
	Helper HelperConfig `mapstructure:"helper"`
	// LostDevices is about GPUs that no longer answer.
	LostDevices LostDevicesConfig `mapstructure:"lost_devices"`
	// Processes is about the processes that use GPUs.
	Processes ProcessesConfig `mapstructure:"processes"`
	// Pods is about the pods that have GPUs.
	Pods PodsConfig `mapstructure:"pods"`
	// Release is about letting go of the GPUs.
	Release ReleaseConfig `mapstructure:"release"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// HelperConfig is about the process in which the driver's library runs.
type HelperConfig struct {
	// StartTimeout is how long the library may take to start; 60s by default. It may be longer than a
	// collection: without persistence mode the driver has to wake the GPUs, which takes seconds.
	StartTimeout time.Duration `mapstructure:"start_timeout"`
	// RestartDelay is the pause before a helper is started after one that never answered; 5s by default. It
	// doubles with each further one up to MaxRestartDelay, 60s by default. After a helper that did answer there
	// is no pause.
	RestartDelay    time.Duration `mapstructure:"restart_delay"`
	MaxRestartDelay time.Duration `mapstructure:"max_restart_delay"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// LostDevicesConfig is about GPUs that no longer answer.
type LostDevicesConfig struct {
	// Keep is how long a GPU that vanished stays in the metrics as failed; 1h by default.
	Keep time.Duration `mapstructure:"keep"`
	// RetryDelay is the pause before the driver's library is loaded anew while a GPU is lost; 1m by default. It doubles
	// with each further time up to MaxRetryDelay, 10m by default.
	RetryDelay    time.Duration `mapstructure:"retry_delay"`
	MaxRetryDelay time.Duration `mapstructure:"max_retry_delay"`
	// ComponentStatus makes a failed GPU a recoverable error of the receiver; true by default.
	ComponentStatus bool `mapstructure:"component_status"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate checks the durations.
func (c *LostDevicesConfig) Validate() error {
	var errs []error
	if c.Keep < 0 {
		errs = append(errs, fmt.Errorf("keep: must be at least 0, got %v", c.Keep))
	}
	if c.RetryDelay <= 0 {
		errs = append(errs, fmt.Errorf("retry_delay: must be above 0, got %v", c.RetryDelay))
	}
	if c.MaxRetryDelay < c.RetryDelay {
		errs = append(errs, fmt.Errorf("max_retry_delay: must be at least retry_delay (%v), got %v", c.RetryDelay, c.MaxRetryDelay))
	}
	return errors.Join(errs...)
}

// ProcessesConfig is about the processes that use GPUs.
type ProcessesConfig struct {
	// Enabled reads the host's /proc below root_path for what the processes are; false by default. It reports memory and
	// utilization of each. Of a command line only the engine's kind and the served model's name are kept.
	Enabled bool `mapstructure:"enabled"`
	// Environment reads an engine's service.name from two variables of its environment: OTEL_SERVICE_NAME and
	// OTEL_RESOURCE_ATTRIBUTES. It is false by default, since the file holds secrets and takes rights to read.
	Environment bool `mapstructure:"environment"`
	// MaxPerDevice is how many processes of a device have their own data points; 64 by default. Those with most memory have them.
	MaxPerDevice int `mapstructure:"max_per_device"`
	// Engines are recognised beside those that are built in, and before them.
	Engines []EngineConfig `mapstructure:"engines"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// PodsConfig is about the pods that have GPUs.
type PodsConfig struct {
	// Enabled asks the kubelet of the node which containers were given which GPUs; false by default.
	Enabled bool `mapstructure:"enabled"`
	// Socket is the kubelet's PodResources socket; /var/lib/kubelet/pod-resources/kubelet.sock by default.
	Socket string `mapstructure:"socket"`
	// Timeout is how long the kubelet may take to answer; 2s by default. Collections do not wait for it.
	Timeout time.Duration `mapstructure:"timeout"`
	// ResourceSlices is about asking the API server what the devices of resource claims are.
	ResourceSlices ResourceSlicesConfig `mapstructure:"resource_slices"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ResourceSlicesConfig is about asking the API server what the devices of resource claims are.
type ResourceSlicesConfig struct {
	// Enabled reads ResourceSlices, and the ResourceClaims of pods with GPUs; false by default. Without it the devices of
	// NVIDIA's driver are found by their names.
	Enabled bool `mapstructure:"enabled"`
	// Node is the node's name, so that no other node's slices are read. It is empty by default, for those of all nodes.
	Node string `mapstructure:"node"`
	// Kubeconfig is an absolute path; empty, the default, for the service account of the pod.
	Kubeconfig string `mapstructure:"kubeconfig"`
	// Timeout is how long the API server may take to answer; 5s by default. Collections do not wait for it.
	Timeout time.Duration `mapstructure:"timeout"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate checks path and duration.
func (c *ResourceSlicesConfig) Validate() error {
	var errs []error
	if c.Kubeconfig != "" && !filepath.IsAbs(c.Kubeconfig) {
		errs = append(errs, fmt.Errorf("kubeconfig: must be an absolute path, or empty for the pod's service account, got %q", c.Kubeconfig))
	}
	if strings.ContainsAny(c.Node, ",=! \t\n") {
		errs = append(errs, fmt.Errorf("node: must be the name of a node, got %q", c.Node))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: must be above 0, got %v", c.Timeout))
	}
	return errors.Join(errs...)
}

// Validate checks path and duration.
func (c *PodsConfig) Validate() error {
	var errs []error
	if c.ResourceSlices.Enabled && !c.Enabled {
		errs = append(errs, errors.New("resource_slices::enabled: must be false without pods::enabled, since slices explain what the kubelet lists, got true"))
	}
	if !filepath.IsAbs(c.Socket) {
		errs = append(errs, fmt.Errorf("socket: must be an absolute path, got %q", c.Socket))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: must be above 0, got %v", c.Timeout))
	}
	return errors.Join(errs...)
}

// EngineConfig says how an inference engine is recognised by its command line.
type EngineConfig struct {
	// Name is the engine's, for llm.engine.name.
	Name string `mapstructure:"name"`
	// Programs are names of executables or scripts, and Modules what Python runs by -m. A process may give itself a name, which
	// then begins with one of Titles. One of them must be given.
	Programs []string `mapstructure:"programs"`
	Modules  []string `mapstructure:"modules"`
	Titles   []string `mapstructure:"titles"`
	// ModelFlags are flags whose value is the served model's name.
	ModelFlags []string `mapstructure:"model_flags"`
	// ServiceName is the service.name of the engine's spans.
	ServiceName string `mapstructure:"service_name"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate checks that an engine has a name and a way to be recognised.
func (c *EngineConfig) Validate() error {
	if c.Name == "" {
		return errors.New("name: must be the engine's, for llm.engine.name, got \"\"")
	}
	if len(c.Programs)+len(c.Modules)+len(c.Titles) == 0 {
		return fmt.Errorf("engine %q: needs one of programs, modules and titles, got none", c.Name)
	}
	for _, name := range slices.Concat(c.Programs, c.Modules, c.Titles, c.ModelFlags) {
		if name == "" {
			return fmt.Errorf("engine %q: must have no empty word, got \"\"", c.Name)
		}
	}
	return nil
}

// Validate checks the bound.
func (c *ProcessesConfig) Validate() error {
	if c.MaxPerDevice < 1 {
		return fmt.Errorf("max_per_device: must be above 0, got %d", c.MaxPerDevice)
	}
	return nil
}

// rows are the engines to recognise: the user's come first.
func (c *ProcessesConfig) rows() []process.Engine {
	rows := make([]process.Engine, 0, len(c.Engines)+len(process.Engines))
	for i := range c.Engines {
		e := &c.Engines[i]
		row := process.Engine{Name: e.Name, Titles: e.Titles, Model: e.ModelFlags, Default: e.ServiceName}
		for _, program := range e.Programs {
			row.Commands = append(row.Commands, process.Command{Program: program})
		}
		for _, module := range e.Modules {
			row.Commands = append(row.Commands, process.Command{Module: module})
		}
		rows = append(rows, row)
	}
	return append(rows, process.Engines...)
}

// ReleaseConfig is about letting go of the GPUs. Then the driver can be unloaded, a GPU unbound, or MIG changed.
type ReleaseConfig struct {
	// File is an absolute path; while a file is there, no helper runs. Empty, the default, means none.
	File string `mapstructure:"file"`
	// Duration is how long no helper runs after one was sent SIGUSR1; 10m by default.
	Duration time.Duration `mapstructure:"duration"`
	// MIGChange is how long no helper runs once a GPU waits for a change of MIG mode. It is 30s by default, 0 for never. Without
	// a helper the GPU can be reset. A change that goes on waiting has the same every ten minutes.
	MIGChange time.Duration `mapstructure:"mig_change"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var _ component.Config = (*Config)(nil)

func createDefaultConfig() component.Config {
	controller := scraperhelper.NewDefaultControllerConfig()
	controller.CollectionInterval = 15 * time.Second
	controller.Timeout = 10 * time.Second
	return &Config{
		ControllerConfig:     controller,
		MetricsBuilderConfig: metadata.NewDefaultMetricsBuilderConfig(),
		RootPath:             "/",
		Helper:               HelperConfig{StartTimeout: time.Minute, RestartDelay: 5 * time.Second, MaxRestartDelay: time.Minute},
		LostDevices: LostDevicesConfig{
			Keep: time.Hour, RetryDelay: time.Minute, MaxRetryDelay: 10 * time.Minute, ComponentStatus: true,
		},
		Processes: ProcessesConfig{MaxPerDevice: 64},
		Pods: PodsConfig{
			Socket: "/var/lib/kubelet/pod-resources/kubelet.sock", Timeout: 2 * time.Second,
			ResourceSlices: ResourceSlicesConfig{Timeout: 5 * time.Second},
		},
		Release: ReleaseConfig{Duration: 10 * time.Minute, MIGChange: 30 * time.Second},
	}
}

// Unmarshal names mistakes with their key, value and what is allowed. It keeps the default timeout within a shorter interval that
// the user chose.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := confcheck.Unmarshal(conf, c); err != nil {
		return err
	}
	if !conf.IsSet("timeout") {
		c.Timeout = min(c.Timeout, c.CollectionInterval)
	}
	return nil
}

// Validate checks what the parts do not check themselves.
func (c *Config) Validate() error {
	var errs []error
	if c.CollectionInterval < minInterval {
		errs = append(errs, fmt.Errorf("collection_interval: must be at least %v, got %v", minInterval, c.CollectionInterval))
	}
	switch {
	case c.Timeout <= 0:
		errs = append(errs, fmt.Errorf("timeout: must be above 0, since the driver may never answer, got %v", c.Timeout))
	case c.CollectionInterval >= minInterval && c.Timeout > c.CollectionInterval: // else one mistake would be named twice
		errs = append(errs, fmt.Errorf("timeout: must be at most collection_interval (%v), or collections would be late, got %v", c.CollectionInterval, c.Timeout))
	}
	if c.LibraryPath != "" && !filepath.IsAbs(c.LibraryPath) {
		errs = append(errs, fmt.Errorf("library_path: must be an absolute path, or empty for the system's libnvidia-ml.so.1, got %q", c.LibraryPath))
	}
	if !filepath.IsAbs(c.RootPath) {
		errs = append(errs, fmt.Errorf("root_path: must be an absolute path, got %q", c.RootPath))
	}
	for i, name := range c.DeviceAttributes {
		if deviceAttributes[name] == nil {
			errs = append(errs, fmt.Errorf("device_attributes::%d: must be one of %s, got %q", i,
				strings.Join(slices.Sorted(maps.Keys(deviceAttributes)), ", "), name))
		} else if slices.Contains(c.DeviceAttributes[:i], name) {
			errs = append(errs, fmt.Errorf("device_attributes::%d: must name each attribute once, got %q twice", i, name))
		}
	}
	return errors.Join(errs...)
}

// Validate checks the durations.
func (c *HelperConfig) Validate() error {
	var errs []error
	if c.StartTimeout <= 0 {
		errs = append(errs, fmt.Errorf("start_timeout: must be above 0, got %v", c.StartTimeout))
	}
	if c.RestartDelay <= 0 {
		errs = append(errs, fmt.Errorf("restart_delay: must be above 0, got %v", c.RestartDelay))
	}
	if c.MaxRestartDelay < c.RestartDelay {
		errs = append(errs, fmt.Errorf("max_restart_delay: must be at least restart_delay (%v), got %v", c.RestartDelay, c.MaxRestartDelay))
	}
	return errors.Join(errs...)
}

// Validate checks path and duration.
func (c *ReleaseConfig) Validate() error {
	var errs []error
	if c.File != "" && !filepath.IsAbs(c.File) {
		errs = append(errs, fmt.Errorf("file: must be an absolute path, got %q", c.File))
	}
	if c.Duration <= 0 {
		errs = append(errs, fmt.Errorf("duration: must be above 0, got %v", c.Duration))
	}
	if c.MIGChange < 0 {
		errs = append(errs, fmt.Errorf("mig_change: must be at least 0, got %v", c.MIGChange))
	}
	return errors.Join(errs...)
}
