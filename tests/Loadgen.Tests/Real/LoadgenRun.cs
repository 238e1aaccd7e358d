using System.Text.Json;
using System.Text.RegularExpressions;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Real;

/// <summary>
/// A run of the loadgen program that saves itself as JSON, and the reactor program as its target.
/// Disposing it kills the program.
/// </summary>
internal sealed class LoadgenRun : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly ChildProcess _process;

    /// <summary>Starts the program.</summary>
    /// <param name="words">Its options, and the URL.</param>
    public LoadgenRun(params IEnumerable<string> words) => _process = ChildProcess.Start(
        BuiltPrograms.Find("loadgen", "loadgen"), ["-o", $"json={_file}", .. words]);

    /// <summary>Starts the reactor program on a free port.</summary>
    /// <param name="url">The URL of a short text.</param>
    public static ChildProcess StartServer(out string url)
    {
        ChildProcess server = ChildProcess.Start(
            BuiltPrograms.Find("server", "reactor"),
            "--listen", "http://127.0.0.1:0", "--log-level", "Error");
        url = Regex.Match(server.ReadLine(), @"http://[\d.:]+\d").Value + "/plaintext";
        return server;
    }

    /// <summary>
    /// Returns when the run, warm-up included, is that many seconds old: by then as many lines of
    /// progress are printed.
    /// </summary>
    public void WaitForSecond(int second)
    {
        for (int i = 0; i < second; i++)
        {
            _process.ReadErrorLine();
        }
    }

    /// <summary>Waits for the end.</summary>
    public End Finish()
    {
        ChildOutcome program = _process.Finish();
        byte[] json = File.ReadAllBytes(_file);
        Assert.That(json, Is.Not.Empty, $"no JSON was written: {program.Errors}{program.Output}");
        RunFileCodec.Read(json, out LoadResult? result, out string? error);
        Assert.That(error, Is.Null);
        return new End(program, JsonDocument.Parse(json).RootElement, result!);
    }

    public void Dispose()
    {
        _process.Dispose();
        File.Delete(_file);
    }

    /// <summary>What came out of a run.</summary>
    /// <param name="Program">The texts and the exit code.</param>
    /// <param name="Json">The saved run as any reader of JSON sees it.</param>
    /// <param name="Result">The same by our own reader, for its histograms.</param>
    internal sealed record End(ChildOutcome Program, JsonElement Json, LoadResult Result)
    {
        /// <summary>The verdict of the JSON.</summary>
        public string Verdict => Judgement("verdict");

        /// <summary>The reason of the verdict.</summary>
        public string Reason => Judgement("reason");

        /// <summary>Both outputs, for messages.</summary>
        public string Text => Program.Output + Program.Errors;

        /// <summary>A row of the measured part.</summary>
        public long Measured(string row) =>
            Json.GetProperty("measured").GetProperty(row).GetInt64();

        /// <summary>Requests that failed by a cause.</summary>
        public long Failures(string cause) => Named(
                Json.GetProperty("measured").GetProperty("failures"), cause)
            .Sum(one => one.GetProperty("count").GetInt64());

        /// <summary>The first example of a cause, or null.</summary>
        public string? Example(string cause) => Named(Json.GetProperty("examples"), cause)
            .Select(one => one.GetProperty("text").GetString()).FirstOrDefault();

        /// <summary>
        /// T7: scheduled = ok + status + io + timeout + dropped + in flight, from the JSON alone;
        /// the causes add up to the three rows of failures.
        /// </summary>
        public void AssertConserved()
        {
            long failed = Measured("status") + Measured("io") + Measured("timeout");
            Assert.That(
                Measured("ok") + failed + Measured("dropped") + Measured("inFlight"),
                Is.EqualTo(Measured("scheduled")),
                Text);
            long causes = Json.GetProperty("measured").GetProperty("failures").EnumerateArray()
                .Sum(one => one.GetProperty("count").GetInt64());
            Assert.That(causes, Is.EqualTo(failed), Text);
            Assert.That(
                Json.GetProperty("intervals").EnumerateArray()
                    .Sum(one => one.GetProperty("scheduled").GetInt64()),
                Is.EqualTo(Measured("scheduled")),
                "the intervals add up");
        }

        private string Judgement(string name) =>
            Json.GetProperty("judgement").GetProperty(name).GetString()!;

        private static IEnumerable<JsonElement> Named(JsonElement list, string cause) =>
            list.EnumerateArray().Where(one => one.GetProperty("name").GetString() == cause);
    }
}
