#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "keys.h"
#include "walletd.h"

bool walletd_token_secret(uint8_t secret[WALLETD_SECRET_SIZE], uint8_t digest[WALLETD_SECRET_SIZE]) {
  if (!wd_random(secret, WALLETD_SECRET_SIZE)) return false;
  walletd_token_digest(secret, digest);
  return true;
}

void walletd_token_digest(const uint8_t secret[WALLETD_SECRET_SIZE], uint8_t digest[WALLETD_SECRET_SIZE]) {
  /* Of memory that is there it always succeeds. */
  (void)SHA256(secret, WALLETD_SECRET_SIZE, digest);
}

void walletd_token_text(const uint8_t secret[WALLETD_SECRET_SIZE], int64_t row_id, char token[WALLETD_TOKEN_SIZE]) {
  int length = snprintf(token, WALLETD_TOKEN_SIZE, "wlt_%" PRId64 "_", row_id);
  for (int i = 0; i < WALLETD_SECRET_SIZE; i++) snprintf(token + length + 2 * i, 3, "%02x", secret[i]);
}
