// A response being sent: in one piece if the socket takes it, in parts if the client reads slowly.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { kAnswerBodyMax = 256 * 1024 };

/// Plain memory; all zero is a response that has been sent.
struct Answer {
  char head[160];
  size_t headBytes;
  size_t bodyBytes;  ///< of the letter 'x'
  size_t sent;       ///< of head and body together
};

/// bodyBytes: at most kAnswerBodyMax.
void beginAnswer(struct Answer* answer, int status, size_t bodyBytes, bool keepAlive);

/// Sends what the socket takes without waiting. False when the client is gone.
bool sendAnswer(struct Answer* answer, int socket);

/// What is still to be sent of it.
size_t unsentBytes(const struct Answer* answer);
