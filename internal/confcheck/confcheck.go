// SPDX-License-Identifier: Apache-2.0

// Package confcheck compares what users wrote with the configuration that is to hold it.
package confcheck

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

// Unmarshal decodes what the user wrote into a configuration, a pointer to a struct. The collector would report some mistakes in
// terms of Go, or not at all. Here they are errors with their key, value and what is allowed.
func Unmarshal(conf *confmap.Conf, config any) error {
	written, fields := conf.ToStringMap(), reflect.TypeOf(config).Elem()
	if err := (checker{}).keys(written, fields, ""); err != nil {
		return err
	}
	err := conf.Unmarshal(config)
	if err == nil {
		return nil
	}
	if named := (checker{texts: true}).keys(written, fields, ""); named != nil {
		return named
	}
	return err
}

// checker compares what the user wrote with the fields that are to hold it.
type checker struct {
	// texts refuses numbers and truth values as texts. The collector takes them where they come out of a variable, which
	// cannot be seen here.
	texts bool
}

// keys checks a written map, which lies at a path, against a struct.
func (c checker) keys(written map[string]any, fields reflect.Type, path string) error {
	allowed := settings(fields)
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(written)) {
		field, ok := allowed[key]
		if !ok {
			errs = append(errs, fmt.Errorf("%s%s: there is no such setting; %s", path, key, ThereAre(slices.Sorted(maps.Keys(allowed)), key)))
			continue
		}
		errs = append(errs, c.value(written[key], field, path+key))
	}
	return errors.Join(errs...)
}

// decodesItself reports whether a type shows none of its settings as fields, as an optional section of the collector's does.
func decodesItself(field reflect.Type) bool {
	return reflect.PointerTo(field).Implements(reflect.TypeFor[confmap.Unmarshaler]()) &&
		(field.Kind() != reflect.Struct || len(settings(field)) == 0)
}

// settings returns the fields of a struct by their keys, with those of structs that are squashed into it.
func settings(fields reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for i := range fields.NumField() {
		field := fields.Field(i)
		key, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		switch {
		case strings.Contains(options, "squash"):
			maps.Copy(all, settings(field.Type))
		case key != "" && key != "-":
			all[key] = field.Type
		default:
		}
	}
	return all
}

// value checks a written value against the type of its field. Without a value the field is not set.
func (c checker) value(value any, field reflect.Type, path string) error {
	if field.Kind() == reflect.Pointer {
		field = field.Elem()
	}
	if value == nil || decodesItself(field) {
		return nil
	}
	must, fits := c.fits(value, field)
	if !fits {
		return fmt.Errorf("%s: must be %s, got %s", path, must, shown(value))
	}
	var errs []error
	switch value := value.(type) {
	case map[string]any:
		if field.Kind() == reflect.Struct {
			return c.keys(value, field, path+"::")
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			errs = append(errs, c.value(value[key], field.Elem(), path+"::"+key))
		}
	case []any:
		for i := range value {
			errs = append(errs, c.value(value[i], field.Elem(), fmt.Sprintf("%s::%d", path, i)))
		}
	}
	return errors.Join(errs...)
}

// shownLength is the most characters of a mapping or list that an error shows.
const shownLength = 100

// shown returns a written value as users know it. A text is in quotes, and all else is YAML in one line.
func shown(value any) string {
	if text, ok := value.(string); ok {
		return strconv.Quote(text)
	}
	text := flow(value)
	if letters := []rune(text); len(letters) > shownLength {
		return string(letters[:shownLength]) + " …"
	}
	return text
}

func flow(value any) string {
	var parts []string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, key+": "+flow(value[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, child := range value {
			parts = append(parts, flow(child))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	default:
		return fmt.Sprint(value)
	}
}

// isInt reports whether a number is whole, and none of those that no int holds.
func isInt(f float64) bool { return f == math.Trunc(f) && math.Abs(f) < math.MaxInt64 }

// fits reports whether a value is of the kind that a field takes, and says which that is.
func (c checker) fits(value any, field reflect.Type) (must string, fits bool) {
	text, isText := value.(string)
	written := reflect.ValueOf(value)
	if field == reflect.TypeFor[time.Duration]() {
		_, err := time.ParseDuration(text)
		return "a time with its unit, such as 15s or 5m", err == nil || written.Type() == field
	}
	switch field.Kind() {
	case reflect.Struct, reflect.Map:
		return "a mapping of keys to values", written.Kind() == reflect.Map
	case reflect.Slice:
		// One text stands for a list of it.
		return "a list", written.Kind() == reflect.Slice || isText && field == reflect.TypeFor[[]string]()
	case reflect.Bool:
		return "true or false", written.Kind() == reflect.Bool
	case reflect.Int:
		return "a whole number", written.CanInt() || written.CanUint() && written.Uint() <= math.MaxInt64 || written.CanFloat() && isInt(written.Float())
	case reflect.Float64:
		return "a number", written.CanInt() || written.CanUint() || written.CanFloat()
	default:
		return "a text", isText || !c.texts && written.Kind() != reflect.Map && written.Kind() != reflect.Slice
	}
}
