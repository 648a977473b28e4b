/* SHA-256 by the low-level calls: a third quicker for short messages than EVP, which looks its algorithm up and cleans more
   than a public digest needs. They are deprecated in OpenSSL 3 and work in all of it. */
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

/* 1, or 0 when libcrypto failed. */
static inline int walletd_sha256(
    const void *first, size_t first_length, const void *second, size_t second_length, unsigned char *digest) {
  SHA256_CTX context;
  return SHA256_Init(&context) && SHA256_Update(&context, first, first_length)
      && SHA256_Update(&context, second, second_length) && SHA256_Final(digest, &context);
}
#endif
