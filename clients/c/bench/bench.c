/* Calls per second and latencies on one connection. Its argument is the server's address. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <walletd.h>

enum { SECONDS = 4, SAMPLES_MAX = 2000000 };

typedef struct bench {
  walletd_client *client;
  bool writes;
  int under_way;
  double ends_at;
  double *latencies;
  size_t count, failures;
} bench;

typedef struct slot {
  bench *bench;
  double started;
} slot;

static const walletd_wallet_ref wallet = {.owner_id = "bench", .currency = "EUR"};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start(slot *slot);

static void done(void *context, walletd_call *call) {
  slot *slot = context;
  bench *bench = slot->bench;
  walletd_status status =
      bench->writes ? walletd_credit_finish(call, NULL, NULL) : walletd_get_balance_finish(call, NULL, NULL);
  double at = now();
  if (status != WALLETD_OK)
    bench->failures++;
  else if (bench->count < SAMPLES_MAX)
    bench->latencies[bench->count++] = at - slot->started;
  bench->under_way--;
  if (at < bench->ends_at) start(slot);
}

static void start(slot *slot) {
  bench *bench = slot->bench;
  walletd_credit_request credit = {.wallet = wallet, .amount = 1, .reason = "bench"};
  walletd_get_balance_request balance = {.wallet = wallet};
  slot->started = now();
  uint64_t id = bench->writes ? walletd_credit_start(bench->client, &credit, NULL, done, slot, NULL)
                              : walletd_get_balance_start(bench->client, &balance, NULL, done, slot, NULL);
  if (id) bench->under_way++;
}

static int by_size(const void *a, const void *b) {
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static void report(bench *bench, const char *name, int in_flight, double seconds) {
  qsort(bench->latencies, bench->count, sizeof *bench->latencies, by_size);
  double median = bench->count ? bench->latencies[bench->count / 2] * 1e3 : 0;
  double worst = bench->count ? bench->latencies[bench->count * 99 / 100] * 1e3 : 0;
  printf("%-22s %3d in flight: %7.0f calls/s, median %.3f ms, p99 %.3f ms, %zu failures\n", name, in_flight,
      (double)bench->count / seconds, median, worst, bench->failures);
  fflush(stdout);
}

/* From a poll loop. */
static void run_loop(walletd_client *client, double *latencies, bool writes, int in_flight) {
  bench bench = {.client = client, .writes = writes, .latencies = latencies, .ends_at = now() + SECONDS};
  slot slots[64];
  double began = now();
  for (int i = 0; i < in_flight; i++) {
    slots[i].bench = &bench;
    start(&slots[i]);
  }
  while (bench.under_way > 0) {
    struct pollfd polled = {.fd = walletd_fd(client), .events = walletd_events(client)};
    poll(&polled, 1, walletd_timeout_ms(client));
    walletd_process(client, polled.revents);
  }
  report(&bench, writes ? "Credit, poll loop" : "GetBalance, poll loop", in_flight, now() - began);
}

/* One after the other, by calls that wait. */
static void run_waiting(walletd_client *client, double *latencies, bool writes) {
  bench bench = {.client = client, .writes = writes, .latencies = latencies};
  double began = now(), at = began;
  walletd_credit_request credit = {.wallet = wallet, .amount = 1, .reason = "bench"};
  walletd_get_balance_request balance = {.wallet = wallet};
  while (at < began + SECONDS && bench.count < SAMPLES_MAX) {
    double started = at;
    walletd_status status =
        writes ? walletd_credit(client, &credit, NULL, NULL, NULL) : walletd_get_balance(client, &balance, NULL, NULL, NULL);
    at = now();
    if (status == WALLETD_OK)
      latencies[bench.count++] = at - started;
    else
      bench.failures++;
  }
  report(&bench, writes ? "Credit, waiting" : "GetBalance, waiting", 1, at - began);
}

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  double *latencies = malloc(SAMPLES_MAX * sizeof *latencies);
  if (!client || !latencies) return 1;
  walletd_open_wallet_request open = {.wallet = wallet, .reason = "bench"};
  if (walletd_open_wallet(client, &open, NULL, NULL, NULL) != WALLETD_OK) return 1;
  for (int writes = 1; writes >= 0; writes--) {
    run_loop(client, latencies, writes, 64);
    run_loop(client, latencies, writes, 1);
    run_waiting(client, latencies, writes);
  }
  free(latencies);
  walletd_client_free(client);
  return 0;
}
