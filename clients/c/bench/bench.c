/* Calls per second and latencies on one connection.
 *
 *   bench ADDRESS                                      of several shapes
 *   bench ADDRESS VERB IN_FLIGHT SECONDS WARM_UP       of one, from a poll loop, as a JSON object
 *                                                      (../conformance/DRIVER.md of the repository's clients) */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <walletd.h>

enum { SECONDS = 4, SAMPLES_MAX = 4000000, WALLETS = 1000, IN_FLIGHT_MAX = 1024 };

typedef struct bench {
  walletd_client *client;
  bool writes;
  int under_way;
  double ends_at;
  double *latencies;
  size_t count, failures, turn;
} bench;

typedef struct slot {
  bench *bench;
  double started;
} slot;

static char owners[WALLETS][16];

static walletd_wallet_ref wallet(size_t index) {
  return (walletd_wallet_ref){.owner_id = owners[index % WALLETS], .currency = "EUR"};
}

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
      bench->writes ? walletd_debit_finish(call, NULL, NULL) : walletd_get_balance_finish(call, NULL, NULL);
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
  walletd_wallet_ref next = wallet(bench->turn++);
  walletd_debit_request debit = {.wallet = next, .amount = 1, .reason = "bench"};
  walletd_get_balance_request balance = {.wallet = next};
  slot->started = now();
  uint64_t id = bench->writes ? walletd_debit_start(bench->client, &debit, NULL, done, slot, NULL)
                              : walletd_get_balance_start(bench->client, &balance, NULL, done, slot, NULL);
  if (id)
    bench->under_way++;
  else
    bench->failures++;
}

static int by_size(const void *a, const void *b) {
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

/* In microseconds. */
static double part(const bench *bench, size_t percent) {
  return bench->count ? bench->latencies[bench->count * percent / 100] * 1e6 : 0;
}

/* From a poll loop; gives the calls per second. */
static double run_loop(bench *bench, int in_flight, double seconds) {
  static slot slots[IN_FLIGHT_MAX];
  bench->count = bench->failures = 0;
  double began = now();
  bench->ends_at = began + seconds;
  for (int i = 0; i < in_flight; i++) {
    slots[i].bench = bench;
    start(&slots[i]);
  }
  while (bench->under_way > 0) {
    struct pollfd polled = {.fd = walletd_fd(bench->client), .events = walletd_events(bench->client)};
    poll(&polled, 1, walletd_timeout_ms(bench->client));
    walletd_process(bench->client, polled.revents);
  }
  double rate = (double)bench->count / (now() - began);
  qsort(bench->latencies, bench->count, sizeof *bench->latencies, by_size);
  return rate;
}

/* One after the other, by calls that wait. */
static double run_waiting(bench *bench, double seconds) {
  bench->count = bench->failures = 0;
  double began = now(), at = began;
  while (at < began + seconds && bench->count < SAMPLES_MAX) {
    double started = at;
    walletd_wallet_ref next = wallet(bench->turn++);
    walletd_debit_request debit = {.wallet = next, .amount = 1, .reason = "bench"};
    walletd_get_balance_request balance = {.wallet = next};
    walletd_status status = bench->writes ? walletd_debit(bench->client, &debit, NULL, NULL, NULL)
                                          : walletd_get_balance(bench->client, &balance, NULL, NULL, NULL);
    at = now();
    if (status == WALLETD_OK)
      bench->latencies[bench->count++] = at - started;
    else
      bench->failures++;
  }
  qsort(bench->latencies, bench->count, sizeof *bench->latencies, by_size);
  return (double)bench->count / (at - began);
}

static void report(const bench *bench, const char *how, int in_flight, double rate) {
  printf("%-10s %-10s %3d in flight: %7.0f calls/s, median %.3f ms, p99 %.3f ms, %zu failures\n",
      bench->writes ? "Debit" : "GetBalance", how, in_flight, rate, part(bench, 50) / 1e3, part(bench, 99) / 1e3,
      bench->failures);
  fflush(stdout);
}

/* Wallets with money; they may be there already. */
static bool prepare(walletd_client *client) {
  static walletd_batch_item items[2 * WALLETS];
  for (size_t i = 0; i < WALLETS; i++) {
    snprintf(owners[i], sizeof owners[i], "bench-%zu", i);
    items[i] = (walletd_batch_item){
        .mutation = WALLETD_BATCH_ITEM_MUTATION_OPEN_WALLET, .open_wallet = {.wallet = wallet(i), .reason = "bench"}};
    items[WALLETS + i] = (walletd_batch_item){.mutation = WALLETD_BATCH_ITEM_MUTATION_CREDIT,
        .credit = {.wallet = wallet(i), .amount = 1000000000, .reason = "bench"}};
  }
  walletd_error *error = NULL;
  walletd_batch_request request = {.items = items, .items_count = 2 * WALLETS};
  if (walletd_batch(client, &request, NULL, NULL, &error) == WALLETD_OK) return true;
  fprintf(stderr, "bench: %s\n", error ? error->message : "no memory");
  walletd_error_free(error);
  return false;
}

static int run(bench *bench, int count, char **arguments) {
  if (count < 6) {
    for (int writes = 1; writes >= 0; writes--) {
      bench->writes = writes;
      report(bench, "poll loop", 64, run_loop(bench, 64, SECONDS));
      report(bench, "poll loop", 1, run_loop(bench, 1, SECONDS));
      report(bench, "waiting", 1, run_waiting(bench, SECONDS));
    }
    return 0;
  }
  const char *verb = arguments[2];
  int in_flight = atoi(arguments[3]);
  double seconds = atof(arguments[4]), warm_up = atof(arguments[5]);
  bench->writes = strcmp(verb, "Debit") == 0;
  if ((!bench->writes && strcmp(verb, "GetBalance") != 0) || in_flight < 1 || in_flight > IN_FLIGHT_MAX) {
    fprintf(stderr, "bench: Debit or GetBalance, and 1 to %d in flight\n", IN_FLIGHT_MAX);
    return 2;
  }
  if (warm_up > 0) run_loop(bench, in_flight, warm_up);
  double rate = run_loop(bench, in_flight, seconds);
  printf(
      "{\"client\": \"c\", \"verb\": \"%s\", \"connections\": 1, \"in_flight\": %d, \"calls_per_second\": %.1f, "
      "\"p50_micros\": %.1f, \"p99_micros\": %.1f}\n",
      verb, in_flight, rate, part(bench, 50), part(bench, 99));
  if (bench->failures) fprintf(stderr, "bench: %zu calls failed\n", bench->failures);
  return bench->failures ? 1 : 0;
}

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  bench bench = {.client = client, .latencies = malloc(SAMPLES_MAX * sizeof *bench.latencies)};
  int status = 1;
  if (client && bench.latencies && prepare(client)) status = run(&bench, count, arguments);
  free(bench.latencies);
  walletd_client_free(client);
  return status;
}
