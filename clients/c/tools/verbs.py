"""The fixed parts of the generated files, and what is said of each verb."""

TYPES_HEAD = """
/**
 * @file
 * What goes into calls and comes out of them. Structs have the names of the messages of wallet.proto, members those of
 * their fields, and both mean the same.
 *
 * Amounts are minor units of the wallet's currency (`exponent` digits after the point); times are microseconds since
 * 1970-01-01 UTC, 0: not given. Text is UTF-8 and ends with a NUL: in a request NULL is the same as "", in an answer it is
 * never NULL. A list is a pointer and a count. A request is only read, and only until the function that takes it returns;
 * a struct of zeros has every member at its default. An enum of an answer may have a number that this header doesn't know.
 */
#ifndef WALLETD_TYPES_H
#define WALLETD_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct walletd_error walletd_error;

/** Bytes that aren't text. Of an answer that has none `length` is 0. */
typedef struct walletd_bytes {
  const uint8_t *data;
  size_t length;
} walletd_bytes;

"""
TYPES_TAIL = """#ifdef __cplusplus
}
#endif

#endif
"""

TABLES_HEAD = """
#include "schema.h"

#include <stddef.h>

/* The driver of the conformance tests reads structs by these tables, too, and knows no protobuf-c. */
#ifdef WD_SCHEMA_WITHOUT_PROTOBUF
#define DESCRIPTOR(name) NULL
#else
#include "wallet.pb-c.h"
#define DESCRIPTOR(name) &wallet__v1__##name##__descriptor
#endif

"""

HEADER_HEAD = """
/**
 * @file
 * The verbs. Of each that has one answer there are three functions.
 *
 * The first waits for the end: it gives WALLETD_OK and an answer, which is the caller's and goes back by walletd_free, or
 * another status and an error, which goes back by walletd_error_free. `options`, `response` and `error` may be NULL; a
 * `request` that is NULL has every member at its default. Any number of threads may call at the same time.
 *
 * `_start` returns at once, with the id of a call or, where the request can't be sent, with 0 and an error; then `done`
 * isn't called. `done` is called from within walletd_process, or from within another thread's call that waits; once, and
 * never within `_start` itself. In it `_finish` gives the outcome; a call that waits can't be made there.
 *
 * Of those that tell events the first asks for the stream and returns at once, and `_next` gives one after the other: it
 * waits for `timeout_ms` at most, 0: not at all, -1: as long as it takes. One thread at a time reads a stream.
 *
 * A mutation without an `idempotency_key` gets one, which is on its answer and on its error.
 */
#ifndef WALLETD_VERBS_H
#define WALLETD_VERBS_H

#ifndef WALLETD_H
#error "include walletd.h, which has what these take"
#endif
"""
HEADER_TAIL = """
#endif
"""

CALL_HEADER = """walletd_status walletd_{name}(walletd_client *client, const {request} *request,
    const walletd_options *options, {response} **response, walletd_error **error);
uint64_t walletd_{name}_start(walletd_client *client, const {request} *request,
    const walletd_options *options, walletd_done *done, void *context, walletd_error **error);
walletd_status walletd_{name}_finish(walletd_call *call, {response} **response, walletd_error **error);
"""

STREAM_HEADER = """walletd_status walletd_{name}(walletd_client *client, const {request} *request,
    const walletd_options *options, walletd_stream **stream, walletd_error **error);
walletd_next walletd_{name}_next(walletd_stream *stream, int timeout_ms, {response} **event, walletd_error **error);
"""

SOURCE_HEAD = """
#include "call.h"
#include "stream.h"
#include "walletd.h"
"""

CALL_SOURCE = """
walletd_status walletd_{name}(walletd_client *client, const {request} *request,
    const walletd_options *options, {response} **response, walletd_error **error) {{
  void *result = NULL;
  walletd_status status = wd_call(client, {verb}, request, options, response ? &result : NULL, error);
  if (response) *response = result;
  return status;
}}

uint64_t walletd_{name}_start(walletd_client *client, const {request} *request,
    const walletd_options *options, walletd_done *done, void *context, walletd_error **error) {{
  return wd_call_start(client, {verb}, request, options, done, context, error);
}}

walletd_status walletd_{name}_finish(walletd_call *call, {response} **response, walletd_error **error) {{
  void *result = NULL;
  walletd_status status = wd_call_finish(call, {verb}, response ? &result : NULL, error);
  if (response) *response = result;
  return status;
}}
"""

STREAM_SOURCE = """
walletd_status walletd_{name}(walletd_client *client, const {request} *request,
    const walletd_options *options, walletd_stream **stream, walletd_error **error) {{
  return wd_stream_open(client, {verb}, request, options, stream, error);
}}

walletd_next walletd_{name}_next(walletd_stream *stream, int timeout_ms, {response} **event, walletd_error **error) {{
  void *told = NULL;
  walletd_next next = wd_stream_next(stream, {verb}, timeout_ms, &told, error);
  *event = told;
  return next;
}}
"""

DOCS = {
    "Ping": "Asks for a sign of life of the whole server, its store included.",
    "GetSchema": "The messages that the server speaks, as a FileDescriptorSet.",
    "GetServerInfo": "Who the server is, how far its journal is, and whether it takes mutations.",
    "OpenWallet": 'Opens a wallet ("main" when no name is given) with balance 0. Rejected with WALLET_EXISTS if there is one.',
    "GetWallet": "A wallet as it is now. Rejected with WALLET_NOT_FOUND if there is none.",
    "ListWallets": "A page of an owner's wallets, by rising id. walletd_all_wallets goes through all pages.",
    "GetBalance": "What a wallet has, holds and can spend.",
    "Debit": "Takes `amount` minor units, from 1, out of the wallet. Rejected with INSUFFICIENT_FUNDS if it lacks them.",
    "Credit": "Puts `amount` minor units, from 1, into the wallet.",
    "ListTransactions": "A page of a wallet's transactions. walletd_all_transactions goes through all pages.",
    "Transfer": "Moves `amount` minor units, from 1, between two wallets of one currency, at once or not at all. Rejected with "
    "INSUFFICIENT_FUNDS if `wallet` lacks them, and with SAME_WALLET or CURRENCY_MISMATCH where the two don't fit.",
    "Hold": "Reserves `amount` minor units, from 1: they stay in the balance and aren't available until the hold is captured, "
    "released or has ended. The transaction's id is the hold's.",
    "Capture": "Takes `amount` minor units, from 1, of a hold, or with `all` all that is left. Never fails for funds or limits. "
    "Rejected with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED if the hold has ended, with HOLD_AMOUNT_EXCEEDED if less is "
    "left of it.",
    "Release": "Gives back what is left of a hold. Rejected with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED if it has ended.",
    "Refund": "Gives back `amount` minor units, from 1, of a debit or capture, or with `all` all that wasn't refunded yet. "
    "Rejected with REFUND_EXCEEDS_ORIGINAL, and with NOT_REFUNDABLE what is neither a debit nor a capture.",
    "SetLimits": "Sets the wallet's limits, all of them: those that are 0 are lifted.",
    "CloseWallet": "Ends a wallet that is empty and has no open holds. Rejected with WALLET_NOT_EMPTY if it isn't.",
    "Batch": "Carries out up to 8,190 mutations in one commit and in their order; each sees those before it. Item by item, each "
    "has a key and a result of its own, and one that fails doesn't hinder the others; items without a key get one that is "
    "counted up from `idempotency_key`, a UUID, which is made when it isn't given. With `atomic` all are done or none, under "
    "`idempotency_key`: rejected with BATCH_ABORTED, whose detail has the item's index and the cause. After "
    "WALLETD_OUTCOME_UNKNOWN call again with the error's key and the same items.",
    "GetBalanceAt": "A wallet's figures as they were: at a time, or right after a version.",
    "ExplainBalance": "Why a wallet's balance is what it is.",
    "ListRefusals": "A page of the refusals that were recorded. walletd_all_refusals goes through all pages.",
    "TrialBalance": "The totals of each currency, which sum to zero.",
    "Verify": "Proves that the ledger is what its journal says. The last event is the report. One at a time.",
    "WatchTransactions": "Tells every transaction behind a place of the journal, and then each new one as it is committed; each "
    "once, in the order of their ids. It goes on by itself over lost connections, servers that leave, and a reader that has "
    "fallen behind by more than 1 MiB. Without a `start` it begins from now. An event without a transaction has only a new "
    "`resume_token`: who keeps the token together with what was made of the event misses none and takes none twice.",
    "CreateToken": "Lets a principal in. See walletd_token_secret for how the token is made.",
    "RevokeToken": "Ends a token: its open connections are closed.",
    "ListTokens": "A page of what was granted, by rising id. walletd_all_tokens goes through all pages.",
    "Backup": "Makes a file in the server's folder of backups. The last event is the report. One at a time.",
}
