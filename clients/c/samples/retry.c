/* Pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is the server's
   address. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <walletd.h>

/* Whether a call with the same key may come to another end. The client itself tries again for as long as the call's deadline
   allows; this is for what lasts longer. */
static bool try_again(walletd_status status, walletd_error *error) {
  bool again = status == WALLETD_OUTCOME_UNKNOWN || status == WALLETD_DISCONNECTED || status == WALLETD_DEADLINE_EXCEEDED ||
               (status == WALLETD_NOT_EXECUTED && error->reason == WALLETD_REASON_UNAVAILABLE);
  if (status != WALLETD_OK) fprintf(stderr, "%s: %s\n", again ? "again" : "refused", error->message);
  walletd_error_free(error);
  if (again) nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  return again;
}

/* Pays an order once, however often it takes. Its key is the order's own and kept with it: so it can be asked for again after
   a crash of this process, too. */
static walletd_status pay(walletd_client *client, const walletd_wallet_ref *wallet, int order, int64_t *left) {
  char key[32];
  snprintf(key, sizeof key, "order-%06d", order);
  walletd_debit_request debit = {.wallet = *wallet, .amount = 100, .reason = "esim.purchase", .idempotency_key = key};
  walletd_options options = {.timeout_millis = 2000};
  for (;;) {
    walletd_error *error = NULL;
    walletd_mutation_response *paid = NULL;
    walletd_status status = walletd_debit(client, &debit, &options, &paid, &error);
    if (status == WALLETD_OUTCOME_UNKNOWN) options.retry_of_unknown = true;
    if (paid) *left = paid->available;
    walletd_free(paid);
    if (!try_again(status, error)) return status;
  }
}

static walletd_status prepare(walletd_client *client, const walletd_wallet_ref *wallet) {
  walletd_open_wallet_request open = {.wallet = *wallet, .reason = "signup", .idempotency_key = "signup-user-21"};
  walletd_credit_request credit = {
      .wallet = *wallet, .amount = 10000, .reason = "topup", .idempotency_key = "topup-user-21-1"};
  walletd_error *error = NULL;
  walletd_status status;
  do status = walletd_open_wallet(client, &open, NULL, NULL, &error);
  while (try_again(status, error));
  if (status != WALLETD_OK) return status;
  do status = walletd_credit(client, &credit, NULL, NULL, &error);
  while (try_again(status, error));
  return status;
}

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  walletd_wallet_ref wallet = {.owner_id = "user-21", .currency = "EUR"};
  int64_t left = 0;
  walletd_status status = client ? prepare(client, &wallet) : WALLETD_INVALID;
  for (int order = 1; order <= 20 && status == WALLETD_OK; order++) status = pay(client, &wallet, order, &left);
  char text[WALLETD_MONEY_SIZE];
  walletd_money_format(left, 2, text, sizeof text);
  if (status == WALLETD_OK) printf("20 orders are paid, left are %s EUR\n", text);
  walletd_client_free(client);
  return status == WALLETD_OK ? 0 : 1;
}
