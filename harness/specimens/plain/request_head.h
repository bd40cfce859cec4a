// The head of an HTTP/1 request: just enough for the specimens.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct RequestHead {
  char method[16];
  char path[256];
  int minorVersion;
  bool keepAlive;
  size_t bytes;      ///< of the head, its empty line included
  size_t bodyBytes;  ///< as Content-Length says
};

enum HeadResult { kHeadPart, kHeadWhole, kHeadBad };

/// Reads the head at the start of `input`. `head` is complete only for kHeadWhole.
enum HeadResult readHead(const char* input, size_t bytes, struct RequestHead* head);
