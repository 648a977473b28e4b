/**
 * @file
 * The client of walletd, the wallet and ledger server.
 *
 * A walletd_client is a client of one server, for any number of threads. They share its connection, on which their calls
 * are in flight at the same time, as many as the server allows; behind that calls wait their turn. It is made by the first
 * call, and made anew when it is lost or the server goes away. The library makes no threads and touches no signals.
 *
 * There are two ways to use it, also at once: calls that wait (walletd_debit), and calls from a poll loop
 * (walletd_debit_start, walletd_fd, walletd_timeout_ms, walletd_process). Both are in walletd_verbs.h, and what they take
 * and give in walletd_types.h; this header includes both.
 */
#ifndef WALLETD_H
#define WALLETD_H

#include "walletd_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is declared here is what the library shows. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/** The version of this header; walletd_version is that of the library. */
#define WALLETD_VERSION "0.1.0"

/** The version of the library, such as "0.1.0". */
const char *walletd_version(void);

typedef struct walletd_client walletd_client;
typedef struct walletd_call walletd_call;
typedef struct walletd_stream walletd_stream;

/* ---------------------------------------------------------------- errors */

/** What became of a call. Three kinds: rejected, not executed (all from WALLETD_NOT_EXECUTED on), outcome unknown. */
typedef enum walletd_status {
  WALLETD_OK = 0,
  /** The server decided against it; no balance has changed. `reason` says why, `detail` has the figures. */
  WALLETD_REJECTED,
  /** A mutation was sent and nobody can say whether it took place. The same call with the error's key is safe. */
  WALLETD_OUTCOME_UNKNOWN,
  /** Nothing happened and nothing will: the server could not do it, `reason` says why. */
  WALLETD_NOT_EXECUTED,
  /** The same: no connection could be made, or it ended before an answer to a read. */
  WALLETD_DISCONNECTED,
  /** The same: the deadline passed, of a read or of what was never sent. */
  WALLETD_DEADLINE_EXCEEDED,
  /** The same: the other side sent what isn't WRP/1, or not what was asked for. */
  WALLETD_PROTOCOL,
  /** The same: one side doesn't accept who the other one is. */
  WALLETD_UNAUTHENTICATED,
  /** The same: the call was cancelled. */
  WALLETD_CANCELLED,
  /** The same: the client is closed. */
  WALLETD_CLOSED,
  /** The same: the client itself refuses to send it. */
  WALLETD_INVALID,
  /** The same: there was no memory for it. */
  WALLETD_NO_MEMORY,
} walletd_status;

/** Why a call didn't succeed. It is the caller's, and goes back by walletd_error_free. */
struct walletd_error {
  walletd_status status;
  /** The server's code; WALLETD_REASON_UNSPECIFIED when the server didn't answer. */
  walletd_reason reason;
  /** For people. Programs read the other members. */
  const char *message;
  /** The idempotency key of the mutation, also when the client made it; NULL of a read. */
  const char *key;
  /** The figures. */
  walletd_detail detail;
  /** A remembered refusal, answered again with its first figures. */
  bool replayed;
  /** The refusal's place in the journal when it was recorded, else the last durable one; 0: none was told. */
  int64_t commit_seq;
  /** The gRPC status of the answer, 1 to 16; 0 when there was none. */
  int grpc_status;
  /** How long the server asked to wait; 0: it didn't. */
  uint32_t retry_after_millis;
  /** Of WALLETD_OUTCOME_UNKNOWN: what became of the last attempt. Else NULL. */
  const walletd_error *cause;
};

/** Gives an error back. NULL is fine. */
void walletd_error_free(walletd_error *error);

/** Gives back what a call, or the next of a stream, has given. NULL is fine. */
void walletd_free(void *result);

/** Whether it is certain that nothing happened and nothing will. */
bool walletd_not_executed(walletd_status status);

/** The name of a status in small letters, such as "outcome_unknown". */
const char *walletd_status_name(walletd_status status);

/** The name of a reason, such as "INSUFFICIENT_FUNDS"; NULL of one that this library doesn't know. */
const char *walletd_reason_name(walletd_reason reason);

/** The name of a kind of transaction, such as "DEBIT"; NULL of one that this library doesn't know. */
const char *walletd_transaction_kind_name(walletd_transaction_kind kind);

/** Whether a refusal for this reason is recorded, so that the same key gets it for ever. */
bool walletd_reason_remembered(walletd_reason reason);

/* ---------------------------------------------------------------- clients */

/** How often and how patiently a call is tried again; always within its deadline. Zeros are the defaults. */
typedef struct walletd_retry {
  /** 0: 6; 1: nothing is tried again. */
  unsigned attempts_max;
  /** The n-th wait is between half of and the whole of this doubled n-1 times, in milliseconds. 0: 50. */
  unsigned backoff_millis;
  /** No wait is longer, but for what the server asks for. 0: 2,000. */
  unsigned backoff_max_millis;
} walletd_retry;

/** TLS 1.3. The server's certificate and the name in it are checked. Files are PEM. */
typedef struct walletd_tls {
  /** Who may have signed the server's certificate; NULL: whom the machine trusts. */
  const char *ca_file;
  /** The client's certificate and its key, without a password; NULL: none. */
  const char *cert_file;
  const char *key_file;
  /** The name or address that the server's certificate must have; NULL: the host of the address. */
  const char *server_name;
} walletd_tls;

/** What a client is told at its making. Zeros are the defaults. */
typedef struct walletd_settings {
  /** The deadline of a call that has none, in milliseconds. It covers connecting, waiting and all attempts. 0: 10,000. */
  uint32_t timeout_millis;
  /** What one try to connect may take until the server has answered HELLO, in milliseconds. 0: 5,000. */
  uint32_t connect_timeout_millis;
  /** How many connections there are; calls take them in turn. 0: 1; at most 64. */
  unsigned connections;
  walletd_retry retry;
  /** The token that says who is calling. It never appears in an error. */
  const char *token;
  /** A file that has it instead, which others can't read; it is read at each connect. */
  const char *token_file;
  /** NULL: plain TCP. */
  const walletd_tls *tls;
  /** At most 64 bytes of [A-Za-z0-9._:@/-]; stored beside each row that this client writes. */
  const char *client_name;
  /** The calls are rejected unless the server serves this ledger. */
  const char *ledger_id;
} walletd_settings;

/**
 * Makes a client of the server at `address`: "host:port", "[v6]:port" or "unix:PATH". It doesn't connect yet. NULL, with
 * WALLETD_INVALID, when something in the address, the settings or their files can't be. `settings` may be NULL.
 *
 * A host's name is looked up at each connect, by the thread that connects, and other threads' calls wait meanwhile; name
 * servers that don't answer are given up after about a second each. A numeric address needs no look-up.
 */
walletd_client *walletd_client_new(const char *address, const walletd_settings *settings, walletd_error **error);

/**
 * Ends the connection, and all calls and streams, each with WALLETD_CLOSED, or WALLETD_OUTCOME_UNKNOWN where a mutation was
 * sent. Callbacks of calls that were started are called before it returns, unless another thread is just calling some.
 * Later calls end with WALLETD_CLOSED. May be called more than once, from any thread.
 */
void walletd_client_close(walletd_client *client);

/** Closes the client, and gives it back. No other thread may use it, and its streams must be closed. NULL is fine. */
void walletd_client_free(walletd_client *client);

/* ---------------------------------------------------------------- calls */

/** What one call is told. Zeros are the defaults. */
typedef struct walletd_options {
  /** The deadline of this call, in milliseconds from now. 0: that of the client. */
  uint32_t timeout_millis;
  /**
   * An attempt of the request's key that this client doesn't know of, of another process perhaps, ended unknown: only OK,
   * a replay or a remembered refusal will then do, everything else is WALLETD_OUTCOME_UNKNOWN.
   */
  bool retry_of_unknown;
} walletd_options;

/** A call that was started has ended: `_finish` gives its outcome, once. `call` is valid until this returns. */
typedef void walletd_done(void *context, walletd_call *call);

/** The id that the call was started under. */
uint64_t walletd_call_id(const walletd_call *call);

/**
 * Ends a call that was started: a read as WALLETD_CANCELLED, a mutation that was sent as WALLETD_OUTCOME_UNKNOWN unless its
 * answer came before; the server is told. `done` is called as ever. False when there is no such call any more. May be
 * called from any thread and from within `done`.
 */
bool walletd_cancel(walletd_client *client, uint64_t call_id);

/* ---------------------------------------------------------------- poll loops */

/**
 * The descriptor to poll for walletd_events; it is the same for all of the client's life. Whenever it is ready, or
 * walletd_timeout_ms have passed, call walletd_process.
 */
int walletd_fd(const walletd_client *client);

/** What to poll walletd_fd for: POLLIN. The waits to write are within that, since the descriptor is an epoll's. */
short walletd_events(const walletd_client *client);

/** How long to wait for that at most, in milliseconds; -1: as long as it takes. Ask anew before each wait. */
int walletd_timeout_ms(walletd_client *client);

/** Does what can be done without waiting, and calls the callbacks of what has ended. `revents` are those of the poll. */
void walletd_process(walletd_client *client, short revents);

/* ---------------------------------------------------------------- streams */

/** What the next of a stream found. */
typedef enum walletd_next {
  /** An event, which is the caller's. */
  WALLETD_NEXT_EVENT,
  /** Nothing within the time. */
  WALLETD_NEXT_WAIT,
  /** The good end. */
  WALLETD_NEXT_END,
  /** The end with an error, which is the caller's. */
  WALLETD_NEXT_ERROR,
} walletd_next;

/** There is something to be read from the stream, or its end. */
typedef void walletd_ready(void *context, walletd_stream *stream);

/** Calls `ready` from within walletd_process whenever a stream that was read until WALLETD_NEXT_WAIT has more. */
void walletd_stream_notify(walletd_stream *stream, walletd_ready *ready, void *context);

/**
 * How long the server may be away, in milliseconds, before a watch that stood once ends with an error; 0, the default: as
 * long as it likes.
 */
void walletd_stream_patience(walletd_stream *stream, uint32_t millis);

/** Ends a stream, at the server too, and gives it back. NULL is fine. No other thread may use it. */
void walletd_stream_close(walletd_stream *stream);

/* ---------------------------------------------------------------- lists */

/**
 * Go through all pages of a list; `page_size` and `cursor` of the request are used. `each` is given one after the other,
 * which is valid until it returns, and ends the list by returning false. The status is that of the page that failed.
 */
walletd_status walletd_all_wallets(walletd_client *client, const walletd_list_wallets_request *request,
    const walletd_options *options, bool (*each)(void *context, const walletd_wallet *wallet), void *context,
    walletd_error **error);
walletd_status walletd_all_transactions(walletd_client *client, const walletd_list_transactions_request *request,
    const walletd_options *options, bool (*each)(void *context, const walletd_transaction *transaction), void *context,
    walletd_error **error);
walletd_status walletd_all_refusals(walletd_client *client, const walletd_list_refusals_request *request,
    const walletd_options *options, bool (*each)(void *context, const walletd_refusal *refusal), void *context,
    walletd_error **error);
walletd_status walletd_all_tokens(walletd_client *client, const walletd_list_tokens_request *request,
    const walletd_options *options, bool (*each)(void *context, const walletd_token *token), void *context,
    walletd_error **error);

/* ---------------------------------------------------------------- keys, tokens, money */

/** The bytes of a key as walletd_new_key writes it, with its NUL. */
#define WALLETD_KEY_SIZE 37

/** Makes an idempotency key: a UUIDv7, random in its last 74 bits. False when the system has no random bytes. */
bool walletd_new_key(char key[WALLETD_KEY_SIZE]);

#define WALLETD_SECRET_SIZE 32
/** The bytes of the longest token, with its NUL. */
#define WALLETD_TOKEN_SIZE 90

/**
 * Makes the secret of a token, and the digest of it that walletd_create_token takes as `secret_digest`: the server never
 * sees the secret before it is used. The call may be repeated with the same digest and key. False when the system has no
 * random bytes.
 */
bool walletd_token_secret(uint8_t secret[WALLETD_SECRET_SIZE], uint8_t digest[WALLETD_SECRET_SIZE]);

/** The digest of a secret that was made before. */
void walletd_token_digest(const uint8_t secret[WALLETD_SECRET_SIZE], uint8_t digest[WALLETD_SECRET_SIZE]);

/** The text of a token: of the secret, and of the id of the row that created it. */
void walletd_token_text(const uint8_t secret[WALLETD_SECRET_SIZE], int64_t row_id, char token[WALLETD_TOKEN_SIZE]);

/** What walletd_money_parse found. */
typedef enum walletd_money {
  WALLETD_MONEY_OK = 0,
  /** Not a plain decimal number: an optional minus, digits, and perhaps a point and digits. */
  WALLETD_MONEY_NOT_A_NUMBER,
  /** More digits after the point than the currency has; zeros, too. */
  WALLETD_MONEY_TOO_PRECISE,
  /** It doesn't fit 64 bits. */
  WALLETD_MONEY_TOO_LARGE,
} walletd_money;

/** Minor units of decimal text, without rounding: of "12.30" and the exponent 2 it is 1230. */
walletd_money walletd_money_parse(const char *text, unsigned exponent, int64_t *amount);

/** What is wrong, in words. */
const char *walletd_money_problem(walletd_money problem);

/** Enough for walletd_money_format with any exponent of a currency, which is 18 at most. */
#define WALLETD_MONEY_SIZE 24

/**
 * Writes minor units as decimal text: 1230 with the exponent 2 is "12.30". Returns the length that the text has, or would
 * have: where that isn't below `size` it was cut.
 */
size_t walletd_money_format(int64_t amount, unsigned exponent, char *text, size_t size);

#include "walletd_verbs.h"

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
