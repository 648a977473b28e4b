/* TLS 1.3 by OpenSSL, over sockets whose writes raise no signal. */
#ifndef WALLETD_TLS_H
#define WALLETD_TLS_H

#include <openssl/ssl.h>

#include "walletd.h"

/* What all sessions of a client share; zeros: no TLS. */
typedef struct wd_tls {
  SSL_CTX *context;
  BIO_METHOD *sockets;
} wd_tls;

/* Reads the files. */
walletd_status wd_tls_read(wd_tls *tls, const walletd_tls *given, walletd_error **error);
void wd_tls_free(wd_tls *tls);

/* A session over a socket, which expects a certificate of `server_name`. NULL: no memory. */
SSL *wd_tls_session(const wd_tls *tls, int socket, const char *server_name);

/* What stands between the two, after `result` of an operation failed: `retry` where it need not come again. */
typedef struct wd_tls_problem {
  walletd_status status;
  bool retry;
  bool ended; /* the other side closed */
  char message[200];
} wd_tls_problem;

void wd_tls_problem_of(SSL *session, int result, wd_tls_problem *problem);

#endif
