using System.Text.Json;

namespace Server.Tests;

/// <summary>The command that prints the routes of the demo application.</summary>
public class RoutesCommandTests
{
    [Test]
    public void The_routes_are_a_table_of_one_line_each()
    {
        (int exitCode, string output, string error) = ServerProcess.Run("routes");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Does.Match("^Method +Pattern +Name$"));
        Assert.That(lines, Has.Some.Matches("^GET +/hello/\\{name\\} +hello$"));
        Assert.That(lines, Has.Some.Matches("^POST +/echo +echo$"));
        Assert.That(lines, Has.Some.Matches("^GET +/plaintext$"));
    }

    [Test]
    public void The_routes_are_JSON_for_programs()
    {
        (int exitCode, string output, string error) = ServerProcess.Run("routes", "--json");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        using var json = JsonDocument.Parse(output);
        JsonElement hello = json.RootElement.EnumerateArray().Single(
            route => route.GetProperty("pattern").GetString() == "/hello/{name}");
        Assert.That(hello.GetProperty("methods")[0].GetString(), Is.EqualTo("GET"));
        Assert.That(hello.GetProperty("name").GetString(), Is.EqualTo("hello"));
        Assert.That(hello.GetProperty("host").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(hello.GetProperty("options").GetString(), Is.Empty);
        Assert.That(hello.GetProperty("metadata").GetArrayLength(), Is.Zero);
    }

    [Test]
    public void An_unknown_option_is_exit_code_2()
    {
        (int exitCode, string output, string error) = ServerProcess.Run("routes", "--yaml");

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("--yaml"));
    }
}
