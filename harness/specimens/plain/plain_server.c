#define _GNU_SOURCE  // accept4
#include "plain/plain_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plain/request_head.h"

enum { kClientsMax = 128, kInputBytes = 16 * 1024, kBodyBytes = 3, kEventsMax = 32, kWorkersMax = 16 };

struct Client {
  struct Connection connection;  // first: a Connection* is a Client*
  int fd;                        // 0: free
  enum Stage stage;
  struct RequestHead head;
  int64_t respondAtMs;  // 0: not later
  struct Response response;
  size_t filled;
  char input[kInputBytes];
};

static struct Client clients[kClientsMax];
static const struct Service* service;
static int epollFd;

static int64_t nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void enter(struct Client* client, enum Stage stage) {
  if (stage != kStageIdle && client->stage >= stage) return;
  client->stage = stage;
  if (service->entered != NULL) service->entered(&client->connection, stage);
}

static void closeClient(struct Client* client) {
  if (service->closed != NULL) service->closed(&client->connection, client->stage);
  close(client->fd);
  client->fd = 0;
}

static void watch(int fd, void* subject, int change, uint32_t events) {
  struct epoll_event event = {.events = events, .data = {.ptr = subject}};
  epoll_ctl(epollFd, change, fd, &event);
}

// Continues sending, and waits for room when the client takes no more. False when it is gone.
static bool sendOn(struct Client* client, bool awaitsRoom) {
  if (!sendResponse(&client->response, client->fd)) return false;
  const size_t unsent = unsentBytes(&client->response);
  if ((unsent > 0) != awaitsRoom) watch(client->fd, client, EPOLL_CTL_MOD, unsent > 0 ? EPOLLOUT : EPOLLIN);
  if (unsent > 0 && !awaitsRoom && service->stuck != NULL) service->stuck(&client->connection, unsent);
  return true;
}

// The response is sent, or its client gone. False when the connection must be closed.
static bool finishRequest(struct Client* client, bool alive) {
  const size_t used = client->head.bytes + client->head.bodyBytes;
  client->filled -= used;
  memmove(client->input, client->input + used, client->filled);
  enter(client, kStageIdle);
  return alive && client->head.keepAlive;
}

// The rest of a response that does not go through at once comes by sendRest(). False when the connection is to
// be closed.
static bool respondWith(struct Client* client, int status, size_t bodyBytes) {
  client->respondAtMs = 0;
  beginResponse(&client->response, status, bodyBytes, client->head.keepAlive);
  const bool alive = sendOn(client, false);
  return (alive && unsentBytes(&client->response) > 0) || finishRequest(client, alive);
}

// False when the connection is to be closed.
static bool dispatch(struct Client* client) {
  const struct RequestHead* head = &client->head;
  if (strcmp(head->path, "/health") == 0) return respondWith(client, 200, kBodyBytes);
  const struct Request request = {.method = head->method,
                                  .path = head->path,
                                  .body = client->input + head->bytes,
                                  .bodyBytes = head->bodyBytes,
                                  .minorVersion = head->minorVersion,
                                  .head = client->input,
                                  .headBytes = head->bytes,
                                  .followingBytes = client->filled - head->bytes - head->bodyBytes};
  const int status = service->respond(&client->connection, &request);
  if (status == kLater) client->respondAtMs = nowMs() + kLaterMs;
  if (status == kLater) return true;
  return respondWith(client, status, service->bodyBytes != NULL ? service->bodyBytes(&request) : kBodyBytes);
}

static bool refuse(struct Client* client) {
  client->input[client->filled < kInputBytes ? client->filled : kInputBytes - 1] = '\0';
  if (service->malformed != NULL) service->malformed(client->input);
  beginResponse(&client->response, 400, kBodyBytes, false);
  sendResponse(&client->response, client->fd);
  return false;
}

// Responds to what has arrived. False when the connection must be closed.
static bool respondToAll(struct Client* client) {
  while (client->filled > 0 && client->stage != kStageWhole) {
    enter(client, kStageHead);
    const enum HeadResult result = readHead(client->input, client->filled, &client->head);
    const size_t whole = client->head.bytes + client->head.bodyBytes;
    if (result == kHeadBad || whole > kInputBytes) return refuse(client);
    if (result == kHeadPart) return client->filled < kInputBytes || refuse(client);
    enter(client, kStageReady);
    if (client->head.bodyBytes > 0 && client->filled > client->head.bytes) enter(client, kStageBody);
    if (client->filled < whole) return true;
    enter(client, kStageWhole);
    if (!dispatch(client)) return false;
  }
  return true;
}

void respondNow(struct Connection* connection, int status) {
  struct Client* client = (struct Client*)connection;
  if (!respondWith(client, status, kBodyBytes) || !respondToAll(client)) closeClient(client);
}

static void sendRest(struct Client* client) {
  const bool alive = sendOn(client, true);
  if (alive && unsentBytes(&client->response) > 0) return;
  if (!finishRequest(client, alive) || !respondToAll(client)) closeClient(client);
}

static void receive(struct Client* client) {
  if (client->fd == 0) return;  // closed earlier in the same batch of events
  if (unsentBytes(&client->response) > 0) {
    sendRest(client);
    return;
  }
  const ssize_t got =
      recv(client->fd, client->input + client->filled, kInputBytes - client->filled, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) client->filled += (size_t)got;
  if (got <= 0 || !respondToAll(client)) closeClient(client);
}

static void acceptClient(int listener) {
  const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (struct Client* client = clients; client != clients + kClientsMax; ++client) {
    if (client->fd != 0) continue;
    client->connection.state = NULL;
    client->fd = fd;
    client->stage = kStageIdle;
    client->respondAtMs = 0;
    client->response = (struct Response){0};
    client->filled = 0;
    watch(fd, client, EPOLL_CTL_ADD, EPOLLIN);
    if (service->opened != NULL) service->opened(&client->connection);
    return;
  }
  close(fd);
}

// On a busy machine the response is due before the client's end was read.
static bool hasLeft(const struct Client* client) {
  char byte;
  const ssize_t got = recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

// Sends the responses that are due. Returns how long to wait for the next, for epoll_wait.
static int sendDueResponses(void) {
  const int64_t now = nowMs();
  int64_t next = INT64_MAX;
  for (struct Client* client = clients; client != clients + kClientsMax; ++client) {
    if (client->fd == 0 || client->respondAtMs == 0) continue;
    if (client->respondAtMs > now)
      next = client->respondAtMs < next ? client->respondAtMs : next;
    else if (hasLeft(client))
      closeClient(client);
    else
      respondNow(&client->connection, 200);
  }
  return next == INT64_MAX ? -1 : (int)(next - now);
}

static int serve(int listener) {
  epollFd = epoll_create1(EPOLL_CLOEXEC);
  watch(listener, NULL, EPOLL_CTL_ADD, EPOLLIN);
  for (;;) {
    struct epoll_event events[kEventsMax];
    const int count = epoll_wait(epollFd, events, kEventsMax, sendDueResponses());
    if (count < 0 && errno != EINTR) return 3;
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr == NULL)
        acceptClient(listener);
      else
        receive(events[i].data.ptr);
    }
  }
}

static int serveInWorkers(int listener, int workers) {
  const pid_t master = getpid();
  for (int i = 0; i < workers; ++i) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return getppid() == master ? serve(listener) : 3;
  }
  while (wait(NULL) > 0 || errno == EINTR) {
  }
  return 0;
}

static int listenOn(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  if (bind(listener, (const struct sockaddr*)&address, sizeof address) != 0) return -1;
  return listen(listener, SOMAXCONN) == 0 ? listener : -1;
}

int runPlainServer(int argc, char** argv, const struct Service* given) {
  int port = 0;
  int workers = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--port") == 0) port = atoi(argv[i + 1]);
    if (strcmp(argv[i], "--workers") == 0) workers = atoi(argv[i + 1]);
  }
  if (port < 1 || port > 65535 || workers < 0 || workers > kWorkersMax) {
    fprintf(stderr, "usage: %s --port 1..65535 [--workers 0..%d]\n", argv[0], kWorkersMax);
    return 2;
  }
  service = given;
  const int listener = listenOn(port);
  if (listener < 0) {
    fprintf(stderr, "%s: port %d: %s\n", argv[0], port, strerror(errno));
    return 3;
  }
  return workers > 0 ? serveInWorkers(listener, workers) : serve(listener);
}
