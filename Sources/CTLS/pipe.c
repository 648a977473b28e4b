#include "CTLS.h"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static BIO_METHOD *method;

static int pipe_read(BIO *bio, char *bytes, size_t count, size_t *done) {
  walletd_tls_pipe *pipe = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  *done = 0;
  if (pipe->in_count == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *done = count < pipe->in_count ? count : pipe->in_count;
  memcpy(bytes, pipe->in, *done);
  pipe->in += *done;
  pipe->in_count -= *done;
  return 1;
}

static int pipe_write(BIO *bio, const char *bytes, size_t count, size_t *done) {
  walletd_tls_pipe *pipe = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  *done = 0;
  if (count > pipe->out_max - pipe->out_count) {
    BIO_set_retry_write(bio);
    return 0;
  }
  if (count > pipe->out_capacity - pipe->out_count) {
    size_t capacity = pipe->out_capacity * 2;
    if (capacity < pipe->out_count + count) capacity = pipe->out_count + count;
    unsigned char *grown = realloc(pipe->out, capacity);
    if (grown == NULL) return 0;
    pipe->out = grown;
    pipe->out_capacity = capacity;
  }
  memcpy(pipe->out + pipe->out_count, bytes, count);
  pipe->out_count += count;
  *done = count;
  return 1;
}

static long pipe_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio, (void)number, (void)pointer;
  return command == BIO_CTRL_FLUSH;
}

static void make_method(void) {
  BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "walletd");
  if (made == NULL) return;
  if (BIO_meth_set_read_ex(made, pipe_read) && BIO_meth_set_write_ex(made, pipe_write)
      && BIO_meth_set_ctrl(made, pipe_control)) {
    method = made;
  }
}

walletd_tls_pipe *walletd_tls_pipe_new(size_t out_max) {
  walletd_tls_pipe *pipe = calloc(1, sizeof *pipe);
  if (pipe != NULL) pipe->out_max = out_max;
  return pipe;
}

void walletd_tls_pipe_free(walletd_tls_pipe *pipe) {
  free(pipe->out);
  free(pipe);
}

SSL *walletd_tls_new(SSL_CTX *context, walletd_tls_pipe *pipe, int is_server) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (pthread_once(&once, make_method) != 0 || method == NULL) return NULL;
  SSL *ssl = SSL_new(context);
  BIO *bio = BIO_new(method);
  if (ssl == NULL || bio == NULL) {
    SSL_free(ssl);
    BIO_free(bio);
    return NULL;
  }
  BIO_set_data(bio, pipe);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  if (is_server) SSL_set_accept_state(ssl);
  else SSL_set_connect_state(ssl);
  return ssl;
}

void walletd_tls_free(SSL *ssl) { SSL_free(ssl); }

/* The queue of errors is the thread's: what another call has left there would be taken for the cause. */
static walletd_tls_result result_of(SSL *ssl, int result) {
  if (result == 1) return WALLETD_TLS_DONE;
  switch (SSL_get_error(ssl, result)) {
  case SSL_ERROR_WANT_READ: return WALLETD_TLS_WANTS_MORE;
  case SSL_ERROR_WANT_WRITE: return WALLETD_TLS_FULL;
  case SSL_ERROR_ZERO_RETURN: return WALLETD_TLS_ENDED;
  default: return WALLETD_TLS_FAILED;
  }
}

walletd_tls_result walletd_tls_handshake(SSL *ssl) {
  ERR_clear_error();
  return result_of(ssl, SSL_do_handshake(ssl));
}

walletd_tls_result walletd_tls_read(SSL *ssl, void *bytes, size_t capacity, size_t *count) {
  *count = 0;
  ERR_clear_error();
  return result_of(ssl, SSL_read_ex(ssl, bytes, capacity, count));
}

walletd_tls_result walletd_tls_write(SSL *ssl, const void *bytes, size_t count) {
  size_t written = 0;
  ERR_clear_error();
  return result_of(ssl, SSL_write_ex(ssl, bytes, count, &written));
}

void walletd_tls_close(SSL *ssl) {
  ERR_clear_error();
  /* 0: the peer's word is still out. Nobody waits for it. */
  (void)SSL_shutdown(ssl);
}

int walletd_tls_is_established(SSL *ssl) { return SSL_is_init_finished(ssl); }

const char *walletd_tls_version(SSL *ssl) { return SSL_get_version(ssl); }
