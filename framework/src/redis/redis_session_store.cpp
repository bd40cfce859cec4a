#include "h3http/redis_session_store.hpp"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "http/base64.hpp"

namespace h3 {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxArguments = 6;
constexpr std::size_t kMaxPrefixBytes = 64;

struct FreeRedis {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RedisConnection = std::unique_ptr<redisContext, FreeRedis>;
using RedisReply = std::unique_ptr<redisReply, FreeRedis>;

// hiredis writes with write(2), which raises SIGPIPE when the server has closed: blocked meanwhile, and taken back.
class SigpipeBlocked {
 public:
  SigpipeBlocked() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    wasPending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~SigpipeBlocked() {
    const timespec now{};
    while (!wasPending_ && sigtimedwait(&sigpipe_, nullptr, &now) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t before_;
  bool wasPending_;
};

RedisReply sendCommand(redisContext& connection, std::initializer_list<std::string_view> arguments) {
  std::array<const char*, kMaxArguments> texts{};
  std::array<std::size_t, kMaxArguments> sizes{};
  std::size_t count = 0;
  for (const std::string_view argument : arguments) {
    texts[count] = argument.data();
    sizes[count++] = argument.size();
  }
  const SigpipeBlocked blocked;
  return RedisReply(static_cast<redisReply*>(
      redisCommandArgv(&connection, static_cast<int>(count), texts.data(), sizes.data())));
}

void checkRedisOptions(const RedisOptions& options) {
  const auto check = [](const char* name, std::uint64_t found, std::uint64_t least, std::uint64_t most) {
    if (found < least || found > most)
      throw std::invalid_argument(std::string("redis: ") + name + " " + std::to_string(found) +
                                  ", expected " + std::to_string(least) + " to " + std::to_string(most));
  };
  check("timeoutMs", options.timeoutMs, 1, 10'000);
  check("retryMs", options.retryMs, 0, 60'000);
  check("idleConnections", options.idleConnections, 1, 256);
  check("size of prefix", options.prefix.size(), 0, kMaxPrefixBytes);
  if (options.unixPath.empty() && (options.host.empty() || options.port == 0))
    throw std::invalid_argument("redis: neither unixPath nor host and port");
}

// A key of Redis, on the stack: the prefix and base64url of the session's key.
class RedisKey {
 public:
  RedisKey(std::string_view prefix, const SessionKey& key) {
    char* const end = std::copy(prefix.begin(), prefix.end(), text_.data());
    encodeBase64Url({reinterpret_cast<const char*>(key.data()), key.size()}, end);
    size_ = prefix.size() + base64UrlBytes(key.size());
  }
  operator std::string_view() const { return {text_.data(), size_}; }  // NOLINT: that is what it is

 private:
  std::array<char, kMaxPrefixBytes + base64UrlBytes(sizeof(SessionKey))> text_;
  std::size_t size_;
};

class Digits {
 public:
  explicit Digits(std::uint32_t number)
      : size_(static_cast<std::size_t>(std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr -
                                       text_.data())) {}
  operator std::string_view() const { return {text_.data(), size_}; }  // NOLINT: that is what it is

 private:
  std::array<char, 10> text_;
  std::size_t size_;
};

}  // namespace

/// Connections that are open and idle, and when to try again after a failure.
class RedisSessionStore::Connections {
 public:
  explicit Connections(RedisOptions options) : options_(std::move(options)) {
    checkRedisOptions(options_);
    idle_.reserve(options_.idleConnections);
    place_ =
        options_.unixPath.empty() ? options_.host + ":" + std::to_string(options_.port) : options_.unixPath;
  }

  /// Errors: SessionStoreError, for an error reply too.
  RedisReply run(std::initializer_list<std::string_view> arguments) {
    RedisConnection connection = takeIdle();
    const bool wasIdle = connection != nullptr;
    if (!wasIdle) connection = connect();
    RedisReply reply = sendCommand(*connection, arguments);
    // The server may have restarted since: all our commands may be sent twice.
    if (!reply && wasIdle && !timedOut(*connection)) {
      closeIdle();
      connection = connect();
      reply = sendCommand(*connection, arguments);
    }
    if (!reply) failConnection(connection->errstr);
    if (reply->type == REDIS_REPLY_ERROR) fail(std::string_view(reply->str, reply->len));
    keepIdle(std::move(connection));
    return reply;
  }

 private:
  static bool timedOut(const redisContext& connection) {
    return connection.err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  RedisConnection takeIdle() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    RedisConnection connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void keepIdle(RedisConnection connection) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < options_.idleConnections) idle_.push_back(std::move(connection));
  }

  void closeIdle() {
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }

  RedisConnection connect() {
    if (const std::lock_guard lock(mutex_); Clock::now() < retryAt_)
      fail("waiting before the next try to connect");
    const timeval timeout{static_cast<time_t>(options_.timeoutMs / 1000),
                          static_cast<suseconds_t>(options_.timeoutMs % 1000 * 1000)};
    RedisConnection connection(options_.unixPath.empty()
                                   ? redisConnectWithTimeout(options_.host.c_str(), options_.port, timeout)
                                   : redisConnectUnixWithTimeout(options_.unixPath.c_str(), timeout));
    if (!connection) failConnection("no memory");
    if (connection->err != 0) failConnection(connection->errstr);
    if (redisSetTimeout(connection.get(), timeout) != REDIS_OK) failConnection("no timeout can be set");
    authenticate(*connection);
    return connection;
  }

  void authenticate(redisContext& connection) {
    if (options_.password.empty()) return;
    const RedisReply reply = options_.user.empty()
                                 ? sendCommand(connection, {"AUTH", options_.password})
                                 : sendCommand(connection, {"AUTH", options_.user, options_.password});
    if (!reply) failConnection(connection.errstr);
    if (reply->type == REDIS_REPLY_ERROR) failConnection(reply->str);
  }

  /// So that a server that does not respond costs each worker one timeout in retryMs, not one a request.
  [[noreturn]] void failConnection(std::string_view problem) {
    {
      const std::lock_guard lock(mutex_);
      retryAt_ = Clock::now() + std::chrono::milliseconds(options_.retryMs);
    }
    fail(problem);
  }

  [[noreturn]] void fail(std::string_view problem) const {
    throw SessionStoreError(std::string("Redis at ").append(place_).append(": ").append(problem));
  }

  RedisOptions options_;
  std::string place_;
  std::mutex mutex_;
  std::vector<RedisConnection> idle_;
  Clock::time_point retryAt_;
};

RedisSessionStore::RedisSessionStore(RedisOptions options)
    : prefix_(options.prefix), connections_(std::make_unique<Connections>(std::move(options))) {}

RedisSessionStore::~RedisSessionStore() = default;

std::optional<std::string_view> RedisSessionStore::load(const SessionKey& key, std::uint32_t ttlSeconds,
                                                        Arena& arena) {
  const RedisReply reply = connections_->run({"GETEX", RedisKey(prefix_, key), "EX", Digits(ttlSeconds)});
  if (reply->type != REDIS_REPLY_STRING) return std::nullopt;
  return arena.copy({reply->str, static_cast<std::size_t>(reply->len)});
}

void RedisSessionStore::create(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) {
  (void)connections_->run({"SET", RedisKey(prefix_, key), record, "EX", Digits(ttlSeconds)});
}

bool RedisSessionStore::replace(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) {
  const RedisReply reply =
      connections_->run({"SET", RedisKey(prefix_, key), record, "EX", Digits(ttlSeconds), "XX"});
  return reply->type == REDIS_REPLY_STATUS;  // else nil: there is none any more
}

void RedisSessionStore::erase(const SessionKey& key) {
  (void)connections_->run({"DEL", RedisKey(prefix_, key)});
}

}  // namespace h3
