package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"

	"walletd.example/walletd"
)

// Values of the client to and from JSON with the names of the schema: "OwnerID" is owner_id, the time "CreatedAt" is
// created_at_micros, the duration "Timeout" is timeout_millis.

// argumentError is what can't be an argument.
type argumentError string

func (e argumentError) Error() string { return string(e) }

// timeMicros is a time where 1970 is one, too.
type timeMicros struct{ time.Time }

var (
	timeType       = reflect.TypeOf(time.Time{})
	timeMicrosType = reflect.TypeOf(timeMicros{})
	durationType   = reflect.TypeOf(time.Duration(0))
	withType       = reflect.TypeOf(walletd.With{})
)

// enums are the names of the values of the client's enums.
var enums = map[reflect.Type]func(number int32) string{
	reflect.TypeOf(walletd.TransactionKind(0)): func(n int32) string { return walletd.TransactionKind(n).String() },
	reflect.TypeOf(walletd.FreezeScope(0)):     func(n int32) string { return walletd.FreezeScope(n).String() },
	reflect.TypeOf(walletd.LimitKind(0)):       func(n int32) string { return walletd.LimitKind(n).String() },
	reflect.TypeOf(walletd.TokenKind(0)):       func(n int32) string { return walletd.TokenKind(n).String() },
	reflect.TypeOf(walletd.WalletStatus(0)):    func(n int32) string { return walletd.WalletStatus(n).String() },
	reflect.TypeOf(walletd.Reason(0)):          func(n int32) string { return walletd.Reason(n).String() },
}

const enumMax = 100

// read sets the fields of the struct at target from args, each of which has to have a field.
func read(target any, args map[string]any) error {
	fields := make(map[string]reflect.Value)
	collect(reflect.ValueOf(target).Elem(), fields)
	for name, value := range args {
		field, ok := fields[name]
		if !ok {
			return argumentError("no argument " + name)
		}
		if err := set(field, value); err != nil {
			return argumentError(name + ": " + err.Error())
		}
	}
	return nil
}

func collect(v reflect.Value, fields map[string]reflect.Value) {
	for i := 0; i < v.NumField(); i++ {
		field := v.Type().Field(i)
		if field.Type == withType {
			collect(v.Field(i), fields)
			continue
		}
		name := schemaName(field)
		if v.Type() == withType && name == "key" {
			name = "idempotency_key"
		}
		fields[name] = v.Field(i)
	}
}

func set(field reflect.Value, value any) error {
	switch field.Type() {
	case timeType, timeMicrosType:
		micros, err := integer(value)
		if at := time.UnixMicro(micros).UTC(); field.Type() == timeMicrosType {
			field.Set(reflect.ValueOf(timeMicros{at}))
		} else if micros != 0 {
			field.Set(reflect.ValueOf(at))
		}
		return err
	case durationType:
		millis, err := integer(value)
		if millis > int64(1<<63-1)/int64(time.Millisecond) {
			return errors.New("out of range")
		}
		field.SetInt(millis * int64(time.Millisecond))
		return err
	}
	if name, ok := enums[field.Type()]; ok {
		for number := int32(1); number < enumMax; number++ {
			if name(number) == value {
				field.SetInt(int64(number))
				return nil
			}
		}
		return fmt.Errorf("no such value %v", value)
	}
	switch field.Kind() {
	case reflect.Uint32:
		count, err := integer(value)
		field.SetUint(uint64(uint32(count)))
		return err
	case reflect.Int64, reflect.Int:
		count, err := integer(value)
		field.SetInt(count)
		return err
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return set(field.Elem(), value)
	case reflect.Struct:
		if inner, ok := value.(map[string]any); ok {
			return read(field.Addr().Interface(), inner)
		}
	case reflect.Map:
		return setMap(field, value)
	case reflect.Slice:
		return setSlice(field, value)
	default:
		if given := reflect.ValueOf(value); given.IsValid() && given.Type() == field.Type() {
			field.Set(given)
			return nil
		}
	}
	return fmt.Errorf("%v is not a %s", value, field.Type())
}

// setMap takes metadata: a list of key and value, or an object.
func setMap(field reflect.Value, value any) error {
	if field.Type() == reflect.TypeOf(map[string]any{}) {
		inner, ok := value.(map[string]any)
		if ok {
			field.Set(reflect.ValueOf(inner))
			return nil
		}
	}
	pairs := make(map[string]string)
	switch given := value.(type) {
	case map[string]any:
		for key, value := range given {
			pairs[key] = fmt.Sprint(value)
		}
	case []any:
		for _, one := range given {
			pair, _ := one.(map[string]any)
			pairs[fmt.Sprint(pair["key"])] = fmt.Sprint(pair["value"])
		}
	default:
		return errors.New("not pairs")
	}
	field.Set(reflect.ValueOf(pairs))
	return nil
}

func setSlice(field reflect.Value, value any) error {
	if text, ok := value.(string); ok && field.Type().Elem().Kind() == reflect.Uint8 {
		data, err := hex.DecodeString(text)
		field.SetBytes(data)
		return err
	}
	list, ok := value.([]any)
	if !ok {
		return errors.New("not a list")
	}
	field.Set(reflect.MakeSlice(field.Type(), len(list), len(list)))
	for i, one := range list {
		if err := set(field.Index(i), one); err != nil {
			return err
		}
	}
	return nil
}

// integer reads a 64-bit integer, of a string or, where it is exact, of a number.
func integer(value any) (int64, error) {
	switch given := value.(type) {
	case string:
		return strconv.ParseInt(given, 10, 64)
	case float64:
		if whole := int64(given); float64(whole) == given && whole < 1<<53 && whole > -(1<<53) {
			return whole, nil
		}
	}
	return 0, fmt.Errorf("%v is no 64-bit integer", value)
}

// plain is a value of the client as JSON has it.
func plain(value any) any {
	if done, ok := value.(object); ok {
		return done
	}
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		if refused, ok := v.Interface().(*walletd.RejectedError); ok {
			return errorOf(refused)
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	if at, ok := v.Interface().(time.Time); ok {
		if at.IsZero() {
			return "0"
		}
		return strconv.FormatInt(at.UnixMicro(), 10)
	}
	if lasts, ok := v.Interface().(time.Duration); ok {
		return lasts.Milliseconds()
	}
	if name, ok := enums[v.Type()]; ok {
		if v.Int() == 0 {
			return "UNSPECIFIED"
		}
		return name(int32(v.Int()))
	}
	switch v.Kind() {
	case reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Struct:
		fields := make(object)
		for i := 0; i < v.NumField(); i++ {
			if member := plain(v.Field(i).Interface()); member != nil {
				fields[schemaName(v.Type().Field(i))] = member
			}
		}
		if took := v.FieldByName("Took"); took.IsValid() { // of reports, in finer units than others
			delete(fields, "took_millis")
			fields["micros"] = strconv.FormatInt(time.Duration(took.Int()).Microseconds(), 10)
		}
		return fields
	case reflect.Map:
		return pairs(v.Interface().(map[string]string))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return hex.EncodeToString(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i).Interface())
		}
		return list
	}
	return v.Interface()
}

func pairs(metadata map[string]string) []object {
	list := make([]object, 0, len(metadata))
	for key, value := range metadata {
		list = append(list, object{"key": key, "value": value})
	}
	sort.Slice(list, func(i, j int) bool { return list[i]["key"].(string) < list[j]["key"].(string) })
	return list
}

// schemaName is the name of a field in the schema.
func schemaName(field reflect.StructField) string {
	var name strings.Builder
	runes := []rune(field.Name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) &&
			!strings.HasSuffix(string(runes[i-1:]), "IDs")) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	switch field.Type {
	case timeType, timeMicrosType, reflect.PointerTo(timeMicrosType):
		name.WriteString("_micros")
	case durationType:
		name.WriteString("_millis")
	}
	return name.String()
}

func camel(name string) string {
	var camel strings.Builder
	for _, part := range strings.Split(name, "_") {
		if part != "" {
			camel.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return camel.String()
}

func failure(kind, message string) object { return object{"kind": kind, "message": message} }

// errorOf is an error of the client as DRIVER.md has it.
func errorOf(err error) object {
	var (
		rejected    *walletd.RejectedError
		notExecuted *walletd.NotExecutedError
		unknown     *walletd.OutcomeUnknownError
	)
	switch {
	case errors.As(err, &rejected):
		fields := failure("rejected", rejected.Message)
		fields["key"], fields["reason"], fields["status"] = rejected.Key, rejected.Reason.String(), rejected.Status
		fields["reason_number"], fields["replayed"] = int32(rejected.Reason), rejected.Replayed
		fields["commit_seq"] = plain(rejected.CommitSeq)
		if rejected.Detail != nil {
			fields["detail"] = plain(rejected.Detail)
		}
		if rejected.Cause != nil {
			fields["index"], fields["cause"] = rejected.Index, errorOf(rejected.Cause)
		}
		return fields
	case errors.As(err, &notExecuted):
		kind := notExecuted.Kind.String()
		switch notExecuted.Kind {
		case walletd.KindCanceled:
			kind = "cancelled"
		case walletd.KindClosed:
			kind = "disconnected"
		}
		fields := failure(kind, notExecuted.Message)
		fields["key"], fields["retry_after_millis"] = notExecuted.Key, notExecuted.RetryAfter.Milliseconds()
		if notExecuted.Reason != 0 {
			fields["reason"], fields["reason_number"] = notExecuted.Reason.String(), int32(notExecuted.Reason)
		}
		if notExecuted.Detail != nil {
			fields["detail"] = plain(notExecuted.Detail)
		}
		return fields
	case errors.As(err, &unknown):
		fields := failure("outcome_unknown", unknown.Error())
		fields["key"] = unknown.Key
		if unknown.LastAttempt != nil {
			fields["cause"] = errorOf(unknown.LastAttempt)
		}
		return fields
	}
	return failure("invalid", err.Error())
}
