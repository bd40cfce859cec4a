// The cookies of a test client.
#pragma once

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace h3::test {

/// Stores what Set-Cookie fields say, and writes Cookie fields, as a browser over TLS: Secure cookies are sent.
///
/// Lifetime: none of its own; texts are copied. Threads: one owner. Source: RFC 6265 5.2 to 5.4.
class CookieJar {
 public:
  static constexpr std::size_t kMaxCookies = 200;  ///< beyond it one is dropped

  /// A Set-Cookie field's value, of a response to `path` of `host` at the time `now`. One without a name, or for another
  /// domain, is ignored; one that has expired deletes.
  void store(std::string_view field, std::string_view host, std::string_view path, std::time_t now);
  void set(std::string_view name, std::string_view value);
  void clear() { cookies_.clear(); }

  /// Of that name, the one with the longest path.
  std::optional<std::string_view> find(std::string_view name) const;
  /// The value of the Cookie field for a request to `path`: "a=1; b=2", longer paths first; "" for none.
  std::string fieldFor(std::string_view path, std::time_t now);

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string path = "/";
    std::optional<std::time_t> expires;
  };

  void insert(Cookie cookie);
  void dropExpired(std::time_t now);

  std::vector<Cookie> cookies_;  ///< longer paths first, then in the order stored
};

}  // namespace h3::test
