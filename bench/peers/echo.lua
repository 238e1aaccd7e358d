-- A POST of 64 bytes, made once: wrk -s echo.lua URL
wrk.method = "POST"
wrk.body = string.rep("x", 64)
wrk.headers["Content-Type"] = "application/octet-stream"
