#include "h3http/static_files.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <ctime>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/event_state.hpp"
#include "h3http/negotiation.hpp"
#include "http/mime.hpp"
#include "http/percent.hpp"
#include "http/status.hpp"
#include "protocol/response_writer.hpp"
#include "static_files/beneath_root.hpp"
#include "static_files/file_response.hpp"
#include "static_files/file_version.hpp"
#include "static_files/static_path.hpp"

namespace h3 {
namespace {

// Without an exception: clients choose how often this happens, and an exception costs heap.
void sendStatus(Event& event, int status) {
  event.setStatus(status).sendView(reasonPhrase(status), "text/plain; charset=utf-8");
}

std::string_view joined(Arena& arena, std::initializer_list<std::string_view> parts) {
  std::size_t bytes = 0;
  for (const std::string_view part : parts) bytes += part.size();
  const std::span<char> text = arena.allocateChars(bytes);
  auto out = text.begin();
  for (const std::string_view part : parts) out = std::copy(part.begin(), part.end(), out);
  return {text.data(), text.size()};
}

/// One root with its options. Threads: any; immutable.
class StaticSite {
 public:
  explicit StaticSite(StaticOptions options) : options_(checked(std::move(options))), root_(options_.root) {}

  void respond(Event& event) const;

 private:
  static StaticOptions checked(StaticOptions options);
  std::string_view rawPath(const Event& event) const;
  void respondWithDirectory(Event& event, std::string_view name) const;
  void respondWithFile(Event& event, std::string_view name, OpenedFile file) const;
  std::string_view takeVariant(Event& event, std::string_view name, OpenedFile& file) const;
  bool openVariant(std::string_view name, std::string_view extension, OpenedFile& file) const;

  StaticOptions options_;
  BeneathRoot root_;
};

StaticOptions StaticSite::checked(StaticOptions options) {
  const std::string& index = options.indexFile;
  if (index.empty() || index.front() == '.' || index.find('/') != std::string::npos)
    throw std::invalid_argument("serveStatic: indexFile \"" + index +
                                "\", expected a file name without '/' or leading dot");
  protocol::checkResponseField("Cache-Control", options.cacheControl);
  return options;
}

void StaticSite::respond(Event& event) const {
  if (event.method() != Method::get && event.method() != Method::head) {
    event.setHeader("Allow", "GET, HEAD");
    return sendStatus(event, 405);
  }
  // No client sends them (RFC 3986 5.2.4), so this is a search for a way out of the root.
  if (EventState::of(event).target.hadDotSegments) return sendStatus(event, 404);
  const auto path = staticPath(rawPath(event), event.arena());
  if (!path) return sendStatus(event, 404);
  const bool slashed = event.path().ends_with('/');
  const std::string_view name = slashed ? joined(event.arena(), {*path, options_.indexFile}) : *path;
  std::optional<OpenedFile> file = root_.open(name);
  if (!file) return sendStatus(event, 404);
  if (file->isDirectory) return respondWithDirectory(event, name);
  respondWithFile(event, name, std::move(*file));
}

// The parameter as sent: Event::getParam would decode it, and an encoded slash would look like a slash.
std::string_view StaticSite::rawPath(const Event& event) const {
  const auto path = EventState::of(event).routeParams.find(options_.param);
  if (!path) throw std::logic_error("serveStatic: the route's pattern does not end in **:" + options_.param);
  return *path;
}

// Without the slash, relative links in the index would be wrong.
void StaticSite::respondWithDirectory(Event& event, std::string_view name) const {
  const std::string_view slash = name.empty() ? "" : "/";
  const std::optional<OpenedFile> index =
      root_.open(joined(event.arena(), {name, slash, options_.indexFile}));
  if (event.path().ends_with('/') || !index || index->isDirectory) return sendStatus(event, 404);
  const std::string_view mark = event.query().empty() ? "" : "?";
  event.redirect(joined(event.arena(), {event.path(), "/", mark, encodeQuery(event.query(), event.arena())}),
                 301);
}

// The coding of the variant that is now in `file`, "" for the file itself.
std::string_view StaticSite::takeVariant(Event& event, std::string_view name, OpenedFile& file) const {
  if (!options_.precompressed) return {};
  varyBy(event, "Accept-Encoding");
  const auto preferred = acceptsEncoding(event, {"br", "gzip", "identity"});
  if (preferred == "br") {
    if (openVariant(name, ".br", file)) return "br";
    if (acceptsEncoding(event, {"gzip", "identity"}) == "gzip" && openVariant(name, ".gz", file))
      return "gzip";
  } else if (preferred == "gzip") {
    if (openVariant(name, ".gz", file)) return "gzip";
    if (acceptsEncoding(event, {"br", "identity"}) == "br" && openVariant(name, ".br", file)) return "br";
  }
  return {};
}

// Returns whether there is one that is not older than the file.
bool StaticSite::openVariant(std::string_view name, std::string_view extension, OpenedFile& file) const {
  std::array<char, PATH_MAX> path;
  if (name.size() + extension.size() > path.size()) return false;
  auto end = std::copy(name.begin(), name.end(), path.begin());
  end = std::copy(extension.begin(), extension.end(), end);
  std::optional<OpenedFile> variant = root_.open({path.data(), static_cast<std::size_t>(end - path.begin())});
  if (!variant || variant->isDirectory || variant->modified.tv_sec < file.modified.tv_sec) return false;
  file = std::move(*variant);
  return true;
}

void StaticSite::respondWithFile(Event& event, std::string_view name, OpenedFile file) const {
  const std::string_view coding = takeVariant(event, name, file);
  const FileVersion version(file.size, file.modified, std::time(nullptr), coding);
  const FileVersion::Precondition precondition = version.evaluate(event);
  if (precondition == FileVersion::Precondition::failed) return sendStatus(event, 412);
  version.describe(event);
  if (!options_.cacheControl.empty()) event.setHeader("Cache-Control", options_.cacheControl);
  if (precondition == FileVersion::Precondition::notModified) return event.sendNothing(304);
  sendFile(event, std::move(file), version, mimeTypeForPath(name));
  if (!coding.empty() && event.status() != 416) event.setHeader("Content-Encoding", coding);
}

}  // namespace

Handler serveStatic(StaticOptions options) {
  // Shared, because an App copies its handlers when it is frozen.
  auto site = std::make_shared<const StaticSite>(std::move(options));
  return [site = std::move(site)](Event& event) { site->respond(event); };
}

}  // namespace h3
