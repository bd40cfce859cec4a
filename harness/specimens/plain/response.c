#include "plain/response.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static char body[kResponseBodyMax];

void beginResponse(struct Response* response, int status, size_t bodyBytes, bool keepAlive) {
  if (body[0] == '\0') memset(body, 'x', sizeof body);
  response->headBytes = (size_t)snprintf(
      response->head, sizeof response->head, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n%s\r\n", status,
      status < 400 ? "OK" : "Error", bodyBytes, keepAlive ? "" : "Connection: close\r\n");
  response->bodyBytes = bodyBytes;
  response->sent = 0;
}

bool sendResponse(struct Response* response, int socket) {
  while (unsentBytes(response) > 0) {
    const bool inHead = response->sent < response->headBytes;
    struct iovec parts[2] = {{response->head + response->sent, response->headBytes - response->sent},
                             {body, response->bodyBytes}};
    if (!inHead) parts[1].iov_base = body + (response->sent - response->headBytes);
    if (!inHead) parts[1].iov_len = unsentBytes(response);
    const struct msghdr message = {.msg_iov = inHead ? parts : parts + 1, .msg_iovlen = inHead ? 2 : 1};
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN;
    response->sent += (size_t)sent;
  }
  return true;
}

size_t unsentBytes(const struct Response* response) {
  return response->headBytes + response->bodyBytes - response->sent;
}
