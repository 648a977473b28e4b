package money

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, one := range []struct {
		text     string
		exponent int
		want     int64
	}{
		{"12.30", 2, 1230}, {"12.3", 2, 1230}, {"12", 2, 1200}, {"-0.01", 2, -1}, {"0", 0, 0}, {"-0.00", 2, 0},
		{"007", 0, 7}, {"1.234", 3, 1234}, {"9223372036854775807", 0, math.MaxInt64},
		{"-9223372036854775808", 0, math.MinInt64}, {"92233720368547758.07", 2, math.MaxInt64},
		{"-92233720368547758.08", 2, math.MinInt64}, {"9.223372036854775807", 18, math.MaxInt64},
		{strings.Repeat("0", 100_000) + "5", 0, 5}, {"0.0", 18, 0}, {"0", 1000, 0},
	} {
		got, err := Parse(one.text, one.exponent)
		if err != nil || got != one.want {
			t.Errorf("Parse(%.40q, %d) is %d, %v", one.text, one.exponent, got, err)
		}
	}
}

func TestWhatIsNoAmount(t *testing.T) {
	for _, one := range []struct {
		text     string
		exponent int
	}{
		{"12.345", 2}, {"12.340", 2}, {"1e3", 2}, {"+1", 2}, {" 1", 2}, {"1 ", 2}, {"1,000", 2}, {"", 2}, {"-", 2},
		{".5", 2}, {"5.", 2}, {"--1", 2}, {"1.2.3", 2}, {"1.0", 0}, {"0x10", 0}, {"1_000", 0}, {"٣", 0}, {"NaN", 2},
		{"Inf", 2}, {"1.-5", 2}, {"9223372036854775808", 0}, {"-9223372036854775809", 0}, {"92233720368547758.08", 2},
		{"1", 19}, {"1", -1}, {"1\n", 2}, {"1\x00", 2}, {strings.Repeat("9", 1_000_000), 0},
	} {
		got, err := Parse(one.text, one.exponent)
		var bad *ParseError
		if !errors.As(err, &bad) || got != 0 || len(bad.Text) > textMax {
			t.Errorf("Parse(%.40q, %d) is %d, %v", one.text, one.exponent, got, err)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, one := range []struct {
		amount   int64
		exponent int
		want     string
	}{
		{1230, 2, "12.30"}, {-1, 2, "-0.01"}, {0, 2, "0.00"}, {5, 0, "5"}, {-5, 0, "-5"}, {0, 0, "0"},
		{math.MinInt64, 2, "-92233720368547758.08"}, {math.MaxInt64, 18, "9.223372036854775807"},
		{math.MinInt64, 18, "-9.223372036854775808"}, {math.MinInt64, 0, "-9223372036854775808"}, {1, 3, "0.001"},
	} {
		if got := Format(one.amount, one.exponent); got != one.want {
			t.Errorf("Format(%d, %d) is %q, not %q", one.amount, one.exponent, got, one.want)
		}
	}
}

func TestThereAndBack(t *testing.T) {
	source := rand.New(rand.NewSource(1))
	for i := 0; i < 100_000; i++ {
		amount := int64(source.Uint64()) >> source.Intn(64)
		exponent := source.Intn(19)
		if back, err := Parse(Format(amount, exponent), exponent); err != nil || back != amount {
			t.Fatalf("%d with exponent %d comes back as %d, %v", amount, exponent, back, err)
		}
	}
}
