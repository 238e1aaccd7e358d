-- 16 requests in one piece: wrk -s pipeline.lua URL
local batch

function init()
  batch = string.rep(wrk.format(), 16)
end

function request()
  return batch
end
