#include "wire.h"
#include <stdlib.h>
#include <string.h>

const uint8_t preface[PREFACE_BYTES] = "WRP/1\r\n";

/* ---- frames ---- */

static inline uint32_t load(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return __builtin_bswap32(value);
}

static inline void save(uint8_t *at, uint32_t value) {
  value = __builtin_bswap32(value);
  memcpy(at, &value, 4);
}

static inline uint32_t checksum(const uint8_t *frame, size_t payload) {
  return crc(crc(0, frame + 4, 12), frame + HEADER_BYTES, payload);
}

int64_t frame_read(const uint8_t *data, size_t count, struct frame *frame) {
  if (count < 4) return 0;
  uint32_t length = load(data);
  if (length < HEADER_BYTES - 4 || length > HEADER_BYTES - 4 + REQUEST_BYTES_MAX) return -1;
  if (count < 4 + (size_t)length) return 0;
  size_t payload = length - (HEADER_BYTES - 4);
  if (load(data + 16) != checksum(data, payload) || data[4] < HELLO || data[4] > PONG || data[5] & 0x0F) return -1;
  *frame = (struct frame){data[4], (uint16_t)(data[6] << 8 | data[7]), load(data + 8), {data + HEADER_BYTES, payload}};
  return 4 + (int64_t)length;
}

/** Puts the header before a payload that is there already. */
static size_t frame_end(uint8_t *out, enum frame_type type, uint8_t flags, uint16_t code, uint32_t id, size_t payload) {
  save(out, (uint32_t)(HEADER_BYTES - 4 + payload));
  out[4] = (uint8_t)type;
  out[5] = flags;
  out[6] = (uint8_t)(code >> 8);
  out[7] = (uint8_t)code;
  save(out + 8, id);
  save(out + 12, 0);
  save(out + 16, checksum(out, payload));
  return HEADER_BYTES + payload;
}

/* ---- arena ---- */

enum { CHUNK_BYTES = 1 << 20, ARENA_BYTES_MAX = 256 << 20 };
struct chunk {
  struct chunk *next;
  size_t size;
  uint8_t memory[] __attribute__((aligned(16)));
};

void *arena_take(struct arena *arena, size_t count) {
  count = (count + 15) & ~(size_t)15;
  if (count > ARENA_BYTES_MAX - arena->total) return NULL;
  while (!arena->current || arena->used + count > arena->current->size) {
    struct chunk *next = arena->current ? arena->current->next : arena->chunks;
    if (!next) {
      size_t size = count > CHUNK_BYTES ? count : CHUNK_BYTES;
      next = allocated(1, sizeof *next + size);
      next->size = size;
      if (arena->current) arena->current->next = next;
      else arena->chunks = next;
    }
    arena->current = next;
    arena->used = 0;
  }
  void *taken = arena->current->memory + arena->used;
  arena->used += count;
  arena->total += count;
  return taken;
}

static void *take(void *arena, size_t count) { return arena_take(arena, count); }
static void leave(void *arena, void *memory) { (void)arena, (void)memory; }
void arena_open(struct arena *arena) {
  *arena = (struct arena){.allocator = {.alloc = take, .free = leave, .allocator_data = arena}};
}
void arena_reset(struct arena *arena) {
  arena->current = NULL;
  arena->used = arena->total = 0;
}

/* ---- requests ---- */

enum { IDENTIFIER = 1, CODE = 2, CURRENCY = 4, TEXT = 8 };
static uint8_t alphabets[256];
__attribute__((constructor)) static void fill_alphabets(void) {
  for (int byte = 0x20; byte < 0x7F; byte++) alphabets[byte] = TEXT;
  for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *c; c++) alphabets[(uint8_t)*c] |= IDENTIFIER | CURRENCY;
  for (const char *c = "abcdefghijklmnopqrstuvwxyz._"; *c; c++) alphabets[(uint8_t)*c] |= IDENTIFIER | CODE;
  for (const char *c = "0123456789-"; *c; c++) alphabets[(uint8_t)*c] |= IDENTIFIER | CODE | CURRENCY;
  for (const char *c = ":@"; *c; c++) alphabets[(uint8_t)*c] |= IDENTIFIER;
}

void refuse(struct request *request, Wallet__V1__ErrorReason reason, const char *message) {
  if (request->reason) return;
  request->reason = (uint16_t)reason;
  request->message = message;
}

static void invalid(struct request *request, const char *rule) {
  refuse(request, WALLET__V1__ERROR_REASON__ERROR_REASON_INVALID_ARGUMENT, rule);
}

/** Text beyond ASCII is refused: the ceiling has no Unicode. */
static struct bytes text(struct request *request, ProtobufCBinaryData data, size_t max, uint8_t alphabet, const char *rule) {
  uint8_t all = alphabet;
  for (size_t index = 0; index < data.len; index++) all &= alphabets[data.data[index]];
  if (data.len > max || all != alphabet) invalid(request, rule);
  return (struct bytes){data.data, data.len};
}

static void read_address(struct request *request, const Wallet__V1__WalletRef *wallet) {
  if (!wallet) return invalid(request, "wallet is required");
  struct address *address = &request->address;
  address->id = wallet->id;
  address->owner = text(request, wallet->owner_id, 64, IDENTIFIER, "wallet.owner_id");
  address->currency = text(request, wallet->currency, 16, CURRENCY, "wallet.currency");
  address->name = text(request, wallet->name, 32, TEXT, "wallet.name");
  if (wallet->base.n_unknown_fields && is_mutation(request)) invalid(request, "wallet: unknown field");
  if (address->id < 0 || (address->id && (address->owner.n || address->name.n))) invalid(request, "wallet.id");
  if (address->id) return;
  if (!address->owner.n || !address->currency.n) invalid(request, "wallet.owner_id and wallet.currency are required");
  if (!address->name.n) address->name = BYTES("main");
}

/* The three mutations have these fields under the same names, and in structs of their own. */
#define READ_MUTATION(message)                                                                                    \
  read_address(request, (message)->wallet);                                                                       \
  row->reason = text(request, (message)->reason, 64, CODE, "reason");                                             \
  row->reference = text(request, (message)->reference, 128, TEXT, "reference");                                   \
  row->correlation_id = text(request, (message)->correlation_id, 64, IDENTIFIER, "correlation_id");               \
  row->note = text(request, (message)->note, 256, TEXT, "note");                                                  \
  row->on_behalf_of = text(request, (message)->on_behalf_of, 64, IDENTIFIER, "on_behalf_of");                     \
  row->occurred_at = (message)->occurred_at_micros;                                                               \
  if (!key_of((struct bytes){(message)->idempotency_key.data, (message)->idempotency_key.len}, &row->key))        \
    invalid(request, "idempotency_key: the ceiling takes only lower-case UUIDs");                                 \
  if (!row->reason.n || row->occurred_at < 0) invalid(request, "reason is required, occurred_at_micros from 0");  \
  if ((message)->base.n_unknown_fields) invalid(request, "unknown field");                                        \
  if ((message)->dry_run || (message)->n_metadata)                                                                \
    refuse(request, WALLET__V1__ERROR_REASON__ERROR_REASON_UNIMPLEMENTED, "dry_run and metadata");

void request_read(struct request *request, const struct frame *frame, struct arena *arena) {
  struct row *row = &request->row;
  const ProtobufCMessageDescriptor *type;
  request->method = frame->code;
  request->id = frame->id;
  switch (frame->code) {
    case WALLET__V1__METHOD__METHOD_DEBIT: type = &wallet__v1__debit_request__descriptor; break;
    case WALLET__V1__METHOD__METHOD_CREDIT: type = &wallet__v1__credit_request__descriptor; break;
    case WALLET__V1__METHOD__METHOD_OPEN_WALLET: type = &wallet__v1__open_wallet_request__descriptor; break;
    case WALLET__V1__METHOD__METHOD_GET_BALANCE: type = &wallet__v1__get_balance_request__descriptor; break;
    case WALLET__V1__METHOD__METHOD_GET_WALLET: type = &wallet__v1__get_wallet_request__descriptor; break;
    default: return refuse(request, WALLET__V1__ERROR_REASON__ERROR_REASON_UNIMPLEMENTED, "not in the ceiling");
  }
  ProtobufCMessage *message = protobuf_c_message_unpack(type, &arena->allocator, frame->payload.n, frame->payload.at);
  if (!message) return invalid(request, "the body doesn't parse");
  if (!is_mutation(request)) {
    /* GetBalance and GetWallet have the wallet in the same place. */
    return read_address(request, ((Wallet__V1__GetBalanceRequest *)message)->wallet);
  }
  if (frame->code == WALLET__V1__METHOD__METHOD_OPEN_WALLET) {
    row->kind = OPEN;
    READ_MUTATION((Wallet__V1__OpenWalletRequest *)message)
    if (request->address.id) invalid(request, "wallet.id is made by the server");
    return;
  }
  bool is_debit = frame->code == WALLET__V1__METHOD__METHOD_DEBIT;
  row->kind = is_debit ? DEBIT : CREDIT;
#define READ_POSTING(message)                                                                         \
  READ_MUTATION(message)                                                                              \
  request->amount = (message)->amount;                                                                \
  request->expected_version = (message)->expected_version;                                            \
  row->counter_account = text(request, (message)->counter_account, 32, CODE, "counter_account");
  if (is_debit) {
    READ_POSTING((Wallet__V1__DebitRequest *)message)
  } else {
    READ_POSTING((Wallet__V1__CreditRequest *)message)
  }
  if (request->amount <= 0 || request->expected_version < 0) invalid(request, "amount, expected_version");
  if (!row->counter_account.n) row->counter_account = is_debit ? BYTES("sales") : BYTES("funding");
}

struct bytes hello_read(const struct frame *frame, struct arena *arena) {
  Wallet__V1__Hello *hello = wallet__v1__hello__unpack(&arena->allocator, frame->payload.n, frame->payload.at);
  if (!hello || hello->client_name.len == 0 || hello->client_name.len > 64) return (struct bytes){NULL, 0};
  uint8_t *name = allocated(1, hello->client_name.len);
  memcpy(name, hello->client_name.data, hello->client_name.len);
  return (struct bytes){name, hello->client_name.len};
}

/* ---- replies ---- */

static inline ProtobufCBinaryData data(struct bytes value) { return (ProtobufCBinaryData){value.n, (uint8_t *)value.at}; }

static uint16_t status_of(uint16_t reason) {
  switch (reason) {
    case WALLET__V1__ERROR_REASON__ERROR_REASON_INVALID_FRAME:
    case WALLET__V1__ERROR_REASON__ERROR_REASON_INVALID_ARGUMENT: return 3;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_CURRENCY_UNKNOWN:
    case WALLET__V1__ERROR_REASON__ERROR_REASON_COUNTER_ACCOUNT_UNKNOWN:
    case WALLET__V1__ERROR_REASON__ERROR_REASON_WALLET_NOT_FOUND: return 5;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_IDEMPOTENCY_MISMATCH:
    case WALLET__V1__ERROR_REASON__ERROR_REASON_WALLET_EXISTS: return 6;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_CURRENCY_MISMATCH:
    case WALLET__V1__ERROR_REASON__ERROR_REASON_INSUFFICIENT_FUNDS: return 9;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_VERSION_CONFLICT: return 10;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_AMOUNT_OVERFLOW: return 11;
    case WALLET__V1__ERROR_REASON__ERROR_REASON_UNIMPLEMENTED: return 12;
  }
  return 13;
}

static size_t error_pack(uint16_t reason, const char *message, int64_t commit_seq, uint8_t *out) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  error.reason = (Wallet__V1__ErrorReason)reason;
  error.message = (ProtobufCBinaryData){strlen(message), (uint8_t *)message};
  error.commit_seq = commit_seq;
  return wallet__v1__error__pack(&error, out);
}

/* The reply of a mutation is written by hand: protobuf-c's generic way over thirty described fields, most of them empty,
 * takes four times as long, and it packs a message within a message one byte too early and then moves it. */

static inline uint8_t *varint(uint8_t *out, uint64_t value) {
  for (; value > 127; value >>= 7) *out++ = (uint8_t)value | 128;
  *out++ = (uint8_t)value;
  return out;
}

static inline uint8_t *tag(uint8_t *out, unsigned field, unsigned type) { return varint(out, field << 3 | type); }

static inline uint8_t *put(uint8_t *out, unsigned field, int64_t value) {
  return value ? varint(tag(out, field, 0), (uint64_t)value) : out;
}

static inline uint8_t *put_bytes(uint8_t *out, unsigned field, const void *at, size_t count) {
  if (!count) return out;
  out = varint(tag(out, field, 2), count);
  memcpy(out, at, count);
  return out + count;
}
#define PUT_TEXT(field, value) out = put_bytes(out, field, (value).at, (value).n)

static size_t mutation_pack(const struct request *request, uint8_t *const start) {
  const struct row *row = &request->row;
  char key[36];
  key_text(row->key, key);
  enum { PREFIX_BYTES = 3 }; /* of the transaction, which takes from 128 to 16,383 bytes: its digests alone take 52 */
  uint8_t *out = start + PREFIX_BYTES;
  out = put(out, 1, row->seq);
  out = put(out, 2, row->kind);
  out = put(out, 3, row->wallet_id);
  out = put(out, 4, row->version);
  out = put(out, 5, row->amount);
  out = put(out, 7, row->balance);
  PUT_TEXT(10, row->counter_account);
  PUT_TEXT(14, row->origin->actor);
  PUT_TEXT(15, row->on_behalf_of);
  PUT_TEXT(16, row->reason);
  PUT_TEXT(17, row->note);
  PUT_TEXT(18, row->reference);
  out = put_bytes(out, 19, key, sizeof key);
  out = put_bytes(out, 20, row->request_digest, REQUEST_DIGEST_BYTES);
  PUT_TEXT(21, row->correlation_id);
  PUT_TEXT(22, row->origin->source);
  PUT_TEXT(23, row->origin->client_name);
  out = put(out, 25, row->occurred_at);
  out = put(out, 26, row->created_at);
  PUT_TEXT(27, row->detail);
  out = put_bytes(out, 28, row->digest, DIGEST_BYTES);
  out = put(out, 30, 1); /* row_format */
  size_t inner = (size_t)(out - start) - PREFIX_BYTES;
  start[0] = 1 << 3 | 2;
  start[1] = (uint8_t)(inner & 127) | 128;
  start[2] = (uint8_t)(inner >> 7);
  out = put(out, 2, row->balance);
  out = put(out, 4, row->balance); /* available */
  out = put(out, 5, row->version);
  PUT_TEXT(6, request->wallet.currency);
  out = put(out, 7, request->wallet.exponent);
  out = put(out, 8, request->is_replay);
  out = put(out, 9, row->seq);
  return (size_t)(out - start);
}

static size_t balance_pack(const struct wallet *wallet, int64_t commit_seq, uint8_t *out) {
  Wallet__V1__GetBalanceResponse response = WALLET__V1__GET_BALANCE_RESPONSE__INIT;
  response.wallet_id = wallet->id;
  response.balance = response.available = wallet->balance;
  response.version = wallet->version;
  response.currency = data(wallet->currency);
  response.exponent = (uint32_t)wallet->exponent;
  response.commit_seq = commit_seq;
  return wallet__v1__get_balance_response__pack(&response, out);
}

static size_t wallet_pack(const struct wallet *wallet, int64_t commit_seq, uint8_t *out) {
  Wallet__V1__Wallet message = WALLET__V1__WALLET__INIT;
  message.id = wallet->id;
  message.owner_id = data(wallet->owner);
  message.currency = data(wallet->currency);
  message.exponent = (uint32_t)wallet->exponent;
  message.name = data(wallet->name);
  message.status = WALLET__V1__WALLET_STATUS__WALLET_STATUS_OPEN;
  message.balance = message.available = wallet->balance;
  message.version = wallet->version;
  message.created_at_micros = wallet->created_at;
  message.updated_at_micros = wallet->updated_at;
  message.created_by = message.updated_by = data(BYTES("local"));
  Wallet__V1__GetWalletResponse response = WALLET__V1__GET_WALLET_RESPONSE__INIT;
  response.wallet = &message;
  response.commit_seq = commit_seq;
  return wallet__v1__get_wallet_response__pack(&response, out);
}

size_t reply_write(const struct request *request, int64_t commit_seq, uint8_t *out) {
  uint8_t *payload = out + HEADER_BYTES;
  if (request->reason) {
    size_t count = error_pack(request->reason, request->message, commit_seq, payload);
    return frame_end(out, RESPONSE, NOT_EXECUTED, status_of(request->reason), request->id, count);
  }
  size_t count = is_mutation(request) ? mutation_pack(request, payload)
                 : request->method == WALLET__V1__METHOD__METHOD_GET_BALANCE
                     ? balance_pack(&request->wallet, commit_seq, payload)
                     : wallet_pack(&request->wallet, commit_seq, payload);
  return frame_end(out, RESPONSE, request->is_replay ? REPLAYED : 0, 0, request->id, count);
}

size_t hello_ack_write(uint8_t *out) {
  Wallet__V1__Limits limits = WALLET__V1__LIMITS__INIT;
  limits.request_bytes_max = limits.response_bytes_max = REQUEST_BYTES_MAX;
  Wallet__V1__HelloAck ack = WALLET__V1__HELLO_ACK__INIT;
  ack.version = ack.epoch = 1;
  ack.server_name = data(BYTES("ceiling"));
  ack.principal = data(BYTES("local"));
  ack.ledger_id = data(BYTES("ceiling"));
  ack.limits = &limits;
  ack.server_time_micros = now_micros();
  return frame_end(out, HELLO_ACK, 0, 0, 0, wallet__v1__hello_ack__pack(&ack, out + HEADER_BYTES));
}

size_t pong_write(const struct frame *ping, uint8_t *out) {
  memcpy(out + HEADER_BYTES, ping->payload.at, ping->payload.n);
  return frame_end(out, PONG, 0, 0, ping->id, ping->payload.n);
}

size_t connection_error_write(const char *rule, uint8_t *out) {
  size_t count = error_pack(WALLET__V1__ERROR_REASON__ERROR_REASON_INVALID_FRAME, rule, 0, out + HEADER_BYTES);
  return frame_end(out, CONNECTION_ERROR, 0, 0, 0, count);
}
