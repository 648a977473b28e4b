package walletd

import (
	"context"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

// OpenWallet opens a wallet with a balance of 0.
func (c *Client) OpenWallet(ctx context.Context, m OpenWallet) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_OPEN_WALLET, m)
}

// Debit takes an amount out of a wallet.
func (c *Client) Debit(ctx context.Context, m Debit) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_DEBIT, m)
}

// Credit puts an amount into a wallet.
func (c *Client) Credit(ctx context.Context, m Credit) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_CREDIT, m)
}

// Transfer moves an amount from one wallet to another of the same currency, at once or not at all.
func (c *Client) Transfer(ctx context.Context, m Transfer) (*TransferResult, error) {
	response := new(pb.TransferResponse)
	key, err := c.carryOut(ctx, pb.Method_METHOD_TRANSFER, m, response)
	if err != nil {
		return nil, err
	}
	source := mutationResultOf(response.GetSource(), key)
	source.Replayed, source.CommitSeq = response.GetReplayed(), response.GetCommitSeq()
	return &TransferResult{key, source, transactionOf(response.GetDestination()), response.GetReplayed(),
		response.GetCommitSeq(), response.GetDryRun()}, nil
}

// Hold reserves an amount of a wallet. The transaction's id is the hold's.
func (c *Client) Hold(ctx context.Context, m Hold) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_HOLD, m)
}

// Capture takes an amount of a hold, or all that is left of it.
func (c *Client) Capture(ctx context.Context, m Capture) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_CAPTURE, m)
}

// Release gives back what is left of a hold.
func (c *Client) Release(ctx context.Context, m Release) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_RELEASE, m)
}

// Refund gives back a debit or a capture, or a part of it.
func (c *Client) Refund(ctx context.Context, m Refund) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_REFUND, m)
}

// Freeze stops a wallet for debits, credits or both.
func (c *Client) Freeze(ctx context.Context, m Freeze) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_FREEZE, m)
}

// Unfreeze lifts a wallet's freeze, or one side of it.
func (c *Client) Unfreeze(ctx context.Context, m Unfreeze) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_UNFREEZE, m)
}

// SetLimits sets a wallet's limits, all of them.
func (c *Client) SetLimits(ctx context.Context, m SetLimits) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_SET_LIMITS, m)
}

// CloseWallet ends a wallet, which must be empty.
func (c *Client) CloseWallet(ctx context.Context, m CloseWallet) (*MutationResult, error) {
	return c.mutate(ctx, pb.Method_METHOD_CLOSE_WALLET, m)
}

func (c *Client) mutate(ctx context.Context, method pb.Method, m Mutation) (*MutationResult, error) {
	response := new(pb.MutationResponse)
	key, err := c.carryOut(ctx, method, m, response)
	if err != nil {
		return nil, err
	}
	result := mutationResultOf(response, key)
	return &result, nil
}

// carryOut makes the call of a mutation, of a wallet or not, and gives its key.
func (c *Client) carryOut(ctx context.Context, method pb.Method, m verb, response proto.Message) (string, error) {
	with := m.with()
	key := with.Key
	if key == "" {
		key = NewKey()
	}
	message, reason, err := m.body()
	if err != nil {
		return key, withKey(err.(*NotExecutedError), key)
	}
	fill(message, key, reason, with)
	// A dry run changes nothing, and says nothing of what became of other attempts: to the client it is a read.
	r := &request{method: method, message: message, key: key, mutates: !with.DryRun, retryOfUnknown: with.RetryOfUnknown}
	return key, c.call(ctx, r, response)
}
