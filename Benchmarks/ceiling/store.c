/* The tables, and the projections that trail the journal inside its own commits. */
#include "ceiling.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE origins (origin_id INTEGER PRIMARY KEY, actor TEXT NOT NULL, source TEXT NOT NULL,"
    " client_name TEXT NOT NULL, UNIQUE (actor, source, client_name)) STRICT;"
    "CREATE TABLE wallets (wallet_id INTEGER PRIMARY KEY, owner_id TEXT NOT NULL, currency TEXT NOT NULL,"
    " name TEXT NOT NULL, exponent INTEGER NOT NULL, status INTEGER NOT NULL, balance INTEGER NOT NULL,"
    " held INTEGER NOT NULL, overdraft_limit INTEGER NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " created_by TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT NOT NULL, last_seq INTEGER NOT NULL,"
    " UNIQUE (owner_id, currency, name), CHECK (held >= 0 AND balance - held + overdraft_limit >= 0)) STRICT;"
    "CREATE TABLE transactions (seq INTEGER PRIMARY KEY, format INTEGER NOT NULL, lane INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, wallet_id INTEGER NOT NULL, version INTEGER NOT NULL, amount INTEGER NOT NULL,"
    " held_change INTEGER NOT NULL, balance INTEGER NOT NULL, held INTEGER NOT NULL, overdraft_limit INTEGER NOT NULL,"
    " counter_account TEXT, counter_wallet_id INTEGER, hold_id INTEGER, related_seq INTEGER, previous_seq INTEGER,"
    " origin_id INTEGER NOT NULL, on_behalf_of TEXT, reason TEXT, note TEXT, reference TEXT, idempotency_key ANY,"
    " request_digest BLOB, correlation_id TEXT, metadata TEXT, occurred_at INTEGER, created_at INTEGER NOT NULL,"
    " detail BLOB, digest BLOB NOT NULL) STRICT;"
    "CREATE TABLE idempotency (key ANY PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE reference_index (block INTEGER NOT NULL, hash INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " PRIMARY KEY (block, hash, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE projections (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions"
    " BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;"
    "CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions"
    " BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;";

enum { COMMIT_UNKNOWN_STATUS = 74 };

static void must(struct store *store, int code, int expected) {
  if (code != expected) die(COMMIT_UNKNOWN_STATUS, "SQLite: %d: %s", code, sqlite3_errmsg(store->database));
}

static void execute(struct store *store, const char *sql) {
  must(store, sqlite3_exec(store->database, sql, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3_stmt *prepared(struct store *store, const char *sql) {
  sqlite3_stmt *statement = NULL;
  must(store, sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK);
  return statement;
}

static void run(struct store *store, sqlite3_stmt *statement) {
  must(store, sqlite3_step(statement), SQLITE_DONE);
  must(store, sqlite3_reset(statement), SQLITE_OK);
}

/* ---- feeds ----
 * Rows go in by `INSERT INTO … SELECT … FROM feed`, where the feed is a virtual table over rows in memory: one statement
 * for many rows, whose cursor stays where the last row went, instead of a statement and a descent for each. */

struct feed_table {
  sqlite3_vtab base;
  struct store *store;
};
struct feed_cursor {
  sqlite3_vtab_cursor base;
  struct feed *feed;
  uint32_t at;
};

static int feed_connect(sqlite3 *database, void *store, int argc, const char *const *argv, sqlite3_vtab **out,
                        char **error) {
  (void)argc, (void)argv, (void)error;
  struct feed_table *table = sqlite3_malloc(sizeof *table);
  if (!table) return SQLITE_NOMEM;
  memset(table, 0, sizeof *table);
  table->store = store;
  *out = &table->base;
  return sqlite3_declare_vtab(database, "CREATE TABLE feed (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)");
}

static int feed_disconnect(sqlite3_vtab *table) {
  sqlite3_free(table);
  return SQLITE_OK;
}

static int feed_plan(sqlite3_vtab *table, sqlite3_index_info *plan) {
  (void)table;
  plan->estimatedCost = 1;
  plan->estimatedRows = 1;
  return SQLITE_OK;
}

static int feed_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
  (void)table;
  struct feed_cursor *cursor = sqlite3_malloc(sizeof *cursor);
  if (!cursor) return SQLITE_NOMEM;
  *cursor = (struct feed_cursor){.base = {NULL}};
  *out = &cursor->base;
  return SQLITE_OK;
}

static int feed_close(sqlite3_vtab_cursor *cursor) {
  sqlite3_free(cursor);
  return SQLITE_OK;
}

/** The least entry of the runs that wasn't taken yet; there must be one. */
static uint64_t merged(struct block *block) {
  uint64_t least = UINT64_MAX;
  uint32_t from = 0;
  for (uint32_t run = 0; run < block->runs; run++) {
    uint64_t head = block->next[run] < block->ends[run] ? block->entries[block->next[run]] : UINT64_MAX;
    if (head < least) least = head, from = run;
  }
  block->next[from]++;
  return least;
}

static int feed_filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc, sqlite3_value **argv) {
  (void)number, (void)text, (void)argc, (void)argv;
  struct feed_cursor *cursor = (struct feed_cursor *)base;
  cursor->feed = &((struct feed_table *)base->pVtab)->store->feed;
  cursor->at = cursor->feed->from;
  if (cursor->feed->kind == FEED_REFERENCES) cursor->feed->entry = merged(cursor->feed->block);
  return SQLITE_OK;
}

static int feed_next(sqlite3_vtab_cursor *base) {
  struct feed_cursor *cursor = (struct feed_cursor *)base;
  if (++cursor->at < cursor->feed->until && cursor->feed->kind == FEED_REFERENCES)
    cursor->feed->entry = merged(cursor->feed->block);
  return SQLITE_OK;
}

static int feed_is_done(sqlite3_vtab_cursor *base) {
  struct feed_cursor *cursor = (struct feed_cursor *)base;
  return cursor->at >= cursor->feed->until;
}

static int feed_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  *rowid = ((struct feed_cursor *)base)->at;
  return SQLITE_OK;
}

static void result_text(sqlite3_context *context, struct bytes value) {
  if (value.n) sqlite3_result_text(context, (const char *)value.at, (int)value.n, SQLITE_STATIC);
}

static void row_column(const struct row *row, sqlite3_context *context, int column) {
  switch (column) {
    case 0: sqlite3_result_int64(context, row->seq); break;
    case 1: sqlite3_result_int64(context, row->kind); break;
    case 2: sqlite3_result_int64(context, row->wallet_id); break;
    case 3: sqlite3_result_int64(context, row->version); break;
    case 4: sqlite3_result_int64(context, row->amount); break;
    case 5: sqlite3_result_int64(context, row->balance); break;
    case 6: result_text(context, row->counter_account); break;
    case 7: if (row->previous_seq) sqlite3_result_int64(context, row->previous_seq); break;
    case 8: sqlite3_result_int64(context, row->origin->id); break;
    case 9: result_text(context, row->on_behalf_of); break;
    case 10: result_text(context, row->reason); break;
    case 11: result_text(context, row->note); break;
    case 12: result_text(context, row->reference); break;
    case 13: sqlite3_result_blob(context, row->key_bytes, sizeof row->key_bytes, SQLITE_STATIC); break;
    case 14: sqlite3_result_blob(context, row->request_digest, REQUEST_DIGEST_BYTES, SQLITE_STATIC); break;
    case 15: result_text(context, row->correlation_id); break;
    case 16: if (row->occurred_at) sqlite3_result_int64(context, row->occurred_at); break;
    case 17: sqlite3_result_int64(context, row->created_at); break;
    case 18: if (row->detail.n) sqlite3_result_blob(context, row->detail.at, (int)row->detail.n, SQLITE_STATIC); break;
    case 19: sqlite3_result_blob(context, row->digest, DIGEST_BYTES, SQLITE_STATIC); break;
  }
}

static void wallet_column(const struct wallet *wallet, sqlite3_context *context, int column) {
  switch (column) {
    case 0: sqlite3_result_int64(context, wallet->id); break;
    case 1: result_text(context, wallet->owner); break;
    case 2: result_text(context, wallet->currency); break;
    case 3: result_text(context, wallet->name); break;
    case 4: sqlite3_result_int64(context, wallet->exponent); break;
    case 5: sqlite3_result_int64(context, wallet->balance); break;
    case 6: sqlite3_result_int64(context, wallet->version); break;
    case 7: sqlite3_result_int64(context, wallet->created_at); break;
    case 8: sqlite3_result_int64(context, wallet->updated_at); break;
    case 9: sqlite3_result_int64(context, wallet->last_seq); break;
  }
}

static int feed_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
  struct feed_cursor *cursor = (struct feed_cursor *)base;
  const struct feed *feed = cursor->feed;
  switch (feed->kind) {
    case FEED_ROWS: row_column(feed->rows[cursor->at], context, column); break;
    case FEED_WALLETS: wallet_column(&feed->wallets[feed->ids[cursor->at]], context, column); break;
    case FEED_KEYS: {
      uint32_t place = feed->generation->order[cursor->at] & (GENERATION_ROWS - 1);
      if (column == 1) {
        sqlite3_result_int64(context, feed->generation->number * GENERATION_ROWS + place);
      } else {
        static uint8_t blob[16];
        key_bytes(feed->generation->keys[place], blob);
        sqlite3_result_blob(context, blob, sizeof blob, SQLITE_STATIC);
      }
      break;
    }
    case FEED_REFERENCES:
      if (column == 0) sqlite3_result_int64(context, feed->block->number);
      else if (column == 1) sqlite3_result_int64(context, (int32_t)((uint32_t)(feed->entry >> 32) ^ 0x80000000));
      else sqlite3_result_int64(context, feed->block->number * BLOCK_ROWS + (int64_t)(feed->entry & 0xFFFFFFFF));
      break;
  }
  return SQLITE_OK;
}

static const sqlite3_module feed_module = {
    .xConnect = feed_connect, .xBestIndex = feed_plan, .xDisconnect = feed_disconnect, .xOpen = feed_open,
    .xClose = feed_close, .xFilter = feed_filter, .xNext = feed_next, .xEof = feed_is_done, .xColumn = feed_column,
    .xRowid = feed_rowid};

static void set_pragma(struct store *store, const char *name, const char *value, const char *reads) {
  char sql[128];
  snprintf(sql, sizeof sql, "PRAGMA %s = %s", name, value);
  execute(store, sql);
  snprintf(sql, sizeof sql, "PRAGMA %s", name);
  sqlite3_stmt *statement = prepared(store, sql);
  must(store, sqlite3_step(statement), SQLITE_ROW);
  const char *found = (const char *)sqlite3_column_text(statement, 0);
  if (!found || strcmp(found, reads) != 0) die(71, "%s is %s, not %s", name, found ? found : "NULL", reads);
  must(store, sqlite3_finalize(statement), SQLITE_OK);
}

static int count_frames(void *store, sqlite3 *database, const char *name, int frames) {
  (void)database, (void)name;
  struct store *self = store;
  self->frames_total += frames > self->frames ? frames - self->frames : frames;
  self->frames = frames;
  return SQLITE_OK;
}

bool option(struct options *options, const char *flag, const char *value) {
  long long number = value ? strtoll(value, NULL, 10) : 0;
  if (!strcmp(flag, "--data")) options->folder = value;
  else if (!strcmp(flag, "--page-size")) options->page_size = (int)number;
  else if (!strcmp(flag, "--cache-kib")) options->cache_kib = (int)number;
  else if (!strcmp(flag, "--mmap")) options->mmap_bytes = number;
  else if (!strcmp(flag, "--checkpoint-frames")) options->checkpoint_frames = (int)number;
  else if (!strcmp(flag, "--share")) options->share = (int)number;
  else if (!strcmp(flag, "--wallet-rows")) options->wallet_rows = (int)number;
  else if (!strcmp(flag, "--coalesce")) options->coalesces = number != 0;
  else return false;
  return true;
}

static struct generation *new_generation(void) {
  struct generation *generation = allocated(1, sizeof *generation);
  generation->keys = allocated(GENERATION_ROWS, sizeof *generation->keys);
  generation->order = allocated(GENERATION_ROWS, sizeof *generation->order);
  generation->slots = allocated(KEY_SLOTS, sizeof *generation->slots);
  return generation;
}

static struct block *new_block(void) {
  struct block *block = allocated(1, sizeof *block);
  block->entries = allocated(BLOCK_ROWS, sizeof *block->entries);
  return block;
}

void store_open(struct store *store, const struct options *options) {
  char path[PATH_MAX], text[64];
  memset(store, 0, sizeof *store);
  store->options = *options;
  if (!options->folder || snprintf(path, sizeof path, "%s/ledger.db", options->folder) >= (int)sizeof path)
    die(64, "--data FOLDER is needed");
  if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
    die(71, "SQLite can't be configured");
  if (sqlite3_initialize() != SQLITE_OK) die(71, "SQLite can't be initialised");
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2(path, &store->database, flags, options->coalesces ? coalescing_vfs() : NULL);
  if (code != SQLITE_OK) die(71, "%s can't be opened: %s", path, sqlite3_errstr(code));
  snprintf(text, sizeof text, "%d", options->page_size);
  set_pragma(store, "page_size", text, text);
  set_pragma(store, "journal_mode", "WAL", "wal");
  set_pragma(store, "synchronous", "FULL", "2");
  set_pragma(store, "wal_autocheckpoint", "0", "0");
  set_pragma(store, "secure_delete", "0", "0");
  snprintf(text, sizeof text, "-%d", options->cache_kib);
  set_pragma(store, "cache_size", text, text);
  snprintf(text, sizeof text, "%lld", (long long)options->mmap_bytes);
  set_pragma(store, "mmap_size", text, text);
  if (sqlite3_create_module(store->database, "feed", &feed_module, store) != SQLITE_OK) die(71, "no feed");
  sqlite3_wal_hook(store->database, count_frames, store);
  execute(store, "BEGIN IMMEDIATE");
  /* The ceiling begins with an empty ledger; this fails on any other. */
  execute(store, schema);
  execute(store, "COMMIT");

  store->begin = prepared(store, "BEGIN IMMEDIATE");
  store->commit = prepared(store, "COMMIT");
  store->insert_rows = prepared(store, "INSERT INTO transactions SELECT a,1,0,b,c,d,e,0,f,0,0,g,NULL,NULL,NULL,h,i,j,"
                                       "k,l,m,n,o,p,NULL,q,r,s,t FROM feed");
  store->select_row = prepared(store, "SELECT * FROM transactions WHERE seq = ?1");
  store->insert_keys = prepared(store, "INSERT INTO idempotency SELECT a, b FROM feed");
  store->select_key = prepared(store, "SELECT seq FROM idempotency WHERE key = ?1");
  store->insert_references = prepared(store, "INSERT INTO reference_index SELECT a, b, c FROM feed");
  store->upsert_wallets = prepared(
      store, "INSERT INTO wallets SELECT a, b, c, d, e, 1, f, 0, 0, g, h, 'local', i, 'local', j FROM feed WHERE true"
             " ON CONFLICT (wallet_id) DO UPDATE SET balance = excluded.balance, version = excluded.version,"
             " updated_at = excluded.updated_at, last_seq = excluded.last_seq");
  store->insert_origin = prepared(store, "INSERT INTO origins VALUES (?1, ?2, ?3, ?4)");
  store->set_watermark = prepared(store, "INSERT INTO projections VALUES (?1, ?2)"
                                         " ON CONFLICT (name) DO UPDATE SET seq = excluded.seq");
  sha256((const uint8_t *)"walletd ledger ceiling", 22, store->chain);
  store->growing = new_generation();
  store->frozen = new_generation();
  store->growing_block = new_block();
  store->frozen_block = new_block();
  store->spare = allocated(RUN_ROWS, sizeof *store->spare);
}

/* ---- memory ---- */

struct wallet *store_add_wallet(struct store *store) {
  if (store->wallet_count + 1 >= store->wallet_room) {
    int64_t room = store->wallet_room ? store->wallet_room * 2 : 1 << 16;
    store->wallets = realloc(store->wallets, (size_t)room * sizeof *store->wallets);
    store->dirty = realloc(store->dirty, (size_t)room / 8);
    if (!store->wallets || !store->dirty) die(71, "out of memory");
    memset((uint8_t *)store->dirty + store->wallet_room / 8, 0, (size_t)(room - store->wallet_room) / 8);
    store->wallet_room = room;
  }
  struct wallet *wallet = &store->wallets[++store->wallet_count];
  *wallet = (struct wallet){.id = store->wallet_count};
  return wallet;
}

static inline uint64_t hash_of(struct key key) { return (key.low ^ key.high * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93; }

/** The slot of a key, or the free one where it belongs. */
static inline uint32_t *slot_of(struct generation *generation, struct key key, uint64_t hash) {
  uint32_t tag = (uint32_t)hash >> 17;
  for (uint32_t at = (uint32_t)(hash >> 32);; at++) {
    uint32_t *slot = &generation->slots[at % KEY_SLOTS];
    if (*slot == 0) return slot;
    if (*slot >> 17 != tag) continue;
    struct key found = generation->keys[(*slot & 0x1FFFF) - 1];
    if (found.high == key.high && found.low == key.low) return slot;
  }
}

static inline bool is_greater(struct key left, struct key right) {
  return left.high > right.high || (left.high == right.high && left.low > right.low);
}

int64_t store_seq_of_key(struct store *store, struct key key) {
  uint64_t hash = hash_of(key);
  for (int index = 0; index < 2; index++) {
    struct generation *generation = index == 0 ? store->growing : store->frozen;
    uint32_t slot = generation->count ? *slot_of(generation, key, hash) : 0;
    if (slot) return generation->number * GENERATION_ROWS + (slot & 0x1FFFF) - 1;
  }
  if (is_greater(key, store->greatest_key)) return 0;
  uint8_t blob[16];
  key_bytes(key, blob);
  must(store, sqlite3_bind_blob(store->select_key, 1, blob, sizeof blob, SQLITE_STATIC), SQLITE_OK);
  int code = sqlite3_step(store->select_key);
  int64_t seq = code == SQLITE_ROW ? sqlite3_column_int64(store->select_key, 0) : 0;
  if (code != SQLITE_ROW) must(store, code, SQLITE_DONE);
  must(store, sqlite3_reset(store->select_key), SQLITE_OK);
  return seq;
}

static uint32_t fnv1a(struct bytes value) {
  uint32_t hash = 2166136261u;
  for (size_t index = 0; index < value.n; index++) hash = (hash ^ value.at[index]) * 16777619u;
  return hash;
}

/** Sorts by the bits from `shift` up, least first; leaves out bytes that are the same everywhere. */
static void sort(uint64_t *items, uint64_t *spare, uint32_t count, int shift) {
  uint64_t *from = items, *to = spare;
  for (; shift < 64; shift += 8) {
    uint32_t starts[257] = {0};
    for (uint32_t i = 0; i < count; i++) starts[(from[i] >> shift & 255) + 1]++;
    if (count == 0 || starts[(from[0] >> shift & 255) + 1] == count) continue;
    for (int i = 0; i < 256; i++) starts[i + 1] += starts[i];
    for (uint32_t i = 0; i < count; i++) to[starts[from[i] >> shift & 255]++] = from[i];
    uint64_t *swap = from;
    from = to;
    to = swap;
  }
  if (from != items) memcpy(items, from, count * sizeof *items);
}

static void write_keys(struct store *, uint32_t until);
static void write_references(struct store *, uint32_t until);

/** Puts the places of a generation's keys into the order of the keys. */
static void order_keys(struct store *store, struct generation *generation) {
  uint64_t least = UINT64_MAX, greatest = 0;
  uint32_t first = generation->first, count = generation->count;
  for (uint32_t at = first; at < first + count; at++) {
    uint64_t high = generation->keys[at].high;
    if (high < least) least = high;
    if (high > greatest) greatest = high;
  }
  /* The high halves of time-ordered keys lie close together: 48 bits tell nearly all of them apart. */
  int shift = 0;
  while ((greatest - least) >> shift >> 48) shift++;
  for (uint32_t at = first; at < first + count; at++)
    generation->order[at - first] = (generation->keys[at].high - least) >> shift << 16 | at;
  sort(generation->order, store->spare, count, 16);
  for (uint32_t index = 1; index < count; index++) {
    uint64_t item = generation->order[index];
    uint32_t at = index;
    for (; at > 0 && is_greater(generation->keys[generation->order[at - 1] & 0xFFFF], generation->keys[item & 0xFFFF]); at--)
      generation->order[at] = generation->order[at - 1];
    generation->order[at] = item;
  }
}

/** The growing keys become the frozen ones; what was left of those is written. */
static void freeze_keys(struct store *store) {
  struct generation *old = store->frozen, *next = store->growing;
  if (store->options.projections) {
    if (old->written < old->count) write_keys(store, old->count);
    order_keys(store, next);
  }
  memset(old->slots, 0, KEY_SLOTS * sizeof *old->slots);
  old->count = old->written = 0;
  store->growing = old;
  store->frozen = next;
}

static void end_run(struct store *store, struct block *block) {
  if (block->count == block->run_start) return;
  sort(block->entries + block->run_start, store->spare, block->count - block->run_start, 32);
  block->next[block->runs] = block->run_start;
  block->ends[block->runs++] = block->run_start = block->count;
}

static void freeze_references(struct store *store) {
  struct block *old = store->frozen_block, *next = store->growing_block;
  if (store->options.projections && old->written < old->count) write_references(store, old->count);
  end_run(store, next);
  old->count = old->written = old->runs = old->run_start = 0;
  store->growing_block = old;
  store->frozen_block = next;
}

void store_remember(struct store *store, const struct row *row) {
  struct generation *generation = store->growing;
  if (generation->count && generation->number != row->seq / GENERATION_ROWS) {
    freeze_keys(store);
    generation = store->growing;
  }
  uint32_t place = (uint32_t)(row->seq % GENERATION_ROWS);
  if (generation->count++ == 0) generation->number = row->seq / GENERATION_ROWS, generation->first = place;
  uint64_t hash = hash_of(row->key);
  generation->keys[place] = row->key;
  *slot_of(generation, row->key, hash) = (uint32_t)hash >> 17 << 17 | (place + 1);

  struct block *block = store->growing_block;
  if (row->reference.n) {
    if (block->count && block->number != row->seq / BLOCK_ROWS) {
      freeze_references(store);
      block = store->growing_block;
    }
    block->number = row->seq / BLOCK_ROWS;
    block->last_seq = row->seq;
    uint64_t biased = fnv1a(row->reference) ^ 0x80000000;
    block->entries[block->count++] = biased << 32 | (uint64_t)(row->seq % BLOCK_ROWS);
    if (block->count - block->run_start == RUN_ROWS) end_run(store, block);
  }
  store->dirty[row->wallet_id / 64] |= 1ULL << (row->wallet_id % 64);
}

/* ---- journal ---- */

#define BIND_INT(statement, place, value) code |= sqlite3_bind_int64(statement, place, value)
#define BIND_TEXT(statement, place, value) \
  code |= sqlite3_bind_text(statement, place, (const char *)(value).at, (int)(value).n, SQLITE_STATIC)
#define BIND_BLOB(statement, place, data, count) code |= sqlite3_bind_blob(statement, place, data, count, SQLITE_STATIC)

void store_begin(struct store *store) { run(store, store->begin); }

void store_insert(struct store *store, const struct row *const *rows, uint32_t count) {
  store->feed = (struct feed){.kind = FEED_ROWS, .rows = rows, .until = count};
  run(store, store->insert_rows);
}

void store_add_origin(struct store *store, struct origin *origin) {
  sqlite3_stmt *s = store->insert_origin;
  int code = sqlite3_bind_null(s, 1);
  BIND_TEXT(s, 2, origin->actor);
  BIND_TEXT(s, 3, origin->source);
  BIND_TEXT(s, 4, origin->client_name);
  must(store, code, SQLITE_OK);
  run(store, s);
  origin->id = sqlite3_last_insert_rowid(store->database);
  if (origin->id >= ORIGINS_MAX) die(71, "there are too many origins");
  store->origins[origin->id] = origin;
}

bool store_select(struct store *store, int64_t seq, struct row *row, uint8_t *room, size_t room_count) {
  sqlite3_stmt *s = store->select_row;
  must(store, sqlite3_bind_int64(s, 1, seq), SQLITE_OK);
  int code = sqlite3_step(s);
  if (code != SQLITE_ROW) {
    must(store, code, SQLITE_DONE);
    must(store, sqlite3_reset(s), SQLITE_OK);
    return false;
  }
  *row = (struct row){
      .seq = seq, .kind = (enum kind)sqlite3_column_int(s, 3), .wallet_id = sqlite3_column_int64(s, 4),
      .version = sqlite3_column_int64(s, 5), .amount = sqlite3_column_int64(s, 6),
      .balance = sqlite3_column_int64(s, 8), .previous_seq = sqlite3_column_int64(s, 15),
      .origin = store->origins[sqlite3_column_int64(s, 16) % ORIGINS_MAX], .occurred_at = sqlite3_column_int64(s, 25),
      .created_at = sqlite3_column_int64(s, 26)};
  struct { int column; struct bytes *target; } texts[] = {
      {11, &row->counter_account}, {17, &row->on_behalf_of}, {18, &row->reason}, {19, &row->note},
      {20, &row->reference}, {23, &row->correlation_id}, {27, &row->detail}};
  struct { int column; size_t count; uint8_t *target; } blobs[] = {
      {21, sizeof row->key_bytes, row->key_bytes}, {22, REQUEST_DIGEST_BYTES, row->request_digest},
      {28, DIGEST_BYTES, row->digest}};
  for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
    const void *found = sqlite3_column_blob(s, texts[index].column);
    size_t count = (size_t)sqlite3_column_bytes(s, texts[index].column);
    if (count > room_count) die(74, "row %lld is too long", (long long)seq);
    if (count) memcpy(room, found, count);
    *texts[index].target = (struct bytes){room, count};
    room += count;
    room_count -= count;
  }
  for (size_t index = 0; index < sizeof blobs / sizeof *blobs; index++) {
    const void *found = sqlite3_column_blob(s, blobs[index].column);
    if ((size_t)sqlite3_column_bytes(s, blobs[index].column) != blobs[index].count) die(74, "row %lld", (long long)seq);
    memcpy(blobs[index].target, found, blobs[index].count);
  }
  row->key = key_of_bytes(row->key_bytes);
  must(store, sqlite3_reset(s), SQLITE_OK);
  return true;
}

void store_commit(struct store *store) { run(store, store->commit); }

void store_checkpoint(struct store *store) {
  if (store->frames < store->options.checkpoint_frames) return;
  int code = sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  must(store, code, SQLITE_OK);
  store->frames = 0;
}

/* ---- projections ---- */

static void watermark(struct store *store, const char *name, int64_t seq) {
  int code = sqlite3_bind_text(store->set_watermark, 1, name, -1, SQLITE_STATIC);
  BIND_INT(store->set_watermark, 2, seq);
  must(store, code, SQLITE_OK);
  run(store, store->set_watermark);
}

static void write_keys(struct store *store, uint32_t until) {
  struct generation *frozen = store->frozen;
  store->feed = (struct feed){.kind = FEED_KEYS, .generation = frozen, .from = frozen->written, .until = until};
  run(store, store->insert_keys);
  frozen->written = until;
  if (until != frozen->count) return;
  struct key last = frozen->keys[frozen->order[until - 1] & 0xFFFF];
  if (is_greater(last, store->greatest_key)) store->greatest_key = last;
  watermark(store, "keys", frozen->number * GENERATION_ROWS + frozen->first + frozen->count - 1);
}

static void write_references(struct store *store, uint32_t until) {
  struct block *frozen = store->frozen_block;
  store->feed = (struct feed){.kind = FEED_REFERENCES, .block = frozen, .from = frozen->written, .until = until};
  run(store, store->insert_references);
  frozen->written = until;
  if (until == frozen->count) watermark(store, "references", frozen->last_seq);
}

/** Writes the dirty wallets with ids from `sweep_next` to below `until`, as they are now. */
static void write_wallets(struct store *store, int64_t until) {
  while (store->sweep_next < until) {
    struct feed feed = {.kind = FEED_WALLETS, .wallets = store->wallets, .ids = store->sweep_ids};
    while (store->sweep_next < until && feed.until < SWEEP_IDS_MAX) {
      int64_t id = store->sweep_next;
      uint64_t bits = store->dirty[id / 64] >> (id % 64);
      store->sweep_next = bits ? id + __builtin_ctzll(bits) : (id / 64 + 1) * 64;
      if (!bits || store->sweep_next >= until) continue;
      id = store->sweep_next++;
      store->sweep_ids[feed.until++] = id;
      store->dirty[id / 64] &= ~(1ULL << (id % 64));
    }
    store->feed = feed;
    if (feed.until) run(store, store->upsert_wallets);
  }
  store->sweep_next = until;
}

/** Sweeps over all wallets once for each `wallet_rows` rows. */
static void sweep(struct store *store, int64_t share) {
  int64_t length = store->sweep_end - 1;
  int64_t target = 1 + length * (store->seq - store->sweep_from_seq) / store->options.wallet_rows;
  if (target > store->sweep_end) target = store->sweep_end;
  if (target - store->sweep_next >= share || target == store->sweep_end) write_wallets(store, target);
  if (store->sweep_next < store->sweep_end) return;
  if (store->sweep_end > 1) watermark(store, "wallets", store->sweep_from_seq);
  store->sweep_from_seq = store->seq;
  store->sweep_next = 1;
  store->sweep_end = store->wallet_count + 1;
}

/** How much of `count` entries, frozen when `all` rows had come, is written when `rows` more have come. */
static uint32_t owed(uint32_t count, uint32_t written, int64_t rows, int64_t all, int share) {
  /* Done when fifteen sixteenths have come, so that nothing is left for the moment of freezing. */
  int64_t target = (int64_t)count * rows / (all / 16 * 15);
  if (target >= count) return count;
  return target - written >= share ? (uint32_t)target : written;
}

void store_project(struct store *store) {
  if (!store->options.projections) return;
  int share = store->options.share;
  struct generation *keys = store->frozen;
  int64_t rows = store->seq - (keys->number + 1) * GENERATION_ROWS;
  uint32_t until = owed(keys->count, keys->written, rows, GENERATION_ROWS, share);
  if (until > keys->written) write_keys(store, until);
  struct block *block = store->frozen_block;
  rows = store->seq - (block->number + 1) * BLOCK_ROWS;
  until = owed(block->count, block->written, rows, BLOCK_ROWS, share);
  if (until > block->written) write_references(store, until);
  sweep(store, share);
}

void store_close(struct store *store) {
  if (store->options.projections) {
    store_begin(store);
    for (int turn = 0; turn < 2; turn++) freeze_keys(store), freeze_references(store);
    store->sweep_next = 1;
    store->sweep_end = store->wallet_count + 1;
    write_wallets(store, store->sweep_end);
    watermark(store, "wallets", store->seq);
    store_commit(store);
  }
  int code = sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  must(store, code, SQLITE_OK);
  sqlite3_stmt *statement;
  while ((statement = sqlite3_next_stmt(store->database, NULL))) must(store, sqlite3_finalize(statement), SQLITE_OK);
  must(store, sqlite3_close(store->database), SQLITE_OK);
}
