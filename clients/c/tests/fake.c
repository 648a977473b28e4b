#include "fake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "convert.h"

enum { SCRIPTS_MAX = 1024 };

struct fake {
  char address[32];
  int listener;
  SSL_CTX *tls;
  void *context;
  script *scripts[SCRIPTS_MAX];
  size_t count;
  pthread_t acceptor;
  pthread_t players[SCRIPTS_MAX];
  size_t playing;
  atomic_int accepted;
};

typedef struct part {
  fake *fake;
  int socket;
  script *script;
} part;

int listen_on_loopback(char address[32]) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof where;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&where, sizeof where) != 0 || listen(listener, 128) != 0 ||
      getsockname(listener, (struct sockaddr *)&where, &length) != 0)
    need(NULL);
  snprintf(address, 32, "127.0.0.1:%d", ntohs(where.sin_port));
  return listener;
}

const char *refused_address(void) {
  static char address[32];
  close(listen_on_loopback(address));
  return address;
}

static void *play(void *argument) {
  part *given = argument;
  peer *made = need(calloc(1, sizeof *made));
  made->fake = given->fake;
  made->context = given->fake->context;
  made->socket = given->socket;
  struct timeval patience = {.tv_sec = PATIENCE_MILLIS / 1000};
  setsockopt(made->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(made->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (setjmp(made->ended) == 0) {
    if (given->fake->tls) {
      made->session = need(SSL_new(given->fake->tls));
      SSL_set_fd(made->session, made->socket);
      if (SSL_accept(made->session) != 1) longjmp(made->ended, 1);
      const char *name = SSL_get_servername(made->session, TLSEXT_NAMETYPE_host_name);
      snprintf(made->server_name, sizeof made->server_name, "%s", name ? name : "");
    }
    given->script(made);
  }
  if (made->session) {
    SSL_shutdown(made->session);
    SSL_free(made->session);
  }
  if (made->socket >= 0) close(made->socket);
  wd_buffer_free(&made->in);
  free(made->payload);
  free(made);
  free(given);
  return NULL;
}

static void *accept_all(void *argument) {
  fake *given = argument;
  for (size_t i = 0; i < given->count; i++) {
    int socket = accept4(given->listener, NULL, NULL, SOCK_CLOEXEC);
    if (socket < 0) break;
    atomic_fetch_add(&given->accepted, 1);
    part *one = need(malloc(sizeof *one));
    *one = (part){.fake = given, .socket = socket, .script = given->scripts[i]};
    if (pthread_create(&given->players[given->playing++], NULL, play, one) != 0) need(NULL);
  }
  return NULL;
}

fake *fake_new(SSL_CTX *tls, void *context, script *const *scripts, size_t count) {
  fake *made = need(calloc(1, sizeof *made));
  made->tls = tls;
  made->context = context;
  made->count = count;
  memcpy(made->scripts, scripts, count * sizeof *scripts);
  made->listener = listen_on_loopback(made->address);
  if (pthread_create(&made->acceptor, NULL, accept_all, made) != 0) need(NULL);
  return made;
}

const char *fake_address(const fake *fake) {
  return fake->address;
}

int fake_connections(fake *fake) {
  return atomic_load(&fake->accepted);
}

void fake_free(fake *fake) {
  shutdown(fake->listener, SHUT_RDWR);
  pthread_join(fake->acceptor, NULL);
  for (size_t i = 0; i < fake->playing; i++) pthread_join(fake->players[i], NULL);
  close(fake->listener);
  free(fake);
}

/* ---------------------------------------------------------------- bytes */

static void end(peer *peer) {
  longjmp(peer->ended, 1);
}

static ssize_t read_some(peer *peer, void *bytes, size_t size) {
  if (peer->session) return SSL_read(peer->session, bytes, (int)size);
  ssize_t got;
  do got = recv(peer->socket, bytes, size, 0);
  while (got < 0 && errno == EINTR);
  return got;
}

static void read_all(peer *peer, size_t wanted) {
  while (wd_buffer_length(&peer->in) < wanted) {
    if (!wd_buffer_reserve(&peer->in, 65536)) need(NULL);
    ssize_t got = read_some(peer, peer->in.bytes + peer->in.end, 65536);
    if (got <= 0) end(peer);
    peer->in.end += (size_t)got;
  }
}

void peer_write(peer *peer, const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = peer->session ? SSL_write(peer->session, (const char *)bytes + done, (int)(length - done))
                                  : send(peer->socket, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
    if (count <= 0) end(peer);
    done += (size_t)count;
  }
}

void peer_ends(peer *peer) {
  char bytes[4096];
  while (read_some(peer, bytes, sizeof bytes) > 0) continue;
}

void peer_reset(peer *peer) {
  struct linger now = {.l_onoff = 1};
  setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  end(peer);
}

/* ---------------------------------------------------------------- frames */

static void copy_text(char *into, size_t size, ProtobufCBinaryData text) {
  snprintf(into, size, "%.*s", (int)text.len, text.data ? (const char *)text.data : "");
}

void peer_read_hello(peer *peer) {
  read_all(peer, WD_PREFACE_BYTES);
  CHECK(memcmp(peer->in.bytes + peer->in.start, WD_PREFACE, WD_PREFACE_BYTES) == 0);
  wd_buffer_consume(&peer->in, WD_PREFACE_BYTES);
  wd_frame frame = peer_read(peer);
  CHECK_INT(frame.type, WD_HELLO);
  Wallet__V1__Hello *hello = need(wallet__v1__hello__unpack(NULL, frame.length, frame.payload));
  CHECK(hello->n_versions == 1 && hello->versions[0] == 1);
  copy_text(peer->client_name, sizeof peer->client_name, hello->client_name);
  copy_text(peer->ledger_id, sizeof peer->ledger_id, hello->ledger_id);
  if (hello->credentials) copy_text(peer->token, sizeof peer->token, hello->credentials->token);
  wallet__v1__hello__free_unpacked(hello, NULL);
}

void peer_hello(peer *peer, const walletd_limits *limits) {
  peer_read_hello(peer);
  Wallet__V1__HelloAck ack = WALLET__V1__HELLO_ACK__INIT;
  Wallet__V1__Limits told = WALLET__V1__LIMITS__INIT;
  ack.version = 1;
  if (limits) {
    told.request_bytes_max = limits->request_bytes_max;
    told.batch_request_bytes_max = limits->batch_request_bytes_max;
    told.response_bytes_max = limits->response_bytes_max;
    told.requests_in_flight_max = limits->requests_in_flight_max;
    ack.limits = &told;
  }
  uint8_t payload[200];
  size_t length = wallet__v1__hello_ack__pack(&ack, payload);
  peer_send(peer, (wd_frame){.type = WD_HELLO_ACK, .payload = payload, .length = length});
}

wd_frame peer_read(peer *peer) {
  wd_frame frame;
  wd_frame_problem problem;
  size_t used;
  for (size_t wanted = 1;; wanted = wd_buffer_length(&peer->in) + 1) {
    read_all(peer, wanted);
    wd_deframed got =
        wd_frame_read(peer->in.bytes + peer->in.start, wd_buffer_length(&peer->in), 8 << 20, &frame, &used, &problem);
    if (got == WD_FRAME_BROKEN) {
      failed(__FILE__, __LINE__, problem.message);
      end(peer);
    }
    if (got == WD_FRAME_WHOLE) break;
  }
  free(peer->payload);
  peer->payload = need(malloc(frame.length + 1));
  memcpy(peer->payload, frame.payload, frame.length);
  frame.payload = peer->payload;
  wd_buffer_consume(&peer->in, used);
  return frame;
}

wd_frame peer_request(peer *peer) {
  wd_frame frame = peer_read(peer);
  CHECK_INT(frame.type, WD_REQUEST);
  CHECK(frame.millis > 0 && frame.request_id > 0);
  return frame;
}

wd_frame peer_debit(peer *peer, walletd_debit_request **request) {
  wd_frame frame = peer_request(peer);
  CHECK_INT(frame.code, WALLETD_METHOD_DEBIT);
  void *made = NULL;
  CHECK(wd_decode(WD_DEBIT_REQUEST, frame.payload, frame.length, &made) == WD_CONVERTED);
  *request = need(made);
  return frame;
}

void peer_send(peer *peer, wd_frame frame) {
  wd_buffer bytes = {0};
  if (!wd_frame_append(&bytes, &frame)) need(NULL);
  size_t length = bytes.end;
  char *copy = need(malloc(length));
  memcpy(copy, bytes.bytes, length);
  wd_buffer_free(&bytes);
  /* What is written may end the script: nothing of it may be lost then. */
  free(peer->payload);
  peer->payload = (uint8_t *)copy;
  peer_write(peer, copy, length);
}

void peer_send_struct(peer *peer, wd_frame frame, unsigned type, const void *value) {
  wd_arena *arena = need(wd_arena_new(4096, SIZE_MAX));
  ProtobufCMessage *message;
  const char *bad = NULL;
  CHECK(wd_to_message(arena, type, value, &message, &bad) == WD_CONVERTED);
  size_t length = protobuf_c_message_get_packed_size(message);
  uint8_t *payload = need(wd_alloc(arena, length));
  protobuf_c_message_pack(message, payload);
  uint8_t *kept = need(malloc(length + 1));
  memcpy(kept, payload, length);
  wd_arena_free(arena);
  free(peer->payload);
  peer->payload = NULL;
  frame.payload = kept;
  frame.length = length;
  wd_buffer bytes = {0};
  if (!wd_frame_append(&bytes, &frame)) need(NULL);
  free(kept);
  peer->payload = need(malloc(bytes.end));
  length = bytes.end;
  memcpy(peer->payload, bytes.bytes, length);
  wd_buffer_free(&bytes);
  peer_write(peer, peer->payload, length);
}

void peer_ok(peer *peer, wd_frame request, unsigned type, const void *value) {
  peer_send_struct(peer, (wd_frame){.type = WD_RESPONSE, .request_id = request.request_id}, type, value);
}

void peer_ok_balance(peer *peer, wd_frame request, int64_t balance) {
  walletd_mutation_response response = {.balance = balance, .currency = "USD", .exponent = 2};
  peer_ok(peer, request, WD_MUTATION_RESPONSE, &response);
}

void peer_ok_ping(peer *peer, wd_frame request, int64_t commit_seq) {
  peer_ok(peer, request, WD_PING_RESPONSE, &(walletd_ping_response){.commit_seq = commit_seq});
}

void peer_refuse(peer *peer, wd_frame answer, Wallet__V1__Error *error) {
  uint8_t payload[1000];
  size_t length = wallet__v1__error__get_packed_size(error);
  if (length > sizeof payload) need(NULL);
  wallet__v1__error__pack(error, payload);
  if (answer.type == 0) answer.type = WD_RESPONSE;
  answer.payload = payload;
  answer.length = length;
  peer_send(peer, answer);
}

void peer_fail(peer *peer, wd_frame request, walletd_reason reason, int status) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  char scripted[] = "scripted";
  error.reason = (Wallet__V1__ErrorReason)reason;
  error.message = (ProtobufCBinaryData){.len = strlen(scripted), .data = (uint8_t *)scripted};
  peer_refuse(
      peer, (wd_frame){.request_id = request.request_id, .code = (uint16_t)status, .flags = WD_FLAG_NOT_EXECUTED}, &error);
}
