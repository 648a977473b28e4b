/* Many payments at once from a poll loop, without a thread. Its argument is the server's address. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <walletd.h>

enum { PAYMENTS = 100 };

struct progress {
  int under_way;
  int64_t paid;
};

static void paid(void *context, walletd_call *call) {
  struct progress *progress = context;
  walletd_mutation_response *response = NULL;
  walletd_error *error = NULL;
  if (walletd_debit_finish(call, &response, &error) == WALLETD_OK)
    progress->paid -= response->transaction.amount;
  else
    fprintf(stderr, "%s: %s\n", walletd_status_name(error->status), error->message);
  walletd_free(response);
  walletd_error_free(error);
  progress->under_way--;
}

/* One turn of the loop. Other descriptors would stand beside the client's. */
static void turn(walletd_client *client) {
  struct pollfd polled = {.fd = walletd_fd(client), .events = walletd_events(client)};
  poll(&polled, 1, walletd_timeout_ms(client));
  walletd_process(client, polled.revents);
}

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  walletd_wallet_ref wallet = {.owner_id = "user-51", .currency = "EUR"};
  walletd_open_wallet(client, &(walletd_open_wallet_request){.wallet = wallet, .reason = "signup"}, NULL, NULL, NULL);
  walletd_credit(client, &(walletd_credit_request){.wallet = wallet, .amount = 10000, .reason = "topup"}, NULL, NULL, NULL);

  struct progress progress = {0};
  walletd_debit_request debit = {.wallet = wallet, .amount = 25, .reason = "esim.purchase"};
  for (int i = 0; i < PAYMENTS; i++)
    if (walletd_debit_start(client, &debit, NULL, paid, &progress, NULL)) progress.under_way++;
  while (progress.under_way > 0) turn(client);
  printf("paid %" PRId64 "\n", progress.paid);
  walletd_client_free(client);
  return progress.paid == PAYMENTS * 25 ? 0 : 1;
}
