#include "trigger/amounts.hpp"

#include "trigger/varied_step.hpp"

namespace leakgate {

void measure(TriggerInference& result, const TriggerTable& table, const TriggerExperiment& e,
             std::uint64_t events) {
  result.evidence = &e;
  result.events = events;
  const auto& course = table.course(e);
  if (events == 0) return;
  result.blocksPerEvent = static_cast<double>(course.blockRise()) / static_cast<double>(events);
  result.bytesPerEvent = static_cast<double>(course.byteRise()) / static_cast<double>(events);
  result.exact = table.isExact(e, e.work);
}

void measureSteps(TriggerInference& result, const TriggerTable& table,
                  const std::vector<std::size_t>& growing) {
  const TriggerExperiment& subject = *result.subject;
  std::vector<const TriggerExperiment*> steps;
  bool differ = false, exact = true;
  for (const std::size_t k : growing) {
    const auto* alone = table.find(k, Variation::none);
    steps.push_back(alone);
    differ = differ || table.unitsDiffer(*alone, subject) || table.bytesDiffer(*alone, subject);
    exact = exact && table.isExact(*alone, alone->work);
  }
  measure(result, table, subject, subject.requests);
  if (!differ && exact) return;
  result.events = 0;
  std::int64_t blocks = 0, bytes = 0;
  for (const auto* alone : steps) {
    result.events += alone->requests;
    blocks += table.course(*alone).blockRise();
    bytes += table.course(*alone).byteRise();
  }
  result.blocksPerEvent = static_cast<double>(blocks) / static_cast<double>(result.events);
  result.bytesPerEvent = static_cast<double>(bytes) / static_cast<double>(result.events);
  result.exact = exact;
  if (differ) result.amounts = std::move(steps);
}

void addBodySize(TriggerInference& result, const TriggerTable& table) {
  const TriggerExperiment& subject = *result.subject;
  const auto* longer = table.find(subject.step, Variation::longerBody);
  if (longer == nullptr || longer->requests == 0 || subject.requests == 0 || table.falls(*longer)) return;
  const auto bytes = [&](const TriggerExperiment& e) {
    return static_cast<double>(table.course(e).byteRise()) / static_cast<double>(e.requests);
  };
  const double perByte = (bytes(*longer) - bytes(subject)) / static_cast<double>(kLongerBodyBytes);
  if (perByte > kNothingShare) result.bytesPerBodyByte = perByte;
}

}  // namespace leakgate
