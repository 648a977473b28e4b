#define _GNU_SOURCE
#include "CLinux.h"
#include <sys/socket.h>

int walletd_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
