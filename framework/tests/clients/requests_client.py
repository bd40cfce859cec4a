"""Called by python_clients.Requests, in an interpreter that has requests: exchanges as JSON in, responses out."""
import hashlib
import json
import sys

import requests


def pieces(body, size=7000):
    return (body[at:at + size] for at in range(0, len(body), size))


def exchange(session, asked):
    body = asked["body"] and asked["body"].encode("latin-1")
    data = pieces(body) if asked["chunked"] else body
    response = session.request(asked["method"], asked["url"], data=data, headers=asked["fields"], timeout=60,
                               allow_redirects=asked["follow"])
    return {"status": response.status_code, "fields": {name.lower(): value for name, value in response.headers.items()},
            "size": len(response.content), "digest": hashlib.sha256(response.content).hexdigest()}


def abandon(session, url):
    response = session.get(url, stream=True, timeout=60)
    response.raw.read(1)
    response.close()


def main():
    results = []
    with requests.Session() as session:
        session.headers["Accept-Encoding"] = "identity"
        session.trust_env = False  # no proxy of this machine
        for asked in json.load(sys.stdin):
            if "abandon" in asked:
                abandon(session, asked["abandon"])
            else:
                results.append(exchange(session, asked))
    json.dump(results, sys.stdout)


main()
