// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// regularExpression finds what means something in a regular expression, and hardly occurs in names.
var regularExpression = regexp.MustCompile(`\.[*+]|^\^|\$$|\\|\||\[.*\]|\(.*\)`)

// patternWarnings warns of names that look like regular expressions: accepted, they would fit little or nothing.
func (c *Config) patternWarnings() (warnings []string) {
	for _, p := range c.patterns() {
		if !regularExpression.MatchString(p.text) {
			continue
		}
		meant := strings.ReplaceAll(strings.ReplaceAll(p.text, ".*", "*"), ".+", "*")
		meant = strings.TrimSuffix(strings.TrimPrefix(meant, "^"), "$")
		warnings = append(warnings, fmt.Sprintf("%s: %q is no regular expression: \"*\" stands for any characters, and every other character "+
			"for itself. If you mean all names like %q, write that.", p.key, p.text, meant))
	}
	return warnings
}

// pattern is a name that the user wrote, in which "*" stands for any characters.
type pattern struct{ key, text string }

// patterns returns all of them, with their keys.
func (c *Config) patterns() (all []pattern) {
	add := func(key, text string) { all = append(all, pattern{key, text}) }
	list := func(key string, texts []string) {
		for i, text := range texts {
			add(fmt.Sprintf("%s::%d", key, i), text)
		}
	}
	models := func(key string, prices []ModelPrice) {
		for i := range prices {
			add(fmt.Sprintf("%s::models::%d::model", key, i), prices[i].Model)
			add(fmt.Sprintf("%s::models::%d::provider", key, i), prices[i].Provider)
		}
	}
	dimensions := func(key string, of []Dimension) {
		for i := range of {
			for j, v := range of[i].Values {
				add(fmt.Sprintf("%s::%d::values::%d::match", key, i, j), v.Match)
			}
		}
	}
	dimensions("dimensions", c.Dimensions)
	for _, name := range slices.Sorted(maps.Keys(c.Metrics)) {
		dimensions("metrics::"+name+"::dimensions", c.Metrics[name].Dimensions)
		dimensions("metrics::"+name+"::add_dimensions", c.Metrics[name].AddDimensions)
	}
	for _, name := range slices.Sorted(maps.Keys(c.CustomMetrics)) {
		dimensions("custom_metrics::"+name+"::dimensions", c.CustomMetrics[name].Dimensions)
		dimensions("custom_metrics::"+name+"::add_dimensions", c.CustomMetrics[name].AddDimensions)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Targets)) {
		list("targets::"+name+"::models", c.Targets[name].Models)
		list("targets::"+name+"::providers", c.Targets[name].Providers)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Reading.Models)) {
		add("reading::models", name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Reading.Providers)) {
		add("reading::providers", name)
	}
	exclude := &c.Reading.Exclude
	list("reading::exclude::scopes", exclude.Scopes)
	list("reading::exclude::spans", exclude.Spans)
	list("reading::exclude::services", exclude.Services)
	list("reading::exclude::user_agents", exclude.UserAgents)
	for i, a := range exclude.Attributes {
		add(fmt.Sprintf("reading::exclude::attributes::%d::value", i), a.Value)
	}
	models("prices", c.Prices.Models)
	for i := range c.Prices.Overrides {
		add(fmt.Sprintf("prices::overrides::%d::value", i), c.Prices.Overrides[i].Value)
		models(fmt.Sprintf("prices::overrides::%d", i), c.Prices.Overrides[i].Models)
	}
	return all
}
