// auth.cpp and secret_list.cpp.
#include "h3http/auth.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "openssl_allocations.hpp"

using namespace h3::test;

namespace {

const std::string kToken = "a-token-of-sufficient-length_0123456789~+/==";

h3::App guardedBy(h3::FastMiddleware guard, int* handled = nullptr) {
  h3::App app;
  app.useFast(std::move(guard));
  app.get("/", [handled](h3::Event& event) {
    if (handled != nullptr) ++*handled;
    event.sendText(event.getContext(h3::kAuthUserKey).value_or("(none)"));
  });
  return app;
}

std::string authorization(std::string_view credentials) {
  return std::string("Authorization: ").append(credentials).append("\r\n");
}

std::string challengeOf(const h3::Event& event) {
  return std::string(event.responseHeader("WWW-Authenticate").value_or(""));
}

}  // namespace

TEST_CASE("Basic: good credentials pass, everything else is challenged") {
  int handled = 0;
  h3::App app = guardedBy(
      h3::basicAuth(h3::basicUsers({{"Aladdin", "open sesame"}, {"test", "123\xC2\xA3"}, {"a", "b:c"}}),
                    "the cave"),
      &handled);
  LocalWorker worker(app);
  // The examples of RFC 7617 2 and 2.1.
  CHECK(worker.run(requestText("GET", "/", authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")))
            .responseBody() == "Aladdin");
  CHECK(worker.run(requestText("GET", "/", authorization("basic  dGVzdDoxMjPCow=="))).responseBody() ==
        "test");
  CHECK(worker.run(requestText("GET", "/", authorization("BASIC YTpiOmM="))).responseBody() == "a");
  CHECK(handled == 3);
  const std::string bad[] = {
      "",
      authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtRQ=="),  // another password
      authorization("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="),  // "aladdin"
      authorization("Basic QWxhZGRpbg=="),                  // no colon
      authorization("Basic QWxhZGRpbjo="),                  // no password
      authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ"),    // no padding
      authorization("Basic ?"),
      authorization("Basic"),
      authorization("Basic "),
      authorization("BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
      authorization("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
      authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") + authorization("Basic YTpiOmM="),
      authorization("Basic YTpiOmM=") + authorization("Basic YTpiOmM="),
      authorization("Basic " + std::string(8'188, 'Q')),
      authorization("Basic " + std::string(8'192, 'Q')),
  };
  for (const std::string& fields : bad) {
    CAPTURE(fields);
    h3::Event& event = worker.run(requestText("GET", "/", fields));
    CHECK(event.status() == 401);
    CHECK(challengeOf(event) == "Basic realm=\"the cave\", charset=\"UTF-8\"");
    CHECK(event.responseBody() == "Unauthorized");
  }
  CHECK(handled == 3);
}

TEST_CASE("Basic: a control byte never reaches the function") {
  h3::App app = guardedBy(h3::basicAuth([](h3::Event&, std::string_view, std::string_view) { return true; }));
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/", authorization("Basic YTpi"))).status() == 200);      // a:b
  CHECK(worker.run(requestText("GET", "/", authorization("Basic YQo6Yg=="))).status() == 401);  // a\n:b
  CHECK(worker.run(requestText("GET", "/", authorization("Basic YTpiAA=="))).status() == 401);  // a:b\0
}

TEST_CASE("Bearer: what each kind of request gets (RFC 6750 3.1)") {
  h3::App app = guardedBy(h3::bearerAuth(h3::bearerTokens({"another-token-of-16+", kToken}), "api"));
  LocalWorker worker(app);
  const struct {
    std::string fields;
    int status;
    const char* challenge;
  } rows[] = {
      {authorization("Bearer " + kToken), 200, ""},
      {authorization("bearer " + kToken), 200, ""},
      {authorization("Bearer another-token-of-16+"), 200, ""},
      {"", 401, "Bearer realm=\"api\""},
      {authorization("Basic YTpi"), 401, "Bearer realm=\"api\""},
      {authorization("Bearer " + kToken.substr(1)), 401, "Bearer realm=\"api\", error=\"invalid_token\""},
      {authorization("Bearer " + kToken + "="), 401, "Bearer realm=\"api\", error=\"invalid_token\""},
      {authorization("Bearer two words"), 400, "Bearer realm=\"api\", error=\"invalid_request\""},
      {authorization("Bearer ==="), 400, "Bearer realm=\"api\", error=\"invalid_request\""},
      {authorization("Bearer a=b"), 400, "Bearer realm=\"api\", error=\"invalid_request\""},
      {authorization("Bearer " + kToken) + authorization("Bearer " + kToken), 400,
       "Bearer realm=\"api\", error=\"invalid_request\""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fields);
    h3::Event& event = worker.run(requestText("GET", "/", row.fields));
    CHECK(event.status() == row.status);
    CHECK(challengeOf(event) == row.challenge);
  }
}

TEST_CASE("a change of any byte of a token is noticed") {
  const h3::VerifyToken verify = h3::bearerTokens({kToken});
  h3::App app = guardedBy(h3::bearerAuth(verify));
  LocalWorker worker(app);
  h3::Event& event = worker.run(requestText("GET", "/"));
  CHECK(verify(event, kToken));
  for (std::size_t i = 0; i < kToken.size(); ++i) {
    std::string changed = kToken;
    changed[i] ^= 1;
    CHECK_FALSE(verify(event, changed));
    CHECK_FALSE(verify(event, std::string_view(kToken).substr(0, i)));
  }
}

TEST_CASE("a name and a password are not taken together") {
  const h3::VerifyPassword verify = h3::basicUsers({{"ab", "c"}});
  h3::App app = guardedBy(h3::basicAuth(verify));
  LocalWorker worker(app);
  h3::Event& event = worker.run(requestText("GET", "/"));
  CHECK(verify(event, "ab", "c"));
  CHECK_FALSE(verify(event, "a", "bc"));
  CHECK_FALSE(verify(event, "abc", ""));
}

TEST_CASE("secrets are equal or not") {
  CHECK(h3::equalSecrets("", ""));
  CHECK(h3::equalSecrets("secret", "secret"));
  CHECK_FALSE(h3::equalSecrets("secret", "Secret"));
  CHECK_FALSE(h3::equalSecrets("secret", "secrets"));
}

TEST_CASE("warm checks allocate nothing, refusals neither") {
  h3::App basic = guardedBy(h3::basicAuth(h3::basicUsers({{"Aladdin", "open sesame"}})));
  h3::App bearer = guardedBy(h3::bearerAuth(h3::bearerTokens({kToken})));
  for (h3::App* app : {&basic, &bearer}) {
    LocalWorker worker(*app);
    for (const std::string& fields :
         {authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), authorization("Bearer " + kToken),
          authorization("Bearer wrong"), std::string()}) {
      const std::string request = requestText("GET", "/", fields);
      for (int i = 0; i < 3; ++i) worker.run(request);
      const std::size_t before = opensslAllocations();
      const AllocationCounter counter;
      for (int i = 0; i < 10; ++i) worker.run(request);
      CHECK(counter.count() == 0);
      CHECK(opensslAllocations() == before);
    }
  }
}

TEST_CASE("guards that cannot work are refused at construction") {
  CHECK_THROWS_AS(h3::basicAuth({}), std::invalid_argument);
  CHECK_THROWS_AS(h3::bearerAuth({}), std::invalid_argument);
  CHECK_THROWS_AS(h3::basicAuth(h3::basicUsers({{"a", "b"}}), "a \"realm\""), std::invalid_argument);
  CHECK_THROWS_AS(h3::bearerAuth(h3::bearerTokens({kToken}), "a\r\nb"), std::invalid_argument);
  CHECK_THROWS_AS(h3::basicUsers({}), std::invalid_argument);
  CHECK_THROWS_AS(h3::basicUsers({{"a:b", "c"}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::basicUsers({{"", "c"}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::basicUsers({{"a", ""}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::bearerTokens({}), std::invalid_argument);
  CHECK_THROWS_AS(h3::bearerTokens({"15 bytes long.."}), std::invalid_argument);
}
