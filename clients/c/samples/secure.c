/* Connects with TLS and a token. Its arguments are the server's address, the file of the authority that signed its
   certificate, and the file of the token. */
#include <stdio.h>
#include <walletd.h>

int main(int count, char **arguments) {
  if (count < 4) return 2;
  walletd_error *error = NULL;
  walletd_tls tls = {.ca_file = arguments[2]};
  walletd_client *client =
      walletd_client_new(arguments[1], &(walletd_settings){.tls = &tls, .token_file = arguments[3]}, &error);
  walletd_get_server_info_response *info = NULL;
  walletd_status status = client ? walletd_get_server_info(client, NULL, NULL, &info, &error) : WALLETD_INVALID;
  if (status == WALLETD_OK)
    printf("served by %s\n", info->server_name);
  else if (status == WALLETD_UNAUTHENTICATED)
    fprintf(stderr, "one of us does not accept who the other one is: %s\n", error->message);
  else
    fprintf(stderr, "%s\n", error->message);
  walletd_free(info);
  walletd_error_free(error);
  walletd_client_free(client);
  return status == WALLETD_OK ? 0 : 1;
}
