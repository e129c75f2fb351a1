// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+?) *$`)
	linked  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// Links to the outside are not tried: tests need no network.
func TestLinksLeadSomewhere(t *testing.T) {
	all := pages(t)
	for path, text := range all {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := path
			if target != "" {
				file = filepath.Join(filepath.Dir(path), target)
				if _, err := os.Stat(filepath.Join(tracetest.Root(), file)); err != nil {
					t.Errorf("%s links to %s, which is not there", path, m[1])
					continue
				}
			}
			if page, ok := all[file]; ok && anchor != "" {
				assert.Contains(t, anchors(page), anchor, "%s links to %s, but the page has no such heading", path, m[1])
			}
		}
	}
}

// anchors returns the names under which GitHub shows the headings of a page.
func anchors(page string) (names []string) {
	seen := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		name := linked.ReplaceAllString(m[1], "$1")
		name = strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(name), ""), " ", "-")
		if n := seen[name]; n > 0 {
			names = append(names, fmt.Sprintf("%s-%d", name, n))
		} else {
			names = append(names, name)
		}
		seen[name]++
	}
	return names
}

func TestAnchorsAreThoseOfGitHub(t *testing.T) {
	assert.Equal(t,
		[]string{"limits-honestly", "engines-endpoints", "a-port-is-taken", "receiver-llm_gpu", "twice", "twice-1"},
		anchors("# Limits, honestly\n## Engines' endpoints\n### A [port](x.md) is taken\n## Receiver `llm_gpu`\n# Twice\n# Twice\n"))
}

// A newcomer finds every guide from the index of the documents.
func TestTheIndexLeadsToEveryGuide(t *testing.T) {
	all := pages(t)
	for path := range all {
		if filepath.Dir(path) == "docs" && filepath.Base(path) != "README.md" {
			assert.Contains(t, all["docs/README.md"], "]("+filepath.Base(path)+")", "docs/README.md has no link to %s", path)
		}
	}
}
