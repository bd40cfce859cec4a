# http.server. The sick one remembers each visit; the clean one makes as much garbage, in cycles, and keeps the
# last 100.
import sys

sys.dont_write_bytecode = True  # this folder is the source
from plain_server import serve

PORT, KIND = int(sys.argv[1]), sys.argv[2]
REMEMBERED = 100
visits = {}
number = 0


def remember(path):
    global number
    visit = {"path": path, "pad": bytearray(100)}
    visit["self"] = visit
    visits[number if KIND == "sick" else number % REMEMBERED] = visit
    number += 1


serve(PORT, remember)
