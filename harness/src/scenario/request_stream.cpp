#include "scenario/request_stream.hpp"

#include <algorithm>
#include <charconv>

namespace leakgate {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool sameIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* findHeader(const Step& step, std::string_view name) {
  for (const auto& [key, value] : step.headers) {
    if (sameIgnoringCase(key, name)) return &value;
  }
  return nullptr;
}

// RFC 9110 8.6: a request with one of these methods states the length even of an empty body.
bool methodHasBody(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

bool asksToClose(const Step& step, bool keepAlive) {
  if (const std::string* connection = findHeader(step, "connection")) {
    return sameIgnoringCase(*connection, "close") ||
           (step.version == "1.0" && !sameIgnoringCase(*connection, "keep-alive"));
  }
  return !keepAlive || step.version == "1.0";
}

std::string headText(const Step& step, std::string_view host, bool keepAlive) {
  std::string head = step.method + " " + step.path + " HTTP/" + step.version + "\r\n";
  if (findHeader(step, "host") == nullptr) head += "Host: " + std::string(host) + "\r\n";
  for (const auto& [name, value] : step.headers) head += name + ": " + value + "\r\n";
  if (!keepAlive && findHeader(step, "connection") == nullptr) head += "Connection: close\r\n";
  return head;
}

void appendLength(std::size_t bytes, std::string& out) {
  char digits[20];
  out += "Content-Length: ";
  out.append(digits, std::to_chars(digits, digits + sizeof digits, bytes).ptr);
  out += "\r\n";
}

}  // namespace

RequestStream::RequestStream(const Scenario& scenario, std::string_view host)
    : connections_(scenario.load.connections),
      requestsPerConnection_(scenario.load.requestsPerConnection),
      seed_(scenario.load.seed),
      order_(scenario.load.order) {
  std::uint64_t weight = 0;
  for (const Step& step : scenario.steps) {
    steps_.push_back(compile(step, host, step.keepAlive.value_or(scenario.load.keepAlive)));
    weightsUpTo_.push_back(weight += step.weight);
    readsSlowly_ = readsSlowly_ || step.slowReadMs != 0;
    opensFresh_ = opensFresh_ || step.newConnection;
  }
}

RequestStream::CompiledStep RequestStream::compile(const Step& step, std::string_view host,
                                                   bool keepAlive) const {
  CompiledStep compiled;
  compiled.source = step;
  compiled.traits.isHead = step.raw ? step.raw->starts_with("HEAD ") : step.method == "HEAD";
  compiled.traits.closes = !step.raw && asksToClose(step, keepAlive);
  compiled.traits.leaves = step.abort != AbortPoint::none || !step.expect;
  compiled.traits.fresh = step.newConnection;
  compiled.traits.stallMs = step.stallMs;
  compiled.traits.slowReadMs = step.slowReadMs;
  compiled.traits.alone = compiled.traits.leaves || step.raw || step.slowReadMs != 0;
  compiled.traits.comparesBody = step.expect && step.expect->body;
  if (compiled.traits.comparesBody) compiled.expectedBody = TextTemplate::compile(*step.expect->body);
  if (step.raw) {
    compiled.head = TextTemplate::compile(*step.raw);
    return compiled;
  }
  compiled.head = TextTemplate::compile(headText(step, host, keepAlive));
  compiled.body = TextTemplate::compile(step.body);
  compiled.addLength = (!step.body.empty() || methodHasBody(step.method)) &&
                       findHeader(step, "content-length") == nullptr &&
                       findHeader(step, "transfer-encoding") == nullptr;
  return compiled;
}

std::size_t RequestStream::stepOf(std::uint64_t number) const {
  if (order_ == StepOrder::sequence || number < steps_.size()) return number % steps_.size();
  const std::uint64_t drawn = mix64(seed_, number) % weightsUpTo_.back();
  const auto found = std::upper_bound(weightsUpTo_.begin(), weightsUpTo_.end(), drawn);
  return static_cast<std::size_t>(found - weightsUpTo_.begin());
}

TemplateValues RequestStream::valuesOf(std::uint64_t number) const {
  return {number, number % connections_, seed_};
}

void RequestStream::render(std::uint64_t number, std::string& out) const {
  const CompiledStep& step = steps_[stepOf(number)];
  const TemplateValues values = valuesOf(number);
  const std::size_t start = out.size();
  step.head.append(values, out);
  if (step.source.raw) return;
  if (step.addLength) appendLength(step.body.size(values), out);
  out += "\r\n";
  const std::size_t headBytes = out.size() - start;
  step.body.append(values, out);
  out.resize(start + sentBytes(step.source, std::string_view(out).substr(start), headBytes));
}

// In the middle of the headers means: after the start line, so that the server waits for the rest of a field.
std::size_t RequestStream::sentBytes(const Step& step, std::string_view request, std::size_t headBytes) {
  switch (step.abort) {
    case AbortPoint::midHeaders:
      return (request.find("\r\n") + 2 + headBytes) / 2;
    case AbortPoint::afterHeaders:
      return headBytes;
    case AbortPoint::midBody:
      return headBytes + (request.size() - headBytes) / 2;
    case AbortPoint::none:
    case AbortPoint::beforeResponse:
      break;
  }
  return request.size();
}

std::size_t RequestStream::expectedBodySize(std::uint64_t number, std::size_t step) const {
  return steps_[step].expectedBody.size(valuesOf(number));
}

void RequestStream::renderExpectedBody(std::uint64_t number, std::size_t step, std::string& out) const {
  steps_[step].expectedBody.append(valuesOf(number), out);
}

}  // namespace leakgate
