// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

const intro = `# Settings

All settings of this project's components, with what the code says of each. READMEs explain them with examples. A key below another
one is written with ` + "`::`" + `. ` + "`<name>`" + ` stands for a name of yours, and ` + "`[]`" + ` for each element of a list.

This page is generated (` + "`go generate ./config`" + `).
`

// component is one whose settings are listed.
type component struct{ title, folder, readme string }

var components = []component{
	{"Processor and connector `llm_span_metrics`", "config", "processor/llmspanmetricsprocessor/README.md"},
	{"Receiver `llm_gpu`", "receiver/llmgpureceiver", "receiver/llmgpureceiver/README.md"},
	{"Receiver `llm_engine`", "receiver/llmenginereceiver", "receiver/llmenginereceiver/README.md"},
	{"Processor `llm_engine`", "processor/llmengineprocessor", "processor/llmengineprocessor/README.md"},
}

// elsewhere says what is to be said of structs of other packages that are parts of a configuration.
var elsewhere = map[string]string{
	"scraperhelper.ControllerConfig": "`collection_interval`, `initial_delay`, `timeout`: as of contrib's scraping receivers",
	"confighttp.ClientConfig": "`endpoint`, `tls`, `auth`, `headers`, `timeout` and the others of the collector's " +
		"[HTTP client](https://github.com/open-telemetry/opentelemetry-collector/tree/main/config/confighttp)",
	"enginemetrics.Config":          "`metrics::<name>::enabled`: switches a metric on or off",
	"metadata.MetricsBuilderConfig": "`metrics::<name>::enabled`: switches a metric on or off",
}

// page returns the whole page.
func page(root string) (string, error) {
	var p strings.Builder
	p.WriteString(intro)
	for _, c := range components {
		fmt.Fprintf(&p, "\n## %s\n\n[README](../%s)\n\n| setting | type | |\n| --- | --- | --- |\n", c.title, c.readme)
		lines, err := settings(root, c.folder)
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.folder, err)
		}
		p.WriteString(strings.Join(lines, ""))
	}
	return p.String(), nil
}

// source is the structs of one package.
type source struct {
	structs map[string]*ast.StructType
	// keys are the settings by the names of their fields.
	keys map[string]string
	// listed is where a struct's settings were listed first.
	listed map[string]string
}

func load(root, folder string) (*source, error) {
	s := &source{structs: map[string]*ast.StructType{}, keys: map[string]string{}, listed: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if of, ok := spec.Type.(*ast.StructType); ok {
					s.structs[spec.Name.Name] = of
				}
			}
			return true
		})
	}
	for _, of := range s.structs {
		for _, f := range of.Fields.List {
			if key, _ := tag(f); key != "" && len(f.Names) > 0 {
				s.keys[f.Names[0].Name] = key
			}
		}
	}
	return s, nil
}

// settings are the lines of a package's Config.
func settings(root, folder string) ([]string, error) {
	s, err := load(root, folder)
	if err != nil {
		return nil, err
	}
	return s.lines("", "Config")
}

// lines are those of a struct and all within. A field without a comment shares that of the one before.
func (s *source) lines(above, name string) (lines []string, err error) {
	of := s.structs[name]
	if of == nil {
		return nil, fmt.Errorf("there is no struct %s", name)
	}
	for _, f := range of.Fields.List {
		key, squash := tag(f)
		text := types.ExprString(f.Type)
		if squash {
			inner, err := s.squashed(above, text)
			if err != nil {
				return nil, err
			}
			lines = append(lines, inner...)
			continue
		}
		if key == "" {
			continue
		}
		inside, suffix := element(text)
		comment := "see the one above"
		if f.Doc != nil {
			comment = s.comment(f, of)
		} else if len(lines) == 0 {
			return nil, fmt.Errorf("%s%s has no comment", above, key)
		}
		first := s.listed[inside]
		if first != "" {
			comment += " Keys as of `" + first + "`."
		}
		lines = append(lines, fmt.Sprintf("| `%s%s` | %s | %s |\n", above, key, kind(text), comment))
		if s.structs[inside] != nil && first == "" {
			s.listed[inside] = above + key
			more, err := s.lines(above+key+suffix+"::", inside)
			if err != nil {
				return nil, err
			}
			lines = append(lines, more...)
		}
	}
	return lines, nil
}

// squashed are the lines of a struct whose settings are those of the one that it is in.
func (s *source) squashed(above, of string) ([]string, error) {
	if text, known := elsewhere[of]; known {
		return []string{fmt.Sprintf("| | | %s |\n", text)}, nil
	}
	if strings.Contains(of, ".") {
		return nil, fmt.Errorf("nothing is said of the settings of %s", of)
	}
	return s.lines(above, of)
}

// tag is the key of a field, and whether its struct's settings are those of the outer one.
func tag(f *ast.Field) (key string, squash bool) {
	if f.Tag == nil {
		return "", false
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return "", false
	}
	key, options, _ := strings.Cut(reflect.StructTag(text).Get("mapstructure"), ",")
	return key, options == "squash"
}

// element is the type within pointers, lists and maps, and how its place is written.
func element(text string) (inside, suffix string) {
	for {
		switch {
		case strings.HasPrefix(text, "*"):
			text = text[1:]
		case strings.HasPrefix(text, "[]"):
			text, suffix = text[2:], suffix+"[]"
		case strings.HasPrefix(text, "map[string]"):
			text, suffix = strings.TrimPrefix(text, "map[string]"), suffix+"::<name>"
		default:
			return text, suffix
		}
	}
}

// kind is a type in a user's words.
func kind(text string) string {
	inside, suffix := element(text)
	word := map[string]string{
		"bool": "bool", "int": "int", "int64": "int", "float64": "number", "string": "string", "time.Duration": "duration",
		"Buckets": "list of numbers",
	}[inside]
	if word == "" {
		word = "section"
		if strings.ToUpper(inside[:1]) == inside[:1] && !strings.Contains(inside, ".") && choices[inside] {
			word = "string"
		}
	}
	if strings.Contains(suffix, "[]") {
		word = "list of " + word
	}
	if strings.Contains(suffix, "<name>") {
		word = "map of " + word
	}
	return word
}

// choices are types of texts of which some are allowed.
var choices = map[string]bool{
	"Commit": true, "Temporality": true, "Layer": true, "Semconv": true, "Histogram": true, "MetricType": true, "Condition": true,
	"Outcome": true, "Holder": true, "Concept": true, "Unit": true, "Operation": true, "ServiceTier": true, "CacheTTL": true,
}

var fieldName = regexp.MustCompile(`\b[A-Z][a-z]+([A-Z][A-Za-z]*)+\b`)

// comment is a field's comment, with fields by their keys.
func (s *source) comment(f *ast.Field, of *ast.StructType) string {
	text := strings.Join(strings.Fields(f.Doc.Text()), " ")
	if len(f.Names) > 0 {
		if rest, found := strings.CutPrefix(text, f.Names[0].Name+" "); found {
			text = "`" + s.keys[f.Names[0].Name] + "` " + rest
		}
	}
	text = fieldName.ReplaceAllStringFunc(text, func(name string) string {
		if key := s.keys[name]; key != "" {
			return "`" + key + "`"
		}
		return name
	})
	// Names of one word are fields only where the struct has such.
	for _, beside := range of.Fields.List {
		if len(beside.Names) > 0 && s.keys[beside.Names[0].Name] != "" && beside != f {
			name := beside.Names[0].Name
			text = regexp.MustCompile(`([a-z,] )`+name+`\b`).ReplaceAllString(text, "${1}`"+s.keys[name]+"`")
		}
	}
	return strings.ReplaceAll(text, "|", `\|`)
}
