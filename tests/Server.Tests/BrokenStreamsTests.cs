using System.Diagnostics;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Standard streams that are closed, or on a full device: the server serves the next client, ends
/// in order, and no line for a log goes into another file of the process.
/// </summary>
[Category("Slow")]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class BrokenStreamsTests(string driver)
{
    private const string Bad = "BAD\r\n\r\n";
    private const string Good = "GET /json HTTP/1.0\r\n\r\n";

    [TestCase("2>/dev/full")]
    [TestCase("2>&-")]
    [TestCase(">/dev/full")]
    [TestCase(">&-")]
    [TestCase("<&-")]
    [TestCase(">/dev/full 2>/dev/full")]
    [TestCase("<&- >&- 2>&-")]
    [TestCase(">&- 2>&-")]
    [TestCase("<&- 2>&-")]
    public void The_next_client_is_served_and_the_end_is_in_order(string redirection)
    {
        using ServerProcess server = ServerProcess.Redirected(
            redirection, LoopbackPort.FindFree(), "--driver", driver);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(server.Ask(Bad), Does.StartWith("HTTP/1.1 400 "));
            string answer = server.Ask(Good);
            Assert.That(answer, Does.StartWith("HTTP/1.1 200 "));
            Assert.That(answer, Does.EndWith("{\"message\":\"Hello, World!\"}"), "and no log line");
        }

        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    [TestCase(">/dev/full")]
    [TestCase(">&-")]
    public void A_start_that_cannot_be_said_is_in_the_log_or_nowhere(string redirection)
    {
        int port = LoopbackPort.FindFree();
        using ServerProcess server = ServerProcess.Redirected(
            redirection, port, "--driver", driver);
        server.Ask(Good);
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
        Assert.That(server.Error, Does.Not.Contain("Exception"));
        if (redirection == ">/dev/full")
        {
            Assert.That(server.Error, Does.Contain($"127.0.0.1:{port}").And.Contain("space"));
        }
    }

    /// <summary>
    /// The limit for the size of a file is a full disk for this process, and can be raised. (It is
    /// also one for the memory of the compiler, unless it writes where it executes.)
    /// </summary>
    [Test]
    public void What_a_full_disk_has_lost_is_said_when_there_is_room_again()
    {
        string log = Path.GetTempFileName();
        try
        {
            File.WriteAllText(log, new string('-', 4095) + "\n");
            using ServerProcess server = ServerProcess.Redirected(
                $"2>>{log}", LoopbackPort.FindFree(),
                ["env", "DOTNET_EnableWriteXorExecute=0", "prlimit", "--fsize=4096:"],
                "--driver", driver);
            for (int i = 0; i < 3; i++)
            {
                Assert.That(server.Ask(Bad), Does.StartWith("HTTP/1.1 400 "));
            }

            Assert.That(server.Ask(Good), Does.StartWith("HTTP/1.1 200 "));
            server.SetLimit("--fsize=unlimited:");
            Assert.That(
                () =>
                {
                    server.Ask(Bad);
                    return File.ReadAllText(log);
                },
                Does.Contain("Log messages lost because their sink threw: ").After(30_000, 50));
            server.Signal("TERM");
            Assert.That(server.WaitForExit(), Is.Zero);
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Test]
    public void A_standard_error_that_blocks_delays_neither_clients_nor_the_end()
    {
        using var pipe = new FullPipe();
        using ServerProcess server = ServerProcess.Redirected(
            $"2<>{pipe.Path}", LoopbackPort.FindFree(), "--driver", driver);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(server.Ask(Bad), Does.StartWith("HTTP/1.1 400 "));
            Assert.That(server.Ask(Good), Does.StartWith("HTTP/1.1 200 "));
        }

        var begun = Stopwatch.StartNew();
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
        Assert.That(begun.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)), "one second");
    }

    [Test]
    public void A_listener_that_is_gone_ends_the_server_also_if_standard_error_blocks()
    {
        using var pipe = new FullPipe();
        using ServerProcess server = ServerProcess.Redirected(
            $"2<>{pipe.Path}", LoopbackPort.FindFree(), "--driver", driver);
        Assert.That(server.Ask(Bad), Does.StartWith("HTTP/1.1 400 "), "which is logged");

        AcceptErrorTests.ShutDownListener(server);
        Assert.That(server.WaitForExit(), Is.EqualTo(4));
    }

    [Test]
    public void A_mistake_is_an_exit_code_also_if_standard_error_blocks()
    {
        using var pipe = new FullPipe();
        (int exitCode, _) = ServerProcess.RunRedirected($"2<>{pipe.Path}", "--no-such-option");
        Assert.That(exitCode, Is.EqualTo(2));
    }

    [TestCase("--help")]
    [TestCase("--version")]
    public void Help_that_cannot_be_written_is_a_sentence_and_an_exit_code(string option)
    {
        (int exitCode, string error) = ServerProcess.RunRedirected(">/dev/full", option);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("reactor: Standard output cannot be written"));
        Assert.That(error.Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("2>/dev/full")]
    [TestCase("2>&-")]
    public void A_mistake_that_cannot_be_said_is_an_exit_code(string redirection)
    {
        (int exitCode, _) = ServerProcess.RunRedirected(redirection, "--no-such-option");
        Assert.That(exitCode, Is.EqualTo(2));
    }
}
