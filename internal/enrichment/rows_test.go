// SPDX-License-Identifier: Apache-2.0

package enrichment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestTheReadmeListsWhatIsWritten(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(tracetest.Root(), "processor", "llmspanmetricsprocessor", "README.md"))
	require.NoError(t, err)
	documented := map[string]string{} // line by name
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			documented[strings.Trim(cells[1], " `")] = cells[2]
		}
	}
	for i := range rows {
		assert.Contains(t, documented[rows[i].name()], "`"+rows[i].key+"`", rows[i].name())
	}
}
