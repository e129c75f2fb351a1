// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

var (
	// hashed is a comment, by what is before it and what it says.
	hashed = regexp.MustCompile(`^(?:((?:[^"'#]|"[^"]*"|'[^']*'|\S#)*?)\s)?#+!?(?: --)?( .*|)$`)
	// setting is a line of a configuration, which a comment may show.
	setting = regexp.MustCompile(`^ (?:- |[\w./-]+:(?: |$)|[\w./-]+=| {2})`)
	// templated is what a rule or a chart replaces.
	templated = regexp.MustCompile(`\{\{.*?\}\}`)
	document  = regexp.MustCompile(`(?m)^---$`)
	// described are the keys of texts for people.
	described = []string{"description", "summary", "shows", "about"}
)

// Comments of configurations and scripts are read by those who copy them: the same rules as for pages.
func TestSentencesOfConfigurationsAreShortAndPlain(t *testing.T) {
	checked := 0
	for path, text := range files(t, "*.yaml", "*.yml", "*.sh", "*.conf", "*.service", "Makefile", "*Dockerfile", ".ci/*") {
		for _, sentence := range sentences(hashComments(text)) {
			checked++
			checkSentence(t, path, sentence)
		}
	}
	assert.Greater(t, checked, 1000)
}

// Descriptions of metrics, alerts, cases and forms are shown in tables.
func TestSentencesOfDescriptionsAreShortAndPlain(t *testing.T) {
	checked := 0
	for path, text := range files(t, "*.yaml", "*.yml") {
		if strings.Contains(path, "/templates/") {
			continue // Helm's
		}
		for _, part := range document.Split(text, -1) {
			read, err := confmap.NewRetrievedFromYAML([]byte(part))
			require.NoError(t, err, path)
			raw, err := read.AsRaw()
			require.NoError(t, err, path)
			for _, description := range descriptions(raw) {
				checked++
				cells := "| " + strings.ReplaceAll(templated.ReplaceAllString(description, "CODE"), "\n", "\n| ")
				for _, sentence := range sentences(cells) {
					checkSentence(t, path, sentence)
				}
			}
		}
	}
	assert.Greater(t, checked, 1000)
}

// descriptions returns the texts for people that a value holds.
func descriptions(value any) (all []string) {
	switch value := value.(type) {
	case map[string]any:
		for key, child := range value {
			if text, ok := child.(string); ok && slices.Contains(described, key) {
				all = append(all, text)
			}
			all = append(all, descriptions(child)...)
		}
	case []any:
		for _, child := range value {
			all = append(all, descriptions(child)...)
		}
	}
	return all
}

// hashComments returns the comments of a file in which # begins one, a paragraph each. A comment behind a setting goes on in lines
// that begin at its column.
func hashComments(text string) string {
	var all strings.Builder
	column := -1
	for line := range strings.Lines(text) {
		found := hashed.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if len(found) == 0 || setting.MatchString(found[2]) {
			all.WriteString("\n")
			column = -1
			continue
		}
		at := strings.Index(line[len(found[1]):], "#") + len(found[1])
		if at != column || strings.TrimSpace(found[1]) != "" {
			all.WriteString("\n")
		}
		column = at
		all.WriteString(strings.TrimSpace(found[2]) + "\n")
	}
	return all.String()
}

func TestCommentsOfConfigurationsAreFound(t *testing.T) {
	text := "# One line that\n# goes on.\nkey: \"a # b\" # two\n             # three\nurl: http://a/#b\n# key: shown\n#   drawn\n# -- four\n"
	var found []string
	for _, sentence := range sentences(hashComments(text)) {
		if sentence != "" {
			found = append(found, sentence)
		}
	}
	assert.Equal(t, []string{"One line that goes on.", "two three", "four"}, found)
}
