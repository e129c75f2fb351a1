// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// ofReading are the fields of a request that its reading alone decides. Nothing asks for them once it is held.
var ofReading = map[string]bool{
	"ID": true, "IDHashed": true, // the hash is kept
	"Span":         true,                                    // the number within its traces, for enrichment
	"Name":         true,                                    // of what is no request
	"CostComputed": true, "Unpriced": true, "Assumed": true, // what is found once it is counted
	// Places in the batch, which are compared by what is there.
	"Resource": true, "ModalityIndex": true, "FinishRange": true, "GapRange": true,
}

// fill gives each field of a struct that is not excepted a value of its own.
func fill(t *testing.T, v reflect.Value, next *int) {
	t.Helper()
	for i := range v.NumField() {
		field := v.Field(i)
		if !field.CanSet() || ofReading[v.Type().Field(i).Name] {
			continue
		}
		*next++
		switch field.Kind() {
		case reflect.String:
			field.SetString("text " + v.Type().Field(i).Name)
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			field.SetUint(uint64(*next))
		case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			field.SetInt(int64(*next))
		case reflect.Float64:
			field.SetFloat(float64(*next) / 3)
		case reflect.Array:
			for j := range field.Len() {
				*next++
				if field.Index(j).Kind() == reflect.Float64 {
					field.Index(j).SetFloat(float64(*next) / 3)
				} else {
					field.Index(j).SetUint(uint64(*next % 256))
				}
			}
		case reflect.Struct:
			fill(t, field, next)
		default:
			if name := v.Type().Field(i).Name; name != "Dimensions" && name != "UserNumbers" {
				t.Fatalf("no value for %s %s", name, field.Type())
			}
		}
	}
}

// one returns a batch of one request, of which everything is known.
func one(t *testing.T) *correlate.Batch {
	b := &correlate.Batch{}
	b.Stride = 2
	b.Resources = []attr.Value{attr.Text("other"), {}, attr.Text("service"), attr.Int(7)}
	b.Finishes = []string{"not this", "stop", "length"}
	b.Gaps = []float64{9, 0.25, 0.5}
	b.ModalityTokens = []llm.ModalityTokens{{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}}
	q := b.Add()
	next := 0
	fill(t, reflect.ValueOf(q.Request).Elem(), &next)
	fill(t, reflect.ValueOf(&q.Evidence).Elem(), &next)
	q.Duplicate = llm.Unique
	q.Dimensions = []attr.Value{attr.Text("a"), attr.Int(3), {}, attr.Text("b"), attr.Bool(true)}
	q.UserNumbers = []float64{1.5, 2.5}
	q.Resource, q.FinishRange, q.GapRange, q.ModalityIndex = 1, [2]int32{1, 3}, [2]int32{1, 3}, 1
	return b
}

func testOptions() Options {
	return Options{
		Wait: 7 * time.Second, Unfinished: MaxUnfinished, Requests: 1000, Bytes: 10 << 20, Spans: 1000, Group: MaxGroup,
	}
}

func TestAHeldRequestComesBackAsItWasRead(t *testing.T) {
	table, b := New(testOptions()), one(t)
	want := b.Described[0]
	require.Equal(t, 1, table.Enter(b, 0, 0))
	taken := NewTaken(2)
	require.False(t, table.Take(Due, 7*time.Second-1, taken))
	require.True(t, table.Take(Due, 7*time.Second, taken))
	require.Len(t, taken.Described, 1)
	got := taken.Described[0]

	assert.Equal(t, b.FinishReasons(want.Request), taken.FinishReasons(got.Request))
	assert.Equal(t, b.ChunkGaps(want.Request), taken.ChunkGaps(got.Request))
	assert.Equal(t, b.Modalities(want.Request), taken.Modalities(got.Request))
	assert.Equal(t, b.Resource(want.Resource), taken.Resource(got.Resource))
	assert.Equal(t, want.Dimensions, got.Dimensions)
	assert.Equal(t, want.UserNumbers, got.UserNumbers)
	assert.Equal(t, want.Evidence, got.Evidence)
	assert.Equal(t, want.IDHash(), got.IDHash())
	a, z := reflect.ValueOf(want.Request).Elem(), reflect.ValueOf(got.Request).Elem()
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if !ofReading[name] {
			assert.Equal(t, a.Field(i).Interface(), z.Field(i).Interface(), "llm.Request.%s is lost while the request is held", name)
		}
	}
}

func TestNumbersThatAreNoneAreKept(t *testing.T) {
	table, b := New(testOptions()), one(t)
	b.Described[0].UserNumbers[0] = math.NaN()
	b.Described[0].Weight = 10.0 / 3
	table.Enter(b, 0, 0)
	taken := NewTaken(2)
	require.True(t, table.Take(Due, 7*time.Second, taken))
	assert.True(t, math.IsNaN(taken.Described[0].UserNumbers[0]))
	assert.Equal(t, 10.0/3, taken.Described[0].Weight)
}

func TestSizesAreThoseOfTheBound(t *testing.T) {
	for name, sizes := range map[string][2]uintptr{
		"node":    {unsafe.Sizeof(node{}) + 2*unsafe.Sizeof(slot{}), nodeBytes},
		"between": {unsafe.Sizeof(between{}), betweenBytes},
		"group":   {unsafe.Sizeof(group{}) + unsafe.Sizeof(key{}) + 2*unsafe.Sizeof(slot{}), groupBytes},
		"text":    {unsafe.Sizeof(entry{}), textBytes},
		"beside":  {unsafe.Sizeof(ordinary{}), besideBytes},
		"names":   {unsafe.Sizeof(names{}), namesBytes},
		"kind":    {unsafe.Sizeof(kind{}), kindBytes},
		"extra":   {unsafe.Sizeof(extra{}), extraHeads},
	} {
		assert.LessOrEqual(t, sizes[0], sizes[1], name)
		assert.Greater(t, sizes[0]+40, sizes[1], name)
	}
	assert.LessOrEqual(t, int(numbersOfNode), 32, "bits for all numbers")
}
