/* Structs and messages, and messages that are made to do harm. */
#include "convert.h"

#include <stdlib.h>

#include "test.h"
#include "wallet.pb-c.h"

static void the_tables_follow_the_messages(void) {
  for (unsigned type = 0; type <= WD_DETAIL; type++) {
    const wd_type *one = &wd_types[type];
    const ProtobufCMessageDescriptor *descriptor = one->descriptor;
    if (type != WD_DETAIL) {
      CHECK_TEXT(one->name, descriptor->short_name);
      CHECK_INT(one->fields_count, descriptor->n_fields);
    }
    for (size_t i = 0; i < one->fields_count; i++) {
      const wd_field *field = &one->fields[i];
      const ProtobufCFieldDescriptor *of = &descriptor->fields[field->place];
      CHECK_TEXT(field->name, of->name);
      CHECK_INT(field->tag, of->id);
      CHECK_INT((field->flags & WD_REPEATED) != 0, of->label == PROTOBUF_C_LABEL_REPEATED);
      CHECK_INT((field->flags & WD_ONEOF) != 0, (of->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0);
      static const ProtobufCType kinds[] = {PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_INT64,
          PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_BOOL, PROTOBUF_C_TYPE_ENUM, PROTOBUF_C_TYPE_MESSAGE,
          PROTOBUF_C_TYPE_MESSAGE};
      CHECK_INT(of->type, kinds[field->kind]);
    }
  }
}

static size_t pack(unsigned type, const void *value, uint8_t *bytes, size_t size) {
  wd_arena *arena = need(wd_arena_new(100, SIZE_MAX));
  ProtobufCMessage *message;
  const char *bad = NULL;
  CHECK(wd_to_message(arena, type, value, &message, &bad) == WD_CONVERTED);
  size_t length = protobuf_c_message_get_packed_size(message);
  CHECK(length <= size);
  protobuf_c_message_pack(message, bytes);
  wd_arena_free(arena);
  return length;
}

static void structs_come_back_as_they_went(void) {
  walletd_metadata_entry metadata[] = {{"a", "b"}, {"c", ""}};
  const char *scopes[] = {"read", "debit"};
  uint8_t secret[32] = {1, 0, 2};
  walletd_create_token_request given = {.principal = "till-7",
      .idempotency_key = "token-till-7",
      .reason = "new.till",
      .occurred_at_micros = INT64_MIN,
      .metadata = metadata,
      .metadata_count = 2,
      .dry_run = true,
      .credential = WALLETD_CREATE_TOKEN_REQUEST_CREDENTIAL_SECRET_DIGEST,
      .secret_digest = {.data = secret, .length = sizeof secret},
      .scopes = scopes,
      .scopes_count = 2,
      .max_amount = INT64_MAX};
  uint8_t bytes[500];
  size_t length = pack(WD_CREATE_TOKEN_REQUEST, &given, bytes, sizeof bytes);
  void *made = NULL;
  CHECK(wd_decode(WD_CREATE_TOKEN_REQUEST, bytes, length, &made) == WD_CONVERTED);
  walletd_create_token_request *back = need(made);
  CHECK_TEXT(back->principal, "till-7");
  CHECK_TEXT(back->note, "");
  CHECK(back->occurred_at_micros == INT64_MIN && back->max_amount == INT64_MAX && back->dry_run);
  CHECK_INT(back->metadata_count, 2);
  CHECK_TEXT(back->metadata[1].key, "c");
  CHECK_TEXT(back->metadata[1].value, "");
  CHECK_INT(back->credential, WALLETD_CREATE_TOKEN_REQUEST_CREDENTIAL_SECRET_DIGEST);
  CHECK(back->secret_digest.length == 32 && memcmp(back->secret_digest.data, secret, 32) == 0);
  CHECK_TEXT(back->scopes[1], "debit");
  CHECK(back->currencies_count == 0);
  walletd_free(back);
}

static void what_is_empty_is_left_out_unless_it_says_something(void) {
  uint8_t bytes[100];
  CHECK_INT(pack(WD_DEBIT_REQUEST, &(walletd_debit_request){.wallet = {.owner_id = ""}, .reason = ""}, bytes, 100), 0);
  CHECK_INT(pack(WD_SET_LIMITS_REQUEST, &(walletd_set_limits_request){0}, bytes, 100), 3); /* `limits` lifts all */
  walletd_watch_transactions_request from_start = {.start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_AFTER_SEQ};
  CHECK_INT(pack(WD_WATCH_TRANSACTIONS_REQUEST, &from_start, bytes, 100), 2);
  void *made = NULL;
  CHECK(wd_decode(WD_GET_WALLET_RESPONSE, NULL, 0, &made) == WD_CONVERTED);
  CHECK_TEXT(((walletd_get_wallet_response *)need(made))->wallet.owner_id, "");
  walletd_free(made);
  CHECK(wd_decode(WD_WATCH_EVENT, NULL, 0, &made) == WD_CONVERTED);
  CHECK(((walletd_watch_event *)need(made))->transaction == NULL);
  walletd_free(made);
}

static void texts_are_checked(void) {
  static const struct {
    const char *bytes;
    size_t length;
    bool good;
  } cases[] = {{"", 0, true}, {"abc", 3, true}, {"a\0b", 3, false}, {"\xc3\xa9", 2, true}, {"\xc3", 1, false},
      {"\xc0\x80", 2, false}, {"\xe2\x82\xac", 3, true}, {"\xed\xa0\x80", 3, false}, {"\xe0\x80\x80", 3, false},
      {"\xf0\x9f\x92\xb8", 4, true}, {"\xf0\x80\x80\x80", 4, false}, {"\xf4\x90\x80\x80", 4, false}, {"\xff", 1, false},
      {"\x80", 1, false}, {"\xe2\x82", 2, false}, {"\xf4\x8f\xbf\xbf", 4, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *copy = need(malloc(cases[i].length + 1));
    memcpy(copy, cases[i].bytes, cases[i].length);
    CHECK_INT(wd_is_text((uint8_t *)copy, cases[i].length), cases[i].good);
    free(copy);
  }
  void *made = NULL;
  const uint8_t nul[] = {0x12, 3, 'a', 0, 'b'}, broken[] = {0x12, 1, 0xff}; /* owner_id */
  CHECK(wd_decode(WD_WALLET_REF, nul, sizeof nul, &made) == WD_CONVERT_BAD && !made);
  CHECK(wd_decode(WD_WALLET_REF, broken, sizeof broken, &made) == WD_CONVERT_BAD && !made);
  wd_arena *arena = need(wd_arena_new(100, SIZE_MAX));
  ProtobufCMessage *message;
  const char *bad = NULL;
  walletd_debit_request request = {.wallet = {.owner_id = "\xff"}};
  CHECK(wd_to_message(arena, WD_DEBIT_REQUEST, &request, &message, &bad) == WD_CONVERT_BAD);
  CHECK_TEXT(bad, "owner_id");
  wd_arena_free(arena);
}

/* A frame of repeated empty messages unpacks to many times its size. */
static void an_answer_that_unpacks_to_a_multiple_is_refused(void) {
  size_t count = 2 * 1024 * 1024;
  uint8_t *bytes = need(malloc(2 * count));
  for (size_t i = 0; i < count; i++) bytes[2 * i] = 0x0a, bytes[2 * i + 1] = 0; /* transactions */
  void *made = NULL;
  CHECK(wd_decode(WD_LIST_TRANSACTIONS_RESPONSE, bytes, 2 * count, &made) == WD_CONVERT_BAD && !made);
  CHECK(wd_decode(WD_LIST_TRANSACTIONS_RESPONSE, bytes, 40, &made) == WD_CONVERTED); /* some are fine */
  CHECK_INT(((walletd_list_transactions_response *)need(made))->transactions_count, 20);
  walletd_free(made);
  free(bytes);
}

/* Puts bytes into a field of wire type 2. */
static size_t wrap(uint8_t *bytes, size_t length, unsigned tag) {
  uint8_t head[8];
  size_t size = 0;
  for (unsigned key = tag << 3 | 2; key; key >>= 7) head[size++] = (uint8_t)((key & 0x7f) | (key > 0x7f ? 0x80 : 0));
  size_t rest = length;
  do head[size++] = (uint8_t)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  while (rest >>= 7);
  memmove(bytes + size, bytes, length);
  memcpy(bytes, head, size);
  return length + size;
}

/* An Error can have an Error, so messages could nest to the end of the stack. */
static void errors_that_nest_are_refused(void) {
  enum { LEVELS = 8000 };
  uint8_t *bytes = need(malloc(LEVELS * 12 + 100));
  size_t length = 0;
  for (int i = 0; i < LEVELS; i++) length = wrap(bytes, wrap(bytes, length, 2), 29);
  CHECK(wd_too_deep(&wallet__v1__error__descriptor, bytes, length, 0));
  length = wrap(bytes, wrap(bytes, length, 5), 1);
  void *made = NULL;
  CHECK(wd_decode(WD_BATCH_RESPONSE, bytes, length, &made) == WD_CONVERT_BAD && !made);
  length = wrap(bytes, wrap(bytes, length, 3), 1);
  CHECK(wd_decode(WD_LIST_REFUSALS_RESPONSE, bytes, length, &made) == WD_CONVERT_BAD && !made);
  free(bytes);
  /* As deep as they may be. */
  uint8_t good[100] = {0x08, 33}; /* INSUFFICIENT_FUNDS */
  length = wrap(good, 2, 2);
  good[length++] = 0x08; /* the index */
  good[length++] = 3;
  length = wrap(good, length, 29);
  good[length++] = 0x08;
  good[length++] = 35; /* BATCH_ABORTED */
  length = wrap(good, wrap(good, length, 3), 1);
  CHECK(wd_decode(WD_LIST_REFUSALS_RESPONSE, good, length, &made) == WD_CONVERTED);
  const walletd_error *error = ((walletd_list_refusals_response *)need(made))->refusals[0].error;
  CHECK_INT(error->reason, WALLETD_REASON_BATCH_ABORTED);
  CHECK_INT(error->detail.batch_aborted.index, 3);
  CHECK_INT(error->detail.batch_aborted.cause->reason, WALLETD_REASON_INSUFFICIENT_FUNDS);
  walletd_free(made);
}

/* Whatever bytes come: a struct, or a refusal. The sanitizers see to the rest. */
static void random_bytes_do_no_harm(void) {
  unsigned random = 11, whole = 0;
  for (int i = 0; i < 20000; i++) {
    uint8_t stack[64];
    random = random * 1103515245 + 12345;
    size_t length = (random >> 16) % sizeof stack;
    uint8_t *bytes = need(malloc(length + 1));
    for (size_t n = 0; n < length; n++) {
      random = random * 1103515245 + 12345;
      bytes[n] = (random >> 12) % 3 ? (uint8_t)((random >> 16) % 40) : (uint8_t)(random >> 16);
    }
    void *made = NULL;
    whole += wd_decode((unsigned)i % (WD_DETAIL + 1), bytes, length, &made) == WD_CONVERTED;
    walletd_free(made);
    free(bytes);
  }
  CHECK(whole > 100);
}

LIST(convert_tests, T(the_tables_follow_the_messages), T(structs_come_back_as_they_went),
    T(what_is_empty_is_left_out_unless_it_says_something), T(texts_are_checked),
    T(an_answer_that_unpacks_to_a_multiple_is_refused), T(errors_that_nest_are_refused), T(random_bytes_do_no_harm));
