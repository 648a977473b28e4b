package walletd

import (
	"context"
	"math"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

// RegisterCurrency makes a currency of your own known, such as ESIM-MB. Its exponent never changes.
type RegisterCurrency struct {
	Code     string // at most 16 bytes of [A-Z0-9-]
	Exponent int    // digits after the point, from 0 to 18
	Reason   string
	With
}

// AddCounterAccount adds an account that may stand against wallets.
type AddCounterAccount struct {
	Name   string // at most 32 bytes of [a-z0-9._-]
	Reason string
	With
}

func (m RegisterCurrency) body() (proto.Message, string, error) {
	if m.Exponent < 0 || m.Exponent > math.MaxInt32 {
		return nil, "", invalid("an exponent is from 0 to 18")
	}
	return &pb.RegisterCurrencyRequest{Code: m.Code, Exponent: uint32(m.Exponent)}, m.Reason, nil
}

func (m AddCounterAccount) body() (proto.Message, string, error) {
	return &pb.AddCounterAccountRequest{Name: m.Name}, m.Reason, nil
}

// RegisterCurrency makes a currency of your own known. Rejected with ReasonCurrencyExists if the code is known, be it of
// ISO 4217 or registered before.
func (c *Client) RegisterCurrency(ctx context.Context, m RegisterCurrency) (*AdministrationResult, error) {
	return c.administer(ctx, pb.Method_METHOD_REGISTER_CURRENCY, m)
}

// AddCounterAccount adds an account that may stand against wallets. Rejected with ReasonCounterAccountExists if there is
// one of that name.
func (c *Client) AddCounterAccount(ctx context.Context, m AddCounterAccount) (*AdministrationResult, error) {
	return c.administer(ctx, pb.Method_METHOD_ADD_COUNTER_ACCOUNT, m)
}

func (c *Client) administer(ctx context.Context, method pb.Method, m verb) (*AdministrationResult, error) {
	response := new(pb.AdministrationResponse)
	key, err := c.carryOut(ctx, method, m, response)
	if err != nil {
		return nil, err
	}
	return &AdministrationResult{key, administrationRowOf(response.GetRow()), response.GetReplayed(),
		response.GetDryRun(), response.GetCommitSeq()}, nil
}

// TrialBalance tells what all wallets of each currency have, and what stands against them; both sum to zero. currency
// "": all that have wallets and all that were registered. Rejected with ReasonCurrencyUnknown if there is no such one.
func (c *Client) TrialBalance(ctx context.Context, currency string) (*TrialBalance, error) {
	response := new(pb.TrialBalanceResponse)
	r := &request{method: pb.Method_METHOD_TRIAL_BALANCE, message: &pb.TrialBalanceRequest{Currency: currency}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &TrialBalance{
		Currencies: each(response.Currencies, func(b *pb.CurrencyBalance) CurrencyBalance {
			accounts := each(b.CounterAccounts, func(a *pb.CounterAccountBalance) CounterAccountBalance {
				return CounterAccountBalance{a.Name, a.Total}
			})
			return CurrencyBalance{b.Currency, int(b.Exponent), b.WalletsTotal, accounts, b.Difference, b.Registered}
		}),
		CommitSeq:       response.CommitSeq,
		CounterAccounts: response.CounterAccounts,
	}, nil
}
