/* libssl as Swift sees it. Its own headers stay behind this one: they bring half of the system's with them. */
#ifndef CTLS_H
#define CTLS_H
#include <stddef.h>
#include <stdint.h>

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

/* A BIO between a TLS connection and memory. What arrived is read where it lies, and what is to be sent is appended to `out`,
   so that a connection keeps no buffers of its own between two calls: one pipe serves all connections of a thread. */
typedef struct walletd_tls_pipe {
  const unsigned char *in;
  size_t in_count;
  unsigned char *out;
  size_t out_count;
  size_t out_capacity;
  size_t out_max;
} walletd_tls_pipe;

/* NULL when there is no memory. */
walletd_tls_pipe *walletd_tls_pipe_new(size_t out_max);
void walletd_tls_pipe_free(walletd_tls_pipe *pipe);

/* A context with everything that all of ours have: TLS 1.3 (or from 1.2), no compression, no renegotiation, no tickets and no
   session cache, the protocol wrp/1. NULL on failure. */
SSL_CTX *walletd_tls_context_new(int is_server, int allows_1_2);
void walletd_tls_context_free(SSL_CTX *context);

/* Certificate chain and key as PEM, which must belong together. 0 on success, else which of them failed. */
enum { WALLETD_TLS_CERTIFICATE = 1, WALLETD_TLS_KEY = 2, WALLETD_TLS_KEY_MISMATCH = 3 };
int walletd_tls_use_certificate(SSL_CTX *context, const char *certificate, const char *key);

/* Trusts the authorities of a PEM file, or those of the machine; a server tells its clients of them. 1 on success. */
int walletd_tls_trust(SSL_CTX *context, const char *authorities, int is_server);
int walletd_tls_trust_system(SSL_CTX *context);
/* Verifies the peer's certificate, which may be missing or not. */
void walletd_tls_verify(SSL_CTX *context, int requires_certificate);

/* Seconds since 1970 when the context's own certificate ends; -1 when it has none. */
int64_t walletd_tls_ends_at(SSL_CTX *context);

/* The common name and the DNS and URI names of a certificate, the context's own or the peer's, each ended by a NUL; the bytes
   written. Names with a NUL or a control character in them are left out, and so is what doesn't fit. */
size_t walletd_tls_own_names(SSL_CTX *context, char *out, size_t capacity);
size_t walletd_tls_peer_names(SSL *ssl, char *out, size_t capacity);
int walletd_tls_has_peer_certificate(SSL *ssl);

/* A connection over the pipe. NULL on failure. */
SSL *walletd_tls_new(SSL_CTX *context, walletd_tls_pipe *pipe, int is_server);
void walletd_tls_free(SSL *ssl);
/* The name or numeric address that the server's certificate must have. 1 on success. */
int walletd_tls_expect(SSL *ssl, const char *name);

typedef enum walletd_tls_result {
  WALLETD_TLS_DONE,
  /* All that was in the pipe is taken. */
  WALLETD_TLS_WANTS_MORE,
  /* The peer has said that nothing more comes. */
  WALLETD_TLS_ENDED,
  /* The pipe has no room for what must be sent. */
  WALLETD_TLS_FULL,
  WALLETD_TLS_FAILED,
} walletd_tls_result;

walletd_tls_result walletd_tls_handshake(SSL *ssl);
walletd_tls_result walletd_tls_read(SSL *ssl, void *bytes, size_t capacity, size_t *count);
/* All of it. */
walletd_tls_result walletd_tls_write(SSL *ssl, const void *bytes, size_t count);
/* Says that nothing more comes. */
void walletd_tls_close(SSL *ssl);
int walletd_tls_is_established(SSL *ssl);
const char *walletd_tls_version(SSL *ssl);

/* Why the last call failed. */
typedef enum walletd_tls_problem {
  WALLETD_TLS_OTHER,
  WALLETD_TLS_NO_TLS,
  WALLETD_TLS_NO_VERSION,
  WALLETD_TLS_NO_PROTOCOL,
  WALLETD_TLS_WRONG_NAME,
  WALLETD_TLS_UNKNOWN_AUTHORITY,
  WALLETD_TLS_EXPIRED,
  WALLETD_TLS_NOT_YET_VALID,
  WALLETD_TLS_BAD_CERTIFICATE,
  WALLETD_TLS_NO_CERTIFICATE,
  WALLETD_TLS_ALERT,
} walletd_tls_problem;

/* With WALLETD_TLS_ALERT its number, and with it and WALLETD_TLS_BAD_CERTIFICATE what libssl calls it. */
walletd_tls_problem walletd_tls_why(SSL *ssl, int *alert, const char **text);
/* What libssl says of this thread's first error, never NULL. */
const char *walletd_tls_error_text(void);

/* Certificates for trying things out. */
typedef struct walletd_certificate {
  struct x509_st *certificate;
  struct evp_pkey_st *key;
} walletd_certificate;

enum { WALLETD_CERTIFICATE_AUTHORITY, WALLETD_CERTIFICATE_SERVER, WALLETD_CERTIFICATE_CLIENT };

/* A new P-256 key and a certificate of it, signed by `issuer` or, without one, by itself. `names` are alternative names as
   libcrypto's configuration files have them (`DNS:localhost,IP:127.0.0.1`), or NULL. Times are seconds since 1970. 1 on
   success. */
int walletd_certificate_make(
    walletd_certificate *result, int kind, const char *common_name, const char *names, int64_t from, int64_t until,
    const walletd_certificate *issuer);
void walletd_certificate_free(walletd_certificate *certificate);
/* As PEM; the bytes written, 0 on failure. */
size_t walletd_certificate_pem(const walletd_certificate *certificate, char *out, size_t capacity);
size_t walletd_certificate_key_pem(const walletd_certificate *certificate, char *out, size_t capacity);
#endif
