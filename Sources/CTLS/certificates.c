#include "CTLS.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

static int add_extension(X509 *certificate, X509 *issuer, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  int done = extension != NULL && X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return done;
}

static int fill(
    X509 *certificate, EVP_PKEY *key, int kind, const char *common_name, const char *names, int64_t from, int64_t until,
    const walletd_certificate *issuer) {
  unsigned char serial[16];
  X509 *signer = issuer != NULL ? issuer->certificate : certificate;
  X509_NAME *subject = X509_get_subject_name(certificate);
  if (RAND_bytes(serial, sizeof serial) != 1) return 0;
  serial[0] &= 0x7F;
  BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
  int done = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  int is_authority = kind == WALLETD_CERTIFICATE_AUTHORITY;
  return done && X509_set_version(certificate, X509_VERSION_3)
      && X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)common_name, -1, -1, 0)
      && X509_set_issuer_name(certificate, X509_get_subject_name(signer))
      && ASN1_TIME_set(X509_getm_notBefore(certificate), from) != NULL
      && ASN1_TIME_set(X509_getm_notAfter(certificate), until) != NULL && X509_set_pubkey(certificate, key)
      && add_extension(certificate, signer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE")
      && add_extension(
             certificate, signer, NID_key_usage,
             is_authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature")
      && (is_authority
          || add_extension(
              certificate, signer, NID_ext_key_usage, kind == WALLETD_CERTIFICATE_SERVER ? "serverAuth" : "clientAuth"))
      && (names == NULL || add_extension(certificate, signer, NID_subject_alt_name, names))
      && add_extension(certificate, signer, NID_subject_key_identifier, "hash")
      && add_extension(certificate, signer, NID_authority_key_identifier, "keyid:always")
      && X509_sign(certificate, issuer != NULL ? issuer->key : key, EVP_sha256()) > 0;
}

int walletd_certificate_make(
    walletd_certificate *result, int kind, const char *common_name, const char *names, int64_t from, int64_t until,
    const walletd_certificate *issuer) {
  ERR_clear_error();
  result->key = EVP_EC_gen("P-256");
  result->certificate = X509_new();
  if (result->key != NULL && result->certificate != NULL
      && fill(result->certificate, result->key, kind, common_name, names, from, until, issuer)) {
    return 1;
  }
  walletd_certificate_free(result);
  return 0;
}

void walletd_certificate_free(walletd_certificate *certificate) {
  X509_free(certificate->certificate);
  EVP_PKEY_free(certificate->key);
  memset(certificate, 0, sizeof *certificate);
}

/* What was written to a memory BIO, which is freed. */
static size_t take(BIO *bio, int done, char *out, size_t capacity) {
  char *bytes = NULL;
  long count = bio != NULL && done == 1 ? BIO_get_mem_data(bio, &bytes) : 0;
  if (count < 0 || (size_t)count > capacity) count = 0;
  if (count > 0) memcpy(out, bytes, (size_t)count);
  BIO_free(bio);
  return (size_t)count;
}

size_t walletd_certificate_pem(const walletd_certificate *certificate, char *out, size_t capacity) {
  BIO *bio = BIO_new(BIO_s_mem());
  return take(bio, bio != NULL ? PEM_write_bio_X509(bio, certificate->certificate) : 0, out, capacity);
}

size_t walletd_certificate_key_pem(const walletd_certificate *certificate, char *out, size_t capacity) {
  BIO *bio = BIO_new(BIO_s_secmem());
  return take(
      bio, bio != NULL ? PEM_write_bio_PKCS8PrivateKey(bio, certificate->key, NULL, NULL, 0, NULL, NULL) : 0, out, capacity);
}
