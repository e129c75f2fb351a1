// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/claims"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/podresources"
)

const (
	// podsPatience is how long a collection waits for the kubelet after the driver has answered.
	podsPatience = 200 * time.Millisecond
	// podsKeep is how long the kubelet's last answer counts.
	podsKeep = time.Minute
)

// pods asks the kubelet beside the collections, so that one that hangs holds up none.
type pods struct {
	client podresources.Client
	claims *claims.Client // nil where the API server is not asked
	failed func(source, code string)
	logger *zap.Logger

	mu          sync.Mutex
	asking      chan struct{} // closed when the question under way is answered; nil while there is none
	allocations []podresources.Allocation
	answered    time.Time
	said        string // the kubelet's failure that was logged last
	saidOf      string // the API server's failure that was logged last
	asked       sync.WaitGroup
	stopping    context.Context
	stop        context.CancelFunc
}

func newPods(cfg *PodsConfig, logger *zap.Logger, failed func(source, code string)) *pods {
	p := &pods{client: podresources.Client{Socket: cfg.Socket, Timeout: cfg.Timeout}, failed: failed, logger: logger}
	if s := &cfg.ResourceSlices; s.Enabled {
		p.claims = &claims.Client{Kubeconfig: s.Kubeconfig, Node: s.Node, Timeout: s.Timeout}
	}
	p.stopping, p.stop = context.WithCancel(context.Background())
	return p
}

// ask begins a question, unless one is under way, and returns what is closed when it is answered.
func (p *pods) ask() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking != nil {
		return p.asking
	}
	done := make(chan struct{})
	p.asking = done
	p.asked.Go(func() {
		allocations, err := p.client.List(p.stopping)
		if err == nil && p.claims != nil {
			p.explained(p.claims.Complete(p.stopping, allocations, time.Now()))
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.take(allocations, err)
		p.asking = nil
		close(done)
	})
	return done
}

// explained notes whether the API server could be asked about resource claims. Only the question under way calls it.
func (p *pods) explained(err error) {
	if p.stopping.Err() != nil {
		return
	}
	if err == nil {
		p.saidOf = ""
		return
	}
	code := claims.Code(err)
	p.failed("resource_slices", code)
	if p.saidOf != code {
		p.saidOf = code
		p.logger.Warn("The API server does not explain resource claims: their devices are found by name alone; check "+
			"pods::resource_slices, and that the service account may list resourceslices and get resourceclaims",
			zap.String("code", code), zap.Error(err))
	}
}

func (p *pods) take(allocations []podresources.Allocation, err error) {
	if p.stopping.Err() != nil {
		return
	}
	if err == nil {
		p.allocations, p.answered = allocations, time.Now()
		if p.said != "" {
			p.said = ""
			p.logger.Info("The kubelet lists the devices of pods again")
		}
		return
	}
	code := podsCode(err)
	p.failed("pods", code)
	if p.said != code {
		p.said = code
		p.logger.Warn("The kubelet does not list the devices of pods: GPUs have no pods in the metrics; check pods::socket, and that the "+
			"kubelet's directory is mounted and open to this process", zap.String("code", code), zap.Error(err))
	}
}

// podsCode names a failure in a word.
func podsCode(err error) string {
	switch {
	case errors.Is(err, podresources.ErrAbsent):
		return "absent"
	case errors.Is(err, podresources.ErrTooMany):
		return "too_many"
	case errors.Is(err, context.DeadlineExceeded), status.Code(err) == codes.DeadlineExceeded:
		return "deadline"
	case status.Code(err) == codes.Unimplemented:
		return "unimplemented"
	case status.Code(err) == codes.PermissionDenied:
		return "denied"
	}
	return "unavailable"
}

// wait returns the kubelet's last answer, after waiting a moment for the one under way. ok is false where there is none that
// still counts.
func (p *pods) wait(answer <-chan struct{}) (allocations []podresources.Allocation, ok bool) {
	timer := time.NewTimer(podsPatience)
	defer timer.Stop()
	select {
	case <-answer:
	case <-timer.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answered.IsZero() || time.Since(p.answered) > podsKeep {
		return nil, false
	}
	return p.allocations, true
}

func (p *pods) close() error {
	p.stop()
	p.asked.Wait()
	if p.claims != nil {
		p.claims.Close()
	}
	return p.client.Close()
}

// devicesOf are the devices as the kubelet's ids name them, those that are lost among them.
func devicesOf(observations []gpu.Observation) []podresources.Device {
	devices := make([]podresources.Device, 0, len(observations))
	for i := range observations {
		o := &observations[i]
		device := podresources.Device{UUID: o.Info.UUID, Minor: -1, PCIAddress: strings.ToLower(o.Info.PCIAddress)}
		if minor, err := strconv.Atoi(o.Info.Minor); err == nil {
			device.Minor = minor
		}
		for _, m := range o.Instances {
			device.Instances = append(device.Instances, podresources.Instance{
				UUID: m.UUID, GPUInstance: m.GPUInstance, ComputeInstance: m.ComputeInstance, Profile: m.Profile, ProfileID: m.ProfileID, Start: m.Start,
			})
		}
		devices = append(devices, device)
	}
	return devices
}
