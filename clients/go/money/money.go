// Package money turns decimal text into minor units and back, without floating point and without rounding.
//
// A currency's exponent is the count of digits after its point: 2 for EUR, 0 for JPY, 3 for KWD. Every reply that holds
// an amount holds the exponent too.
package money

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseError says why a text is no amount.
type ParseError struct {
	Text string // at most its first 40 bytes
	Rule string // the rule that it breaks
}

func (e *ParseError) Error() string { return fmt.Sprintf("money: %q %s", e.Text, e.Rule) }

const textMax = 40

// Parse reads decimal text: Parse("12.30", 2) is 1230, and so is Parse("12.3", 2).
//
// The error is a *ParseError for what is not a plain decimal number (no sign but "-", no exponent, no spaces, no
// separators, digits on both sides of a point), for digits beyond the exponent (zeros too), and for what doesn't fit
// int64. A negative exponent is an error.
func Parse(text string, exponent int) (int64, error) {
	fail := func(rule string) (int64, error) {
		if len(text) > textMax {
			text = text[:textMax]
		}
		return 0, &ParseError{text, rule}
	}
	if exponent < 0 {
		return fail(fmt.Sprintf("has an exponent of %d", exponent))
	}
	unsigned := strings.TrimPrefix(text, "-")
	whole, fraction, hasPoint := strings.Cut(unsigned, ".")
	if !allDigits(whole) || hasPoint && !allDigits(fraction) {
		return fail("is not a decimal number")
	}
	if len(fraction) > exponent {
		return fail(fmt.Sprintf("has more than %d digits after the point", exponent))
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return 0, nil
	}
	zeros := exponent - len(fraction)
	if len(digits)+zeros > 19 {
		return fail("does not fit 64 bits")
	}
	digits += strings.Repeat("0", zeros)
	if len(unsigned) != len(text) {
		digits = "-" + digits
	}
	amount, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return fail("does not fit 64 bits")
	}
	return amount, nil
}

// Format writes minor units as decimal text: Format(1230, 2) is "12.30". It panics on a negative exponent.
func Format(amount int64, exponent int) string {
	if exponent < 0 {
		panic("money: a negative exponent")
	}
	sign, digits := "", strconv.FormatInt(amount, 10)
	if amount < 0 {
		sign, digits = "-", digits[1:]
	}
	if exponent == 0 {
		return sign + digits
	}
	if missing := exponent + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - exponent
	return sign + digits[:point] + "." + digits[point:]
}

func allDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
