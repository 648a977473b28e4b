/* Scripted servers: each connection is played by the next script, on a thread of its own. */
#ifndef FAKE_H
#define FAKE_H

#include <openssl/ssl.h>
#include <setjmp.h>

#include "convert.h"
#include "frame.h"
#include "schema.h"
#include "test.h"
#include "wallet.pb-c.h"

typedef struct fake fake;

/* The server's side of one connection. Its functions end the script when the connection ends. */
typedef struct peer {
  fake *fake;
  void *context; /* of the fake */
  int socket;
  SSL *session;
  wd_buffer in;
  uint8_t *payload; /* of the last frame */
  jmp_buf ended;
  char client_name[80], token[100], ledger_id[80], server_name[80]; /* as HELLO and TLS had them */
} peer;

typedef void script(peer *peer);

/* Listens on a free port of loopback, with TLS where a context is given. */
fake *fake_new(SSL_CTX *tls, void *context, script *const *scripts, size_t count);
#define FAKE(context, ...) \
  fake_new(NULL, context, (script *const[]){__VA_ARGS__}, sizeof(script *const[]){__VA_ARGS__} / sizeof(script *))
const char *fake_address(const fake *fake);
int fake_connections(fake *fake);
/* Waits for the scripts. */
void fake_free(fake *fake);

/* Reads the preface and HELLO. */
void peer_read_hello(peer *peer);
/* And answers HELLO_ACK, with limits where they aren't NULL. */
void peer_hello(peer *peer, const walletd_limits *limits);
wd_frame peer_read(peer *peer);
wd_frame peer_request(peer *peer);
/* A Debit, whose struct goes back by walletd_free. */
wd_frame peer_debit(peer *peer, walletd_debit_request **request);
void peer_write(peer *peer, const void *bytes, size_t length);
void peer_send(peer *peer, wd_frame frame);
/* With a struct of wd_types as payload. */
void peer_send_struct(peer *peer, wd_frame frame, unsigned type, const void *value);
void peer_ok(peer *peer, wd_frame request, unsigned type, const void *value);
/* The answers that scripts give most. */
void peer_ok_balance(peer *peer, wd_frame request, int64_t balance);
void peer_ok_ping(peer *peer, wd_frame request, int64_t commit_seq);
/* An error with NOT_EXECUTED. */
void peer_fail(peer *peer, wd_frame request, walletd_reason reason, int status);
/* An error with the header of `answer`. */
void peer_refuse(peer *peer, wd_frame answer, Wallet__V1__Error *error);
/* Waits until the client closes, whatever it may still send. */
void peer_ends(peer *peer);
/* Closes with a RST. */
void peer_reset(peer *peer);

/* An address on loopback where nobody listens. */
const char *refused_address(void);

/* A listening socket on loopback, whose address is written to `address`. */
int listen_on_loopback(char address[32]);

#endif
