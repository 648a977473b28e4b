#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "error.h"
#include "retry.h"

enum {
  CLIENT_NAME_MAX = 64,
  TOKEN_MAX = 4096,
  LEDGER_ID_MAX = 256,
  CONNECTIONS_MAX = 64,
  DEFAULT_TIMEOUT = 10000,
  DEFAULT_CONNECT_TIMEOUT = 5000
};

/* False: no memory. NULL stays NULL. */
static bool copy(char **into, const char *text) {
  *into = text ? strdup(text) : NULL;
  return !text || *into;
}

static bool is_port(const char *text) {
  size_t length = strlen(text);
  if (length == 0 || length > 5 || strspn(text, "0123456789") != length) return false;
  long port = strtol(text, NULL, 10);
  return port > 0 && port <= 65535;
}

/* "host:port", "[v6]:port" or "unix:PATH". */
static walletd_status read_address(wd_settings *settings, const char *address, walletd_error **error) {
  if (strncmp(address, "unix:", 5) == 0 && address[5] != '\0') {
    if (strlen(address + 5) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
      return wd_fail(error, WALLETD_INVALID, NULL, "address: the path of a Unix socket is too long");
    return copy(&settings->path, address + 5) ? WALLETD_OK : wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory");
  }
  const char *colon = strrchr(address, ':'), *start = address, *end = colon;
  if (colon && address[0] == '[' && colon > address + 2 && colon[-1] == ']') {
    start = address + 1;
    end = colon - 1;
  } else if (!colon || memchr(address, ':', (size_t)(colon - address)) || address[0] == '[') {
    end = start;
  }
  if (end == start || !is_port(colon + 1))
    return wd_fail(
        error, WALLETD_INVALID, NULL, "address: it is \"host:port\", \"[v6]:port\" or \"unix:PATH\", not \"%s\"", address);
  settings->host = strndup(start, (size_t)(end - start));
  if (!settings->host || !copy(&settings->port, colon + 1))
    return wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory");
  return WALLETD_OK;
}

static bool is_text_or_null(const char *text) {
  return !text || *text == '\0' || wd_is_text((const uint8_t *)text, strlen(text));
}

static walletd_status check(const walletd_settings *given, walletd_error **error) {
  const char *field = NULL, *rule = NULL;
  if (given->token && given->token_file)
    field = "token", rule = "it and token_file are both given";
  else if (!is_text_or_null(given->token) || (given->token && strlen(given->token) > TOKEN_MAX))
    field = "token", rule = "it has at most 4,096 bytes of UTF-8";
  else if (!is_text_or_null(given->ledger_id) || (given->ledger_id && strlen(given->ledger_id) > LEDGER_ID_MAX))
    field = "ledger_id", rule = "it has at most 256 bytes of UTF-8";
  else if (!is_text_or_null(given->client_name) || (given->client_name && strlen(given->client_name) > CLIENT_NAME_MAX))
    field = "client_name", rule = "it has at most 64 bytes of UTF-8";
  else if (given->connections > CONNECTIONS_MAX)
    field = "connections", rule = "there are at most 64";
  return field ? wd_fail(error, WALLETD_INVALID, NULL, "%s: %s", field, rule) : WALLETD_OK;
}

walletd_status wd_settings_read(
    wd_settings *settings, const char *address, const walletd_settings *given, walletd_error **error) {
  static const walletd_settings none;
  if (!given) given = &none;
  *settings = (wd_settings){0};
  if (!address) return wd_fail(error, WALLETD_INVALID, NULL, "address: it is missing");
  walletd_status status = check(given, error);
  if (status == WALLETD_OK) status = read_address(settings, address, error);
  if (status != WALLETD_OK) return status;
  settings->timeout_millis = given->timeout_millis ? given->timeout_millis : DEFAULT_TIMEOUT;
  settings->connect_timeout_millis = given->connect_timeout_millis ? given->connect_timeout_millis : DEFAULT_CONNECT_TIMEOUT;
  settings->connections = given->connections ? given->connections : 1;
  settings->retry = wd_retry_defaults(given->retry);
  const char *name = given->client_name && *given->client_name ? given->client_name : "walletd-c/" WALLETD_VERSION;
  if (!copy(&settings->address, address) || !copy(&settings->token, given->token) ||
      !copy(&settings->token_file, given->token_file) || !copy(&settings->client_name, name) ||
      !copy(&settings->ledger_id, given->ledger_id))
    return wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory");
  if (!given->tls) return WALLETD_OK;
  const char *server_name = given->tls->server_name ? given->tls->server_name : settings->host;
  if (!server_name) return wd_fail(error, WALLETD_INVALID, NULL, "tls.server_name: TLS over a Unix socket takes one");
  if (!copy(&settings->server_name, server_name)) return wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory");
  return wd_tls_read(&settings->tls, given->tls, error);
}

void wd_settings_free(wd_settings *settings) {
  wd_tls_free(&settings->tls);
  if (settings->token) OPENSSL_cleanse(settings->token, strlen(settings->token));
  char *texts[] = {settings->address, settings->host, settings->port, settings->path, settings->token, settings->token_file,
      settings->client_name, settings->ledger_id, settings->server_name};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
  *settings = (wd_settings){0};
}
