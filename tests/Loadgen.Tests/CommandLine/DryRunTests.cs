using Reactor.Tools.Loadgen;
using static Loadgen.Tests.PlanWords;

namespace Loadgen.Tests;

/// <summary>What --dry-run prints.</summary>
public class DryRunTests
{
    [Test]
    public void An_open_loop_is_printed_with_the_instants_of_its_first_requests()
    {
        string text = DryRun.Format(ReadAll(
            "-R", "500/s", "-d", "10s", "-w", "1s", "-c", "4", "--seed", "42", "--driver",
            "sockets", "-b", "hi", "http://127.0.0.1:9000/x", "-o", "hlog=a.hlog",
            "--threshold", "http_req_duration:p(99)<20ms"));

        Assert.That(text, Does.StartWith("""
            target       POST http://127.0.0.1:9000/x
            load         open loop 500/s uniform, 5000 requests, on full queue
            connections  4, pipeline 1
            threads      1, sockets, idle hybrid
            time         warm-up 1s, window 10s, drain 1s, timeout 2s
            seed         42
            output       hlog a.hlog
            threshold    http_req_duration:p(99)<20ms

            request 1, at 0.0000000 s:
            POST /x HTTP/1.1
            Host: 127.0.0.1:9000
            Content-Length: 2

            hi

            request 2, at 0.0020000 s:

            """.ReplaceLineEndings("\n")));
        Assert.That(text, Does.Contain("\nrequest 5, at 0.0080000 s:\n"));
        Assert.That(text, Does.Not.Contain("request 6"));
    }

    [Test]
    public void A_closed_loop_of_two_requests_has_two()
    {
        string text = DryRun.Format(ReadAll("-n", "2", "-k", "off", "http://127.0.0.1/"));

        Assert.That(text, Does.Contain("load         closed loop\n"));
        Assert.That(text, Does.Contain("connections  2, pipeline 1, 1 request each\n"));
        Assert.That(text, Does.Contain("warm-up 0s, 2 requests within 24h, "));
        Assert.That(text, Does.Contain("request 2, as soon as a connection is free:\n"));
        Assert.That(text, Does.Not.Contain("request 3"));
    }
}
