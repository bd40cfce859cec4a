// The HTTP server of the specimens in C. It is healthy, and never touches the heap: whatever leaks is the
// specimen's.
#pragma once

#include <stddef.h>

#include "plain/response.h"

/// How much of a request has come. A request passes them in this order, a body's stage only when it has one.
enum Stage {
  kStageIdle,   ///< nothing of it; also: its response is sent
  kStageHead,   ///< its first byte
  kStageReady,  ///< its whole head; the body, when there is one, is awaited
  kStageBody,   ///< the first byte of its body
  kStageWhole,  ///< all of it; the response is awaited
};

/// A client. The pointer is the specimen's own and NULL at first; the server only keeps it.
struct Connection {
  void* state;
};

/// Strings end with '\0'; everything is valid until respond() returns.
struct Request {
  const char* method;
  const char* path;  ///< with its query
  const char* body;  ///< not terminated
  size_t bodyBytes;
  int minorVersion;  ///< HTTP/1.N
  const char* head;  ///< all of it, with its empty line; not terminated
  size_t headBytes;
  size_t followingBytes;  ///< of the requests after it that have come already
};

/// Returned by respond() instead of a status, to respond with 200 after kLaterMs, or at respondNow().
enum { kLater = -1, kLaterMs = 50 };

/// A specimen. Every function but respond may be NULL. One thread calls them.
struct Service {
  void (*opened)(struct Connection* connection);
  void (*entered)(struct Connection* connection, enum Stage stage);
  int (*respond)(struct Connection* connection, const struct Request* request);  ///< returns the status
  size_t (*bodyBytes)(
      const struct Request* request);  ///< of the response; 3 when NULL, at most kResponseBodyMax
  /// The client takes no more for now; so many bytes of the response's end are unsent. The server goes on by
  /// itself.
  void (*stuck)(struct Connection* connection, size_t unsentBytes);
  void (*malformed)(const char* line);  ///< the start of what could not be read
  void (*closed)(struct Connection* connection, enum Stage stage);
};

/// Responds to a connection whose respond() returned kLater.
void respondNow(struct Connection* connection, int status);

/// Parses `--port N [--workers N]`, then serves 127.0.0.1 until a signal ends it; with workers, in so
/// many forked processes. The server itself responds to `GET /health`, without calling respond().
///
/// Returns the exit code: 2 for bad usage, 3 when the port cannot be had.
int runPlainServer(int argc, char** argv, const struct Service* service);
