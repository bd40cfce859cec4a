"""Called by command_clients.RequestsUser, in an interpreter that has requests: steps as JSON in, responses out."""
import base64
import collections
import json
import sys

import requests


def user():
    session = requests.Session()
    session.trust_env = False  # no proxy of this machine
    return session


def pieces(body, size=7000):
    return (body[at:at + size] for at in range(0, len(body), size))


def exchange(session, base, step):
    body = step["body"] and base64.b64decode(step["body"])
    data = (pieces(body) if step["chunked"] else body) if body else step["form"]
    files = step["parts"] and {name: (None, value) for name, value in step["parts"].items()}
    return session.request(step["method"], base + step["path"], data=data, json=step["json"], files=files,
                           headers=step["fields"], timeout=60, allow_redirects=False)


def main():
    asked = json.load(sys.stdin)
    users = collections.defaultdict(user)
    results = []
    for step in asked["steps"]:
        for _ in range(step["tries"]):
            response = exchange(users[step["user"]], asked["base"], step)
            if response.status_code == step["status"]:
                break
        results.append({"status": response.status_code, "body": base64.b64encode(response.content).decode(),
                        "fields": {name.lower(): value for name, value in response.headers.items()}})
    json.dump(results, sys.stdout)


main()
