// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"os"

	"github.com/google/uuid"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// randomUUID is the version of the identifiers that a collector makes up when none is configured.
const randomUUID = 4

// collectorID returns what identifies the collector for as long as it has the same place. That is its configured
// service.instance.id, else the host's name, which is the pod's in Kubernetes. The made-up identifier changes at every reload and
// would rename every series.
func collectorID(service pcommon.Resource) string {
	if v, ok := service.Attributes().Get("service.instance.id"); ok {
		id, err := uuid.Parse(v.AsString())
		if err != nil || id.Version() != randomUUID {
			return v.AsString()
		}
	}
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
