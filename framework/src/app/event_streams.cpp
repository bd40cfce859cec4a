#include "app/event_streams.hpp"

#include <stdexcept>

#include "h3http/error.hpp"

namespace h3 {

void EventStreams::waitFor(Awaited awaited, Resumption resumption) {
  if (awaited_ != Awaited::nothing)
    throw std::logic_error("an event's stream is already awaited: await one readSome() or write() at a time");
  awaited_ = awaited;
  resumption_ = std::move(resumption);
}

std::string_view EventStreams::takePiece() {
  if (failure_ != 0) throw HttpError(failure_);
  return std::exchange(piece_, {});
}

void EventStreams::resume() {
  awaited_ = Awaited::nothing;
  resumption_();
}

}  // namespace h3
