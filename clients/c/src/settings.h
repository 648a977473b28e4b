/* What a client was told at its making, checked and copied. */
#ifndef WALLETD_SETTINGS_H
#define WALLETD_SETTINGS_H

#include "buffer.h"
#include "tls.h"
#include "walletd.h"

typedef struct wd_settings {
  char *address; /* as it was given, for messages */
  char *host;    /* NULL of a Unix socket */
  char *port;
  char *path; /* of a Unix socket */
  uint32_t timeout_millis, connect_timeout_millis;
  unsigned connections;
  walletd_retry retry;
  char *token, *token_file;
  char *client_name, *ledger_id;
  wd_tls tls;
  char *server_name;
} wd_settings;

/* WALLETD_INVALID when something can't be. */
walletd_status wd_settings_read(
    wd_settings *settings, const char *address, const walletd_settings *given, walletd_error **error);
void wd_settings_free(wd_settings *settings);

/* Adds the preface and HELLO, with the token that its file has now. Else `problem` says why not, in at most `size` bytes. */
walletd_status wd_settings_hello(const wd_settings *settings, wd_buffer *buffer, char *problem, size_t size);

#endif
