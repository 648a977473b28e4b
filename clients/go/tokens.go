package walletd

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

// TokenSecret is the secret of a token: 32 random bytes, of which the server is told a SHA-256 only.
type TokenSecret [32]byte

// NewTokenSecret makes a secret.
func NewTokenSecret() TokenSecret {
	var secret TokenSecret
	if _, err := rand.Read(secret[:]); err != nil {
		panic("walletd: no random bytes: " + err.Error())
	}
	return secret
}

// String doesn't show the secret, so that it appears in no log.
func (TokenSecret) String() string { return "(secret)" }

// GoString doesn't show it either.
func (TokenSecret) GoString() string { return "(secret)" }

// CreateToken lets a principal in, by exactly one of Secret, CertificateName and UnixUser. What isn't in Scopes is
// denied.
type CreateToken struct {
	Principal string // at most 64 bytes of [A-Za-z0-9._:@-]; the actor of each row that it writes
	// Secret is one of NewTokenSecret. Keep it until the answer is in: the same call again takes the same secret.
	Secret          *TokenSecret
	CertificateName string  // the common name, a DNS name or a URI of a client's certificate
	UnixUser        *uint32 // the user at the other end of a Unix socket
	Scopes          []string
	Currencies      []string  // only wallets in one of them; none: in all
	OwnerPrefix     string    // only wallets of owners whose ids begin so; "": of all
	MaxAmount       int64     // of one mutation, minor units; 0: no bound
	ExpiresAt       time.Time // zero: never
	Reason          string
	With
}

// RevokeToken puts a token's callers out, at once and for good.
type RevokeToken struct {
	TokenID int64
	Reason  string
	With
}

// CreatedToken is what CreateToken gave.
type CreatedToken struct {
	AdministrationResult
	// Token is what the caller gives as Options.Token: its id and the secret. "" without a secret, and in a dry run.
	Token string
}

// Token is what was granted; of a secret there is nothing to show.
type Token struct {
	TokenID         int64 // the place of its row in the journal
	Principal       string
	CertificateName string
	UnixUser        uint32
	Kind            TokenKind
	Scopes          []string
	Currencies      []string
	OwnerPrefix     string
	MaxAmount       int64
	ExpiresAt       time.Time // zero: never
	CreatedAt       time.Time
	RevokedAt       time.Time // zero: it wasn't
}

// ListTokens asks for what was granted, by rising id.
type ListTokens struct {
	Principal   string // "": of all
	WithRevoked bool
	PageSize    int    // 0: 50; at most 1,000
	Cursor      string // of the page before
}

// TokenPage is a page of tokens.
type TokenPage struct {
	Tokens     []Token
	NextCursor string // "": that was all
	CommitSeq  int64
}

func (m CreateToken) body() (proto.Message, string, error) {
	given := 0
	message := &pb.CreateTokenRequest{Principal: m.Principal, Scopes: m.Scopes, Currencies: m.Currencies,
		OwnerPrefix: m.OwnerPrefix, MaxAmount: m.MaxAmount, ExpiresAtMicros: microsOf(m.ExpiresAt)}
	if m.Secret != nil {
		given++
		digest := sha256.Sum256(m.Secret[:])
		message.Credential = &pb.CreateTokenRequest_SecretDigest{SecretDigest: digest[:]}
	}
	if m.CertificateName != "" {
		given++
		message.Credential = &pb.CreateTokenRequest_CertificateName{CertificateName: m.CertificateName}
	}
	if m.UnixUser != nil {
		given++
		message.Credential = &pb.CreateTokenRequest_UnixUser{UnixUser: *m.UnixUser}
	}
	if given != 1 {
		return nil, "", invalid("a principal is let in by one of secret, certificate name and Unix user")
	}
	return message, m.Reason, nil
}

func (m RevokeToken) body() (proto.Message, string, error) {
	return &pb.RevokeTokenRequest{TokenId: m.TokenID}, m.Reason, nil
}

// CreateToken lets a principal in. A principal has two live tokens at most: a third is Rejected with
// ReasonInvalidArgument. It takes the scope admin.
func (c *Client) CreateToken(ctx context.Context, m CreateToken) (*CreatedToken, error) {
	result, err := c.administer(ctx, pb.Method_METHOD_CREATE_TOKEN, m)
	if err != nil {
		return nil, err
	}
	created := &CreatedToken{AdministrationResult: *result}
	if m.Secret != nil && result.Row.ID != 0 {
		created.Token = fmt.Sprintf("wlt_%d_%s", result.Row.ID, hex.EncodeToString(m.Secret[:]))
	}
	return created, nil
}

// RevokeToken puts a token's callers out: its open connections are closed. It takes the scope admin.
func (c *Client) RevokeToken(ctx context.Context, m RevokeToken) (*AdministrationResult, error) {
	return c.administer(ctx, pb.Method_METHOD_REVOKE_TOKEN, m)
}

// ListTokens gives one page of what was granted. AllTokens goes through all pages. It takes the scope admin.
func (c *Client) ListTokens(ctx context.Context, l ListTokens) (*TokenPage, error) {
	size, err := count(l.PageSize, "PageSize")
	if err != nil {
		return nil, err
	}
	response := new(pb.ListTokensResponse)
	r := &request{method: pb.Method_METHOD_LIST_TOKENS, message: &pb.ListTokensRequest{Principal: l.Principal,
		PageSize: size, Cursor: l.Cursor, WithRevoked: l.WithRevoked}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &TokenPage{each(response.Tokens, tokenOf), response.NextCursor, response.CommitSeq}, nil
}

// AllTokens goes through all of what was granted, from l.Cursor on.
func (c *Client) AllTokens(ctx context.Context, l ListTokens) *Iterator[Token] {
	return &Iterator[Token]{next: l.Cursor, fetch: func(cursor string) ([]Token, string, error) {
		l.Cursor = cursor
		page, err := c.ListTokens(ctx, l)
		if err != nil {
			return nil, "", err
		}
		return page.Tokens, page.NextCursor, nil
	}}
}

func tokenOf(t *pb.Token) Token {
	return Token{TokenID: t.GetTokenId(), Principal: t.GetPrincipal(), CertificateName: t.GetCertificateName(),
		UnixUser: t.GetUnixUser(), Kind: TokenKind(t.GetKind()), Scopes: t.GetScopes(), Currencies: t.GetCurrencies(),
		OwnerPrefix: t.GetOwnerPrefix(), MaxAmount: t.GetMaxAmount(), ExpiresAt: timeOf(t.GetExpiresAtMicros()),
		CreatedAt: timeOf(t.GetCreatedAtMicros()), RevokedAt: timeOf(t.GetRevokedAtMicros())}
}
