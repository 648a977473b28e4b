package walletd

import (
	"fmt"
	"strings"

	pb "walletd.example/walletd/walletpb"
)

// WalletStatus says whether a wallet is in use.
type WalletStatus int32

// The values of WalletStatus. A server may be newer and know more.
const (
	WalletStatusOpen   WalletStatus = 1
	WalletStatusClosed WalletStatus = 2
)

// String is the name in the schema without its prefix, such as "OPEN", or "UNKNOWN_99".
func (v WalletStatus) String() string {
	return enumName(pb.WalletStatus_name, "WALLET_STATUS_", int32(v))
}

// TransactionKind says what a transaction did.
type TransactionKind int32

// The values of TransactionKind. A server may be newer and know more.
const (
	TransactionKindOpen        TransactionKind = 1
	TransactionKindDebit       TransactionKind = 2
	TransactionKindCredit      TransactionKind = 3
	TransactionKindTransferOut TransactionKind = 4
	TransactionKindTransferIn  TransactionKind = 5
	TransactionKindHold        TransactionKind = 6
	TransactionKindCapture     TransactionKind = 7
	TransactionKindRelease     TransactionKind = 8
	TransactionKindExpire      TransactionKind = 9
	TransactionKindRefund      TransactionKind = 10
	TransactionKindFreeze      TransactionKind = 11
	TransactionKindUnfreeze    TransactionKind = 12
	TransactionKindSetLimits   TransactionKind = 13
	TransactionKindClose       TransactionKind = 14
)

// String is the name in the schema without its prefix, such as "OPEN", or "UNKNOWN_99".
func (v TransactionKind) String() string {
	return enumName(pb.TransactionKind_name, "TRANSACTION_KIND_", int32(v))
}

// FreezeScope says what a freeze stops.
type FreezeScope int32

// The values of FreezeScope. A server may be newer and know more.
const (
	FreezeScopeDebit  FreezeScope = 1 // nothing may be taken out, held or captured
	FreezeScopeCredit FreezeScope = 2 // nothing may be put in
	FreezeScopeAll    FreezeScope = 3
)

// String is the name in the schema without its prefix, such as "DEBIT", or "UNKNOWN_99".
func (v FreezeScope) String() string { return enumName(pb.FreezeScope_name, "FREEZE_SCOPE_", int32(v)) }

// LimitKind says which limit is meant.
type LimitKind int32

// The values of LimitKind. A server may be newer and know more.
const (
	LimitKindTransactionAmount LimitKind = 1
	LimitKindDayAmount         LimitKind = 2
	LimitKindDayCount          LimitKind = 3
	LimitKindWeekAmount        LimitKind = 4
	LimitKindWeekCount         LimitKind = 5
	LimitKindMonthAmount       LimitKind = 6
	LimitKindMonthCount        LimitKind = 7
)

// String is the name in the schema without its prefix, such as "TRANSACTION_AMOUNT", or "UNKNOWN_99".
func (v LimitKind) String() string { return enumName(pb.LimitKind_name, "LIMIT_KIND_", int32(v)) }

// TokenKind says by what a principal is let in.
type TokenKind int32

// The values of TokenKind. A server may be newer and know more.
const (
	TokenKindSecret      TokenKind = 1
	TokenKindCertificate TokenKind = 2
	TokenKindUnixUser    TokenKind = 3
)

// String is the name in the schema without its prefix, such as "SECRET", or "UNKNOWN_99".
func (v TokenKind) String() string { return enumName(pb.TokenKind_name, "TOKEN_KIND_", int32(v)) }

func enumName(names map[int32]string, prefix string, number int32) string {
	if name, ok := names[number]; ok {
		return strings.TrimPrefix(name, prefix)
	}
	return fmt.Sprintf("UNKNOWN_%d", number)
}

// verbName is that of a verb in the schema, such as "OPEN_WALLET".
func verbName(method pb.Method) string { return enumName(pb.Method_name, "METHOD_", int32(method)) }
