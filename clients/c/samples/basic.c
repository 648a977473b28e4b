/* Opens a wallet, puts money into it, pays, is refused, and lists what happened. Its argument is the server's address. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <walletd.h>

/* Ends the program where a call did what it shouldn't. */
static void must(walletd_status status, walletd_error **error) {
  if (status == WALLETD_OK) return;
  fprintf(stderr, "%s: %s\n", walletd_status_name(status), (*error)->message);
  exit(1);
}

static bool print_row(void *context, const walletd_transaction *row) {
  (void)context;
  printf("%" PRId64 " %s %" PRId64 " %" PRId64 "\n", row->wallet_version, walletd_transaction_kind_name(row->kind),
      row->amount, row->balance);
  return true;
}

int main(int count, char **arguments) {
  walletd_error *error = NULL;
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, &error);
  if (!client) must(error->status, &error);
  walletd_wallet_ref wallet = {.owner_id = "user-17", .currency = "EUR"};

  must(walletd_open_wallet(client, &(walletd_open_wallet_request){.wallet = wallet, .reason = "signup"}, NULL, NULL, &error),
      &error);
  must(walletd_credit(client,
           &(walletd_credit_request){.wallet = wallet, .amount = 2000, .reason = "topup", .reference = "stripe:pi_123"},
           NULL, NULL, &error),
      &error);
  int64_t price = 0;
  if (walletd_money_parse("12.30", 2, &price) != WALLETD_MONEY_OK) return 1;
  walletd_mutation_response *paid = NULL;
  must(walletd_debit(client, &(walletd_debit_request){.wallet = wallet, .amount = price, .reason = "esim.purchase"}, NULL,
           &paid, &error),
      &error);
  char text[WALLETD_MONEY_SIZE];
  walletd_money_format(paid->available, paid->exponent, text, sizeof text);
  printf("%s %s\n", text, paid->currency);
  walletd_free(paid);

  walletd_status status = walletd_debit(
      client, &(walletd_debit_request){.wallet = wallet, .amount = 5000, .reason = "esim.purchase"}, NULL, NULL, &error);
  if (status != WALLETD_REJECTED) must(status, &error);
  if (error && error->detail.type == WALLETD_DETAIL_TYPE_INSUFFICIENT_FUNDS)
    printf("%s short of %" PRId64 "\n", walletd_reason_name(error->reason), error->detail.insufficient_funds.shortfall);
  walletd_error_free(error);

  must(walletd_all_transactions(
           client, &(walletd_list_transactions_request){.wallet = wallet}, NULL, print_row, NULL, &error),
      &error);
  walletd_client_free(client);
  return 0;
}
