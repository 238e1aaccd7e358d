using System.Text;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

/// <summary>The commands <c>report</c> and <c>merge</c>, from arguments to bytes.</summary>
public class SavedRunTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("saved").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestCase("text")]
    [TestCase("json")]
    [TestCase("hgrm")]
    [TestCase("hlog")]
    public void A_report_of_a_saved_run_is_what_the_run_printed(string kind)
    {
        LoadResult result = Results.Of(1);
        string printed = new SavedRun(Results.Saved(result), result).Render(kind);
        (int exitCode, string output, string errors) =
            Invoke("report", Save("run.json", result), "--format", kind);

        Assert.That(errors, Is.Empty);
        Assert.That(exitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(output, Is.EqualTo(printed));
    }

    [Test]
    public void Reports_are_written_to_files_without_a_byte_order_mark()
    {
        LoadResult result = Results.Of(1);
        string hgrm = Path.Combine(_folder, "a.hgrm");
        string hlog = Path.Combine(_folder, "a.hlog");
        (int exitCode, string output, _) = Invoke(
            "report", Save("run.json", result), "-o", $"hgrm={hgrm}", "-o", $"hlog={hlog}");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(output, Is.Empty, "files instead of standard output");
        Assert.That(File.ReadAllBytes(hlog)[0], Is.EqualTo((byte)'#'));
        Assert.That(File.ReadAllText(hlog), Is.EqualTo(HlogReport.Of(result)));
        Assert.That(File.ReadAllText(hgrm), Is.EqualTo(HgrmReport.Of(result)));
    }

    [TestCase("{\"version\": 9}", "it has version 9, and this loadgen reads version 1.")]
    [TestCase("{\"version\": 1,", "it is damaged at $, line 1.")]
    [TestCase("GET / HTTP/1.1", "it is damaged at $, line 1.")]
    public void A_newer_or_damaged_file_is_one_sentence_and_exit_code_2(string text, string error)
    {
        string path = Path.Combine(_folder, "bad.json");
        File.WriteAllText(path, text);

        Assert.That(
            Invoke("report", path),
            Is.EqualTo((ExitCode.Usage, "", $"loadgen: cannot read {path}: {error}\n")));
        Assert.That(
            Invoke("merge", path),
            Is.EqualTo((ExitCode.Usage, "", $"loadgen: cannot read {path}: {error}\n")));
    }

    [Test]
    public void A_missing_file_is_one_sentence_and_exit_code_2()
    {
        (int exitCode, string output, string errors) = Invoke("report", "/no/such/file");

        Assert.That((exitCode, output), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(errors, Does.Match("^loadgen: cannot read /no/such/file: [^\n]+\n$"));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_one_sentence_and_exit_code_1()
    {
        string run = Save("run.json", Results.Of(1));
        (int exitCode, _, string errors) = Invoke("report", run, "-o", "json=/no/such/file");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Internal));
        Assert.That(errors, Does.Match("^loadgen: cannot write /no/such/file: [^\n]+\n$"));
    }

    [TestCase("x=y")]
    [TestCase("json=")]
    [TestCase("json")]
    public void An_unknown_kind_is_a_usage_error(string file)
    {
        (int exitCode, _, string errors) =
            Invoke("report", Save("run.json", Results.Of(1)), "-o", file);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(errors, Does.Contain($"not '{file}'"));
    }

    [Test]
    public void A_report_may_choose_its_percentiles_and_distributions()
    {
        LoadResult result = SampleRun.Open();
        string path = Save("run.json", result);

        string text = Invoke("report", path, "--percentiles", "75,95", "-L", "-U").Output;

        Assert.That(text, Does.Contain("p75      p95      max\n").And.Not.Contain("p99.9"));
        Assert.That(text, Does.Contain("  Latency Distribution\n"));
        Assert.That(text, Does.Contain("\nuncorrected").IgnoreCase);
        Assert.That(Invoke("report", path).Output, Does.Not.Contain("Distribution"));
    }

    [Test]
    public void A_closed_loop_has_no_uncorrected_times()
    {
        string path = Save("run.json", SampleRun.Closed());

        (int exitCode, _, string errors) = Invoke("report", path, "-U");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Is.EqualTo("loadgen: -U needs a run with a rate. Try --help.\n"));
    }

    [Test]
    public void A_saved_run_keeps_a_plus_readable() => Assert.That(
        RunFileCodec.Write(RunFileWriter.Of(
            SampleRun.Open() with { Run = SampleRun.Open().Run with { Load = "5/s + 5/s" } },
            Judgement.Of(SampleRun.Open(), [50], []),
            new ReportPart([50]),
            [])),
        Does.Contain("\"5/s + 5/s\""));

    [Test]
    public void Merged_runs_can_be_reported_and_merged_again()
    {
        string[] files = [.. Enumerable.Range(1, 3).Select(i => Save($"{i}.json", Results.Of(i)))];
        string two = Path.Combine(_folder, "two.json");
        string nested = Path.Combine(_folder, "nested.json");
        Assert.That(Invoke("merge", files[0], files[1], "-o", two).ExitCode, Is.Zero);
        Assert.That(Invoke("merge", two, files[2], "-o", nested).ExitCode, Is.Zero);
        (int exitCode, string all, string errors) = Invoke("merge", files[2], files[0], files[1]);

        Assert.That((exitCode, errors), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(
            Invoke("report", nested, "--format", "hgrm").Output,
            Is.EqualTo(HgrmReport.Of(Read(all))));
        Assert.That(
            Read(all).Measured.Scheduled,
            Is.EqualTo(Enumerable.Range(1, 3).Sum(i => Results.Of(i).Measured.Scheduled)));
    }

    [Test]
    public void Different_loads_are_merged_only_by_force()
    {
        LoadResult one = Results.Of(1);
        LoadResult other = Results.Of(2);
        string first = Save("first.json", one);
        string second =
            Save("second.json", other with { Run = other.Run with { Method = "POST" } });
        (int exitCode, string output, string errors) = Invoke("merge", first, second);

        Assert.That((exitCode, output), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(
            errors, Does.Match("^loadgen: the runs differ in method: .* --force merges .*\n$"));
        Assert.That(Invoke("merge", first, second, "--force").ExitCode, Is.Zero);
    }

    [Test]
    public void The_output_is_not_merged_into_itself()
    {
        string first = Save("first.json", Results.Of(1));
        string second = Save("second.json", Results.Of(2));
        (int exitCode, _, string errors) = Invoke("merge", first, second, "-o", second);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(errors, Does.Contain("is both a file to merge and the output"));
    }

    private string Save(string name, LoadResult result)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, Results.Json(result));
        return path;
    }

    private static LoadResult Read(string json)
    {
        RunFileCodec.Read(Encoding.UTF8.GetBytes(json), out LoadResult? result, out _);
        return result!;
    }

    private static (int ExitCode, string Output, string Errors) Invoke(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var errors = new StringWriter { NewLine = "\n" };
        int exitCode = new LoadgenCommand(output, errors).Invoke(args);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
