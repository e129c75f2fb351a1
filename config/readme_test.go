// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/config"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../processor/llmspanmetricsprocessor/README.md")
	require.NoError(t, err)
	return string(text)
}

// keys returns the keys of a struct's settings, and those within.
func keys(of reflect.Type) (found []string) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return keys(of.Elem())
	case reflect.Struct:
		for i := range of.NumField() {
			switch key := of.Field(i).Tag.Get("mapstructure"); key {
			case "":
			case ",squash":
				found = append(found, keys(of.Field(i).Type)...)
			default:
				found = append(append(found, key), keys(of.Field(i).Type)...)
			}
		}
	default:
	}
	return found
}

func TestTheReadmeTellsEverySetting(t *testing.T) {
	page := readme(t)
	for _, key := range keys(reflect.TypeFor[config.Config]()) {
		assert.True(t, regexp.MustCompile("(`|::)"+key+"(`|::)|\\b"+key+": ").MatchString(page), "%s is in the README", key)
	}
}

// What users may choose from is a list in each case, which errors show.
func TestTheReadmeTellsEveryChoice(t *testing.T) {
	names := regexp.MustCompile("`\\w+`").FindAllString(readme(t), -1)
	choices := regexp.MustCompile(`(?:there are|one of) (.*?)(, got .*)?$`)
	for _, err := range []error{
		config.Dimension{Concept: "?"}.Validate(),
		config.CustomMetric{Type: "counter", Value: "?"}.Validate(),
		config.Enrichment{Attributes: []string{"?"}}.Validate(),
		config.Concept("?").Validate(),
		config.Operation("?").Validate(),
	} {
		list := choices.FindStringSubmatch(err.Error())
		require.NotNil(t, list, err)
		for choice := range strings.SplitSeq(list[1], ", ") {
			assert.Contains(t, names, "`"+choice+"`")
		}
	}
}

func TestTheReadmeTellsTheDefaults(t *testing.T) {
	_, page, _ := strings.Cut(readme(t), "\n## Configuration\n")
	page, _, _ = strings.Cut(page, "\n## ")
	rows := regexp.MustCompile("(?m)^\\| `([a-z_:]+)` \\| `(.*?)` \\|").FindAllStringSubmatch(page, -1)
	require.Greater(t, len(rows), 15)
	for _, row := range rows {
		yaml := strings.ReplaceAll(row[1], "::", ": {") + ": " + row[2] + strings.Repeat("}", strings.Count(row[1], "::"))
		assert.Equal(t, config.Default(), written(t, yaml), yaml)
	}
}
