/* Structs to messages of protobuf-c and back, by the tables of schema.c. */
#ifndef WALLETD_CONVERT_H
#define WALLETD_CONVERT_H

#include "arena.h"
#include "schema.h"

typedef enum wd_converted { WD_CONVERTED, WD_CONVERT_MEMORY, WD_CONVERT_BAD } wd_converted;

/* Whether these bytes may be a text: UTF-8 without a NUL. */
bool wd_is_text(const uint8_t *bytes, size_t length);

/* The message of a struct, in the arena; it goes on using the struct's lists. WD_CONVERT_BAD: `bad` is the member that can't
   be sent. */
wd_converted wd_to_message(wd_arena *arena, unsigned type, const void *value, ProtobufCMessage **message, const char **bad);

/* Fills a zeroed struct, which goes on using what the message has in the same arena. WD_CONVERT_BAD: `bad` isn't a text. */
wd_converted wd_from_message(wd_arena *arena, unsigned type, ProtobufCMessage *message, void *value, const char **bad);

/* A result of the bytes of a message. WD_CONVERT_BAD: they don't parse, or unpack to a multiple of their size. */
wd_converted wd_decode(unsigned type, const uint8_t *bytes, size_t length, void **result);

/* Whether a message nests deeper than any of the schema does, where unpacking would follow to the end of the stack: an Error can
   have an Error. What doesn't parse is left to protobuf-c. */
bool wd_too_deep(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t length, int depth);

/* The text of a field that the schema has as text and protobuf-c's code as bytes; NULL where it isn't one. Only of messages
   that were unpacked into an arena. */
const char *wd_text(ProtobufCBinaryData *field);

#endif
