package settings

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

var _ confmap.Unmarshaler = (*Config)(nil)

// Unmarshal reads what the user wrote. Mistakes that the collector would report in terms of Go are found
// before and named with their key, value and what is allowed.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := checkKeys(conf.ToStringMap(), reflect.TypeFor[Config](), ""); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// checkKeys compares the keys of a written map, which lies at a path, with the fields of a struct.
func checkKeys(written map[string]any, fields reflect.Type, path string) error {
	allowed := map[string]reflect.Type{}
	for i := range fields.NumField() {
		if key := fields.Field(i).Tag.Get("mapstructure"); key != "" {
			allowed[key] = fields.Field(i).Type
		}
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(written)) {
		field, ok := allowed[key]
		if !ok {
			errs = append(errs, fmt.Errorf("%s%s: there is no such setting; there are %s",
				path, key, strings.Join(slices.Sorted(maps.Keys(allowed)), ", ")))
			continue
		}
		errs = append(errs, checkValue(written[key], field, path+key))
	}
	return errors.Join(errs...)
}

// checkValue checks a written value against the type of its field.
func checkValue(value any, field reflect.Type, path string) error {
	if text, ok := value.(string); ok && field == reflect.TypeFor[time.Duration]() {
		if _, err := time.ParseDuration(text); err != nil {
			return fmt.Errorf("%s: must be a time with its unit, such as 15s or 5m, got %q", path, text)
		}
		return nil
	}
	nested, ok := value.(map[string]any)
	switch {
	case !ok && value != nil && (field.Kind() == reflect.Struct || field.Kind() == reflect.Map):
		return fmt.Errorf("%s: must be a list of settings with their values, got %v", path, value)
	case ok && field.Kind() == reflect.Struct:
		return checkKeys(nested, field, path+"::")
	case field.Kind() == reflect.Slice:
		list, _ := value.([]any)
		var errs []error
		for i := range list {
			errs = append(errs, checkValue(list[i], field.Elem(), fmt.Sprintf("%s::%d", path, i)))
		}
		return errors.Join(errs...)
	case ok && field.Kind() == reflect.Map:
		var errs []error
		for _, key := range slices.Sorted(maps.Keys(nested)) {
			errs = append(errs, checkValue(nested[key], field.Elem(), path+"::"+key))
		}
		return errors.Join(errs...)
	default:
		return nil
	}
}
