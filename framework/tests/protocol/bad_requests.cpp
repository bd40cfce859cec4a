// What must be refused, and with which status.
#include "request_builders.hpp"

namespace h3::test {
namespace {

using namespace std::string_literals;

std::vector<BadRequest> framingCases() {
  const std::string cl = "Content-Length: 5\r\n";
  const std::string te = "Transfer-Encoding: ";
  const std::string one = "5\r\nhello\r\n0\r\n\r\n";
  return {
      {"length, then chunked", post(cl + te + "chunked\r\n", one), 400},
      {"chunked, then length", post(te + "chunked\r\n" + cl, one), 400},
      {"length, then gzip", post(cl + te + "gzip\r\n", "hello"), 400},
      {"gzip, then length", post(te + "gzip\r\n" + cl, "hello"), 400},
      {"gzip, chunked, then length", post(te + "gzip, chunked\r\n" + cl, one), 400},
      {"unknown coding, then length", post(te + "xyz\r\n" + cl, "hello"), 400},
      {"coding not ending in chunked", post(te + "gzip\r\n", kSmuggled), 400},
      {"chunked not last", post(te + "chunked, gzip\r\n", one), 400},
      {"chunked not last, two lines", post(te + "chunked\r\n" + te + "gzip\r\n", one), 400},
      {"identity", post(te + "identity\r\n", one), 400},
      {"empty coding", post(te + "\r\n", one), 400},
      {"coding with a parameter", post(te + "chunked;q=1\r\n", one), 400},
      {"quoted coding", post(te + "\"chunked\"\r\n", one), 400},
      {"coding with a trailing dot", post(te + "chunked.\r\n", one), 400},
      {"comma before the coding", post(te + ", chunked\r\n", one), 400},
      {"comma behind the coding", post(te + "chunked,\r\n", one), 400},
      {"an empty line of codings first", post(te + "\r\n" + te + "chunked\r\n", one), 400},
      {"known coding before chunked", post(te + "gzip, chunked\r\n", one), 501},
      {"unknown coding before chunked", post(te + "xyz,chunked\r\n", one), 501},
      {"unknown coding, two lines", post(te + "xyz\r\n" + te + "chunked\r\n", one), 501},
      {"chunked twice", post(te + "chunked, chunked\r\n", one), 400},
      {"chunked twice, two lines", post(te + "chunked\r\n" + te + "chunked\r\n", one), 400},
      {"chunked on HTTP/1.0", "POST /p HTTP/1.0\r\nHost: a\r\n" + te + "chunked\r\n\r\n" + one, 400},
      {"lengths in conflict", post(cl + "Content-Length: 6\r\n", "hello!"), 400},
      {"length repeated", post(cl + cl, "hello"), 400},
      {"length repeated in another case", post(cl + "content-length: 5\r\n", "hello"), 400},
      {"space before the colon of a length", post("Content-Length : 5\r\n", "hello"), 400},
      {"space before the colon of a coding", post("Transfer-Encoding : chunked\r\n", one), 400},
  };
}

std::vector<BadRequest> lengthCases() {
  std::vector<BadRequest> cases;
  for (const char* value :
       {"+5", "-1", "0x5", "5_0", "", "1e3", "5, 5", "5,6", "5,", ",5", "5 5", "5.0", "5;a", "five",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999"})
    cases.push_back({"length \""s + value + '"', length(value), 400});
  return cases;
}

std::vector<BadRequest> chunkCases() {
  std::vector<BadRequest> cases;
  for (const std::string size : {"",
                                 "+1",
                                 "-1",
                                 "0x1",
                                 "1_0",
                                 " 1",
                                 "\t1",
                                 "1 ",
                                 "1\t",
                                 "g",
                                 "1.",
                                 "00000000000000001",
                                 "10000000000000000",
                                 ";a",
                                 "1;",
                                 "1;;a",
                                 "1;=b",
                                 "1;a=",
                                 "1; a",
                                 "1;a ",
                                 "1 ;a",
                                 "1;a =b",
                                 "1;a=b c",
                                 "1;a=\"b",
                                 "1;a=\"b\"c",
                                 "1;a=\x01",
                                 "1;\xff"})
    cases.push_back({"chunk size \"" + size + '"', chunked(size + "\r\nx\r\n0\r\n\r\n"), 400});
  const std::vector<BadRequest> more = {
      {"chunk size ended by LF", chunked("1\nx\r\n0\r\n\r\n"), 400},
      {"chunk size ended by CR", chunked("1\rx\r\n0\r\n\r\n"), 400},
      {"chunk extension ended by LF", chunked("1;a\nx\r\n0\r\n\r\n"), 400},
      {"bare LF in a quoted chunk extension", chunked("1;a=\"\n\"\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk without its CRLF", chunked("1\r\nx0\r\n\r\n"), 400},
      {"chunk ended by LF", chunked("1\r\nx\n0\r\n\r\n"), 400},
      {"chunk longer than its size", chunked("1\r\nxy\r\n0\r\n\r\n"), 400},
      {"last chunk ended by LF", chunked("0\n\r\n"), 400},
      {"end of the body by LF", chunked("0\r\n\n"), 400},
      {"end of the body by CR and more", chunked("0\r\n\rX"), 400},
      {"chunk extension over 8 KiB", chunked("1;" + std::string(8192, 'a') + "\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk extensions over 8 KiB together",
       chunked(repeat("1;" + std::string(1023, 'a') + "\r\nx\r\n", 9)), 400},
      {"trailer without a colon", chunked("0\r\nTrailer\r\n\r\n"), 400},
      {"trailer with a space before the colon", chunked("0\r\nA : b\r\n\r\n"), 400},
      {"folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n"), 400},
      {"trailer with an empty name", chunked("0\r\n: b\r\n\r\n"), 400},
      {"trailer ended by LF", chunked("0\r\nA: b\n\r\n"), 400},
      {"NUL in a trailer", chunked("0\r\nA: \0\r\n\r\n"s), 400},
      {"too many trailers", chunked("0\r\n" + repeat("A: b\r\n", 101) + "\r\n"), 400},
      {"chunk over the body limit", chunked("3e9\r\n"), 413},
      {"chunks over the body limit together", chunked("3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"), 413},
      {"largest chunk size there is", chunked("ffffffffffffffff\r\n"), 413},
  };
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

std::vector<BadRequest> fieldCases() {
  return {
      {"folded field", get("A: b\r\n c\r\n"), 400},
      {"field folded by a tab", get("A: b\r\n\tc\r\n"), 400},
      {"folded coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400},
      {"space before the colon", get("A : b\r\n"), 400},
      {"tab before the colon", get("A\t: b\r\n"), 400},
      {"white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"white space on the empty line", "GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n", 400},
      {"bare CR in a value", get("A: b\rc\r\n"), 400},
      {"CR before CRLF", get("A: b\r\r\n"), 400},
      {"bare LF in a value", get("A: b\nB: c\r\n"), 400},
      {"bare LF ends the head", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF ends the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"NUL in a value", get("A: b\0c\r\n"s), 400},
      {"NUL in a name", get("A\0: b\r\n"s), 400},
      {"DEL in a value", get("A: \x7f\r\n"), 400},
      {"control byte in a value", get("A: \x01\r\n"), 400},
      {"escape byte in a value", get("A: \x1b[31m\r\n"), 400},
      {"vertical tab before chunked", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), 400},
      {"empty name", get(": b\r\n"), 400},
      {"name with a bracket", get("(a): b\r\n"), 400},
      {"name with an at sign", get("a@b: c\r\n"), 400},
      {"name with a space", get("a b: c\r\n"), 400},
      {"name with a byte over 0x7f", get("\xc3\xa4: c\r\n"), 400},
      {"field without a colon", get("nonsense\r\n"), 400},
      {"expectations, one of them unknown",
       post("Expect: 100-continue, nonsense\r\nContent-Length: 5\r\n", "hello"), 417},
      {"expectations on two lines, one of them unknown",
       post("Expect: 100-continue\r\nExpect: nonsense\r\nContent-Length: 5\r\n", "hello"), 417},
      {"unknown expectation", post("Expect: nonsense\r\nContent-Length: 5\r\n", "hello"), 417},
  };
}

std::vector<BadRequest> hostCases() {
  std::vector<BadRequest> cases = {
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"no Host but another field", host("A: b\r\n"), 400},
      {"two Hosts", host("Host: a\r\nHost: b\r\n"), 400},
      {"the same Host twice", host("Host: a\r\nhost: a\r\n"), 400},
      {"two Hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"absolute form with two Hosts", "GET http://b/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"absolute form with a bad Host", "GET http://b/ HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"absolute form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400},
  };
  for (const char* value : {"", "a b", "a/b", "u@a", "a:99999", "a:x", "a:1:2", "[::1", "[::g]", "::1", "a?b",
                            "a#b", "a\\b", "a%zz", "\"a\"", "\xc3\xa4"})
    cases.push_back({"Host \""s + value + '"', host("Host: "s + value + "\r\n"), 400});
  return cases;
}

std::vector<BadRequest> requestLineCases() {
  return {
      {"two spaces before the target", line("GET  / HTTP/1.1"), 400},
      {"two spaces before the version", line("GET /  HTTP/1.1"), 400},
      {"two spaces before a version that we do not speak", line("GET /  HTTP/2.0"), 400},
      {"tab before the target", line("GET\t/ HTTP/1.1"), 400},
      {"tab before the version", line("GET /\tHTTP/1.1"), 400},
      {"space behind the version", line("GET / HTTP/1.1 "), 400},
      {"white space before the method", line(" GET / HTTP/1.1"), 400},
      {"tab before the method", line("\tGET / HTTP/1.1"), 400},
      {"no method", line("/ HTTP/1.1"), 400},
      {"method is no token", line("G(T / HTTP/1.1"), 400},
      {"NUL in the method", line("G\0T / HTTP/1.1"s), 400},
      {"no version", line("GET /"), 400},
      {"HTTP/0.9", "GET /\r\n", 400},
      {"HTTP/0.9 spelled out", line("GET / HTTP/0.9"), 400},
      {"HTTP/1.2 without Host", "GET / HTTP/1.2\r\n\r\n", 400},
      {"space in the target of HTTP/1.2", line("GET /a b HTTP/1.2"), 400},
      {"HTTP/3.1", line("GET / HTTP/3.1"), 505},
      {"HTTP/2.0", line("GET / HTTP/2.0"), 505},
      {"HTTP/9.9", line("GET / HTTP/9.9"), 505},
      {"HTTP/2.0 and a bad field", "GET / HTTP/2.0\r\nHost : a\r\n\r\n", 505},
      {"HTTP/2.0 and a bad byte behind it", "GET / HTTP/2.0\r\nA: b\n\r\n", 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"version in small letters", line("GET / http/1.1"), 400},
      {"version cut short", line("GET / HTTP/1"), 400},
      {"version cut very short", line("GET / H"), 400},
      {"version with two digits", line("GET / HTTP/1.10"), 400},
      {"version with a sign", line("GET / HTTP/+1.1"), 400},
      {"version of another protocol", line("GET / ICY/1.1"), 400},
      {"two empty lines before", "\r\n\r\n" + line("GET / HTTP/1.1"), 400},
      {"LF before", "\n" + line("GET / HTTP/1.1"), 400},
      {"CR before", "\r" + line("GET / HTTP/1.1"), 400},
      {"unknown method", line("BREW / HTTP/1.1"), 501},
      {"method in small letters", line("get / HTTP/1.1"), 501},
      {"CONNECT", line("CONNECT a:80 HTTP/1.1"), 501},
      {"CONNECT without a port", line("CONNECT a HTTP/1.1"), 400},
      {"CONNECT with a path", line("CONNECT / HTTP/1.1"), 400},
      {"bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01"s, 400},
  };
}

std::vector<BadRequest> targetCases() {
  std::vector<BadRequest> cases = {
      {"asterisk without OPTIONS", target("*"), 400},
      {"relative target", target("a/b"), 400},
      {"absolute form of another scheme", target("ftp://a/"), 400},
      {"absolute form without a host", target("http:///x"), 400},
      {"absolute form with user information", target("http://u:p@a/"), 400},
      {"NUL in the target", target("/\0"s), 400},
      {"space in the target", target("/a b"), 400},
  };
  for (const std::string text :
       {"/\x80", "/\xc3\xa4", "/<",  "/>",   "/\"",    "/a#b",   "/%",         "/%4",   "/%zz",  "/%0",
        "/a%",   "/\\",       "/^",  "/{",   "/}",     "/`",     "/?\x80",     "/?%g0", "/?a#b", "/\x7f",
        "/\x01", "/?<",       "/?>", "/?\"", "/?\x7f", "/?\x1f", "/?\xc3\xa4", "/[%",   "/?{%4"})
    cases.push_back({"target \"" + text + '"', target(text), 400});
  return cases;
}

std::vector<BadRequest> limitCases() {
  return {
      {"target one byte too long", target("/" + std::string(kTargetBytes, 'x')), 414},
      {"target without an end", "GET /" + std::string(kTargetBytes + 100, 'x'), 414},
      {"request line without an end", std::string(kTargetBytes + 100, 'G'), 414},
      {"fields one byte too long", withHeaderBytes(kHeaderBytes + 1), 431},
      {"field without an end", "GET / HTTP/1.1\r\nA: " + std::string(kHeaderBytes + 100, 'x'), 431},
      {"bad byte behind the limit", "GET / HTTP/1.1\r\nA: " + std::string(kHeaderBytes + 100, 'x') + "\r\r\n",
       431},
      {"one field too many", get(repeat("A: b\r\n", kHeaderCount)), 431},
      {"length one byte over the limit", post("Content-Length: 1001\r\n"), 413},
      {"largest length there is", post("Content-Length: 9223372036854775807\r\n"), 413},
      {"length over the limit with an expectation", post("Content-Length: 1001\r\nExpect: 100-continue\r\n"),
       413},
  };
}

}  // namespace

const std::vector<BadRequest>& badRequests() {
  static const std::vector<BadRequest> all =
      joined({framingCases(), lengthCases(), chunkCases(), fieldCases(), hostCases(), requestLineCases(),
              targetCases(), limitCases()});
  return all;
}

}  // namespace h3::test
