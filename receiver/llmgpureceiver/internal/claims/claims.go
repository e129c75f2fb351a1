// SPDX-License-Identifier: Apache-2.0

// Package claims asks the Kubernetes API server what the devices of resource claims are. ResourceSlices hold their attributes;
// ResourceClaims say which of them are for administration only.
package claims

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/podresources"
)

const (
	// readAgain is how long slices count that have all devices that are asked for.
	readAgain = 5 * time.Minute
	// tryAgain is the shortest pause between two questions.
	tryAgain = 10 * time.Second
)

// Client asks the API server. It is not safe for concurrent use; Close frees its connections.
type Client struct {
	// Kubeconfig is a file; empty for the service account of the pod that this process runs in.
	Kubeconfig string
	// Node restricts the slices to those of one node; empty for those of all nodes.
	Node string
	// Timeout bounds one call of Complete; it must be positive.
	Timeout time.Duration

	server  *server
	devices map[device]attributes
	claims  map[claim][]request
	read    time.Time // when the slices were read last
	tried   time.Time // when a question was begun last
}

func deviceOf(a *podresources.Allocation) device { return device{a.Driver, a.Pool, a.Device} }
func claimOf(a *podresources.Allocation) claim   { return claim{a.Namespace, a.Claim} }

// Complete sets UUID, PCIAddress and Admin of the allocations that are of resource claims. It asks only for what it does not
// know, at most every 10 s. After 5 minutes it asks for all again. With an error the allocations have what was known before.
func (c *Client) Complete(ctx context.Context, allocations []podresources.Allocation, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	err := c.ask(ctx, allocations, now)
	for i := range allocations {
		a := &allocations[i]
		if a.Driver == "" {
			continue
		}
		known := c.devices[deviceOf(a)]
		a.UUID, a.PCIAddress = known.uuid, known.pci
		for _, r := range c.claims[claimOf(a)] {
			if r.device == deviceOf(a) && r.share == a.Share {
				a.Admin = r.admin
			}
		}
	}
	return err
}

func (c *Client) ask(ctx context.Context, allocations []podresources.Allocation, now time.Time) error {
	unknown, stale := false, now.Sub(c.read) > readAgain
	held := map[claim]bool{}
	for i := range allocations {
		a := &allocations[i]
		if a.Driver == "" {
			continue
		}
		_, known := c.devices[deviceOf(a)]
		unknown = unknown || !known
		_, known = c.claims[claimOf(a)]
		held[claimOf(a)] = known
	}
	for claim := range c.claims {
		if _, still := held[claim]; !still {
			delete(c.claims, claim)
		}
	}
	missing := false
	for _, known := range held {
		missing = missing || !known
	}
	if len(held) == 0 || !unknown && !stale && !missing || now.Sub(c.tried) < tryAgain {
		return nil
	}
	c.tried = now
	if c.server == nil {
		s, err := connect(c.Kubeconfig)
		if err != nil {
			return err
		}
		c.server = s
	}
	if unknown || stale {
		devices, err := c.server.devices(ctx, c.Node)
		if err != nil {
			return fmt.Errorf("the ResourceSlices cannot be read: %w", err)
		}
		for i := range allocations { // those that are in no slice are not asked for at each collection
			key := deviceOf(&allocations[i])
			if _, found := devices[key]; !found && key.driver != "" {
				devices[key] = attributes{}
			}
		}
		c.devices, c.read = devices, now
	}
	return c.askClaims(ctx, allocations)
}

// askClaims reads the claims that are not known yet and hold GPUs.
func (c *Client) askClaims(ctx context.Context, allocations []podresources.Allocation) error {
	for i := range allocations {
		a := &allocations[i]
		key := claimOf(a)
		if _, known := c.claims[key]; known || a.Driver == "" {
			continue
		}
		var requests []request
		if uuid := c.devices[deviceOf(a)].uuid; a.Driver == podresources.Driver || strings.HasPrefix(uuid, "GPU-") || strings.HasPrefix(uuid, "MIG-") {
			var err error
			if requests, err = c.server.requests(ctx, key); err != nil && !apierrors.IsNotFound(err) {
				return fmt.Errorf("the ResourceClaim %s/%s cannot be read: %w", key.namespace, key.name, err)
			}
		}
		if c.claims == nil {
			c.claims = map[claim][]request{}
		}
		c.claims[key] = requests
	}
	return nil
}

// Close frees the connections.
func (c *Client) Close() {
	if c.server != nil {
		c.server.close()
		c.server = nil
	}
}

// Code names a failure in a word.
func Code(err error) string {
	switch {
	case errors.Is(err, ErrTooMany):
		return "too_many"
	case errors.Is(err, ErrNoServer):
		return "no_server"
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		return "denied"
	case apierrors.IsNotFound(err):
		return "unimplemented"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	}
	return "unavailable"
}
