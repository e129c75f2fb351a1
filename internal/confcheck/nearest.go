// SPDX-License-Identifier: Apache-2.0

package confcheck

import "strings"

// ThereAre lists the names that users may write. If the name that they wrote is misspelt, it asks for the nearest one first.
func ThereAre(known []string, written string) string {
	list := "there are " + strings.Join(known, ", ")
	if near := nearest(known, written); near != "" {
		return "did you mean " + near + "? " + list
	}
	return list
}

// DidYouMean asks for the name that a misspelt one is nearest to, as the end of an error. It is empty where none is near.
func DidYouMean(known []string, written string) string {
	if near := nearest(known, written); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// nearest is the name with the fewest letters that differ, or none where too many do.
func nearest(known []string, written string) string {
	best, least := "", len(written)/4+1 // as many letters may differ
	for _, name := range known {
		if differ := distance(written, name, least); differ <= least && (best == "" || differ < least) {
			best, least = name, differ
		}
	}
	return best
}

// distance counts the bytes to insert, delete or replace that make one text the other (Levenshtein). Beyond most it may be any
// number above it.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1) // for no byte of a yet
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
