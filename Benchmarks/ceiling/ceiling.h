/* What the bare loop and the server share: the journal row, its digest, the tables, and the projections that trail. */
#ifndef CEILING_H
#define CEILING_H
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that somebody else owns. */
struct bytes {
  const uint8_t *at;
  size_t n;
};
#define BYTES(literal) ((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *allocated(size_t count, size_t size);
int64_t now_nanos(void);
int64_t now_micros(void);

/* ---- row.c ---- */

enum kind { OPEN = 1, DEBIT = 2, CREDIT = 3 };
enum { DIGEST_BYTES = 32, REQUEST_DIGEST_BYTES = 16, ENCODED_BYTES_MAX = 4096 };

/** Who calls: a row of `origins`. */
struct origin {
  int64_t id;
  struct bytes actor, source, client_name;
};

/** A canonical UUID as its bits. */
struct key {
  uint64_t high, low;
};

/** A row of `transactions`; fields that the ceiling never sets (holds, limits, metadata) are written as constants. */
struct row {
  int64_t seq, wallet_id, version, amount, balance, previous_seq, occurred_at, created_at;
  enum kind kind;
  struct origin *origin;
  struct bytes counter_account, on_behalf_of, reason, note, reference, correlation_id, detail;
  struct key key;
  uint8_t key_bytes[16], request_digest[REQUEST_DIGEST_BYTES], digest[DIGEST_BYTES];
};

void sha256(const uint8_t *, size_t, uint8_t digest[DIGEST_BYTES]);

/** The address of an OpenWallet; `id` 0 there, and the name empty elsewhere. */
struct address {
  int64_t id;
  struct bytes owner, currency, name;
};
void request_digest(struct row *, const struct address *, int64_t amount);
/** Sets `digest` of the row, which follows the row that has the digest `chain`, and makes it the new `chain`. */
void seal(struct row *, uint8_t chain[DIGEST_BYTES]);
size_t open_detail(uint8_t *out, const struct address *, int exponent);
bool key_of(struct bytes text, struct key *);
void key_bytes(struct key, uint8_t out[16]);
struct key key_of_bytes(const uint8_t[16]);
void key_text(struct key, char out[36]);

/* ---- store.c ---- */

struct wallet {
  int64_t id, balance, version, created_at, updated_at, last_seq;
  struct bytes owner, currency, name;
  int exponent;
};

struct options {
  const char *folder;
  int page_size, cache_kib, checkpoint_frames, share, wallet_rows;
  int64_t mmap_bytes;
  bool projections, coalesces;
};
#define DEFAULT_OPTIONS \
  {.page_size = 4096, .cache_kib = 65536, .checkpoint_frames = 1000, .share = 512, .wallet_rows = 262144, \
   .projections = true, .coalesces = true}
/** Takes `--page-size` and the like; `false` when the flag is none of these. */
bool option(struct options *, const char *flag, const char *value);

/** Rows whose keys aren't in their table yet are kept by generation, `seq / GENERATION_ROWS`. */
enum { GENERATION_ROWS = 1 << 16, KEY_SLOTS = 2 * GENERATION_ROWS };

struct generation {
  int64_t number;
  uint32_t count, written;
  struct key *keys; /* by `seq % GENERATION_ROWS`, where each row has a key */
  uint32_t *slots;  /* bits of the key's hash << 17 | place of the key + 1; 0 is free */
  uint64_t *order;  /* when frozen: the places in the lower 16 bits, by rising keys */
  uint32_t first;   /* place of the first key: seq begins at 1 */
};

/** References are kept for a whole block of their index, so that each block is written once, from its first page to its
 * last. Their runs are sorted as they come, and merged as they are written. */
enum { BLOCK_BITS = 20, BLOCK_ROWS = 1 << BLOCK_BITS, RUN_ROWS = 1 << 16 /* not less than GENERATION_ROWS */, RUNS = BLOCK_ROWS / RUN_ROWS };

struct block {
  int64_t number, last_seq;
  uint32_t count, written, run_start;
  uint32_t runs, ends[RUNS], next[RUNS];
  uint64_t *entries; /* hash (biased, so that it sorts as int32) << 32 | seq % BLOCK_ROWS */
};

/** What the statement that runs takes its rows from. */
struct feed {
  enum { FEED_ROWS, FEED_KEYS, FEED_REFERENCES, FEED_WALLETS } kind;
  uint32_t from, until;
  const struct row *const *rows;
  const struct generation *generation;
  struct block *block;
  uint64_t entry;
  const struct wallet *wallets;
  const int64_t *ids;
};
enum { SWEEP_IDS_MAX = 8192, ORIGINS_MAX = 65536 };

struct store {
  struct options options;
  sqlite3 *database;
  sqlite3_stmt *begin, *commit, *insert_rows, *select_row, *insert_keys, *select_key, *insert_references,
      *upsert_wallets, *insert_origin, *set_watermark;
  struct feed feed;
  int frames; /* in the log */
  int64_t frames_total;
  int64_t seq;
  uint8_t chain[DIGEST_BYTES];

  struct origin *origins[ORIGINS_MAX]; /* by id */

  struct wallet *wallets; /* by id; 0 is unused */
  int64_t wallet_count, wallet_room;
  uint64_t *dirty; /* a bit for each wallet whose row differs from memory */
  int64_t sweep_from_seq, sweep_next, sweep_end, sweep_ids[SWEEP_IDS_MAX];

  struct generation *growing, *frozen;
  struct block *growing_block, *frozen_block;
  uint64_t *spare; /* for sorting */
  struct key greatest_key; /* of the table */
};

void store_open(struct store *, const struct options *);
/** Flushes the projections and truncates the log. */
void store_close(struct store *);
/** Gives it its id; it must live on. */
void store_add_origin(struct store *, struct origin *);
struct wallet *store_add_wallet(struct store *);
/** 0 for a key that is new; rows that are decided and not committed count. */
int64_t store_seq_of_key(struct store *, struct key);
/** Keeps what the projections will want of a row that was decided. */
void store_remember(struct store *, const struct row *);

void store_begin(struct store *);
void store_insert(struct store *, const struct row *const *, uint32_t count);
/** Writes what the projections owe. */
void store_project(struct store *);
/** An error ends the process: its outcome would be unknown. */
void store_commit(struct store *);
void store_checkpoint(struct store *);
/** Reads a row, its texts into `room`; `false` when there is no such row. */
bool store_select(struct store *, int64_t seq, struct row *, uint8_t *room, size_t room_count);

/* ---- vfs.c ---- */

/** Registers a file system that writes the frames of a commit in one call. */
const char *coalescing_vfs(void);
#endif
