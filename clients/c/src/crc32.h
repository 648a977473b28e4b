/* CRC-32 as in zlib. */
#ifndef WALLETD_CRC32_H
#define WALLETD_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`; the first is 0. */
uint32_t wd_crc32(uint32_t crc, const uint8_t *bytes, size_t length);

#endif
