#include "replay/collector_scripts.hpp"

namespace leakgate {

const std::string_view kNodeCollector = R"js('use strict';
// Preloaded by leakgate: reports the size of the heap after a collection to each peer of a local socket.
const directory = process.env.LEAKGATE_HEAPS;
const kMaxPlaces = 50;

function collector() {
  require('v8').setFlagsFromString('--expose-gc');
  return require('vm').runInNewContext('gc');
}

function sampler() {
  const { Session } = require('inspector');
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.startSampling', { samplingInterval: 2048 });
  return session;
}

// The innermost function of the program itself, as far as there is one.
function isProgram(url) {
  return url !== '' && url !== __filename && !url.startsWith('node:') && !url.includes('/node_modules/');
}

function addNode(sums, node, outer) {
  const { functionName, url, lineNumber } = node.callFrame;
  const place = isProgram(url) ? `${functionName || '(anonymous)'}\t${url}\t${lineNumber + 1}` : outer;
  if (place !== '') sums.set(place, (sums.get(place) || 0) + node.selfSize);
  for (const child of node.children) addNode(sums, child, place);
}

function places(session) {
  const sums = new Map();
  session.post('HeapProfiler.getSamplingProfile', (error, result) => {
    if (!error) addNode(sums, result.profile.head, '');
  });
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, kMaxPlaces);
}

function listen() {
  const { threadId } = require('worker_threads');
  const collect = collector();
  let session = null;
  const report = (peer) => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    let text = `heap ${heapUsed + external} 0\n`;
    if (session) for (const [place, bytes] of places(session)) text += `place ${bytes} 0 ${place}\n`;
    else if (process.env.LEAKGATE_HEAP_PLACES === '1') session = sampler();
    peer.end(text + 'end\n');
  };
  const server = require('net').createServer((peer) => {
    peer.on('error', () => {});
    collect();
    setImmediate(report, peer);  // what the first collection left to finalizers goes with the second
  });
  server.on('error', () => {});
  server.listen({ path: `${directory}/node-${process.pid}-${threadId}`, exclusive: true });
  server.unref();
}

try {
  if (directory) listen();
} catch {
  // The heap is judged without a collection.
}
)js";

const std::string_view kPythonCollector =
    R"py(# Loaded by leakgate: reports the live objects to each peer of a local socket, after a collection where the
# program collects.
import os


def _listen(directory):
    import _socket
    import _thread
    import gc
    import sys

    max_places = 50

    def in_program(name):
        return "/lib/python3" not in name and "-packages/" not in name and not name.startswith("<")

    # The innermost line of the program itself; frames are innermost first.
    def program_line(frames):
        for name, line in frames:
            if in_program(name) and name != __file__:
                return name, line
        return None

    def places():
        import _tracemalloc

        sums, known = {}, {}
        for trace in _tracemalloc._get_traces():
            size, frames = trace[1], trace[2]
            line = known.get(frames, 0)
            if line == 0:
                line = known[frames] = program_line(frames)
            if line is not None:
                count, total = sums.get(line, (0, 0))
                sums[line] = (count + 1, total + size)
        largest = sorted(sums.items(), key=lambda item: -item[1][1])[:max_places]
        return ["place %d %d \t%s\t%d" % (size, count, name, line)
                for (name, line), (count, size) in largest]

    def report():
        import _tracemalloc

        # A program that has turned the collector off keeps its cycles: to collect them would hide that.
        collects = gc.isenabled() and gc.get_threshold()[0] != 0
        if collects:
            gc.collect()
        lines = ["heap 0 %d" % sys.getallocatedblocks()]
        if not collects:
            lines.append("uncollected")
        if _tracemalloc.is_tracing():
            lines += places()
        elif os.environ.get("LEAKGATE_HEAP_PLACES") == "1":
            _tracemalloc.start(12)
        return ("\n".join(lines) + "\nend\n").encode()

    def serve(listener):
        while True:
            try:
                peer = _socket.socket(fileno=listener._accept()[0])
            except OSError:
                return
            try:
                text = memoryview(report())
                while text:
                    text = text[peer.send(text):]
            except Exception:
                pass
            peer.close()

    def start():
        try:
            listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
            listener.bind("%s/python-%d" % (directory, os.getpid()))
            listener.listen(4)
            _thread.start_new_thread(serve, (listener,))
        except OSError:
            pass

    start()
    os.register_at_fork(after_in_child=start)


# The system or the environment may have a sitecustomize too, which this one hides.
def _load_hidden():
    import sys
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    spec = PathFinder.find_spec("sitecustomize", [p for p in sys.path if os.path.abspath(p) != here])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


try:
    if os.environ.get("LEAKGATE_HEAPS"):
        _listen(os.environ["LEAKGATE_HEAPS"])
except Exception:
    pass  # the heap is judged without a collection
_load_hidden()
)py";

}  // namespace leakgate
