#include "security/xaes_gcm.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <thread>

#include "hex.hpp"

using namespace h3::test;
using h3::security::XaesGcm;

namespace {

const std::string kNonce = "ABCDEFGHIJKLMNOPQRSTUVWX";

XaesGcm::Nonce nonceOf(const std::string& text) {
  return XaesGcm::Nonce(reinterpret_cast<const std::uint8_t*>(text.data()), XaesGcm::kNonceBytes);
}

XaesGcm cipherOf(int keyByte) {
  std::array<std::uint8_t, XaesGcm::kKeyBytes> key;
  key.fill(static_cast<std::uint8_t>(keyByte));
  return XaesGcm(key);
}

// Ciphertext, then tag.
std::string sealedBy(const XaesGcm& cipher, const std::string& nonce, std::string_view known,
                     std::string text) {
  std::array<char, XaesGcm::kTagBytes> tag;
  cipher.seal(nonceOf(nonce), known, {text.data(), text.size()}, tag.data());
  return text + std::string(tag.data(), tag.size());
}

bool opens(const XaesGcm& cipher, const std::string& nonce, std::string_view known, std::string sealed,
           std::string* text = nullptr) {
  const std::size_t bytes = sealed.size() - XaesGcm::kTagBytes;
  const bool opened = cipher.open(nonceOf(nonce), known, {sealed.data(), bytes}, sealed.data() + bytes);
  if (text != nullptr) *text = sealed.substr(0, bytes);
  return opened;
}

}  // namespace

// The first has the high bit of its doubled block clear, the second set.
TEST_CASE("the vectors of C2SP XAES-256-GCM") {
  CHECK(toHex(sealedBy(cipherOf(1), kNonce, "", "XAES-256-GCM")) ==
        "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
  CHECK(toHex(sealedBy(cipherOf(3), kNonce, "c2sp.org/XAES-256-GCM", "XAES-256-GCM")) ==
        "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
}

TEST_CASE("what was sealed opens, and nothing else") {
  const XaesGcm cipher = cipherOf(7);
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(15, 'b'), std::string(1000, 'c')}) {
    const std::string sealed = sealedBy(cipher, kNonce, "known", text);
    std::string opened;
    CHECK(opens(cipher, kNonce, "known", sealed, &opened));
    CHECK(opened == text);
    CHECK_FALSE(opens(cipherOf(8), kNonce, "known", sealed));
    CHECK_FALSE(opens(cipher, kNonce, "Known", sealed));
    CHECK_FALSE(opens(cipher, kNonce, "", sealed));
    for (std::size_t i = 0; i < kNonce.size(); ++i) {
      std::string nonce = kNonce;
      nonce[i] ^= 1;
      CHECK_FALSE(opens(cipher, nonce, "known", sealed));
    }
  }
}

TEST_CASE("what does not open is wiped") {
  const XaesGcm cipher = cipherOf(7);
  std::string sealed = sealedBy(cipher, kNonce, "", "a secret of some length");
  sealed.back() ^= 1;
  std::string left;
  CHECK_FALSE(opens(cipher, kNonce, "", sealed, &left));
  CHECK(left == repeated(left.size(), 0));
  CHECK(opens(cipher, kNonce, "", sealedBy(cipher, kNonce, "", "after a failure")));
}

TEST_CASE("threads have contexts of their own") {
  const XaesGcm cipher = cipherOf(9);
  const auto work = [&cipher](char letter, int& good) {
    for (int i = 0; i < 200; ++i)
      good += opens(cipher, kNonce, "k", sealedBy(cipher, kNonce, "k", std::string(50, letter))) ? 1 : 0;
  };
  int first = 0;
  int second = 0;
  std::thread other(work, 'a', std::ref(first));
  work('b', second);
  other.join();
  CHECK(first == 200);
  CHECK(second == 200);
}
