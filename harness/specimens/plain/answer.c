#include "plain/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static char body[kAnswerBodyMax];

void beginAnswer(struct Answer* answer, int status, size_t bodyBytes, bool keepAlive) {
  if (body[0] == '\0') memset(body, 'x', sizeof body);
  answer->headBytes = (size_t)snprintf(
      answer->head, sizeof answer->head, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n%s\r\n", status,
      status < 400 ? "OK" : "Error", bodyBytes, keepAlive ? "" : "Connection: close\r\n");
  answer->bodyBytes = bodyBytes;
  answer->sent = 0;
}

bool sendAnswer(struct Answer* answer, int socket) {
  while (unsentBytes(answer) > 0) {
    const bool inHead = answer->sent < answer->headBytes;
    struct iovec parts[2] = {{answer->head + answer->sent, answer->headBytes - answer->sent},
                             {body, answer->bodyBytes}};
    if (!inHead) parts[1].iov_base = body + (answer->sent - answer->headBytes);
    if (!inHead) parts[1].iov_len = unsentBytes(answer);
    const struct msghdr message = {.msg_iov = inHead ? parts : parts + 1, .msg_iovlen = inHead ? 2 : 1};
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN;
    answer->sent += (size_t)sent;
  }
  return true;
}

size_t unsentBytes(const struct Answer* answer) {
  return answer->headBytes + answer->bodyBytes - answer->sent;
}
