#pragma once
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace h3 {

class Arena;

/// One name=value of a query, as sent. Without '=' the value is empty.
struct QueryParam {
  std::string_view name;
  std::string_view value;
};

/// The name=value pairs of a query or form body, parsed at each access.
///
/// No table is built, so a hostile query costs one scan and no memory. Empty pairs ("a&&b") are skipped; of
/// equal names the first counts; pairs beyond kMaxPairs are ignored. Lifetime: as long as the query text.
/// Threads: immutable.
class QueryParams {
 public:
  static constexpr std::size_t kMaxPairs = 1000;

  class Iterator {
   public:
    using value_type = QueryParam;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(std::string_view rest) : rest_(rest), atEnd_(false) { advance(); }
    const QueryParam& operator*() const noexcept { return current_; }
    const QueryParam* operator->() const noexcept { return &current_; }
    Iterator& operator++() noexcept {
      advance();
      return *this;
    }
    void operator++(int) noexcept { advance(); }
    bool operator==(std::default_sentinel_t) const noexcept { return atEnd_; }

   private:
    void advance() noexcept;
    std::string_view rest_;
    QueryParam current_;
    std::size_t pairs_ = 0;
    bool atEnd_ = true;
  };

  QueryParams() = default;
  explicit QueryParams(std::string_view query) noexcept : query_(query) {}

  Iterator begin() const noexcept { return Iterator(query_); }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// The value as it was sent; `name` is plain text and is compared with the decoded names.
  std::optional<std::string_view> findRaw(std::string_view name) const noexcept;

  /// The decoded value: a view into the query when nothing is encoded, else into the arena.
  std::optional<std::string_view> find(std::string_view name, Arena& arena) const;

  /// Whether there are more than kMaxPairs pairs.
  bool tooMany() const noexcept;

 private:
  std::string_view query_;
};

}  // namespace h3
