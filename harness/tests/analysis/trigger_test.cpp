// Tables of experiments in, what the growth follows out.
#include "analysis/trigger.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "analysis/trigger_plan.hpp"
#include "record_builder.hpp"
#include "scenario/load.hpp"

using namespace leakgate;

namespace {

// What a server saw of one experiment's requests.
struct Seen {
  std::string step;
  Variation variation = Variation::none;
  Step sent;  ///< after the variation
  bool ownConnection = false;
  unsigned connections = 1;
};

using BlocksPerRequest = std::function<double(const Seen&)>;

Step plain(const std::string& name) {
  Step step;
  step.name = name;
  step.path = "/" + name;
  step.expect = Expect{};
  return step;
}

Scenario scenarioOf(std::vector<Step> steps) {
  Scenario scenario;
  scenario.name = "sample";
  scenario.target.command = {"server", "{port}"};
  scenario.load.connections = 4;
  scenario.steps = std::move(steps);
  checkScenario(scenario);
  return scenario;
}

int statusOf(const Step& sent) {
  if (sent.raw) return 400;
  return sent.path == "/no-such-path-for-leakgate" || sent.path == "/missing" ? 404 : 200;
}

// Runs the plan against a server that is a function, as the trigger phase does against a real one.
class Bench {
 public:
  Bench(Scenario scenario, BlocksPerRequest leak) : scenario_(std::move(scenario)), leak_(std::move(leak)) {
    gauge_.perRequest = 1;
    for (const auto& planned : planAlone(scenario_, {})) run(planned);
    const TriggerExperiment* subject = nullptr;
    std::vector<std::size_t> steady;
    for (const auto& e : experiments_) {
      const bool grows = grew(e, 0, gauge_, 0);
      if (grows && subject == nullptr) subject = &e;
      if (!grows) steady.push_back(e.step);
    }
    if (subject == nullptr) {
      run(planMix(scenario_));
      return;
    }
    const TriggerExperiment alone = *subject;
    for (const auto& planned : planVariations(scenario_, alone, chooseWitness(scenario_, steady)))
      run(planned);
  }

  TriggerConclusion conclude(Follows mixed = Follows::request, const std::string& step = "") const {
    Finding finding;
    finding.follows = mixed;
    finding.step = step;
    return leakgate::conclude(scenario_, finding, experiments_, 0, gauge_);
  }

  const TriggerExperiment* find(const std::string& name) const {
    for (const auto& e : experiments_) {
      if (e.name == name) return &e;
    }
    return nullptr;
  }

 private:
  void run(const PlannedExperiment& planned) {
    TriggerExperiment e;
    e.name = planned.name;
    e.step = planned.step;
    e.variation = planned.variation;
    const Step& sent = planned.scenario.steps.front();
    const bool own = closesConnection(planned.scenario, sent) || sent.raw.has_value();
    const Seen seen{planned.step == kAllSteps ? "" : scenario_.steps[planned.step].name, planned.variation,
                    sent, own, planned.scenario.load.connections};
    e.concurrency = seen.connections;
    e.requests = 400;
    e.connections = own ? 400 : 0;
    if (sent.abort == AbortPoint::none || sent.stallMs != 0) e.statuses[statusOf(sent)] = 400;
    e.work = {0, 100, 200, 400};
    GrowthCourse course;
    for (const auto done : e.work) {
      course.blocks.push_back(static_cast<std::int64_t>(static_cast<double>(done) * leak_(seen)));
      course.bytes.push_back(40 * course.blocks.back());
    }
    e.growth = {course};
    experiments_.push_back(std::move(e));
  }

  Scenario scenario_;
  BlocksPerRequest leak_;
  Gauge gauge_;
  std::vector<TriggerExperiment> experiments_;
};

bool isWhole(const Seen& seen) {
  if (seen.sent.raw) return false;
  return seen.sent.abort == AbortPoint::none || seen.sent.abort == AbortPoint::beforeResponse ||
         (seen.sent.abort == AbortPoint::afterHeaders && seen.sent.body.empty());
}

Step withBody(Step step) {
  step.method = "POST";
  step.body = "0123456789";
  return step;
}

Step leaving(Step step, AbortPoint point) {
  step = withBody(step);
  step.abort = point;
  step.expect.reset();
  return step;
}

}  // namespace

TEST_CASE("per request of the steps that grow alone") {
  const Bench one(scenarioOf({plain("a"), plain("b"), plain("c")}),
                  [](const Seen& seen) { return isWhole(seen) && seen.sent.path == "/b" ? 1.0 : 0.0; });
  CHECK(one.conclude().event == "request of step b");
  CHECK(one.conclude(Follows::request, "b").agrees);
  CHECK_FALSE(one.conclude(Follows::connection).agrees);
  CHECK(one.conclude(Follows::request, "b").text ==
        "per request of step b: +1.000 blocks, +40 B (400 of them, exact); the mixed run agrees: request of "
        "step "
        "b");

  // Three steps at one site: the mixed run can only say "request".
  const Bench three(scenarioOf({plain("a"), plain("b"), plain("c"), plain("d")}), [](const Seen& seen) {
    return isWhole(seen) && seen.sent.path != "/d" && seen.sent.path.size() == 2 ? 1.0 : 0.0;
  });
  CHECK(three.conclude().event == "request of steps a, b, c");

  const Bench all(scenarioOf({plain("a"), plain("b")}),
                  [](const Seen& seen) { return isWhole(seen) ? 1.0 : 0.0; });
  CHECK(all.conclude().event == "request, whatever it asks for");
}

TEST_CASE("per connection, whether or not another step shows it") {
  Step closing = plain("closing");
  closing.headers = {{"Connection", "close"}};
  const auto perConnection = [](const Seen& seen) { return seen.ownConnection ? 1.0 : 0.0; };
  for (const auto& steps : {std::vector{plain("a"), closing}, std::vector{closing}}) {
    const Bench bench(scenarioOf(steps), perConnection);
    CHECK(toString(bench.conclude().follows) == "connection");
    CHECK(bench.conclude().event == "connection");
  }
  Scenario allClose = scenarioOf({plain("a"), plain("b")});
  allClose.load.keepAlive = false;
  CHECK(Bench(allClose, perConnection).conclude().event == "connection");
}

TEST_CASE("per HTTP/1.0 request, and not per connection that closes") {
  Step legacy = plain("legacy");
  legacy.version = "1.0";
  const auto leak = [](const Seen& seen) { return isWhole(seen) && seen.sent.version == "1.0" ? 1.0 : 0.0; };
  CHECK(Bench(scenarioOf({plain("a"), legacy}), leak).conclude().event == "HTTP/1.0 request");
  // Only on that path: the other step sent as HTTP/1.0 does not grow.
  const auto narrow = [](const Seen& seen) {
    return seen.sent.version == "1.0" && seen.sent.path == "/legacy" ? 1.0 : 0.0;
  };
  CHECK(Bench(scenarioOf({plain("a"), legacy}), narrow).conclude().event ==
        "HTTP/1.0 request of step legacy");
}

TEST_CASE("per abort, and where the client must have left") {
  const auto at = [](std::initializer_list<AbortPoint> points) {
    return [leaks = std::vector<AbortPoint>(points)](const Seen& seen) {
      return std::find(leaks.begin(), leaks.end(), seen.sent.abort) != leaks.end() && !isWhole(seen) ? 1.0
                                                                                                     : 0.0;
    };
  };
  const Scenario after =
      scenarioOf({withBody(plain("a")), leaving(plain("leave"), AbortPoint::afterHeaders)});
  const Bench bench(after, at({AbortPoint::afterHeaders, AbortPoint::midBody}));
  CHECK(toString(bench.conclude(Follows::disconnect, "leave").follows) == "disconnect");
  CHECK(bench.conclude().event == "abort after the headers");
  CHECK(bench.conclude(Follows::disconnect, "leave").agrees);
  const Scenario head = scenarioOf({withBody(plain("a")), leaving(plain("leave"), AbortPoint::midHeaders)});
  CHECK(Bench(head, at({AbortPoint::midHeaders})).conclude().event == "abort in the headers");
  CHECK(Bench(head, at({AbortPoint::midHeaders, AbortPoint::afterHeaders, AbortPoint::midBody}))
            .conclude()
            .event == "abort wherever");
}

TEST_CASE("per error answer, per malformed request, per method") {
  const auto on404 = [](const Seen& seen) { return isWhole(seen) && statusOf(seen.sent) == 404 ? 1.0 : 0.0; };
  CHECK(Bench(scenarioOf({plain("a"), plain("missing")}), on404).conclude().event == "404 answer");
  // The step that happens to be answered 404, and no other path that is.
  const auto onStep = [](const Seen& seen) {
    return isWhole(seen) && seen.sent.path == "/missing" ? 1.0 : 0.0;
  };
  CHECK(Bench(scenarioOf({plain("a"), plain("missing")}), onStep).conclude().event ==
        "request of step missing");

  Step garbage = plain("garbage");
  garbage.raw = "rubbish\r\n\r\n";
  const auto onRaw = [](const Seen& seen) { return seen.sent.raw ? 1.0 : 0.0; };
  CHECK(Bench(scenarioOf({plain("a"), garbage}), onRaw).conclude().event == "malformed request");

  Step options = plain("options");
  options.method = "OPTIONS";
  const auto onOptions = [](const Seen& seen) { return seen.sent.method == "OPTIONS" ? 1.0 : 0.0; };
  CHECK(Bench(scenarioOf({plain("a"), options}), onOptions).conclude().event == "OPTIONS request");
}

TEST_CASE("only when concurrent, with both counts") {
  const Bench bench(scenarioOf({plain("a")}),
                    [](const Seen& seen) { return isWhole(seen) && seen.connections > 1 ? 0.0925 : 0.0; });
  CHECK(bench.conclude().condition == "only when concurrent (0 in 400 alone, 37 in 400 with 4 connections)");
}

TEST_CASE("only when the client reads slowly, with both counts") {
  Step slow = plain("a");
  slow.slowReadMs = 5;
  const Bench bench(scenarioOf({plain("b"), slow}), [](const Seen& seen) {
    return seen.sent.slowReadMs != 0 && seen.sent.path == "/a" ? 1.0 : 0.0;
  });
  const auto conclusion = bench.conclude(Follows::request, "a");
  CHECK(conclusion.event == "request of step a");
  CHECK(conclusion.condition ==
        "only when the client reads slowly (0 in 400 read at once, 400 in 400 read slowly)");
  CHECK(conclusion.text.find("exact), only when the client reads slowly (0 in 400") != std::string::npos);
  REQUIRE(bench.find("a, read at once") != nullptr);
  CHECK(bench.find("b, read slowly") != nullptr);  // brought to the step that does not grow
}

TEST_CASE("more when the client reads slowly, where other clients meet it at times") {
  const Bench bench(scenarioOf({plain("a")}), [](const Seen& seen) {
    if (!isWhole(seen) || seen.sent.path != "/a") return 0.0;
    return seen.sent.slowReadMs != 0 ? 1.0 : 0.05;
  });
  CHECK(bench.conclude().condition ==
        "more when the client reads slowly (20 in 400 read at once, 400 in 400 read slowly)");
  const Bench same(scenarioOf({plain("a")}),
                   [](const Seen& seen) { return isWhole(seen) && seen.sent.path == "/a" ? 1.0 : 0.0; });
  CHECK(same.conclude().condition.empty());
  // A slow reader has a connection of its own: what follows connections says nothing of reading.
  const Bench connections(scenarioOf({plain("a")}),
                          [](const Seen& seen) { return seen.ownConnection ? 1.0 : 0.05; });
  CHECK(connections.conclude().condition.empty());
}

TEST_CASE("only when read slowly, also where no other step could refute the connections") {
  Step slow = plain("a");
  slow.slowReadMs = 5;
  const Bench bench(scenarioOf({slow}),
                    [](const Seen& seen) { return seen.sent.slowReadMs != 0 ? 1.0 : 0.0; });
  CHECK(toString(bench.conclude().follows) == "request");
  CHECK(bench.conclude().condition.starts_with("only when the client reads slowly ("));
}

TEST_CASE("what no step brings alone is the mix's, and what never comes back is said to be rare") {
  const auto mixOnly = [](const Seen& seen) { return seen.step.empty() ? 1.0 : 0.0; };
  const auto mix = Bench(scenarioOf({plain("a"), plain("b")}), mixOnly).conclude();
  CHECK(mix.text == "it grows only when the steps are mixed: none of the 2 alone brings it");
  const auto never = Bench(scenarioOf({plain("a"), plain("b")}), [](const Seen&) { return 0.0; }).conclude();
  CHECK(never.event.empty());
  CHECK(toString(never.follows) == "unknown");
  CHECK(never.text == "it did not come back in short experiments: rare, or it needs a longer run");
}

TEST_CASE("a first time is not growth") {
  // One block whatever is done first: below three units, and in one block of requests only.
  const Bench bench(scenarioOf({plain("a")}), [](const Seen&) { return 0.0051; });
  CHECK(bench.conclude().event.empty());
}

TEST_CASE("an experiment that could not be run decides nothing") {
  const Scenario scenario = scenarioOf({plain("a")});
  TriggerExperiment failed;
  failed.step = 0;
  failed.problem = "the target ended";
  const Finding mixed;
  const Gauge gauge;
  CHECK(conclude(scenario, mixed, {failed}, 0, gauge).text == "no experiment could be run");
}

TEST_CASE("the gauge follows one site, in units of what it grows by") {
  Finding finding;
  finding.blocks = {0, 1000, 2000};
  finding.bytes = {0, 17000, 34000};
  finding.scope = "setContext";
  const auto gauge = gaugeOf(finding, {RecordBuilder::at(1)}, 2000);
  REQUIRE(gauge.has_value());
  CHECK(gauge->perRequest == 1);
  const RunRecord record = RecordBuilder({100, 100})
                               .site(RecordBuilder::at(1), {5, 105, 205}, {0, 1700, 3400}, "setContext")
                               .site(RecordBuilder::at(1), {0, 7, 7}, {0, 70, 70}, "")
                               .site(RecordBuilder::at(2), {0, 9, 9}, {0, 90, 90}, "setContext");
  const auto course = courseOf(*gauge, record);
  CHECK(course.blocks == Series{0, 100, 200});
  CHECK(course.bytes == Series{0, 1700, 3400});

  // Descriptors by the place that opened them.
  auto opened = RecordBuilder({100, 100});
  for (std::uint64_t k = 0; k < 3; ++k) {
    opened.record().checkpoints[k].memory.resources = {
        {ResourceKind::descriptor, RecordBuilder::at(1), 10 + 100 * k, 10, 0, 0},
        {ResourceKind::descriptor, RecordBuilder::at(2), 7 * k, 0, 0, 0},
        {ResourceKind::thread, RecordBuilder::at(1), 9 * k, 0, 0, 0}};
  }
  Finding descriptors = finding;
  descriptors.kind = FindingKind::descriptor;
  CHECK(courseOf(*gaugeOf(descriptors, {RecordBuilder::at(1)}, 2000), opened).blocks == Series{0, 100, 200});
  CHECK(courseOf(*gaugeOf(descriptors, {}, 2000), opened).blocks ==
        Series{0, 0, 0});  // by the kernel's count

  finding.pattern = Pattern::stepped;
  CHECK_FALSE(gaugeOf(finding, {}, 2000).has_value());
}

TEST_CASE("experiments are as long as the rarest leak asks for, within a bound") {
  Gauge often, rare, hardly;
  often.perRequest = 8;
  rare.perRequest = 0.001;
  hardly.perRequest = 1e-7;
  CHECK(blocksFor({often}) == std::vector<std::uint64_t>{100, 100, 200});
  CHECK(blocksFor({often, rare}) == std::vector<std::uint64_t>{1000, 1000, 2000});
  CHECK(blocksFor({hardly}) == std::vector<std::uint64_t>{10'000, 10'000, 20'000});
  Gauge child = often, zombie = often;
  child.kind = FindingKind::process;
  zombie.kind = FindingKind::zombie;
  CHECK(blocksFor({rare, zombie}) == std::vector<std::uint64_t>{16, 16, 32});
  CHECK(blocksFor({zombie, child}) == std::vector<std::uint64_t>{8, 8, 16});
}

TEST_CASE("of very many steps those that the findings name are tried first") {
  std::vector<Step> steps;
  for (int k = 0; k < 100; ++k) steps.push_back(plain("s" + std::to_string(k)));
  steps[70].weight = 50;
  const auto plan = planAlone(scenarioOf(steps), {"s99"});
  REQUIRE(plan.size() == kMaxStepsAlone);
  CHECK(plan[0].name == "s99");
  CHECK(plan[1].name == "s70");
}
