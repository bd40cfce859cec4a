"""The parts of the measuring program that need no server."""
import unittest

from measure import allocations, budget, callgrind, markdown, micro, process_usage, slow_clients, spread, svg_plot, wrk
from measure.columns import BY_KEY
from measure.process_usage import CpuTime
from measure.rounds import Cell


class Parsing(unittest.TestCase):
    def test_stat_of_a_process_with_a_strange_name(self):
        line = "42 (a) b (c) S " + " ".join(str(n) for n in range(4, 53))
        self.assertEqual(process_usage.parse_stat_times(line), (14, 15))

    def test_wrk_result_stands_among_other_text(self):
        self.assertEqual(wrk.parse_result('Running 1s test\n{"requests": 7}\n')["requests"], 7)
        with self.assertRaises(wrk.LoadFailed):
            wrk.parse_result("unable to connect")

    def test_callgrind_totals(self):
        self.assertEqual(callgrind.parse_totals("events: Ir\nsummary: 1\n\ntotals: 23\n"), 23)
        with self.assertRaises(ValueError):
            callgrind.parse_totals("events: Ir\n")


class Micro(unittest.TestCase):
    def test_least_of_the_repetitions_in_the_order_of_the_program(self):
        def run(name, family, cpu, allocations, kind="iteration"):
            return {"run_name": name, "run_type": kind, "family_index": family, "per_family_instance_index": 0,
                    "cpu_time": cpu, "allocs": allocations}
        least = micro.least_of_repetitions([run("b", 1, 7, 0), run("a", 0, 5, 0), run("b", 1, 6, 2), run("a", 0, 9, 0),
                                            run("a", 0, 1, 0, "aggregate")])
        self.assertEqual(list(least.items()), [("a", {"cpu_ns": 5, "allocations": 0}),
                                               ("b", {"cpu_ns": 6, "allocations": 2})])


class SlowClients(unittest.TestCase):
    def test_median_and_p99_of_the_waits_in_any_order(self):
        self.assertEqual(slow_clients.waiting_of([float(n) for n in range(200, 0, -1)]),
                         slow_clients.Waiting(100.5, 199, 200))
        self.assertEqual(slow_clients.waiting_of([7.0]), slow_clients.Waiting(7, 7, 1))

    def test_a_row_has_memory_and_waits_of_each_load(self):
        sample = slow_clients.Sample(3 << 20, slow_clients.Waiting(1234.4, 5678, 9))
        about = dict.fromkeys(("date", "commit", "cpu", "cores", "virtual", "kernel"), "x")
        result = {"machine": {**about, "load_before": 1.25}, "clients": 5, "seconds": 2,
                  "servers": {"H3": dict.fromkeys(("alone", "slow_readers", "slow_uploads"), sample)}}
        last = slow_clients.page(result).rstrip().splitlines()[-1]
        self.assertEqual(last, "| H3 |" + 3 * " 3.0 MiB | 1,234, 5,678 |")


class Budget(unittest.TestCase):
    def test_both_sides_of_the_tolerance(self):
        for found, within in ((102.0, True), (102.1, False), (98.0, True), (97.9, False)):
            self.assertEqual(budget.judge("json", found, 100, 2)[0], within, found)

    def test_line_names_kind_found_expected_and_tolerance(self):
        line = budget.judge("json", 1100, 1000, 2)[1]
        for part in ("MORE", "json", "1,100", "1,000", "+10.00 %", "tolerance 2 %"):
            self.assertIn(part, line)
        self.assertIn("LESS", budget.judge("json", 900, 1000, 2)[1])


class Statistics(unittest.TestCase):
    def test_spread_is_the_quartiles(self):
        self.assertEqual(spread.spread([5, 1, 2, 4, 3]), spread.Spread(3, 2, 4))
        self.assertEqual(spread.spread([2, 1]), spread.Spread(1.5, 1, 2))

    def test_ratios_are_taken_in_the_same_round(self):
        self.assertEqual(spread.paired_ratios([2, 6], [1, 3]), [2, 2])


class Cells(unittest.TestCase):
    def test_cpu_per_request_and_its_split(self):
        cell = Cell()
        cell.add_cost(1000, CpuTime(4_000_000, 10, 30))
        self.assertNotIn("p50_us", cell.as_json(None))
        cell.add_load(wrk.Load(1000, 2.0, 1, 2, 3))
        result = cell.as_json(cell)
        self.assertEqual(result["cpu_us"]["median"], 4)
        self.assertEqual((result["user_us"], result["system_us"]), (1, 3))
        self.assertEqual(result["requests_per_second"], 500)
        self.assertEqual(result["ratio_to_floor"]["median"], 1)

    def test_failed_cell_has_no_figures(self):
        self.assertEqual(Cell(failure="closed").as_json(None), {"failure": "closed"})


class Output(unittest.TestCase):
    CURVE = {"title": "Routes", "unit": "routes", "lines": [
        {"label": "H3", "points": [{"at": at, "cpu_us": {"median": at / 10, "low": 1, "high": 1}} for at in (10, 100)]}]}

    def result(self) -> dict:
        good = {"cpu_us": {"median": 6, "low": 5.7, "high": 6.3}, "ratio_to_floor": {"median": 1.2, "low": 1.14, "high": 1.26}}
        return {"machine": {"date": "today", "commit": "abc", "cpu": "x", "cores": 2, "virtual": "kvm", "memory_mib": 1,
                            "kernel": "6", "compiler": "c++", "load_before": 0.1},
                "options": {"quick": True, "rounds": 1, "seconds": 1, "server_cores": [0], "client_cores": [1]},
                "columns": ["plaintext", "json"], "left_out": ["Pistache: not there"], "scaling": {"routes": self.CURVE},
                "servers": [{"name": "h3", "title": "H3", "remark": "", "resident_bytes": 1 << 20, "cells": {
                    "plaintext": good | {"user_us": 1, "system_us": 5, "requests_per_second": 9, "p50_us": 1,
                                         "p99_us": 2, "p999_us": 3},
                    "json": {"failure": "h3 json: closed"}}}]}

    def test_page_has_the_figures_and_what_was_left_out(self):
        page = markdown.page(self.result())
        self.assertIn("| H3 | 6.00 **1.20x** ±5.0% | failed |", page)
        self.assertIn("- left out: Pistache: not there", page)
        self.assertIn("- failed: h3 json: closed", page)
        self.assertIn("A **quick** run", page)
        self.assertIn("| 100 | 10.00 |", page)

    def test_plot_has_a_point_for_each_value(self):
        self.assertEqual(svg_plot.plot(self.CURVE).count("<circle"), 2)


class Scenario(unittest.TestCase):
    def test_echo_is_a_post_with_its_body(self):
        step = allocations.scenario_of("h3-node", ["x", "{port}"], BY_KEY["echo_1k"], True)["steps"][0]
        self.assertEqual((step["method"], len(step["body"])), ("POST", 1024))
        self.assertEqual(step["headers"]["Connection"], "keep-alive")


if __name__ == "__main__":
    unittest.main()
