/* What a gather of requests does: decided in memory, committed at once. Refusals are answered and not recorded. */
#include "wire.h"
#include <stdlib.h>
#include <string.h>

void ledger_open(struct ledger *ledger, const struct options *options, bool stores, uint32_t requests_max) {
  *ledger = (struct ledger){.stores = stores, .name_slots = 1 << 18};
  store_open(&ledger->store, options);
  ledger->posted = allocated(requests_max, sizeof *ledger->posted);
  ledger->rows = allocated(requests_max, sizeof *ledger->rows);
  ledger->names = allocated(ledger->name_slots, sizeof *ledger->names);
}

static bool equal(struct bytes left, struct bytes right) {
  return left.n == right.n && memcmp(left.at, right.at, left.n) == 0;
}

/** The slot of the wallet with this name, or the free one where it belongs. */
static uint32_t *name_slot(struct ledger *ledger, struct bytes owner, struct bytes currency, struct bytes name) {
  uint64_t hash = 14695981039346656037u;
  const struct bytes parts[] = {owner, currency, name};
  for (int part = 0; part < 3; part++) {
    for (size_t index = 0; index < parts[part].n; index++) hash = (hash ^ parts[part].at[index]) * 1099511628211u;
    hash = (hash ^ 0xFF) * 1099511628211u;
  }
  for (uint64_t at = hash;; at++) {
    uint32_t *slot = &ledger->names[at % ledger->name_slots];
    const struct wallet *wallet = &ledger->store.wallets[*slot];
    if (*slot == 0 || (equal(wallet->owner, owner) && equal(wallet->currency, currency) && equal(wallet->name, name)))
      return slot;
  }
}

static void grow_names(struct ledger *ledger) {
  if ((uint64_t)ledger->store.wallet_count * 2 < ledger->name_slots) return;
  free(ledger->names);
  ledger->name_slots *= 2;
  ledger->names = allocated(ledger->name_slots, sizeof *ledger->names);
  for (int64_t id = 1; id <= ledger->store.wallet_count; id++) {
    const struct wallet *wallet = &ledger->store.wallets[id];
    *name_slot(ledger, wallet->owner, wallet->currency, wallet->name) = (uint32_t)id;
  }
}

static struct wallet *find(struct ledger *ledger, const struct address *address) {
  int64_t id = address->id;
  if (!id) id = *name_slot(ledger, address->owner, address->currency, address->name);
  return id >= 1 && id <= ledger->store.wallet_count ? &ledger->store.wallets[id] : NULL;
}

static int exponent_of(struct bytes currency) {
  static const struct { const char *code; int exponent; } known[] = {{"USD", 2}, {"EUR", 2}, {"GBP", 2}, {"JPY", 0}};
  for (size_t index = 0; index < sizeof known / sizeof *known; index++)
    if (equal(currency, (struct bytes){(const uint8_t *)known[index].code, 3})) return known[index].exponent;
  return -1;
}

#define REFUSE(reason, message) return refuse(request, WALLET__V1__ERROR_REASON__ERROR_REASON_##reason, message)

static struct bytes copied(struct bytes value) {
  uint8_t *copy = allocated(1, value.n + 1);
  memcpy(copy, value.at, value.n);
  return (struct bytes){copy, value.n};
}

/** Fills in the row of an OpenWallet. */
static struct wallet *open_wallet(struct ledger *ledger, struct request *request, struct arena *arena, int64_t micros) {
  struct wallet *wallet = store_add_wallet(&ledger->store);
  wallet->owner = copied(request->address.owner);
  wallet->currency = copied(request->address.currency);
  wallet->name = copied(request->address.name);
  wallet->exponent = exponent_of(wallet->currency);
  wallet->created_at = micros;
  *name_slot(ledger, wallet->owner, wallet->currency, wallet->name) = (uint32_t)wallet->id;
  grow_names(ledger);
  uint8_t *detail = arena_take(arena, 256);
  if (!detail) die(71, "the arena is too small");
  request->row.detail = (struct bytes){detail, open_detail(detail, &request->address, wallet->exponent)};
  return wallet;
}

static void decide(struct ledger *ledger, struct request *request, struct arena *arena, int64_t micros) {
  struct row *row = &request->row;
  struct wallet *wallet = find(ledger, &request->address);
  int64_t prior = ledger->stores ? store_seq_of_key(&ledger->store, row->key) : 0;
  if (wallet) request->wallet = *wallet;
  if (prior) {
    request->is_replay = true;
    row->seq = prior;
    return;
  }
  struct bytes currency = request->address.currency;
  if (currency.n && exponent_of(currency) < 0) REFUSE(CURRENCY_UNKNOWN, "currency");
  if (wallet && currency.n && !equal(currency, wallet->currency)) REFUSE(CURRENCY_MISMATCH, "currency");
  int64_t change = row->kind == DEBIT ? -request->amount : request->amount;
  if (row->kind == OPEN) {
    if (wallet) REFUSE(WALLET_EXISTS, "wallet");
    wallet = open_wallet(ledger, request, arena, micros);
  } else {
    if (!equal(row->counter_account, BYTES("sales")) && !equal(row->counter_account, BYTES("funding")))
      REFUSE(COUNTER_ACCOUNT_UNKNOWN, "counter_account");
    if (!wallet) REFUSE(WALLET_NOT_FOUND, "wallet");
    if (request->expected_version && request->expected_version != wallet->version) REFUSE(VERSION_CONFLICT, "version");
    if (row->kind == DEBIT && request->amount > wallet->balance) REFUSE(INSUFFICIENT_FUNDS, "funds");
    if (wallet->balance > INT64_MAX - (change > 0 ? change : 0)) REFUSE(AMOUNT_OVERFLOW, "balance");
  }
  wallet->balance += change;
  wallet->version++;
  wallet->updated_at = micros;
  row->seq = ++ledger->store.seq;
  row->wallet_id = wallet->id;
  row->version = wallet->version;
  row->amount = change;
  row->balance = wallet->balance;
  row->previous_seq = wallet->last_seq;
  row->created_at = micros;
  wallet->last_seq = row->seq;
  key_bytes(row->key, row->key_bytes);
  if (ledger->stores) store_remember(&ledger->store, row);
  request->wallet = *wallet;
}

static void replay(struct ledger *ledger, struct request *request, struct arena *arena) {
  struct row given = request->row;
  struct wallet *wallet = find(ledger, &request->address);
  given.amount = request->amount;
  given.wallet_id = wallet ? wallet->id : 0;
  struct address address = given.kind == OPEN ? request->address : (struct address){.id = given.wallet_id};
  request_digest(&given, &address, request->amount);
  uint8_t *text = arena_take(arena, ENCODED_BYTES_MAX);
  if (!text || !store_select(&ledger->store, given.seq, &request->row, text, ENCODED_BYTES_MAX))
    die(74, "row %lld is missing", (long long)given.seq);
  if (memcmp(given.request_digest, request->row.request_digest, REQUEST_DIGEST_BYTES) != 0)
    REFUSE(IDEMPOTENCY_MISMATCH, "the key was used for another request");
}

int64_t ledger_perform(struct ledger *ledger, struct request *requests, uint32_t count, struct arena *arena) {
  struct store *store = &ledger->store;
  int64_t micros = now_micros();
  uint32_t posted = 0;
  bool replays = false;
  for (uint32_t index = 0; index < count; index++) {
    struct request *request = &requests[index];
    if (request->reason || !is_mutation(request)) continue;
    decide(ledger, request, arena, micros);
    if (request->is_replay) replays = true;
    else if (!request->reason) ledger->posted[posted++] = request;
  }
  if (ledger->stores && (posted || replays)) {
    store_begin(store);
    for (uint32_t index = 0; index < posted; index++) {
      struct request *request = ledger->posted[index];
      struct row *row = &request->row;
      struct address address = row->kind == OPEN ? request->address : (struct address){.id = row->wallet_id};
      request_digest(row, &address, request->amount);
      seal(row, store->chain);
      if (!row->origin->id) store_add_origin(store, row->origin);
      ledger->rows[index] = row;
    }
    if (posted) store_insert(store, ledger->rows, posted);
    for (uint32_t index = 0; replays && index < count; index++)
      if (requests[index].is_replay) replay(ledger, &requests[index], arena);
    store_project(store);
    store_commit(store);
  }
  for (uint32_t index = 0; index < count; index++) {
    struct request *request = &requests[index];
    if (request->reason || is_mutation(request)) continue;
    struct wallet *wallet = find(ledger, &request->address);
    if (wallet) request->wallet = *wallet;
    else refuse(request, WALLET__V1__ERROR_REASON__ERROR_REASON_WALLET_NOT_FOUND, "wallet");
  }
  return store->seq;
}

void ledger_maintain(struct ledger *ledger) {
  if (ledger->stores) store_checkpoint(&ledger->store);
}

void ledger_close(struct ledger *ledger) {
  if (ledger->stores) store_close(&ledger->store);
}
