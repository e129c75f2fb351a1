// SPDX-License-Identifier: Apache-2.0

// Package podresources asks the kubelet which containers were given which devices, and finds these devices among those
// that NVML reports.
package podresources

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	api "k8s.io/kubelet/pkg/apis/podresources/v1"
)

const (
	// maxAnswer is the largest answer in bytes that is read; the kubelet's own client has the same bound.
	maxAnswer = 16 << 20
	// maxAllocations bounds the devices that one answer may list. A node runs some hundred pods.
	maxAllocations = 16_384
	// maxReconnect is the longest pause between two tries to reach a kubelet that was restarted.
	maxReconnect = 5 * time.Second
)

// Errors of List.
var (
	// ErrAbsent says that there is no socket: no kubelet runs here, or its directory is not mounted.
	ErrAbsent = errors.New("there is no PodResources socket")
	// ErrTooMany says that the answer lists more devices than a node can have; none of them is used.
	ErrTooMany = fmt.Errorf("the kubelet lists more than %d devices", maxAllocations)
)

// Allocation is a device that a container was given.
type Allocation struct {
	Namespace, Pod, Container string
	// Resource is the extended resource, such as nvidia.com/gpu; empty for a device of a resource claim (DRA).
	Resource string
	// ID is the id that the device plugin gave the device; empty for a device of a resource claim.
	ID string
	// Driver, Pool and Device name a device of a resource claim.
	Driver, Pool, Device string
	// Share is set if the claim holds a share of a device that others may hold, too. Kubernetes knows shares from 1.35 on.
	Share string
	// Claim is the name of the resource claim; it is in the pod's namespace.
	Claim string
	// UUID and PCIAddress are the device's, where somebody knows them; else its name says which it is.
	UUID, PCIAddress string
	// Admin says that the claim is for administration: others are given the device all the same.
	Admin bool
}

// Client asks the kubelet over its PodResources API, version v1. It reconnects after the kubelet was restarted.
// It is safe for concurrent use; Close frees its connection.
type Client struct {
	// Socket is the path of the kubelet's unix socket.
	Socket string
	// Timeout bounds one question; it must be positive.
	Timeout time.Duration

	mu         sync.Mutex
	connection *grpc.ClientConn
}

// List returns the devices of all containers of the node. Without an answer within Timeout it returns an error that wraps
// context.DeadlineExceeded or a gRPC status. Before Kubernetes 1.34 the list may hold pods that have ended, until their
// devices are given to others.
func (c *Client) List(ctx context.Context) ([]Allocation, error) {
	if _, err := os.Stat(c.Socket); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%w at %s", ErrAbsent, c.Socket)
		}
		return nil, err
	}
	connection, err := c.connect()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	answer, err := api.NewPodResourcesListerClient(connection).List(ctx, &api.ListPodResourcesRequest{})
	if err != nil {
		return nil, fmt.Errorf("the kubelet at %s does not list pods' devices: %w", c.Socket, err)
	}
	return allocations(answer)
}

func (c *Client) connect() (*grpc.ClientConn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.connection != nil {
		return c.connection, nil
	}
	// The kubelet's socket has no transport security; its file's mode protects it.
	connection, err := grpc.NewClient("unix:"+c.Socket,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: maxReconnect},
			MinConnectTimeout: c.Timeout,
		}))
	if err != nil {
		return nil, err
	}
	c.connection = connection
	return connection, nil
}

// Close ends the connection. List may be called again and connects anew.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.connection == nil {
		return nil
	}
	err := c.connection.Close()
	c.connection = nil
	return err
}

// allocations flattens an answer.
func allocations(answer *api.ListPodResourcesResponse) ([]Allocation, error) {
	var found []Allocation
	for _, pod := range answer.GetPodResources() {
		for _, container := range pod.GetContainers() {
			one := Allocation{Namespace: pod.GetNamespace(), Pod: pod.GetName(), Container: container.GetName()}
			for _, devices := range container.GetDevices() {
				a := one
				a.Resource = devices.GetResourceName()
				for _, a.ID = range devices.GetDeviceIds() {
					found = append(found, a)
				}
			}
			for _, claim := range container.GetDynamicResources() {
				for _, device := range claim.GetClaimResources() {
					a := one
					a.Driver, a.Pool, a.Device = device.GetDriverName(), device.GetPoolName(), device.GetDeviceName()
					a.Share, a.Claim = device.GetShareId(), claim.GetClaimName()
					found = append(found, a)
				}
			}
			if len(found) > maxAllocations {
				return nil, ErrTooMany
			}
		}
	}
	return found, nil
}
