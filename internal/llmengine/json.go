// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxElements bounds the elements of a list, and maxDepth how deep objects may lie in each other.
const (
	maxElements = 10_000
	maxDepth    = 8
)

// ReadJSON adds the samples of a JSON document to the page.
func (p *Page) ReadJSON(lookup *Lookup, body []byte) error {
	elements, err := lookup.elements(body)
	if err != nil {
		return err
	}
	for _, element := range elements {
		labels, numbers := mapLabels{}, map[string]float64{}
		flatten(element, "", 0, labels, numbers)
		p.Add(lookup.Family, labels, 1)
		for _, name := range slices.Sorted(maps.Keys(numbers)) {
			p.Add(lookup.Family+"_"+name, labels, numbers[name])
		}
	}
	return nil
}

// OnlyVersion says that no row reads the document.
func (l *Lookup) OnlyVersion() bool {
	for name := range compiled().read {
		if strings.HasPrefix(name, l.Family) {
			return false
		}
	}
	return true
}

// VersionIn is the engine's version by a document; empty where it has none.
func (l *Lookup) VersionIn(body []byte) string {
	elements, err := l.elements(body)
	if err != nil || len(elements) == 0 || l.Version == "" {
		return ""
	}
	version, _ := elements[0][l.Version].(string)
	return version
}

// elements are the objects of a document.
func (l *Lookup) elements(body []byte) (objects []map[string]any, err error) {
	var document any
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, fmt.Errorf("%s: the answer is no JSON: it begins with %q", l.Path, begin(body))
	}
	if l.Root != "" {
		object, ok := document.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: the answer is no JSON object", l.Path)
		}
		root, found := object[l.Root]
		if !found {
			return nil, fmt.Errorf("%s: the answer has no %q", l.Path, l.Root)
		}
		if document = root; document == nil {
			return nil, nil // an empty list in Go
		}
	}
	switch v := document.(type) {
	case map[string]any:
		return []map[string]any{v}, nil
	case []any:
		if l.Last && len(v) > 0 {
			v = v[len(v)-1:]
		}
		for _, element := range v[:min(len(v), maxElements)] {
			if object, ok := element.(map[string]any); ok {
				objects = append(objects, object)
			}
		}
		return objects, nil
	default:
		return nil, errors.New(l.Path + ": the answer is neither a JSON object nor a list")
	}
}

type mapLabels map[string]string

// Get finds a label.
func (l mapLabels) Get(name string) string { return l[name] }

// flatten sorts the values of an object into labels and numbers, by their path.
func flatten(object map[string]any, path string, depth int, labels mapLabels, numbers map[string]float64) {
	for name, value := range object {
		at := path + name
		switch v := value.(type) {
		case string:
			labels[at] = v
		case float64:
			numbers[at] = v
			labels[at] = strconv.FormatFloat(v, 'g', -1, 64)
		case bool:
			numbers[at] = 0
			if v {
				numbers[at] = 1
			}
		case map[string]any:
			if depth < maxDepth {
				flatten(v, at+"_", depth+1, labels, numbers)
			}
		}
	}
}
