/* HELLO, and the token in it. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "settings.h"
#include "wallet.pb-c.h"

enum { WIRE_VERSION = 1, TOKEN_MAX = 4096, HELLO_MAX = 8192 };

#define SPACE " \t\r\n\v\f"

static ssize_t read_file(const char *path, char *text, size_t size, char *problem, size_t problem_size) {
  /* Of a pipe that nobody writes to there is nothing to wait for. */
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat about;
  if (file < 0 || fstat(file, &about) != 0) {
    snprintf(problem, problem_size, "the token file %s can't be read: %s", path, strerror(errno));
    if (file >= 0) close(file);
    return -1;
  }
  if (about.st_mode & (S_IROTH | S_IWOTH | S_IXOTH)) {
    snprintf(problem, problem_size, "the token file %s can be read or changed by everybody", path);
    close(file);
    return -1;
  }
  size_t length = 0;
  for (;;) {
    ssize_t count = read(file, text + length, size - length);
    if (count > 0) length += (size_t)count;
    if (count == 0 || length == size) break;
    if (count < 0 && errno != EINTR) {
      snprintf(problem, problem_size, "the token file %s can't be read: %s", path, strerror(errno));
      close(file);
      return -1;
    }
  }
  close(file);
  return (ssize_t)length;
}

/* The one word of a file. */
static bool read_token(const char *path, char token[TOKEN_MAX + 2], char *problem, size_t size) {
  ssize_t length = read_file(path, token, TOKEN_MAX + 1, problem, size);
  if (length < 0) return false;
  token[length] = '\0';
  size_t space = strspn(token, SPACE), word = strcspn(token + space, SPACE);
  bool alone = strspn(token + space + word, SPACE) == (size_t)length - space - word;
  if (length > TOKEN_MAX || word == 0 || !alone) {
    snprintf(problem, size, "the token file %s must have one token and nothing else", path);
    return false;
  }
  memmove(token, token + space, word);
  token[word] = '\0';
  return true;
}

static ProtobufCBinaryData field(const char *text) {
  return (ProtobufCBinaryData){.len = text ? strlen(text) : 0, .data = (uint8_t *)(uintptr_t)text};
}

static bool write_hello(const wd_settings *settings, const char *token, wd_buffer *buffer) {
  uint32_t versions[] = {WIRE_VERSION};
  Wallet__V1__Credentials credentials = WALLET__V1__CREDENTIALS__INIT;
  Wallet__V1__Hello hello = WALLET__V1__HELLO__INIT;
  hello.n_versions = 1;
  hello.versions = versions;
  hello.client_name = field(settings->client_name);
  hello.ledger_id = field(settings->ledger_id);
  if (token) {
    credentials.kind_case = WALLET__V1__CREDENTIALS__KIND_TOKEN;
    credentials.token = field(token);
    hello.credentials = &credentials;
  }
  uint8_t payload[HELLO_MAX];
  size_t length = wallet__v1__hello__get_packed_size(&hello);
  if (length > sizeof payload) return false;
  wallet__v1__hello__pack(&hello, payload);
  wd_frame frame = {.type = WD_HELLO, .payload = payload, .length = length};
  bool written = wd_buffer_append(buffer, WD_PREFACE, WD_PREFACE_BYTES) && wd_frame_append(buffer, &frame);
  OPENSSL_cleanse(payload, sizeof payload);
  return written;
}

walletd_status wd_settings_hello(const wd_settings *settings, wd_buffer *buffer, char *problem, size_t size) {
  char word[TOKEN_MAX + 2];
  const char *token = settings->token;
  if (settings->token_file) {
    if (!read_token(settings->token_file, word, problem, size)) return WALLETD_UNAUTHENTICATED;
    token = word;
  }
  bool written = write_hello(settings, token, buffer);
  OPENSSL_cleanse(word, sizeof word);
  if (written) return WALLETD_OK;
  snprintf(problem, size, "there is no memory for HELLO");
  return WALLETD_NO_MEMORY;
}
