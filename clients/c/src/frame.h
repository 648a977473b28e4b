/* WRP/1 frames: bytes to frames and back. proto/WIRE.md is the specification. */
#ifndef WALLETD_FRAME_H
#define WALLETD_FRAME_H

#include "buffer.h"

#define WD_PREFACE "WRP/1\r\n" /* and its NUL */
#define WD_PREFACE_BYTES 8

enum { WD_LENGTH_BYTES = 4, WD_HEADER_BYTES = 20, WD_LENGTH_MIN = WD_HEADER_BYTES - WD_LENGTH_BYTES };

typedef enum wd_frame_type {
  WD_HELLO = 1,
  WD_HELLO_ACK,
  WD_REQUEST,
  WD_RESPONSE,
  WD_CANCEL,
  WD_PING_FRAME,
  WD_PONG,
  WD_GOAWAY,
  WD_CONNECTION_ERROR,
  WD_EVENT,
} wd_frame_type;

enum { WD_FLAG_NOT_EXECUTED = 0x02, WD_FLAG_REPLAYED = 0x04, WD_FLAG_LAST = 0x08 };

typedef struct wd_frame {
  uint8_t type, flags;
  uint16_t code;
  uint32_t request_id, millis;
  const uint8_t *payload;
  size_t length; /* of the payload */
} wd_frame;

typedef enum wd_deframed { WD_FRAME_MORE, WD_FRAME_WHOLE, WD_FRAME_BROKEN } wd_deframed;

/* What is wrong with a frame: the rule by name, and in words. */
typedef struct wd_frame_problem {
  const char *rule;
  char message[96];
} wd_frame_problem;

/* Adds the bytes of `frame`. False: no memory. */
bool wd_frame_append(wd_buffer *buffer, const wd_frame *frame);

/* Reads the first frame of `bytes`, in which its payload stays, and how many bytes it takes. Its length is checked as soon as
   it is known, so that a hostile one never costs memory; `frame_bytes_max` counts all of a frame. */
wd_deframed wd_frame_read(
    const uint8_t *bytes, size_t length, size_t frame_bytes_max, wd_frame *frame, size_t *used, wd_frame_problem *problem);

const char *wd_frame_type_name(uint8_t type);

#endif
