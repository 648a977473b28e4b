/* The driver of the conformance tests: operations are JSON lines on standard input, results on standard output. It is one
   thread with a poll loop. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

enum { READ_BYTES = 64 * 1024 };

static driver the_driver;
static walletd_client *closed_client;

void answer(const json_t *id, const char *member, json_t *value) {
  json_t *line = must_have(json_object());
  json_object_set(line, "id", (json_t *)(uintptr_t)id);
  json_object_set_new(line, member, value);
  char *text = must_have(json_dumps(line, JSON_COMPACT));
  if (puts(text) == EOF || fflush(stdout) != 0) exit(1);
  free(text);
  json_decref(line);
}

operation *operation_new(driver *driver, const json_t *id, client *client) {
  operation *made = must_have(calloc(1, sizeof *made));
  made->id = json_incref((json_t *)(uintptr_t)id);
  made->client = client;
  made->next = driver->operations;
  if (made->next) made->next->previous = made;
  driver->operations = made;
  return made;
}

void operation_free(driver *driver, operation *operation) {
  *(operation->previous ? &operation->previous->next : &driver->operations) = operation->next;
  if (operation->next) operation->next->previous = operation->previous;
  json_decref(operation->id);
  free(operation);
}

/* ---------------------------------------------------------------- clients */

static client *find_client(const char *name) {
  for (client *one = the_driver.clients; one; one = one->next)
    if (name && one->name && strcmp(one->name, name) == 0) return one;
  return NULL;
}

static const char *text_of(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

static int64_t number_of(const json_t *object, const char *name) {
  int64_t number = 0;
  return read_int64(json_object_get(object, name), &number) ? number : 0;
}

/* Calls and streams end within the close, so nothing of the client is in use any more. Later calls go to a closed one that all
   share, which answers them as this one would. */
static void close_client(client *one) {
  if (one->walletd == closed_client) return;
  walletd_client_free(one->walletd);
  one->walletd = closed_client;
}

static void connect_client(const json_t *line, const json_t *id) {
  const json_t *secure = json_object_get(line, "tls");
  walletd_tls tls = {.ca_file = text_of(secure, "ca_file"),
      .cert_file = text_of(secure, "cert_file"),
      .key_file = text_of(secure, "key_file"),
      .server_name = text_of(secure, "server_name")};
  walletd_settings settings = {.timeout_millis = (uint32_t)number_of(line, "timeout_millis"),
      .token_file = text_of(line, "token_file"),
      .tls = json_is_object(secure) ? &tls : NULL,
      .retry.attempts_max = (unsigned)number_of(line, "attempts_max")};
  const char *name = text_of(line, "client");
  walletd_error *error = NULL;
  walletd_client *walletd = name ? walletd_client_new(text_of(line, "address"), &settings, &error) : NULL;
  if (!walletd) {
    answer(id, "error", error ? json_of_error(error) : failure("invalid", "client: it has no name"));
    walletd_error_free(error);
    return;
  }
  client *old = find_client(name);
  if (old) {
    close_client(old);
    free(old->name);
    old->name = NULL;
  }
  client *made = must_have(calloc(1, sizeof *made));
  *made = (client){.next = the_driver.clients, .name = must_have(strdup(name)), .walletd = walletd};
  the_driver.clients = made;
  answer(id, "ok", json_object());
}

/* ---------------------------------------------------------------- operations */

static void carry_out(const json_t *line) {
  const json_t *id = json_object_get(line, "id");
  const char *op = text_of(line, "op");
  client *client = find_client(text_of(line, "client"));
  bool needs_client = op && (strcmp(op, "call") == 0 || strcmp(op, "stream") == 0 || strcmp(op, "close") == 0);
  if (!op) {
    answer(id, "error", failure("invalid", "op: it is missing"));
  } else if (needs_client && !client) {
    answer(id, "error", failure("invalid", "client: there is none of this name"));
  } else if (strcmp(op, "connect") == 0) {
    connect_client(line, id);
  } else if (strcmp(op, "close") == 0) {
    close_client(client);
    answer(id, "ok", json_object());
  } else if (strcmp(op, "call") == 0) {
    start_call(&the_driver, client, line);
  } else if (strcmp(op, "stream") == 0) {
    start_stream(&the_driver, client, line);
  } else if (strcmp(op, "cancel") == 0) {
    cancel(&the_driver, json_object_get(line, "target"));
    answer(id, "ok", json_object());
  } else if (!do_quick(op, line)) {
    answer(id, "error", failure("invalid", "op: it is not known"));
  }
}

static void carry_out_text(const char *text, size_t length) {
  json_error_t problem;
  json_t *line = json_loadb(text, length, JSON_ALLOW_NUL, &problem);
  if (line)
    carry_out(line);
  else
    answer(json_null(), "error", failure("invalid", problem.text));
  json_decref(line);
}

/* ---------------------------------------------------------------- the loop */

static char *input;
static size_t input_length, input_capacity;

/* Reads what there is, and carries out the whole lines. False at the end. */
static bool read_input(void) {
  if (input_capacity - input_length < READ_BYTES)
    input = must_have(realloc(input, input_capacity += 2 * input_capacity + READ_BYTES));
  ssize_t count = read(STDIN_FILENO, input + input_length, input_capacity - input_length);
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  input_length += (size_t)count;
  size_t start = 0;
  for (char *end; (end = memchr(input + start, '\n', input_length - start)); start = (size_t)(end - input) + 1)
    if (end > input + start) carry_out_text(input + start, (size_t)(end - input) - start);
  if (count == 0 && input_length > start) carry_out_text(input + start, input_length - start);
  memmove(input, input + start, input_length - start);
  input_length -= start;
  return count > 0;
}

/* One turn. False when standard input has ended. */
static bool turn(bool reading) {
  static struct pollfd *polled;
  static client **of;
  static nfds_t room;
  nfds_t count = 1;
  int timeout = -1;
  for (client *one = the_driver.clients; one || !polled; one = one ? one->next : NULL) {
    if (count + 1 >= room) {
      room = 2 * room + 16;
      polled = must_have(realloc(polled, room * sizeof *polled));
      of = must_have(realloc(of, room * sizeof *of));
    }
    if (!one) continue;
    if (one->walletd == closed_client) continue;
    int millis = walletd_timeout_ms(one->walletd);
    if (millis >= 0 && (timeout < 0 || millis < timeout)) timeout = millis;
    of[count] = one;
    polled[count++] = (struct pollfd){.fd = walletd_fd(one->walletd), .events = walletd_events(one->walletd)};
  }
  polled[0] = (struct pollfd){.fd = reading ? STDIN_FILENO : -1, .events = POLLIN};
  if (poll(polled, count, timeout) < 0 && errno != EINTR) exit(1);
  for (nfds_t i = 1; i < count; i++) walletd_process(of[i]->walletd, polled[i].revents);
  if (reading && polled[0].revents) return read_input();
  return reading;
}

int main(void) {
  bool reading = true;
  closed_client = must_have(walletd_client_new("127.0.0.1:1", NULL, NULL));
  walletd_client_close(closed_client);
  while (reading || the_driver.operations) reading = turn(reading);
  while (the_driver.clients) {
    client *one = the_driver.clients;
    the_driver.clients = one->next;
    close_client(one);
    free(one->name);
    free(one);
  }
  walletd_client_free(closed_client);
  free(input);
  return 0;
}
