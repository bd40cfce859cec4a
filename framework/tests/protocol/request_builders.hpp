// How the corpus spells its requests.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "request_corpus.hpp"

namespace h3::test {

inline constexpr std::size_t kTargetBytes = 256;
inline constexpr std::size_t kHeaderBytes = 1024;
inline constexpr std::size_t kHeaderCount = 8;
inline constexpr std::size_t kBodyBytes = 1000;

inline std::string line(const std::string& requestLine) { return requestLine + "\r\nHost: a\r\n\r\n"; }
inline std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
inline std::string target(const std::string& text) { return line("GET " + text + " HTTP/1.1"); }
inline std::string host(const std::string& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; }
inline std::string post(const std::string& fields, const std::string& body = "") {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
inline std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }
inline std::string length(const std::string& value) {
  return post("Content-Length: " + value + "\r\n", "hello");
}
inline std::string repeat(const std::string& text, std::size_t times) {
  std::string result;
  while (times-- != 0) result += text;
  return result;
}
// A request whose field lines, CRLFs included, have exactly this many bytes.
inline std::string withHeaderBytes(std::size_t bytes) {
  const std::string first = "Host: a\r\nLong: ";
  return "GET / HTTP/1.1\r\n" + first + std::string(bytes - first.size() - 2, 'x') + "\r\n\r\n";
}

/// The parts one after another.
template <class Case>
std::vector<Case> joined(std::initializer_list<std::vector<Case>> parts) {
  std::vector<Case> all;
  for (const std::vector<Case>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace h3::test
