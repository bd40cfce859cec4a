// The order of the requests, and their bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"
#include "scenario/template_text.hpp"

namespace leakgate {

/// The requests of a scenario, by running number: everything about request i is a function of (scenario, i),
/// whatever the timing. The same seed gives the same bytes.
///
/// Order: a sequence repeats the steps; a weighted mix draws by seed and i, but starts with every step once,
/// so that a warm-up has seen them all. Request i belongs to connection i mod C. Fields that a step does not
/// set are added: Host, Content-Length when there is a body, Connection: close when keep_alive is false.
/// Lifetime: independent of the scenario. Threads: const, any number. Allocates: in the constructor; render
/// functions grow `out` only when it is too small.
class RequestStream {
 public:
  /// `host` is the value of Host, "127.0.0.1:8080". The scenario must have passed checkScenario().
  RequestStream(const Scenario& scenario, std::string_view host);

  std::size_t stepOf(std::uint64_t number) const;
  unsigned connectionOf(std::uint64_t number) const { return static_cast<unsigned>(number % connections_); }
  unsigned connections() const { return connections_; }

  /// Appends the bytes to send: the whole request, or the part before the step's abort.
  void render(std::uint64_t number, std::string& out) const;

  /// The body that the response must have, for steps that compare it; size 0 and nothing for others.
  std::size_t expectedBodySize(std::uint64_t number, std::size_t step) const;
  void renderExpectedBody(std::uint64_t number, std::size_t step, std::string& out) const;

  /// How a step's request affects its connection.
  struct Traits {
    bool isHead = false;  ///< the response has no body
    bool closes = false;  ///< the request asks the server to close after the response
    bool leaves = false;  ///< the client leaves instead of waiting for a response, or after stallMs
    /// Not pipelined with others: it leaves, is read slowly, or is raw bytes whose end is unknown.
    bool alone = false;
    bool fresh = false;  ///< sent as the first request of a connection
    bool comparesBody = false;
    std::uint32_t stallMs = 0;
    std::uint32_t slowReadMs = 0;  ///< the response is left unread for so long
  };
  const Traits& traits(std::size_t step) const { return steps_[step].traits; }
  const Step& step(std::size_t step) const { return steps_[step].source; }
  std::size_t stepCount() const { return steps_.size(); }
  bool readsSlowly() const { return readsSlowly_; }                          ///< in any step
  bool opensFresh() const { return opensFresh_; }                            ///< in any step
  unsigned requestsPerConnection() const { return requestsPerConnection_; }  ///< 0: without a limit

 private:
  struct CompiledStep {
    Step source;
    Traits traits;
    TextTemplate head;  ///< start line and fields, without the empty line; or the raw bytes
    TextTemplate body;
    TextTemplate expectedBody;
    bool addLength = false;
  };

  CompiledStep compile(const Step& step, std::string_view host, bool keepAlive) const;
  TemplateValues valuesOf(std::uint64_t number) const;
  static std::size_t sentBytes(const Step& step, std::string_view request, std::size_t headBytes);

  std::vector<CompiledStep> steps_;
  std::vector<std::uint64_t> weightsUpTo_;  ///< cumulative, inclusive
  bool readsSlowly_ = false;
  bool opensFresh_ = false;
  unsigned connections_;
  unsigned requestsPerConnection_;
  std::uint64_t seed_;
  StepOrder order_;
};

}  // namespace leakgate
