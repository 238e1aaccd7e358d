-- A GET whose head is another each time, so that nobody answers from memory: wrk -s varied.lua URL
local number = 0

function request()
  number = number + 1
  wrk.headers["X-Request-Id"] = number
  return wrk.format()
end
