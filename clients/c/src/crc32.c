#include "crc32.h"

#include <endian.h>
#include <pthread.h>
#include <string.h>

#define POLYNOMIAL 0xedb88320u

/* tables[n][byte] is what a byte does to the checksum that n more bytes follow. */
static uint32_t tables[8][256];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
    tables[0][byte] = crc;
  }
  for (int n = 1; n < 8; n++)
    for (int byte = 0; byte < 256; byte++)
      tables[n][byte] = tables[n - 1][byte] >> 8 ^ tables[0][tables[n - 1][byte] & 0xff];
}

uint32_t wd_crc32(uint32_t crc, const uint8_t *bytes, size_t length) {
  (void)pthread_once(&made, make); /* it fails for no reason that these arguments give */
  crc = ~crc;
  for (; length >= 8; bytes += 8, length -= 8) {
    uint32_t first, second;
    memcpy(&first, bytes, sizeof first);
    memcpy(&second, bytes + 4, sizeof second);
    first = le32toh(first) ^ crc;
    second = le32toh(second);
    crc = tables[7][first & 0xff] ^ tables[6][first >> 8 & 0xff] ^ tables[5][first >> 16 & 0xff] ^ tables[4][first >> 24] ^
          tables[3][second & 0xff] ^ tables[2][second >> 8 & 0xff] ^ tables[1][second >> 16 & 0xff] ^
          tables[0][second >> 24];
  }
  for (; length > 0; bytes++, length--) crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}
