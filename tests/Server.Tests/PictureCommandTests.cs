using System.Runtime.Versioning;
using System.Text.Json;
using System.Xml.Linq;
using Reactor.Inspector;
using Reactor.Recording;

namespace Server.Tests;

/// <summary>
/// The commands <c>picture</c> and <c>trace</c>: what they write, and one sentence for each
/// mistake.
/// </summary>
[TestFixture]
public sealed class PictureCommandTests
{
    private string _folder = "";

    private string Recording => Path.Combine(_folder, "run.reactor");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pictures").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_recording_with_events_is_drawn_to_a_file_and_to_standard_output()
    {
        Save();
        string path = Path.Combine(_folder, "lanes.svg");
        foreach (string kind in Enum.GetNames<PictureKind>())
        {
            (int exitCode, string output, string error) = ServerProcess.Run(
                "picture", Recording, "--kind", kind.ToLowerInvariant(), "-o", path);
            Assert.That((exitCode, output, error), Is.EqualTo((0, "", "")));
            (_, output, _) = ServerProcess.Run(
                "picture", Recording, "--kind", kind.ToLowerInvariant(), "-o", "-");
            Assert.That(output.TrimEnd(), Is.EqualTo(File.ReadAllText(path).TrimEnd()));
            Assert.That(XDocument.Parse(output).Root!.Name.LocalName, Is.EqualTo("svg"));
        }
    }

    [Test]
    public void A_recording_is_exported_with_a_run_of_loadgen()
    {
        Save();
        string load = Path.Combine(_folder, "load.json");
        File.WriteAllText(load, """
            { "version": 1, "startedAt": "2026-01-01T00:00:00Z", "elapsedSeconds": 1,
              "run": { "url": "http://x/", "warmUpSeconds": 0 }, "rates": [], "intervals": [],
              "examples": [], "longestSilence": { "beginSeconds": 0, "lengthSeconds": 0 } }
            """);
        (int exitCode, string output, string error) = ServerProcess.Run(
            "trace", Recording, "-o", "-", "--loadgen", load);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        string?[] names = [.. JsonDocument.Parse(output).RootElement.GetProperty("traceEvents")
            .EnumerateArray().Select(one => one.GetProperty("name").GetString())];
        Assert.That(names, Does.Contain("turn").And.Contain("window"));
    }

    [Test]
    public void A_mistake_is_exit_code_2_and_one_sentence()
    {
        Save();
        AssertFails("picture", Recording, "--kind", "turn", "--turn", "5", "-o", "-")
            .Says("The trace has no turn 5: it has the turns 1 to 1.");
        AssertFails(
                "picture", Recording, "--kind", "turn", "--turn", "1", "--event", "0", "-o", "-")
            .Says("A picture shows a turn, an event, or a range of times: choose one of them.");
        AssertFails("picture", Recording, "--kind", "circle", "-o", "-")
            .Contains("'lanes', 'turn'");
        AssertFails("picture", Recording, "--kind", "turn").Contains("-o needs a value");
        AssertFails("picture", Recording, "--kind", "turn", "--from", "-1", "-o", "-")
            .Contains("--from must be a number from 0 to");
        AssertFails("picture", "-o", "-", "--kind", "turn").Contains("FILE is missing");
        AssertFails("trace", Path.Combine(_folder, "none"), "-o", "-").Contains("none");
        string text = Path.Combine(_folder, "text");
        File.WriteAllText(text, "no recording");
        AssertFails("trace", text, "-o", "-").Contains("is not a recording");
        AssertFails("trace", Recording, "-o", "-", "--loadgen", text)
            .Says($"{text} cannot be read: it is no run saved by loadgen, or damaged.");
    }

    [TestCase("picture", "--kind", "lanes")]
    [TestCase("trace")]
    public void A_file_that_is_cut_off_is_shown_up_to_there_and_said_to_be_incomplete(
        string command, params string[] more)
    {
        Save();
        using (FileStream file = File.OpenWrite(Recording))
        {
            file.SetLength(file.Length - 5);
        }

        (int exitCode, string output, string error) = ServerProcess.Run(
            [command, Recording, .. more, "-o", "-"]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Is.Not.Empty);
        Assert.That(
            error, Does.StartWith("reactor: The file is damaged or incomplete from byte "));
    }

    [Test]
    public void An_output_that_cannot_be_written_is_exit_code_1()
    {
        Save();
        string path = Path.Combine(_folder, "none", "a.svg");
        (int exitCode, _, string error) = ServerProcess.Run(
            "picture", Recording, "--kind", "turn", "-o", path);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith($"reactor: {path} cannot be written: "));
    }

    [Test]
    public void A_range_of_a_recording_is_exported()
    {
        Save(works: 200); // one each 5 µs
        (int exitCode, string output, string error) = ServerProcess.Run(
            "trace", Recording, "-o", "-", "--from", "0.0005", "--to", "0.0006");
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(
            JsonDocument.Parse(output).RootElement.GetProperty("traceEvents").EnumerateArray()
                .Count(one => one.GetProperty("ph").GetString() == "B"
                    && one.GetProperty("name").GetString() == "a callback"),
            Is.InRange(19, 21));
        AssertFails("trace", Recording, "-o", "-", "--from", "2", "--to", "1")
            .Says("The range ends before it begins.");
    }

    [Test]
    public void A_mistake_is_found_before_the_recording_is_read()
    {
        string none = Path.Combine(_folder, "none.reactor");
        AssertFails("picture", none, "--kind", "lanes", "--from", "5", "--to", "1", "-o", "-")
            .Says("The range ends before it begins.");
        AssertFails("picture", none, "--kind", "turn", "--turn", "5", "--event", "3", "-o", "-")
            .Contains("choose one of them");
        string path = Path.Combine(_folder, "none", "a");
        foreach (string[] command in new[]
        {
            new[] { "picture", none, "--kind", "turn", "-o", path }, ["trace", none, "-o", path],
            ["trace", none, "-o", _folder],
        })
        {
            (int exitCode, _, string error) = ServerProcess.Run(command);
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(error, Does.StartWith($"reactor: {command[^1]} cannot be written: "));
        }
    }

    // The limit of a file's size stands for a full disk; each command writes more than 1 KiB.
    [TestCase("picture", "--kind", "lanes")]
    [TestCase("trace")]
    public void An_output_that_fails_midway_leaves_the_existing_file_as_it_was(
        string command, params string[] more)
    {
        Save(works: 200);
        string path = Path.Combine(_folder, "out");
        foreach (string? existing in new[] { "earlier picture", "", null })
        {
            File.Delete(path);
            if (existing is not null)
            {
                File.WriteAllText(path, existing);
            }

            (int exitCode, string error) = ServerProcess.RunWithSmallFiles(
                [command, Recording, .. more, "-o", path]);
            Assert.That(exitCode, Is.EqualTo(1), error);
            Assert.That(error, Does.StartWith($"reactor: {path} cannot be written: "));
            Assert.That(File.Exists(path) ? File.ReadAllText(path) : null, Is.EqualTo(existing));
            Assert.That(
                Directory.GetFiles(_folder).Select(Path.GetFileName),
                Is.SubsetOf(new[] { "out", "run.reactor" }), "nothing is left beside it");
        }
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void An_output_keeps_the_mode_of_the_file_and_the_link_to_it()
    {
        Save();
        string path = Path.Combine(_folder, "out.svg");
        string link = Path.Combine(_folder, "link.svg");
        File.WriteAllText(path, "earlier picture");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(path, Mode);
        File.CreateSymbolicLink(link, path);
        (int exitCode, _, string error) = ServerProcess.Run(
            "picture", Recording, "--kind", "turn", "-o", link);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(path), Does.StartWith("<svg"));
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(Mode));
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(path));
        Assert.That(
            ServerProcess.Run("picture", Recording, "--kind", "turn", "-o", "/dev/null").ExitCode,
            Is.Zero, "a device is written, not replaced");
    }

    [Test]
    public void A_recording_of_the_server_without_events_is_replayed_to_draw_it()
    {
        using (var server = ServerProcess.Start("--record", Recording))
        {
            using var client = new HttpClient();
            Assert.That(
                client.GetStringAsync(new Uri(server.Address, "/plaintext")).Result,
                Is.EqualTo("Hello, World!"));
            server.Signal("TERM");
            Assert.That(server.WaitForExit(), Is.Zero);
        }

        (int exitCode, string output, string error) = ServerProcess.Run(
            "picture", Recording, "--kind", "connection", "-o", "-");
        Assert.That((exitCode, error), Is.EqualTo((0, "")), "the replayed server logs nothing");
        XElement picture = XDocument.Parse(output).Root!;
        Assert.That(picture.Value, Does.Contain("handler"), "a state of the connection");
        (_, string again, _) = ServerProcess.Run(
            "picture", Recording, "--kind", "connection", "-o", "-");
        Assert.That(again, Is.EqualTo(output), "the same run gives the same picture");
    }

    private void Save(int works = 1)
    {
        var names = new TraceNames();
        List<TraceEvent> events =
        [
            new(TraceEventKind.TurnBegan, 0, 1), new(TraceEventKind.BatchBegan, 100, 0, works),
        ];
        for (int i = 0; i < works; i++)
        {
            long begin = 200 + (i * 5_000);
            events.Add(new(TraceEventKind.CallbackBegan, begin, 0, 0, names.Add("a callback")));
            events.Add(new(TraceEventKind.CallbackEnded, begin + 4_800));
        }

        var info = new TraceInfo { Program = "test", Begin = DateTimeOffset.UnixEpoch };
        using FileStream file = File.Create(Recording);
        RecordingFile.Save(file, new LoopTrace(info, names, events));
    }

    private static Sentence AssertFails(params string[] arguments)
    {
        (int exitCode, string output, string error) = ServerProcess.Run(arguments);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "one sentence");
        return new Sentence(error);
    }

    private sealed record Sentence(string Error)
    {
        public void Says(string sentence) =>
            Assert.That(Error.TrimEnd(), Is.EqualTo($"reactor: {sentence}"));

        public void Contains(string part) => Assert.That(Error, Does.Contain(part));
    }
}
