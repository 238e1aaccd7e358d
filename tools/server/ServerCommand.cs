using System.CommandLine;
using System.CommandLine.Help;

namespace Reactor.Tools.Server;

/// <summary>
/// The command line of the program. A usage error is one sentence on standard error.
/// </summary>
internal static class ServerCommand
{
    private const string Description =
        "Serves a demo application over HTTP/1.1 until SIGINT or SIGTERM. Example: "
        + "reactor --listen http://127.0.0.1:8000 --driver epoll";

    // In the order of the help. Only the command that is used gets its options: a server must start
    // fast.
    private static readonly Entry[] s_commands =
    [
        new("demo", "The same as without a command.", static it => new DemoCommand().AddTo(it)),
        new(
            "routes", "Prints the routes of the demo application.",
            static it => new RoutesCommand().AddTo(it)),
        new(
            "replay", "Runs a recorded server again, without sockets, and compares each call.",
            ReplayCommand.AddTo),
        new(
            "inspect", "Shows a recording in the browser, step by step.",
            static it => new InspectCommand().AddTo(it)),
        new(
            "picture", "Draws a moment or a range of a recording as an SVG picture.",
            static it => new PictureCommand().AddTo(it)),
        new(
            "trace", "Writes a recording as JSON for ui.perfetto.dev.",
            static it => new TraceCommand().AddTo(it)),
    ];

    public static int Invoke(string[] args)
    {
        ParseResult parsed = MakeRoot(args is [var word, ..] ? word : "").Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Say.Fail(ExitCode.Usage, $"{OptionValues.FirstError(parsed)} Try --help.");
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The loop handles the signals, so that requests in progress complete.
            ProcessTerminationTimeout = null,
        });
    }

    private static Command MakeRoot(string word)
    {
        // Not a RootCommand, which is named after its assembly instead of the program.
        var root = new Command("reactor", Description);
        bool isNamed = false;
        foreach (Entry entry in s_commands)
        {
            var command = new Command(entry.Name, entry.Description);
            if (entry.Name == word)
            {
                isNamed = true;
                entry.Build(command);
            }
            else
            {
                command.SetAction(_ => Say.Fail(
                    ExitCode.Usage, $"A command comes first: reactor {entry.Name} [options]."));
            }

            root.Add(command);
        }

        if (!isNamed)
        {
            new DemoCommand().AddTo(root);
        }

        root.Add(new HelpOption());
        root.Add(new VersionOption());
        return root;
    }

    private sealed record Entry(string Name, string Description, Action<Command> Build);
}
