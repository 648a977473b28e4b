/* Sells an eSIM: the price is held, the profile is ordered, and then the hold is captured, or released when there is none to
   be had. Its argument is the server's address. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <walletd.h>

static void must(walletd_status status, walletd_error **error) {
  if (status == WALLETD_OK) return;
  fprintf(stderr, "%s: %s\n", walletd_status_name(status), (*error)->message);
  exit(1);
}

/* Stands for the call of an eSIM provider. */
static bool order_profile(const char *plan) {
  return strcmp(plan, "Atlantis 1 GB") != 0;
}

static void order(walletd_client *client, const walletd_wallet_ref *wallet, const char *plan, int64_t price) {
  walletd_error *error = NULL;
  walletd_mutation_response *held = NULL, *done = NULL;
  walletd_hold_request hold = {.wallet = *wallet,
      .amount = price,
      .timeout_millis = 15 * 60 * 1000, /* given back by itself, should this program die */
      .reason = "esim.reserve",
      .reference = plan};
  must(walletd_hold(client, &hold, NULL, &held, &error), &error);
  int64_t id = held->transaction.id;
  printf("%s: held %" PRId64 "\n", plan, held->held);
  walletd_free(held);

  if (order_profile(plan)) {
    walletd_capture_request capture = {.hold_id = id, .all = true, .reason = "esim.activate"};
    must(walletd_capture(client, &capture, NULL, &done, &error), &error);
    printf("%s: paid, available %" PRId64 "\n", plan, done->available);
  } else {
    walletd_release_request release = {.hold_id = id, .reason = "esim.unavailable"};
    must(walletd_release(client, &release, NULL, &done, &error), &error);
    printf("%s: released, available %" PRId64 "\n", plan, done->available);
  }
  walletd_free(done);
}

int main(int count, char **arguments) {
  walletd_error *error = NULL;
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, &error);
  if (!client) must(error->status, &error);
  walletd_wallet_ref wallet = {.owner_id = "user-33", .currency = "EUR"};
  walletd_open_wallet_request open = {.wallet = wallet, .reason = "signup"};
  walletd_credit_request credit = {.wallet = wallet, .amount = 3000, .reason = "topup"};
  must(walletd_open_wallet(client, &open, NULL, NULL, &error), &error);
  must(walletd_credit(client, &credit, NULL, NULL, &error), &error);
  order(client, &wallet, "Japan 5 GB", 1250);
  order(client, &wallet, "Atlantis 1 GB", 1250);
  walletd_client_free(client);
  return 0;
}
