package money_test

import (
	"fmt"

	"walletd.example/walletd/money"
)

func Example() {
	amount, err := money.Parse("12.30", 2)
	fmt.Println(amount, err)
	fmt.Println(money.Format(amount-1231, 2))
	_, err = money.Parse("12.345", 2)
	fmt.Println(err)
	// Output:
	// 1230 <nil>
	// -0.01
	// money: "12.345" has more than 2 digits after the point
}
