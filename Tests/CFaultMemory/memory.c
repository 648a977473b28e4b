#include "CFaultMemory.h"

#include <sqlite3.h>
#include <stdlib.h>

struct sqlite3_api_routines;

static sqlite3_mem_methods machine;
static int config_code = SQLITE_ERROR;

static __thread int64_t countdown, count, held;
static __thread int lasting, failed, sees_all;

static int is_refused(void) {
  count++;
  if (countdown == 0 || --countdown > 0) return 0;
  failed = 1;
  if (lasting) countdown = 1;
  return 1;
}

static void *take(int size) { return is_refused() ? NULL : machine.xMalloc(size); }
static void *take_again(void *piece, int size) { return is_refused() ? NULL : machine.xRealloc(piece, size); }

/* Small pieces come out of a store of each connection's own, which is filled at once: without it they are all seen here. */
static int without_store(sqlite3 *database, const char **message, const struct sqlite3_api_routines *routines) {
  (void)message, (void)routines;
  return sees_all ? sqlite3_db_config(database, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0) : SQLITE_OK;
}

int walletd_memory_see_all(int sees) {
  sees_all = sees;
  return sqlite3_auto_extension((void (*)(void))without_store);
}

/* Before SQLite is used for the first time; it can't be told later. */
__attribute__((constructor)) static void begin(void) {
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &machine) != SQLITE_OK) return;
  sqlite3_mem_methods methods = machine;
  methods.xMalloc = take;
  methods.xRealloc = take_again;
  config_code = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

int walletd_memory_is_missing(void) { return config_code; }

void walletd_memory_fail(int64_t number, int lasts) {
  countdown = number;
  count = 0;
  lasting = lasts;
  failed = 0;
}

int walletd_memory_has_failed(void) { return failed; }
int64_t walletd_memory_count(void) { return count; }

static void *take_for_protobuf(void *context, size_t size) {
  (void)context;
  if (is_refused()) return NULL;
  void *piece = malloc(size ? size : 1);
  if (piece) held++;
  return piece;
}

static void give_back(void *context, void *piece) {
  (void)context;
  if (piece) held--;
  free(piece);
}

ProtobufCAllocator *walletd_memory_protobuf(void) {
  static ProtobufCAllocator allocator = {take_for_protobuf, give_back, NULL};
  return &allocator;
}

int64_t walletd_memory_held(void) { return held; }
