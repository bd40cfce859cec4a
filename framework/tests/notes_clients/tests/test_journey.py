"""How the responses are judged, without a service."""
import unittest

from notes_clients.journey import JOURNEY, Result, Step, problems


class Judging(unittest.TestCase):
    STEP = Step("a", "/a", 201, expected={"location": "/b"}, within={"set-cookie": ("HttpOnly",)}, absent=("x-none",),
                members={"/list/0/id": 1, "/list/1": None})
    FIELDS = {"location": "/b", "set-cookie": "n=1; HttpOnly"}
    BODY = b'{"list": [{"id": 1}]}'

    def test_what_is_expected(self):
        self.assertEqual(problems(self.STEP, Result(201, self.FIELDS, self.BODY)), [])

    def test_each_difference_is_named(self):
        for result, text in ((Result(200, self.FIELDS, self.BODY), "status 200"),
                             (Result(201, {**self.FIELDS, "location": "/c"}, self.BODY), "location '/c'"),
                             (Result(201, {**self.FIELDS, "set-cookie": "n=1"}, self.BODY), "'HttpOnly' in it"),
                             (Result(201, {**self.FIELDS, "x-none": ""}, self.BODY), "x-none '', expected none"),
                             (Result(201, self.FIELDS, b'{"list": [{"id": 2}]}'), "/list/0/id 2, expected 1"),
                             (Result(201, self.FIELDS, b'{"list": [{"id": 1}, 2]}'), "/list/1 2, expected None"),
                             (Result(201, self.FIELDS, b"text"), "no JSON")):
            found = problems(self.STEP, result)
            self.assertEqual(len(found), 1, found)
            self.assertIn(text, found[0])

    def test_a_field_that_must_be_there(self):
        step = Step("a", "/a", within={"retry-after": ("",)})
        self.assertEqual(len(problems(step, Result(200, {}, b""))), 1)
        self.assertEqual(problems(step, Result(200, {"retry-after": "6"}, b"")), [])

    def test_names_are_unique(self):
        self.assertEqual(len({step.name for step in JOURNEY}), len(JOURNEY))


if __name__ == "__main__":
    unittest.main()
