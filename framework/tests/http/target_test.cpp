#include "http/target.hpp"

#include <doctest/doctest.h>

#include <string>

#include "h3http/detail/uri_bytes.hpp"

using h3::Method;
using h3::parseTarget;
using h3::TargetError;
using h3::TargetForm;
using h3::TargetSyntax;

TEST_CASE("targets that are right") {
  struct Row {
    Method method;
    const char* text;
    TargetForm form;
    const char* path;
    const char* query;
    bool hasQuery;
    const char* authority;
  };
  const Row rows[] = {
      {Method::get, "/", TargetForm::origin, "/", "", false, ""},
      {Method::get, "/?", TargetForm::origin, "/", "", true, ""},
      {Method::get, "/a/b?x=1&y=/?:@", TargetForm::origin, "/a/b", "x=1&y=/?:@", true, ""},
      {Method::get, "//etc", TargetForm::origin, "//etc", "", false, ""},
      {Method::get, "/%7Epetef/%e2%82%ac", TargetForm::origin, "/%7Epetef/%e2%82%ac", "", false, ""},
      {Method::get, "/-._~!$&'()*+,;=:@", TargetForm::origin, "/-._~!$&'()*+,;=:@", "", false, ""},
      {Method::get, "/files/logstash/logstash-1.1.0-monolithic.jar", TargetForm::origin,
       "/files/logstash/logstash-1.1.0-monolithic.jar", "", false, ""},
      {Method::get, "/projects/xdotool/xdotool.xhtml?a=%22", TargetForm::origin,
       "/projects/xdotool/xdotool.xhtml", "a=%22", true, ""},
      {Method::get, "/http://a.example/", TargetForm::origin, "/http://a.example/", "", false, ""},
      {Method::get, "http://a.example", TargetForm::absolute, "/", "", false, "a.example"},
      {Method::get, "http://a.example?q", TargetForm::absolute, "/", "q", true, "a.example"},
      {Method::get, "HTTPS://a.example:8443/x?y", TargetForm::absolute, "/x", "y", true, "a.example:8443"},
      {Method::get, "http://[::1]:80/", TargetForm::absolute, "/", "", false, "[::1]:80"},
      {Method::options, "http://a.example", TargetForm::absolute, "*", "", false, "a.example"},
      {Method::options, "http://a.example?", TargetForm::absolute, "/", "", true, "a.example"},
      {Method::options, "*", TargetForm::asterisk, "*", "", false, ""},
      {Method::options, "/*", TargetForm::origin, "/*", "", false, ""},
      {Method::connect, "a.example:443", TargetForm::authority, "", "", false, "a.example:443"},
      {Method::connect, "[2001:db8::1]:443", TargetForm::authority, "", "", false, "[2001:db8::1]:443"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto target = parseTarget(row.method, row.text);
    REQUIRE(target.has_value());
    CHECK((target->form == row.form));
    CHECK(target->path == row.path);
    CHECK(target->query == row.query);
    CHECK(target->hasQuery == row.hasQuery);
    CHECK(target->authority == row.authority);
  }
}

TEST_CASE("targets that are refused") {
  struct Row {
    Method method;
    const char* text;
    TargetError error;
  };
  const Row rows[] = {
      {Method::get, "", TargetError::empty},
      {Method::get, "*", TargetError::wrongForm},
      {Method::options, "**", TargetError::wrongForm},
      {Method::get, "a", TargetError::wrongForm},
      {Method::get, "a.example:443", TargetError::wrongForm},
      {Method::get, "http:/a", TargetError::wrongForm},
      {Method::get, "?q", TargetError::wrongForm},
      {Method::get, "ftp://a.example/", TargetError::badScheme},
      {Method::get, "http://", TargetError::badAuthority},
      {Method::get, "http:///path", TargetError::badAuthority},
      {Method::get, "http://user@a.example/", TargetError::badAuthority},
      {Method::get, "http://a.example:99999/", TargetError::badAuthority},
      {Method::get, "http://a b/", TargetError::badAuthority},
      {Method::get, "http://a.example#x", TargetError::fragment},
      {Method::get, "/a#b", TargetError::fragment},
      {Method::get, "/a?b#c", TargetError::fragment},
      {Method::get, "/%", TargetError::badEscape},
      {Method::get, "/%4", TargetError::badEscape},
      {Method::get, "/%4g", TargetError::badEscape},
      {Method::get, "/%g4", TargetError::badEscape},
      {Method::get, "/a?%", TargetError::badEscape},
      {Method::get, "/a?b=%zz", TargetError::badEscape},
      {Method::connect, "/", TargetError::badAuthority},
      {Method::connect, "a.example", TargetError::wrongForm},
      {Method::connect, "a.example:", TargetError::wrongForm},
      {Method::connect, "[::1]", TargetError::wrongForm},
      {Method::connect, "user@a.example:443", TargetError::badAuthority},
      {Method::connect, "http://a.example:443", TargetError::badAuthority},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto target = parseTarget(row.method, row.text);
    REQUIRE(target.has_error());
    CHECK((target.error() == row.error));
    CHECK_FALSE(toString(target.error()).empty());
  }
}

TEST_CASE("every byte, in the path and in the query") {
  const std::string_view unreservedAndMore =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const char c = static_cast<char>(byte);
    const bool plain = unreservedAndMore.find(c) != std::string_view::npos;
    const std::string path = std::string("/a") + c + "b";
    const std::string query = std::string("/?a") + c + "b";
    const bool browserPath = std::string_view("[]|").find(c) != std::string_view::npos;
    const bool browserQuery = std::string_view("[]|^{}\\`").find(c) != std::string_view::npos;
    CHECK(parseTarget(Method::get, path).has_value() == (plain || c == '?'));
    CHECK(parseTarget(Method::get, query).has_value() == (plain || c == '?'));
    const auto browser = TargetSyntax::browser;
    CHECK(parseTarget(Method::get, path, browser).has_value() == (plain || c == '?' || browserPath));
    CHECK(parseTarget(Method::get, query, browser).has_value() == (plain || c == '?' || browserQuery));
  }
}

TEST_CASE("a byte that a path may not hold is found at each place, whatever the length") {
  int wrong = 0;
  for (std::size_t length = 1; length < 14; ++length) {
    for (std::size_t place = 1; place < length; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string path(length, 'x');  // no hex digit: no escape
        path[0] = '/';
        path[place] = static_cast<char>(byte);
        const bool allowed = byte == '?' || h3::UriBytes::is(path[place], h3::UriBytes::kPath);
        wrong += h3::parseTarget(h3::Method::get, path).has_value() != allowed;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a path is looked at again only if it may have another spelling") {
  const struct {
    const char* text;
    bool expected;
  } rows[] = {
      {"/", false},
      {"/a/b-c_d~e", false},
      {"/file.tar.gz", false},
      {"/a..b", false},
      {"/.", true},
      {"/a/..", true},
      {"/.well-known", true},
      {"/abcdefg/.h", true},
      {"/%41", true},
      {"/abcdef%41", true},
      {"/a|", true},
      {"/a?%41/../[]", false},
      {"//a", false},
      {"/a./b", false},
      {"/v1.0/x", false},
      {"/abc/./d", true},
      {"http://a.b/c", false},
      {"http://a.b/.c", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(parseTarget(Method::get, row.text, TargetSyntax::browser)->mayNeedCanonicalForm == row.expected);
  }
}
