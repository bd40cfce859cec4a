-- One column of the benchmark for wrk: what to send comes from the environment, the result goes out as one line of JSON.
-- The request is fixed, so wrk never calls Lua while it measures.
local pipeline = tonumber(os.getenv("BENCH_PIPELINE") or "1")
local body_bytes = tonumber(os.getenv("BENCH_BODY_BYTES") or "0")

function init(args)
  if body_bytes > 0 then
    wrk.method = "POST"
    wrk.body = string.rep("x", body_bytes)
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
  if os.getenv("BENCH_KEEP_ALIVE") then wrk.headers["Connection"] = "keep-alive" end
  local one = wrk.format
  wrk.format = function(...) return string.rep(one(...), pipeline) end
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "duration_us": %d, "errors": %d, "p50_us": %d, "p99_us": %d, "p999_us": %d}\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
