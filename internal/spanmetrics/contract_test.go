// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/contract.txt anew")

// TestTheContract fails when a name, type, unit, bucket or attribute of a metric changes, which breaks dashboards and
// alerts. What changes here on purpose belongs into the changelog.
func TestTheContract(t *testing.T) {
	var text strings.Builder
	for _, profile := range []struct {
		name    string
		profile Profile
	}{
		{"v1.41", V141}, {"development", Development}, {"both", V141 | Development},
	} {
		fmt.Fprintf(&text, "# %s\n", profile.name)
		for _, in := range Catalogue(profile.profile) {
			var attributes []string
			for _, d := range in.Extra {
				attributes = append(attributes, d.Key)
			}
			if in.Fixed.Key != "" {
				attributes = append(attributes, in.Fixed.Key+"="+in.Fixed.Value)
			}
			fmt.Fprintf(&text, "%s %s %s layers=%s when=%d off=%t [%s] %v\n", in.Name, in.Kind,
				in.Unit, strings.Join(layerNames(in), ","), in.When, in.Off, strings.Join(attributes, " "), in.Bounds)
		}
	}
	file := filepath.Join("testdata", "contract.txt")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), text.String())
}

func layerNames(in Instrument) (names []string) {
	for _, l := range in.Layers {
		names = append(names, l.String())
	}
	return names
}

func TestBothProfilesTogetherHaveEachMetricOnce(t *testing.T) {
	kinds := map[string]string{}
	for _, in := range Catalogue(V141 | Development) {
		key := in.Name + in.Fixed.Value
		assert.NotContains(t, kinds, key)
		kinds[key] = in.Name
	}
}
