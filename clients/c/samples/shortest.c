#include <inttypes.h>
#include <stdio.h>
#include <walletd.h>

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  walletd_wallet_ref wallet = {.owner_id = "user-16", .currency = "EUR"};
  walletd_open_wallet(client, &(walletd_open_wallet_request){.wallet = wallet, .reason = "signup"}, NULL, NULL, NULL);
  walletd_mutation_response *done = NULL;
  walletd_credit_request credit = {.wallet = wallet, .amount = 2000, .reason = "topup"};
  if (walletd_credit(client, &credit, NULL, &done, NULL) == WALLETD_OK) printf("%" PRId64 "\n", done->balance);
  walletd_free(done);
  walletd_client_free(client);
  return 0;
}
