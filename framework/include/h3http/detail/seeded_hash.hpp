#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

namespace h3 {

/// A hash of bytes under a secret key, for tables whose keys are chosen by clients.
///
/// Each 16 bytes go through one 64 x 64 -> 128 bit multiplication whose operands are hidden by random keys,
/// so collisions cannot be prepared without knowing them. Not for cryptography. Why not SipHash-1-3: a
/// 24-byte path costs it about four times as much, and the cached lookup is the hot path. Threads: immutable,
/// shared freely.
class SeededHash {
 public:
  /// Keys from the system's random source.
  SeededHash();
  /// Fixed keys: for tests, and for tables whose keys clients cannot choose.
  explicit constexpr SeededHash(std::uint64_t seed) noexcept {
    for (std::uint64_t& key : keys_) key = nextKey(seed);
  }

  /// `salt` distinguishes equal texts in different roles, such as one path under two methods.
  std::uint64_t operator()(std::string_view text, std::uint64_t salt = 0) const noexcept {
    const char* p = text.data();
    std::size_t left = text.size();
    std::uint64_t state = keys_[0] ^ salt;
    for (; left > 16; p += 16, left -= 16) state = fold(load64(p) ^ keys_[1], load64(p + 8) ^ state);
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    loadUpTo16(p, left, low, high);
    state = fold(low ^ keys_[1], high ^ state);
    return fold(state ^ keys_[2], text.size() ^ keys_[3]);
  }

  /// The two words of a text of up to 16 bytes; with the length they tell it apart from any other.
  static void loadUpTo16(const char* p, std::size_t length, std::uint64_t& low,
                         std::uint64_t& high) noexcept {
    if (length >= 8) {
      low = load64(p);
      high = load64(p + length - 8);
    } else if (length >= 4) {
      low = load32(p);
      high = load32(p + length - 4);
    } else if (length > 0) {
      low = byte(p[0]) | byte(p[length / 2]) << 8 | byte(p[length - 1]) << 16;
      high = 0;
    } else {
      low = high = 0;
    }
  }

  /// High and low half of the product, folded together.
  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

 private:
  // splitmix64, so that near seeds give unrelated keys.
  static constexpr std::uint64_t nextKey(std::uint64_t& seed) noexcept {
    seed += 0x9E3779B97F4A7C15;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  static std::uint64_t byte(char c) noexcept { return static_cast<unsigned char>(c); }
  static std::uint64_t load64(const char* p) noexcept {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    return word;
  }
  static std::uint64_t load32(const char* p) noexcept {
    std::uint32_t word;
    std::memcpy(&word, p, sizeof word);
    return word;
  }

  std::uint64_t keys_[4] = {};
};

}  // namespace h3
