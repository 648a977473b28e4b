#include "CTLS.h"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

static const unsigned char protocols[] = {5, 'w', 'r', 'p', '/', '1'};

/* Only called when the client names protocols: one that names none, as most tools, is let in. */
static int select_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_length, const unsigned char *in, unsigned in_length, void *unused) {
  (void)ssl, (void)unused;
  unsigned char *chosen = NULL;
  int result = SSL_select_next_proto(&chosen, out_length, protocols, sizeof protocols, in, in_length);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* A key that needs a password isn't read; without this libcrypto asks on the terminal. */
static int no_password(char *buffer, int size, int writing, void *unused) {
  (void)buffer, (void)size, (void)writing, (void)unused;
  return -1;
}

SSL_CTX *walletd_tls_context_new(int is_server, int allows_1_2) {
  SSL_CTX *context = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
  if (context == NULL) return NULL;
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE
          | SSL_OP_PRIORITIZE_CHACHA);
  /* Half-written records are never offered again from another place, since nothing is ever half written; buffers of idle
     connections are given back. */
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  int done = SSL_CTX_set_min_proto_version(context, allows_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION)
      && SSL_CTX_set_num_tickets(context, 0)
      && SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")
      && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  if (is_server) SSL_CTX_set_alpn_select_cb(context, select_protocol, NULL);
  else done = done && SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols) == 0;
  if (done) return context;
  SSL_CTX_free(context);
  return NULL;
}

void walletd_tls_context_free(SSL_CTX *context) { SSL_CTX_free(context); }

int walletd_tls_use_certificate(SSL_CTX *context, const char *certificate, const char *key) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1) return WALLETD_TLS_CERTIFICATE;
  if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
    return ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ? WALLETD_TLS_KEY_MISMATCH : WALLETD_TLS_KEY;
  }
  return SSL_CTX_check_private_key(context) == 1 ? 0 : WALLETD_TLS_KEY_MISMATCH;
}

int walletd_tls_trust(SSL_CTX *context, const char *authorities, int is_server) {
  ERR_clear_error();
  if (SSL_CTX_load_verify_file(context, authorities) != 1) return 0;
  if (!is_server) return 1;
  STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(authorities);
  if (names == NULL) return 0;
  SSL_CTX_set_client_CA_list(context, names);
  return 1;
}

int walletd_tls_trust_system(SSL_CTX *context) {
  ERR_clear_error();
  return SSL_CTX_set_default_verify_paths(context);
}

void walletd_tls_verify(SSL_CTX *context, int requires_certificate) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (requires_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
}

int64_t walletd_tls_ends_at(SSL_CTX *context) {
  X509 *certificate = SSL_CTX_get0_certificate(context);
  struct tm end;
  if (certificate == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return -1;
  return (int64_t)timegm(&end);
}

int walletd_tls_expect(SSL *ssl, const char *name) {
  X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, name) == 1) return 1;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(rules, name, 0) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

typedef struct list {
  char *out;
  size_t count, capacity;
} list;

static void add_name(list *names, const unsigned char *text, int length) {
  if (length <= 0 || (size_t)length + 1 > names->capacity - names->count) return;
  for (int index = 0; index < length; index++) {
    if (text[index] < 0x20 || text[index] == 0x7F) return;
  }
  memcpy(names->out + names->count, text, (size_t)length);
  names->count += (size_t)length;
  names->out[names->count++] = 0;
}

static size_t names_of(X509 *certificate, char *out, size_t capacity) {
  list names = {out, 0, capacity};
  if (certificate == NULL) return 0;
  const X509_NAME *subject = X509_get_subject_name(certificate);
  for (int place = -1; (place = X509_NAME_get_index_by_NID((X509_NAME *)subject, NID_commonName, place)) >= 0;) {
    unsigned char *text = NULL;
    int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
    add_name(&names, text, length);
    OPENSSL_free(text);
  }
  GENERAL_NAMES *others = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int place = 0; place < sk_GENERAL_NAME_num(others); place++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(others, place);
    if (name->type != GEN_DNS && name->type != GEN_URI) continue;
    add_name(&names, ASN1_STRING_get0_data(name->d.ia5), ASN1_STRING_length(name->d.ia5));
  }
  GENERAL_NAMES_free(others);
  return names.count;
}

size_t walletd_tls_own_names(SSL_CTX *context, char *out, size_t capacity) {
  return names_of(SSL_CTX_get0_certificate(context), out, capacity);
}

size_t walletd_tls_peer_names(SSL *ssl, char *out, size_t capacity) {
  return names_of(SSL_get0_peer_certificate(ssl), out, capacity);
}

int walletd_tls_has_peer_certificate(SSL *ssl) { return SSL_get0_peer_certificate(ssl) != NULL; }
