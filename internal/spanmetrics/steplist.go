// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import "slices"

// stepList is how requests of a kind are added to a record. It has the steps for all cells that are known.
//
//	record.cells    | cell 0        | cell 1        |
//	steps           | step | step … | step | step … |   all in one list
//	left            facets whose cell is not known, or is not the same for all requests of the kind
//
// Most records have the same cells at the same positions, so that lists are few. Nobody changes one.
type stepList struct {
	steps []step
	left  []*facet
}

// leaves reports whether the sample has a value for a facet that the list leaves.
func (l *stepList) leaves(o *sample) bool {
	for _, f := range l.left {
		if f.wants(o) {
			return true
		}
	}
	return false
}

// cellOf is the position of the cell of a facet.
type cellOf struct {
	facet *facet
	cell  int32
}

// stepLists keeps each list once.
type stepLists struct {
	all []*stepList
	// next is what may become another one.
	next stepList
}

// maxStepLists is the number of lists that are looked through. Beyond it they begin anew.
const maxStepLists = 256

// first returns the list of a kind of which no cell is known. Its requests meet conditions, which leaves the facets that have such
// series.
func (l *stepLists) first(facets []facet, conditions Condition) *stepList {
	l.begin(nil)
	for i := range facets {
		if f := &facets[i]; f.meets(conditions) {
			l.next.left = append(l.next.left, f)
		}
	}
	return l.kept()
}

// extended returns a list with the cells of further facets of a record, for requests that meet conditions.
func (l *stepLists) extended(from *stepList, r *record, cells []cellOf, conditions Condition) *stepList {
	l.begin(from)
	for _, known := range cells {
		l.next.left = slices.DeleteFunc(l.next.left, func(f *facet) bool { return f == known.facet })
		cell := &r.cells[known.cell]
		for _, t := range known.facet.steps {
			if t.when&^conditions == 0 {
				t.cell, t.series, t.bucket = known.cell, t.series+int32(cell.series), t.bucket+int32(cell.buckets)
				l.next.steps = append(l.next.steps, t)
			}
		}
	}
	return l.kept()
}

// begin makes the next list like another one.
func (l *stepLists) begin(from *stepList) {
	l.next.steps, l.next.left = l.next.steps[:0], l.next.left[:0]
	if from != nil {
		l.next.steps, l.next.left = append(l.next.steps, from.steps...), append(l.next.left, from.left...)
	}
}

// kept returns the one that is kept of the next list.
func (l *stepLists) kept() *stepList {
	for _, known := range l.all {
		if slices.Equal(known.steps, l.next.steps) && slices.Equal(known.left, l.next.left) {
			return known
		}
	}
	if len(l.all) == maxStepLists {
		l.all = nil
	}
	l.all = append(l.all, &stepList{steps: slices.Clone(l.next.steps), left: slices.Clone(l.next.left)})
	return l.all[len(l.all)-1]
}
