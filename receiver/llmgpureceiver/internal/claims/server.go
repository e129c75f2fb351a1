// SPDX-License-Identifier: Apache-2.0

package claims

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// group is the API that is read; Kubernetes has it from 1.34 on.
	group = "/apis/resource.k8s.io/v1"
	// pageSize is how many slices come in one answer, maxPages how many answers are read: slices of some 10,000 nodes.
	pageSize, maxPages = 500, 20
	// maxAnswer is the largest answer in bytes that is read. A slice has at most 128 devices of some 2 kB.
	maxAnswer = 64 << 20
)

// Errors of Complete.
var (
	// ErrNoServer says that no API server is known: this process runs in no pod, or the kubeconfig cannot be used.
	ErrNoServer = errors.New("no API server is known")
	// ErrTooMany says that the API server has more than a node can have; what was read before still counts.
	ErrTooMany = errors.New("the API server lists more than is read")
)

// device names a device of a resource claim.
type device struct{ driver, pool, name string }

// attributes are what a slice says of a device; both are empty for one that is in no slice.
type attributes struct{ uuid, pci string }

// claim names a resource claim.
type claim struct{ namespace, name string }

// request is a device that was allocated to a claim.
type request struct {
	device
	share string
	admin bool
}

// server is the Kubernetes API server.
type server struct{ client *rest.RESTClient }

func connect(kubeconfig string) (*server, error) {
	config, err := configOf(kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	config.WarningHandler = rest.NoWarnings{}
	config.NegotiatedSerializer = serializer.NewCodecFactory(runtime.NewScheme()).WithoutConversion()
	config.ContentType, config.UserAgent = runtime.ContentTypeJSON, "otelcol-llm"
	config.QPS, config.Burst = 50, 100 // beside the pause between questions
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	return &server{client}, nil
}

func configOf(kubeconfig string) (*rest.Config, error) {
	if kubeconfig == "" {
		return rest.InClusterConfig()
	}
	return clientcmd.BuildConfigFromFlags("", kubeconfig)
}

func (s *server) close() { utilnet.CloseIdleConnectionsFor(s.client.Client.Transport) }

// sliceList is what is read of a list of ResourceSlices.
type sliceList struct {
	Metadata struct{ Continue string }
	Items    []struct {
		Spec struct {
			Driver string
			Pool   struct {
				Name       string
				Generation int64
			}
			Devices []struct {
				Name       string
				Attributes map[string]struct{ String string }
			}
		}
	}
}

// devices reads the devices of all slices, or of those of one node. Of a pool the slices of the newest generation count.
func (s *server) devices(ctx context.Context, node string) (map[device]attributes, error) {
	type pool struct{ driver, name string }
	devices, newest := map[device]attributes{}, map[pool]int64{}
	generation := map[device]int64{}
	next := ""
	for range maxPages {
		request := s.client.Get().AbsPath(group, "resourceslices").Param("limit", fmt.Sprint(pageSize))
		if next != "" {
			request.Param("continue", next)
		} else {
			request.Param("resourceVersion", "0") // what the server's cache has
		}
		if node != "" {
			request.Param("fieldSelector", "spec.nodeName="+node)
		}
		var list sliceList
		if err := get(ctx, request, &list); err != nil {
			return nil, err
		}
		for i := range list.Items {
			spec := &list.Items[i].Spec
			in := pool{spec.Driver, spec.Pool.Name}
			newest[in] = max(newest[in], spec.Pool.Generation)
			for _, d := range spec.Devices {
				key := device{spec.Driver, spec.Pool.Name, d.Name}
				if known, found := generation[key]; found && known > spec.Pool.Generation {
					continue
				}
				generation[key] = spec.Pool.Generation
				text := func(names ...string) string {
					for _, name := range names {
						if value := d.Attributes[name].String; value != "" {
							return value
						}
					}
					return ""
				}
				// An attribute without a domain is the driver's own.
				devices[key] = attributes{
					uuid: text("uuid", spec.Driver+"/uuid"),
					pci:  strings.ToLower(text("resource.kubernetes.io/pciBusID", "pciBusID")),
				}
			}
		}
		if next = list.Metadata.Continue; next == "" {
			for key := range devices {
				if generation[key] < newest[pool{key.driver, key.pool}] {
					delete(devices, key)
				}
			}
			return devices, nil
		}
	}
	return nil, ErrTooMany
}

// requests reads what was allocated to a claim.
func (s *server) requests(ctx context.Context, key claim) ([]request, error) {
	var answer struct {
		Status struct {
			Allocation struct {
				Devices struct {
					Results []struct {
						Driver, Pool, Device, ShareID string
						AdminAccess                   bool
					}
				}
			}
		}
	}
	err := get(ctx, s.client.Get().AbsPath(group, "namespaces", key.namespace, "resourceclaims", key.name), &answer)
	if err != nil {
		return nil, err
	}
	var requests []request
	for _, r := range answer.Status.Allocation.Devices.Results {
		requests = append(requests, request{device: device{r.Driver, r.Pool, r.Device}, share: r.ShareID, admin: r.AdminAccess})
	}
	return requests, nil
}

// get reads one answer.
func get(ctx context.Context, request *rest.Request, into any) error {
	body, err := request.Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	switch {
	case err != nil:
		return err
	case len(content) > maxAnswer:
		return ErrTooMany
	}
	return json.Unmarshal(content, into)
}
