#define _GNU_SOURCE  // memmem
#include "plain/request_head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { kLineBytes = 320, kBodyBytesMax = 1 << 20 };

static bool readRequestLine(const char* line, struct RequestHead* head) {
  char end = '\0';
  const int read =
      sscanf(line, "%15[A-Z] %255[!-~] HTTP/1.%1d%c", head->method, head->path, &head->minorVersion, &end);
  return read == 3 && head->path[0] == '/' && head->minorVersion <= 1;
}

static bool readField(const char* line, struct RequestHead* head) {
  if (strncasecmp(line, "connection:", 11) == 0) {
    if (strcasestr(line, "close") != NULL) head->keepAlive = false;
    if (strcasestr(line, "keep-alive") != NULL) head->keepAlive = true;
  }
  if (strncasecmp(line, "content-length:", 15) == 0) {
    char* end = NULL;
    head->bodyBytes = strtoul(line + 15, &end, 10);
    return *end == '\0' && head->bodyBytes < kBodyBytesMax;
  }
  return strncasecmp(line, "transfer-encoding:", 18) != 0 && strchr(line, ':') != NULL;
}

enum HeadResult readHead(const char* input, size_t bytes, struct RequestHead* head) {
  memset(head, 0, sizeof *head);
  const char* end = memmem(input, bytes, "\r\n\r\n", 4);
  if (end == NULL) return kHeadPart;
  head->bytes = (size_t)(end - input) + 4;
  for (const char* at = input; at < end + 2;) {
    const char* next = memmem(at, (size_t)(end + 2 - at), "\r\n", 2);
    char line[kLineBytes];
    const size_t length = (size_t)(next - at);
    if (length >= sizeof line) return kHeadBad;
    memcpy(line, at, length);
    line[length] = '\0';
    if (at == input ? !readRequestLine(line, head) : !readField(line, head)) return kHeadBad;
    if (at == input) head->keepAlive = head->minorVersion == 1;
    at = next + 2;
  }
  return kHeadWhole;
}
