using System.CommandLine;
using System.Text;
using System.Text.Json;
using Reactor.Http;

namespace Reactor.Tools.Server;

/// <summary>
/// The command <c>reactor routes</c>: prints the routes of the demo application, as a table or as
/// JSON for programs.
/// </summary>
internal sealed class RoutesCommand
{
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print an array of objects: methods, host, pattern, name, options, metadata.",
    };

    /// <summary>Adds the options and the action.</summary>
    public void AddTo(Command command)
    {
        command.Add(_json);
        command.SetAction(parsed => OutputFile.Write(
            OutputFile.StandardOutput, parsed.GetValue(_json) ? WriteJson : WriteTable));
    }

    private static void WriteTable(Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        RouteListing.Write(writer, DemoApplication.Make());
    }

    private static void WriteJson(Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new() { Indented = true }))
        {
            json.WriteStartArray();
            foreach (Route route in DemoApplication.Make().Routes)
            {
                Write(json, route);
            }

            json.WriteEndArray();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, Route route)
    {
        json.WriteStartObject();
        json.WriteStartArray("methods");
        foreach (string method in route.Methods)
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
        json.WriteString("host", route.Host);
        json.WriteString("pattern", route.Pattern);
        json.WriteString("name", route.Name);
        json.WriteString("options", RouteListing.OptionsOf(route));
        json.WriteStartArray("metadata");
        foreach (object metadata in route.Metadata)
        {
            json.WriteStringValue(metadata.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
