# http.server with its collector turned off, as programs do that count on reference counts. The sick one leaves a cycle
# behind with each request; the clean one takes it apart.
import gc
import sys

sys.dont_write_bytecode = True  # this folder is the source
from plain_server import serve

PORT, KIND = int(sys.argv[1]), sys.argv[2]
gc.disable()


def greet(path):
    visit = {"path": path, "pad": bytearray(100)}
    visit["self"] = visit
    if KIND != "sick":
        del visit["self"]


serve(PORT, greet)
