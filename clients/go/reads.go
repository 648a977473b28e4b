package walletd

import (
	"context"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// Ping asks for a sign of life of the whole server, its store included.
func (c *Client) Ping(ctx context.Context) (*Pong, error) {
	response := new(pb.PingResponse)
	if err := c.call(ctx, &request{method: pb.Method_METHOD_PING, message: &pb.PingRequest{}}, response); err != nil {
		return nil, err
	}
	return &Pong{timeOf(response.ServerTimeMicros), response.CommitSeq}, nil
}

// GetServerInfo tells who the server is, how far its journal is, and whether it takes mutations.
func (c *Client) GetServerInfo(ctx context.Context) (*ServerInfo, error) {
	response := new(pb.GetServerInfoResponse)
	r := &request{method: pb.Method_METHOD_GET_SERVER_INFO, message: &pb.GetServerInfoRequest{}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &ServerInfo{
		ServerName: response.ServerName, LedgerID: response.LedgerId, Epoch: int(response.Epoch),
		Head:       JournalHead{response.GetHead().GetSeq(), response.GetHead().GetDigest()},
		ServerTime: timeOf(response.ServerTimeMicros), Limits: serverLimitsOf(response.Limits),
		SchemaDigest: response.SchemaDigest, Storage: response.Storage, StartedAt: timeOf(response.StartedAtMicros),
		MutationsAvailable:          response.MutationsAvailable,
		MutationsUnavailableBecause: response.MutationsUnavailableBecause,
		CommitSeq:                   response.CommitSeq, Build: response.Build,
	}, nil
}

// GetSchema gives the messages that the server speaks.
func (c *Client) GetSchema(ctx context.Context) (*Schema, error) {
	response := new(pb.GetSchemaResponse)
	r := &request{method: pb.Method_METHOD_GET_SCHEMA, message: &pb.GetSchemaRequest{}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &Schema{response.FileDescriptorSet, response.Digest, response.CommitSeq}, nil
}

// GetWallet gives a wallet with all its columns. Rejected with ReasonWalletNotFound if there is none.
func (c *Client) GetWallet(ctx context.Context, wallet WalletRef) (*Wallet, error) {
	response := new(pb.GetWalletResponse)
	r := &request{method: pb.Method_METHOD_GET_WALLET, message: &pb.GetWalletRequest{Wallet: wallet.message()}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	found := walletOf(response.Wallet, response.CommitSeq)
	return &found, nil
}

// GetBalance gives a wallet's figures. Rejected with ReasonWalletNotFound if there is none.
func (c *Client) GetBalance(ctx context.Context, wallet WalletRef) (*Balance, error) {
	response := new(pb.GetBalanceResponse)
	r := &request{method: pb.Method_METHOD_GET_BALANCE, message: &pb.GetBalanceRequest{Wallet: wallet.message()}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &Balance{response.WalletId, response.Balance, response.Held, response.Available, response.Version,
		response.Currency, int(response.Exponent), response.OverdraftLimit, response.CommitSeq,
		response.ExpiryPending}, nil
}

// GetBalanceAt gives a wallet's figures as they were at a time that isn't in the future, of microseconds. Transactions
// stored at this very time count; holds that had ended by then don't. Rejected with ReasonWalletNotFound for a time
// before the wallet was opened, with ReasonInvalidArgument for the future.
func (c *Client) GetBalanceAt(ctx context.Context, wallet WalletRef, at time.Time) (*BalanceAt, error) {
	return c.balanceAt(ctx, &pb.GetBalanceAtRequest{Wallet: wallet.message(),
		At: &pb.GetBalanceAtRequest_TimeMicros{TimeMicros: microsOf(at)}})
}

// GetBalanceAtVersion gives a wallet's figures as they were right after a version, from 1. Rejected with
// ReasonInvalidArgument for a version that the wallet doesn't have.
func (c *Client) GetBalanceAtVersion(ctx context.Context, wallet WalletRef, version int64) (*BalanceAt, error) {
	return c.balanceAt(ctx, &pb.GetBalanceAtRequest{Wallet: wallet.message(),
		At: &pb.GetBalanceAtRequest_Version{Version: version}})
}

func (c *Client) balanceAt(ctx context.Context, message *pb.GetBalanceAtRequest) (*BalanceAt, error) {
	response := new(pb.GetBalanceAtResponse)
	r := &request{method: pb.Method_METHOD_GET_BALANCE_AT, message: message}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &BalanceAt{response.WalletId, response.Balance, response.Held, response.Available, response.OverdraftLimit,
		response.Version, response.TransactionId, timeOf(response.CreatedAtMicros), response.Currency,
		int(response.Exponent), response.CommitSeq}, nil
}

// ExplainBalance says why a wallet's balance is what it is: its rows added up anew, and what stands in the way of its
// money.
type ExplainBalance struct {
	Wallet      WalletRef
	From        time.Time // what was stored before it is the opening balance; zero: from the wallet's beginning
	LastChanges int       // how many of the newest rows are told; 0: 10; at most 100
}

// ExplainBalance says why a wallet's balance is what it is. The server reads at most the newest million rows, which
// takes seconds.
func (c *Client) ExplainBalance(ctx context.Context, e ExplainBalance) (*BalanceExplanation, error) {
	lastChanges, err := count(e.LastChanges, "LastChanges")
	if err != nil {
		return nil, err
	}
	response := new(pb.ExplainBalanceResponse)
	r := &request{method: pb.Method_METHOD_EXPLAIN_BALANCE, message: &pb.ExplainBalanceRequest{
		Wallet: e.Wallet.message(), FromMicros: microsOf(e.From), LastChanges: lastChanges}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return explanationOf(response), nil
}
