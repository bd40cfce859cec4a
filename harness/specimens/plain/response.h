// A response being sent: in one piece if the socket takes it, in parts if the client reads slowly.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { kResponseBodyMax = 256 * 1024 };

/// Plain memory; all zero is a response that has been sent.
struct Response {
  char head[160];
  size_t headBytes;
  size_t bodyBytes;  ///< of the letter 'x'
  size_t sent;       ///< of head and body together
};

/// bodyBytes: at most kResponseBodyMax.
void beginResponse(struct Response* response, int status, size_t bodyBytes, bool keepAlive);

/// Sends what the socket takes without waiting. False when the client is gone.
bool sendResponse(struct Response* response, int socket);

/// What is still to be sent of it.
size_t unsentBytes(const struct Response* response);
