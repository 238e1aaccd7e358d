using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Json.Schema;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>The JSON: nothing is lost, damage is an error, and the schema describes it.</summary>
public class RunFileTests
{
    private static readonly JsonSchema s_schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "loadgen.schema.json")));

    [FsCheck.NUnit.Property(MaxTest = 30)]
    public Property Reading_what_was_written_gives_the_same_result() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            string json = Results.Json(Results.Of(seed));
            return Results.Json(Read(json)) == json;
        });

    [Test]
    public void Each_property_of_a_result_is_kept()
    {
        LoadResult result = Results.Of(1);
        LoadResult read = Read(Results.Json(result));

        Assert.That(
            read.Run with { Command = [], Tags = result.Run.Tags },
            Is.EqualTo(result.Run with { Command = [] }));
        Assert.That(read.Run.Command, Is.EqualTo(result.Run.Command));
        Assert.That(read.Run.Tags, Is.EquivalentTo(result.Run.Tags));
        Assert.That(read.Client, Is.EqualTo(result.Client));
        Assert.That(read.Server, Is.EqualTo(result.Server));
        Assert.That(read.Examples, Is.EqualTo(result.Examples));
        Assert.That(read.Rates, Is.EqualTo(result.Rates));
        Assert.That(read.Statuses, Is.EquivalentTo(result.Statuses));
        Assert.That(read.Tolerated, Is.EquivalentTo(result.Tolerated));
        Assert.That(read.ConnectFailures, Is.EquivalentTo(result.ConnectFailures));
        Assert.That(Plain(read), Is.EqualTo(Plain(result)));
        Assert.That(
            Causes.All.Select(cause => read.Measured[cause]),
            Is.EqualTo(Causes.All.Select(cause => result.Measured[cause])));
    }

    [Test]
    public void The_rows_of_the_JSON_add_up()
    {
        JsonNode tally = JsonNode.Parse(Results.Json(Results.Of(2)))!["measured"]!;
        long rows = new[] { "ok", "status", "io", "timeout", "dropped", "inFlight" }
            .Sum(row => (long)tally[row]!);

        Assert.That((long)tally["scheduled"]!, Is.EqualTo(rows));
    }

    [Test]
    public void A_cause_is_kept_with_its_number_and_its_name()
    {
        JsonNode failure = JsonNode.Parse(Results.Json(Results.Of(3)))!["measured"]!["failures"]!
            .AsArray().Single(one => (int)one!["cause"]! == 1212)!;

        Assert.That((string)failure["name"]!, Is.EqualTo("connect-refused"));
    }

    [Test]
    public void The_judgement_has_its_numbers()
    {
        LoadResult lost =
            SampleRun.Open().Lose(69_000, books => books.Fail(Cause.Reset, 69_000));
        LoadResult open = lost with
        {
            EndedDisconnected = true,
            LastResponseAt = TimeSpan.FromSeconds(3.1),
        };
        JsonNode ofOpen = JsonNode.Parse(Results.Json(open))!["judgement"]!;
        JsonNode ofClosed = JsonNode.Parse(Results.Json(SampleRun.Closed()))!["judgement"]!;

        Assert.That((double)ofOpen["achieved"]!, Is.EqualTo(0.31));
        Assert.That((double)ofOpen["wentAwayAtSeconds"]!, Is.EqualTo(3.1));
        Assert.That(ofOpen["inFlight"], Is.Null);
        // 10,000/s × 380 us = 3.8.
        Assert.That((double)ofClosed["inFlight"]!, Is.EqualTo(3.8).Within(0.1).Percent);
        Assert.That(ofClosed["achieved"], Is.Null);
        Assert.That(ofClosed["wentAwayAtSeconds"], Is.Null);
    }

    [TestCase("", "it is damaged at $, line 1")]
    [TestCase("[]", "it is damaged at $, line 1")]
    [TestCase("{}", "it is no saved run")]
    [TestCase("null", "it is no saved run")]
    [TestCase("{\"version\": 0}", "the version 0 is unknown")]
    [TestCase("{\"version\": 2, \"new\": 1}",
        "it has version 2, and this loadgen reads version 1")]
    [TestCase("{\"version\": 1}", "it is damaged at $, line 1")]
    public void What_is_no_saved_run_of_this_version_is_an_error(string json, string error) =>
        Assert.That(ErrorOf(json), Is.EqualTo(error));

    [TestCase("measured.ok", -1, "it is damaged: ok is negative: -1")]
    [TestCase("elapsedSeconds", -1, "it is damaged: elapsedSeconds is negative: -1")]
    [TestCase("elapsedSeconds", 1e10, "it is damaged: elapsedSeconds is out of range: 1000000")]
    [TestCase("run.intervalSeconds", 0, "it is damaged: run.intervalSeconds is 0")]
    [TestCase("examples.0.cause", 7, "it is damaged: the cause 7 is unknown")]
    [TestCase("times.queue.hdr", "AAAA",
        "it is damaged: times.queue: 3 bytes are no compressed histogram")]
    [TestCase("times.queue.tooLow", 1_000_000,
        "it is damaged: times.queue: max, tooLow or tooHigh do not fit the counters")]
    [TestCase("measured.failures.0", null, "it is damaged: failures contains null")]
    [TestCase("run.url", null, "it is damaged at $.run.url, line 1")]
    [TestCase("run.seed", "x", "it is damaged at $.run.seed, line 1")]
    [TestCase("times.queue.hdr", "%", "it is damaged at $.times.queue.hdr, line 1")]
    public void An_impossible_value_is_named(string path, object? value, string error) =>
        Assert.That(ErrorOf(Planted(path, value)), Does.StartWith(error));

    [Test]
    public void Every_cut_is_an_error()
    {
        byte[] json = Encoding.UTF8.GetBytes(Results.Json(Results.Of(5)));
        for (int length = 0; length < json.Length - 2; length += 1 + (length / 50))
        {
            RunFileCodec.Read(json.AsSpan(0, length), out _, out string? error);
            Assert.That(error, Does.StartWith("it is "), $"{length} bytes");
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void The_schema_accepts_what_is_written(int seed)
    {
        EvaluationResults evaluation = Evaluate(Results.Json(Results.Of(seed)));

        Assert.That(evaluation.IsValid, string.Join('\n', Errors(evaluation)));
    }

    [Test]
    public void The_schema_accepts_the_least_that_is_written()
    {
        var least = new LoadResult
        {
            Run = new RunDescription { Url = "http://a/" },
            Elapsed = TimeSpan.Zero,
            Measured = new Tally(),
            WarmUp = new Tally(),
            Times = new LoadTimes(),
            Rates = [],
        };
        string json = RunFileCodec.Write(RunFileWriter.Of(least, null, new ReportPart([]), []));
        EvaluationResults evaluation = Evaluate(json);

        Assert.That(evaluation.IsValid, string.Join('\n', Errors(evaluation)));
        Assert.That(json, Does.Contain("\"origin\": \"sent\""));
    }

    [TestCase("version", 2)]
    [TestCase("origin", "received")]
    [TestCase("measured.ok", -1)]
    [TestCase("measured.ok", "7")]
    [TestCase("measured.okay", 7)]
    [TestCase("run.seed", 7)]
    [TestCase("run.intervalSeconds", 0)]
    [TestCase("run.url", null)]
    [TestCase("examples.0.cause", 7)]
    [TestCase("examples.0.name", "bad luck")]
    [TestCase("times.response.finished.hdr", "HISTEwAAAA")]
    [TestCase("judgement.verdict", "GOOD")]
    [TestCase("statuses.99", 1)]
    [TestCase("intervals.0.lengthSeconds", "1s")]
    [TestCase("unknown", 1)]
    public void The_schema_rejects_a_planted_error(string path, object? value) =>
        Assert.That(Evaluate(Planted(path, value)).IsValid, Is.False);

    [Test]
    public void The_schema_rejects_a_missing_property()
    {
        JsonObject whole = JsonNode.Parse(Results.Json(Results.Of(7)))!.AsObject();
        string[] optional =
            ["judgement", "fastestServiceSeconds", "lastResponseAtSeconds", "server"];
        foreach (string name in whole.Select(one => one.Key).Except(optional).ToArray())
        {
            JsonObject copy = whole.DeepClone().AsObject();
            copy.Remove(name);
            Assert.That(Evaluate(copy.ToJsonString()).IsValid, Is.False, name);
        }
    }

    private static EvaluationResults Evaluate(string json)
    {
        using var document = JsonDocument.Parse(json);
        return s_schema.Evaluate(
            document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static IEnumerable<string> Errors(EvaluationResults results) =>
        (results.Details ?? []).Where(one => one.Errors is not null).SelectMany(
            one => one.Errors!.Select(error => $"{one.InstanceLocation}: {error.Value}"));

    private static object Plain(LoadResult result) =>
        (result.StartedAt, result.Elapsed, result.InFlightAtStart, result.FastestService,
            result.LastResponseAt, result.Connects, result.Reconnects,
            result.EndedDisconnected, result.IsInterrupted, result.LongestSilence);

    // Sets the value at a path of a whole run.
    private static string Planted(string path, object? value)
    {
        JsonNode root = JsonNode.Parse(Results.Json(Results.Of(4)))!;
        string[] steps = path.Split('.');
        JsonNode node = steps[..^1].Aggregate(
            root, (at, step) => at is JsonArray list ? list[Index(step)]! : at[step]!);
        JsonNode? planted = value is null ? null : JsonValue.Create(value);
        if (node is JsonArray array)
        {
            array[Index(steps[^1])] = planted;
        }
        else
        {
            node[steps[^1]] = planted;
        }

        return root.ToJsonString();
    }

    private static int Index(string step) => int.Parse(step, CultureInfo.InvariantCulture);

    private static LoadResult Read(string json)
    {
        RunFileCodec.Read(Encoding.UTF8.GetBytes(json), out LoadResult? result, out string? error);
        Assert.That(error, Is.Null);
        return result!;
    }

    private static string? ErrorOf(string json)
    {
        RunFile? file = RunFileCodec.Read(
            Encoding.UTF8.GetBytes(json), out LoadResult? result, out string? error);
        Assert.That(file is null && result is null);
        return error;
    }
}
