#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "h3http/session_store.hpp"
#include "memory/lru_table.hpp"
#include "security/cell_pool.hpp"
#include "security/system_seconds.hpp"

namespace h3 {

// Not in the unnamed namespace: a Shard holds them.
struct StoredSession {
  std::uint32_t firstCell = security::CellPool::kNone;
  std::uint32_t bytes = 0;
  std::int64_t expiresSeconds = 0;
};

using SessionTable = LruTable<4, StoredSession>;

namespace {

using security::CellPool;

constexpr int kMaxExpiredPerCreate = 4;  // so that no request pays for many

SessionTable::Key tableKey(const SessionKey& key) {
  SessionTable::Key words;
  static_assert(sizeof words == sizeof key);
  std::memcpy(words.data(), key.data(), sizeof words);
  return words;
}

void checkStoreOptions(const MemorySessionStoreOptions& options) {
  const auto refuse = [](const std::string& problem) {
    throw std::invalid_argument("session store: " + problem);
  };
  if (options.maxEntries < 16 || options.maxEntries > 100'000'000)
    refuse("maxEntries " + std::to_string(options.maxEntries) + ", expected 16 to 100000000");
  if (options.maxBytes < 1024 * 1024 || options.maxBytes > std::size_t{1} << 40)
    refuse("maxBytes " + std::to_string(options.maxBytes) + ", expected 1 MiB to 1 TiB");
}

}  // namespace

/// Sessions of a part of the keys.
struct MemorySessionStore::Shard {
  Shard(std::uint32_t maxEntries, std::uint32_t maxCells) : table(maxEntries), cells(maxCells) {}

  SessionTable::Entry* findLive(const SessionKey& key, std::int64_t now) {
    SessionTable::Entry* const entry = table.find(tableKey(key));
    if (entry == nullptr || entry->value.expiresSeconds > now) return entry;
    remove(*entry);
    ++expirations;
    return nullptr;
  }

  void remove(SessionTable::Entry& entry) {
    cells.release(entry.value.firstCell);
    table.erase(entry);
  }

  /// The oldest make way: first a few that have expired, then as many as it takes.
  void makeRoom(std::size_t bytes, std::int64_t now) {
    for (int i = 0; i < kMaxExpiredPerCreate; ++i) {
      SessionTable::Entry* const oldest = table.oldest();
      if (oldest == nullptr || oldest->value.expiresSeconds > now) break;
      remove(*oldest);
      ++expirations;
    }
    while (table.full() || !cells.hasRoomFor(bytes)) {
      SessionTable::Entry* const oldest = table.oldest();
      if (oldest == nullptr) throw std::length_error("a session's record is larger than its store");
      ++(oldest->value.expiresSeconds > now ? evictions : expirations);
      remove(*oldest);
    }
  }

  void add(const SessionKey& key, std::string_view record, std::int64_t expires, std::int64_t now) {
    makeRoom(record.size(), now);
    const std::uint32_t first = cells.store(record);  // may throw: before the table changes
    table.insert(tableKey(key)).value = {first, static_cast<std::uint32_t>(record.size()), expires};
  }

  std::mutex mutex;
  SessionTable table;
  CellPool cells;
  std::uint64_t evictions = 0;
  std::uint64_t expirations = 0;
};

MemorySessionStore::MemorySessionStore(MemorySessionStoreOptions options)
    : nowSeconds_(options.nowSeconds != nullptr ? options.nowSeconds : security::systemSeconds) {
  checkStoreOptions(options);
  const std::size_t cells =
      std::min<std::size_t>(options.maxBytes / kShards / CellPool::kCellBytes, CellPool::kNone - 1);
  for (auto& shard : shards_)
    shard = std::make_unique<Shard>(options.maxEntries / static_cast<std::uint32_t>(kShards),
                                    static_cast<std::uint32_t>(cells));
}

MemorySessionStore::~MemorySessionStore() = default;

// The first words choose a chain within the shard: another byte.
MemorySessionStore::Shard& MemorySessionStore::shardOf(const SessionKey& key) const {
  return *shards_[key.back() % kShards];
}

std::optional<std::string_view> MemorySessionStore::load(const SessionKey& key, std::uint32_t ttlSeconds,
                                                         Arena& arena) {
  const std::int64_t now = nowSeconds_();
  Shard& shard = shardOf(key);
  const std::lock_guard lock(shard.mutex);
  SessionTable::Entry* const entry = shard.findLive(key, now);
  if (entry == nullptr) return std::nullopt;
  entry->value.expiresSeconds = now + ttlSeconds;
  const std::span<char> record = arena.allocateChars(entry->value.bytes);
  shard.cells.read(entry->value.firstCell, record.size(), record.data());
  return std::string_view(record.data(), record.size());
}

void MemorySessionStore::create(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) {
  const std::int64_t now = nowSeconds_();
  Shard& shard = shardOf(key);
  const std::lock_guard lock(shard.mutex);
  if (SessionTable::Entry* const entry = shard.table.find(tableKey(key))) shard.remove(*entry);
  shard.add(key, record, now + ttlSeconds, now);
}

bool MemorySessionStore::replace(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) {
  const std::int64_t now = nowSeconds_();
  Shard& shard = shardOf(key);
  const std::lock_guard lock(shard.mutex);
  SessionTable::Entry* const entry = shard.findLive(key, now);
  if (entry == nullptr) return false;
  shard.remove(*entry);
  shard.add(key, record, now + ttlSeconds, now);
  return true;
}

void MemorySessionStore::erase(const SessionKey& key) {
  Shard& shard = shardOf(key);
  const std::lock_guard lock(shard.mutex);
  if (SessionTable::Entry* const entry = shard.table.find(tableKey(key))) shard.remove(*entry);
}

MemorySessionStoreStats MemorySessionStore::stats() const {
  MemorySessionStoreStats sum;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    sum.entries += shard->table.size();
    sum.bytes += std::uint64_t{shard->cells.usedCells()} * CellPool::kCellBytes;
    sum.evictions += shard->evictions;
    sum.expirations += shard->expirations;
  }
  return sum;
}

}  // namespace h3
