#include "keys.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "walletd.h"

bool wd_random(void *bytes, size_t size) {
  for (size_t had = 0; had < size;) {
    ssize_t got = getrandom((unsigned char *)bytes + had, size - had, 0);
    if (got > 0)
      had += (size_t)got;
    else if (got == 0 || errno != EINTR)
      return false;
  }
  return true;
}

static void write_uuid(const uint8_t bytes[16], char text[WALLETD_KEY_SIZE]) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *text++ = '-';
    *text++ = digits[bytes[i] >> 4];
    *text++ = digits[bytes[i] & 15];
  }
  *text = '\0';
}

static int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool read_uuid(const char *text, uint8_t bytes[16]) {
  if (strlen(text) != WALLETD_KEY_SIZE - 1) return false;
  for (int i = 0; i < 16; i++) {
    if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-') return false;
    int high = digit_of(text[0]), low = digit_of(text[1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = (uint8_t)(high << 4 | low);
    text += 2;
  }
  return true;
}

bool walletd_new_key(char key[WALLETD_KEY_SIZE]) {
  uint8_t bytes[16];
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || !wd_random(bytes + 6, 10)) return false;
  /* A leading time keeps the server's index of keys compact. */
  uint64_t millis = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
  for (int i = 0; i < 6; i++) bytes[i] = (uint8_t)(millis >> (40 - 8 * i));
  bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x70); /* version 7 */
  bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
  write_uuid(bytes, key);
  return true;
}

bool wd_counted_key(const char *first, size_t index, char key[37]) {
  const uint64_t counted = (UINT64_C(1) << 62) - 1; /* the bits that are neither version nor variant */
  uint8_t bytes[16];
  if (!read_uuid(first, bytes)) return false;
  uint64_t low = 0;
  for (int i = 8; i < 16; i++) low = low << 8 | bytes[i];
  low = (low & ~counted) | ((low + index) & counted);
  for (int i = 15; i >= 8; i--, low >>= 8) bytes[i] = (uint8_t)low;
  write_uuid(bytes, key);
  return true;
}

/* ---------------------------------------------------------------- the memory */

static unsigned hash_of(const char *text, size_t length) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)text[i]) * 16777619u;
  return hash;
}

wd_key *wd_key_new(const char *text, size_t length) {
  wd_key *key = malloc(sizeof *key + length + 1);
  if (!key) return NULL;
  *key = (wd_key){.owners = 1, .hash = hash_of(text, length)};
  memcpy(key->text, text, length);
  key->text[length] = '\0';
  return key;
}

void wd_key_release(wd_key *key) {
  if (key && --key->owners == 0) free(key);
}

static wd_key **find(const wd_unresolved *keys, const wd_key *key) {
  wd_key *const *at = &keys->buckets[key->hash % WD_UNRESOLVED_BUCKETS];
  while (*at && ((*at)->hash != key->hash || strcmp((*at)->text, key->text) != 0)) at = &(*at)->bucket_next;
  return (wd_key **)at;
}

bool wd_unresolved_has(const wd_unresolved *keys, const wd_key *key) {
  return keys->count > 0 && *find(keys, key);
}

void wd_unresolved_remove(wd_unresolved *keys, const wd_key *key) {
  if (keys->count == 0) return;
  wd_key **at = find(keys, key), *found = *at;
  if (!found) return;
  *at = found->bucket_next;
  *(found->older ? &found->older->newer : &keys->oldest) = found->newer;
  *(found->newer ? &found->newer->older : &keys->newest) = found->older;
  found->bucket_next = found->older = found->newer = NULL;
  keys->count--;
  wd_key_release(found);
}

void wd_unresolved_add(wd_unresolved *keys, wd_key *key) {
  if (wd_unresolved_has(keys, key)) return;
  if (keys->count == WD_UNRESOLVED_MAX) wd_unresolved_remove(keys, keys->oldest);
  key->bucket_next = keys->buckets[key->hash % WD_UNRESOLVED_BUCKETS];
  keys->buckets[key->hash % WD_UNRESOLVED_BUCKETS] = key;
  key->older = keys->newest;
  *(keys->newest ? &keys->newest->newer : &keys->oldest) = key;
  keys->newest = key;
  key->owners++;
  keys->count++;
}

void wd_unresolved_free(wd_unresolved *keys) {
  while (keys->oldest) wd_unresolved_remove(keys, keys->oldest);
}
