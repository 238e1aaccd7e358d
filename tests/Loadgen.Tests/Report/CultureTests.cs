using System.Diagnostics;
using System.Text.Json.Nodes;
using Reactor.Testing;

namespace Loadgen.Tests.Report;

/// <summary>
/// The reports are for machines: the user's language changes no byte of them. The programs are
/// built without culture data, so this runs a process that has it, in which a number that is
/// formatted without a culture would show.
/// </summary>
public class CultureTests
{
    [TestCase("de_DE.UTF-8", ",")]
    [TestCase("fa_IR.UTF-8", "\u066b")]
    [Category("External")]
    public void T10_No_byte_of_a_report_depends_on_the_culture(string locale, string separator)
    {
        // Its package brings the library that .NET takes culture data from.
        ExternalTool.Require("uconv", "icu-devtools");
        string output = Run(locale);
        string[] parts = output.Split('\n', 2);

        Assert.That(parts[0], Is.Not.EqualTo("."), "the process has culture data");
        Assert.That(parts[0], Is.EqualTo(separator));
        Assert.That(parts[1], Is.EqualTo(CultureProgram.Reports()));
    }

    private static string Run(string locale)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Loadgen.Tests");
        JsonNode config = JsonNode.Parse(File.ReadAllText(program + ".runtimeconfig.json"))!;
        config["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        string folder = Directory.CreateTempSubdirectory("culture").FullName;
        try
        {
            string file = Path.Combine(folder, "icu.runtimeconfig.json");
            File.WriteAllText(file, config.ToJsonString());
            var start = new ProcessStartInfo(
                "dotnet",
                [
                    "exec", "--runtimeconfig", file, "--depsfile", program + ".deps.json",
                    program + ".dll",
                ]);
            start.Environment["LC_ALL"] = locale;
            start.Environment["LANG"] = locale;
            using ChildProcess child = ChildProcess.Start(start);
            (int exitCode, string output, string errors) = child.Finish();
            Assert.That(exitCode, Is.Zero, errors);
            return output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
