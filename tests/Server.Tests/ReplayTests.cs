using Reactor;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// <c>reactor replay</c>: a recorded server matches, and a file that does not run the server again
/// is no match.
/// </summary>
public sealed class ReplayTests
{
    private readonly string _path = Path.Combine(
        TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [Test]
    public void A_recorded_server_matches()
    {
        using (var server = ServerProcess.Start("--record", _path))
        {
            server.Ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            server.Signal("TERM");
            Assert.That(server.WaitForExit(), Is.Zero);
        }

        (int exitCode, string output, string error) = ServerProcess.Run("replay", _path);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Match("The replay matches: [1-9][0-9]* turns, [0-9]{2,} entries"));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_server_under_the_load_of_loadgen_matches(string driver)
    {
        const int Requests = 20_000;
        using (var server = ServerProcess.Start("--driver", driver, "--record", _path))
        {
            ChildOutcome load = ChildProcess.Run(
                BuiltPrograms.Find("loadgen", "loadgen"),
                "-n", $"{Requests}", "-c", "64", "-p", "4", "--quiet",
                $"http://127.0.0.1:{server.Port}/plaintext");
            Assert.That(load.ExitCode, Is.Zero, load.Errors);
            server.Signal("TERM");
            Assert.That(server.WaitForExit(), Is.Zero);
        }

        Assert.That(new FileInfo(_path).Length, Is.GreaterThan(Requests), "a byte a request");
        (int exitCode, string output, string error) = ServerProcess.Run("replay", _path);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.StartWith("The replay matches: "));
    }

    [Test]
    public void A_match_of_a_damaged_recording_has_an_exit_code_of_its_own()
    {
        using (var server = ServerProcess.Start("--record", _path))
        {
            server.Ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            server.Signal("TERM");
            Assert.That(server.WaitForExit(), Is.Zero);
        }

        byte[] bytes = File.ReadAllBytes(_path);
        bytes[^1] ^= 1; // of the check sum of the last block
        File.WriteAllBytes(_path, bytes);
        (int exitCode, string output, string error) = ServerProcess.Run("replay", _path);
        Assert.That(exitCode, Is.EqualTo(8), error);
        Assert.That(output, Does.StartWith("The replay matches: "));
        Assert.That(error, Does.Contain("damaged or incomplete from byte "));
    }

    [Test]
    public void A_file_that_cannot_grow_ends_the_recording_and_the_server_serves()
    {
        using var server = ServerProcess.Under(
            ServerProcess.SmallFiles, "--record", _path, "--record-events");
        // A request that is longer than the file may be.
        string filler = new('x', 1024);
        server.Ask($"GET / HTTP/1.1\r\nHost: x\r\nX: {filler}\r\nConnection: close\r\n\r\n");
        server.WaitForError("The recording has ended: it cannot be written: ");
        server.Ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    [Test]
    public void Recorded_arguments_that_are_wrong_are_no_match()
    {
        Record("--listen", "ftp://nowhere");
        (int exitCode, string output, string error) = ServerProcess.Run("replay", _path);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(7));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain("The recorded command line is wrong: "));
            Assert.That(error, Does.Contain("Requested: the end of the program."));
        });
    }

    [Test]
    public void Another_poll_option_is_one_sentence()
    {
        Record(new EventLoopOptions { PollSkipsMax = 7 });
        (int exitCode, _, string error) = ServerProcess.Run("replay", _path);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("The loop polls with other options than the recorded one"));
    }

    private void Record(params string[] arguments) => Record(new EventLoopOptions(), arguments);

    private void Record(EventLoopOptions options, params string[] arguments)
    {
        var driver = new LoopRecording(new InMemoryDriver(), new LoopRecordingOptions
        {
            Path = _path,
            Program = "reactor",
            Arguments = arguments,
        });
        using var loop = new EventLoop(options with { Driver = driver });
        loop.RunBriefly();
    }
}
