#include "security/sha256.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "hex.hpp"

using namespace h3::test;
using namespace h3::security;

TEST_CASE("SHA-256: FIPS 180-4 examples, in any cut") {
  CHECK(toHex(sha256({"abc"})) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(toHex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256({"a", "", "bc"}) == sha256({"abc"}));
}

TEST_CASE("HMAC-SHA-256: the vectors of RFC 4231") {
  const struct {
    std::string key, data, mac;
  } rows[] = {
      {repeated(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {repeated(20, 0xaa), repeated(50, 0xdd),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {repeated(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.data);
    const HmacSha256 hmac(bytesOf(row.key));
    CHECK(toHex(hmac.mac({row.data})) == row.mac);
    CHECK(toHex(hmac.mac({row.data.substr(0, 3), row.data.substr(3)})) ==
          row.mac);  // and the key's state is kept
  }
}

TEST_CASE("HKDF-SHA-256: the vectors of RFC 5869 A") {
  std::string salt;
  std::string info;
  for (int i = 0; i < 13; ++i) salt.push_back(static_cast<char>(i));
  for (int i = 0; i < 10; ++i) info.push_back(static_cast<char>(0xf0 + i));
  std::array<std::uint8_t, 42> out;
  hkdfSha256(repeated(22, 0x0b), salt, info, out);
  CHECK(toHex(out) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  hkdfSha256(repeated(22, 0x0b), "", "", out);
  CHECK(toHex(out) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("equal in constant time") {
  CHECK(equalInConstantTime("", ""));
  CHECK(equalInConstantTime("secret", "secret"));
  CHECK_FALSE(equalInConstantTime("secret", "secreT"));
  CHECK_FALSE(equalInConstantTime("secret", "Secret"));
  CHECK_FALSE(equalInConstantTime("secret", "secrets"));
  CHECK_FALSE(equalInConstantTime("", "s"));
}
