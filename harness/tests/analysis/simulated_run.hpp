// A replay without a target: a model of a server's live blocks, driven by the steering of a real run, on a
// clock that stands still in between.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "analysis/steering.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// What one place of a server keeps alive.
class Model {
 public:
  virtual ~Model() = default;
  virtual void request() = 0;
  /// Time goes by, under load and idle.
  virtual void pass(double seconds) = 0;
  virtual std::int64_t live() const = 0;
  /// Of another place, in one block that is made larger.
  virtual std::int64_t tableBytes() const { return 0; }
};

/// The seed makes the model's chances.
using ModelOf = std::function<std::unique_ptr<Model>(std::uint64_t seed)>;

struct SimulatedLoad {
  std::uint64_t warmup = 2'000;
  std::uint64_t requests = 20'000;
  double perSecond = 20'000;  ///< how fast the machine is
  /// The runtime whose collector owns what is alive; by default it is blocks of malloc().
  std::optional<Runtime> runtime = std::nullopt;
  std::uint64_t jitterSeed = 1;  ///< of what a collection leaves besides
};

/// The record that a replay of the model would give. Every live block has 48 bytes; in a managed heap, it is
/// seven objects of 40 bytes, beside tables and compiled code.
RunRecord simulate(Model& model, const SimulatedLoad& load, const Steering& steering);

}  // namespace leakgate
