// SPDX-License-Identifier: Apache-2.0

// Package match fits names to patterns in which each "*" stands for any characters.
package match

import "strings"

// Match reports whether a name fits a pattern. Case matters.
func Match(pattern, name string) bool {
	p, n := 0, 0
	star, from := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			// Let the last star stand for one byte more.
			from++
			p, n = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// Any reports whether a name fits one of the patterns.
func Any(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if Match(pattern, name) {
			return true
		}
	}
	return false
}

// Phrase reports whether a text contains one of some phrases of small letters, without regard to case. Phrases have two letters or more.
func Phrase(phrases []string, text string) bool {
	// Sets of the low bits of the first and second letters. Most places of a text need no more than a look at these.
	var first, second uint32
	for _, phrase := range phrases {
		first |= 1 << (phrase[0] & 31)
		second |= 1 << (phrase[1] & 31)
	}
	for i := 0; i+1 < len(text); i++ {
		if first>>(text[i]&31)&(second>>(text[i+1]&31))&1 == 0 {
			continue
		}
		for _, phrase := range phrases {
			if rest := text[i:]; len(rest) >= len(phrase) && rest[0]|0x20 == phrase[0] && strings.EqualFold(rest[:len(phrase)], phrase) {
				return true
			}
		}
	}
	return false
}
