// Every sample keeps the promise of its head. They are run one at a time: each builds the projects
// it shows, and two builds of one project would write the same files.

using Reactor.Testing;
using Repository.Tests.Samples;

namespace Repository.Tests;

[TestFixture]
[NonParallelizable]
public sealed class SamplesTests
{
    private static IEnumerable<string> Samples =>
        RepositoryFiles.Samples.Select(file => file.Path);

    // A repository without samples has nothing to check, hence a source in a loop and no failure.
    [TestCaseSource(nameof(Samples))]
    [Category("Samples")]
    [Category("Slow")]
    public async Task A_sample_does_what_its_head_says(string path)
    {
        string? complaint = await SampleRunner.RunAsync(path);
        Assert.That(complaint, Is.Null, () => $"{path}: {complaint}");
    }

    [Test]
    public void The_promised_lines_are_read_without_their_indent()
    {
        SampleHead head = SampleHead.Parse("""
            #!/usr/bin/env dotnet
            // Shows a timer.
            // Expected output:
            //   tick
            //     indented
            //
            //   took … ms
            //

            // Not a part of it.
            Console.WriteLine("tick");
            """);
        Assert.That(head.Output, Is.EqualTo(new[] { "tick", "  indented", "", "took … ms" }));
        Assert.That(head.Server, Is.Null);
    }

    [Test]
    public void A_server_names_its_address_and_its_answers()
    {
        SampleHead head = SampleHead.Parse("""
            // Expected output:
            //   listening on …
            // Server: http://127.0.0.1:8080
            // GET /hello?name=a → Hello, a
            // GET /time → it is …
            """);
        Assert.That(head.Output, Is.EqualTo(new[] { "listening on …" }));
        Assert.That(head.Server, Is.EqualTo(new Uri("http://127.0.0.1:8080")));
        Assert.That(head.Requests, Is.EqualTo(new SampleRequest[]
            { new("/hello?name=a", "Hello, a"), new("/time", "it is …") }));
    }

    [Test]
    public void A_request_may_have_a_method_content_a_status_and_another_host()
    {
        SampleHead head = SampleHead.Parse("""
            // Server: http://127.0.0.1:8080
            // POST /todos {"title": "green tea"} → 201 {"id":1}
            // DELETE /todos/1 → 204
            // GET http://localhost:8080/none → 404 Not Found
            // GET /year → 2026
            """);
        Assert.That(head.Requests, Is.EqualTo(new SampleRequest[]
        {
            new("/todos", """{"id":1}""", "POST", """{"title": "green tea"}""", 201),
            new("/todos/1", "", "DELETE", Status: 204),
            new("http://localhost:8080/none", "Not Found", Status: 404),
            new("/year", "2026"),
        }));
    }

    [TestCase("Console.WriteLine();")]
    [TestCase("// Expected output:\nConsole.WriteLine();")]
    [TestCase("// Server: http://127.0.0.1:8080")]
    [TestCase("// GET / → Hello")]
    [TestCase("// Server: http://a\n// Server: http://b\n// GET / → Hello")]
    public void A_head_without_a_readable_promise_is_a_mistake(string text) =>
        Assert.That(() => SampleHead.Parse(text), Throws.InstanceOf<FormatException>());

    [TestCase("took … ms", "took 12.5 ms", true)]
    [TestCase("took … ms", "took  ms", true)]
    [TestCase("took … ms", "took 12.5 s", false)]
    [TestCase("…", "", true)]
    [TestCase("a.c", "abc", false)]
    [TestCase("a  ", "a", true)]
    [TestCase("a", "ab", false)]
    public void Three_dots_in_one_stand_for_any_run_of_characters(
        string expected, string actual, bool matches) =>
        Assert.That(SampleHead.Matches(expected, actual), Is.EqualTo(matches));

    [TestCase("a\nb\n", null)]
    [TestCase("a\r\nb\r\n\n", null)]
    [TestCase("a\n", "line 2: expected 'b', printed no line")]
    [TestCase("a\nb\nc\n", "line 3: expected no line, printed 'c'")]
    [TestCase("x\nb\n", "line 1: expected 'a', printed 'x'")]
    public void The_first_line_that_differs_is_told(string printed, string? difference) =>
        Assert.That(SampleHead.FirstDifference(["a", "b"], printed), Is.EqualTo(difference));

    [Test]
    public async Task A_program_that_never_ends_is_stopped_at_its_limit()
    {
        using ChildProcess sleeper =
            SampleProcess.Start("/bin/sh", "-c", "echo up; exec sleep 60");
        Assert.That(async () => await sleeper.WaitForExitAsync(TimeSpan.FromMilliseconds(300)),
            Throws.TypeOf<TimeoutException>().With.Message.Contains("up"));
        sleeper.Signal("INT");
        Assert.That(await sleeper.WaitForExitAsync(TimeSpan.FromSeconds(10)), Is.Not.Zero);
    }
}
