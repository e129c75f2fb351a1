// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"reflect"
	"slices"
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
	requireSame(t, &want, &got)
}

// requireSame checks that nothing of a request that was read is lost while it is held.
func requireSame(t *testing.T, want, got *correlate.Request) {
	t.Helper()
	require.Equal(t, want.Evidence, got.Evidence)
	a, z := reflect.ValueOf(want.Request).Elem(), reflect.ValueOf(got.Request).Elem()
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if !ofReading[name] {
			require.Equal(t, a.Field(i).Interface(), z.Field(i).Interface(), "llm.Request.%s is lost while the request is held", name)
		}
	}
	require.Equal(t, correlate.Request{Request: got.Request, Evidence: got.Evidence}, *got, "nothing is found of it")
}

// Requests of one kind differ in none of its fields. Memory that is used again leaves nothing behind.
func TestRequestsThatDifferInOneFieldComeBackAsTheyWere(t *testing.T) {
	table, taken := New(testOptions()), NewTaken(2)
	now := time.Duration(0)
	comesBack := func(b *correlate.Batch) {
		t.Helper()
		want := b.Described[0]
		table.Enter(b, 0, now)
		other := one(t)
		other.Described[0].Outcome = llm.Success
		other.Described[0].TraceID[15]++
		table.Enter(other, 0, now)
		now += time.Hour
		for range 2 {
			require.True(t, table.Take(Due, now, taken))
			for i := range taken.Described {
				got := &taken.Described[i]
				if got.TraceID == want.TraceID {
					requireSame(t, &want, got)
				} else {
					requireSame(t, &other.Described[0], got)
				}
			}
			// What relating finds, and whatever else is written to copies.
			for i := range taken.Described {
				next, q := 1000, &taken.Described[i]
				fill(t, reflect.ValueOf(q.Request).Elem(), &next)
				fill(t, reflect.ValueOf(&q.Evidence).Elem(), &next)
				q.Ancestry, q.MergedScopes, q.CountedBelow, q.Late, q.Merged = &correlate.Ancestry{}, [2]string{"a", "b"}, true, true, true
				q.CostComputed, q.Unpriced, q.Assumed, q.ModalityIndex = true, true, 7, 3
			}
			table.Release(now, taken)
			if table.Stats().Requests == 0 {
				return
			}
		}
		t.Fatal("requests are left")
	}
	fields := func(b *correlate.Batch) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(b.Described[0].Request).Elem(), reflect.ValueOf(&b.Described[0].Evidence).Elem()}
	}
	changed := 0
	for of, v := range fields(one(t)) {
		var each func(v reflect.Value, path []int)
		each = func(v reflect.Value, path []int) {
			for i := range v.NumField() {
				field, path := v.Field(i), append(slices.Clone(path), i)
				if name := v.Type().Field(i).Name; ofReading[name] && name != "ID" {
					continue
				}
				if field.Kind() == reflect.Struct {
					each(field, path)
					continue
				}
				for _, change := range [...]func(v reflect.Value) bool{
					func(v reflect.Value) bool {
						v.SetZero()
						return v.Kind() != reflect.Float64 && v.Kind() != reflect.Array
					},
					differ,
				} {
					b := one(t)
					b.Described[0].Outcome = llm.Success // so that it does not wait for longer
					if !change(fields(b)[of].FieldByIndex(path)) || b.Described[0].TraceID.IsEmpty() {
						continue
					}
					changed++
					comesBack(b)
				}
			}
		}
		each(v, nil)
	}
	require.Greater(t, changed, 80)
}

// differ changes a value a little, if it can.
func differ(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		text := []byte(v.String())
		if len(text) == 0 {
			return false
		}
		text[len(text)/2] ^= 1
		v.SetString(string(text))
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() ^ 1)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() ^ 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Array:
		last := v.Index(v.Len() - 1)
		return differ(last)
	default:
		return false
	}
	return true
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
		"node":    {unsafe.Sizeof(node{}) + 3*unsafe.Sizeof(slot{}), nodeBytes},
		"between": {unsafe.Sizeof(between{}), betweenBytes},
		"group":   {unsafe.Sizeof(group{}) + unsafe.Sizeof(key{}) + 3*unsafe.Sizeof(slot{}), groupBytes},
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
	assert.Equal(t, math.Float64bits(llm.Absent), uint64(absent))
}
