-- Posts one body over and over (BODY), or each line of a file (BODIES), once or again and again (AGAIN), and prints what
-- came of it as one line of JSON.
local headers = { ["Content-Type"] = os.getenv("CONTENT_TYPE") }
local authorization = os.getenv("AUTHORIZATION")
if authorization then headers["Authorization"] = authorization end
local keys = os.getenv("KEYS")
local sent = 0
local same = os.getenv("BODY")
local lines = not same and io.lines(os.getenv("BODIES"))
local again = os.getenv("AGAIN") and {}
if again then
  for line in lines do again[#again + 1] = line end
  lines = function() return again[sent % #again + 1] end
end

function request()
  sent = sent + 1
  -- A header of its own for each, where the server asks for one.
  if keys then headers["Idempotency-Key"] = keys .. sent end
  return wrk.format("POST", nil, headers, same or lines())
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('{"requests":%d,"seconds":%f,"failed":%d,"p50":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
