// PROXY headers, version 1 and 2: a decision once made stays, whatever follows; without memory.
//
//   1 byte: where to cut | the bytes of a connection
#include <memory>
#include <string_view>

#include "../memory/allocation_counter.hpp"
#include "fuzz_input.hpp"
#include "protocol/proxy_header.hpp"

using namespace h3::test;
using h3::protocol::ProxyHeader;

namespace {

constexpr std::size_t kMaxLineBytes = 107;

// In a block of exactly its size, so that a sanitizer sees any read beyond the end.
ProxyHeader parseAlone(std::string_view bytes) {
  const std::unique_ptr<char[]> block(new char[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), block.get());
  const AllocationCounter counter;
  const ProxyHeader header = h3::protocol::parseProxyHeader({block.get(), bytes.size()});
  FUZZ_CHECK(counter.count() == 0);
  return header;
}

bool isSame(const ProxyHeader& a, const ProxyHeader& b) {
  return a.state == b.state && a.source == b.source && a.bytes == b.bytes && a.client == b.client &&
         a.problem == b.problem;
}

void checkHeader(const ProxyHeader& header, std::string_view bytes) {
  FUZZ_CHECK((header.state == ProxyHeader::State::malformed) == !header.problem.empty());
  if (header.state == ProxyHeader::State::incomplete) {
    FUZZ_CHECK(bytes.size() < ProxyHeader::kMaxBytes);
    FUZZ_CHECK(header.bytes == 0 || header.bytes > bytes.size());
  }
  if (header.state == ProxyHeader::State::complete) {
    FUZZ_CHECK(header.bytes > 0 && header.bytes <= bytes.size());
    FUZZ_CHECK(header.bytes <= (bytes.starts_with('P') ? kMaxLineBytes : ProxyHeader::kMaxBytes));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::size_t cut = input.takeByte();
  const std::string_view bytes = input.rest();
  const ProxyHeader whole = parseAlone(bytes);
  checkHeader(whole, bytes);
  const auto checkPrefix = [&](std::size_t prefixBytes) {
    const ProxyHeader prefix = parseAlone(bytes.substr(0, prefixBytes));
    checkHeader(prefix, bytes.substr(0, prefixBytes));
    if (prefix.state == ProxyHeader::State::incomplete) return;
    FUZZ_CHECK(isSame(prefix, whole));
  };
  checkPrefix(std::min(cut, bytes.size()));
  checkPrefix(bytes.size() - bytes.size() * cut / 256);
  if (whole.state != ProxyHeader::State::complete) return 0;
  FUZZ_CHECK(isSame(parseAlone(bytes.substr(0, whole.bytes)), whole));
  FUZZ_CHECK(parseAlone(bytes.substr(0, whole.bytes - 1)).state == ProxyHeader::State::incomplete);
  return 0;
}
