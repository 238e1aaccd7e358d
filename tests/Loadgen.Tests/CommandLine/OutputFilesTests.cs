using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>A report goes where it should, or to the other stream; it is never lost.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutputFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadgen-").FullName;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _errors.Dispose();
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private OutputFiles Make(TextWriter output, params string[] paths) => new(
        new OutputSettings
        {
            Files = [.. paths.Select(path => new OutputFile(OutputKind.Json, path))],
        },
        output,
        _errors);

    [Test]
    public void A_check_keeps_what_a_file_holds()
    {
        File.WriteAllText(InFolder("old"), "before");

        Assert.That(Make(_output, InFolder("old"), InFolder("new")).Check(), Is.Null);
        Assert.That(File.ReadAllText(InFolder("old")), Is.EqualTo("before"));
    }

    [Test]
    public void A_folder_that_is_missing_is_found_before_the_run() => Assert.That(
        Make(_output, InFolder("none/a.json")).Check(),
        Does.StartWith($"cannot write {InFolder("none/a.json")}: "));

    [Test]
    public void A_folder_is_no_file() =>
        Assert.That(Make(_output, _folder).Check(), Does.StartWith($"cannot write {_folder}: "));

    [Test]
    public void Everything_is_written_to_its_place()
    {
        File.WriteAllText(InFolder("a"), "a longer text from before");

        Assert.That(Make(_output, InFolder("a")).Write("report\n", kind => $"{kind}"));

        Assert.That(_output.ToString(), Is.EqualTo("report\n"));
        Assert.That(File.ReadAllText(InFolder("a")), Is.EqualTo("Json"));
        Assert.That(_errors.ToString(), Is.Empty);
    }

    [Test]
    public void A_report_that_standard_output_refuses_goes_to_standard_error()
    {
        using var full = new FullWriter();

        Assert.That(Make(full, InFolder("a")).Write("report\n", _ => "x"), Is.False);

        Assert.That(
            _errors.ToString(),
            Is.EqualTo("loadgen: the report could not be written: No space left.\nreport\n"));
        Assert.That(File.ReadAllText(InFolder("a")), Is.EqualTo("x"), "the file is written");
    }

    [Test]
    [Platform("Linux")]
    public void A_file_that_is_full_goes_to_standard_error()
    {
        OutputFiles files = Make(_output, "/dev/full", InFolder("b"));

        Assert.That(files.Check(), Is.Null, "a full device can be opened");
        Assert.That(files.Write("report\n", _ => "{}\n"), Is.False);

        Assert.That(_output.ToString(), Is.EqualTo("report\n"));
        Assert.That(
            _errors.ToString(),
            Does.StartWith("loadgen: cannot write /dev/full: ")
                .And.EndWith("\n{}\n"));
        Assert.That(File.ReadAllText(InFolder("b")), Is.EqualTo("{}\n"));
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left.");
    }
}
