/* What the tests are written with. */
#ifndef TEST_H
#define TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "walletd.h"

/* How long anything may take that has to happen, in milliseconds. */
enum { PATIENCE_MILLIS = 30000 };

enum {
  UNDER_VALGRIND = 1, /* run there too; it is slow, so the heavy ones aren't */
  FAILING_MEMORY = 2, /* run with allocations that fail, and there alone */
};

typedef struct test {
  const char *name;
  void (*run)(void);
  unsigned flags;
} test;

#define LIST(name, ...) const test name[] = {__VA_ARGS__, {NULL, NULL, 0}}
#define T(function) \
  { #function, function, UNDER_VALGRIND }
#define HEAVY(function) \
  { #function, function, 0 }

extern const test value_tests[], frame_tests[], convert_tests[], outcome_tests[], retry_tests[], way_tests[],
    leaving_tests[], poll_tests[], stream_tests[], tls_tests[], verb_tests[], batch_tests[], server_tests[], token_tests[],
    memory_tests[];

void failed(const char *file, int line, const char *what);

#define CHECK(condition) ((condition) ? (void)0 : failed(__FILE__, __LINE__, #condition))
#define CHECK_INT(got, wanted) check_int(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(wanted))
#define CHECK_TEXT(got, wanted) check_text(__FILE__, __LINE__, #got, got, wanted)

void check_int(const char *file, int line, const char *what, int64_t got, int64_t wanted);
void check_text(const char *file, int line, const char *what, const char *got, const char *wanted);

/* Ends the tests where nothing can go on. */
void *need(void *made);

/* A client; the test fails where there is none. */
walletd_client *client_of(const char *address, const walletd_settings *settings);

/* Checks a status, and the error that comes with it; gives the error back unless `keep` is asked for it. */
#define CHECK_OK(call) check_status(__FILE__, __LINE__, #call, (call), WALLETD_OK, &error, NULL)
#define CHECK_FAILS(call, status) check_status(__FILE__, __LINE__, #call, (call), status, &error, NULL)
#define CHECK_KEPT(call, status, keep) check_status(__FILE__, __LINE__, #call, (call), status, &error, keep)
bool check_status(const char *file, int line, const char *what, walletd_status got, walletd_status wanted,
    walletd_error **error, walletd_error **keep);

/* What scripted tests call with. */
extern const char test_key[];
extern const walletd_wallet_ref test_wallet;
extern const walletd_settings eager; /* retries at once, four attempts */
extern const walletd_settings once;  /* one attempt */
walletd_status debit(walletd_client *client, walletd_mutation_response **response, walletd_error **error);
walletd_status get_balance(walletd_client *client, uint32_t timeout_millis, walletd_error **error);
walletd_status ping(walletd_client *client, uint32_t timeout_millis, int64_t *commit_seq, walletd_error **error);

int64_t now_millis(void);
void sleep_millis(int millis);

/* A folder of its own that goes with the program. */
const char *scratch(void);
/* "SCRATCH/name", the program's for as long as it runs. */
const char *scratch_path(const char *name);

/* Runs a program by the shell; what it says on standard output, cut at `size`, without the last line feed. False: it failed. */
bool run(char *output, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

int open_descriptors(void);

#endif
