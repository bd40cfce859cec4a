// sealer.cpp, signer.cpp and seal_keys.cpp: both kinds of values keep the same promises.
#include "h3http/sealer.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "openssl_allocations.hpp"

using namespace h3::test;
using h3::SealError;

namespace {

const std::string kSecret = "one secret of thirty-two bytes..";
const std::string kOther = "another secret of forty-two bytes, say 42.";
std::int64_t theTime = 1'800'000'000;

h3::SealOptions optionsWith(std::vector<std::string> secrets, std::string purpose = "test") {
  return {.secrets = std::move(secrets), .purpose = std::move(purpose), .maxBytes = 100, .now = [] {
            return theTime;
          }};
}

// The two kinds under one name each.
struct Sealed {
  h3::Sealer sealer;
  explicit Sealed(h3::SealOptions options) : sealer(std::move(options)) {}
  std::string make(std::string_view text, std::int64_t seconds = 60) {
    h3::Arena arena;
    return std::string(sealer.seal(text, seconds, arena));
  }
  h3::Opened read(std::string_view value, h3::Arena& arena) { return sealer.open(value, arena); }
};

struct Signed {
  h3::Signer signer;
  explicit Signed(h3::SealOptions options) : signer(std::move(options)) {}
  std::string make(std::string_view text, std::int64_t seconds = 60) {
    h3::Arena arena;
    return std::string(signer.sign(text, seconds, arena));
  }
  h3::Opened read(std::string_view value, h3::Arena& arena) { return signer.verify(value, arena); }
};

template <class Kind>
SealError errorOf(Kind& kind, std::string_view value) {
  h3::Arena arena;
  const h3::Opened opened = kind.read(value, arena);
  CHECK((opened.text.empty() || opened));
  return opened.error;
}

}  // namespace

TEST_CASE_TEMPLATE("what was made is read, until it expires", Kind, Sealed, Signed) {
  Kind kind(optionsWith({kSecret}));
  h3::Arena arena;
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(100, 'x'), std::string("\0\xff;", 3)}) {
    const h3::Opened opened = kind.read(kind.make(text), arena);
    CHECK(opened);
    CHECK(opened.text == text);
    CHECK(opened.expiresSeconds == theTime + 60);
    CHECK_FALSE(opened.oldKey);
  }
  const std::string value = kind.make("text");
  theTime += 59;
  CHECK((errorOf(kind, value) == SealError::none));
  theTime += 1;
  CHECK((errorOf(kind, value) == SealError::expired));
}

TEST_CASE_TEMPLATE("a change of any byte, to any other, is noticed", Kind, Sealed, Signed) {
  Kind kind(optionsWith({kSecret}));
  const std::string good = kind.make("role=guest");
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char digit : alphabet) {
      if (good[i] == digit) continue;
      std::string bad = good;
      bad[i] = digit;
      CHECK((errorOf(kind, bad) != SealError::none));
    }
  }
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK((errorOf(kind, std::string_view(good).substr(0, length)) != SealError::none));
  CHECK((errorOf(kind, good + "A") != SealError::none));
  CHECK((errorOf(kind, good + good) != SealError::none));
  CHECK((errorOf(kind, good) == SealError::none));
}

TEST_CASE_TEMPLATE("secrets are rotated", Kind, Sealed, Signed) {
  Kind before(optionsWith({kSecret}));
  Kind during(optionsWith({kOther, kSecret}));
  Kind after(optionsWith({kOther}));
  h3::Arena arena;
  const std::string old = before.make("old");
  const h3::Opened opened = during.read(old, arena);
  CHECK(opened.text == "old");
  CHECK(opened.oldKey);
  CHECK((errorOf(after, old) == SealError::unknownKey));
  CHECK_FALSE(during.read(during.make("new"), arena).oldKey);
  CHECK(after.read(during.make("new"), arena).text == "new");
  CHECK((errorOf(before, during.make("new")) == SealError::unknownKey));
}

TEST_CASE_TEMPLATE("a value of one purpose is none of another", Kind, Sealed, Signed) {
  Kind session(optionsWith({kSecret}, "session"));
  Kind reset(optionsWith({kSecret}, "reset password"));
  CHECK((errorOf(reset, session.make("user 7")) != SealError::none));
}

TEST_CASE("sealed and signed values do not pass for each other") {
  Sealed sealed(optionsWith({kSecret}));
  Signed signedKind(optionsWith({kSecret}));
  CHECK((errorOf(sealed, signedKind.make("text of the same length as others")) == SealError::malformed));
  CHECK((errorOf(signedKind, sealed.make("text of the same length as others")) == SealError::malformed));
}

TEST_CASE("sealing the same twice gives two values, which tell nothing but the length") {
  Sealed kind(optionsWith({kSecret}));
  const std::string first = kind.make("the same text");
  CHECK(first != kind.make("the same text"));
  CHECK(first.size() == h3::Sealer::sealedBytes(13));
  CHECK(first.size() == kind.make("another text.").size());
}

TEST_CASE_TEMPLATE("sizes and lifetimes, on both sides of their limits", Kind, Sealed, Signed) {
  Kind kind(optionsWith({kSecret}));
  CHECK_THROWS_AS(kind.make(std::string(101, 'x')), std::length_error);
  h3::SealOptions larger = optionsWith({kSecret});
  larger.maxBytes = 101;
  CHECK((errorOf(kind, Kind(larger).make(std::string(101, 'x'))) == SealError::malformed));
  CHECK((errorOf(kind, std::string(1'000'000, 'A')) == SealError::malformed));
  CHECK_THROWS_AS(kind.make("x", 0), std::invalid_argument);
  CHECK_THROWS_AS(kind.make("x", -1), std::invalid_argument);
  CHECK_THROWS_AS(kind.make("x", INT64_MAX), std::invalid_argument);
  CHECK_NOTHROW(kind.make("x", std::int64_t{100} * 365 * 24 * 3600));
}

TEST_CASE_TEMPLATE("options that cannot be used are refused, and the message has the fix", Kind, Sealed,
                   Signed) {
  const auto says = [](const h3::SealOptions& options, std::string_view expected) {
    std::string problem;
    try {
      Kind kind(options);
    } catch (const std::invalid_argument& refused) {
      problem = refused.what();
    }
    CAPTURE(problem);
    CHECK(problem.find(expected) != std::string::npos);
  };
  says(optionsWith({}), "openssl rand -base64 32");
  says(optionsWith({kSecret, std::string(31, 's')}), "secret 2 has 31 bytes, expected at least 32");
  says(optionsWith({kSecret, kOther, kSecret}), "given twice");
  says(optionsWith({kSecret}, ""), "no purpose");
  h3::SealOptions tooLarge = optionsWith({kSecret});
  tooLarge.maxBytes = 1024 * 1024 + 1;
  says(tooLarge, "expected 1 to 1048576");
  tooLarge.maxBytes = 0;
  says(tooLarge, "expected 1 to 1048576");
}

TEST_CASE_TEMPLATE("warm values allocate nothing, in OpenSSL neither", Kind, Sealed, Signed) {
  Kind kind(optionsWith({kOther, kSecret}));
  Kind old(optionsWith({kSecret}));
  const std::string value = kind.make("0123456789");
  const std::string oldValue = old.make("0123456789");
  h3::Arena arena;
  const auto use = [&] {
    arena.reset();
    CHECK(kind.read(value, arena));
    CHECK(kind.read(oldValue, arena).oldKey);
    CHECK((kind.read(std::string_view(value).substr(4), arena).error != SealError::none));
    if constexpr (std::is_same_v<Kind, Sealed>) {
      (void)kind.sealer.seal("0123456789", 60, arena);
    } else {
      (void)kind.signer.sign("0123456789", 60, arena);
    }
  };
  use();
  const AllocationCounter counter;
  const std::size_t before = opensslAllocations();
  for (int i = 0; i < 10; ++i) use();
  CHECK(counter.count() == 0);
  CHECK(opensslAllocations() == before);
  CHECK(before > 0);  // the counter works: OpenSSL has allocated at the start
}

TEST_CASE("errors have names") {
  CHECK(h3::nameOf(SealError::forged) == "forged");
  CHECK(h3::nameOf(SealError::unknownKey) == "unknown key");
}
