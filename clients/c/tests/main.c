#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static atomic_int failures;
static const char *running;

void failed(const char *file, int line, const char *what) {
  atomic_fetch_add(&failures, 1);
  fprintf(stderr, "FAILED %s: %s:%d: %s\n", running, file, line, what);
}

void check_int(const char *file, int line, const char *what, int64_t got, int64_t wanted) {
  char text[300];
  snprintf(text, sizeof text, "%s is %" PRId64 ", not %" PRId64, what, got, wanted);
  if (got != wanted) failed(file, line, text);
}

void check_text(const char *file, int line, const char *what, const char *got, const char *wanted) {
  char text[600];
  snprintf(text, sizeof text, "%s is \"%s\", not \"%s\"", what, got ? got : "(null)", wanted);
  if (!got || strcmp(got, wanted) != 0) failed(file, line, text);
}

void *need(void *made) {
  if (made) return made;
  fprintf(stderr, "FAILED %s: there is nothing to go on with\n", running);
  exit(1);
}

walletd_client *client_of(const char *address, const walletd_settings *settings) {
  walletd_error *error = NULL;
  walletd_client *client = walletd_client_new(address, settings, &error);
  if (error) fprintf(stderr, "%s\n", error->message);
  walletd_error_free(error);
  return need(client);
}

bool check_status(const char *file, int line, const char *what, walletd_status got, walletd_status wanted,
    walletd_error **error, walletd_error **keep) {
  char text[800];
  snprintf(text, sizeof text, "%s is %s (%s), not %s", what, walletd_status_name(got), *error ? (*error)->message : "",
      walletd_status_name(wanted));
  if (got != wanted) failed(file, line, text);
  if ((got == WALLETD_OK) != (*error == NULL)) failed(file, line, "there is an error, or there is none");
  if (*error && (*error)->status != got) failed(file, line, "the error's status is another one");
  if (keep)
    *keep = *error;
  else
    walletd_error_free(*error);
  *error = NULL;
  return got == wanted;
}

const char test_key[] = "a-key-of-a-test";
const walletd_wallet_ref test_wallet = {.owner_id = "u-1", .currency = "USD"};
const walletd_settings eager = {.retry = {.attempts_max = 4, .backoff_millis = 1, .backoff_max_millis = 2}};
const walletd_settings once = {.retry = {.attempts_max = 1}};

walletd_status debit(walletd_client *client, walletd_mutation_response **response, walletd_error **error) {
  walletd_debit_request request = {.wallet = test_wallet, .amount = 100, .reason = "test", .idempotency_key = test_key};
  return walletd_debit(client, &request, &(walletd_options){.timeout_millis = PATIENCE_MILLIS}, response, error);
}

walletd_status get_balance(walletd_client *client, uint32_t timeout_millis, walletd_error **error) {
  walletd_get_balance_request request = {.wallet = test_wallet};
  return walletd_get_balance(client, &request, &(walletd_options){.timeout_millis = timeout_millis}, NULL, error);
}

walletd_status ping(walletd_client *client, uint32_t timeout_millis, int64_t *commit_seq, walletd_error **error) {
  walletd_ping_response *response = NULL;
  walletd_status status = walletd_ping(client, NULL, &(walletd_options){.timeout_millis = timeout_millis}, &response, error);
  if (response && commit_seq) *commit_seq = response->commit_seq;
  walletd_free(response);
  return status;
}

int64_t now_millis(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_millis(int millis) {
  struct timespec time = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1000000L};
  while (nanosleep(&time, &time) != 0) continue;
}

/* ---------------------------------------------------------------- files and programs */

static char folder[64];

static void remove_scratch(void) {
  char command[100];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (folder[0] && system(command) != 0) fprintf(stderr, "%s stays\n", folder);
}

const char *scratch(void) {
  if (folder[0]) return folder;
  strcpy(folder, "/tmp/walletd-c-XXXXXX");
  need(mkdtemp(folder));
  atexit(remove_scratch);
  return folder;
}

const char *scratch_path(const char *name) {
  static char paths[64][128];
  static atomic_uint next;
  char *path = paths[atomic_fetch_add(&next, 1) % 64];
  snprintf(path, sizeof paths[0], "%s/%s", scratch(), name);
  return path;
}

bool run(char *output, size_t size, const char *format, ...) {
  char command[2000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(command, sizeof command, format, arguments);
  va_end(arguments);
  FILE *pipe = need(popen(command, "r"));
  size_t length = 0;
  char buffer[4096];
  for (size_t count; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    if (length + count >= size) count = size > length ? size - length - 1 : 0;
    if (output && count) memcpy(output + length, buffer, count);
    length += count;
  }
  if (output && size) output[length] = '\0';
  if (output && length > 0 && output[length - 1] == '\n') output[length - 1] = '\0';
  return pclose(pipe) == 0;
}

int open_descriptors(void) {
  DIR *files = opendir("/proc/self/fd");
  int count = 0;
  while (files && readdir(files)) count++;
  closedir(files);
  return count;
}

/* ---------------------------------------------------------------- running them */

static int ran;

static void run_list(const test *list, unsigned wanted, const char *name) {
  for (; list->name; list++) {
    bool memory = list->flags & FAILING_MEMORY;
    if (wanted == FAILING_MEMORY ? !memory : memory) continue;
    if (wanted == UNDER_VALGRIND && !(list->flags & UNDER_VALGRIND)) continue;
    if (name && !strstr(list->name, name)) continue;
    running = list->name;
    int before = atomic_load(&failures);
    int64_t started = now_millis();
    list->run();
    ran++;
    printf(
        "%s %s (%" PRId64 " ms)\n", atomic_load(&failures) == before ? "ok" : "FAILED", list->name, now_millis() - started);
    fflush(stdout);
  }
}

int main(int count, char **arguments) {
  unsigned wanted = 0;
  const char *name = NULL;
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "valgrind") == 0)
      wanted = UNDER_VALGRIND;
    else if (strcmp(arguments[i], "memory") == 0)
      wanted = FAILING_MEMORY;
    else
      name = arguments[i];
  }
  const test *const lists[] = {value_tests, frame_tests, convert_tests, outcome_tests, retry_tests, way_tests, leaving_tests,
      poll_tests, stream_tests, tls_tests, verb_tests, batch_tests, token_tests, server_tests, memory_tests};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) run_list(lists[i], wanted, name);
  printf("%d tests, %d failures\n", ran, atomic_load(&failures));
  if (ran == 0) fprintf(stderr, "no test has that name\n");
  return atomic_load(&failures) > 0 || ran == 0;
}
