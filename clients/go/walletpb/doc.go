// Package walletpb has the generated messages of proto/wallet/v1/wallet.proto. The client's own types don't show them; it
// is for programs that speak about these messages themselves, since a program can have only one package of them.
package walletpb
