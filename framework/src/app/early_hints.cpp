#include "h3http/early_hints.hpp"

#include <memory_resource>
#include <stdexcept>
#include <string>

#include "app/event_state.hpp"
#include "http/uri_reference.hpp"
#include "protocol/response_writer.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxLinks = 16;
constexpr std::size_t kMaxLinkBytes = 8 * 1024;

}  // namespace

void sendEarlyHints(Event& event, std::initializer_list<std::string_view> links) {
  EventState& state = EventState::of(event);
  if (state.responseBegun()) throw std::logic_error("sendEarlyHints() after the response has been started");
  if (links.size() > kMaxLinks) throw std::length_error("sendEarlyHints: more than 16 links");
  std::pmr::string text("HTTP/1.1 103 Early Hints\r\n", &state.arena.resource());
  const std::size_t start = text.size();
  for (const std::string_view link : links) {
    protocol::checkFieldValue("Link", link);
    text.append("Link: ").append(encodeLink(link, state.arena)).append("\r\n");
    if (text.size() - start > kMaxLinkBytes)
      throw std::length_error("sendEarlyHints: more than 8 KiB of links");
  }
  text.append("\r\n");
  if (links.size() == 0 || event.minorVersion() == 0 || state.disconnected || state.host == nullptr) return;
  state.host->onInterim(event, text);
}

}  // namespace h3
