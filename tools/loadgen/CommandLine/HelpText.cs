using System.CommandLine;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The help of <c>loadgen</c>: the options in their groups, because a list of forty is too long
/// to read. Commands have the library's help. Pure; any thread.
/// </summary>
internal static class HelpText
{
    private const int NameWidth = 34;
    private const int LineWidth = 100;

    private const string Examples = """
        Examples:
          loadgen -c 64 -d 10s http://127.0.0.1:8000/plaintext
              64 connections, each sends its next request after the response (closed loop)
          loadgen -R 20k -d 30s --threshold 'http_req_duration:p(99)<20ms' http://127.0.0.1:8000/
              20,000 requests per second whatever the server does (open loop), for a CI job
          loadgen --stage 30s:1k --stage 2m:1k --stage 30s:0 -o hlog=run.hlog http://127.0.0.1:8000/
              a ramp to 1,000/s, two minutes of that, a ramp down; with a log of intervals
          loadgen -n 10k -b @order.json -H 'Content-Type: application/json' http://127.0.0.1:8000/
              exactly 10,000 POST requests with a body from a file

        """;

    /// <summary>Formats the help.</summary>
    /// <param name="description">What the program does.</param>
    /// <param name="groups">The options of a run.</param>
    /// <param name="others">Options without a group.</param>
    /// <param name="commands">The other commands.</param>
    public static string Format(
        string description,
        IReadOnlyList<OptionGroup> groups,
        IEnumerable<Option> others,
        IEnumerable<Command> commands)
    {
        var text = new StringBuilder();
        text.Append("Description:\n");
        Row(text, "  ", description, indent: 2);
        text.Append("\nUsage:\n  loadgen <URL> [options]\n  loadgen COMMAND [options]\n")
            .Append("\nCommands:\n");
        Row(text, "  run", "Measures a server; the command if none is given.");
        foreach (Command command in commands)
        {
            Row(text, $"  {command.Name}", command.Description!);
        }

        foreach (OptionGroup group in groups)
        {
            AddOptions(text, group.Title, group.Options);
        }

        AddOptions(text, "Other", others);
        text.Append("\nThe last value of a repeated option is used, but all of those that are ")
            .Append("repeatable.\nNumbers may have the factor k or m.\n\n");
        return text.Append(Examples).ToString();
    }

    private static void AddOptions(StringBuilder text, string title, IEnumerable<Option> options)
    {
        text.Append('\n').Append(title).Append(":\n");
        foreach (Option option in options)
        {
            // Short names first, as in manual pages.
            string names = string.Join(", ", option.Aliases.Append(option.Name)
                .OrderBy(name => name.StartsWith("--", StringComparison.Ordinal)));
            string value = option.HelpName is { } help ? $" {help}" : "";
            Row(text, $"  {names}{value}", option.Description ?? "");
        }
    }

    // A long name has its line, and the description the next.
    private static void Row(
        StringBuilder text, string name, string description, int indent = NameWidth)
    {
        text.Append(name);
        int column = name.Length;
        if (column >= indent && indent == NameWidth)
        {
            text.Append('\n');
            column = 0;
        }

        text.Append(' ', Math.Max(0, indent - column));
        column = indent;
        foreach (string word in description.Split(' '))
        {
            if (column + 1 + word.Length > LineWidth)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }

            bool isFirst = column == indent;
            text.Append(isFirst ? "" : " ").Append(word);
            column += word.Length + (isFirst ? 0 : 1);
        }

        text.Append('\n');
    }
}
