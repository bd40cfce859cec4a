"""How the clients' responses are judged, without a server."""
import unittest

from clients.exchanges import TABLE, Exchange, Result, pattern, problems


class Judging(unittest.TestCase):
    def test_what_differs_is_named(self):
        asked = Exchange("a", "/a", content=b"abc", expected={"content-type": "text/plain"})
        right = {"Content-Type": "text/plain"}.items()
        for result, wrong in ((Result.of(200, right, b"abc"), []),
                              (Result.of(206, right, b"abc"), ["status 206, expected 200"]),
                              (Result.of(200, right, b"abd"), ["another body of 3 bytes, expected 3"]),
                              (Result.of(200, [], b"abc"), ["content-type None, expected 'text/plain'"])):
            self.assertEqual(problems(asked, result), wrong)

    def test_a_range_that_is_shifted_is_another_body(self):
        body = pattern(20_000)
        asked = Exchange("a", "/a", content=body[5_000:6_000])
        self.assertTrue(problems(asked, Result.of(200, [], body[4_999:5_999])))

    def test_names_are_unique(self):
        self.assertEqual(len({each.name for each in TABLE}), len(TABLE))


if __name__ == "__main__":
    unittest.main()
