// The HTTP server of the specimens in C. It is healthy, and never touches the heap: whatever leaks is the
// specimen's.
#pragma once

#include <stddef.h>

#include "plain/answer.h"

/// How much of a request has come. A request passes them in this order, a body's stage only when it has one.
enum Stage {
  kStageIdle,   ///< nothing of it; also: it is answered
  kStageHead,   ///< its first byte
  kStageReady,  ///< its whole head; the body, when there is one, is awaited
  kStageBody,   ///< the first byte of its body
  kStageWhole,  ///< all of it; the answer is awaited
};

/// A client. The pointer is the specimen's own and NULL at first; the server only keeps it.
struct Connection {
  void* state;
};

/// Strings end with '\0'; everything is valid until answer() returns.
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

/// Returned by answer() instead of a status, to respond with 200 after kLaterMs, or at answerNow().
enum { kLater = -1, kLaterMs = 50 };

/// A specimen. Every function but answer may be NULL. One thread calls them.
struct Service {
  void (*opened)(struct Connection* connection);
  void (*entered)(struct Connection* connection, enum Stage stage);
  int (*answer)(struct Connection* connection, const struct Request* request);  ///< returns the status
  size_t (*bodyBytes)(const struct Request* request);  ///< of the answer; 3 when NULL, at most kAnswerBodyMax
  /// The client takes no more for now; so many bytes of the answer's end are unsent. The server goes on by
  /// itself.
  void (*stuck)(struct Connection* connection, size_t unsentBytes);
  void (*malformed)(const char* line);  ///< the start of what could not be read
  void (*closed)(struct Connection* connection, enum Stage stage);
};

/// Responds to a connection whose answer() returned kLater.
void answerNow(struct Connection* connection, int status);

/// Parses `--port N [--workers N]`, then answers on 127.0.0.1 until a signal ends it; with workers, in so
/// many forked processes. `GET /health` is answered here, without the service's answer().
///
/// Returns the exit code: 2 for bad usage, 3 when the port cannot be had.
int runPlainServer(int argc, char** argv, const struct Service* service);
