/* WRP/1 (proto/WIRE.md): frames, and protobuf-c messages to and from requests. */
#ifndef WIRE_H
#define WIRE_H
#include "ceiling.h"
#include "wallet.pb-c.h"

enum { HEADER_BYTES = 20, PREFACE_BYTES = 8, REQUEST_BYTES_MAX = 1 << 20, REPLY_BYTES_MAX = 4096 };
enum frame_type { HELLO = 1, HELLO_ACK, REQUEST, RESPONSE, CANCEL, PING, PONG, GOAWAY, CONNECTION_ERROR };
enum { NOT_EXECUTED = 0x02, REPLAYED = 0x04 };
extern const uint8_t preface[PREFACE_BYTES];

struct frame {
  enum frame_type type;
  uint16_t code;
  uint32_t id;
  struct bytes payload;
};
/** Goes on from the CRC-32 of what came before. */
uint32_t crc(uint32_t before, const uint8_t *, size_t);
/** The bytes that the frame at `data` takes; 0 while it isn't whole, -1 when it is wrong. */
int64_t frame_read(const uint8_t *data, size_t count, struct frame *);

/** Memory that is taken back all at once. */
struct arena {
  struct chunk *chunks, *current;
  size_t used, total;
  ProtobufCAllocator allocator;
};
void arena_open(struct arena *);
void *arena_take(struct arena *, size_t);
void arena_reset(struct arena *);

struct request {
  uint32_t connection, serial, id;
  uint16_t method;
  uint16_t reason; /* an ErrorReason; 0: it was done */
  const char *message;
  bool is_replay;
  struct address address;
  int64_t amount, expected_version;
  struct row row;
  struct wallet wallet; /* what a read shows; of a mutation's wallet its currency and exponent */
};
static inline bool is_mutation(const struct request *r) {
  return r->method == WALLET__V1__METHOD__METHOD_DEBIT || r->method == WALLET__V1__METHOD__METHOD_CREDIT ||
         r->method == WALLET__V1__METHOD__METHOD_OPEN_WALLET;
}

void refuse(struct request *, Wallet__V1__ErrorReason, const char *message);
/** Sets `reason` when the frame's body can't be a command. */
void request_read(struct request *, const struct frame *, struct arena *);
/** Each writes one whole frame of at most REPLY_BYTES_MAX, and says how long it is. */
size_t reply_write(const struct request *, int64_t commit_seq, uint8_t *out);
size_t hello_ack_write(uint8_t *out);
size_t pong_write(const struct frame *, uint8_t *out);
size_t connection_error_write(const char *rule, uint8_t *out);
/** The client's name, in memory of its own; without bytes when HELLO can't be read. */
struct bytes hello_read(const struct frame *, struct arena *);

/* ---- ledger.c ---- */

struct ledger {
  struct store store;
  bool stores;
  struct request **posted;
  const struct row **rows;
  uint32_t *names; /* ids of wallets by the hashes of their names; 0 is free */
  uint64_t name_slots;
};
void ledger_open(struct ledger *, const struct options *, bool stores, uint32_t requests_max);
/** Decides all, commits what is to be written, fills in the results, and says what is durable. */
int64_t ledger_perform(struct ledger *, struct request *, uint32_t count, struct arena *);
void ledger_maintain(struct ledger *);
void ledger_close(struct ledger *);
#endif
