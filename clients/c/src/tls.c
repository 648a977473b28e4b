#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "error.h"

static const unsigned char alpn[] = {5, 'w', 'r', 'p', '/', '1'};

/* ---------------------------------------------------------------- sockets without SIGPIPE */

static int bio_write(BIO *bio, const char *bytes, int length) {
  BIO_clear_retry_flags(bio);
  ssize_t written = send((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)length, MSG_NOSIGNAL);
  if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return (int)written;
}

static int bio_read(BIO *bio, char *bytes, int length) {
  BIO_clear_retry_flags(bio);
  ssize_t got = recv((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)length, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return (int)got;
}

static long bio_control(BIO *bio, int command, long number, void *pointer) {
  (void)number;
  (void)pointer;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *bio_method(void) {
  BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "walletd socket");
  if (method && BIO_meth_set_write(method, bio_write) && BIO_meth_set_read(method, bio_read) &&
      BIO_meth_set_ctrl(method, bio_control))
    return method;
  BIO_meth_free(method);
  return NULL;
}

/* ---------------------------------------------------------------- files */

static walletd_status unusable(walletd_error **error, const char *field, const char *file) {
  unsigned long code = ERR_peek_last_error();
  const char *why = code ? ERR_reason_error_string(code) : NULL;
  walletd_status status =
      wd_fail(error, WALLETD_INVALID, NULL, "tls.%s: %s can't be used: %s", field, file, why ? why : "no reason is known");
  ERR_clear_error();
  return status;
}

/* Without it OpenSSL would ask on the terminal. */
static int no_password(char *buffer, int size, int writing, void *data) {
  (void)buffer;
  (void)size;
  (void)writing;
  (void)data;
  return 0;
}

static walletd_status read_files(SSL_CTX *context, const walletd_tls *given, walletd_error **error) {
  if (!given->ca_file && SSL_CTX_set_default_verify_paths(context) != 1)
    return unusable(error, "ca_file", "that of the system");
  if (given->ca_file && SSL_CTX_load_verify_locations(context, given->ca_file, NULL) != 1)
    return unusable(error, "ca_file", given->ca_file);
  if (!given->cert_file) return WALLETD_OK;
  if (SSL_CTX_use_certificate_chain_file(context, given->cert_file) != 1)
    return unusable(error, "cert_file", given->cert_file);
  if (SSL_CTX_use_PrivateKey_file(context, given->key_file, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return unusable(error, "key_file", given->key_file);
  return WALLETD_OK;
}

walletd_status wd_tls_read(wd_tls *tls, const walletd_tls *given, walletd_error **error) {
  if (!given->cert_file != !given->key_file)
    return wd_fail(error, WALLETD_INVALID, NULL, "tls.cert_file and tls.key_file belong together");
  SSL_CTX *context = tls->context = SSL_CTX_new(TLS_client_method());
  tls->sockets = bio_method();
  /* SSL_CTX_set_alpn_protos returns 0 when all is well. */
  if (!context || !tls->sockets || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(context, alpn, sizeof alpn) != 0) {
    ERR_clear_error();
    return wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for TLS");
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  /* The rest of a write may come from another place in memory, and less than all of it may be taken. */
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return read_files(context, given, error);
}

void wd_tls_free(wd_tls *tls) {
  SSL_CTX_free(tls->context);
  BIO_meth_free(tls->sockets);
  *tls = (wd_tls){0};
}

/* ---------------------------------------------------------------- sessions */

static bool is_numeric(const char *name) {
  unsigned char address[16];
  return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

SSL *wd_tls_session(const wd_tls *tls, int socket, const char *server_name) {
  BIO *bio = BIO_new(tls->sockets);
  SSL *session = bio ? SSL_new(tls->context) : NULL;
  bool named = false;
  if (session) {
    BIO_set_data(bio, (void *)(intptr_t)socket);
    BIO_set_init(bio, 1);
    X509_VERIFY_PARAM *expected = SSL_get0_param(session);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    named = is_numeric(server_name)
                ? X509_VERIFY_PARAM_set1_ip_asc(expected, server_name) == 1
                : SSL_set1_host(session, server_name) == 1 && SSL_set_tlsext_host_name(session, server_name) == 1;
    if (named) {
      SSL_set_bio(session, bio, bio);
      SSL_set_connect_state(session);
    }
  }
  if (!named) {
    SSL_free(session);
    BIO_free(bio);
    session = NULL;
  }
  ERR_clear_error();
  return session;
}

/* An alert of the server about who the client is. */
static bool is_about_identity(int alert) {
  switch (alert) {
  case SSL_AD_BAD_CERTIFICATE:
  case SSL_AD_UNSUPPORTED_CERTIFICATE:
  case SSL_AD_CERTIFICATE_REVOKED:
  case SSL_AD_CERTIFICATE_EXPIRED:
  case SSL_AD_CERTIFICATE_UNKNOWN:
  case SSL_AD_UNKNOWN_CA:
  case SSL_AD_ACCESS_DENIED:
  case SSL_AD_CERTIFICATE_REQUIRED:
    return true;
  default:
    return false;
  }
}

static bool is_no_tls(int reason) {
#ifdef SSL_R_RECORD_LAYER_FAILURE /* from OpenSSL 3.2 on */
  if (reason == SSL_R_RECORD_LAYER_FAILURE) return true;
#endif
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
         reason == SSL_R_UNEXPECTED_MESSAGE;
}

#define PROBLEM(which, again, ...) \
  (problem->status = (which), problem->retry = (again), snprintf(problem->message, sizeof problem->message, __VA_ARGS__))

void wd_tls_problem_of(SSL *session, int result, wd_tls_problem *problem) {
  int saved = errno, kind = SSL_get_error(session, result);
  unsigned long code = ERR_peek_error();
  int reason = ERR_GET_REASON(code), alert = reason - SSL_AD_REASON_OFFSET;
  const char *text = code ? ERR_reason_error_string(code) : NULL;
  if (!text) text = "no reason is known";
  *problem = (wd_tls_problem){0};
  if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SSL && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) ||
      (kind == SSL_ERROR_SYSCALL && saved == 0)) {
    problem->ended = true;
    PROBLEM(WALLETD_DISCONNECTED, true, "the server closed the connection");
  } else if (kind == SSL_ERROR_SYSCALL) {
    PROBLEM(WALLETD_DISCONNECTED, true, "the connection broke: %s", strerror(saved));
  } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    PROBLEM(WALLETD_UNAUTHENTICATED, false, "the server's certificate is not accepted: %s",
        X509_verify_cert_error_string(SSL_get_verify_result(session)));
  } else if (is_no_tls(reason)) {
    PROBLEM(WALLETD_PROTOCOL, false, "the server does not speak TLS: %s", text);
  } else if (alert > 0 && is_about_identity(alert)) {
    PROBLEM(WALLETD_UNAUTHENTICATED, false, "the server does not accept the client: %s", text);
  } else if (alert > 0) {
    PROBLEM(WALLETD_PROTOCOL, false, "the server refused TLS: %s", text);
  } else {
    PROBLEM(WALLETD_PROTOCOL, false, "TLS failed: %s", text);
  }
  ERR_clear_error();
}
