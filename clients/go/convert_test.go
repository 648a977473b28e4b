package walletd

import (
	"fmt"
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	pb "walletd.example/walletd/walletpb"
)

// fillAll gives every field of a message a value that isn't its zero, each another one.
func fillAll(m protoreflect.Message, next *int64, depth int) {
	fields := m.Descriptor().Fields()
	for i := 0; i < fields.Len(); i++ {
		field := fields.Get(i)
		*next++
		switch {
		case field.ContainingOneof() != nil && m.WhichOneof(field.ContainingOneof()) != nil:
		case field.IsList() && field.Message() != nil:
			element := m.Mutable(field).List().AppendMutable()
			fillAll(element.Message(), next, depth+1)
		case field.IsList():
			m.Mutable(field).List().Append(scalar(field, *next))
		case field.Message() != nil:
			if depth < 4 {
				fillAll(m.Mutable(field).Message(), next, depth+1)
			}
		default:
			m.Set(field, scalar(field, *next))
		}
	}
}

func scalar(field protoreflect.FieldDescriptor, n int64) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(n)
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(uint32(n))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n%3 + 1))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(fmt.Sprint("text ", n))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(fmt.Sprint(n)))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	}
	panic(field.FullName())
}

func filled[M proto.Message](message M) M {
	var next int64
	fillAll(message.ProtoReflect(), &next, 0)
	return message
}

// zeros are the paths of the fields that have no value.
func zeros(v reflect.Value, path string) (found []string) {
	switch {
	case v.Kind() == reflect.Struct && v.Type().PkgPath() == reflect.TypeOf(Wallet{}).PkgPath():
		for i := 0; i < v.NumField(); i++ {
			found = append(found, zeros(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case v.IsZero():
		found = append(found, path)
	case v.Kind() == reflect.Pointer:
		found = append(found, zeros(v.Elem(), path)...)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := 0; i < v.Len(); i++ {
			found = append(found, zeros(v.Index(i), path)...)
		}
	}
	return found
}

// Every field of an answer has its place in the client's types.
func TestNoFieldOfAnAnswerIsLost(t *testing.T) {
	for _, value := range []any{
		walletOf(filled(&pb.Wallet{}), 1),
		transactionOf(filled(&pb.Transaction{})),
		mutationResultOf(filled(&pb.MutationResponse{}), "key"),
		administrationRowOf(filled(&pb.AdministrationRow{})),
		*explanationOf(filled(&pb.ExplainBalanceResponse{})),
		tokenOf(filled(&pb.Token{})),
		walletLimitsOf(filled(&pb.WalletLimits{})),
		serverLimitsOf(filled(&pb.Limits{})),
		watchEventOf(filled(&pb.WatchEvent{})),
	} {
		if lost := zeros(reflect.ValueOf(value), reflect.TypeOf(value).Name()); len(lost) > 0 {
			t.Errorf("%v have no value", lost)
		}
	}
	refusal := refusalRowOf(filled(&pb.Refusal{}))
	refusal.Error = nil // whose fields exclude each other
	if lost := zeros(reflect.ValueOf(refusal), "Refusal"); len(lost) != 1 {
		t.Errorf("%v have no value", lost)
	}
	limits := filled(&pb.WalletLimits{})
	if back := walletLimitsOf(limits).message(); !proto.Equal(back, limits) {
		t.Errorf("%v comes back as %v", limits, back)
	}
}

// Every detail of the schema has a type with all of its fields, or a place of its own in the error.
func TestEveryDetailHasAType(t *testing.T) {
	elsewhere := map[protoreflect.Name]bool{"retry_after": true, "batch_aborted": true, "stream_end": true}
	fields := (&pb.Error{}).ProtoReflect().Descriptor().Oneofs().ByName("detail").Fields()
	for i := 0; i < fields.Len(); i++ {
		field := fields.Get(i)
		e := new(pb.Error)
		var next int64
		fillAll(e.ProtoReflect().Mutable(field).Message(), &next, 0)
		detail := detailOf(e)
		if elsewhere[field.Name()] {
			if detail != nil {
				t.Errorf("%s has a type", field.Name())
			}
			continue
		}
		if detail == nil {
			t.Errorf("%s has no type", field.Name())
			continue
		}
		detail.detail()
		if lost := zeros(reflect.ValueOf(detail), string(field.Name())); len(lost) > 0 ||
			reflect.TypeOf(detail).Elem().NumField() != field.Message().Fields().Len() {
			t.Errorf("%v have no value", lost)
		}
	}
}

// The answers of the verbs that read in one place.
func TestVerifyEventsHaveAllFields(t *testing.T) {
	for _, event := range []*pb.VerifyEvent{
		{Event: &pb.VerifyEvent_Progress{Progress: filled(&pb.VerifyProgress{})}},
		{Event: &pb.VerifyEvent_Finding{Finding: filled(&pb.VerifyFinding{})}},
		{Event: &pb.VerifyEvent_Report{Report: filled(&pb.VerifyReport{})}},
	} {
		got, err := verifyEventOf(event)
		if lost := zeros(reflect.ValueOf(got), "event"); err != nil || len(lost) != 2 {
			t.Errorf("%v have no value, %v", lost, err)
		}
	}
}

func TestBackupEventsHaveAllFields(t *testing.T) {
	for _, event := range []*pb.BackupEvent{
		{Event: &pb.BackupEvent_Progress{Progress: filled(&pb.BackupProgress{})}},
		{Event: &pb.BackupEvent_Report{Report: filled(&pb.BackupReport{})}},
	} {
		got, err := backupEventOf(event)
		if lost := zeros(reflect.ValueOf(got), "event"); err != nil || len(lost) != 1 {
			t.Errorf("%v have no value, %v", lost, err)
		}
	}
}
