/* TLS, with certificates that openssl's command line makes. */
#include <openssl/ssl.h>
#include <stdlib.h>

#include "fake.h"

#define KEY "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

static void must_run(const char *command) {
  if (!run(NULL, 0, "cd %s && (%s) >/dev/null 2>&1", scratch(), command)) {
    fprintf(stderr, "this failed: %s\n", command);
    need(NULL);
  }
}

static void make_authority(const char *name) {
  char command[500];
  snprintf(command, sizeof command,
      "test -f %s.pem || openssl req -x509 " KEY
      " -keyout %s.key -out %s.pem -subj /CN=%s -addext keyUsage=critical,keyCertSign",
      name, name, name, name);
  must_run(command);
}

/* NAME.pem and NAME.key; `days` may be over. */
static void make_certificate(const char *name, const char *usage, const char *names, const char *by, int days) {
  char command[1200];
  snprintf(command, sizeof command,
      "openssl req " KEY
      " -keyout %s.key -out %s.csr -subj /CN=%s && printf 'extendedKeyUsage=%s\\n%s%s\\n' > %s.ext && "
      "openssl x509 -req -in %s.csr -out %s.pem -CA %s.pem -CAkey %s.key -CAcreateserial -days %d -extfile %s.ext",
      name, name, name, usage, *names ? "subjectAltName=" : "", names, name, name, name, by, by, days, name);
  must_run(command);
}

static const char *file(const char *name, const char *kind) {
  char full[80];
  snprintf(full, sizeof full, "%s.%s", name, kind);
  return scratch_path(full);
}

static int choose_alpn(SSL *session, const unsigned char **out, unsigned char *length, const unsigned char *in,
    unsigned int in_length, void *context) {
  (void)session;
  (void)context;
  if (in_length != 6 || memcmp(in, "\5wrp/1", 6) != 0) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = in + 1;
  *length = 5;
  return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *server_context(const char *name, const char *client_authority) {
  SSL_CTX *context = need(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
  if (SSL_CTX_use_certificate_chain_file(context, file(name, "pem")) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, file(name, "key"), SSL_FILETYPE_PEM) != 1)
    need(NULL);
  if (client_authority) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_load_verify_locations(context, file(client_authority, "pem"), NULL);
  }
  return context;
}

static void serves(peer *peer) {
  peer_hello(peer, NULL);
  CHECK_TEXT(SSL_get_version(peer->session), "TLSv1.3");
  snprintf(peer->context, 200, "%s/%s", peer->server_name, peer->token);
  for (;;) peer_ok_ping(peer, peer_request(peer), 1);
}

static void never(peer *peer) {
  peer_hello(peer, NULL);
  failed(__FILE__, __LINE__, "the client spoke");
}

static void tls_with_names_and_addresses(void) {
  make_authority("authority");
  make_certificate("server", "serverAuth", "IP:127.0.0.1,DNS:wallets.test", "authority", 2);
  SSL_CTX *context = server_context("server", NULL);
  static const struct { const char *name, *said; } cases[] = {{NULL, "/secret"}, {"wallets.test", "wallets.test/secret"}};
  for (size_t i = 0; i < 2; i++) {
    char said[200] = "";
    fake *fake = fake_new(context, said, (script *const[]){serves}, 1);
    walletd_tls tls = {.ca_file = file("authority", "pem"), .server_name = cases[i].name};
    walletd_client *client = client_of(
        fake_address(fake), &(walletd_settings){.tls = &tls, .token = "secret", .connect_timeout_millis = PATIENCE_MILLIS});
    walletd_error *error = NULL;
    for (int n = 0; n < 3; n++) CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
    CHECK_TEXT(said, cases[i].said);
    walletd_client_free(client);
    fake_free(fake);
  }
  SSL_CTX_free(context);
}

static void answers_at_length(peer *peer) {
  char note[60001];
  memset(note, 'n', sizeof note - 1);
  note[60000] = '\0';
  peer_hello(peer, NULL);
  for (;;) {
    wd_frame frame = peer_request(peer);
    walletd_mutation_response response = {.transaction = {.note = note}, .balance = 7};
    peer_ok(peer, frame, WD_MUTATION_RESPONSE, &response);
  }
}

static void long_messages_over_tls(void) {
  make_authority("authority");
  make_certificate("server", "serverAuth", "IP:127.0.0.1", "authority", 2);
  SSL_CTX *context = server_context("server", NULL);
  fake *fake = fake_new(context, NULL, (script *const[]){answers_at_length}, 1);
  walletd_tls tls = {.ca_file = file("authority", "pem")};
  walletd_client *client =
      client_of(fake_address(fake), &(walletd_settings){.tls = &tls, .connect_timeout_millis = PATIENCE_MILLIS});
  static char note[300001];
  memset(note, 'n', sizeof note - 1);
  for (int i = 0; i < 20; i++) {
    walletd_error *error = NULL;
    walletd_mutation_response *response = NULL;
    walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test", .note = note};
    if (CHECK_OK(walletd_debit(client, &request, NULL, &response, &error)))
      CHECK_INT(strlen(response->transaction.note), 60000);
    walletd_free(response);
  }
  walletd_client_free(client);
  fake_free(fake);
  SSL_CTX_free(context);
}

static void certificates_that_are_not_accepted(void) {
  make_authority("authority");
  make_authority("stranger");
  make_certificate("expired", "serverAuth", "IP:127.0.0.1", "authority", -1);
  make_certificate("elsewhere", "serverAuth", "DNS:elsewhere.test", "authority", 2);
  make_certificate("server", "serverAuth", "IP:127.0.0.1", "authority", 2);
  make_certificate("client", "clientAuth", "IP:127.0.0.1", "authority", 2);
  static const char *const cases[][2] = {
      {"expired", "authority"}, {"elsewhere", "authority"}, {"server", "stranger"}, {"client", "authority"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SSL_CTX *context = server_context(cases[i][0], NULL);
    fake *fake = fake_new(context, NULL, (script *const[]){never}, 1);
    walletd_tls tls = {.ca_file = file(cases[i][1], "pem")};
    walletd_settings settings = eager;
    settings.tls = &tls;
    settings.token = "secret";
    walletd_client *client = client_of(fake_address(fake), &settings);
    walletd_error *error = NULL, *kept = NULL;
    int64_t started = now_millis();
    CHECK_KEPT(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED, &kept);
    if (kept) {
      CHECK_TEXT(kept->key, test_key);
      CHECK(strstr(kept->message, "certificate is not accepted") != NULL);
    }
    walletd_error_free(kept);
    CHECK(now_millis() - started < PATIENCE_MILLIS);
    CHECK_INT(fake_connections(fake), 1); /* it won't be accepted next time either */
    walletd_client_free(client);
    fake_free(fake);
    SSL_CTX_free(context);
  }
}

static void shows_who_it_is(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  peer_ends(peer);
}

static void certificates_of_clients(void) {
  make_authority("authority");
  make_authority("stranger");
  make_certificate("server", "serverAuth", "IP:127.0.0.1", "authority", 2);
  make_certificate("till-7", "clientAuth", "", "authority", 2);
  make_certificate("late", "clientAuth", "", "authority", -1);
  make_certificate("foreign", "clientAuth", "", "stranger", 2);
  static const char *const names[] = {"till-7", NULL, "late", "foreign"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    SSL_CTX *context = server_context("server", "authority");
    fake *fake = fake_new(context, NULL, (script *const[]){i == 0 ? shows_who_it_is : never}, 1);
    walletd_tls tls = {.ca_file = file("authority", "pem")};
    if (names[i]) {
      tls.cert_file = file(names[i], "pem");
      tls.key_file = file(names[i], "key");
    }
    walletd_settings settings = eager;
    settings.tls = &tls;
    settings.connect_timeout_millis = PATIENCE_MILLIS;
    walletd_client *client = client_of(fake_address(fake), &settings);
    walletd_error *error = NULL;
    CHECK_FAILS(ping(client, PATIENCE_MILLIS, NULL, &error), i == 0 ? WALLETD_OK : WALLETD_UNAUTHENTICATED);
    walletd_client_free(client);
    fake_free(fake);
    SSL_CTX_free(context);
  }
}

static void speaks_http(peer *peer) {
  static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  peer_write(peer, text, sizeof text - 1);
  peer_ends(peer);
}

static void answers_nothing(peer *peer) {
  peer_ends(peer);
}

static void closes_at_once(peer *peer) {
  (void)peer;
}

static void servers_without_tls(void) {
  make_authority("authority");
  static const struct {
    script *script;
    walletd_status status;
    uint32_t connect_timeout_millis;
  } cases[] = {{speaks_http, WALLETD_PROTOCOL, 0}, {answers_nothing, WALLETD_DISCONNECTED, 300},
      {closes_at_once, WALLETD_DISCONNECTED, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fake *fake = FAKE(NULL, cases[i].script);
    walletd_tls tls = {.ca_file = file("authority", "pem")};
    walletd_settings settings = once;
    settings.tls = &tls;
    settings.connect_timeout_millis = cases[i].connect_timeout_millis;
    walletd_client *client = client_of(fake_address(fake), &settings);
    walletd_error *error = NULL;
    CHECK_FAILS(debit(client, NULL, &error), cases[i].status);
    walletd_client_free(client);
    fake_free(fake);
  }
}

static void files_that_cannot_be_used(void) {
  make_authority("authority");
  make_authority("stranger");
  walletd_tls cases[] = {{.ca_file = "/nowhere"}, {.ca_file = file("authority", "key")},
      {.cert_file = file("authority", "pem"), .key_file = file("stranger", "key")},
      {.cert_file = "/nowhere", .key_file = "/nowhere"}, {.cert_file = file("authority", "pem"), .key_file = "/nowhere"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    walletd_error *error = NULL;
    CHECK(walletd_client_new("localhost:7000", &(walletd_settings){.tls = &cases[i]}, &error) == NULL);
    CHECK(error && error->status == WALLETD_INVALID && strncmp(error->message, "tls.", 4) == 0);
    walletd_error_free(error);
  }
}

LIST(tls_tests, T(tls_with_names_and_addresses), HEAVY(long_messages_over_tls), T(certificates_that_are_not_accepted),
    T(certificates_of_clients), T(servers_without_tls), T(files_that_cannot_be_used));
