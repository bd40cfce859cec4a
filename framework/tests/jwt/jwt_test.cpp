// jwt.cpp and jwt_keys.cpp.
#include "h3http/jwt.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "http/base64.hpp"
#include "jwt/jwt_keys.hpp"

using namespace h3::test;
using h3::JwtError;

namespace {

using Key = std::unique_ptr<cjose_jwk_t, h3::jwt::ReleaseJose>;

std::int64_t jwtTime = 1'300'819'000;  // of the examples in RFC 7515 A

// RFC 7515 A.1.
const std::string kHmacKey =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";
const std::string kHmacToken =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

h3::JwtOptions jwtOptions(std::string keys, std::vector<std::string> algorithms) {
  h3::JwtOptions options;
  options.keys = std::move(keys);
  options.algorithms = std::move(algorithms);
  options.nowSeconds = [] { return jwtTime; };
  return options;
}

std::string publicJson(const Key& key) {
  cjose_err error{};
  char* const json = cjose_jwk_to_json(key.get(), false, &error);
  REQUIRE(json != nullptr);
  std::string text = json;
  std::free(json);
  return text;
}

std::string signedBy(const Key& key, const char* algorithm, const std::string& claims,
                     const char* extraName = nullptr, const char* extraValue = nullptr) {
  cjose_err error{};
  cjose_header_t* const header = cjose_header_new(&error);
  cjose_header_set(header, CJOSE_HDR_ALG, algorithm, &error);
  const bool isList = extraValue != nullptr && *extraValue == '[';
  if (extraName != nullptr)
    REQUIRE((isList ? cjose_header_set_raw : cjose_header_set)(header, extraName, extraValue, &error));
  const std::unique_ptr<cjose_jws_t, h3::jwt::ReleaseJose> token(cjose_jws_sign(
      key.get(), header, reinterpret_cast<const std::uint8_t*>(claims.data()), claims.size(), &error));
  cjose_header_release(header);
  REQUIRE(token);
  const char* text = nullptr;
  REQUIRE(cjose_jws_export(token.get(), &text, &error));
  return text;
}

const Key& rsaKey() {
  cjose_err error{};
  static const std::uint8_t exponent[] = {1, 0, 1};
  static const Key key(cjose_jwk_create_RSA_random(2048, exponent, sizeof exponent, &error));
  return key;
}

const Key& ecKey() {
  cjose_err error{};
  static const Key key(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  return key;
}

JwtError errorOf(const h3::JwtVerifier& verifier, std::string_view token) {
  h3::Arena arena;
  const h3::JwtResult result = verifier.verify(token, arena);
  CHECK(result.claims.empty() == !result);
  return result.error;
}

// What becomes of a good signature over these claims.
JwtError errorOfClaims(const std::string& claims, h3::JwtOptions options) {
  return errorOf(h3::JwtVerifier(std::move(options)), signedBy(ecKey(), "ES256", claims));
}

}  // namespace

TEST_CASE("the example of RFC 7515 A.1, until it expires") {
  const h3::JwtVerifier verifier(jwtOptions(kHmacKey, {"HS256"}));
  h3::Arena arena;
  const h3::JwtResult result = verifier.verify(kHmacToken, arena);
  CHECK(result);
  CHECK(result.claims.starts_with("{\"iss\":\"joe\""));
  CHECK(result.subject.empty());
  jwtTime = 1'300'819'380 + 29;
  CHECK((errorOf(verifier, kHmacToken) == JwtError::none));
  jwtTime += 1;
  CHECK((errorOf(verifier, kHmacToken) == JwtError::expired));
  jwtTime = 1'300'819'000;
}

TEST_CASE("a change of any byte is noticed") {
  const h3::JwtVerifier verifier(jwtOptions(kHmacKey, {"HS256"}));
  for (std::size_t i = 0; i < kHmacToken.size(); ++i) {
    std::string changed = kHmacToken;
    changed[i] = changed[i] == 'A' ? 'Q' : 'A';
    if (i + 1 == kHmacToken.size()) continue;  // two of its bits are no part of the signature
    CAPTURE(i);
    CHECK((errorOf(verifier, changed) != JwtError::none));
    CHECK((errorOf(verifier, std::string_view(kHmacToken).substr(0, i)) != JwtError::none));
  }
  for (const std::string& text : {std::string(), std::string("."), std::string(".."), std::string("..."),
                                  std::string("a.b.c"), std::string(8193, 'A'), kHmacToken + ".x"})
    CHECK((errorOf(verifier, text) == JwtError::malformed));
}

TEST_CASE("signatures of RSA and elliptic curves") {
  const std::string claims = R"({"sub":"ada","exp":1300819380})";
  const h3::JwtVerifier rsa(jwtOptions(publicJson(rsaKey()), {"RS256", "PS256"}));
  const h3::JwtVerifier ec(jwtOptions(publicJson(ecKey()), {"ES256"}));
  h3::Arena arena;
  CHECK(rsa.verify(signedBy(rsaKey(), "RS256", claims), arena).subject == "ada");
  CHECK(rsa.verify(signedBy(rsaKey(), "PS256", claims), arena).subject == "ada");
  CHECK((errorOf(rsa, signedBy(rsaKey(), "RS512", claims)) == JwtError::algorithm));
  CHECK(ec.verify(signedBy(ecKey(), "ES256", claims), arena).subject == "ada");
  CHECK((errorOf(ec, signedBy(rsaKey(), "RS256", claims)) == JwtError::algorithm));
  cjose_err error{};
  const Key other(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  CHECK((errorOf(ec, signedBy(other, "ES256", claims)) == JwtError::signature));
}

TEST_CASE("a public key is never a secret, and \"none\" is no algorithm") {
  const std::string publicKey = publicJson(rsaKey());
  const std::string claims = R"({"sub":"ada","exp":1300819380})";
  cjose_err error{};
  const Key asSecret(cjose_jwk_create_oct_spec(reinterpret_cast<const std::uint8_t*>(publicKey.data()),
                                               publicKey.size(), &error));
  const h3::JwtVerifier verifier(jwtOptions(publicKey, {"RS256"}));
  CHECK((errorOf(verifier, signedBy(asSecret, "HS256", claims)) == JwtError::algorithm));
  h3::Arena arena;
  const std::string unsignedToken = std::string(h3::encodeBase64Url(R"({"alg":"none"})", arena)) + "." +
                                    std::string(h3::encodeBase64Url(claims, arena)) + ".";
  CHECK((errorOf(verifier, unsignedToken) != JwtError::none));
  CHECK_THROWS_AS(h3::JwtVerifier(jwtOptions(publicKey, {"HS256"})), std::invalid_argument);
  CHECK_THROWS_AS(h3::JwtVerifier(jwtOptions(publicKey, {"none"})), std::invalid_argument);
}

TEST_CASE("claims: times, issuer and audience") {
  const auto check = [](const std::string& claims, JwtError expected, auto change) {
    h3::JwtOptions options = jwtOptions(publicJson(ecKey()), {"ES256"});
    change(options);
    CAPTURE(claims);
    CHECK(h3::nameOf(errorOfClaims(claims, options)) == h3::nameOf(expected));
  };
  const auto asIs = [](h3::JwtOptions&) {};
  const auto named = [](h3::JwtOptions& options) {
    options.issuer = "https://issuer.example";
    options.audience = "api";
  };
  check("{}", JwtError::claims, asIs);
  check("{}", JwtError::none, [](h3::JwtOptions& options) { options.requireExpiry = false; });
  check("[]", JwtError::claims, asIs);
  check("not json", JwtError::claims, asIs);
  check(R"({"exp":"1300819380"})", JwtError::claims, asIs);
  check(R"({"exp":null})", JwtError::claims, asIs);
  check(R"({"exp":1300818970})", JwtError::expired, asIs);
  check(R"({"exp":1300818970.5})", JwtError::none, asIs);
  check(R"({"exp":-1})", JwtError::expired, asIs);
  check(R"({"exp":1300819380,"nbf":1300819030})", JwtError::none, asIs);
  check(R"({"exp":1300819380,"nbf":1300819031})", JwtError::notYetValid, asIs);
  check(R"({"exp":1300819380,"nbf":true})", JwtError::claims, asIs);
  check(R"({"exp":1300819380,"aud":"api"})", JwtError::audience, asIs);
  check(R"({"exp":1300819380,"iss":"https://issuer.example","aud":"api"})", JwtError::none, named);
  check(R"({"exp":1300819380,"iss":"https://issuer.example","aud":["x","api"]})", JwtError::none, named);
  check(R"({"exp":1300819380,"iss":"https://issuer.example","aud":["x"]})", JwtError::audience, named);
  check(R"({"exp":1300819380,"iss":"https://issuer.example"})", JwtError::audience, named);
  check(R"({"exp":1300819380,"iss":"https://issuer.example/","aud":"api"})", JwtError::issuer, named);
  check(R"({"exp":1300819380,"aud":"api"})", JwtError::issuer, named);
}

TEST_CASE("sets of keys, by id") {
  cjose_err error{};
  const Key old(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  cjose_jwk_set_kid(old.get(), "old", 3, &error);
  const Key current(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  cjose_jwk_set_kid(current.get(), "new", 3, &error);
  const std::string set = "{\"keys\":[" + publicJson(old) + "," + publicJson(current) + "]}";
  const h3::JwtVerifier verifier(jwtOptions(set, {"ES256"}));
  const std::string claims = R"({"exp":1300819380})";
  CHECK((errorOf(verifier, signedBy(current, "ES256", claims, "kid", "new")) == JwtError::none));
  CHECK((errorOf(verifier, signedBy(current, "ES256", claims, "kid", "old")) == JwtError::signature));
  CHECK((errorOf(verifier, signedBy(current, "ES256", claims, "kid", "third")) == JwtError::unknownKey));
  CHECK((errorOf(verifier, signedBy(current, "ES256", claims)) == JwtError::none));
  CHECK((errorOf(verifier, signedBy(current, "ES256", claims, "crit", "[\"exp\"]")) == JwtError::malformed));
}

TEST_CASE("as a guard: the handler sees who it is") {
  h3::App app;
  app.useFast(h3::bearerAuth(h3::jwtTokens(jwtOptions(publicJson(ecKey()), {"ES256"}))));
  app.get("/", [](h3::Event& event) {
    event.sendText(std::string(*event.getContext(h3::kAuthUserKey)) +
                   std::string(*event.getContext(h3::kJwtClaimsKey)));
  });
  LocalWorker worker(app);
  const std::string claims = R"({"sub":"ada","exp":1300819380})";
  const std::string good = signedBy(ecKey(), "ES256", claims);
  CHECK(worker.run(requestText("GET", "/", "Authorization: Bearer " + good + "\r\n")).responseBody() ==
        "ada" + claims);
  CHECK(worker.run(requestText("GET", "/", "Authorization: Bearer " + good.substr(1) + "\r\n")).status() ==
        401);
}

TEST_CASE("keys and options that cannot be used are refused, and the message has the fix") {
  const auto says = [](h3::JwtOptions options, std::string_view expected) {
    std::string problem;
    try {
      const h3::JwtVerifier verifier(std::move(options));
    } catch (const std::invalid_argument& refused) {
      problem = refused.what();
    }
    CAPTURE(problem);
    CHECK(problem.find(expected) != std::string::npos);
  };
  says(jwtOptions("", {"HS256"}), "no JSON object");
  says(jwtOptions("{}", {"HS256"}), "key 1 has kty \"\"");
  says(jwtOptions(R"({"keys":[]})", {"HS256"}), "1 to 32 keys");
  says(jwtOptions(R"({"kty":"OKP"})", {"HS256"}), "expected RSA, EC or oct");
  says(jwtOptions(R"({"kty":"oct","k":"c2hvcnQ"})", {"HS256"}), "below 32 bytes");
  says(jwtOptions(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", {"RS256"}), "below 2048 bits");
  says(jwtOptions(R"({"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"})", {"ES256"}), "cannot be imported");
  says(jwtOptions(R"({"kty":"RSA","use":"enc","n":"AQAB"})", {"RS256"}), "no key is for signatures");
  says(jwtOptions(kHmacKey, {}), "no algorithms");
  says(jwtOptions(kHmacKey, {"HS255"}), "expected RS, PS, ES or HS");
  says(jwtOptions(kHmacKey, {"HS256", "RS256"}), "beside others");
  h3::JwtOptions options = jwtOptions(kHmacKey, {"HS256"});
  options.leewaySeconds = 601;
  says(options, "expected 0 to 600");
}
