#include "h3http/stored_form.hpp"

#include <memory>
#include <type_traits>
#include <utility>

#include "app/event_state.hpp"
#include "h3http/blocking.hpp"
#include "h3http/error.hpp"
#include "h3http/stream.hpp"
#include "request/form_storage.hpp"

namespace h3 {
namespace {

// As an argument of a coroutine it may be a temporary, see SafeTemporaryWork.
static_assert(std::is_trivially_copyable_v<StoredFormOptions>);

std::string_view boundaryOf(const Event& event) {
  const auto contentType = EventState::of(event).head.headers.findOnly("Content-Type");
  const auto boundary = contentType ? multipartBoundary(*contentType) : std::nullopt;
  if (!boundary) throw HttpError(415, "expected a body of type multipart/form-data, with a boundary");
  return *boundary;
}

}  // namespace

boost::asio::awaitable<StoredForm> receiveForm(Event& event, StoredFormOptions options) {
  FormStorage storage(boundaryOf(event), options);
  const auto write = [&storage] { storage.write(); };
  for (;;) {
    const std::string_view piece = co_await event.readSome();
    if (piece.empty()) break;
    storage.push(piece);
    if (storage.mustWrite()) co_await blocking(event, write);
  }
  storage.finish();
  if (storage.hasUnwritten()) co_await blocking(event, write);
  co_return storage.take();
}

void receiveForm(Event& event, const StoredFormOptions& options, std::function<void(StoredForm)> done) {
  auto storage = std::make_shared<FormStorage>(boundaryOf(event), options);
  receiveBody(event, [storage = std::move(storage), done = std::move(done)](std::string_view piece) {
    if (!piece.empty()) {
      storage->push(piece);
      if (storage->mustWrite()) storage->write();
      return;
    }
    storage->finish();
    storage->write();
    done(storage->take());
  });
}

}  // namespace h3
