/* The bare loop: as many canonical debits as one thread and SQLite can commit. */
#include "ceiling.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct settings {
  int rows_per_commit, wallets;
  int64_t rows, warm_up;
  bool random_keys;
};

enum { AMOUNT_MAX = 100, FUNDS = 1000000000 };

static uint64_t random_state = 0x9E3779B97F4A7C15;
static uint64_t next_random(void) {
  uint64_t z = random_state += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

static struct key next_key(bool random, int64_t micros) {
  uint64_t time = random ? next_random() : (uint64_t)(micros / 1000);
  return (struct key){time << 16 | 0x7000 | (next_random() & 0xFFF), 0x8000000000000000 | next_random() >> 2};
}

static void hexadecimal(uint64_t value, int digits, uint8_t *out) {
  for (int index = 0; index < digits; index++) out[index] = "0123456789abcdef"[value >> (digits - 1 - index) * 4 & 15];
}

/* What a request brings: its texts are made here, so that they aren't constants. */
struct request {
  int64_t wallet_id, amount;
  struct key key;
  uint8_t reference[12], correlation_id[16];
};

static void draw(struct request *request, const struct settings *settings, uint64_t number, int64_t micros) {
  request->wallet_id = 1 + (int64_t)(next_random() % (uint64_t)settings->wallets);
  request->amount = 1 + (int64_t)(next_random() % AMOUNT_MAX);
  request->key = next_key(settings->random_keys, micros);
  hexadecimal(number, 12, request->reference);
  hexadecimal(next_random(), 16, request->correlation_id);
}

/** The wallet's next row; its figures are decided, its digests not made. */
static void post(struct store *store, struct row *row, const struct request *request, struct origin *origin,
                 int64_t micros) {
  if (store_seq_of_key(store, request->key)) die(70, "a key came twice");
  struct wallet *wallet = &store->wallets[request->wallet_id];
  bool is_opening = wallet->version == 0;
  int64_t change = is_opening ? FUNDS : -request->amount;
  if (wallet->balance + change < 0) die(70, "a wallet ran out of funds");
  wallet->balance += change;
  wallet->version++;
  wallet->updated_at = micros;
  *row = (struct row){
      .seq = ++store->seq, .kind = is_opening ? CREDIT : DEBIT, .wallet_id = wallet->id, .version = wallet->version,
      .amount = change, .balance = wallet->balance, .previous_seq = wallet->last_seq, .origin = origin,
      .counter_account = is_opening ? BYTES("funding") : BYTES("sales"), .reason = BYTES("esim.purchas"),
      .reference = {request->reference, sizeof request->reference},
      .correlation_id = {request->correlation_id, sizeof request->correlation_id}, .key = request->key,
      .created_at = micros};
  key_bytes(row->key, row->key_bytes);
  wallet->last_seq = row->seq;
  store_remember(store, row);
}

struct times {
  int64_t decide, digest, insert, projection, commit, checkpoint;
};

static void commit_rows(struct store *store, struct request *requests, struct row *rows, const struct row **order, int count, struct origin *origin, struct times *times) {
  int64_t micros = now_micros(), start = now_nanos(), end;
#define STAGE(name) (end = now_nanos(), times->name += end - start, start = end)
  store_begin(store);
  STAGE(commit);
  for (int index = 0; index < count; index++) post(store, &rows[index], &requests[index], origin, micros);
  STAGE(decide);
  for (int index = 0; index < count; index++) {
    int64_t amount = rows[index].amount < 0 ? -rows[index].amount : rows[index].amount;
    request_digest(&rows[index], &(struct address){.id = rows[index].wallet_id}, amount);
    seal(&rows[index], store->chain);
  }
  STAGE(digest);
  store_insert(store, order, (uint32_t)count);
  STAGE(insert);
  store_project(store);
  STAGE(projection);
  store_commit(store);
  STAGE(commit);
  store_checkpoint(store);
  STAGE(checkpoint);
}

static int64_t cpu_nanos(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) die(71, "getrusage failed");
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

static long long parsed(const char *flag, const char *value) {
  char *end = NULL;
  long long number = value ? strtoll(value, &end, 10) : 0;
  if (!value || *end || number < 1) die(64, "%s must be a number from 1", flag);
  return number;
}

int main(int argc, char **argv) {
  struct options options = DEFAULT_OPTIONS;
  struct settings settings = {.rows_per_commit = 64, .rows = 1000000, .warm_up = 2 << 20, .wallets = 100000};
  for (int at = 1; at < argc; at++) {
    const char *flag = argv[at], *value = at + 1 < argc ? argv[at + 1] : NULL;
    if (!strcmp(flag, "--no-projections")) {
      options.projections = false;
      continue;
    }
    if (!strcmp(flag, "--rows-per-commit")) settings.rows_per_commit = (int)parsed(flag, value);
    else if (!strcmp(flag, "--rows")) settings.rows = parsed(flag, value);
    else if (!strcmp(flag, "--warm-up")) settings.warm_up = parsed(flag, value);
    else if (!strcmp(flag, "--wallets")) settings.wallets = (int)parsed(flag, value);
    else if (!strcmp(flag, "--keys")) settings.random_keys = value && !strcmp(value, "random");
    else if (!option(&options, flag, value)) die(64, "unknown flag %s", flag);
    at++;
  }
  static struct store store;
  store_open(&store, &options);
  struct origin origin = {.actor = BYTES("local"), .source = BYTES("127.0.0.1"), .client_name = BYTES("walletbench")};
  store_begin(&store);
  store_add_origin(&store, &origin);
  store_commit(&store);

  int room = settings.rows_per_commit > 8192 ? settings.rows_per_commit : 8192;
  struct request *requests = allocated((size_t)room, sizeof *requests);
  struct row *rows = allocated((size_t)room, sizeof *rows);
  const struct row **order = allocated((size_t)room, sizeof *order);
  for (int index = 0; index < room; index++) order[index] = &rows[index];
  char *owners = allocated((size_t)settings.wallets, 16);
  struct times times = {0};
  /* Each wallet's first row is a credit of what it needs; neither rows nor wallets of the set-up are measured. */
  for (int first = 0; first < settings.wallets; first += 8192) {
    int count = settings.wallets - first < 8192 ? settings.wallets - first : 8192;
    int64_t micros = now_micros();
    for (int index = 0; index < count; index++) {
      struct wallet *wallet = store_add_wallet(&store);
      char *owner = owners + (first + index) * 16;
      wallet->owner = (struct bytes){(uint8_t *)owner, (size_t)snprintf(owner, 16, "user-%d", first + index)};
      wallet->currency = BYTES("USD");
      wallet->name = BYTES("main");
      wallet->exponent = 2;
      wallet->created_at = micros;
      draw(&requests[index], &settings, (uint64_t)(first + index), micros);
      requests[index].wallet_id = wallet->id;
    }
    commit_rows(&store, requests, rows, order, count, &origin, &times);
  }
  /* Then so many rows that every projection flows. */
  for (int64_t done = 0; done < settings.warm_up; done += room) {
    int64_t micros = now_micros();
    for (int index = 0; index < room; index++)
      draw(&requests[index], &settings, (uint64_t)(settings.wallets + done + index), micros);
    commit_rows(&store, requests, rows, order, room, &origin, &times);
  }
  times = (struct times){0};

  int64_t started = now_nanos(), drawing = 0, cpu_started = cpu_nanos(), frames_before = store.frames_total;
  for (int64_t done = 0; done < settings.rows;) {
    int count = settings.rows - done < settings.rows_per_commit ? (int)(settings.rows - done) : settings.rows_per_commit;
    int64_t draw_from = now_nanos(), micros = now_micros();
    for (int index = 0; index < count; index++)
      draw(&requests[index], &settings, (uint64_t)(settings.wallets + settings.warm_up + room + done + index), micros);
    drawing += now_nanos() - draw_from;
    commit_rows(&store, requests, rows, order, count, &origin, &times);
    done += count;
  }
  /* Requests come from elsewhere: making them isn't the loop's work. */
  double nanos = (double)(now_nanos() - started - drawing), n = (double)settings.rows;
  /* Drawing never waits. */
  double cpu = (double)(cpu_nanos() - cpu_started - drawing), frames = (double)(store.frames_total - frames_before);
  int64_t total = store.seq;
  store_close(&store);
  char path[4096];
  struct stat file;
  snprintf(path, sizeof path, "%s/ledger.db", options.folder);
  if (stat(path, &file) != 0) die(71, "%s can't be read", path);
  printf("{\"rows_per_second\": %.0f, \"insert_ns\": %.0f, \"commit_ns\": %.0f, \"projection_ns\": %.0f, "
         "\"checkpoint_ns\": %.0f, \"digest_ns\": %.0f, \"decide_ns\": %.0f, \"cpu_ns\": %.0f, \"log_frames_per_row\": %.3f, "
         "\"bytes_per_row\": %.1f}\n",
         n / nanos * 1e9, (double)times.insert / n, (double)times.commit / n, (double)times.projection / n,
         (double)times.checkpoint / n, (double)times.digest / n, (double)times.decide / n, cpu / n, frames / n,
         (double)file.st_size / (double)total);
  free(requests), free(rows), free(order), free(owners);
  return 0;
}
