// What must be taken: the other side of each rule and limit.
#include "request_builders.hpp"

namespace h3::test {
namespace {

std::vector<GoodRequest> goodHeads() {
  return {
      {"plain", get(""), "GET", "/", "", true},
      {"one empty line before", "\r\n" + get(""), "GET", "/", "", true},
      {"HTTP/1.2", line("GET / HTTP/1.2"), "GET", "/", "", true},
      {"HTTP/1.9, close", "GET / HTTP/1.9\r\nHost: a\r\nConnection: close\r\n\r\n", "GET", "/", "", false},
      {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "GET", "/", "", false},
      {"HTTP/1.0, keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET", "/", "", true},
      {"HTTP/1.0, Proxy-Connection", "GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n", "GET", "/", "",
       false},
      {"HTTP/1.0, both", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", "GET", "/", "", false},
      {"close", get("Connection: close\r\n"), "GET", "/", "", false},
      {"close in a list, other case", get("connection: foo, CLOSE\r\n"), "GET", "/", "", false},
      {"close on the second line", get("Connection: x\r\nConnection: y, close\r\n"), "GET", "/", "", false},
      {"close and keep-alive", get("Connection: keep-alive\r\nConnection: close\r\n"), "GET", "/", "", false},
      {"upgrade that is not accepted", get("Connection: Upgrade\r\nUpgrade: h2c\r\n"), "GET", "/", "", true},
      {"HEAD", line("HEAD /h HTTP/1.1"), "HEAD", "/h", "", true},
      {"TRACE", line("TRACE /t HTTP/1.1"), "TRACE", "/t", "", true},
      {"OPTIONS of the server", line("OPTIONS * HTTP/1.1"), "OPTIONS", "*", "", true},
      {"absolute form", target("http://a/x"), "GET", "/x", "", true},
      {"absolute form with the default port", target("http://A:80/x"), "GET", "/x", "", true},
      {"absolute form of another host", target("http://b/"), "GET", "/", "", true},
      {"absolute form of another port", target("http://a:8080/"), "GET", "/", "", true},
      {"absolute form of another host", target("http://b:8080/x"), "GET", "/x", "", true},
      {"absolute form without a path", target("http://a"), "GET", "/", "", true},
      {"absolute form, HTTP/1.0", "GET http://b/ HTTP/1.0\r\n\r\n", "GET", "/", "", false},
      {"escapes and a query", target("/%7Ea%2fb?c=%20&?/"), "GET", "/%7Ea%2fb", "", true},
      {"what browsers leave in a path", target("/a[0]|b?c"), "GET", "/a[0]|b", "", true},
      {"what browsers leave in a query", target("/?a[]={x|y}^`\\"), "GET", "/", "", true},
      {"two slashes", target("//etc"), "GET", "//etc", "", true},
      {"longest target", target("/" + std::string(kTargetBytes - 1, 'x')), "GET",
       "/" + std::string(kTargetBytes - 1, 'x'), "", true},
      {"most field bytes", withHeaderBytes(kHeaderBytes), "GET", "/", "", true},
      {"most fields", get(repeat("A: b\r\n", kHeaderCount - 1)), "GET", "/", "", true},
      {"tabs and spaces around a value", get("A: \t b\tc \t\r\n"), "GET", "/", "", true},
      {"empty value", get("A:\r\nB:  \r\n"), "GET", "/", "", true},
      {"bytes over 0x7f in a value", get("A: \xc3\xa4\x80\r\n"), "GET", "/", "", true},
      {"every token byte in a name", get("!#$%&'*+-.^_`|~09azAZ: x\r\n"), "GET", "/", "", true},
      {"Host with a port", host("Host: a.example:8080\r\n"), "GET", "/", "", true},
      {"Host of IPv6", host("hOST:[::1]:80\r\n"), "GET", "/", "", true},
      {"expectation without a body", get("Expect: 100-continue\r\n"), "GET", "/", "", true},
  };
}

std::vector<GoodRequest> goodBodies() {
  const std::string full(kBodyBytes, 'x');
  const std::string trailers =
      "Host: b\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\nAuthorization: x\r\nConnection: close\r\n";
  return {
      {"length", length("5"), "POST", "/p", "hello", true},
      {"length with zeros in front", length("0005"), "POST", "/p", "hello", true},
      {"length of zero", post("Content-Length: 0\r\n"), "POST", "/p", "", true},
      {"no length", post(""), "POST", "/p", "", true},
      {"body of GET", get("Content-Length: 2\r\n") + "hi", "GET", "/", "hi", true},
      {"body that looks like a request",
       post("Content-Length: " + std::to_string(kSmuggled.size()) + "\r\n", kSmuggled), "POST", "/p",
       kSmuggled, true},
      {"longest body", post("Content-Length: 1000\r\n", full), "POST", "/p", full, true},
      {"body of HTTP/1.0", "POST /p HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", "POST", "/p", "hi", false},
      {"expectation in a list", post("Expect: , 100-continue\r\nContent-Length: 5\r\n", "hello"), "POST",
       "/p", "hello", true},
      {"expectation with a body", post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"), "POST",
       "/p", "hello", true},
      {"expectation with chunks",
       post("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n"), "POST", "/p",
       "x", true},
      {"expectation of HTTP/1.0", "POST /p HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
       "POST", "/p", "hi", false},
      {"chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "POST", "/p", "abcde", true},
      {"no chunks", chunked("0\r\n\r\n"), "POST", "/p", "", true},
      {"CHUNKED", post("Transfer-Encoding: CHUNKED\r\n", "1\r\nx\r\n0\r\n\r\n"), "POST", "/p", "x", true},
      {"chunk sizes of any digits", chunked("A\r\n0123456789\r\n0000000000000001\r\nx\r\n000\r\n\r\n"),
       "POST", "/p", "0123456789x", true},
      {"chunk extensions", chunked("1;a;b=c;d=\"e \\\" f;\t\xff\"\r\nx\r\n0;last\r\n\r\n"), "POST", "/p", "x",
       true},
      {"chunk extensions of 8 KiB", chunked("1;" + std::string(8191, 'a') + "\r\nx\r\n0\r\n\r\n"), "POST",
       "/p", "x", true},
      {"trailers", chunked("1\r\nx\r\n0\r\n" + trailers + "\r\n"), "POST", "/p", "x", true},
      {"most trailers", chunked("0\r\n" + repeat("A: b\r\n", 100) + "\r\n"), "POST", "/p", "", true},
      {"longest chunk", chunked("3e8\r\n" + full + "\r\n0\r\n\r\n"), "POST", "/p", full, true},
      {"longest body in chunks", chunked(repeat("64\r\n" + full.substr(0, 100) + "\r\n", 10) + "0\r\n\r\n"),
       "POST", "/p", full, true},
      {"chunk that holds a request", chunked("23\r\n" + kSmuggled + "\r\n0\r\n\r\n"), "POST", "/p", kSmuggled,
       true},
  };
}

}  // namespace

protocol::Limits corpusLimits() {
  protocol::Limits limits;
  limits.targetBytes = kTargetBytes;
  limits.headerBytes = kHeaderBytes;
  limits.headerCount = kHeaderCount;
  limits.bodyBytes = kBodyBytes;
  return limits;
}

const std::vector<GoodRequest>& goodRequests() {
  static const std::vector<GoodRequest> all = joined({goodHeads(), goodBodies()});
  return all;
}

}  // namespace h3::test
